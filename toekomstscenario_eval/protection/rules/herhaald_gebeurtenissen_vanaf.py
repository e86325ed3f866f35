"""From how many events the mean of what can happen more than once is given."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="keren waarbij een gemiddelde van wat vaker kan gebeuren kan", order=26, onder=10)
