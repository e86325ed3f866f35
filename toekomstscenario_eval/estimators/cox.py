"""Proportional hazards: how much faster spells end with a characteristic, other things equal (Cox).

Ties by Efron, late entry, strata, counts instead of rows, and standard errors that allow spells of one
cluster (a site) to be alike. Rows that agree are one row with a larger `n`: with covariates of groups
the work does not grow with the number of households. A counted row gives what its n single rows give,
also within ties; statsmodels' PHReg has no counts, and no robust variance with Efron's ties.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.estimators.contrast import Toets
from toekomstscenario_eval.estimators.cox_sums import (
    SINGULAR,
    Moments,
    Rows,
    end_days,
    moments,
    read,
    residuals,
)
from toekomstscenario_eval.estimators.curve import compute
from toekomstscenario_eval.estimators.intervals import Interval, Reeks, z_waarde

TRANSFORMATIONS = ("km", "identiteit")
FEW_CLUSTERS = 40
_STAPPEN, _DONE = 40, 1e-9
_LARGEST_STAP = 5.0  # of the logarithm of a hazard


@dataclass(frozen=True)
class Effect:
    """Effect of one covariate on the hazard.

    Attributes
    ----------
    coefficient : float
        Logarithm of the hazard ratio per unit of the covariate.
    standard_error : float
        Robust when there are clusters, else that of the model (`model_error`).
    verhouding, interval : float, tuple
        Hazard ratio with a normal 95% interval on the log scale.
    z, p : float
        Test of no effect.
    """

    covariate: str
    coefficient: float
    standard_error: float
    model_error: float
    verhouding: float
    interval: Interval
    z: float
    p: float


@dataclass(frozen=True)
class CoxModel:
    """A fitted model: effects, log likelihood without and with them, and what it rests on."""

    effects: tuple[Effect, ...]
    loglik_empty: float
    loglik: float
    variantie: tuple[tuple[float, ...], ...]
    duren: int
    einden: int
    clusters: int
    methode: str


def cox(data: pd.DataFrame, covariates: Sequence[str], *, cause: int | None = None) -> CoxModel:
    """Fit a proportional hazards model.

    Parameters
    ----------
    data : DataFrame
        One row per kind of spell: `instroom` and `duur` (days since its start at entry and at exit;
        at risk on day t when instroom < t <= duur, from the start when instroom is 0), `einde` (0 censored, 1
        or higher ended by that cause), `n` (spells), and the covariates as numbers. Optional:
        `stratum` (each its own baseline hazard) and `cluster` (robust standard errors).
    covariates : sequence of str
        Columns of covariates.
    cause : int, optional
        Only ends by this cause count as the end; others as censored. Default: every end.

    Returns
    -------
    CoxModel
        Equals R's `coxph` (Efron), with `cluster()` its robust standard errors. With few clusters
        those are too small; `methode` says so under 40.

    Raises
    ------
    GebruikFout
        When a covariate is constant or follows from the others, or its coefficient runs to infinity.

    References
    ----------
    Cox (1972), doi:10.1111/j.2517-6161.1972.tb00899.x
    Efron (1977), doi:10.1080/01621459.1977.10480613
    Lin and Wei (1989), doi:10.1080/01621459.1989.10478874
    """
    rows = read(data, covariates, cause)
    b, empty, full = _fit_on(rows, covariates)
    model = np.linalg.inv(full.information.sum(axis=0))
    clusters = int(rows.cluster.max(initial=-1)) + 1
    robust = model
    if clusters == 1:
        # The influences of all rows add up to 0: one cluster would seem to know everything exactly.
        robust = np.full_like(model, np.nan)
    elif clusters:
        influence = np.zeros((clusters, len(b)))
        np.add.at(influence, rows.cluster, rows.n[:, None] * residuals(rows, full, b))
        robust = model @ (influence.T @ influence) @ model
    back = np.outer(rows.schaal, rows.schaal)
    fouten, model_errors = (np.sqrt(np.diag(v / back)) for v in (robust, model))
    return CoxModel(
        tuple(
            _effect(*w)
            for w in zip(
                covariates, (b / rows.schaal).tolist(), fouten.tolist(), model_errors.tolist(), strict=True
            )
        ),
        empty.loglik,
        full.loglik,
        tuple(tuple(row) for row in (robust / back).tolist()),
        round(float(rows.n.sum())),
        round(float(rows.n[rows.einde].sum())),
        clusters,
        _methode(clusters),
    )


def proportional(
    data: pd.DataFrame,
    covariates: Sequence[str],
    *,
    cause: int | None = None,
    transformation: str = "km",
) -> dict[str, Toets]:
    """Test whether effects stay the same as spells last longer (Schoenfeld residuals).

    The score test of an interaction of each covariate with a function g of time: g(t) = 1 - S(t-),
    with S the Kaplan-Meier curve of all spells ("km", robust against a few long spells) or g(t) = t
    ("identiteit"). Clusters are not used.

    Parameters
    ----------
    data, covariates, cause
        As for `cox`.
    transformation : str
        `km` or `identiteit`.

    Returns
    -------
    dict of str to Toets
        One per covariate, and `geheel` for all together. Equals R's `cox.zph` (survival 3).

    References
    ----------
    Grambsch and Therneau (1994), doi:10.1093/biomet/81.3.515
    """
    if transformation not in TRANSFORMATIONS:
        raise GebruikFout(
            f"de transformatie '{transformation}' bestaat niet",
            herstel=did_you_mean(transformation, TRANSFORMATIONS),
        )
    rows = read(data, covariates, cause)
    _, _, full = _fit_on(rows, covariates)
    time = rows.dagen[end_days(rows)]
    g = time if transformation == "identiteit" else _elapsed(data, time, cause)
    g = g - float((g * full.m).sum() / full.m.sum())
    p = len(covariates)
    score = (g[:, None] * full.rest).sum(axis=0)
    block = [(full.information * (g**k)[:, None, None]).sum(axis=0) for k in range(3)]
    over = block[2] - block[1] @ np.linalg.solve(block[0], block[1])
    out = {naam: _chi2(naam, score[[j]], over[np.ix_([j], [j])]) for j, naam in enumerate(covariates)}
    return {**out, "geheel": _chi2(f"geheel ({p})" if p > 1 else "geheel", score, over)}


def from_summary(data: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Turn counts per day into rows for `cox`, for covariates that are the same in a whole group.

    The model looks at entries and exits of a group apart; which exit goes with which entry makes no
    difference. They are paired in order of time.

    Parameters
    ----------
    data : DataFrame
        Columns `keys` (covariates, `stratum`, `cluster`), `dag`, `soort`, `n`, as in a summary
        of kind DUUR.
    keys : sequence of str

    Returns
    -------
    DataFrame
        Columns `keys`, `instroom`, `duur`, `einde`, `n`.
    """
    pieces = []
    for waarden, part in data.groupby(list(keys), dropna=False, sort=True):
        compute(part)
        # Ends before censorings, so that who ends was there the day before.
        ordering = part.assign(_laat=part["soort"].eq(0)).sort_values(
            ["dag", "_laat", "soort"], kind="stable"
        )
        inside, left_out = ordering[ordering["soort"].eq(-1)], ordering[ordering["soort"].ne(-1)]
        on, off = (np.cumsum(d["n"].to_numpy(dtype=np.int64)) for d in (inside, left_out))
        limit = np.unique(np.concatenate((on, off)))
        limit = limit[limit > 0]
        i, j = np.searchsorted(on, limit), np.searchsorted(off, limit)
        piece = pd.DataFrame(dict(zip(keys, waarden, strict=True)), index=range(len(limit)))
        pieces.append(
            piece.assign(
                instroom=inside["dag"].to_numpy()[i],
                duur=left_out["dag"].to_numpy()[j],
                einde=left_out["soort"].to_numpy()[j],
                n=np.diff(limit, prepend=0),
            )
        )
    return pd.concat(pieces, ignore_index=True)


