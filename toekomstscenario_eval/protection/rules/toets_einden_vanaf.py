"""How many ended spells every group has in a test between groups."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="beëindigde duren in elke groep van een toets tussen groepen", order=19, onder=10)
