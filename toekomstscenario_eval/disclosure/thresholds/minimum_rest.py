"""How many units do not have the characteristic."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card
from toekomstscenario_eval.types import Kind

CARD = Card(
    uitleg="eenheden zonder het kenmerk; ook nul is te weinig, want dan geldt het voor iedereen",
    volgorde=3,
    soorten=frozenset({Kind.AANDEEL, Kind.DUUR, Kind.NETWERK, Kind.SCORE, Kind.TELLING}),
)
