"""From how many pairs a kappa is given."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens waarbij een kappa kan", order=23, onder=10)
