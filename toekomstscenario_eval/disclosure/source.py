"""Read a result the way the rules do; refuse whatever they were not made for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from toekomstscenario_eval.disclosure import networks
from toekomstscenario_eval.disclosure.kinds import KINDS
from toekomstscenario_eval.disclosure.protect import Nesting, Plek, by_place
from toekomstscenario_eval.disclosure.rules import Bron, Curve, Punt, Rij
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.frames import tuples
from toekomstscenario_eval.identity import ONBEKEND
from toekomstscenario_eval.types import SITE, Result

# How each series is protected; a series that is not named here is refused.
CURVE, VERDELING, PAREN = "overleving", "verdeling", "soortparen"
# Curves of competing ends add up with the survival curve; those, the survival curve beside them, and
# mean cumulative curves, are shown in a protected form only.
BESCHERMD = ("incidentie", "mcf")
_REEKSEN = (CURVE, VERDELING, PAREN, *networks.REEKSEN, *BESCHERMD)
_GROEP = ["uitsplitsing", "groep", "periode"]


def read(resultaat: Result) -> Bron:
    """Return a result as the rules read it.

    Raises
    ------
    OnthullingsFout
        On a series without a rule, and on a table that contradicts itself.
    """
    tabel = resultaat.schattingen
    _check_rules(resultaat)
    _check_keys(resultaat.sleutel, tabel, ["maat", *_GROEP])
    _check_keys(resultaat.sleutel, resultaat.reeksen, ["reeks", *_GROEP, "label", "ander", "x"])
    _check_households(resultaat)
    rijen: dict[str, dict[Plek, Rij]] = {}
    getallen = tuples(tabel[list(Rij._fields)].astype("float64"))
    for maat, plek, rij in zip(tabel["maat"], places(tabel), getallen, strict=True):
        rijen.setdefault(maat, {})[plek] = Rij(*rij)
    maten = {naam: resultaat.card.maten[naam] for naam in rijen}
    return Bron(
        resultaat.card.kind,
        maten,
        rijen,
        _curves(resultaat.reeksen),
        _distributions(resultaat.reeksen),
    )


def places(tabel: pd.DataFrame) -> list[Plek]:
    """Return the place of each row."""
    return [Plek(*rij) for rij in tuples(tabel, _GROEP)]


def curve_days(reeksen: pd.DataFrame) -> list[Curve]:
    """Return the day of a curve that each row is a point of."""
    punten = tuples(reeksen, ("reeks", "label", "x"))
    return [Curve(reeks, label, float(x)) for reeks, label, x in punten]


def _curves(reeksen: pd.DataFrame) -> dict[Curve, dict[Plek, Punt]]:
    deel = reeksen[reeksen["reeks"].eq(CURVE)]
    uit: dict[Curve, dict[Plek, Punt]] = {}
    punten = tuples(deel[list(Punt._fields)].astype("float64"))
    for curve, plek, punt in zip(curve_days(deel), places(deel), punten, strict=True):
        uit.setdefault(curve, {})[plek] = Punt(*punt)
    return uit


def _distributions(reeksen: pd.DataFrame) -> dict[Plek, list[tuple[float, float]]]:
    """Return per place how many units have each count."""
    deel = reeksen[reeksen["reeks"].eq(VERDELING)]
    uit: dict[Plek, list[tuple[float, float]]] = {}
    for plek, x, n in zip(places(deel), deel["x"], deel["n"], strict=True):
        uit.setdefault(plek, []).append((float(x), float(n)))
    return uit


def _check_rules(resultaat: Result) -> None:
    for reeks in resultaat.reeksen["reeks"].unique():
        if reeks not in _REEKSEN:
            raise _refusal(resultaat.sleutel, f"voor de reeks '{reeks}' bestaat geen regel")


def _check_keys(waar: str, tabel: pd.DataFrame, kolommen: Sequence[str]) -> None:
    for kolom in kolommen:
        if kolom != "x" and not all(isinstance(waarde, str) for waarde in tabel[kolom]):
            raise _refusal(waar, "een groep, periode of maat heeft geen naam", kreeg=f"kolom {kolom}")
    if tabel.duplicated(list(kolommen)).any():
        raise _refusal(waar, "een getal komt meer dan één keer voor")


def _check_households(resultaat: Result) -> None:
    tabel = resultaat.schattingen
    if not all(math.isfinite(n) and n >= 0 for n in tabel["n"]):
        raise _refusal(resultaat.sleutel, "een aantal huishoudens ontbreekt of kan niet")
    if KINDS[resultaat.card.kind].los or tabel.empty:
        return
    zonder = set(tabel["periode"]) - set(tabel.loc[tabel["uitsplitsing"].eq(""), "periode"])
    if zonder:
        raise _refusal(resultaat.sleutel, "het geheel ontbreekt bij de groepen")


def _refusal(waar: str, wat: str, *, kreeg: str = "") -> OnthullingsFout:
    return OnthullingsFout(
        wat,
        waar=waar,
        kreeg=kreeg,
        herstel="meld dit; zolang het niet is opgelost, wordt er niets vrijgegeven",
    )


def nesting(bronnen: Iterable[tuple[Result, Bron]]) -> Nesting:
    """Return how the breakdowns by place hang together, from everything in the release."""
    strata: dict[str, set[str]] = {}
    namen: set[str] = set()
    met_mensen: set[str] = set()
    for resultaat, bron in bronnen:
        for plek, rij in bron.per_plek().items():
            if by_place(plek.uitsplitsing) and rij.n > 0:
                namen.add(plek.uitsplitsing)
                if plek.uitsplitsing == SITE:
                    met_mensen.add(plek.groep)
        deel = resultaat.schattingen[resultaat.schattingen["uitsplitsing"].eq(SITE)]
        for groep, stratum in zip(deel["groep"], deel["stratum"], strict=True):
            if stratum:
                strata.setdefault(groep, set()).add(stratum)
    # Whoever has no known proeftuin has no known kind either.
    strata.setdefault(ONBEKEND, {ONBEKEND})
    samenhang = SITE in namen and met_mensen <= strata.keys()
    return Nesting({g: tuple(sorted(s)) for g, s in strata.items()}, len(namen) > 1 and not samenhang)
