"""How many spells are under observation at a point of a curve."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card
from toekomstscenario_eval.types import Kind

CARD = Card(
    uitleg="perioden onder waarneming bij elk punt van een curve",
    volgorde=4,
    soorten=frozenset({Kind.DUUR}),
)
