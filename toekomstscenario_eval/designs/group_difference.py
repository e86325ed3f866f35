"""Difference between two groups, from their released estimates: what is hidden stays hidden.

A description, not an effect: the groups were not drawn by lot and differ in more than the pilot.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from toekomstscenario_eval.designs import Design, Made, Released, rows
from toekomstscenario_eval.designs._published import spread
from toekomstscenario_eval.designs._regions import RegionDifference, by_region
from toekomstscenario_eval.designs._sites import Z
from toekomstscenario_eval.document.format import FORMS, of_difference
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.types import SITE_KIND, TOON, Kind, Maat, Vorm

# The two kinds of region, by code.
PROEFTUIN, VERGELIJKING = "proeftuin", "vergelijking"
# The name of the difference of which the region is the unit.
REGION_UNIT = "regio als eenheid"
CARD = Design(
    label="Verschil tussen twee groepen",
    vraag="Hoeveel verschillen proeftuinen en vergelijkingsregio's, met de onzekerheid van beide?",
    assumption="Zonder verschil had de soort bij elke regio kunnen horen: regio's zijn te verwisselen. Waar "
    "het huishouden de eenheid is, zijn huishoudens onafhankelijk van hun regio.",
    grens="Waardoor het verschil komt: de groepen zijn niet door loting bepaald, en verschillen in meer dan "
    "de proef.",
    per=SITE_KIND,
    order=1,
    code="verschil",
    methode="Verschillen tussen proeftuinen en vergelijkingsregio's: het verschil van de gemiddelden over "
    "regio's, elke regio even zwaar. De p-waarde is het deel van alle manieren om de soort aan de regio's "
    "toe te wijzen dat een minstens zo groot verschil geeft, naar beide kanten (Fisher 1935; Ernst 2004). "
    "Het 95%-interval bevat elke verschuiving die deze toets niet verwerpt: het neemt aan dat een regio "
    "van de ene soort overal evenveel hoger of lager zou liggen als zij van de andere was. Interval en p "
    "zijn nooit zekerder dan de onzekerheid van de regio's zelf toelaat. Alle regio's doen mee, of er is "
    "geen verschil. Met te weinig regio's kan de p-waarde niet onder 0,05 komen; dan staan er geen p en "
    "geen interval. Daarna staat het verschil over huishoudens: uit de intervallen van beide groepen "
    "(Newcombe 1998; Zou en Donner 2008), bij gemiddelden ook Hedges' g. Dat rekent alsof huishoudens "
    "onafhankelijk zijn van hun regio, en is te zeker voor een conclusie over proeftuinen. Alles is een "
    "beschrijving, geen effect. In een openbaar verslag zit de ruis in de cijfers van de regio's, en doen "
    "bij een aandeel en een gemiddelde score van huishoudens alle regio's mee met hun gepubliceerde "
    "tellingen.",
)


# Estimands that are the mean of one number of every household.
_PER_HUISHOUDEN: Mapping[Kind, tuple[str, ...]] = {
    Kind.AANDEEL: (),
    Kind.AANTAL: ("gemiddelde",),
    Kind.DUUR: (),
    Kind.HERHAALD: (),
    Kind.SCORE: (),
    Kind.MATRIX: (),
    Kind.NETWERK: (),
    Kind.KENMERK: (),
    Kind.TELLING: (),
}


# Estimands that are a whole number with whole bounds: an order statistic of counts.
_IN_STEPS: Mapping[Kind, tuple[str, ...]] = {
    Kind.AANDEEL: (),
    Kind.AANTAL: ("mediaan", "p90"),
    Kind.DUUR: (),
    Kind.HERHAALD: (),
    Kind.SCORE: (),
    Kind.MATRIX: (),
    Kind.NETWERK: (),
    Kind.KENMERK: (),
    Kind.TELLING: (),
}
# A difference that a test between groups estimates too, and how the name of that test begins.
_RESTRICTED, _RESTRICTED_TEST = "gemiddelde_beperkt", "verschil in gemiddelde binnen"


# Of a group that reads as words no figure is shown, and so none of a difference.
TOO_FEW = "een van de groepen telt te weinig huishoudens voor een schatting"


@dataclass(frozen=True)
class Difference:
    """Estimate of group `a` minus group `b` with a 95% interval, in the unit of the estimand.

    `hedges_g` (with interval) is NaN unless the estimand is a mean per household.
    `reden` says why there is no difference; empty when there is one.
    """

    a: str
    b: str
    schatting: float = math.nan
    ondergrens: float = math.nan
    bovengrens: float = math.nan
    hedges_g: float = math.nan
    g_ondergrens: float = math.nan
    g_bovengrens: float = math.nan
    reden: str = ""


def mover(one: tuple[float, float, float], two: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return the difference of two independent estimates with an interval from their own intervals.

    Method of variance estimates recovery: with Wilson intervals of two shares it is Newcombe's
    hybrid score interval.

    Parameters
    ----------
    one, two : tuple of float
        Estimate, lower and upper limit of each group.

    References
    ----------
    Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
    Zou and Donner (2008), doi:10.1002/sim.3095
    """
    (p1, l1, u1), (p2, l2, u2) = one, two
    gap = p1 - p2
    return gap, gap - math.hypot(p1 - l1, u2 - p2), gap + math.hypot(u1 - p1, p2 - l2)


