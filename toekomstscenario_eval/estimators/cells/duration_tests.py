"""Durations of groups compared, from published counts on a grid of days: what `group_tests` does of days."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from toekomstscenario_eval.compared_groups import Comparison
from toekomstscenario_eval.estimators.cells.grid_scores import (
    Groups,
    Ratio,
    gray_on_grid,
    hazard_ratio,
    logrank_score,
    stratified_score,
    variance_by_site,
)
from toekomstscenario_eval.estimators.cells.lattice import Lattice, area, lattice
from toekomstscenario_eval.estimators.cells.nested import nested, whole_steps
from toekomstscenario_eval.estimators.contrast import Score, Toets, verdict
from toekomstscenario_eval.estimators.group_tests import (
    COX,
    LEAST_CLUSTERS,
    PROPORTIONAL,
    Row,
    named_row,
    two_sided,
)
from toekomstscenario_eval.estimators.incidence import PREFIX, parse
from toekomstscenario_eval.estimators.intervals import NAN, estimator, t_waarde, z_waarde
from toekomstscenario_eval.grids import STEP, duration_days
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.series import NO_PART
from toekomstscenario_eval.types import SITE, Result

_GRID = f"op een raster van {STEP} dagen, met de ruis"
_LOGRANK, _STRATIFIED = "log-rank", "log-rank, gestratificeerd"
_FEW_SITES = "een groep heeft minder dan twee regio's met openbare tellingen"
_ONLY_HOUSEHOLDS = "perioden als onafhankelijk geteld en alleen over huishoudens"


@dataclass(frozen=True)
class Place:
    """The published numbers of one group or site; `huishoudens` is their number there."""

    counts: Lattice
    huishoudens: int
    cause: int | None

    @property
    def spells(self) -> float:
        """Spells in all."""
        return self.counts.spells

    @property
    def events(self) -> float:
        """Spells ended, by the cause that is compared or (None) any, within the grid."""
        own = [i for i, naam in enumerate(self.counts.causes) if self.cause in (None, naam)]
        return float(self.counts.ended[own, -1].sum())


@dataclass(frozen=True)
class _Asked:
    """A comparison of groups, with everything that it rests on."""

    result: Result
    comparison: Comparison
    groepen: tuple[str, ...]

    @cached_property
    def cause(self) -> int | None:
        """The end that is compared when the headline is about that end; None: every end."""
        naam = estimator(*next(iter(self.result.card.maten_bij(self.result.params).items())))
        return parse(naam)[0] if naam.startswith(PREFIX) else None

    @property
    def public(self) -> PublicSummary:
        """The counts by the breakdown that is compared."""
        found: PublicSummary = self.result.publiek[self.comparison.naar]
        return found

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """The groups of which something is published."""
        return self._places(self.public)

    @cached_property
    def sites(self) -> Mapping[str, Place]:
        """The sites of which something is published."""
        found = self.result.publiek.get(SITE)
        return self._places(found) if found else {}

    def _places(self, public: PublicSummary) -> Mapping[str, Place]:
        card = self.result.card
        spots = public.plekken[public.plekken["reden"].eq("") & public.plekken["periode"].eq("")]
        parts = dict(list(public.cellen[public.cellen["periode"].eq("")].groupby("groep", sort=False)))
        out = {}
        for groep, households in zip(spots["groep"], spots["huishoudens"], strict=True):
            cells = parts.get(groep, public.cellen.iloc[:0])
            u = nested(cells, "u", whole_steps(cells, "u"), public.ruis.v)
            counts = lattice(
                cells,
                duration_days(card.horizon),
                tuple(card.oorzaken or (1,)),
                spells=u.sum(),
                v=public.ruis.v,
                at_risk=public.vanaf.at_risk,
            )
            out[str(groep)] = Place(counts, int(households), self.cause)
        return out

    @cached_property
    def taking_part(self) -> tuple[str, ...]:
        """The groups with enough spells and ends."""
        least = self.public.vanaf
        return tuple(
            g
            for g in self.groepen
            if g in self.places
            and self.places[g].spells >= least.test_spells
            and self.places[g].events >= least.test_events
        )

    @property
    def groups(self) -> Groups:
        """The numbers of the groups that take part."""
        return Groups(tuple(self.places[g].counts for g in self.taking_part), self.cause)

    def group_of_site(self, per: str) -> Mapping[str, str] | None:
        """Return the group by site of a breakdown that is a property of sites; None of any other."""
        if per == SITE:
            return {naam: naam for naam in self._seen}
        known = self.comparison.regios.get(per)
        return None if known is None else {naam: known[naam] for naam in self._seen if naam in known}

    @cached_property
    def _seen(self) -> tuple[str, ...]:
        """Every site with households, published or not."""
        found = self.result.publiek.get(SITE)
        return tuple(dict.fromkeys(found.plekken["groep"])) if found else ()

    def own_sites(self) -> Mapping[str, str]:
        """Return the group by site of the sites in the groups that take part."""
        of = self.group_of_site(self.comparison.naar) or {}
        return {naam: groep for naam, groep in of.items() if groep in self.taking_part}


def duration_tests(result: Result, comparison: Comparison, groepen: Sequence[str]) -> Iterator[Row]:
    """Yield log-rank, Gray, restricted mean and Cox from published counts, and who does not take part.

    Spells count as independent, and those that end after the last day of the grid as running. A stratified
    test adds up sites, and so needs groups and strata that are both made of sites: counts by two breakdowns
    at once are not published.

    Parameters
    ----------
    groepen : sequence of str
        Codes of the groups that are asked.
    """
    q = _Asked(result, comparison, tuple(groepen))
    gone = [g for g in groepen if g not in q.taking_part]
    if len(q.taking_part) < 2:
        least = q.public.vanaf
        why = f"minder dan twee groepen hebben {least.test_spells} duren en {least.test_events} einden"
        yield named_row(_LOGRANK, f"log-rank niet te toetsen, want {why}")
    else:
        yield from ({**row, "groepen": q.taking_part} for row in _tests(q))
    if gone:
        yield {**named_row(NO_PART, _who_not(q, gone)), "groepen": gone}


def _who_not(q: _Asked, gone: Sequence[str]) -> str:
    least, spots = q.public.vanaf, q.public.plekken
    reasons = dict(zip(spots["groep"], spots["reden"], strict=True))
    few = f"minder dan {least.test_spells} duren of {least.test_events} einden"
    by_reason: dict[str, list[str]] = {}
    for g in gone:
        by_reason.setdefault(reasons.get(g) or few, []).append(q.result.labels.text(q.comparison.naar, g))
    parts = [f"{', '.join(names)} ({reason})" for reason, names in by_reason.items()]
    return f"doen niet mee aan de toetsen: {', '.join(parts)}"


def _tests(q: _Asked) -> Iterator[Row]:
    ends = [q.places[g].events for g in q.taking_part]
    vast = {"kleinste": min(ends), "vrijheid": sum(ends) - len(ends)}
    yield _chi2(_LOGRANK, q.taking_part, logrank_score(q.groups), vast)
    if q.comparison.binnen:
        yield _stratified(q, vast)
    if q.cause is not None:
        yield _chi2("Gray", q.taking_part, gray_on_grid(q.groups, q.cause), vast)
    if len(q.taking_part) == 2:
        if q.cause is None:
            yield _restricted(q, vast)
        yield from _cox(q, vast)


def _chi2(naam: str, groepen: Sequence[str], score: Score, vast: Mapping[str, float]) -> Row:
    out: Toets = verdict(naam, groepen, score)
    methode = f"{out.methode} {_GRID}" if out.df else out.methode
    return named_row(naam, methode, statistiek=out.statistiek, df=out.df or NAN, p=out.p, **vast)


def _stratified(q: _Asked, vast: Mapping[str, float]) -> Row:
    strata, sites = q.group_of_site(q.comparison.binnen), q.own_sites()
    if strata is None or not sites:
        both = "tellingen naar de twee uitsplitsingen tegelijk zijn niet openbaar"
        return named_row(_STRATIFIED, f"{_STRATIFIED} niet openbaar te toetsen, want {both}")
    if why := _not_all_sites(q):
        return named_row(_STRATIFIED, f"{_STRATIFIED} niet openbaar te toetsen, want {why}")
    by_stratum = [
        [
            [q.sites[naam].counts for naam, g in sites.items() if g == groep and strata.get(naam) == stratum]
            for groep in q.taking_part
        ]
        for stratum in sorted({strata[naam] for naam in sites if naam in strata})
    ]
    return _chi2(_STRATIFIED, q.taking_part, stratified_score(by_stratum, q.cause), vast)


def _not_all_sites(q: _Asked) -> str:
    """Return why sites cannot be the unit although groups are made of them; empty when they can.

    Sites that are large enough to be shown are not like the others: all take part, or none.
    """
    least = q.public.vanaf.between_sites
    shown = [q.sites[n].huishoudens if n in q.sites else 0 for n in q.own_sites()]
    few = sum(n < least for n in shown)
    what = f"tellen minder dan {least} huishoudens mee of is niets openbaar"
    return f"bij {few} van de {len(shown)} regio's {what}" if few else ""


def _restricted(q: _Asked, vast: Mapping[str, float]) -> Row:
    horizon, least = q.result.card.horizon, q.public.drempel
    naam = f"verschil in gemiddelde binnen {horizon} dagen"
    two = [q.places[g].counts for g in q.taking_part]
    spot = int(np.searchsorted(two[0].days, horizon))
    if any(c.risk[spot] < least or not c.known[spot] for c in two):
        why = f"in een groep zijn dan minder dan {least} duren onder risico"
        return named_row(naam, f"{naam} niet te schatten, want {why}")
    (a, of_a), (b, of_b) = (area(c, horizon) for c in two)
    fout = math.sqrt(of_a + of_b)
    half = z_waarde() * fout
    return named_row(
        naam,
        f"{naam}, 95%-interval (normaal) {_GRID}",
        schatting=a - b,
        ondergrens=a - b - half,
        bovengrens=a - b + half,
        p=two_sided((a - b) / fout, 0),
        **{**vast, "eenheid": "dagen"},
    )


def _cox(q: _Asked, vast: Mapping[str, float]) -> Iterator[Row]:
    ratio = hazard_ratio(q.groups)
    if ratio is None:
        yield named_row(COX, "Cox niet te schatten, in een groep eindigt niets of alles meteen")
        return
    fout, df, how = _error(q, ratio)
    half = t_waarde(df or 1e9) * fout
    b = ratio.coefficient
    row = named_row(
        COX,
        f"Cox {_GRID}, {how}",
        schatting=math.exp(b),
        ondergrens=math.exp(b - half),
        bovengrens=math.exp(b + half),
        statistiek=b / fout,
        df=df or NAN,
        p=two_sided(b / fout, df),
        **{**vast, "eenheid": "verhouding"},
    )
    yield {**row, "regios": tuple(q.own_sites())} if df else row
    score, variance = ratio.shift
    out = verdict(
        PROPORTIONAL, q.taking_part[:1], Score(np.array([score]), np.zeros(1), np.array([[variance]]))
    )
    methode = f"{PROPORTIONAL} {_GRID}" if out.df else out.methode
    yield named_row(
        PROPORTIONAL,
        methode,
        statistiek=out.statistiek,
        df=out.df or NAN,
        p=out.p,
        **vast,
    )


def _error(q: _Asked, ratio: Ratio) -> tuple[float, int, str]:
    """Return the standard error of the logarithm of the ratio, degrees of freedom (0: normal), and how."""
    why = _no_units(q)
    if not why:
        sites = q.own_sites()
        found = variance_by_site(
            ratio, [[q.sites[naam].counts for naam, g in sites.items() if g == own] for own in q.taking_part]
        )
        if found:
            return math.sqrt(found[0]), found[1] - 2, "de regio als eenheid (toevalseffect, t-verdeling)"
        why = _FEW_SITES
    return math.sqrt(ratio.variance), 0, f"{_ONLY_HOUSEHOLDS}, want {why}"


def _no_units(q: _Asked) -> str:
    """Return why sites are not the unit; empty when they are."""
    if q.comparison.naar == SITE:
        return "de groepen zijn zelf regio's"
    if q.comparison.naar not in q.comparison.regios:
        return "in een regio zijn er huishoudens uit meer dan een groep"
    of = list(q.own_sites().values())
    few = any(of.count(groep) < LEAST_CLUSTERS for groep in q.taking_part)
    return _FEW_SITES if few else _not_all_sites(q)
