"""What may follow from the difference with an earlier release, per result.

A place may show new numbers when nothing changed there, or when every number that counts units
changed by at least the minimum, or not at all, and enough households came or went. Otherwise the
few that changed would be known. Then the earlier numbers stay.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure.ledger import Oud
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Plek
from toekomstscenario_eval.disclosure.relations import Punt, Regel, Weg
from toekomstscenario_eval.disclosure.row_numbers import curve_numbers, row_numbers
from toekomstscenario_eval.disclosure.rules import Bron, Oordeel
from toekomstscenario_eval.disclosure.series import MEER, MINDER
from toekomstscenario_eval.disclosure.source import BESCHERMD, CURVE, places
from toekomstscenario_eval.frames import records, tuples

_MARGE = 1e-6
_GETALLEN = ("schatting", "ondergrens", "bovengrens", "n", "teller", "noemer", "gecensureerd")
STAND = "; stand van vrijgave "
Naam = tuple[str, Plek]


@dataclass
class Verschil:
    """How a result compares with what was published about the same subject.

    Attributes
    ----------
    weg : places, rows and points that may not be shown anew
    bevroren : places of which the earlier numbers stay, with their release
    gelijk : numbers (quantity, place) that did not change since they were published
    klein : numbers that changed by less than the minimum since they were published
    anders : places that changed by enough to be shown anew, with what was published
    verdelingen : series and period of distributions that may not be shown
    uitsluitingen : places and reasons of which the number left out may not be shown
    """

    weg: set[Weg] = field(default_factory=set)
    bevroren: dict[Plek, tuple[str, Oud]] = field(default_factory=dict)
    gelijk: set[Naam] = field(default_factory=set)
    klein: set[Naam] = field(default_factory=set)
    anders: dict[Plek, tuple[str, Oud]] = field(default_factory=dict)
    verdelingen: set[tuple[str, str]] = field(default_factory=set)
    uitsluitingen: set[tuple[Plek, str]] = field(default_factory=set)

    def include(self, ander: Verschil) -> None:
        """Hide what another comparison hides, too."""
        self.weg |= ander.weg
        self.klein |= ander.klein
        self.verdelingen |= ander.verdelingen
        self.uitsluitingen |= ander.uitsluitingen


def compare(
    bron: Bron,
    oordeel: Oordeel,
    reeksen: pd.DataFrame,
    uitsluitingen: pd.DataFrame,
    eerder: Sequence[tuple[str, Oud]],
    beleid: Policy,
) -> Verschil:
    """Compare a result with every earlier publication about it; the strictest counts.

    Parameters
    ----------
    bron, oordeel : the result as the rules read and judged it
    reeksen, uitsluitingen : those of the result, unreleased
    eerder : releases with what they published, the latest first
    """
    uit = Verschil()
    for vrijgave, oud in eerder:
        _hidden_before(uit, bron, oud)
        uit.uitsluitingen |= oud.uitsluitingen_verborgen
        _numbers(uit, bron, oordeel, vrijgave, oud, beleid)
        compare_series(uit, reeksen, oud, beleid)
        compare_exclusions(uit, uitsluitingen, oud, beleid)
    return uit


def keep_rows(verschillen: Sequence[Verschil]) -> None:
    """Where rows are counted, and not households, many rows may come from one household.

    So when anywhere the whole changed by a few households, what counts without a whole stays.
    """
    few = any(naam.endswith(".n") and not plek.uitsplitsing for v in verschillen for naam, plek in v.klein)
    for v in verschillen if few else ():
        plekken = {p for p in v.anders if p.uitsplitsing}
        if plekken == v.anders.keys() and not any(not p.uitsplitsing for _, p in v.gelijk):
            v.weg |= plekken
            v.bevroren |= {p: v.anders[p] for p in plekken}


def compare_exclusions(uit: Verschil, uitsluitingen: pd.DataFrame, oud: Oud, beleid: Policy) -> None:
    """Mark numbers left out that differ by a few from those that were published."""
    for rij in records(uitsluitingen):
        plek = Plek(rij["uitsplitsing"], rij["groep"], rij["periode"])
        was = oud.uitsluitingen.get((plek, rij["reden"]))
        if was is not None and few(rij["aantal"] - was, beleid.minimum_huishoudens):
            uit.uitsluitingen.add((plek, rij["reden"]))


def few(verschil: float, minimum: int) -> bool:
    """Whether a difference is small but not nothing, or unknown."""
    return not (abs(verschil) < _MARGE or abs(verschil) >= minimum)


def _hidden_before(uit: Verschil, bron: Bron, oud: Oud) -> None:
    uit.weg |= {Regel(maat, plek) for maat, plek in oud.verborgen}
    if oud.beschermd:
        return
    getoond = oud.punten().keys()
    for curve, punten in bron.curven.items():
        # Only where curves were published, and something was said about that place.
        uit.weg |= {
            Punt(curve, p) for p in punten if getoond and (curve, p) not in getoond and _known(oud, p)
        }


def _known(oud: Oud, plek: Plek) -> bool:
    return any(p == plek for _, p in oud.rijen) or any(p == plek for _, p in oud.verborgen)


def _numbers(uit: Verschil, bron: Bron, oordeel: Oordeel, vrijgave: str, oud: Oud, beleid: Policy) -> None:
    nu, toen = numbers(bron, beleid, None), numbers(bron, beleid, oud)
    anders: dict[Plek, list[tuple[str, float]]] = {}
    for (naam, plek), was in toen.items():
        verschil = nu.get((naam, plek), math.nan) - was
        if abs(verschil) < _MARGE:
            uit.gelijk.add((naam, plek))
        else:
            anders.setdefault(plek, []).append((naam, verschil))
            if few(verschil, beleid.minimum_huishoudens):
                uit.klein.add((naam, plek))
    for plek in {p for _, p in oud.rijen}:
        rijen = anders.get(plek, [])
        geen_verschil = not rijen and not _estimate_differs(bron, oud, plek)
        komen = [abs(v) for naam, v in rijen if naam.endswith(".n")]
        genoeg = (
            bool(komen)
            and min(komen) >= beleid.minimum_huishoudens
            and not any(few(v, beleid.minimum_huishoudens) for _, v in rijen)
        )
        if geen_verschil:
            continue
        if genoeg:
            uit.anders.setdefault(plek, (vrijgave, oud))
            continue
        uit.weg.add(plek)
        if plek not in oordeel.plekken:
            uit.bevroren.setdefault(plek, (vrijgave, oud))


def _estimate_differs(bron: Bron, oud: Oud, plek: Plek) -> bool:
    for naam, rijen in bron.rijen.items():
        was = oud.rij(naam, plek)
        if was is not None and plek in rijen and not same(rijen[plek].schatting, was.schatting):
            return True
    return False


def same(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or abs(a - b) <= 1e-9 * (1 + abs(a))


def numbers(bron: Bron, beleid: Policy, oud: Oud | None) -> dict[Naam, float]:
    """Return every number by quantity and place: as it is, or as it was published."""
    uit: dict[Naam, float] = {}
    for naam, rijen in bron.rijen.items():
        for plek in rijen:
            rij = rijen[plek] if oud is None else oud.rij(naam, plek)
            if rij is not None:
                for wat, waarde, _, _ in row_numbers(bron, bron.maten[naam].vorm, rij, rij, beleid):
                    if not math.isnan(waarde):
                        uit[f"{naam}.{wat}", plek] = waarde
    noemer = {p: rij.noemer for p, rij in bron.per_plek().items()}
    # The number at risk of a protected curve is rounded: it says nothing about a few.
    gezien = {} if oud is None or oud.beschermd else oud.punten()
    for curve, punten in bron.curven.items():
        toen = {p: type(punt)(*gezien[curve, p]) for p, punt in punten.items() if (curve, p) in gezien}
        deel = punten if oud is None else toen
        for wat, per_plek in curve_numbers(curve, deel, noemer, set(), beleid).items():
            if oud is None or wat == "risico":
                for plek, (waarde, _, _) in per_plek.items():
                    uit[f"{curve.reeks} {curve.label} {curve.dag:g}.{wat}", plek] = waarde
    return uit


def compare_series(uit: Verschil, reeksen: pd.DataFrame, oud: Oud, beleid: Policy) -> None:
    """Mark distributions of which a class differs by a few: that tells what these few have."""
    sleutel = ["reeks", "groep", "periode"]
    nu = dict(iter(of_the_whole(reeksen).groupby(sleutel)))
    for naam, toen in of_the_whole(oud.reeksen).groupby(sleutel):
        if naam not in nu:
            continue
        punten = nu[naam]
        is_ = {(label, ander): float(n) for label, ander, n in tuples(punten, ("label", "ander", "n"))}
        for label, ander, was in tuples(toen, ("label", "ander", "n")):
            # Open classes at the ends are compared by what falls in them now.
            getal = is_.get((label, ander), _open_class(label, ander, punten))
            if few(getal - float(was), beleid.minimum_huishoudens):
                uit.verdelingen.add((str(naam[0]), str(naam[2])))


def of_the_whole(reeksen: pd.DataFrame) -> pd.DataFrame:
    """Return distributions and pairs; protected curves are rounded, and stay with their place."""
    anders = reeksen["reeks"].isin((CURVE, *BESCHERMD))
    return reeksen[~anders & reeksen["uitsplitsing"].eq("")]


def _open_class(label: str, ander: str, nu: pd.DataFrame) -> float:
    if ander not in (MEER, MINDER):
        return 0.0
    x, rand = nu["x"].astype(float), float(label)
    return float(nu.loc[x >= rand if ander == MEER else x <= rand, "n"].astype(float).sum())


def stays(
    schattingen: pd.DataFrame, reeksen: pd.DataFrame, uitsluitingen: pd.DataFrame, verschil: Verschil
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return what is released of a result, with the earlier numbers where those stay."""
    weg = [naam in verschil.verdelingen for naam in zip(reeksen["reeks"], reeksen["periode"], strict=True)]
    if any(weg):
        dicht = np.array(weg, dtype=bool) & ~reeksen["reeks"].eq(CURVE).to_numpy()
        reeksen = reeksen.assign(onderdrukt=reeksen["onderdrukt"].to_numpy(dtype=bool) | dicht)
        reeksen.loc[dicht, ["x", "waarde", "ondergrens", "bovengrens", "n"]] = math.nan
        reeksen.loc[dicht, ["label", "ander"]] = ["alle", ""]
        reeksen = reeksen.drop_duplicates([k for k in reeksen if k != "getal_id"], ignore_index=True)
    weg = [
        (p, r) in verschil.uitsluitingen
        for p, r in zip(places(uitsluitingen), uitsluitingen["reden"], strict=True)
    ]
    dicht = uitsluitingen["onderdrukt"].to_numpy(dtype=bool) | np.array(weg, dtype=bool)
    uitsluitingen = uitsluitingen.assign(onderdrukt=dicht)
    uitsluitingen.loc[uitsluitingen["onderdrukt"], "aantal"] = math.nan
    if verschil.bevroren:
        schattingen = _earlier_rows(schattingen, verschil.bevroren)
        reeksen = _earlier_points(reeksen, verschil.bevroren)
    return schattingen, reeksen, uitsluitingen


