"""What every design has to show of a result: tables and figures of its own, or a table of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.difference import difference_blocks
from toekomstscenario_eval.blocks.site_figures import funnel_figure
from toekomstscenario_eval.blocks.sites import combine_sites, funnel_sentence, no_comparison, sites_sentence
from toekomstscenario_eval.blocks.two_targets import targets_table
from toekomstscenario_eval.designs import Found, Made, fitting
from toekomstscenario_eval.designs._sites import why_none
from toekomstscenario_eval.document.document import Block, Cel, Tabel
from toekomstscenario_eval.document.format import field, interval, number
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import Maat

Show = Callable[[Release, str], Iterable[Block | None]]


def _differences(vrijgave: Release, key: str) -> Iterable[Block | None]:
    return difference_blocks(vrijgave, key)


def _targets(vrijgave: Release, key: str) -> Iterable[Block | None]:
    return (targets_table(vrijgave, key),)


def _together(vrijgave: Release, key: str) -> Iterable[Block | None]:
    if sites := combine_sites(vrijgave, key):
        first = sites.naam == access.headline(access.released(vrijgave, key))
        return (sites_sentence(sites, figure=first, headline=first),)
    # That sites are not compared has to be told; too few of them shows by itself.
    return (no_comparison(vrijgave, key),) if why_none(access.released(vrijgave, key)) else ()


def _funnel(vrijgave: Release, key: str) -> Iterable[Block | None]:
    sites = combine_sites(vrijgave, key)
    return (funnel_figure(vrijgave, key), funnel_sentence(sites)) if sites else ()


# What every number of a design has, and what no column of its own is made of.
_PLAIN = ("schatting", "ondergrens", "bovengrens")
# Designs with tables, figures or sentences of their own; any other design has a table of its numbers.
_OWN: Mapping[str, Show] = {
    "over_regions": _targets,
    "group_difference": _differences,
    "meta": _together,
    "funnel": _funnel,
}


def design_tables(vrijgave: Release, key: str, *, per: str) -> list[Tabel]:
    """Return the table of every design for this breakdown that has no tables of its own."""
    counted = (d for d in fitting(access.released(vrijgave, key), per) if d.naam not in _OWN)
    return [table for d in counted if (table := made_table(vrijgave, key, d))]


def design_blocks(vrijgave: Release, key: str, *, per: str) -> list[Block]:
    """Return what every design that compares the groups of this breakdown has to show."""
    out: list[Block | None] = []
    for design in fitting(access.released(vrijgave, key), per):
        if design.naam in _OWN:
            out += _OWN[design.naam](vrijgave, key)
    return [*(block for block in out if block is not None), *design_tables(vrijgave, key, per=per)]


def made_table(vrijgave: Release, key: str, design: Found) -> Tabel | None:
    """Return the numbers that a design makes of a result, or None when there are none.

    Numbers of its own by group have no column here; they stand in the manifest.
    """
    r = access.released(vrijgave, key)
    made = list(design.make(r))
    if not made or r.schattingen["periode"].any():
        return None
    own = dict.fromkeys(
        naam
        for m in made
        for naam in m.vormen
        if naam not in _PLAIN and not isinstance(m.waarden[naam], dict)
    )
    rows = tuple(_row(m, r.card.maten[m.maat], own) for m in made)
    heading = (
        "Maat",
        "Wat",
        "Uitkomst",
        "95%-interval",
        *(naam.replace("_", " ").capitalize() for naam in own),
    )
    notes = (f"{design.card.vraag}", f"Aanname: {design.card.assumption}", f"Zegt niet: {design.card.grens}")
    per = field(design.card.per).lower()
    return Tabel(f"{r.card.label}: {design.card.label.lower()}, naar {per}", heading, rows, notes)


def _row(m: Made, maat: Maat, own: Iterable[str]) -> tuple[Cel, ...]:
    def cell(waarde: Any, text: str, entry: str = "") -> Cel:
        getal = f"{m.id}.{entry}" if entry else m.id
        return Cel("geen", rechts=True) if waarde is None or not text else Cel(text, getal, rechts=True)

    bounds = [float("nan") if (g := m.waarden[k]) is None else g for k in ("ondergrens", "bovengrens")]
    waarden = {naam: m.waarden.get(naam) for naam in own}
    vorm = m.vormen.get("schatting", maat.vorm)
    return (
        Cel(maat.label),
        Cel(m.soort),
        cell(m.waarden["schatting"], number(m.waarden["schatting"], vorm)),
        cell(bounds, interval(bounds[0], bounds[1], vorm), "interval"),
        *(cell(w, "" if w is None else number(w, m.vormen[naam]), naam) for naam, w in waarden.items()),
    )
