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

from toekomstscenario_eval.disclosure.distributions import FEWER, MORE
from toekomstscenario_eval.disclosure.ledger import Old
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Spot
from toekomstscenario_eval.disclosure.relations import CurvePoint, Gone, Line
from toekomstscenario_eval.disclosure.result_reading import CURVE, PROTECTED, places
from toekomstscenario_eval.disclosure.row_numbers import curve_numbers, row_numbers
from toekomstscenario_eval.disclosure.rules import Source, Verdict
from toekomstscenario_eval.frames import records, tuples

_MARGIN = 1e-6
_GETALLEN = ("schatting", "ondergrens", "bovengrens", "n", "teller", "noemer", "gecensureerd")
STATE = "; stand van vrijgave "
Naam = tuple[str, Spot]


@dataclass
class Difference:
    """How a result compares with what was published about the same subject.

    Attributes
    ----------
    weg : places, rows and points that may not be shown anew
    frozen : places of which the earlier numbers stay, with their release
    gelijk : numbers (quantity, place) that did not change since they were published
    klein : numbers that changed by less than the minimum since they were published
    anders : places that changed by enough to be shown anew, with what was published
    distributions : series and period of distributions that may not be shown
    uitsluitingen : places and reasons of which the number left out may not be shown
    """

    weg: set[Gone] = field(default_factory=set)
    frozen: dict[Spot, tuple[str, Old]] = field(default_factory=dict)
    gelijk: set[Naam] = field(default_factory=set)
    klein: set[Naam] = field(default_factory=set)
    anders: dict[Spot, tuple[str, Old]] = field(default_factory=dict)
    distributions: set[tuple[str, str]] = field(default_factory=set)
    uitsluitingen: set[tuple[Spot, str]] = field(default_factory=set)

    def include(self, other: Difference) -> None:
        """Hide what another comparison hides, too."""
        self.weg |= other.weg
        self.klein |= other.klein
        self.distributions |= other.distributions
        self.uitsluitingen |= other.uitsluitingen


def compare(
    source: Source,
    verdict: Verdict,
    reeksen: pd.DataFrame,
    uitsluitingen: pd.DataFrame,
    earlier: Sequence[tuple[str, Old]],
    policy: Policy,
) -> Difference:
    """Compare a result with every earlier publication about it; the strictest counts.

    Parameters
    ----------
    source, verdict : the result as the rules read and judged it
    reeksen, uitsluitingen : those of the result, unreleased
    earlier : releases with what they published, the latest first
    """
    out = Difference()
    for vrijgave, old in earlier:
        _hidden_before(out, source, old)
        out.uitsluitingen |= old.uitsluitingen_verborgen
        _numbers(out, source, verdict, vrijgave, old, policy)
        compare_series(out, reeksen, old, policy)
        compare_exclusions(out, uitsluitingen, old, policy)
    return out


def keep_rows(differences: Sequence[Difference]) -> None:
    """Where rows are counted, and not households, many rows may come from one household.

    So when anywhere the whole changed by a few households, what counts without a whole stays.
    """
    few = any(naam.endswith(".n") and not spot.uitsplitsing for v in differences for naam, spot in v.klein)
    for v in differences if few else ():
        spots = {p for p in v.anders if p.uitsplitsing}
        if spots == v.anders.keys() and not any(not p.uitsplitsing for _, p in v.gelijk):
            v.weg |= spots
            v.frozen |= {p: v.anders[p] for p in spots}


def compare_exclusions(out: Difference, uitsluitingen: pd.DataFrame, old: Old, policy: Policy) -> None:
    """Mark numbers left out that differ by a few from those that were published."""
    for row in records(uitsluitingen):
        spot = Spot(row["uitsplitsing"], row["groep"], row["periode"])
        was = old.uitsluitingen.get((spot, row["reden"]))
        if was is not None and few(row["aantal"] - was, policy.minimum_huishoudens):
            out.uitsluitingen.add((spot, row["reden"]))