def _earlier_rows(tabel: pd.DataFrame, bevroren: Mapping[Plek, tuple[str, Oud]]) -> pd.DataFrame:
    uit = tabel.copy()
    for i, (maat, plek) in enumerate(zip(tabel["maat"], places(tabel), strict=True)):
        vrijgave, oud = bevroren.get(plek, ("", None))
        was = oud.rijen.get((maat, plek)) if oud is not None else None
        if was is None:
            continue
        for naam in _GETALLEN:
            uit.loc[i, naam] = was[naam]
        kaal = was["methode"].partition(STAND)[0]
        uit.loc[i, "methode"] = f"{kaal}{STAND}{vrijgave}, want het verschil met nu is te klein om te tonen"
        uit.loc[i, "onderdrukt"] = False
    return uit


def _earlier_points(reeksen: pd.DataFrame, bevroren: Mapping[Plek, tuple[str, Oud]]) -> pd.DataFrame:
    """Replace the series of a place by those that were published."""
    blijft = [plek not in bevroren for plek in places(reeksen)]
    stukken = [reeksen[blijft]]
    for plek, (_, oud) in bevroren.items():
        was = oud.reeksen[[p == plek for p in places(oud.reeksen)]]
        stukken.append(was.assign(onderdrukt=False))
    vol = [s for s in stukken if len(s)]
    return pd.concat(vol, ignore_index=True).astype({"onderdrukt": bool}) if vol else reeksen.iloc[:0]
