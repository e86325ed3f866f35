"""Results with a name for every number, and the bundle of them that one report shows.

Everything behind the waist takes a `Release`: results that are public, each with the protected summary it
was computed from, or exact ones that stay inside. Never both in one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, did_you_mean
from toekomstscenario_eval.frames import significant, tuples
from toekomstscenario_eval.identity import INSIDE_PREFIX
from toekomstscenario_eval.long_tables import TOETS
from toekomstscenario_eval.types import NIET, Result

GETALLEN = ("schatting", "ondergrens", "bovengrens", "statistiek", "df", "p")
_INSIDE = ("vrijheid", "kleinste", "plekken")
# A comparison as it is shown: the groups it rests on by their codes.
SHOWN = ("toets", "uitsplitsing", "groepen", *(k for k in TOETS[2:] if k not in _INSIDE))
_PLACE = ("uitsplitsing", "groep", "periode")


@dataclass(frozen=True)
class Release:
    """Results that leave together, or that stay inside together. Made by `bundle` only.

    Attributes
    ----------
    id : str
        Hash of everything in it; of what stays inside it begins with `intern`.
    beleid, regels : str, mapping
        Name of the disclosure policy and its rules; empty inside.
    intern : bool
        Whether the numbers are exact, and may not be published.
    stand : str
        First day of the epoch in which it was drawn (ISO text); empty inside.
    """

    id: str
    beleid: str
    resultaten: tuple[Result, ...] = field(repr=False)
    regels: Mapping[str, Any] = field(default_factory=dict, repr=False)
    intern: bool = False
    stand: str = ""

    def resultaat(self, key: str) -> Result:
        """Return the result of this name; OnthullingsFout when it is not in the release."""
        namen = {r.sleutel: r for r in self.resultaten}
        if key not in namen:
            raise OnthullingsFout(f"'{key}' zit niet in deze vrijgave", herstel=did_you_mean(key, namen))
        return namen[key]

    @property
    def balance(self) -> pd.DataFrame:
        """Numbers shown and not shown per result: `resultaat, getallen, onderdrukt`."""
        rows = [
            (r.sleutel, len(r.schattingen), int(r.schattingen["onderdrukt"].sum())) for r in self.resultaten
        ]
        return pd.DataFrame(rows, columns=["resultaat", "getallen", "onderdrukt"])

    @property
    def cellen(self) -> pd.DataFrame:
        """The protected counts behind every number: `recept, uitsplitsing, groep, periode, naam, x, k, n`.

        Raises
        ------
        OnthullingsFout
            Inside: exact numbers have none.
        """
        return self._open("cellen")

    @property
    def plekken(self) -> pd.DataFrame:
        """The places behind every number, with the day they show and the reason when they show nothing.

        Raises
        ------
        OnthullingsFout
            Inside: exact numbers have none.
        """
        return self._open("plekken")

    def _open(self, what: str) -> pd.DataFrame:
        require_public(self, goal="open gegevens")
        spot = ["recept", "uitsplitsing"]
        pieces = [
            getattr(summary, what).assign(recept=summary.recept, uitsplitsing=summary.uitsplitsing)
            for r in self.resultaten
            for summary in r.publiek.values()
        ]
        # Pieces without rows say nothing of the type of a column.
        full = [piece for piece in pieces if len(piece)] or pieces[:1] or [pd.DataFrame(columns=spot)]
        every: pd.DataFrame = pd.concat(full, ignore_index=True)
        return every[[*spot, *every.columns.drop(spot)]].drop_duplicates(ignore_index=True)


def bundle(
    results: Sequence[Result], *, policy: str = "", rules: Mapping[str, Any] | None = None, stand: str = ""
) -> Release:
    """Return the results as one release, every number with its id.

    Raises
    ------
    GebruikFout
        When public and exact results stand beside each other.
    """
    named = tuple(r if "getal_id" in r.schattingen.columns else identified(r) for r in results)
    modes = {r.intern for r in named}
    if len(modes) > 1:
        raise GebruikFout(
            "openbare en interne resultaten staan nooit bij elkaar",
            herstel="open het pakket één keer: openbaar, of met intern=True",
        )
    inside = modes == {True}
    feature = _identify(named, policy)
    return Release(
        f"{INSIDE_PREFIX}{feature}" if inside else f"v{feature}", policy, named, rules or {}, inside, stand
    )


def require_public(*parts: Release | Result, goal: str) -> None:
    """Refuse what is exact; every function that publishes asks this first.

    Parameters
    ----------
    goal : str
        Where it would have gone, for the message: `het register`.

    Raises
    ------
    OnthullingsFout
        When any of them is exact.
    """
    if any(part.intern for part in parts):
        raise OnthullingsFout(
            f"exacte cijfers gaan nooit naar {goal}",
            herstel="open het pakket openbaar, dus zonder --intern of intern=True, en maak het opnieuw",
        )


def identified(result: Result) -> Result:
    """Return a result in which every number has an id and is rounded, so that no order of adding shows."""
    return replace(
        result,
        schattingen=significant(_estimates(result)),
        reeksen=significant(_series(result)),
        uitsluitingen=_exclusions(result),
        toetsen=significant(_comparisons(result)),
        paneel=significant(result.paneel),
    )


def _name(letter: str, result: Result, rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """Name numbers by what they are, so that the same number has the same id in every report."""
    fixed = [result.sleutel, result.card.versie, str(result.venster)]
    namen = ("\x1f".join([*fixed, *map(str, row)]) for row in rows)
    return [letter + hashlib.sha256(naam.encode()).hexdigest()[:12] for naam in namen]


def _estimates(result: Result) -> pd.DataFrame:
    table = result.schattingen.reset_index(drop=True)
    shut = table["weergave"].eq(NIET).to_numpy(dtype=bool)
    return table.assign(onderdrukt=shut, getal_id=_name("g", result, tuples(table, ("maat", *_PLACE))))


def _series(result: Result) -> pd.DataFrame:
    table = result.reeksen.reset_index(drop=True)
    # The other end of a tie joins the name of the first one; other points have none.
    namen = table.assign(
        label=table["label"].where(table["ander"].eq(""), table["label"] + "\x1f" + table["ander"])
    )
    spots = tuples(namen, ("reeks", *_PLACE, "x", "label"))
    return table.assign(onderdrukt=False, getal_id=_name("p", result, spots))


def _exclusions(result: Result) -> pd.DataFrame:
    table = result.uitsluitingen
    table = table[table["uitsplitsing"].eq("")].reset_index(drop=True).astype({"aantal": "float64"})
    shown = table["weergave"] if "weergave" in table.columns else pd.Series("", table.index, dtype="str")
    ids = _name("u", result, tuples(table, ("reden", "periode")))
    return table.assign(weergave=shown, onderdrukt=shown.eq(NIET).to_numpy(dtype=bool), getal_id=ids)


def _comparisons(result: Result) -> pd.DataFrame:
    table = result.toetsen
    if table.empty:
        empty = {k: pd.Series(dtype="float64" if k in GETALLEN else "str") for k in SHOWN}
        return pd.DataFrame(empty).assign(onderdrukt=pd.Series(dtype="bool"), getal_id=pd.Series(dtype="str"))
    groepen = [
        tuple(groep for place, groep in spots if place == per)
        for spots, per in zip(table["plekken"], table["uitsplitsing"], strict=True)
    ]
    out = table.assign(groepen=pd.Series(groepen, table.index))[list(SHOWN)].reset_index(drop=True)
    ids = _name("t", result, [("toets", *row) for row in tuples(out, ("toets", "uitsplitsing"))])
    return out.astype(dict.fromkeys(GETALLEN, "float64")).assign(
        onderdrukt=np.zeros(len(out), dtype=bool), getal_id=ids
    )


def _identify(results: Iterable[Result], policy: str) -> str:
    """Return the hash of the public cells, or of the exact numbers when they stay inside."""
    content = []
    for r in results:
        public = [
            part.to_csv(index=False)
            for per, summary in sorted(r.publiek.items())
            for part in (summary.cellen, summary.plekken.assign(uitsplitsing=per))
        ]
        own = (r.schattingen, r.reeksen, r.toetsen)
        content.append([r.sleutel, *(public or [t.to_csv(index=False) for t in own])])
    source = json.dumps([policy, content], ensure_ascii=False)
    return hashlib.sha256(source.encode()).hexdigest()[:12]
