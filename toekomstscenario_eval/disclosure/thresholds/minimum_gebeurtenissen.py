"""How many spells end on a step of a protected curve."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card
from toekomstscenario_eval.types import Kind

CARD = Card(
    uitleg="perioden die aflopen op elke trede van een beschermde curve",
    volgorde=5,
    soorten=frozenset({Kind.DUUR, Kind.HERHAALD}),
)
