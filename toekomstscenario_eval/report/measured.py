"""How often intervals and tests were measured to be right: a file that `benchmarks/metingen.py` writes.

`measured.csv` holds of each sort of figure the lowest and highest coverage of its 95% interval, or part of
tests that find a difference where there is none, by the number of households from which it holds. It travels
with the package; whatever rows stand in it are shown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from toekomstscenario_eval.document.document import Block, Cel, Tabel
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.types import Vorm

FILE = Path(__file__).with_name("measured.csv")
COVERAGE, TYPE_ONE = "dekking", "eerste soort"
_TITLES = {
    COVERAGE: "Gemeten dekking van 95%-intervallen, laagste en hoogste",
    TYPE_ONE: "Gemeten fout van de eerste soort van toetsen bij 5%, laagste en hoogste",
}
_NOTES = {
    COVERAGE: "Van nagebootste onderzoeken met een bekende waarheid: in zoveel van de 100 lag zij in het "
    "interval, met de ruis erbij. Onder 95 is een interval te smal, erboven te ruim. Laagste en hoogste van "
    "alle cijfers van die soort en die omvang; streepje: niet gemeten.",
    TYPE_ONE: "Van nagebootste onderzoeken zonder verschil: zoveel van de 100 keer vond de toets er toch "
    "een. Bij ver boven 5 is een lage p-waarde geen aanwijzing; dan telt het verschil met de regio als "
    "eenheid.",
}
_NONE = "\u2013"


def measured(file: Path = FILE) -> dict[str, dict[str, dict[int, tuple[float, float]]]]:
    """Return by figure and sort the lowest and highest, by the households from which it holds."""
    out: dict[str, dict[str, dict[int, tuple[float, float]]]] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            at = out.setdefault(row["getal"], {}).setdefault(row["wat"], {})
            at[int(row["vanaf"])] = float(row["laagste"]), float(row["hoogste"])
    return out


def measured_blocks(file: Path = FILE) -> tuple[Block, ...]:
    """Return a table of coverage and one of type I, with what they mean."""
    return tuple(_tables(measured(file)))


def _tables(found: dict[str, dict[str, dict[int, tuple[float, float]]]]) -> Iterator[Block]:
    for figure, title in _TITLES.items():
        sorts = found.get(figure, {})
        classes = sorted({size for by_size in sorts.values() for size in by_size})
        if not classes:
            continue
        heading = (
            "Soort cijfer, naar aantal huishoudens",
            *(_class(classes, i) for i in range(len(classes))),
        )
        rows = tuple(
            (Cel(naam), *(Cel(_range(by_size.get(size)), rechts=True) for size in classes))
            for naam, by_size in sorts.items()
        )
        yield Tabel(title, heading, rows, (_NOTES[figure],))


def _class(classes: list[int], i: int) -> str:
    """Return the households of a column, in signs that every language reads."""
    first = number(classes[i], Vorm.TELLING)
    if i + 1 == len(classes):
        return f"{first} +"
    if classes[i] == 0:
        return f"< {number(classes[i + 1], Vorm.TELLING)}"
    return f"{first} \u2013 {number(classes[i + 1] - 1, Vorm.TELLING)}"


def _range(found: tuple[float, float] | None) -> str:
    if found is None:
        return _NONE
    low, high = (number(part, Vorm.AANDEEL) for part in found)
    return low if low == high else f"{low} \u2013 {high}"