def noisy_g(
    gap: float, error: float, n: tuple[float, float], s: tuple[float, float]
) -> tuple[float, float, float]:
    """Return Hedges' g with a 95% interval from a difference whose standard error has the noise in it.

    With d = gap / s, N = n1 + n2 and J = 1 - 3 / (4 N - 9): g = J d, with variance
    J^2 (error^2 / s^2 + d^2 / (2 N)).

    Parameters
    ----------
    gap, error : float
        Difference of the means, and its standard error.
    n, s : tuple of float
        Published households, and standard deviation between households, of both groups.

    References
    ----------
    Hedges and Olkin (1985), Statistical Methods for Meta-Analysis, chapter 5
    """
    total = sum(n)
    pooled = math.sqrt(sum((size - 1) * spread**2 for size, spread in zip(n, s, strict=True)) / (total - 2))
    if not pooled > 0:
        return math.nan, math.nan, math.nan
    d, shrink = gap / pooled, 1 - 3 / (4 * total - 9)
    margin = Z * shrink * math.sqrt((error / pooled) ** 2 + d**2 / (2 * total))
    return shrink * d, shrink * d - margin, shrink * d + margin


def hedges_g(one: pd.Series, two: pd.Series) -> tuple[float, float, float]:
    """Return Hedges' g with a 95% interval from two means with their standard errors (pingouin).

    The standard deviation is that between the units that the mean is over, which are the `noemer`: meetings
    where a household brings several, and households where it brings one.
    """
    import pingouin as pg

    (n1, s1), (n2, s2) = (
        (round(row["noemer"]), float(row["standaardfout"]) * math.sqrt(row["noemer"])) for row in (one, two)
    )
    pooled = math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
    if not pooled > 0:
        return math.nan, math.nan, math.nan
    d = (float(one["schatting"]) - float(two["schatting"])) / pooled
    g = float(pg.convert_effsize(d, "cohen", "hedges", nx=n1, ny=n2))
    under, above = pg.compute_esci(stat=g, nx=n1, ny=n2, eftype="cohen", decimals=8)
    return g, float(under), float(above)


def difference(
    lines: pd.DataFrame, a: str, b: str, *, per_huishouden: bool, cells: PublicSummary | None = None
) -> Difference:
    """Compare group `a` with group `b`.

    Parameters
    ----------
    lines : DataFrame
        Released rows of one estimand and one breakdown, with `groep`, `schatting`, `ondergrens`,
        `bovengrens`, `standaardfout`, `n`, `noemer` and `onderdrukt`.
    per_huishouden : bool
        Whether the estimand is a mean over households with a t interval, so that Hedges' g fits.
    cells : PublicSummary, optional
        The protected cells behind public rows: their intervals hold more than the spread between
        households, so that it is taken from these.
    """
    pair = [lines[lines["groep"].eq(naam)] for naam in (a, b)]
    if any(len(row) != 1 for row in pair):
        return Difference(a, b, reden="een van de groepen is er niet")
    one, two = (row.iloc[0] for row in pair)
    if one["onderdrukt"] or two["onderdrukt"]:
        return Difference(a, b, reden="een van de groepen is niet getoond")
    if any(row.get("weergave", TOON) != TOON for row in (one, two)):
        return Difference(a, b, reden=TOO_FEW)
    triples = [(float(r["schatting"]), float(r["ondergrens"]), float(r["bovengrens"])) for r in (one, two)]
    if any(math.isnan(w) for triple in triples for w in triple):
        return Difference(a, b, reden="een van de groepen heeft geen schatting met interval")
    gap = mover(triples[0], triples[1])
    if not per_huishouden:
        return Difference(a, b, *gap)
    if cells is None:
        return Difference(a, b, *gap, *hedges_g(one, two))
    n = (float(one["n"]), float(two["n"]))
    error = math.hypot(float(one["standaardfout"]), float(two["standaardfout"]))
    return Difference(a, b, *gap, *noisy_g(gap[0], error, n, (spread(cells, a), spread(cells, b))))


