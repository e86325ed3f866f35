"""The ledger: what was published before, and what may follow from the difference with it.

It holds published numbers only, and of what was hidden no more than where it stood. A new release
is decided against every earlier one: a number that changed by a few households is not shown anew,
for the few would be known; the earlier number stays, marked as such. What was hidden stays hidden.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from toekomstscenario_eval.disclosure.protect import Spot
from toekomstscenario_eval.disclosure.result_reading import PROTECTED
from toekomstscenario_eval.disclosure.rules import Curve, Row
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout
from toekomstscenario_eval.frames import records, tuples
from toekomstscenario_eval.identity import Variant
from toekomstscenario_eval.types import REEKS, SCHATTING, UITSLUITING, Venster

FILE = "grootboek.json"
VERSION = 3
_SPOT = ("uitsplitsing", "groep", "periode")
_POINT = (*REEKS, "getal_id")
_TEXT = frozenset(
    (
        "maat",
        "uitsplitsing",
        "groep",
        "periode",
        "stratum",
        "eenheid",
        "methode",
        "reeks",
        "label",
        "ander",
        "reden",
        "getal_id",
    )
)


@dataclass(frozen=True)
class Old:
    """One result as it was published.

    Attributes
    ----------
    rijen : rows that were shown, by estimand and place
    verborgen : estimand and place of rows that were hidden
    reeksen, uitsluitingen : rows that were shown
    uitsluitingen_verborgen : place and reason of exclusions that were hidden
    """

    rijen: Mapping[tuple[str, Spot], Mapping[str, Any]]
    verborgen: frozenset[tuple[str, Spot]]
    reeksen: pd.DataFrame = field(repr=False)
    uitsluitingen: Mapping[tuple[Spot, str], float]
    uitsluitingen_verborgen: frozenset[tuple[Spot, str]] = frozenset()

    def rij(self, maat: str, spot: Spot) -> Row | None:
        """Return the numbers that were published of one estimate."""
        source = self.rijen.get((maat, spot))
        return None if source is None else Row(*(float(source[naam]) for naam in Row._fields))

    @property
    def protected(self) -> bool:
        """Whether its curves were published in a protected form."""
        return bool(self.reeksen["reeks"].isin(PROTECTED).any())

    def punten(self) -> dict[tuple[Curve, Spot], tuple[float, float]]:
        """Return share and number at risk of every point of a curve that was published."""
        return {
            (
                Curve(r["reeks"], r["label"], float(r["x"])),
                Spot(r["uitsplitsing"], r["groep"], r["periode"]),
            ): (
                float(r["waarde"]),
                float(r["n"]),
            )
            for r in records(self.reeksen)
        }


@dataclass(frozen=True)
class Book:
    """What one release published: results with what they are about and their window."""

    vrijgave: str
    resultaten: tuple[tuple[str, Venster, Old], ...]


@dataclass(frozen=True)
class Ledger:
    """The ledger of an earlier release, with those before it; made by `load` only."""

    books: tuple[Book, ...]
    bron: Mapping[str, Any] = field(repr=False)

    def about(self, subject: str, venster: Venster) -> list[tuple[str, Old]]:
        """Return every earlier publication about a subject, with its release; the latest first.

        A window that has less than half in common holds other households or other days: then no
        few can be told apart by subtraction.
        """
        return [
            (book.vrijgave, old)
            for book in self.books
            for naam, other, old in book.resultaten
            if naam == subject and nearly_same(venster, other)
        ]

    def others(self, subject: str, venster: Venster, *, beside: str) -> list[Old]:
        """Return every earlier publication about the same indicator under another definition."""
        return [
            old
            for book in self.books
            for naam, other, old in book.resultaten
            if other_definition(subject, naam, beside=beside) and nearly_same(venster, other)
        ]


def nearly_same(a: Venster, b: Venster) -> bool:
    """Whether two windows have at least half of the shorter one in common."""
    return 2 * _overlap(a, b) >= min(a.dagen, b.dagen)


def _overlap(a: Venster, b: Venster) -> int:
    return max(0, (min(a.eind, b.eind) - max(a.begin, b.begin)).days)


def subject(indicator: str, params: Mapping[str, Any], variant: Variant) -> str:
    """Name what a result is about, whatever its window: another window holds nearly the same households."""
    over = [indicator, {k: params[k] for k in sorted(params)}, list(variant.onderwerp)]
    return json.dumps(over, ensure_ascii=False, default=str)


def other_definition(one: str, two: str, *, beside: str) -> bool:
    """Whether two subjects are one indicator under two definitions.

    `beside` is the parameter of which the values are different things instead of other definitions,
    such as the steps in the chain.
    """
    (a, choices_a, _), (b, choices_b, _) = json.loads(one), json.loads(two)
    return bool(one != two and a == b and choices_a.get(beside) == choices_b.get(beside))


# To and from JSON


def as_json(
    vrijgave: str, results: Iterable[Any], strata: Mapping[str, Sequence[str]], earlier: Iterable[Any]
) -> dict[str, Any]:
    """Return the ledger of a release, the earlier ones in it: the last one is enough to decide against all.

    Parameters
    ----------
    results : results as released
    strata : for each proeftuin the coarser groups that it is a part of
    earlier : ledgers that were decided against, as JSON
    """
    return {
        "grootboek": VERSION,
        "vrijgave": vrijgave,
        "samenhang": {naam: list(groepen) for naam, groepen in sorted(strata.items())},
        "resultaten": [_result(r) for r in results if not r.reden_nvt],
        "eerder": list(earlier),
    }


def _result(r: Any) -> dict[str, Any]:
    s = r.schattingen
    return {
        "over": subject(r.indicator, r.params, r.variant),
        "venster": str(r.venster),
        "definitie": r.card.versie,
        "getallen": _rows(s[~s["onderdrukt"]], SCHATTING),
        "verborgen": [list(row) for row in tuples(s[s["onderdrukt"]], ("maat", *_SPOT))],
        "punten": _rows(r.reeksen[~r.reeksen["onderdrukt"]], _POINT),
        "uitsluitingen": _rows(r.uitsluitingen[~r.uitsluitingen["onderdrukt"]], UITSLUITING),
        "uitsluitingen_verborgen": [
            list(row) for row in tuples(r.uitsluitingen[r.uitsluitingen["onderdrukt"]], ("reden", *_SPOT))
        ],
    }


def as_published(r: Any) -> Old:
    """Return a released result as a later one is compared with it."""
    return _old(_result(r))


def _rows(table: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    return [{k: None if w != w else w for k, w in row.items()} for row in records(table, columns)]


def load(map_: Path | str) -> Ledger:
    """Read the ledger of an earlier release, with the earlier ones in it.

    Parameters
    ----------
    map_ : path
        Folder of an earlier report, or its `grootboek.json`.

    Raises
    ------
    OnthullingsFout
        When it cannot be read: without it nothing can be decided.
    """
    path = Path(map_)
    path = path / FILE if path.is_dir() else path
    try:
        source = json.loads(path.read_text(encoding="utf-8"))
        return Ledger(tuple(_books(source)), source)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, GebruikFout):
        raise OnthullingsFout(
            "het grootboek van de eerdere vrijgave is niet leesbaar",
            waar=str(path),
            verwacht=f"het bestand {FILE} zoals 'tks rapport' het schreef",
            herstel="haal het oorspronkelijke bestand terug, of maak het eerdere verslag opnieuw met deze "
            "versie; zonder grootboek wordt niets vrijgegeven",
        ) from None


def _books(source: Any) -> list[Book]:
    if source["grootboek"] != VERSION or not isinstance(source["vrijgave"], str):
        raise ValueError("een andere versie")
    own = tuple((str(r["over"]), _window(r["venster"]), _old(r)) for r in source["resultaten"])
    return [Book(source["vrijgave"], own), *(book for old in source["eerder"] for book in _books(old))]


def _window(text: str) -> Venster:
    begin, _, eind = text.partition(" tot ")
    return Venster(date.fromisoformat(begin), date.fromisoformat(eind))


def _old(r: Mapping[str, Any]) -> Old:
    rows = {(g["maat"], _place(g)): _checked(g, SCHATTING) for g in r["getallen"]}
    reeksen = pd.DataFrame([_checked(p, _POINT) for p in r["punten"]], columns=list(_POINT))
    gone = {(str(u["reden"]), _place(u)): float(u["aantal"]) for u in r["uitsluitingen"]}
    return Old(
        rows,
        frozenset((str(maat), Spot(*map(str, spot))) for maat, *spot in r["verborgen"]),
        reeksen,
        {(spot, reden): aantal for (reden, spot), aantal in gone.items()},
        frozenset((Spot(*map(str, spot)), str(reden)) for reden, *spot in r["uitsluitingen_verborgen"]),
    )


def _place(source: Mapping[str, Any]) -> Spot:
    return Spot(*(str(source[k]) for k in _SPOT))


def _checked(source: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """Return a row with every column: texts as they are, numbers as numbers."""
    out: dict[str, Any] = {}
    for k in columns:
        waarde = source[k]
        if k in _TEXT:
            if not isinstance(waarde, str):
                raise TypeError(k)
            out[k] = waarde
        else:
            out[k] = math.nan if waarde is None else float(waarde)
    return out
