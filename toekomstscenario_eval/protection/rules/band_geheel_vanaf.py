"""From how many households a tie of the network of the whole is one."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens achter een band in het netwerk van het geheel", order=28)
