"""Values keep to the pattern, bounds and length that the contract gives."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import ibis.expr.types as ir

from toekomstscenario_eval.data.checks._support import columns
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een waarde valt buiten het patroon, het bereik of de lengte",
    ernst=Ernst.FOUT,
    uitleg="De waarde is goed te lezen, maar de gegevensafspraak sluit haar uit.",
    herstel="verbeter de waarde bij de bron",
)
_KEY = (
    "een sleutel bestaat uit ten hoogste 64 letters, cijfers, punten, streepjes of liggende streepjes en "
    "begint "
    "met een letter of cijfer; gebruik pseudoniemen zonder spaties"
)

# constraint of Table Schema -> when it is broken, and how it reads
_LIMITATIONS: Mapping[str, tuple[Callable[[ir.Column, Any], ir.BooleanValue], str]] = {
    "pattern": (lambda k, limit: ~k.re_search(limit), "tekst volgens het patroon {}"),
    "minimum": (lambda k, limit: k < limit, "ten minste {}"),
    "maximum": (lambda k, limit: k > limit, "ten hoogste {}"),
    "minLength": (lambda k, limit: k.length() < limit, "ten minste {} tekens"),
    "maxLength": (lambda k, limit: k.length() > limit, "ten hoogste {} tekens"),
}
KNOWN = frozenset({"required", *_LIMITATIONS})

CASES = (
    Case(
        "op de grens",
        {
            "proeftuin": f"proeftuin_id | naam | tranche\n{'p' * 64} | {'n' * 80} | 20\np.2_-x | A | 1",
            "reflectie": "reflectie_id | score\nr1 | 0\nr2 | 10",
        },
    ),
    Case(
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


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask of each column with constraints for values that break them; empty values are for another rule."""
    for column in columns(package):
        bounds = {n: g for n, g in column.veld.constraints.items() if n in _LIMITATIONS}
        if bounds:
            violations = [_LIMITATIONS[naam][0](column.waarde, limit) for naam, limit in bounds.items()]
            yield Toets(
                column.tabel,
                column.veld.naam,
                column.rijen,
                functools.reduce(operator.or_, violations),
                verwacht=" en ".join(_LIMITATIONS[naam][1].format(g) for naam, g in bounds.items()),
                herstel=_KEY if "pattern" in bounds else "",
            )
