"""How closely the second largest unit may estimate the largest."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card
from toekomstscenario_eval.types import Kind

CARD = Card(
    uitleg="procent waarbinnen de op een na grootste eenheid de grootste niet mag kunnen schatten",
    volgorde=11,
    soorten=frozenset({Kind.AANTAL, Kind.DUUR}),
    onder=0,
    boven=100,
)
