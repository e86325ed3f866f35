"""What a proportional hazards model needs of the data: sums over who is at risk and who ends, per day.

At one end day with m ends, S0 = sum of n w over who is at risk (w = exp(x'b)) and D0 the same over
who ends, Efron's likelihood has the denominators S0 - l / m D0 for l = 0 .. m - 1. All that is
needed of them are the sums of their logarithms, inverses and squared inverses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.intervals import Reeks, eis, kolom

# Below this part of the largest, a spread or an eigenvalue is rounding.
SINGULIER = 1e-9
# Up to this many ends on one day the denominators are summed one by one.
_LOS = 500

Gehelen = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rijen:
    """Distinct rows. `erin` and `eruit` number the moments of all strata together, in order of time."""

    x: Reeks
    n: Reeks
    einde: npt.NDArray[np.bool_]
    erin: Gehelen
    eruit: Gehelen
    cluster: Gehelen
    dagen: Reeks
    schaal: Reeks


@dataclass(frozen=True)
class Momenten:
    """Per stratum and end day, with p covariates and k such days.

    Attributes
    ----------
    m : array of k numbers of ends
    s0, d0 : arrays of k sums of n w over the risk set and over the ends
    d1, e1 : arrays (k, p): sum of n w x over the ends; over the risk set, less s0 / d0 times that
    a1, a2 : arrays of k sums of the inverse and the squared inverse of Efron's denominators
    rest : array (k, p) of x of the ends, less what is expected (Schoenfeld residuals, added up)
    informatie : array (k, p, p)
    """

    m: Reeks
    s0: Reeks
    d0: Reeks
    d1: Reeks
    e1: Reeks
    a1: Reeks
    a2: Reeks
    rest: Reeks
    informatie: Reeks
    loglik: float


def lees(gegevens: pd.DataFrame, covariaten: Sequence[str], oorzaak: int | None) -> Rijen:
    """Check, add up rows that agree, and number the moments; covariates get mean 0 and spread 1."""
    if not covariaten or len(set(covariaten)) != len(covariaten):
        raise GebruikFout("geef ten minste één covariaat, elk één keer", waar="covariaten van het model")
    van, tot, einde, n = (kolom(gegevens, k) for k in ("instroom", "duur", "einde", "n"))
    ruw = np.column_stack([kolom(gegevens, k) for k in covariaten])
    eis(bool((van >= 0).all()), naam="instroom", wat="er staat een negatieve dag in")
    eis(bool((tot >= van).all()), naam="duur", wat="een duur eindigt voor de instroom")
    eis(bool(((n >= 0) & (n == np.floor(n))).all()), naam="n", wat="er staat iets anders in dan een aantal")
    afgelopen = einde >= 1 if oorzaak is None else einde == oorzaak
    eis(not bool((afgelopen & (tot == van) & (van > 0)).any()), naam="duur", wat="een duur telt geen dag")
    codes = [_codes(gegevens, "stratum"), _codes(gegevens, "cluster")]
    # Entry on day 0 means there from the start: before every end, also one on day 0.
    alles = np.column_stack([*codes, np.where(van <= 0, -1.0, van), tot, afgelopen, ruw])[n > 0]
    uniek, plek = np.unique(alles, axis=0, return_inverse=True)
    aantal: Reeks = np.bincount(plek.ravel(), weights=n[n > 0], minlength=len(uniek)).astype(np.float64)
    eis(bool(uniek[:, 4].any()), naam="einde", wat="geen enkele duur is beëindigd")
    x = uniek[:, 5:]
    midden = np.average(x, axis=0, weights=aantal)
    schaal = np.sqrt(np.average((x - midden) ** 2, axis=0, weights=aantal))
    for naam, spreiding, groot in zip(covariaten, schaal, np.abs(x).max(axis=0), strict=True):
        if spreiding <= SINGULIER * groot:
            raise GebruikFout(f"de covariaat '{naam}' is overal gelijk", herstel="laat de covariaat weg")
    dagen = np.unique(uniek[:, 2:4])
    stratum = uniek[:, 0].astype(np.int64)
    erin, eruit = (stratum * len(dagen) + np.searchsorted(dagen, uniek[:, k]) for k in (2, 3))
    momenten = np.tile(dagen, int(stratum.max()) + 1)
    cluster = uniek[:, 1].astype(np.int64)
    return Rijen((x - midden) / schaal, aantal, uniek[:, 4] > 0, erin, eruit, cluster, momenten, schaal)


def _codes(gegevens: pd.DataFrame, naam: str) -> Reeks:
    """Number the values of a column; one stratum, and no cluster (-1), when it is not there."""
    if naam not in gegevens.columns:
        return np.full(len(gegevens), 0.0 if naam == "stratum" else -1.0)
    waarden = gegevens[naam]
    eis(not bool(waarden.isna().any()), naam=naam, wat="er staan lege waarden in")
    return np.unique(waarden.astype(str).to_numpy(dtype=str), return_inverse=True)[1].astype(np.float64)


def einddagen(rijen: Rijen) -> Gehelen:
    """Return the numbers of the moments with an end."""
    return np.unique(rijen.eruit[rijen.einde])


def _som_vanaf(waarden: Reeks, momenten: Gehelen, vanaf: Gehelen) -> Reeks:
    """Return the sum of `waarden` over rows with a moment of `vanaf` or later."""
    orde = np.argsort(momenten, kind="stable")
    som = np.concatenate((np.cumsum(waarden[orde][::-1], axis=0)[::-1], np.zeros((1, waarden.shape[1]))))
    return som[np.searchsorted(momenten[orde], vanaf, side="left")]


def momenten(rijen: Rijen, b: Reeks) -> Momenten:
    k, p = einddagen(rijen), len(b)
    eta = rijen.x @ b
    w = rijen.n * np.exp(eta - eta.max())
    kruis = (rijen.x[:, :, None] * rijen.x[:, None, :]).reshape(len(w), p * p)
    alles = w[:, None] * np.column_stack([np.ones(len(w)), rijen.x, kruis])
    # Rows of later strata count in both sums, and so in neither.
    s = _som_vanaf(alles, rijen.eruit, k) - _som_vanaf(alles, rijen.erin, k)
    d = np.zeros((len(k), alles.shape[1]))
    plek = np.searchsorted(k, rijen.eruit[rijen.einde])
    np.add.at(d, plek, alles[rijen.einde])
    m, som_x = np.zeros(len(k)), np.zeros((len(k), p))
    np.add.at(m, plek, rijen.n[rijen.einde])
    np.add.at(som_x, plek, (rijen.n[:, None] * rijen.x)[rijen.einde])
    s0, s1, s2 = np.maximum(s[:, 0], d[:, 0]), s[:, 1 : p + 1], s[:, p + 1 :].reshape(-1, p, p)
    d0, d1, d2 = d[:, 0], d[:, 1 : p + 1], d[:, p + 1 :].reshape(-1, p, p)
    a0, a1, a2 = efron(m, s0, d0)
    ratio = s0 / d0
    e1, e2 = s1 - d1 * ratio[:, None], s2 - d2 * ratio[:, None, None]
    midden = d1 / d0[:, None]
    gemengd = midden[:, :, None] * e1[:, None, :]
    informatie = (
        (m / d0)[:, None, None] * d2
        + a1[:, None, None] * (e2 - gemengd - gemengd.transpose(0, 2, 1))
        - m[:, None, None] * midden[:, :, None] * midden[:, None, :]
        - a2[:, None, None] * e1[:, :, None] * e1[:, None, :]
    )
    rest = som_x - m[:, None] * midden - a1[:, None] * e1
    loglik = float((som_x @ b).sum() - (a0 + m * eta.max()).sum())
    return Momenten(m, s0, d0, d1, e1, a1, a2, rest, informatie, loglik)


def efron(m: Reeks, s0: Reeks, d0: Reeks, *, los_tot: int = _LOS) -> tuple[Reeks, Reeks, Reeks]:
    """Return the sums over l < m of log(c), 1 / c and 1 / c^2, with c = s0 - l / m d0."""
    a0, a1, a2 = (np.zeros_like(m) for _ in range(3))
    los = m <= los_tot
    if los.any():
        keer = m[los].astype(np.int64)
        begin = np.cumsum(keer) - keer
        plek = np.repeat(np.arange(len(keer)), keer)
        rang = np.arange(int(keer.sum())) - begin[plek]
        c = s0[los][plek] - rang / m[los][plek] * d0[los][plek]
        a0[los], a1[los], a2[los] = (np.add.reduceat(v, begin) for v in (np.log(c), 1 / c, 1 / c**2))
    if not los.all():
        veel, z, per = m[~los], (m * s0 / d0)[~los], (m / d0)[~los]
        onder, boven = z - veel + 1, z + 1
        a0[~los] = special.gammaln(boven) - special.gammaln(onder) - veel * np.log(per)
        a1[~los] = per * (special.digamma(boven) - special.digamma(onder))
        a2[~los] = per**2 * (special.zeta(2, onder) - special.zeta(2, boven))
    return a0, a1, a2


def residuen(rijen: Rijen, mom: Momenten, b: Reeks) -> Reeks:
    """Return per row the score residual of one spell: its part in the derivative of the likelihood."""
    k = einddagen(rijen)
    eta = rijen.x @ b
    w = np.exp(eta - eta.max())
    midden = mom.d1 / mom.d0[:, None]
    # Over the denominators: sums of 1 / c, and of the weighted mean of x over c.
    h, hx = mom.a1, midden * mom.a1[:, None] + mom.e1 * mom.a2[:, None]
    som = np.concatenate((np.zeros((1, 1 + len(b))), np.cumsum(np.column_stack([h, hx]), axis=0)))
    tijdens = som[np.searchsorted(k, rijen.eruit, "right")] - som[np.searchsorted(k, rijen.erin, "right")]
    uit: Reeks = -w[:, None] * (rijen.x * tijdens[:, :1] - tijdens[:, 1:])
    # Who ends is in the denominators for a part (1 - l / m) only.
    deel = ((mom.d0 - mom.s0) * mom.a1 + mom.m) / mom.d0
    deel_2 = ((mom.d0 - mom.s0) * mom.a2 + mom.a1) / mom.d0
    h_weg, hx_weg = h - deel, hx - midden * deel[:, None] - mom.e1 * deel_2[:, None]
    gemiddeld = midden + mom.e1 * (mom.a1 / mom.m)[:, None]
    j = np.searchsorted(k, rijen.eruit[rijen.einde])
    x, w_einde = rijen.x[rijen.einde], w[rijen.einde, None]
    uit[rijen.einde] += x - gemiddeld[j] + w_einde * (x * h_weg[j, None] - hx_weg[j])
    return uit
