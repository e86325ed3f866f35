"""An attacker who knows the published numbers, how groups hang together, and linear algebra.

Written apart from the product: it knows no rule and no order of hiding. Every published number
that adds up over households is one equation over the smallest cells; what lies in the row space of
those equations can be calculated exactly.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from vrijgave_bouw import GROOTHEDEN, RESULTATEN, Opmaak, Wereld

from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.types import Kind

Plek = tuple[str, str, str]


@dataclass(frozen=True)
class Geheim:
    """A quantity (plus minus min) that is hidden, and the threshold it falls under.

    With `nul_telt` a known zero is a secret too: then something holds for everybody.
    """

    plus: str
    min: str = ""
    drempel: str = ""
    nul_telt: bool = False


GEHEIMEN: Mapping[str, Geheim] = {
    "huishoudens": Geheim("huishoudens", "", "minimum_huishoudens"),
    "professionals": Geheim("professionals"),
    "duo": Geheim("duo", "", "minimum_teller"),
    "zonder duo": Geheim("huishoudens", "duo", "minimum_rest", nul_telt=True),
    "ots": Geheim("ots", "", "minimum_teller"),
    "zonder ots": Geheim("kinderen", "ots", "minimum_rest", nul_telt=True),
    "geeindigd": Geheim("geeindigd", "", "minimum_teller"),
    "gecensureerd": Geheim("perioden", "geeindigd", "minimum_teller"),
    "langer": Geheim("langer_90", "", "minimum_teller"),
    "niet langer": Geheim("perioden", "langer_90", "minimum_rest", nul_telt=True),
    "risico": Geheim("risico_90", "", "minimum_risico"),
    "dagen": Geheim("dagen"),
}
# What is zero as soon as the first is zero.
_VOLGT = {
    "huishoudens": GROOTHEDEN,
    "duo": ("perioden", "geeindigd", "langer_90", "risico_90", "dagen"),
    "perioden": ("geeindigd", "langer_90", "risico_90", "dagen"),
    "kinderen": ("ots",),
    "langer_90": ("risico_90",),
    "geeindigd": ("dagen",),
}


@dataclass(frozen=True)
class Lek:
    """What the attacker found: a secret of some hidden groups, and its exact value."""

    geheim: str
    groepen: tuple[Plek, ...]
    waarde: float


@dataclass
class Buit:
    """What a release gives away by looking at it."""

    getallen: dict[tuple[str, Plek], float] = field(default_factory=dict)
    geheimen: set[tuple[str, Plek]] = field(default_factory=set)

    def zie(self, grootheid: str, plek: Plek, waarde: float) -> None:
        if not math.isnan(waarde):
            self.getallen[grootheid, plek] = waarde


def kijk(vrijgave: Release) -> Buit:
    """Return every published number that adds up, and which numbers were hidden."""
    buit = Buit()
    for r in vrijgave.resultaten:
        vorm = RESULTATEN[r.indicator]
        for rij in r.schattingen.to_dict("records"):
            plek = (rij["uitsplitsing"], rij["groep"], rij["periode"])
            for grootheid, waarde in _getallen(vorm, rij):
                buit.zie(grootheid, plek, waarde)
            buit.geheimen |= {(g, plek) for g in _onderwerpen(vorm, rij)}
        for rij in r.reeksen[r.reeksen["reeks"].eq("overleving")].to_dict("records"):
            plek = (rij["uitsplitsing"], rij["groep"], rij["periode"])
            buit.zie("perioden" if rij["x"] == 0 else "risico_90", plek, rij["n"])
            if rij["x"] == 90:
                buit.zie("langer_90", plek, rij["waarde"] * buit.getallen.get(("perioden", plek), math.nan))
                if rij["onderdrukt"]:
                    buit.geheimen |= {("risico", plek), ("langer", plek), ("niet langer", plek)}
    return buit


def _getallen(vorm: Opmaak, rij: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
    yield vorm.n, rij["n"]
    if vorm.kind is Kind.NETWERK:
        if rij["maat"] == "professionals_per_huishouden":
            yield "professionals", rij["teller"]
            yield "professionals", rij["schatting"] * rij["n"]
        return
    yield vorm.teller, rij["teller"]
    if vorm.noemer:
        yield vorm.noemer, rij["noemer"]
    yield from {
        "aandeel": [(vorm.teller, rij["schatting"] * rij["noemer"])],
        "gemiddelde": [("professionals", rij["schatting"] * rij["n"])],
        "langer_90": [("langer_90", rij["schatting"] * rij["noemer"])],
        "gemiddelde_beeindigd": [("dagen", rij["schatting"] * rij["teller"])],
    }.get(rij["maat"], [])
    if vorm.kind is Kind.DUUR:
        yield "geeindigd", rij["noemer"] - rij["gecensureerd"]


def _onderwerpen(vorm: Opmaak, rij: Mapping[str, Any]) -> Iterable[str]:
    """Return what a row is about and hides; that its other numbers go along makes these no secret."""
    if vorm.kind is Kind.DUUR and math.isnan(rij["teller"]):
        yield from ("geeindigd", "gecensureerd")
    if not rij["onderdrukt"]:
        return
    if vorm.kind is Kind.AANDEEL:
        yield from (vorm.teller, f"zonder {vorm.teller}")
    if vorm.kind is Kind.TELLING:
        yield "huishoudens"
    if vorm.kind is Kind.AANTAL:
        yield from ("huishoudens", "professionals")
    if rij["maat"] == "langer_90":
        yield from ("langer", "niet langer")
    if rij["maat"] == "gemiddelde_beeindigd":
        yield "dagen"


class Kennis:
    """Everything that follows from what is published about one period of a world."""

    def __init__(self, wereld: Wereld, buit: Buit, periode: str) -> None:
        self.wereld = wereld
        cellen = sorted({(p, f) for _, p, f in wereld.cellen})
        self.kolom = {paar: i for i, paar in enumerate(itertools.product(GROOTHEDEN, cellen))}
        eigen = {sleutel: w for sleutel, w in buit.getallen.items() if sleutel[1][2] == periode}
        self.open = frozenset(eigen)
        # A published zero is zero in every cell below it; and without households there is nothing.
        self.nul = np.zeros(len(self.kolom), dtype=bool)
        for (grootheid, plek), waarde in eigen.items():
            if waarde == 0:
                for g in (grootheid, *_VOLGT.get(grootheid, ())):
                    self.nul |= self.vector(g, plek) > 0
        matrix = np.array([self.vector(*sleutel) for sleutel in eigen] or [np.zeros(len(self.kolom))])
        matrix[:, self.nul] = 0
        _, s, vt = np.linalg.svd(matrix, full_matrices=False)
        self.basis = vt[s > 1e-9]

    def vector(self, grootheid: str, plek: Plek) -> np.ndarray:
        uit = np.zeros(len(self.kolom))
        for cel in self.wereld.leden(plek[0], plek[1]):
            uit[self.kolom[grootheid, cel]] = 1
        return uit

    def volgt(self, vragen: np.ndarray) -> np.ndarray:
        """Return for each row whether its number follows from the rest; what is known zero does not count."""
        rest = vragen.copy()
        rest[:, self.nul] = 0
        bekend_nul = ~rest.any(axis=1)
        rest -= rest @ self.basis.T @ self.basis
        return (np.abs(rest).max(axis=1) < 1e-7) & ~bekend_nul

    def is_bekend_nul(self, grootheid: str, plek: Plek) -> bool:
        return not (self.vector(grootheid, plek) > self.nul).any()

    def elders_getoond(self, grootheid: str, plek: Plek) -> bool:
        """Whether the same households are shown under another name: the whole, or the only one of a kind."""
        leden = self.bewoond(*plek)
        return any(g == grootheid and self.bewoond(*ander) == leden for g, ander in self.open)

    def bewoond(self, uitsplitsing: str, groep: str, periode: str) -> list[tuple[str, str]]:
        cellen = self.wereld.leden(uitsplitsing, groep)
        return [c for c in cellen if self.wereld.cellen[periode, *c]["huishoudens"]]

    def gezelschap(self, grootheid: str, plek: Plek, dicht: Iterable[Plek]) -> bool:
        """Whether another group of the same kind is hidden that is not known to be zero."""
        soort = self.wereld.soort
        return any(
            ander != plek
            and not self.is_bekend_nul(grootheid, ander)
            and (plek[0] != "proeftuin" or soort[ander[1]] == soort[plek[1]])
            for ander in dicht
        )


def val_aan(wereld: Wereld, vrijgave: Release, beleid: Policy) -> list[Lek]:
    """Return every secret, and every sum of secrets under its threshold, that can be calculated."""
    buit = kijk(vrijgave)
    uit = []
    for periode in wereld.perioden:
        kennis = Kennis(wereld, buit, periode)
        for naam, geheim in GEHEIMEN.items():
            minimum = beleid.drempels.get(geheim.drempel, 0)
            plekken = sorted(p for g, p in buit.geheimen if g == naam and p[0] and p[2] == periode)
            for _, deel in itertools.groupby(plekken, key=lambda plek: plek[0]):
                uit += _lekken(kennis, naam, geheim, list(deel), minimum)
    return uit


def _lekken(kennis: Kennis, naam: str, geheim: Geheim, plekken: list[Plek], minimum: int) -> Iterable[Lek]:
    w = kennis.wereld
    grootheid = geheim.min or geheim.plus
    dicht = [p for p in plekken if (grootheid, p) not in kennis.open and w.som("huishoudens", *p)]
    groepen = [s for k in range(1, len(dicht) + 1) for s in itertools.combinations(dicht, k)]
    if not groepen:
        return
    vragen = np.array(
        [
            sum(
                kennis.vector(geheim.plus, p) - (kennis.vector(geheim.min, p) if geheim.min else 0) for p in s
            )
            for s in groepen
        ]
    )
    for s, volgt in zip(groepen, kennis.volgt(vragen), strict=True):
        if volgt:
            waarde = sum(w.som(geheim.plus, *p) - (w.som(geheim.min, *p) if geheim.min else 0) for p in s)
            te_klein = waarde < minimum and (waarde > 0 or geheim.nul_telt)
            # A large number that can be calculated is no secret when it has nothing left to protect.
            exact = (
                len(s) == 1
                and not (geheim.min and kennis.is_bekend_nul(geheim.min, s[0]))
                and kennis.gezelschap(geheim.plus, s[0], dicht)
                and not kennis.elders_getoond(grootheid, s[0])
            )
            if te_klein or exact:
                yield Lek(naam, s, float(waarde))
