"""How many are under observation at a point of a curve."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens onder waarneming bij elk punt van een curve", order=16)
