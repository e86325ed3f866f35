"""From how many households the reliability of a scale is given."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens waarbij de betrouwbaarheid van een schaal kan", order=22, onder=10)
