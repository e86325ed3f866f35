"""The headline figures by the second route, beside the exact ones: on the delivery, and on invented edges."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from toekomstscenario_eval.blocks.certificate import WIDER, Again, Certificate, Line, Spot, certify
from toekomstscenario_eval.data.package import Package, open_package
from toekomstscenario_eval.data.writing import write_package
from toekomstscenario_eval.identity import Variant
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.second_route import edge_cases, headlines
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import phases
from toekomstscenario_eval.types import Result, Venster

_COLUMNS = {
    "waarde": "schatting",
    "onder": "ondergrens",
    "boven": "bovengrens",
    "n": "n",
    "teller": "teller",
    "noemer": "noemer",
}
# The network is of the whole alone, without an interval.
_ALONE = headlines.PAIRS.indicator
_SITES = {"proeftuin": ("naam", "soort"), "huishouden": ("proeftuin_id",)}
EDGES = "Verzonnen randgevallen"


def certificate(study: Study, vrijgave: Release) -> Certificate:
    """Compute the headline figures by the second route and compare them with the exact ones, inside."""
    p = study.pakket
    keys = [r.sleutel for r in vrijgave.resultaten if r.sleutel in headlines.INDICATORS and not r.reden_nvt]
    # Of the whole, whatever is public of it: what is compared never leaves.
    inside = replace(study, passage=None)
    per = () if p.ontbreekt(_SITES) else (headlines.KIND, headlines.SITE)
    clocks = ("",) if phases.lacking(p) or not per else ("", headlines.FROM)
    shown = vrijgave.resultaten if study.intern else ()
    exact = inside.bundel(*_exact(inside, keys, per, clocks, shown))
    p.forget()  # the second route reads the files itself, and needs the memory
    limit = min(p.venster.eind, p.peildatum)
    found = certify(
        exact, _again(p, keys, per, clocks, p.venster.begin, limit), intern=study.intern, report=vrijgave
    )
    edges = edges_agree([key for key in keys if key != _ALONE], intern=study.intern)
    return replace(found, regels=(*found.regels, *edges))


def _exact(
    inside: Study,
    keys: Iterable[str],
    per: Sequence[str],
    clocks: Iterable[str],
    shown: Iterable[Result] = (),
    bounds: tuple[date | None, date | None] = (None, None),
) -> Iterable[Result]:
    """Yield the exact results of every phase: those of the report where it has them, else computed now."""
    for key in keys:
        fields = () if key == _ALONE else per
        for clock in ("",) if key == _ALONE else clocks:
            variant = Variant(fase=clock)
            own = (
                r
                for r in shown
                if r.indicator == key
                and r.variant == variant
                and {*fields} <= {*r.schattingen["uitsplitsing"]}
            )
            yield next(own, None) or inside.computed(key, fields, bounds=bounds, fase=clock)


def _again(
    p: Package, keys: Sequence[str], per: Sequence[str], clocks: Sequence[str], begin: date, limit: date
) -> Mapping[Spot, Again]:
    files = {naam: p.map / b.pad for naam, b in p.bestanden.items()}
    found = headlines.recompute(
        files, begin=begin, limit=limit, known=p.peildatum, indicators=keys, per=per, phases=clocks
    )
    return {(*spot,): a if isinstance(a, str) else _by_column(a, spot) for spot, a in found.items()}


def _by_column(figure: headlines.Figure, spot: headlines.Spot) -> Again:
    named: dict[str, Any] = {column: float(getattr(figure, k)) for k, column in _COLUMNS.items()}
    return named["schatting"] if spot.indicator == _ALONE else named | {WIDER: figure.wider}


def edges_agree(keys: Sequence[str], *, intern: bool) -> tuple[Line, ...]:
    """Return whether both routes agree on invented edge cases; nothing without indicators."""
    if not keys:
        return ()
    found = _edge_lines(tuple(keys))
    # These are no data: only inside it is of use where they differ.
    wrong = next((f"{r.label}, {r.waar}".strip(", ") for r in found if r.klopt is False), "")
    largest = max((r.verschil for r in found if r.verschil is not None), default=None)
    line = Line(EDGES.lower(), EDGES, "", largest, not wrong, "", wrong)
    return (line if intern else replace(line, verschil=None, waar=""),)


@cache
def _edge_lines(keys: tuple[str, ...]) -> tuple[Line, ...]:
    out: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        p = open_package(_written(Path(folder) / "randen"))
        inside = Study.of(p, (), load_policy(), intern=True)
        for limit, clocks in ((edge_cases.LIMIT, ("", headlines.FROM)), (edge_cases.DAY_BEFORE, ("",))):
            bounds = (p.venster.begin, limit)
            exact = _exact(inside, keys, (), clocks, bounds=bounds)
            # One name whatever the window.
            plain = [replace(r, variant=replace(r.variant, venster=None)) for r in exact]
            again = _again(p, keys, (), clocks, *bounds)
            out += certify(inside.bundel(*plain), again, intern=True).regels
    return tuple(out)


def _written(folder: Path) -> Path:
    return write_package(
        folder,
        tables=edge_cases.tables(),
        naam="randgevallen",
        title=EDGES,
        peildatum=edge_cases.KNOWN,
        venster=Venster(edge_cases.BEGIN, edge_cases.LIMIT),
        sources=("Verzonnen",),
        contact="Niemand: deze gegevens gaan niet over echte mensen",
    )
