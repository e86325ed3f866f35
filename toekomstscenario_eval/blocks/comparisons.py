"""What every design has to show of a result: tables and figures of its own, or a table of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.difference import comparisons_table, differences_table
from toekomstscenario_eval.blocks.site_figures import funnel_figure
from toekomstscenario_eval.blocks.sites import combine_sites, funnel_sentence, sites_sentence
from toekomstscenario_eval.designs import Found, Made, all_designs
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.document.document import Block, Cel, Tabel
from toekomstscenario_eval.document.format import field, interval, number
from toekomstscenario_eval.types import Maat

Show = Callable[[Release, str], Iterable[Block | None]]


def _differences(vrijgave: Release, sleutel: str) -> Iterable[Block | None]:
    return differences_table(vrijgave, sleutel), comparisons_table(vrijgave, sleutel)


def _together(vrijgave: Release, sleutel: str) -> Iterable[Block | None]:
    sites = combine_sites(vrijgave, sleutel)
    return (sites_sentence(sites),) if sites else ()


def _funnel(vrijgave: Release, sleutel: str) -> Iterable[Block | None]:
    sites = combine_sites(vrijgave, sleutel)
    return (funnel_figure(vrijgave, sleutel), funnel_sentence(sites)) if sites else ()


# Designs with tables, figures or sentences of their own; any other design has a table of its numbers.
_OWN: Mapping[str, Show] = {"verschil": _differences, "meta": _together, "trechter": _funnel}


def design_tables(vrijgave: Release, sleutel: str, *, per: str) -> list[Tabel]:
    """Return the table of every design for this breakdown that has no tables of its own."""
    access.required(vrijgave)
    mee = (d for d in all_designs().values() if d.card.per == per and d.naam not in _OWN)
    return [tabel for d in mee if (tabel := made_table(vrijgave, sleutel, d))]


def design_blocks(vrijgave: Release, sleutel: str, *, per: str) -> list[Block]:
    """Return what every design that compares the groups of this breakdown has to show."""
    access.required(vrijgave)
    uit: list[Block | None] = []
    for design in all_designs().values():
        if design.card.per == per and design.naam in _OWN:
            uit += _OWN[design.naam](vrijgave, sleutel)
    return [*(blok for blok in uit if blok is not None), *design_tables(vrijgave, sleutel, per=per)]


def made_table(vrijgave: Release, sleutel: str, design: Found) -> Tabel | None:
    """Return the numbers that a design makes of a result, or None when there are none.

    Numbers of its own by group have no column here; they stand in the manifest.
    """
    r = access.released(vrijgave, sleutel)
    gemaakt = list(design.make(r))
    if not gemaakt or r.schattingen["periode"].any():
        return None
    eigen = dict.fromkeys(naam for m in gemaakt for naam in m.vormen if not isinstance(m.waarden[naam], dict))
    rijen = tuple(_row(m, r.card.maten[m.maat], eigen) for m in gemaakt)
    kop = (
        "Maat",
        "Wat",
        "Uitkomst",
        "95%-interval",
        *(naam.replace("_", " ").capitalize() for naam in eigen),
    )
    noten = (f"{design.card.vraag}", f"Aanname: {design.card.aanname}", f"Zegt niet: {design.card.grens}")
    per = field(design.card.per).lower()
    return Tabel(f"{r.card.label}: {design.card.label.lower()}, naar {per}", kop, rijen, noten)


def _row(m: Made, maat: Maat, eigen: Iterable[str]) -> tuple[Cel, ...]:
    def cel(waarde: Any, tekst: str, veld: str = "") -> Cel:
        getal = f"{m.id}.{veld}" if veld else m.id
        return Cel("geen", rechts=True) if waarde is None or not tekst else Cel(tekst, getal, rechts=True)

    grenzen = [float("nan") if (g := m.waarden[k]) is None else g for k in ("ondergrens", "bovengrens")]
    waarden = {naam: m.waarden.get(naam) for naam in eigen}
    return (
        Cel(maat.label),
        Cel(m.soort),
        cel(m.waarden["schatting"], number(m.waarden["schatting"], maat.vorm)),
        cel(grenzen, interval(grenzen[0], grenzen[1], maat.vorm), "interval"),
        *(cel(w, "" if w is None else number(w, m.vormen[naam]), naam) for naam, w in waarden.items()),
    )
