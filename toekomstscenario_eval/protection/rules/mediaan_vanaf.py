"""From how many households a median is given."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens waarbij een mediaan kan", order=14, onder=10)
