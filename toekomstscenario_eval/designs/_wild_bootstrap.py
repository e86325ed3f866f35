"""Wild cluster bootstrap of a regression coefficient, with every sign of every region.

Under the null beta = b the regression without the treatment leaves residuals u(b). Each draw gives every
region one sign (or weight) v_g on its residuals, makes outcomes of these, and fits the full regression again;
p is the part of the draws of which |t| is at least as large as that of the figures (null imposed). With m
regions there are 2^m draws, and p cannot be less than two over it: all signs equal give the same |t|.

Nothing is fitted again here. With x and y cleared of the other columns Z, S = x'W x and a_g = x_g'W_g u_g, a
draw has coefficient sum v_g a_g / S, and its score of region g is linear in v:

    v_g a_g - x_g'W_g Z_g (Z'W Z)^+ sum over h of Z_h'W_h u_h v_h - x_g'W_g x_g sum over h of v_h a_h / S

so all draws are two products of matrices. Both a and u are linear in b, so coefficient and squared error are
polynomials of b, and the interval needs no further products (`_shift_test.py`).

With few treated regions it finds too little, with very few untreated ones likewise; below eight regions signs
are few, and Webb's six weights give 6^m draws.

References
----------
Cameron, Gelbach and Miller (2008), Bootstrap-based improvements for inference with clustered errors,
doi:10.1162/rest.90.3.414
MacKinnon and Webb (2018), The wild bootstrap for few (treated) clusters, doi:10.1111/ectj.12107
Roodman, MacKinnon, Nielsen and Webb (2019), Fast and wild, doi:10.1177/1536867X19830877
Webb (2023), Reworking wild bootstrap-based inference for clustered errors, doi:10.1111/caje.12661
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from toekomstscenario_eval.designs._assignment import Assignments
from toekomstscenario_eval.designs._cluster_robust import Floats, Ints, two_way
from toekomstscenario_eval.designs._shift_test import Draws, Shift, divided
from toekomstscenario_eval.designs._waves import NoComparison

Kind = Literal["tekens", "webb"]
# Up to so many draws all are made: 2^18 signs, 6^7 of Webb's; of more a sample with a fixed seed.
_ALL, _SAMPLE, _SEED, _SAME = 300_000, 19_999, 20261130, 1e-9
VALUES: dict[Kind, Floats] = {
    "tekens": np.array([1.0, -1.0]),
    "webb": np.array([1.0, -1.0, *np.sqrt([1.5, 0.5]), *-np.sqrt([1.5, 0.5])]),
}


def possible(regions: int, kind: Kind = "tekens") -> Assignments:
    """Return how many draws there are and the smallest p that can come out."""
    values = VALUES[kind]
    every = len(values) ** regions
    if every > _ALL:
        return Assignments(_SAMPLE + 1, False, 1 / (_SAMPLE + 1))
    # The same weight for all regions changes nothing in t.
    return Assignments(every, True, len(values) / every)


def _weights(regions: int, kind: Kind) -> Floats:
    """Return the weights (J, m) of the regions, first those that leave everything as it is.

    A draw and its opposite have the same |t|, so of all draws the half with a positive first weight will do.
    """
    values = VALUES[kind]
    ways = possible(regions, kind)
    if ways.alle:
        first = values[values > 0]
        grid = np.meshgrid(first, *[values] * (regions - 1), indexing="ij")
        return np.stack([part.ravel() for part in grid], axis=1)
    rng = np.random.default_rng([_SEED, regions])
    drawn = rng.choice(values, size=(_SAMPLE, regions))
    return np.vstack([np.ones(regions), drawn])


@dataclass(frozen=True)
class Wild:
    """A coefficient and its draws, before any figure: products of matrices that figures go through.

    Attributes
    ----------
    ways : Assignments
        Draws and the smallest p.
    x : array of shape (n,)
        The treatment cleared of the other columns.
    clear : array of shape (n, n)
        Takes the other columns out of an outcome.
    regions : array of shape (m, n)
        Which rows belong to which region.
    back : array of shape (m, n)
        What a residual moves the scores by way of the other columns.
    w : array of shape (n,)
        Weights of rows.
    draws : array of shape (J, m)
        Weights of regions.
    """

    ways: Assignments
    x: Floats
    clear: Floats
    regions: Floats
    back: Floats
    w: Floats
    draws: Floats

    def of(self, y: Floats) -> Shift:
        """Return estimate, p and interval of an outcome (n,)."""
        u, x = self.clear @ y, self.x
        total = float(self.w * x @ x)
        # Scores of the residuals, and of the treatment: at b they are the first less b times the second.
        scores = [self._scores(part, total) for part in (u, x)]
        own = [self.regions @ (self.w * x * part) / total for part in (u, x)]
        d, c = (self.draws @ part for part in own)
        by_draw = [self.draws @ part.T / total for part in scores]
        v = _squares(by_draw[0], by_draw[1])
        seen = _squares(*(part.sum(axis=1)[None] / total for part in scores))[:, 0]
        tie = _SAME * float(np.abs(own[0]).sum())
        return divided(Draws(d, c, v, np.array([own[0].sum(), own[1].sum(), *seen]), tie))

    def p_values(self, y: Floats) -> Floats:
        """Return p of no effect for many outcomes (n, W), as `of` has it: for simulation."""
        total = float(self.w * self.x @ self.x)
        out = np.empty(y.shape[1])
        for k, u in enumerate((self.clear @ y).T):
            own = self.regions @ (self.w * self.x * u)
            scores = self._scores(u, total)
            d, v = self.draws @ own, ((self.draws @ scores.T) ** 2).sum(axis=1)
            far = max(abs(own.sum()) - _SAME * np.abs(own).sum(), 0.0) ** 2 * (1 - _SAME)
            out[k] = np.mean(d**2 * (scores.sum(axis=1) ** 2).sum() >= far * v)
        return out

    def _scores(self, part: Floats, total: float) -> Floats:
        """Return the matrix (m, m) that gives the scores of a draw from the weights of regions."""
        split = self.regions * part
        own = self.regions @ (self.w * self.x * part)
        square = self.regions @ (self.w * self.x**2)
        out: Floats = np.diag(own) - self.back @ split.T - np.outer(square, own) / total
        return out


def _squares(first: Floats, second: Floats) -> Floats:
    """Return the coefficients (3, J) of the sum of squares of first - b second."""
    return np.stack([(first**2).sum(axis=1), -2 * (first * second).sum(axis=1), (second**2).sum(axis=1)])


def wild(
    x: Floats, others: Floats, cluster: Ints, *, weights: Floats | None = None, kind: Kind = "tekens"
) -> Wild:
    """Return the bootstrap of the coefficient of a column.

    Parameters
    ----------
    x : array of shape (n,)
        The treatment.
    others : array of shape (n, k)
        The other columns, which may depend on each other.
    cluster : array of shape (n,)
        The region of each row.
    weights : array of shape (n,), optional
        Of weighted least squares.
    kind : {"tekens", "webb"}
        Signs, or Webb's six weights.
    """
    w = np.ones(len(x)) if weights is None else weights
    cross = others.T @ (w[:, None] * others)
    fit = np.linalg.pinv(cross, rcond=1e-11, hermitian=True) @ (others * w[:, None]).T
    clear = np.eye(len(x)) - others @ fit
    left = clear @ x
    if not w * left @ left > _SAME * max(float(w * x @ x), _SAME):
        raise NoComparison("the treatment does not differ from the effects of regions and periods")
    which, of = np.unique(cluster, return_inverse=True)
    if len(which) < 2:
        raise NoComparison("one region has no regions to differ from")
    regions = (of == np.arange(len(which))[:, None]).astype(np.float64)
    back = (regions * (w * left)) @ others @ fit
    return Wild(possible(len(which), kind), left, clear, regions, back, w, _weights(len(which), kind))


def of_panel(
    y: Floats, start: Floats, *, weights: Floats | None = None, kind: Kind = "tekens"
) -> tuple[Assignments, Shift]:
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
    w = None if weights is None else weights[panel.rows]
    test = wild(panel.x, panel.effects, panel.cluster, weights=w, kind=kind)
    return test.ways, test.of(y[panel.rows])
