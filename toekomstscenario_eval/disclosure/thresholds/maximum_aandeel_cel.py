"""How much of its row one cell may hold."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card
from toekomstscenario_eval.types import Kind

CARD = Card(
    uitleg="procent van een rij of verdeling dat in een cel mag zitten",
    volgorde=8,
    soorten=frozenset({Kind.AANDEEL, Kind.AANTAL, Kind.DUUR, Kind.NETWERK, Kind.SCORE, Kind.TELLING}),
    boven=100,
)
