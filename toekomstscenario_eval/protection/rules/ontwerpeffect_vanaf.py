"""From how many households the design effect of a shared team is published."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens waarbij een ontwerpeffect kan", order=31, onder=30)
