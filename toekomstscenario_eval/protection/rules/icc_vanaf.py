"""From how many pairs an intraclass correlation is given."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens waarbij een intraklassecorrelatie (ICC) kan", order=24, onder=10)
