"""How many are under observation at a point of a curve."""

from __future__ import annotations

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens onder waarneming bij elk punt van een curve", order=16)
