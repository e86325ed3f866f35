"""What may follow from the difference between two definitions of one indicator.

Who publishes a figure under two definitions publishes how many units they differ on. When that is a
few, those few are known. A definition is therefore shown only where it differs from every other one
that is shown by nothing or by enough; the definition that was computed first stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from toekomstscenario_eval.disclosure.difference import (
    Naam,
    Verschil,
    compare_exclusions,
    compare_series,
    few,
    numbers,
    of_the_whole,
    same,
)
from toekomstscenario_eval.disclosure.kinds import KINDS
from toekomstscenario_eval.disclosure.ledger import Grootboek, Oud, nearly_same, other_definition, subject
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Plek
from toekomstscenario_eval.disclosure.relations import Punt, Regel, Telling, Weg
from toekomstscenario_eval.disclosure.rules import Bron, Oordeel, longer_than
from toekomstscenario_eval.disclosure.source import VERDELING, places
from toekomstscenario_eval.frames import tuples
from toekomstscenario_eval.types import Kind, Result, Venster

# Numbers of a place as a whole; the other ones belong to one estimate.
_VAN_DE_PLEK = ("n", "noemer", "teller", "gecensureerd")
# Estimates of a curve from which the number behind them cannot be worked out.
_ZONDER_TELLING = ("mediaan", "gemiddelde_beperkt")


Klassen = Mapping[Plek, Mapping[tuple[str, str], float]]


class Ander(NamedTuple):
    """Another definition: what is published of it, and its distributions, whole where they are at hand."""

    oud: Oud
    getallen: Mapping[Naam, float]
    klassen: Klassen


def other(bron: Bron, oud: Oud, reeksen: pd.DataFrame, beleid: Policy) -> Ander:
    """Return a definition as others are compared with it.

    Parameters
    ----------
    bron : a result of the same indicator as the rules read it
    oud : what is published
    reeksen : its series, unreleased where they are at hand
    """
    return Ander(oud, numbers(bron, beleid, oud), _classes(reeksen))


def compare(
    bron: Bron,
    oordeel: Oordeel,
    reeksen: pd.DataFrame,
    uitsluitingen: pd.DataFrame,
    anderen: Sequence[Ander],
    beleid: Policy,
) -> Verschil:
    """Compare a result with the same indicator under other definitions, as those are published.

    Parameters
    ----------
    bron, oordeel : the result as the rules read and judged it
    reeksen, uitsluitingen : those of the result, unreleased
    anderen : the other definitions
    """
    uit, nu, klassen = Verschil(), numbers(bron, beleid, None), _classes(reeksen)
    heeft_reeksen = not of_the_whole(reeksen).empty
    for ander in anderen:
        per_plek: dict[Plek, dict[str, float]] = {}
        for (naam, plek), was in ander.getallen.items():
            if plek not in oordeel.plekken and (naam, plek) in nu:
                per_plek.setdefault(plek, {})[naam] = nu[naam, plek] - was
        for plek, verschillen in per_plek.items():
            minimum = beleid.minimum_huishoudens
            dichtbij = {k for k, v in verschillen.items() if not _at_risk(k) and few(v, minimum)}
            zeker = max(_certain(bron.soort, verschillen), _moved(klassen, ander.klassen, plek))
            uit.klein |= {(naam, plek) for naam in dichtbij}
            uit.weg |= _hide(bron, plek, dichtbij, ander.oud, genoeg=zeker >= minimum)
        if heeft_reeksen:
            compare_series(uit, reeksen, ander.oud, beleid)
        compare_exclusions(uit, uitsluitingen, ander.oud, beleid)
    return uit


def compare_all(
    paren: Sequence[tuple[Result, Bron]],
    oordelen: Sequence[Oordeel],
    verschillen: Sequence[Verschil],
    toon: Callable[[int, frozenset[Weg]], Oud],
    *,
    eerder: Sequence[Grootboek],
    beleid: Policy,
) -> dict[str, int]:
    """Add to each difference with before what differs too little from another definition.

    Parameters
    ----------
    paren, oordelen : results as the rules read and judged them
    verschillen : how each compares with what was published before; what is found is added
    toon : what would be published of a result when this is hidden
    eerder : ledgers of earlier releases

    Returns
    -------
    dict
        How much was hidden, by result.
    """
    getoond: dict[str, list[tuple[str, Venster, Ander]]] = {}
    uit: dict[str, int] = {}
    for i, ((r, bron), oordeel, verschil) in enumerate(zip(paren, oordelen, verschillen, strict=True)):
        if r.reden_nvt:
            continue
        over, naast = subject(r.indicator, r.params, r.variant), r.card.naast_elkaar
        eigen = getoond.setdefault(r.indicator, [])
        anderen = [
            ander
            for naam, venster, ander in eigen
            if other_definition(over, naam, naast=naast) and nearly_same(r.venster, venster)
        ]
        ouder = (oud for boek in eerder for oud in boek.others(over, r.venster, naast=naast))
        anderen += [other(bron, oud, oud.reeksen, beleid) for oud in ouder]
        if anderen:
            dichtbij = compare(bron, oordeel, r.reeksen, r.uitsluitingen, anderen, beleid)
            uit[r.sleutel] = len(dichtbij.weg - verschil.weg)
            verschil.include(dichtbij)
        zelf = other(bron, toon(i, frozenset(verschil.weg)), r.reeksen, beleid)
        eigen.append((over, r.venster, zelf))
    return {naam: n for naam, n in uit.items() if n}


def _at_risk(naam: str) -> bool:
    """Whether a number is that of one day of a curve: of those that differ there, nothing else is known."""
    return naam.rpartition(".")[2] == "risico"


def _certain(soort: Kind, verschillen: Mapping[str, float]) -> float:
    """Return how many units differ at least, by the numbers of them."""
    # A household may bring many of what is added up for a mean or a rate.
    som = ("teller", "noemer") if KINDS[soort].sommen else ()
    telt = [abs(v) for naam, v in verschillen.items() if naam.rpartition(".")[2] not in som]
    return max(telt, default=0.0)


def _moved(nu: Klassen, toen: Klassen, plek: Plek) -> float:
    """Return how many units differ at least, by the distributions: each leaves a class and enters one."""
    een, twee = nu.get(plek, {}), toen.get(plek, {})
    # An open class at an end stands for several: what is not in both is not compared.
    return sum(abs(een[k] - twee[k]) for k in een.keys() & twee.keys()) / 2


def _classes(reeksen: pd.DataFrame) -> Klassen:
    """Return per place how many units are in each class of the distribution."""
    deel = reeksen[reeksen["reeks"].eq(VERDELING) & reeksen["n"].notna()]
    uit: dict[Plek, dict[tuple[str, str], float]] = {}
    for plek, (label, ander, n) in zip(places(deel), tuples(deel, ("label", "ander", "n")), strict=True):
        uit.setdefault(plek, {})[label, ander] = float(n)
    return uit


def _hide(bron: Bron, plek: Plek, dichtbij: Collection[str], ander: Oud, *, genoeg: bool) -> set[Weg]:
    """Return what of a place may not be shown beside the other definition.

    Parameters
    ----------
    dichtbij : numbers that differ by a few
    genoeg : whether it is certain that enough units differ
    """
    delen = [naam.rpartition(".") for naam in dichtbij]
    if KINDS[bron.soort].netwerk:
        anders = delen or _estimates_differ(bron, plek, ander)
        return _hide_network(bron, plek, delen, genoeg=genoeg) if anders else set()
    van_de_plek = any(wat in _VAN_DE_PLEK for _, _, wat in delen)
    if van_de_plek and not KINDS[bron.soort].gecensureerd:
        return {plek}
    eigen = {maat for maat, _, _ in delen}
    uit: set[Weg] = set()
    dagen = set(bron.curven) if van_de_plek else set()
    for naam, rijen in bron.rijen.items():
        was = ander.rij(naam, plek)
        if plek not in rijen or was is None:
            continue
        anders = not genoeg and not same(rijen[plek].schatting, was.schatting)
        los = (bron.maten[naam].schatter or naam) in _ZONDER_TELLING
        if anders or (not los and (van_de_plek or naam in eigen)):
            uit.add(Regel(naam, plek))
            dagen |= {curve for curve in bron.curven if longer_than(bron, curve.dag) == naam}
    uit |= {Telling(plek)} if van_de_plek else set()
    return uit | {Punt(curve, plek) for curve in dagen if plek in bron.curven[curve]}


def _estimates_differ(bron: Bron, plek: Plek, ander: Oud) -> bool:
    """Whether any estimate of a place is another one than under the other definition."""
    paren = ((rijen.get(plek), ander.rij(naam, plek)) for naam, rijen in bron.rijen.items())
    return any(nu and was and not same(nu.schatting, was.schatting) for nu, was in paren)


def _hide_network(bron: Bron, plek: Plek, delen: Sequence[tuple[str, str, str]], *, genoeg: bool) -> set[Weg]:
    """Measures of a network are hidden together, but for those that follow from no others (`Maat.los`)."""
    families = {bron.maten[maat].los for maat, _, _ in delen}
    if not genoeg or "" in families or any(wat == "n" for _, _, wat in delen):
        return {plek}
    return {Regel(naam, plek) for naam, maat in bron.maten.items() if maat.los in families}
