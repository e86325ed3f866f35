"""How many spells every group has in a test between groups."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="duren in elke groep van een toets tussen groepen", order=18, onder=10)
