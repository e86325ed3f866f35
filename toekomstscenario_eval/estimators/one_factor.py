"""One factor behind the items of a scale: its loadings, and the standard error of the omega they give."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize

from toekomstscenario_eval.estimators.intervals import Interval, z_waarde

Vector = npt.NDArray[np.float64]
# Smallest part of an item's variance that is its own, as in R's factanal.
LEAST_OWN = 0.005


def log_interval(level: float, fout: float) -> Interval:
    """Return the interval of an omega with this standard error, on the scale of log(1 - omega)."""
    factor = math.exp(z_waarde() * fout / (1 - level))
    return 1 - (1 - level) * factor, 1 - (1 - level) / factor


def _structure(unique: Vector, correlations: Vector) -> tuple[Vector, Vector]:
    """Return the other eigenvalues and the loadings that fit best with these unique variances."""
    schaal = np.sqrt(unique)
    waarden, vectors = np.linalg.eigh(correlations / np.outer(schaal, schaal))
    return waarden[:-1], schaal * vectors[:, -1] * math.sqrt(max(float(waarden[-1]) - 1, 0.0))


def one_factor(correlations: Vector) -> tuple[Vector, Vector] | None:
    """Return loadings and unique variances of one factor by maximum likelihood; None without a fit.

    Parameters
    ----------
    correlations : array (k, k)
        Positive definite, k at least 3. Unique variances stay between 0.005 and 1.

    References
    ----------
    Lawley and Maxwell (1971), Factor analysis as a statistical method, chapter 4.
    """

    def target(unique: Vector) -> tuple[float, Vector]:
        rest, loadings = _structure(unique, correlations)
        deviation = np.outer(loadings, loadings) + np.diag(unique) - correlations
        return float((rest - np.log(rest)).sum()) - len(rest), np.diag(deviation) / unique**2

    k = len(correlations)
    begin = np.clip((1 - 0.5 / k) / np.diag(np.linalg.inv(correlations)), LEAST_OWN, 1)
    out: Any = optimize.minimize(
        target,
        begin,
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST_OWN, 1.0)] * k,
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000},
    )
    # The line search may stop on the last bit of the function; only a slope that is left is no fit.
    slope = np.where((out.x <= LEAST_OWN) | (out.x >= 1), 0, target(out.x)[1])
    if np.abs(slope).max() > 1e-4:
        return None
    loadings = _structure(out.x, correlations)[1]
    return loadings, np.asarray(out.x, dtype=np.float64)


def omega_error(loadings: Vector, unique: Vector, n: float) -> float:
    """Return the standard error of omega (delta method, expected information); NaN when singular."""
    k = len(loadings)
    eenheid = np.eye(k)
    reversed_ = np.linalg.inv(np.outer(loadings, loadings) + np.diag(unique))
    slope = [reversed_ @ (np.outer(e, loadings) + np.outer(loadings, e)) for e in eenheid]
    slope += [reversed_ @ np.outer(e, e) for e in eenheid]
    information = (n - 1) / 2 * np.array([[np.sum(a * b.T) for b in slope] for a in slope])
    schaal = np.sqrt(np.diag(information))
    if not (schaal > 0).all() or np.linalg.cond(information / np.outer(schaal, schaal)) > 1e12:
        return math.nan
    total, rest = float(loadings.sum()), float(unique.sum())
    noemer = (total * total + rest) ** 2
    grad = np.r_[np.full(k, 2 * total * rest / noemer), np.full(k, -total * total / noemer)]
    return math.sqrt(float(grad @ np.linalg.solve(information, grad)))
