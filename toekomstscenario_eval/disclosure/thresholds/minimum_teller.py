"""How many units have the characteristic."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card
from toekomstscenario_eval.types import Kind

CARD = Card(
    uitleg="eenheden met het kenmerk, tenzij het er nul zijn",
    volgorde=2,
    soorten=frozenset({Kind.AANDEEL, Kind.DUUR, Kind.HERHAALD, Kind.NETWERK, Kind.SCORE, Kind.TELLING}),
)
