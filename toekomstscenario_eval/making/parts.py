"""Reports beside the whole, from the same release: one per site, and a short version.

Each is a cell of the same notebook, run once in the same kernel; afterwards the cells are taken apart
into notebooks of their own, so that the exporters and their gate stay the one way out.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.report import sections
from toekomstscenario_eval.resources import names
from toekomstscenario_eval.types import SITE

# A cell that shows a chapter of the report.
_HOOFDSTUK = re.compile(r'verslag\.sectie\("(\w+)"\)')
# What `--per` may be; the value of proeftuin.soort that gets a report.
PER = {SITE: "proeftuin"}


@dataclass(frozen=True)
class Deel:
    """A report beside the whole: the name of its files, its cell, and what differs on the title page."""

    stam: str
    bron: str
    stap: str
    kenmerken: Mapping[str, Any]


def plan_parts(map_: Path, *, per: str, kort: bool, titel: str) -> tuple[Deel, ...]:
    """Return the reports to make beside the whole.

    Raises
    ------
    GebruikFout
        When `per` is not something reports can be made for.
    """
    delen = []
    if kort:
        anders: dict[str, Any] = {"ondertitel": "Korte versie", "inhoud": False}
        delen.append(Deel("kort", "verslag.kort()", "Korte versie", anders))
    if per:
        if per not in PER:
            raise GebruikFout(f"verslagen per '{per}' bestaan niet", herstel=bedoelt_u(per, PER))
        from toekomstscenario_eval.data.package import open_package

        tabel = open_package(map_).tabellen["proeftuin"]
        namen = tabel.filter(tabel.soort == PER[per]).select("naam").order_by("naam").execute()["naam"]
        stammen: set[str] = set()
        for naam in map(str, namen):
            bron = f"verslag.proeftuin({naam!r})"
            delen.append(
                Deel(_stem(naam, stammen), bron, f"Verslag van {naam}", {"titel": f"{titel}: {naam}"})
            )
    return tuple(delen)


def _stem(naam: str, bezet: set[str]) -> str:
    kaal = unicodedata.normalize("NFKD", naam.lower()).encode("ascii", "ignore").decode()
    stam = "proeftuin-" + (re.sub(r"[^a-z0-9]+", "-", kaal).strip("-") or "zonder-naam")
    nummer, uniek = 1, stam
    while uniek in bezet:
        nummer += 1
        uniek = f"{stam}-{nummer}"
    bezet.add(uniek)
    return uniek


def cells(delen: Sequence[Deel]) -> list[Any]:
    """Return one cell per report, to run after those of the whole."""
    from nbformat.v4 import new_code_cell

    return [
        new_code_cell(deel.bron, id=f"deel-{i}", metadata={"tks": {"stap": deel.stap, "deel": deel.stam}})
        for i, deel in enumerate(delen, start=1)
    ]


def add_chapters(nb: Any) -> None:
    """Give a notebook that shows chapters of the report a cell for each one that it lacks, in their order."""
    from nbformat.v4 import new_code_cell

    getoond = [m[1] if (m := _HOOFDSTUK.fullmatch(cel.source)) else "" for cel in nb.cells]
    if not any(getoond):
        return
    plek = next(i for i, naam in enumerate(getoond) if naam)
    for bestand in names(sections):
        naam = bestand.partition("_")[2]
        if naam in getoond:
            plek = getoond.index(naam)
        else:
            stap = {"tks": {"stap": naam.replace("_", " ").capitalize()}}
            nb.cells.insert(plek, new_code_cell(f'verslag.sectie("{naam}")', id=f"bij-{naam}", metadata=stap))
            getoond.insert(plek, naam)
        plek += 1


def take_apart(nb: Any, delen: Sequence[Deel]) -> dict[str, Any]:
    """Return the run notebook as one of the whole and one for each report beside it, by name of the files.

    Every hidden cell goes along everywhere: what it shows passes the same gate.
    """
    from toekomstscenario_eval.document.gate import VERBORGEN

    eigen = {cel.id: cel.metadata.get("tks", {}).get("deel", "") for cel in nb.cells}

    verborgen = {cel.id for cel in nb.cells if VERBORGEN in cel.metadata.get("tags", [])}

    def notebook(stam: str) -> Any:
        uit = copy.copy(nb)
        uit.metadata = copy.deepcopy(nb.metadata)
        uit.cells = [cel for cel in nb.cells if eigen[cel.id] == stam or cel.id in verborgen]
        return uit

    uit = {"verantwoording": notebook("")}
    for deel in delen:
        uit[deel.stam] = notebook(deel.stam)
        uit[deel.stam].metadata["tks"] = {**nb.metadata["tks"], **deel.kenmerken}
    return uit