def _fit_on(rows: Rows, covariates: Sequence[str]) -> tuple[Reeks, Moments, Moments]:
    """Maximise the likelihood by Newton's method, halving steps that go down."""
    b = np.zeros(len(covariates))
    empty = now = moments(rows, b)
    waarden = np.linalg.eigvalsh(empty.information.sum(axis=0))
    # With covariates of spread 1 the information is of the order of the number of ends.
    if waarden[0] <= SINGULAR * max(waarden[-1], float(empty.m.sum())):
        raise GebruikFout(
            "de covariaten zijn niet uit elkaar te houden",
            waar=", ".join(covariates),
            herstel="laat een covariaat weg die volgt uit de andere, of die binnen elk stratum gelijk is",
        )
    for _ in range(_STAPPEN):
        stap = np.linalg.solve(now.information.sum(axis=0), now.rest.sum(axis=0))
        # A leap on a slope that is nearly flat would leave weights of 0.
        stap = stap * min(1.0, _LARGEST_STAP / max(float(np.abs(rows.x @ stap).max()), 1e-300))
        new = moments(rows, b + stap)
        while new.loglik < now.loglik - _DONE * (1 + abs(now.loglik)):
            stap = stap / 2
            new = moments(rows, b + stap)
        b, now = b + stap, new
        if np.abs(stap).max() < _DONE:
            return b, empty, now
        if np.linalg.eigvalsh(now.information.sum(axis=0))[0] <= SINGULAR * waarden[0]:
            break
    raise GebruikFout(
        "een coëfficiënt loopt naar oneindig",
        waar=", ".join(covariates),
        herstel="kijk na of er een groep is waarin niets, of alles meteen, is beëindigd",
    )


def _elapsed(data: pd.DataFrame, time: Reeks, cause: int | None) -> Reeks:
    """Return 1 - S(t-) of all spells together, whatever their stratum."""
    einde = data["einde"].ge(1) if cause is None else data["einde"].eq(cause)
    inside = pd.DataFrame({"dag": data["instroom"], "soort": -1, "n": data["n"]})
    left_out = pd.DataFrame({"dag": data["duur"], "soort": einde.astype("int64"), "n": data["n"]})
    c = compute(pd.concat([inside, left_out]))
    return 1 - c.ervoor[np.searchsorted(c.dagen, time)]


def _chi2(naam: str, score: Reeks, variance: Reeks) -> Toets:
    statistiek = float(score @ np.linalg.solve(variance, score))
    return Toets(
        f"evenredigheid, {naam}", statistiek, len(score), float(special.chdtrc(len(score), statistiek))
    )


def _effect(naam: str, b: float, fout: float, model_error: float) -> Effect:
    half, z = z_waarde() * fout, b / fout if fout else math.nan
    with np.errstate(over="ignore"):  # a limit larger than any number is infinite
        interval = (float(np.exp(b - half)), float(np.exp(b + half)))
    p = float(2 * special.ndtr(-abs(z)))
    return Effect(naam, b, fout, model_error, float(np.exp(b)), interval, z, p)


def _methode(clusters: int) -> str:
    if not clusters:
        return "Cox (Efron), 95%-interval (model)"
    if clusters == 1:
        return "Cox (Efron), zonder interval: er is maar een cluster"
    small = f"; let op: bij minder dan {FEW_CLUSTERS} clusters zijn de intervallen te smal"
    return "Cox (Efron), 95%-interval (robuust per cluster)" + (small if clusters < FEW_CLUSTERS else "")
