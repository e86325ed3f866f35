"""From how many households the change of a score is given."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens waarbij een verandering van een score kan", order=21, onder=10)
