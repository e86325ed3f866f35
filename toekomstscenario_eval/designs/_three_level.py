"""Three levels: what varies between regions, and between sites within a region.

Site i of region r has a known variance v_i:

    y_ri = x_ri b + u_r + w_ri + e_ri,  var(u) = A, var(w) = B, var(e_ri) = v_ri.

With d_i = v_i + B and a_r = sum over the sites of r of 1 / d_i, the inverse of a region's covariance is
diag(1/d) - A / (1 + A a_r) (1/d)(1/d)', its determinant prod(d) (1 + A a_r): so the restricted likelihood

    -2 log L = sum log d + sum log(1 + A a_r) + log |X' V^-1 X| + (y - X b)' V^-1 (y - X b)

takes no matrix larger than the number of coefficients. Of rows (households in sites in regions) v_i is
sigma^2 / n_i with sigma^2 to be estimated, and the squares within sites join the others. Intervals have t
with as many degrees of freedom as there are regions, less coefficients: regions differ, and there are few.

References
----------
Konstantopoulos (2011), three levels, doi:10.1002/jrsm.35
Cheung (2014), shares of variance by level, doi:10.1037/a0032968
Bates, Maechler, Bolker and Walker (2015), doi:10.18637/jss.v067.i01
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from toekomstscenario_eval.designs._between import typical

Floats = NDArray[np.float64]
LEAST_REGIONS = 3
_GRID = (0.0, 0.03, 0.1, 0.3, 1.0, 3.0)
_ZERO = 1e-5  # of the scale: a standard deviation under it is none
_ROUNDING = 1e-12
_LOG = math.log(2 * math.pi)
_SEARCH = {"xatol": 1e-9, "fatol": 1e-13, "maxiter": 2000, "maxfev": 4000}

FEW = f"Drie niveaus vragen ten minste {LEAST_REGIONS} regio's, en meer dan er coëfficiënten zijn."
ALONE = (
    "Elke regio heeft één proeftuin: wat tussen regio's verschilt en wat tussen proeftuinen in een regio, "
    "is niet te onderscheiden. Gebruik de samenvoeging van regio's met twee niveaus."
)


@dataclass(frozen=True)
class ThreeLevels:
    """Sites in regions, combined.

    Attributes
    ----------
    status : str
        Empty when there is an answer, otherwise why there is none.
    notes : tuple of str
        What the answer cannot say.
    coefficients, standard_errors : tuple of float
        One for each column of x; the first is the mean when x is not given.
    regions, sites : float
        Variance between regions, and between sites within a region.
    within : float
        Variance of rows within a site; NaN when variances are known.
    df : int
        Degrees of freedom of the intervals: regions less coefficients.
    i2 : tuple of float
        Share of the variance of a typical site between regions, and between sites within them (known
        variances only).
    per_region : array of shape (regions,)
        What region r adds to the mean (best prediction of u_r), in the order of `np.unique`.
    loglik : float
        The highest restricted log-likelihood.
    """

    status: str
    notes: tuple[str, ...] = ()
    coefficients: tuple[float, ...] = ()
    standard_errors: tuple[float, ...] = ()
    regions: float = math.nan
    sites: float = math.nan
    within: float = math.nan
    df: int = 0
    i2: tuple[float, float] = (math.nan, math.nan)
    per_region: Floats | None = None
    loglik: float = math.nan

    def interval(self, i: int = 0) -> tuple[float, float]:
        """Return the 95% interval (t) of coefficient `i`."""
        half = float(special.stdtrit(self.df, 0.975)) * self.standard_errors[i]
        return self.coefficients[i] - half, self.coefficients[i] + half

    def predict(self) -> tuple[float, float]:
        """Return the 95% interval of a new site in a new region, at the first coefficient."""
        spread = math.sqrt(self.regions + self.sites + self.standard_errors[0] ** 2)
        half = float(special.stdtrit(self.df, 0.975)) * spread
        return self.coefficients[0] - half, self.coefficients[0] + half


@dataclass(frozen=True)
class _Solved:
    """What a pair of variances gives: coefficients, information, squares, log determinant, regions."""

    b: Floats
    information: Floats
    squares: float
    logdet: float
    per_region: Floats


@dataclass(frozen=True)
class _Nested:
    """Values of sites, their columns, and which region each is in: `member` has a row for every region."""

    y: Floats
    x: Floats
    member: Floats

    def solve(self, d: Floats, between: float) -> _Solved:
        """Return the generalised least squares for sites with variance d and regions with `between`."""
        w = 1 / d
        a = self.member @ w
        part = between / (1 + between * a)
        gx, gy = self.member @ (self.x * w[:, None]), self.member @ (self.y * w)
        information = self.x.T @ (self.x * w[:, None]) - gx.T @ (gx * part[:, None])
        b = np.linalg.solve(information, self.x.T @ (self.y * w) - gx.T @ (part * gy))
        rest = self.y - self.x @ b
        own = self.member @ (rest * w)
        squares = float(np.sum(rest**2 * w) - np.sum(part * own**2))
        logdet = float(np.sum(np.log(d)) + np.sum(np.log1p(between * a)))
        logdet += float(np.linalg.slogdet(information)[1])
        return _Solved(np.asarray(b), np.asarray(information), squares, logdet, np.asarray(part * own))


def three_levels(y: Floats, v: Floats, region: Sequence[object], x: Floats | None = None) -> ThreeLevels:
    """Combine sites in regions, the variance of each known, by restricted maximum likelihood.

    Parameters
    ----------
    y, v : array of shape (k,)
        Estimate of each site and its variance, on a scale where normality fits.
    region : sequence of length k
        Which region each site is in.
    x : array of shape (k, p), optional
        Columns of the regression; a column of ones when not given.

    Returns
    -------
    ThreeLevels
        Equals `rma.mv(yi, vi, random = ~ 1 | regio/site, test = "t", dfs = "contain")` of R's metafor. With
        too few regions, or one site in each, a status only.

    Raises
    ------
    ValueError
        When a variance is not positive, or an estimate is missing.
    """
    y, v = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    if not np.all(np.isfinite(y)) or not np.all(v > 0):
        raise ValueError("een schatting ontbreekt of een variantie is niet positief")
    nested, status = _nested(y, region, x)
    if nested is None:
        return ThreeLevels(status)

    def criterion(regions: float, sites: float) -> float:
        s = nested.solve(v + sites**2, regions**2)
        return s.squares + s.logdet

    scale = max(float(np.std(y)), float(np.sqrt(np.median(v))))
    between, within = _lowest(criterion, scale)
    s = nested.solve(v + within, between)
    chance = typical(v)
    total = between + within + chance
    return ThreeLevels(
        "",
        _notes(nested, between, within),
        tuple(s.b.tolist()),
        tuple(np.sqrt(np.diag(np.linalg.inv(s.information))).tolist()),
        between,
        within,
        df=_df(nested),
        i2=(between / total, within / total),
        per_region=s.per_region,
        loglik=-(s.squares + s.logdet + (len(y) - nested.x.shape[1]) * _LOG) / 2,
    )


def three_levels_of_rows(
    n: Floats, total: Floats, square: Floats, region: Sequence[object], x: Floats | None = None
) -> ThreeLevels:
    """Fit rows in sites in regions, from the number, sum and sum of squares of each site.

    Parameters
    ----------
    n, total, square : array of shape (k,)
        Rows of each site, their sum and sum of squares.
    region : sequence of length k
        Which region each site is in.
    x : array of shape (k, p), optional
        Columns of the regression, of sites or regions; a column of ones when not given.

    Returns
    -------
    ThreeLevels
        Equals `lmer(y ~ x + (1 | regio/site))` of R's lme4. With too few regions, one site in each, or no
        spread within sites, a status only.
    """
    n, total, square = (np.asarray(part, dtype=float) for part in (n, total, square))
    average = total / n
    squares = float(np.maximum(square - n * average**2, 0.0).sum())
    nested, status = _nested(average, region, x)
    if nested is None:
        return ThreeLevels(status)
    if squares <= _ROUNDING * float(square.sum()):
        return ThreeLevels("Er is geen spreiding binnen proeftuinen: kijk na of de scores verschillen.")
    df = float(n.sum()) - nested.x.shape[1]

    def criterion(regions: float, sites: float) -> float:
        s = nested.solve(1 / n + sites**2, regions**2)
        return float(df * math.log((squares + s.squares) / df) + s.logdet + np.log(n).sum())

    # In units of the spread of rows: a site of one row has a variance of 1.
    scale = max(float(np.std(average)) / math.sqrt(squares / max(df, 1.0)), float(np.sqrt(np.median(1 / n))))
    between, within = _lowest(criterion, scale)
    s = nested.solve(1 / n + within, between)
    sigma2 = (squares + s.squares) / df
    return ThreeLevels(
        "",
        _notes(nested, between, within),
        tuple(s.b.tolist()),
        tuple(np.sqrt(sigma2 * np.diag(np.linalg.inv(s.information))).tolist()),
        between * sigma2,
        within * sigma2,
        sigma2,
        _df(nested),
        per_region=s.per_region,
        loglik=-(criterion(math.sqrt(between), math.sqrt(within)) + df * (1 + _LOG)) / 2,
    )


def _nested(y: Floats, region: Sequence[object], x: Floats | None) -> tuple[_Nested | None, str]:
    """Return the sites by region, or why they cannot be taken as three levels."""
    names, which = np.unique(np.asarray(region, dtype=str), return_inverse=True)
    columns = np.ones((len(y), 1)) if x is None else np.asarray(x, dtype=float)
    member = (which == np.arange(len(names))[:, None]).astype(float)
    if len(names) < LEAST_REGIONS or len(names) <= columns.shape[1]:
        return None, FEW
    if len(names) == len(y):
        return None, ALONE
    if int(np.linalg.matrix_rank(columns)) < columns.shape[1]:
        return None, "De kolommen van het model zeggen hetzelfde."
    return _Nested(y, columns, member), ""


def _df(nested: _Nested) -> int:
    return int(len(nested.member) - nested.x.shape[1])


def _lowest(criterion: Callable[[float, float], float], scale: float) -> tuple[float, float]:
    """Return the variances between regions and between sites; either may be 0.

    The criterion is even in the standard deviations, so that a search may pass 0 and come back.
    """
    pairs = [(a * scale, b * scale) for a, b in itertools.product(_GRID, _GRID)]
    best = min(pairs, key=lambda pair: criterion(*pair))
    for size in (0.1 * scale, 0.001 * scale):
        corners = [best, (best[0] + size, best[1]), (best[0], best[1] + size)]
        found = optimize.minimize(
            lambda p: criterion(abs(p[0]), abs(p[1])),
            best,
            method="Nelder-Mead",
            options={**_SEARCH, "initial_simplex": corners},
        )
        best = abs(float(found.x[0])), abs(float(found.x[1]))
    regions, sites = (0.0 if part < _ZERO * scale else part**2 for part in best)
    return regions, sites


def _notes(nested: _Nested, between: float, within: float) -> tuple[str, ...]:
    notes = []
    if single := int((nested.member.sum(axis=1) == 1).sum()):
        notes.append(
            f"In {single} van de {len(nested.member)} regio's is er één proeftuin: daar blijkt geen verschil "
            "binnen een regio uit."
        )
    if between == 0:
        notes.append("Tussen regio's is niet meer verschil gevonden dan tussen proeftuinen binnen een regio.")
    if within == 0:
        notes.append("Tussen proeftuinen binnen een regio is niet meer verschil gevonden dan toeval geeft.")
    return tuple(notes)
