"""What may follow from the difference between two definitions of one indicator.

Who publishes a figure under two definitions publishes how many units they differ on. When that is a
few, those few are known. A definition is therefore shown only where it differs from every other one
that is shown by nothing or by enough; the definition that was computed first stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from toekomstscenario_eval.disclosure.earlier_release import (
    Difference,
    Naam,
    compare_exclusions,
    compare_series,
    few,
    numbers,
    of_the_whole,
    same,
)
from toekomstscenario_eval.disclosure.kind_rules import KINDS
from toekomstscenario_eval.disclosure.ledger import Ledger, Old, nearly_same, other_definition, subject
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Spot
from toekomstscenario_eval.disclosure.relations import CurvePoint, Gone, Line, Telling
from toekomstscenario_eval.disclosure.result_reading import DISTRIBUTION, places
from toekomstscenario_eval.disclosure.rules import Source, Verdict, longer_than
from toekomstscenario_eval.frames import tuples
from toekomstscenario_eval.types import Kind, Result, Venster

# Numbers of a place as a whole; the other ones belong to one estimate.
_OF_THE_SPOT = ("n", "noemer", "teller", "gecensureerd")
# Estimates of a curve from which the number behind them cannot be worked out.
_WITHOUT_TELLING = ("mediaan", "gemiddelde_beperkt")


Classes = Mapping[Spot, Mapping[tuple[str, str], float]]


class Other(NamedTuple):
    """Another definition: what is published of it, and its distributions, whole where they are at hand."""

    old: Old
    getallen: Mapping[Naam, float]
    klassen: Classes


def other(source: Source, old: Old, reeksen: pd.DataFrame, policy: Policy) -> Other:
    """Return a definition as others are compared with it.

    Parameters
    ----------
    source : a result of the same indicator as the rules read it
    old : what is published
    reeksen : its series, unreleased where they are at hand
    """
    return Other(old, numbers(source, policy, old), _classes(reeksen))


def compare(
    source: Source,
    verdict: Verdict,
    reeksen: pd.DataFrame,
    uitsluitingen: pd.DataFrame,
    others: Sequence[Other],
    policy: Policy,
) -> Difference:
    """Compare a result with the same indicator under other definitions, as those are published.

    Parameters
    ----------
    source, verdict : the result as the rules read and judged it
    reeksen, uitsluitingen : those of the result, unreleased
    others : the other definitions
    """
    out, now, classes = Difference(), numbers(source, policy, None), _classes(reeksen)
    has_reeksen = not of_the_whole(reeksen).empty
    for other in others:
        per_spot: dict[Spot, dict[str, float]] = {}
        for (naam, spot), was in other.getallen.items():
            if spot not in verdict.plekken and (naam, spot) in now:
                per_spot.setdefault(spot, {})[naam] = now[naam, spot] - was
        for spot, differences in per_spot.items():
            minimum = policy.minimum_huishoudens
            near = {k for k, v in differences.items() if not _at_risk(k) and few(v, minimum)}
            certain = max(_certain(source.soort, differences), _moved(classes, other.klassen, spot))
            out.klein |= {(naam, spot) for naam in near}
            out.weg |= _hide(source, spot, near, other.old, enough=certain >= minimum)
        if has_reeksen:
            compare_series(out, reeksen, other.old, policy)
        compare_exclusions(out, uitsluitingen, other.old, policy)
    return out


def compare_all(
    pairs: Sequence[tuple[Result, Source]],
    verdicts: Sequence[Verdict],
    differences: Sequence[Difference],
    show: Callable[[int, frozenset[Gone]], Old],
    *,
    earlier: Sequence[Ledger],
    policy: Policy,
) -> dict[str, int]:
    """Add to each difference with before what differs too little from another definition.

    Parameters
    ----------
    pairs, verdicts : results as the rules read and judged them
    differences : how each compares with what was published before; what is found is added
    show : what would be published of a result when this is hidden
    earlier : ledgers of earlier releases

    Returns
    -------
    dict
        How much was hidden, by result.
    """
    shown: dict[str, list[tuple[str, Venster, Other]]] = {}
    out: dict[str, int] = {}
    for i, ((r, source), verdict, difference) in enumerate(zip(pairs, verdicts, differences, strict=True)):
        if r.reden_nvt:
            continue
        over, beside = subject(r.indicator, r.params, r.variant), r.card.naast_elkaar
        own = shown.setdefault(r.indicator, [])
        others = [
            other
            for naam, venster, other in own
            if other_definition(over, naam, beside=beside) and nearly_same(r.venster, venster)
        ]
        ouder = (old for book in earlier for old in book.others(over, r.venster, beside=beside))
        others += [other(source, old, old.reeksen, policy) for old in ouder]
        if others:
            near = compare(source, verdict, r.reeksen, r.uitsluitingen, others, policy)
            out[r.sleutel] = len(near.weg - difference.weg)
            difference.include(near)
        itself = other(source, show(i, frozenset(difference.weg)), r.reeksen, policy)
        own.append((over, r.venster, itself))
    return {naam: n for naam, n in out.items() if n}


def _at_risk(naam: str) -> bool:
    """Whether a number is that of one day of a curve: of those that differ there, nothing else is known."""
    return naam.rpartition(".")[2] == "risico"


def _certain(soort: Kind, differences: Mapping[str, float]) -> float:
    """Return how many units differ at least, by the numbers of them."""
    # A household may bring many of what is added up for a mean or a rate.
    total = ("teller", "noemer") if KINDS[soort].sums else ()
    counts = [abs(v) for naam, v in differences.items() if naam.rpartition(".")[2] not in total]
    return max(counts, default=0.0)


def _moved(now: Classes, then: Classes, spot: Spot) -> float:
    """Return how many units differ at least, by the distributions: each leaves a class and enters one."""
    one, two = now.get(spot, {}), then.get(spot, {})
    # An open class at an end stands for several: what is not in both is not compared.
    return sum(abs(one[k] - two[k]) for k in one.keys() & two.keys()) / 2


def _classes(reeksen: pd.DataFrame) -> Classes:
    """Return per place how many units are in each class of the distribution."""
    part = reeksen[reeksen["reeks"].eq(DISTRIBUTION) & reeksen["n"].notna()]
    out: dict[Spot, dict[tuple[str, str], float]] = {}
    for spot, (label, other, n) in zip(places(part), tuples(part, ("label", "ander", "n")), strict=True):
        out.setdefault(spot, {})[label, other] = float(n)
    return out


def _hide(source: Source, spot: Spot, near: Collection[str], other: Old, *, enough: bool) -> set[Gone]:
    """Return what of a place may not be shown beside the other definition.

    Parameters
    ----------
    near : numbers that differ by a few
    enough : whether it is certain that enough units differ
    """
    parts = [naam.rpartition(".") for naam in near]
    if KINDS[source.soort].netwerk:
        otherwise = parts or _estimates_differ(source, spot, other)
        return _hide_network(source, spot, parts, enough=enough) if otherwise else set()
    of_the_spot = any(what in _OF_THE_SPOT for _, _, what in parts)
    if of_the_spot and not KINDS[source.soort].gecensureerd:
        return {spot}
    own = {maat for maat, _, _ in parts}
    out: set[Gone] = set()
    dagen = set(source.curves) if of_the_spot else set()
    for naam, rows in source.rijen.items():
        was = other.rij(naam, spot)
        if spot not in rows or was is None:
            continue
        otherwise = not enough and not same(rows[spot].schatting, was.schatting)
        loose = (source.maten[naam].schatter or naam) in _WITHOUT_TELLING
        if otherwise or (not loose and (of_the_spot or naam in own)):
            out.add(Line(naam, spot))
            dagen |= {curve for curve in source.curves if longer_than(source, curve.dag) == naam}
    out |= {Telling(spot)} if of_the_spot else set()
    return out | {CurvePoint(curve, spot) for curve in dagen if spot in source.curves[curve]}


def _estimates_differ(source: Source, spot: Spot, other: Old) -> bool:
    """Whether any estimate of a place is another one than under the other definition."""
    pairs = ((rows.get(spot), other.rij(naam, spot)) for naam, rows in source.rijen.items())
    return any(now and was and not same(now.schatting, was.schatting) for now, was in pairs)


def _hide_network(
    source: Source, spot: Spot, parts: Sequence[tuple[str, str, str]], *, enough: bool
) -> set[Gone]:
    """Measures of a network are hidden together, but for those that follow from no others (`Maat.los`)."""
    families = {source.maten[maat].los for maat, _, _ in parts}
    if not enough or "" in families or any(what == "n" for _, _, what in parts):
        return {spot}
    return {Line(naam, spot) for naam, maat in source.maten.items() if maat.los in families}
