"""How often designs over time were measured to be right: a file that `benchmarks/metingen.py` writes.

`calibrated.csv` holds of each design, size of the study and sort of world what `tks ijking` gives. It travels
with the package; whatever designs stand in it are shown, by their own name.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from toekomstscenario_eval.blocks.calibration import curves_alt, drawing
from toekomstscenario_eval.designs import over_time
from toekomstscenario_eval.document.document import Block, Cel, Figuur, Tabel
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.report.report import paragraph
from toekomstscenario_eval.types import Vorm

FILE = Path(__file__).with_name("calibrated.csv")
PLAIN, ALL_CHANGE, RECORDED = "niets anders", "alle regio's veranderen mee", "proeftuinen registreren meer"
_CHANGE = 0.05
_HALF = 0.5  # with an estimate in fewer worlds than this part a design has no figures
_NONE = "\u2013"
_CAPTION = "Gemeten op nagebootste panels: hoe vaak een ontwerp gelijk heeft"
_HEADING = (
    "Ontwerp en omvang",
    "Interval bevat de waarheid",
    "Vindt een verandering die er niet is",
    "Idem, als alle regio's mee veranderen",
    "Idem, als proeftuinen meer registreren",
    "Vindt een verandering van 5 procentpunt",
)
_NOTE = (
    "Van nagebootste panels van 11 proeftuinen die in drie golven beginnen en 3 vergelijkingsregio's, met de "
    "ruis van openbare tellingen. Laagste en hoogste van regio's van gelijke en van ongelijke omvang. Mee "
    "veranderen is 2 procentpunt per jaar in alle regio's; meer registreren is 10% vanaf de start. "
    "Streepje: met zo weinig perioden of huishoudens is er geen schatting."
)
_FIGURE = "Hoe vaak een echte verandering wordt gevonden, bij {} huishoudens"


@dataclass(frozen=True)
class Measured:
    """One row of the file: the design by its label, what the worlds were like, and what was found."""

    design: str
    households: int
    equal: bool
    world: str
    change: float
    estimated: float
    worlds: int
    holds: float
    found: float


def calibrated(file: Path = FILE) -> list[Measured]:
    """Return the rows on protected counts of designs that are there."""
    labels = {d.card.code: d.card.label for d in over_time()}
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            Measured(
                labels[row["ontwerp"]],
                int(row["huishoudens"]),
                row["regio's"] == "gelijk",
                row["wereld"],
                float(row["echte verandering"]),
                float(row["geschat"]),
                int(row["werelden"]),
                *(float(row[k] or "nan") for k in ("interval bevat de waarheid", "gevonden")),
            )
            for row in csv.DictReader(lines)
            if row["tellingen"] == "openbaar" and row["ontwerp"] in labels
        ]


def calibrated_blocks(file: Path = FILE) -> tuple[Block, ...]:
    """Return the table, what follows from it in one sentence, and a figure for each size."""
    rows = calibrated(file)
    if not rows:
        return ()
    said = _sentence(rows)
    return (_table(rows), *((paragraph(said),) if said else ()), *_figures(rows))


def _by_line(rows: Sequence[Measured]) -> Mapping[tuple[str, int], list[Measured]]:
    out: dict[tuple[str, int], list[Measured]] = {}
    for row in rows:
        out.setdefault((row.design, row.households), []).append(row)
    return out


def _table(rows: Sequence[Measured]) -> Tabel:
    columns = (
        (PLAIN, 0.0, "holds"),
        (PLAIN, 0.0, "found"),
        (ALL_CHANGE, 0.0, "found"),
        (RECORDED, 0.0, "found"),
        (PLAIN, _CHANGE, "found"),
    )
    lines = tuple(
        (
            Cel(_named(*line)),
            *(Cel(_range(_values(own, *column)), rechts=True) for column in columns),
        )
        for line, own in _by_line(rows).items()
    )
    fewest, most = (number(f(r.worlds for r in rows), Vorm.TELLING) for f in (min, max))
    return Tabel(
        _CAPTION, _HEADING, lines, (_NOTE, f"Elk getal komt uit {fewest} tot {most} nagebootste panels.")
    )


def _named(design: str, households: int) -> str:
    return f"{design}, bij {number(households, Vorm.TELLING)} huishoudens"


def _values(rows: Sequence[Measured], world: str, change: float, field: str) -> list[float]:
    """Return the figures of these worlds; with an estimate in fewer than half there is none."""
    own = [r for r in rows if r.world == world and r.change == change and r.estimated >= _HALF]
    return [value for r in own if not math.isnan(value := float(getattr(r, field)))]


def _range(values: Sequence[float]) -> str:
    if not values:
        return _NONE
    low, high = (number(f(values), Vorm.AANDEEL) for f in (min, max))
    return low if low == high else f"{low} \u2013 {high}"


def _sentence(rows: Sequence[Measured]) -> str:
    """Return the most that designs find where nothing is: by chance, and by what is no effect; or nothing."""
    most = [_values(rows, world, 0.0, "found") for world in (PLAIN, RECORDED, ALL_CHANGE)]
    if not all(most):
        return ""
    plain, recorded, together = (number(max(values), Vorm.AANDEEL) for values in most)
    return (
        f"Waar niets verandert, vindt een ontwerp in hooguit {plain} van de nagebootste panels een "
        f"verandering; als proeftuinen alleen meer registreren, is dat tot {recorded}, en als alle "
        f"regio's mee "
        f"veranderen tot {together}. Een kleine p-waarde sluit zo'n andere oorzaak dus niet uit."
    )


def error(part: float, of: int) -> float:
    """Return the standard error of a part of so many worlds."""
    return math.sqrt(part * (1 - part) / of)


def _figures(rows: Sequence[Measured]) -> Iterator[Figuur]:
    """Yield for each size how often a change is found by how large it is, a line for each design."""
    for size in sorted({r.households for r in rows}):
        own = [r for r in rows if (r.households, r.world, r.equal) == (size, PLAIN, True)]
        points = pd.DataFrame(
            [
                {"naam": r.design, "x": r.change, "waarde": r.found, "fout": error(r.found, r.worlds)}
                for r in own
                if r.estimated >= _HALF
            ]
        )
        if points.empty:
            continue
        caption = _FIGURE.format(number(size, Vorm.TELLING))
        change = Vorm.PROCENTPUNT
        heading = ("Ontwerp", "Echte verandering", "Vindt een verandering")
        lines = tuple(
            (
                Cel(str(p["naam"])),
                Cel(number(float(p["x"]), change), rechts=True),
                Cel(number(float(p["waarde"]), Vorm.AANDEEL), rechts=True),
            )
            for p in points.to_dict("records")
        )
        yield Figuur(
            caption,
            curves_alt(caption, points, change),
            drawing(points, change),
            Tabel(caption, heading, lines),
        )
