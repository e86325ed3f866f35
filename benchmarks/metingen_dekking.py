"""Coverage and type I, of all kinds together: what the report says in chapter 6.

    python benchmarks/metingen.py dekking     # measured anew with fewer studies, some minutes on two cores

`combined` takes what was saved of every part and gives the lowest and the highest by kind and size of the
study; `metingen.py` writes that beside the report, in a file that travels with the package. A part that has
its rows in one of the forms below is in it without a change here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from math import isnan
from pathlib import Path
from typing import Any

from benchmarks import (
    metingen_herhaald,
    metingen_matrix,
    metingen_regios,
    metingen_schatters,
    metingen_scores,
    metingen_toetsen,
)

SHIPPED = Path(__file__).parents[1] / "toekomstscenario_eval" / "report" / "measured.csv"
COLUMNS = ("wat", "getal", "vanaf", "laagste", "hoogste")
COVERAGE, TYPE_ONE = "dekking", "eerste soort"
# Where a row says how often the interval of what is public held the truth, and on how many households.
_COVERAGE = (
    "dekking",
    "Dekking",
    "dekking openbaar",
    "dekking gemiddelde",
    "regio's, openbaar: regio's zoals deze",
    "verslag dekking",
)
_SIZE = ("huishoudens", "Huishoudens", "huishoudens per regio")
_TYPE_ONE = ("fout van de eerste soort", "vindt", "Vindt iets", "verslag vindt")
_NO_DIFFERENCE = (("verhouding", 1.0), ("echt verschil", 0.0), ("verschil", 0.0))
# Sizes of a study from which another row of the policy holds.
CLASSES = (0, 100, 300, 1500)
_FEWEST = 100
# What a part, or a scene of it, is called in the report; another part goes by its own title.
_NAMES = {
    "aandeel": "Aandelen",
    "aantallen": "Aantallen",
    "duren": "Duren",
    "wat vaker": "Wat vaker gebeurt",
    "scores": "Scores en hun verandering",
    "schalen": "Betrouwbaarheid en overeenstemming van schalen",
    "regios": "Gemiddelde van regio's",
    "toetsen": "Toetsen tussen groepen",
    "toetsen-regio": "Toetsen met regio's als eenheid",
    "toewijzing": "Verschil tussen soorten regio",
    "doelen": "Gemiddelde van regio's zoals deze",
    "teams": "Duren bij gedeelde professionals",
    "binnen regio's": "Toetsen binnen regio's (gestratificeerd)",
    "netwerk": "Toets van twee netwerken",
}
# Regions of a size each are a study of so many households together.
_BY_KIND, _KINDS = re.compile(r"(\d+) en (\d+)"), (11, 3)
_REGIONS = {"7-100": 750, "12-35": 330, "35-100": 945, "60-150": 1470, "14 tot 39": 370, "40 tot 119": 1110}


def _name(part: str, title: str, row: Mapping[str, Any]) -> str:
    scene = str(row.get("Wat", row.get("tafereel", "")))
    for start, naam in _NAMES.items():
        if part in ("schatters", "herhaald") and scene.startswith(start):
            return naam
    if "gestratificeerd" in str(row.get("toets")):
        return _NAMES["binnen regio's"]
    if "regio's" in row and part in ("toetsen", "scores"):
        return _NAMES["toetsen-regio"] if part == "toetsen" else _NAMES["regios"]
    return _NAMES["wat vaker"] if part == "herhaald" else _NAMES.get(part, title)


def _first(row: Mapping[str, Any], keys: Sequence[str]) -> Any:
    return next((row[k] for k in keys if row.get(k) is not None), None)


def _size(row: Mapping[str, Any]) -> int | None:
    found = _first(row, _SIZE)
    size = _REGIONS.get(str(found), found)
    if str(size).isdigit() and _first(row, _SIZE[:-1]) is None:
        size = int(size) * _KINDS[0]
    if per_region := _BY_KIND.fullmatch(str(found)):
        size = sum(many * int(n) for many, n in zip(_KINDS, per_region.groups(), strict=True))
    if not str(size).isdigit():
        return None
    return max(c for c in CLASSES if c <= int(size))


def _numbers(row: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield coverage and type I of a row; of too few shown studies neither."""
    studies = row.get("onderzoeken", row.get("Onderzoeken", _FEWEST * 4))
    shown = row.get("getoond", row.get("Getoond", 1.0))
    if shown is not None and float(shown) * float(studies) < _FEWEST and float(shown) < 1:
        return
    held = _first(row, _COVERAGE)
    if held is not None:
        yield COVERAGE, float(held)
    # Only of a difference is there a test; the mean beside it is never nothing.
    nothing = [row[k] == value and row.get("maat") != "gemiddelde" for k, value in _NO_DIFFERENCE if k in row]
    found = _first(row, _TYPE_ONE[:1]) if not nothing else _first(row, _TYPE_ONE) if all(nothing) else None
    if found is not None:
        yield TYPE_ONE, float(found)


def combined(found: Mapping[str, Any], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the lowest and highest coverage and type I of every kind, by the size from which they hold.

    Parameters
    ----------
    found : mapping
        What was measured, by part, as it is saved.
    titles : mapping
        What each part is called.
    """
    at: dict[tuple[str, str, int], list[float]] = {}
    for part, measured in found.items():
        if part == "dekking":
            continue
        for rows in measured["tabellen"].values():
            for row in rows:
                size = _size(row)
                for getal, value in _numbers(row) if size is not None else ():
                    if not isnan(value):
                        at.setdefault((_name(part, titles.get(part, part), row), getal, size), []).append(
                            value
                        )
    order = [*_NAMES.values()]
    return [
        dict(zip(COLUMNS, (*key, round(min(values), 3), round(max(values), 3)), strict=True))
        for key, values in sorted(
            at.items(),
            key=lambda pair: (order.index(pair[0][0]) if pair[0][0] in order else len(order), pair[0]),
        )
    ]


def text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as the file that travels with the package."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# Every part with fewer studies.
QUICK: Mapping[str, Callable[[], Mapping[str, Sequence[Mapping[str, Any]]]]] = {
    "regios": lambda: metingen_regios.measure(60),
    "toetsen": lambda: {
        "huishoudens": metingen_toetsen.households(150),
        "regio's": metingen_toetsen.regions(60, 20),
    },
    "schatters": lambda: {"": metingen_schatters.meet((103, 300, 1500), 100)},
    "herhaald": lambda: {"": [*metingen_herhaald.accuracy((30, 100, 300), 100)]},
    "scores": lambda: {"scores": metingen_scores.scores(100), "regio's": metingen_scores.sites(40)},
    "schalen": lambda: {"": metingen_matrix.meet(100)},
}


def _quick(part: str) -> tuple[str, dict[str, Any]]:
    return part, {"tabellen": QUICK[part]()}


def measure() -> dict[str, list[dict[str, Any]]]:
    """Return coverage and type I measured anew, with fewer studies of every kind."""
    with ProcessPoolExecutor(2) as pool:
        found = dict(pool.map(_quick, QUICK))
    return {
        "Dekking en fout van de eerste soort, laagste en hoogste, met minder onderzoeken": combined(found, {})
    }
