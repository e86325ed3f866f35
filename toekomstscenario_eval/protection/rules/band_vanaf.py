"""From how many households a tie of a network is one."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens achter een band in een netwerk van een deel", order=27)
