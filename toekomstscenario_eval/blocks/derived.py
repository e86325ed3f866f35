"""Numbers that reporting makes from released numbers, and what each was made from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.designs import Made, fitting
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE, Result


def derived(vrijgave: Release) -> Iterator[dict[str, Any]]:
    """Yield every derived number of a release: `getal_id`, what it is, its designs, sources and values."""
    for r in vrijgave.resultaten:
        panel = r.variant.instroom is not None
        if r.schattingen.empty or (r.schattingen["periode"].any() and not panel):
            continue
        out: dict[str, dict[str, Any]] = {}
        for design, made in _of(r):
            row = out.setdefault(made.id, _row(r, made))
            if design not in row["ontwerpen"]:
                row["ontwerpen"].append(design)
            # What several designs say of the same numbers is one number with more beside it.
            row |= made.waarden
            row["vormen"] |= {naam: vorm.value for naam, vorm in made.vormen.items()}
        yield from out.values()


def _of(r: Result) -> Iterator[tuple[str, Made]]:
    """Yield what is made of one result, and by which design: the sites after all other groups."""
    by_site = [SITE] if SITE in access.breakdowns(r) else []
    for per in [*(u for u in access.breakdowns(r) if u != SITE), *by_site]:
        for design in fitting(r, per):
            yield from ((design.code, made) for made in design.make(r))


def _row(r: Result, made: Made) -> dict[str, Any]:
    return {
        "getal_id": made.id,
        "soort": made.soort,
        "ontwerpen": [],
        "resultaat": r.sleutel,
        "maat": made.maat,
        "uit": list(made.bronnen),
        "vormen": {},
    }
