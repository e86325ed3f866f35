"""From how many households the mean of what can happen more than once is given."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens waarbij een gemiddelde van wat vaker kan gebeuren kan", order=25, onder=10)
