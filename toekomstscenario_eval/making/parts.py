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

from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.report import sections
from toekomstscenario_eval.resources import names
from toekomstscenario_eval.types import SITE

# A cell that shows a chapter of the report.
_CHAPTER = re.compile(r'verslag\.sectie\("(\w+)"\)')
# What `--per` may be; the value of proeftuin.soort that gets a report.
PER = {SITE: "proeftuin"}


@dataclass(frozen=True)
class Part:
    """A report beside the whole: the name of its files, its cell, and what differs on the title page."""

    stem: str
    bron: str
    stap: str
    features: Mapping[str, Any]


def plan_parts(map_: Path, *, per: str, short: bool, title: str) -> tuple[Part, ...]:
    """Return the reports to make beside the whole.

    Raises
    ------
    GebruikFout
        When `per` is not something reports can be made for.
    """
    parts = []
    if short:
        otherwise: dict[str, Any] = {"ondertitel": "Korte versie", "inhoud": False}
        parts.append(Part("kort", "verslag.kort()", "Korte versie", otherwise))
    if per:
        if per not in PER:
            raise GebruikFout(f"verslagen per '{per}' bestaan niet", herstel=did_you_mean(per, PER))
        from toekomstscenario_eval.data.package import open_package

        table = open_package(map_).tabellen["proeftuin"]
        namen = table.filter(table.soort == PER[per]).select("naam").order_by("naam").execute()["naam"]
        stems: set[str] = set()
        for naam in map(str, namen):
            source = f"verslag.proeftuin({naam!r})"
            parts.append(
                Part(_stem(naam, stems), source, f"Verslag van {naam}", {"titel": f"{title}: {naam}"})
            )
    return tuple(parts)


def _stem(naam: str, occupied: set[str]) -> str:
    bare = unicodedata.normalize("NFKD", naam.lower()).encode("ascii", "ignore").decode()
    stem = "proeftuin-" + (re.sub(r"[^a-z0-9]+", "-", bare).strip("-") or "zonder-naam")
    number, unique = 1, stem
    while unique in occupied:
        number += 1
        unique = f"{stem}-{number}"
    occupied.add(unique)
    return unique


def cells(parts: Sequence[Part]) -> list[Any]:
    """Return one cell per report, to run after those of the whole."""
    from nbformat.v4 import new_code_cell

    return [
        new_code_cell(part.bron, id=f"deel-{i}", metadata={"tks": {"stap": part.stap, "deel": part.stem}})
        for i, part in enumerate(parts, start=1)
    ]


def add_chapters(nb: Any) -> None:
    """Give a notebook that shows chapters of the report a cell for each one that it lacks, in their order."""
    from nbformat.v4 import new_code_cell

    shown = [m[1] if (m := _CHAPTER.fullmatch(cell.source)) else "" for cell in nb.cells]
    if not any(shown):
        return
    spot = next(i for i, naam in enumerate(shown) if naam)
    for file in names(sections):
        naam = file.partition("_")[2]
        if naam in shown:
            spot = shown.index(naam)
        else:
            stap = {"tks": {"stap": naam.replace("_", " ").capitalize()}}
            nb.cells.insert(spot, new_code_cell(f'verslag.sectie("{naam}")', id=f"bij-{naam}", metadata=stap))
            shown.insert(spot, naam)
        spot += 1


def take_apart(nb: Any, parts: Sequence[Part]) -> dict[str, Any]:
    """Return the run notebook as one of the whole and one for each report beside it, by name of the files.

    Every hidden cell goes along everywhere: what it shows passes the same gate.
    """
    from toekomstscenario_eval.document.gate import HIDDEN

    own = {cell.id: cell.metadata.get("tks", {}).get("deel", "") for cell in nb.cells}

    hidden = {cell.id for cell in nb.cells if HIDDEN in cell.metadata.get("tags", [])}

    def notebook(stem: str) -> Any:
        out = copy.copy(nb)
        out.metadata = copy.deepcopy(nb.metadata)
        out.cells = [cell for cell in nb.cells if own[cell.id] == stem or cell.id in hidden]
        return out

    out = {"verantwoording": notebook("")}
    for part in parts:
        out[part.stem] = notebook(part.stem)
        out[part.stem].metadata["tks"] = {**nb.metadata["tks"], **part.features}
    return out
