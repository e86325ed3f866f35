"""Values keep to the pattern, bounds and length that the contract gives."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import ibis.expr.types as ir

from toekomstscenario_eval.data.checks._hulp import columns
from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een waarde valt buiten het patroon, het bereik of de lengte",
    ernst=Ernst.FOUT,
    uitleg="De waarde is goed te lezen, maar de gegevensafspraak sluit haar uit.",
    herstel="verbeter de waarde bij de bron",
)
_SLEUTEL = (
    "een sleutel bestaat uit ten hoogste 64 letters, cijfers, punten, streepjes of liggende streepjes en "
    "begint "
    "met een letter of cijfer; gebruik pseudoniemen zonder spaties"
)

# constraint of Table Schema -> when it is broken, and how it reads
_BEPERKINGEN: Mapping[str, tuple[Callable[[ir.Column, Any], ir.BooleanValue], str]] = {
    "pattern": (lambda k, grens: ~k.re_search(grens), "tekst volgens het patroon {}"),
    "minimum": (lambda k, grens: k < grens, "ten minste {}"),
    "maximum": (lambda k, grens: k > grens, "ten hoogste {}"),
    "minLength": (lambda k, grens: k.length() < grens, "ten minste {} tekens"),
    "maxLength": (lambda k, grens: k.length() > grens, "ten hoogste {} tekens"),
}
BEKEND = frozenset({"required", *_BEPERKINGEN})

GEVALLEN = (
    Geval(
        "op de grens",
        {
            "proeftuin": f"proeftuin_id | naam | tranche\n{'p' * 64} | {'n' * 80} | 20\np.2_-x | A | 1",
            "reflectie": "reflectie_id | score\nr1 | 0\nr2 | 10",
        },
    ),
    Geval(
        "over de grens",
        {
            "proeftuin": f"proeftuin_id | naam | tranche\n{'p' * 65} | {'n' * 81} | 21\np 2 | A | 0\n-p | B "
            "| 1",
            "reflectie": "reflectie_id | score\nr1 | -0.1\nr2 | 10.5\nr3 | x",
            "persoon": "persoon_id | geboortejaar\nk1 | 1899\nk2 | 2101\nk3 |",
        },
        (
            ("proeftuin", "proeftuin_id", 3, (1, 2, 3)),
            ("proeftuin", "naam", 1, (1,)),
            ("proeftuin", "tranche", 2, (1, 2)),
            ("persoon", "geboortejaar", 2, (1, 2)),
            ("reflectie", "score", 2, (1, 2)),
        ),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets]:
    """Ask of each column with constraints for values that break them; empty values are for another rule."""
    for kolom in columns(pakket):
        grenzen = {n: g for n, g in kolom.veld.constraints.items() if n in _BEPERKINGEN}
        if grenzen:
            breuken = [_BEPERKINGEN[naam][0](kolom.waarde, grens) for naam, grens in grenzen.items()]
            yield Toets(
                kolom.tabel,
                kolom.veld.naam,
                kolom.rijen,
                functools.reduce(operator.or_, breuken),
                verwacht=" en ".join(_BEPERKINGEN[naam][1].format(g) for naam, g in grenzen.items()),
                herstel=_SLEUTEL if "pattern" in grenzen else "",
            )