def differences(
    r: Released, *, per: str = SITE_KIND, a: str = PROEFTUIN, b: str = VERGELIJKING
) -> Iterator[tuple[str, Difference, tuple[str, ...]]]:
    """Yield for each estimand with an interval its id, the difference, and the ids of both numbers."""
    for naam, maat in r.card.maten_bij(r.params).items():
        part = rows(r, uitsplitsing=per, maat=naam)
        if FORMS[maat.vorm].telling or part["bovengrens"].isna().all():
            continue
        own = naam in _PER_HUISHOUDEN[r.card.kind]
        sources = tuple(part.loc[part["groep"].isin((a, b)), "getal_id"])
        v = difference(part, a, b, per_huishouden=own, cells=r.publiek.get(per))
        if not v.reden and (maat.schatter or naam) in _IN_STEPS[r.card.kind]:
            v = _in_steps(part, v)
        if not v.reden and (maat.schatter or naam) == _RESTRICTED:
            v = replace(v, reden=_refused(r, per, a, b))
        yield naam, v, sources


def _refused(r: Released, per: str, a: str, b: str) -> str:
    """Return why the test of the same difference has no outcome; empty when it has one, or is not there."""
    t = r.toetsen
    own = t["uitsplitsing"].eq(per) & t["toets"].str.startswith(_RESTRICTED_TEST)
    of_both = [{a, b} <= set(groepen) for groepen in t["groepen"]]
    refused = t.loc[own & pd.Series(of_both, t.index, dtype=bool) & t["schatting"].isna(), "methode"]
    for methode in refused.astype(str).head(1):
        return methode.partition("want ")[2] or methode
    return ""


def _in_steps(lines: pd.DataFrame, v: Difference) -> Difference:
    """Return the difference of two whole numbers between the furthest bounds that both intervals allow.

    The root of a sum of squares would give bounds that no two whole numbers differ by.
    """
    one, two = (lines[lines["groep"].eq(naam)].iloc[0] for naam in (v.a, v.b))
    return replace(
        v,
        ondergrens=float(one["ondergrens"]) - float(two["bovengrens"]),
        bovengrens=float(one["bovengrens"]) - float(two["ondergrens"]),
    )


def of_groups(
    r: Released, naam: str, v: Difference, sources: tuple[str, ...], *, per: str = SITE_KIND
) -> Made:
    """Return the difference of two groups as a number with its id."""
    waarden = {
        "schatting": v.schatting,
        "ondergrens": v.ondergrens,
        "bovengrens": v.bovengrens,
        "hedges_g": _known(v.hedges_g),
        "g_ondergrens": _known(v.g_ondergrens),
        "g_bovengrens": _known(v.g_bovengrens),
    }
    a, b = r.labels.texts(per, (v.a, v.b))
    vormen = {"hedges_g": Vorm.GETAL, **_own_form(r.card.maten[naam])}
    return Made("verschil", f"{a} min {b}", naam, sources, waarden, vormen)


def _own_form(maat: Maat) -> dict[str, Vorm]:
    """Return how the difference reads, where that is not as the estimand does."""
    vorm = of_difference(maat.vorm)
    return {} if vorm is maat.vorm else {"schatting": vorm}


def of_regions(r: Released, naam: str, v: RegionDifference, sources: tuple[str, ...], *, per: str) -> Made:
    """Return the difference with regions as units as a number with its id."""
    ways = v.ways
    waarden = {
        **{k: _known(getattr(v, k)) for k in ("schatting", "ondergrens", "bovengrens", "p")},
        "toewijzingen": ways.aantal if ways else None,
        "kleinste_p": ways.kleinste if ways else None,
    }
    a, b = r.labels.texts(per, (v.a, v.b))
    vormen = {"toewijzingen": Vorm.TELLING, "kleinste_p": Vorm.KANS, "p": Vorm.KANS}
    own = {**vormen, **_own_form(r.card.maten[naam])}
    return Made(REGION_UNIT, f"{a} min {b}, regio als eenheid", naam, sources, waarden, own)


def _known(waarde: float) -> float | None:
    return None if math.isnan(waarde) else waarde


def make(r: Released) -> Iterator[Made]:
    """Yield the difference between the kinds of region of each estimand: with regions as units first."""
    for naam, regions, sources in by_region(r, per=SITE_KIND, a=PROEFTUIN, b=VERGELIJKING):
        if not regions.reden:
            yield of_regions(r, naam, regions, sources, per=SITE_KIND)
    for naam, v, sources in differences(r):
        if not v.reden:
            yield of_groups(r, naam, v, sources)
