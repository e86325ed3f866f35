"""Estimators of a score: mean, change between two moments, effect size and spread.

A household brings one score (and one before it). Where an indicator brings several, no interval is
given: the sums cannot tell how much the scores of one household are alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
from scipy import special

from toekomstscenario_eval.estimators.intervals import (
    NIVEAU,
    Interval,
    Uitkomst,
    eis,
    kies,
    kolom,
    reken,
    rijen,
    schatter,
    t_waarde,
    te_klein,
    z_waarde,
)
from toekomstscenario_eval.types import Estimates, Maat

INTERVALLEN = ()
# Below this part of its terms a sum of squares is rounding, not spread.
_AFRONDING = 1e-12
_GELIJK = "niet te schatten: geen spreiding tussen de scores"


@dataclass(frozen=True)
class Momenten:
    """Number of units, mean and sum of squared deviations."""

    n: int
    gemiddelde: float
    kwadraten: float

    @property
    def variantie(self) -> float:
        """Unbiased variance between units."""
        return self.kwadraten / (self.n - 1)


@dataclass(frozen=True)
class Scores:
    """Moments of the value over all units, and over pairs of the values before and after."""

    alle: Momenten
    voor: Momenten
    na: Momenten
    kruis: float

    @property
    def verschil(self) -> Momenten:
        """Moments of the change, value after minus value before."""
        v, w = self.voor, self.na
        kwadraten = v.kwadraten + w.kwadraten - 2 * self.kruis
        groot = v.kwadraten + w.kwadraten + v.n * (v.gemiddelde**2 + w.gemiddelde**2)
        eigen = kwadraten if kwadraten > _AFRONDING * groot else 0.0
        return Momenten(v.n, w.gemiddelde - v.gemiddelde, eigen)


def schat(
    gegevens: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
) -> Estimates:
    """Estimate means, change and effect size of one group.

    Parameters
    ----------
    gegevens : DataFrame
        Columns `n, som_w, som_ww` over all units and `n_paar, som_v, som_vv, paar_w, paar_ww,
        som_vw` over units with a value before; rows are added up.
    huishoudens : int
        Number of distinct households in the group.
    maten : mapping
        Any of `gemiddelde`, `gemiddelde_voor`, `verschil`, `effectgrootte`,
        `standaardafwijking`, as id or as `schatter`. The middle three need a value before of
        every unit: a mean over everybody beside a change over some would tell the others' scores.

    Returns
    -------
    Estimates
        One row per estimand; no series.

    Raises
    ------
    GebruikFout
        When a change is asked for and units without a value before were not excluded.
    """
    s = _scores(gegevens)
    keuze = kies(maten, _REKENAARS, soort="score")
    if any(schatter(k, maat) in GEPAARD for k, maat in maten.items()):
        eis(
            s.voor.n == s.alle.n,
            naam="n_paar",
            wat="eenheden zonder vorige score horen bij de uitsluitingen",
        )
    uitkomsten = reken({k: partial(f, s) for k, f in keuze.items()}, reden=te_klein(s.alle.n, huishoudens))
    if s.alle.n > huishoudens:
        uitkomsten = {k: _eerlijk(u) for k, u in uitkomsten.items()}
    tellingen = {"n": huishoudens, "teller": math.nan, "noemer": s.alle.n, "gecensureerd": 0}
    return Estimates(rijen(maten, uitkomsten, tellingen=tellingen))


def _eerlijk(u: Uitkomst) -> Uitkomst:
    if math.isnan(u.schatting):
        return u
    naam = u.methode.split(", 95%")[0]
    return Uitkomst(f"{naam}; geen interval: meer scores uit één huishouden hangen samen", u.schatting)


def _scores(gegevens: pd.DataFrame) -> Scores:
    n, paren = (round(float(kolom(gegevens, k).sum())) for k in ("n", "n_paar"))
    w, ww, v, vv, pw, pww, vw = (
        float(kolom(gegevens, k).sum())
        for k in ("som_w", "som_ww", "som_v", "som_vv", "paar_w", "paar_ww", "som_vw")
    )
    eis(0 <= paren <= n, naam="n_paar", wat="er zijn meer paren dan eenheden")
    voor, na = _momenten(paren, v, vv, "som_vv"), _momenten(paren, pw, pww, "paar_ww")
    kruis = vw - v * pw / paren if paren else 0.0
    grens = math.sqrt(voor.kwadraten * na.kwadraten)
    te_groot = "het kruisproduct is groter dan de kwadraten toelaten"
    eis(abs(kruis) <= grens + 1e-9 * (1 + vv + pww), naam="som_vw", wat=te_groot)
    return Scores(_momenten(n, w, ww, "som_ww"), voor, na, kruis)


def _momenten(n: int, som: float, kwadraat: float, naam: str) -> Momenten:
    if n == 0:
        return Momenten(0, math.nan, 0.0)
    rest = kwadraat - som * som / n
    eis(rest >= -1e-9 * (1 + kwadraat), naam=naam, wat="de som van kwadraten is te klein voor de som")
    return Momenten(n, som / n, rest if rest > _AFRONDING * kwadraat else 0.0)


def _t_interval(m: Momenten) -> Interval:
    half = t_waarde(m.n - 1) * math.sqrt(m.variantie / m.n)
    return m.gemiddelde - half, m.gemiddelde + half


def _mean(naam: str, kies_: Callable[[Scores], Momenten]) -> Callable[[Scores], Uitkomst]:
    def rekenaar(s: Scores) -> Uitkomst:
        """Mean with a t interval, n - 1 degrees of freedom.

        Without spread there is no answer: it would be the score of every single household.
        """
        m = kies_(s)
        if m.kwadraten == 0:
            return Uitkomst(_GELIJK)
        return Uitkomst(f"{naam}, 95%-interval (t)", m.gemiddelde, _t_interval(m))

    return rekenaar


def _effect(s: Scores) -> Uitkomst:
    """Standardised mean change d_av with the correction for small samples (Hedges).

    d = mean change / sqrt((s_v^2 + s_w^2) / 2): in standard deviations of the score itself, and so
    comparable with differences between groups, unlike d_z, which grows with the correlation of the
    two moments. Variance by Bonett (2008, within-subjects):
    d^2 (s_v^4 + s_w^4 + 2 cov^2) / (8 df s^4) + s_d^2 / (df s^2), df = n - 1, s^2 = (s_v^2 + s_w^2) / 2;
    normal quantile; estimate and limits times the correction.

    References
    ----------
    Bonett (2008), doi:10.1037/1082-989X.13.2.99
    Lakens (2013), doi:10.3389/fpsyg.2013.00863
    """
    import pingouin as pg

    n, df = s.voor.n, s.voor.n - 1
    if s.voor.kwadraten == 0 or s.na.kwadraten == 0 or s.verschil.kwadraten == 0:
        return Uitkomst(_GELIJK)
    v, w, cov = s.voor.variantie, s.na.variantie, s.kruis / df
    gemiddeld = (v + w) / 2
    d = s.verschil.gemiddelde / math.sqrt(gemiddeld)
    variantie = d * d * (v * v + w * w + 2 * cov * cov) / (8 * df * gemiddeld**2)
    variantie += s.verschil.variantie / (df * gemiddeld)
    half = z_waarde() * math.sqrt(variantie)
    g, laag, hoog = (
        float(pg.convert_effsize(x, "cohen", "hedges", nx=n, ny=n)) for x in (d, d - half, d + half)
    )
    methode = "gestandaardiseerde verandering (Hedges' g, gemiddelde spreiding), 95%-interval (Bonett)"
    return Uitkomst(methode, g, (laag, hoog))


def _spread(s: Scores) -> Uitkomst:
    """Standard deviation between units, interval from the chi-squared distribution."""
    m = s.alle
    if m.kwadraten == 0:
        return Uitkomst(_GELIJK)
    methode = "standaardafwijking, 95%-interval (chi-kwadraat, bij een normale verdeling)"
    return Uitkomst(methode, math.sqrt(m.variantie), chi_interval(m.kwadraten, m.n - 1))


def chi_interval(kwadraten: float, df: int, *, niveau: float = NIVEAU) -> Interval:
    """Return the interval of a standard deviation from a sum of squares with `df` degrees of freedom."""
    alfa = (1 - niveau) / 2
    # The chi-squared distribution is a gamma distribution: far cheaper to import than scipy.stats.
    onder, boven = (2 * float(special.gammaincinv(df / 2, p)) for p in (1 - alfa, alfa))
    return math.sqrt(kwadraten / onder), math.sqrt(kwadraten / boven)


GEPAARD = frozenset({"gemiddelde_voor", "verschil", "effectgrootte"})
_REKENAARS: Mapping[str, Callable[[Scores], Uitkomst]] = {
    "gemiddelde": _mean("gemiddelde", lambda s: s.alle),
    "gemiddelde_voor": _mean("gemiddelde", lambda s: s.voor),
    "verschil": _mean("gemiddelde verandering", lambda s: s.verschil),
    "effectgrootte": _effect,
    "standaardafwijking": _spread,
}
