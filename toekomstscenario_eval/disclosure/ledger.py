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

from toekomstscenario_eval.disclosure.protect import Plek
from toekomstscenario_eval.disclosure.rules import Curve, Rij
from toekomstscenario_eval.disclosure.source import BESCHERMD
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout
from toekomstscenario_eval.frames import records, tuples
from toekomstscenario_eval.identity import Variant
from toekomstscenario_eval.types import REEKS, SCHATTING, UITSLUITING, Venster

BESTAND = "grootboek.json"
VERSIE = 3
_PLEK = ("uitsplitsing", "groep", "periode")
_PUNT = (*REEKS, "getal_id")
_TEKST = frozenset(
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
class Oud:
    """One result as it was published.

    Attributes
    ----------
    rijen : rows that were shown, by estimand and place
    verborgen : estimand and place of rows that were hidden
    reeksen, uitsluitingen : rows that were shown
    uitsluitingen_verborgen : place and reason of exclusions that were hidden
    """

    rijen: Mapping[tuple[str, Plek], Mapping[str, Any]]
    verborgen: frozenset[tuple[str, Plek]]
    reeksen: pd.DataFrame = field(repr=False)
    uitsluitingen: Mapping[tuple[Plek, str], float]
    uitsluitingen_verborgen: frozenset[tuple[Plek, str]] = frozenset()

    def rij(self, maat: str, plek: Plek) -> Rij | None:
        """Return the numbers that were published of one estimate."""
        bron = self.rijen.get((maat, plek))
        return None if bron is None else Rij(*(float(bron[naam]) for naam in Rij._fields))

    @property
    def beschermd(self) -> bool:
        """Whether its curves were published in a protected form."""
        return bool(self.reeksen["reeks"].isin(BESCHERMD).any())

    def punten(self) -> dict[tuple[Curve, Plek], tuple[float, float]]:
        """Return share and number at risk of every point of a curve that was published."""
        return {
            (
                Curve(r["reeks"], r["label"], float(r["x"])),
                Plek(r["uitsplitsing"], r["groep"], r["periode"]),
            ): (
                float(r["waarde"]),
                float(r["n"]),
            )
            for r in records(self.reeksen)
        }


@dataclass(frozen=True)
class Boek:
    """What one release published: results with what they are about and their window."""

    vrijgave: str
    resultaten: tuple[tuple[str, Venster, Oud], ...]


@dataclass(frozen=True)
class Grootboek:
    """The ledger of an earlier release, with those before it; made by `load` only."""

    boeken: tuple[Boek, ...]
    bron: Mapping[str, Any] = field(repr=False)

    def about(self, onderwerp: str, venster: Venster) -> list[tuple[str, Oud]]:
        """Return every earlier publication about a subject, with its release; the latest first.

        A window that has less than half in common holds other households or other days: then no
        few can be told apart by subtraction.
        """
        return [
            (boek.vrijgave, oud)
            for boek in self.boeken
            for naam, ander, oud in boek.resultaten
            if naam == onderwerp and nearly_same(venster, ander)
        ]

    def others(self, onderwerp: str, venster: Venster, *, naast: str) -> list[Oud]:
        """Return every earlier publication about the same indicator under another definition."""
        return [
            oud
            for boek in self.boeken
            for naam, ander, oud in boek.resultaten
            if other_definition(onderwerp, naam, naast=naast) and nearly_same(venster, ander)
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


def other_definition(een: str, twee: str, *, naast: str) -> bool:
    """Whether two subjects are one indicator under two definitions.

    `naast` is the parameter of which the values are different things instead of other definitions,
    such as the steps in the chain.
    """
    (a, keuzes_a, _), (b, keuzes_b, _) = json.loads(een), json.loads(twee)
    return bool(een != twee and a == b and keuzes_a.get(naast) == keuzes_b.get(naast))


# To and from JSON


def as_json(
    vrijgave: str, resultaten: Iterable[Any], strata: Mapping[str, Sequence[str]], eerder: Iterable[Any]
) -> dict[str, Any]:
    """Return the ledger of a release, the earlier ones in it: the last one is enough to decide against all.

    Parameters
    ----------
    resultaten : results as released
    strata : for each proeftuin the coarser groups that it is a part of
    eerder : ledgers that were decided against, as JSON
    """
    return {
        "grootboek": VERSIE,
        "vrijgave": vrijgave,
        "samenhang": {naam: list(groepen) for naam, groepen in sorted(strata.items())},
        "resultaten": [_result(r) for r in resultaten if not r.reden_nvt],
        "eerder": list(eerder),
    }


def _result(r: Any) -> dict[str, Any]:
    s = r.schattingen
    return {
        "over": subject(r.indicator, r.params, r.variant),
        "venster": str(r.venster),
        "definitie": r.card.versie,
        "getallen": _rows(s[~s["onderdrukt"]], SCHATTING),
        "verborgen": [list(rij) for rij in tuples(s[s["onderdrukt"]], ("maat", *_PLEK))],
        "punten": _rows(r.reeksen[~r.reeksen["onderdrukt"]], _PUNT),
        "uitsluitingen": _rows(r.uitsluitingen[~r.uitsluitingen["onderdrukt"]], UITSLUITING),
        "uitsluitingen_verborgen": [
            list(rij) for rij in tuples(r.uitsluitingen[r.uitsluitingen["onderdrukt"]], ("reden", *_PLEK))
        ],
    }


def as_published(r: Any) -> Oud:
    """Return a released result as a later one is compared with it."""
    return _old(_result(r))


def _rows(tabel: pd.DataFrame, kolommen: Sequence[str]) -> list[dict[str, Any]]:
    return [{k: None if w != w else w for k, w in rij.items()} for rij in records(tabel, kolommen)]


def load(map_: Path | str) -> Grootboek:
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
    pad = Path(map_)
    pad = pad / BESTAND if pad.is_dir() else pad
    try:
        bron = json.loads(pad.read_text(encoding="utf-8"))
        return Grootboek(tuple(_books(bron)), bron)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, GebruikFout):
        raise OnthullingsFout(
            "het grootboek van de eerdere vrijgave is niet leesbaar",
            waar=str(pad),
            verwacht=f"het bestand {BESTAND} zoals 'tks rapport' het schreef",
            herstel="haal het oorspronkelijke bestand terug, of maak het eerdere verslag opnieuw met deze "
            "versie; zonder grootboek wordt niets vrijgegeven",
        ) from None


def _books(bron: Any) -> list[Boek]:
    if bron["grootboek"] != VERSIE or not isinstance(bron["vrijgave"], str):
        raise ValueError("een andere versie")
    eigen = tuple((str(r["over"]), _window(r["venster"]), _old(r)) for r in bron["resultaten"])
    return [Boek(bron["vrijgave"], eigen), *(boek for oud in bron["eerder"] for boek in _books(oud))]


def _window(tekst: str) -> Venster:
    begin, _, eind = tekst.partition(" tot ")
    return Venster(date.fromisoformat(begin), date.fromisoformat(eind))


def _old(r: Mapping[str, Any]) -> Oud:
    rijen = {(g["maat"], _place(g)): _checked(g, SCHATTING) for g in r["getallen"]}
    reeksen = pd.DataFrame([_checked(p, _PUNT) for p in r["punten"]], columns=list(_PUNT))
    weg = {(str(u["reden"]), _place(u)): float(u["aantal"]) for u in r["uitsluitingen"]}
    return Oud(
        rijen,
        frozenset((str(maat), Plek(*map(str, plek))) for maat, *plek in r["verborgen"]),
        reeksen,
        {(plek, reden): aantal for (reden, plek), aantal in weg.items()},
        frozenset((Plek(*map(str, plek)), str(reden)) for reden, *plek in r["uitsluitingen_verborgen"]),
    )


def _place(bron: Mapping[str, Any]) -> Plek:
    return Plek(*(str(bron[k]) for k in _PLEK))


def _checked(bron: Mapping[str, Any], kolommen: Sequence[str]) -> dict[str, Any]:
    """Return a row with every column: texts as they are, numbers as numbers."""
    uit: dict[str, Any] = {}
    for k in kolommen:
        waarde = bron[k]
        if k in _TEKST:
            if not isinstance(waarde, str):
                raise TypeError(k)
            uit[k] = waarde
        else:
            uit[k] = math.nan if waarde is None else float(waarde)
    return uit
