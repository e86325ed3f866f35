"""Regression with errors that hang together within regions: CR2 with Satterthwaite's degrees of freedom.

A coefficient beta = c' M X'W y, with M = (X'W X)^-1 and residuals e = (I - H) y, H = X M X'W. Cluster i has
variance contribution (a_i' e_i)^2 with a_i = A_i W_i X_i M c, and

    CR0   A_i = I
    CR1   CR0 times m / (m - 1), with m clusters
    CR2   A_i = B_i^(-1/2),  B_i = (I - H)_i (I - H)_i' = I - H_ii - H_ii' + X_i M (X'W W X) M X_i'

CR2 is unbiased when errors are independent with one variance, the working model. With effects of regions B_i
is singular: its root is taken over the eigenvalues above 1e-12, the rest become zero. Each contribution is
p_i' y with p_i = (I - H)_i' a_i, so under the working model the variance has as many degrees of freedom as

    df = (sum p_i' p_i)^2 / sum over i, j of (p_i' p_j)^2

This is few when few regions are treated, and then also the t-test is only as good as the working model.

References
----------
Bell and McCaffrey (2002), Bias reduction in standard errors for linear regression with multi-stage samples,
Survey Methodology 28(2), 169-181
Pustejovsky and Tipton (2018), Small-sample methods for cluster-robust variance estimation and hypothesis
testing in fixed effects models, doi:10.1080/07350015.2016.1247004; R package clubSandwich
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from toekomstscenario_eval.designs._assignment import LEVEL
from toekomstscenario_eval.designs._waves import NoComparison

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Correction = Literal["CR0", "CR1", "CR2"]
_ZERO, _SAME = 1e-12, 1e-9


@dataclass(frozen=True)
class Panel:
    """A panel as rows of a regression: one for each region and period with a figure.

    Attributes
    ----------
    rows : array of shape (N, T), bool
        Where there is a figure.
    x : array of shape (n,)
        1 where treatment had started.
    effects : array of shape (n, N + T)
        Indicators of regions and periods.
    cluster : array of shape (n,)
        The region.
    """

    rows: Bools
    x: Floats
    effects: Floats
    cluster: Ints


def two_way(start: Floats, rows: Bools) -> Panel:
    """Return the panel of regions (N,) by first treated period, with effects of regions and periods."""
    region, period = np.nonzero(rows)
    x = (period >= start[region]).astype(np.float64)
    regions, periods = np.eye(rows.shape[0])[region], np.eye(rows.shape[1])[period]
    return Panel(rows, x, np.hstack([regions, periods]), region.astype(np.int64))


@dataclass(frozen=True)
class Robust:
    """A coefficient with its error, before any figure: both linear in them.

    Attributes
    ----------
    weight : array of shape (n,)
        The coefficient is weight . y.
    parts : array of shape (m, n)
        The squared error is the sum of squares of parts @ y.
    df : float
        Satterthwaite's for CR2; the clusters less one for CR0 and CR1.
    """

    weight: Floats
    parts: Floats
    df: float

    def of(self, y: Floats) -> Estimate:
        """Return the estimate of one outcome (n,), or of many at once (n, W).

        Where effects of regions and periods explain all there is no error: se, p and bounds are nan.
        """
        effect, se = self.weight @ y, np.sqrt(((self.parts @ y) ** 2).sum(axis=0))
        se = np.where(se > _ZERO * np.abs(y).max(axis=0), se, np.nan)
        p = 2 * stats.t.sf(np.abs(effect / se), self.df)
        half = stats.t.ppf(1 - LEVEL / 2, self.df) * se
        return Estimate(effect, se, self.df, p, effect - half, effect + half)


@dataclass(frozen=True)
class Estimate:
    """A coefficient in the unit of y, with p of zero and its 95% interval by t."""

    effect: Floats
    se: Floats
    df: float
    p: Floats
    under: Floats
    above: Floats


def bread(design: Floats, contrast: Floats, weights: Floats) -> Floats:
    """Return M = (X'W X)^+; the contrast must follow from the figures."""
    cross = design.T @ (weights[:, None] * design)
    out = np.asarray(np.linalg.pinv(cross, rcond=1e-11, hermitian=True), dtype=np.float64)
    if np.abs(out @ (cross @ contrast) - contrast).max() > 1e-7 * np.abs(contrast).max():
        raise NoComparison("the coefficient does not follow from the figures")
    return out


def robust(
    design: Floats,
    cluster: Ints,
    contrast: Floats,
    *,
    weights: Floats | None = None,
    correction: Correction = "CR2",
) -> Robust:
    """Return a coefficient with its cluster-robust error.

    Parameters
    ----------
    design : array of shape (n, k)
        X; columns may depend on each other as long as the contrast does not suffer.
    cluster : array of shape (n,)
        The region of each row.
    contrast : array of shape (k,)
        c.
    weights : array of shape (n,), optional
        W of weighted least squares; the working model stays one variance.
    correction : {"CR0", "CR1", "CR2"}
        As in the text of this module.
    """
    w = np.ones(len(design)) if weights is None else weights
    m = bread(design, contrast, w)
    hat = design @ m @ (design * w[:, None]).T
    rest = np.eye(len(design)) - hat
    direction = w * (design @ (m @ contrast))
    which = np.unique(cluster)
    if len(which) < 2:
        raise NoComparison("one region has no regions to differ from")
    parts = np.empty((len(which), len(design)))
    for k, name in enumerate(which):
        mine = cluster == name
        own = rest[mine]
        a = direction[mine]
        parts[k] = (_root(own @ own.T) @ a if correction == "CR2" else a) @ own
    df = float(len(which) - 1)
    if correction == "CR1":
        parts *= np.sqrt(len(which) / (len(which) - 1))
    elif correction == "CR2":
        products = parts @ parts.T
        if products.trace() <= _SAME * float(direction @ direction):
            raise NoComparison("no region has a residual")
        df = float(products.trace() ** 2 / (products**2).sum())
    return Robust(direction, parts, df)


def _root(matrix: Floats) -> Floats:
    """Return the inverse of the symmetric root, over what is not zero."""
    value, vector = np.linalg.eigh(matrix)
    power = np.where(value > _ZERO, np.maximum(value, _ZERO) ** -0.5, 0.0)
    out: Floats = (vector * power) @ vector.T
    return out


def of_panel(
    y: Floats, start: Floats, *, weights: Floats | None = None, correction: Correction = "CR2"
) -> Estimate:
    """Return the effect of having started, beside effects of regions and periods.

    Parameters
    ----------
    y : array of shape (N, T)
        Figures; nan where there is none.
    start : array of shape (N,)
        First treated period, from 0; infinite for never.
    weights : array of shape (N, T), optional
        Of weighted least squares.
    """
    panel = two_way(start, np.isfinite(y))
    design = np.column_stack([panel.x, panel.effects])
    contrast = np.eye(design.shape[1])[0]
    w = None if weights is None else weights[panel.rows]
    return robust(design, panel.cluster, contrast, weights=w, correction=correction).of(y[panel.rows])
