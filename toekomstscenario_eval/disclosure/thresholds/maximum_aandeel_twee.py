"""How much of a total two units may be."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card
from toekomstscenario_eval.types import Kind

CARD = Card(
    uitleg="procent van een totaal dat van de grootste twee eenheden mag zijn",
    volgorde=10,
    soorten=frozenset({Kind.AANTAL, Kind.DUUR}),
    boven=100,
)