def few(difference: float, minimum: int) -> bool:
    """Whether a difference is small but not nothing, or unknown."""
    return not (abs(difference) < _MARGIN or abs(difference) >= minimum)


def _hidden_before(out: Difference, source: Source, old: Old) -> None:
    out.weg |= {Line(maat, spot) for maat, spot in old.verborgen}
    if old.protected:
        return
    shown = old.punten().keys()
    for curve, points in source.curves.items():
        # Only where curves were published, and something was said about that place.
        out.weg |= {
            CurvePoint(curve, p) for p in points if shown and (curve, p) not in shown and _known(old, p)
        }


def _known(old: Old, spot: Spot) -> bool:
    return any(p == spot for _, p in old.rijen) or any(p == spot for _, p in old.verborgen)


def _numbers(
    out: Difference, source: Source, verdict: Verdict, vrijgave: str, old: Old, policy: Policy
) -> None:
    now, then = numbers(source, policy, None), numbers(source, policy, old)
    otherwise: dict[Spot, list[tuple[str, float]]] = {}
    for (naam, spot), was in then.items():
        difference = now.get((naam, spot), math.nan) - was
        if abs(difference) < _MARGIN:
            out.gelijk.add((naam, spot))
        else:
            otherwise.setdefault(spot, []).append((naam, difference))
            if few(difference, policy.minimum_huishoudens):
                out.klein.add((naam, spot))
    for spot in {p for _, p in old.rijen}:
        rows = otherwise.get(spot, [])
        no_difference = not rows and not _estimate_differs(source, old, spot)
        come = [abs(v) for naam, v in rows if naam.endswith(".n")]
        enough = (
            bool(come)
            and min(come) >= policy.minimum_huishoudens
            and not any(few(v, policy.minimum_huishoudens) for _, v in rows)
        )
        if no_difference:
            continue
        if enough:
            out.anders.setdefault(spot, (vrijgave, old))
            continue
        out.weg.add(spot)
        if spot not in verdict.plekken:
            out.frozen.setdefault(spot, (vrijgave, old))


def _estimate_differs(source: Source, old: Old, spot: Spot) -> bool:
    for naam, rows in source.rijen.items():
        was = old.rij(naam, spot)
        if was is not None and spot in rows and not same(rows[spot].schatting, was.schatting):
            return True
    return False


def same(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or abs(a - b) <= 1e-9 * (1 + abs(a))


def numbers(source: Source, policy: Policy, old: Old | None) -> dict[Naam, float]:
    """Return every number by quantity and place: as it is, or as it was published."""
    out: dict[Naam, float] = {}
    for naam, rows in source.rijen.items():
        for spot in rows:
            row = rows[spot] if old is None else old.rij(naam, spot)
            if row is not None:
                for what, waarde, _, _ in row_numbers(source, source.maten[naam].vorm, row, row, policy):
                    if not math.isnan(waarde):
                        out[f"{naam}.{what}", spot] = waarde
    noemer = {p: row.noemer for p, row in source.per_spot().items()}
    # The number at risk of a protected curve is rounded: it says nothing about a few.
    seen = {} if old is None or old.protected else old.punten()
    for curve, points in source.curves.items():
        then = {p: type(point)(*seen[curve, p]) for p, point in points.items() if (curve, p) in seen}
        part = points if old is None else then
        for what, per_spot in curve_numbers(curve, part, noemer, set(), policy).items():
            if old is None or what == "risico":
                for spot, (waarde, _, _) in per_spot.items():
                    out[f"{curve.reeks} {curve.label} {curve.dag:g}.{what}", spot] = waarde
    return out


def compare_series(out: Difference, reeksen: pd.DataFrame, old: Old, policy: Policy) -> None:
    """Mark distributions of which a class differs by a few: that tells what these few have."""
    key = ["reeks", "groep", "periode"]
    now = dict(iter(of_the_whole(reeksen).groupby(key)))
    for naam, then in of_the_whole(old.reeksen).groupby(key):
        if naam not in now:
            continue
        points = now[naam]
        is_ = {(label, other): float(n) for label, other, n in tuples(points, ("label", "ander", "n"))}
        for label, other, was in tuples(then, ("label", "ander", "n")):
            # Open classes at the ends are compared by what falls in them now.
            getal = is_.get((label, other), _open_class(label, other, points))
            if few(getal - float(was), policy.minimum_huishoudens):
                out.distributions.add((str(naam[0]), str(naam[2])))


def of_the_whole(reeksen: pd.DataFrame) -> pd.DataFrame:
    """Return distributions and pairs; protected curves are rounded, and stay with their place."""
    otherwise = reeksen["reeks"].isin((CURVE, *PROTECTED))
    return reeksen[~otherwise & reeksen["uitsplitsing"].eq("")]


def _open_class(label: str, other: str, now: pd.DataFrame) -> float:
    if other not in (MORE, FEWER):
        return 0.0
    x, edge = now["x"].astype(float), float(label)
    return float(now.loc[x >= edge if other == MORE else x <= edge, "n"].astype(float).sum())


def stays(
    schattingen: pd.DataFrame, reeksen: pd.DataFrame, uitsluitingen: pd.DataFrame, difference: Difference
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return what is released of a result, with the earlier numbers where those stay."""
    gone = [
        naam in difference.distributions for naam in zip(reeksen["reeks"], reeksen["periode"], strict=True)
    ]
    if any(gone):
        shut = np.array(gone, dtype=bool) & ~reeksen["reeks"].eq(CURVE).to_numpy()
        reeksen = reeksen.assign(onderdrukt=reeksen["onderdrukt"].to_numpy(dtype=bool) | shut)
        reeksen.loc[shut, ["x", "waarde", "ondergrens", "bovengrens", "n"]] = math.nan
        reeksen.loc[shut, ["label", "ander"]] = ["alle", ""]
        reeksen = reeksen.drop_duplicates([k for k in reeksen if k != "getal_id"], ignore_index=True)
    gone = [
        (p, r) in difference.uitsluitingen
        for p, r in zip(places(uitsluitingen), uitsluitingen["reden"], strict=True)
    ]
    shut = uitsluitingen["onderdrukt"].to_numpy(dtype=bool) | np.array(gone, dtype=bool)
    uitsluitingen = uitsluitingen.assign(onderdrukt=shut)
    uitsluitingen.loc[uitsluitingen["onderdrukt"], "aantal"] = math.nan
    if difference.frozen:
        schattingen = _earlier_rows(schattingen, difference.frozen)
        reeksen = _earlier_points(reeksen, difference.frozen)
    return schattingen, reeksen, uitsluitingen


def _earlier_rows(table: pd.DataFrame, frozen: Mapping[Spot, tuple[str, Old]]) -> pd.DataFrame:
    out = table.copy()
    for i, (maat, spot) in enumerate(zip(table["maat"], places(table), strict=True)):
        vrijgave, old = frozen.get(spot, ("", None))
        was = old.rijen.get((maat, spot)) if old is not None else None
        if was is None:
            continue
        for naam in _GETALLEN:
            out.loc[i, naam] = was[naam]
        bare = was["methode"].partition(STATE)[0]
        out.loc[i, "methode"] = f"{bare}{STATE}{vrijgave}, want het verschil met nu is te klein om te tonen"
        out.loc[i, "onderdrukt"] = False
    return out


def _earlier_points(reeksen: pd.DataFrame, frozen: Mapping[Spot, tuple[str, Old]]) -> pd.DataFrame:
    """Replace the series of a place by those that were published."""
    stays = [spot not in frozen for spot in places(reeksen)]
    pieces = [reeksen[stays]]
    for spot, (_, old) in frozen.items():
        was = old.reeksen[[p == spot for p in places(old.reeksen)]]
        pieces.append(was.assign(onderdrukt=False))
    full = [s for s in pieces if len(s)]
    return pd.concat(full, ignore_index=True).astype({"onderdrukt": bool}) if full else reeksen.iloc[:0]
