"""A regression of a series with a break in it: the fit, four kinds of error, and what the residuals show.

With rows x_t, log link for counts (family poisson: mu_t = exposure_t exp(x_t b)) and none for means (family
normaal: mu_t = x_t b with known variance v_t), W the weights (mu_t, or 1 / v_t) and B = (X' W X)^-1:

- model: B M B with M the known variance of the score; for a Poisson count without noise that is B itself.
- quasi: the same times max(1, phi), phi = sum of squared Pearson residuals / (n - p).
- regio: by region, CR2 with Satterthwaite's df; see `Fit.by_cluster`.
- newey-west: B S B n / (n - p), S = G_0 + sum_l (1 - l / (L + 1)) (G_l + G_l'), G_l the products of the
  scores of periods l apart, with L = floor(4 (T / 100)^(2/9)). Periods without a number add nothing.

References
----------
McCullagh and Nelder (1989), Generalized linear models, chapter 9
Pustejovsky and Tipton (2018), CR2, doi:10.1080/07350015.2016.1247004
Newey and West (1987), doi:10.2307/1913610; their rule for the lag (1994), doi:10.2307/2297912
Datta and Du (2012), missing periods, International Finance Discussion Papers 1060
Ljung and Box (1978), doi:10.1093/biomet/65.2.297; Durbin and Watson (1950), doi:10.2307/2332391
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Family = Literal["poisson", "normaal"]
Errors = Literal["model", "quasi", "newey-west", "regio"]
_Z = 1.959963984540054
_NOTHING, _CLOSE = 1e-14, 1e-13
_SINGULAR = 1e-12
_RUNAWAY = 20.0  # a log rate or its error beyond this has no optimum: somewhere nothing happened


@dataclass(frozen=True)
class Term:
    """A coefficient: on the log scale for counts, in the unit of the mean otherwise.

    Attributes
    ----------
    schatting : float
        The coefficient.
    errors : mapping
        Its standard error by kind; see the module.
    df : mapping
        Degrees of freedom of each; inf for an error that is known.
    ratio : bool
        Whether it reads as a ratio, exp(schatting).
    """

    schatting: float
    errors: Mapping[Errors, float]
    df: Mapping[Errors, float]
    ratio: bool

    @property
    def widest(self) -> Errors:
        """The kind of error with the widest interval: the one to show."""
        return max(self.errors, key=lambda kind: self._half(kind, t=True))

    def _half(self, kind: Errors, *, t: bool) -> float:
        df = self.df[kind] if t else math.inf
        return (_Z if math.isinf(df) else float(special.stdtrit(df, 0.975))) * self.errors[kind]

    def interval(self, errors: Errors | None = None, *, t: bool = True) -> tuple[float, float]:
        """Return the 95% interval, as ratio where the coefficient is one.

        Parameters
        ----------
        errors : str, optional
            The kind of error; that of the widest interval when not given.
        t : bool
            Whether estimated errors have Student's t; published intervals of quasi-Poisson often have not.
        """
        half = self._half(errors or self.widest, t=t)
        bounds = self.schatting - half, self.schatting + half
        return (math.exp(bounds[0]), math.exp(bounds[1])) if self.ratio else bounds

    def p(self, errors: Errors | None = None) -> float:
        """Return the two-sided probability of a coefficient as far from nothing."""
        kind = errors or self.widest
        z = -abs(self.schatting / self.errors[kind])
        df = self.df[kind]
        return float(2 * (special.ndtr(z) if math.isinf(df) else special.stdtr(df, z)))

    @property
    def effect(self) -> float:
        """The coefficient as it reads: the ratio, or the difference."""
        return math.exp(self.schatting) if self.ratio else self.schatting


@dataclass(frozen=True)
class Fit:
    """A fitted regression of n numbers with p coefficients."""

    x: Floats
    b: Floats
    y: Floats
    expected: Floats
    weight: Floats
    variance: Floats
    ratio: bool

    @property
    def df(self) -> int:
        """Numbers less coefficients."""
        return len(self.y) - len(self.b)

    @cached_property
    def pearson(self) -> Floats:
        """Residuals in units of their known standard deviation."""
        return np.asarray((self.y - self.expected) / np.sqrt(self.variance))

    @cached_property
    def phi(self) -> float:
        """How much the residuals vary more than is known: 1 is not more."""
        return float(np.sum(self.pearson**2)) / self.df

    @cached_property
    def bread(self) -> Floats:
        """Inverse of X' W X."""
        return np.asarray(np.linalg.inv(self.x.T @ (self.x * self.weight[:, None])))

    @property
    def scores(self) -> Floats:
        """What each number adds to the derivative."""
        scale = 1.0 if self.ratio else self.weight
        return np.asarray(self.x * (scale * (self.y - self.expected))[:, None])

    @cached_property
    def model(self) -> Floats:
        """Covariance of the coefficients by the variance that is known."""
        spread = self.variance if self.ratio else self.weight
        return np.asarray(self.bread @ (self.x.T @ (self.x * spread[:, None])) @ self.bread)

    def newey_west(self, at: NDArray[np.int64], lag: int) -> Floats:
        """Return the covariance that allows for correlation up to `lag` periods; `at` are the periods."""
        scores = np.zeros((int(at.max()) + 1, len(self.b)))
        scores[at] = self.scores
        meat = scores.T @ scores
        for step in range(1, lag + 1):
            product = scores[step:].T @ scores[:-step]
            meat += (1 - step / (lag + 1)) * (product + product.T)
        return np.asarray(self.bread @ meat @ self.bread * len(self.y) / self.df)

    def by_cluster(self, cluster: NDArray[np.int64], which: Sequence[int]) -> list[tuple[float, float]]:
        """Return error and df of coefficients, allowing for anything within a cluster: CR2, Satterthwaite.

        In rows weighted by the root of W all have one variance, X becomes Q = W^(1/2) X. A cluster i adds
        (a_i' e_i)^2, a_i = (I - Q_i B Q_i')^(-1/2) Q_i B c; p_ij = [i = j] a_i' a_i - a_i' Q_i B Q_j' a_j and
        df = (sum p_ii)^2 / sum p_ij^2: what `_cluster_robust` says, without a matrix of all rows.
        """
        root = np.sqrt(self.weight)
        q = self.x * root[:, None]
        rest = (self.y - self.expected) / (root if self.ratio else np.sqrt(self.variance))
        leverage = q @ self.bread[:, which]
        squares = np.zeros(len(which))
        own, sums = [], []
        for name in np.unique(cluster):
            mine = cluster == name
            a = _inverse_root(np.eye(int(mine.sum())) - q[mine] @ self.bread @ q[mine].T) @ leverage[mine]
            squares += (rest[mine] @ a) ** 2
            own.append(np.sum(a**2, axis=0))
            sums.append(q[mine].T @ a)
        out = []
        for i, square in enumerate(squares):
            s = np.array([part[:, i] for part in sums])
            p = np.diag([part[i] for part in own]) - s @ self.bread @ s.T
            out.append((math.sqrt(float(square)), float(p.trace() ** 2 / np.sum(p**2))))
        return out

    def term(self, i: int, extra: Mapping[Errors, tuple[float, float]]) -> Term:
        """Return coefficient `i` with its errors; `extra` has further ones with their df."""
        known = math.sqrt(self.model[i, i])
        errors: dict[Errors, float] = {"model": known, "quasi": known * math.sqrt(max(1.0, self.phi))}
        df: dict[Errors, float] = {"model": math.inf, "quasi": float(self.df)}
        for kind, (error, its_df) in extra.items():
            errors[kind], df[kind] = error, its_df
        return Term(float(self.b[i]), errors, df, self.ratio)


def fit(y: Floats, x: Floats, *, family: Family, extent: Floats, noise: Floats) -> Fit | None:
    """Fit the regression; None where it has no optimum, or where columns say the same.

    Parameters
    ----------
    y : array of shape (n,)
        Counts, or means.
    x : array of shape (n, p)
        Columns of the regression.
    family : str
        "poisson" for counts, "normaal" for means.
    extent : array of shape (n,)
        Of a count its exposure, of a mean its variance.
    noise : array of shape (n,)
        Of a count the variance of what was added to protect it; of a mean nothing: it stands in `extent`.
    """
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.regression.linear_model import WLS
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

    if int(np.linalg.matrix_rank(x)) < x.shape[1] or len(y) <= x.shape[1]:
        return None
    counts = family == "poisson"
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        for category in (ConvergenceWarning, PerfectSeparationWarning, RuntimeWarning):
            warnings.simplefilter("ignore", category)
        result = (
            # By the likelihood itself; beside nothing, for a fit without a residual.
            GLM(y, x, family=Poisson(), offset=np.log(extent)).fit(tol=_NOTHING, rtol=_CLOSE)
            if counts
            else WLS(y, x, weights=1 / extent).fit()
        )
    b, expected = np.asarray(result.params), np.asarray(result.fittedvalues)
    weight = expected if counts else 1 / extent
    out = Fit(x, b, y, expected, weight, expected + noise if counts else extent, counts)
    return out if _has_optimum(out) else None


def _has_optimum(f: Fit) -> bool:
    """Whether the coefficients are finite: of a count they run away where a part of it has no events."""
    if not np.all(np.isfinite(f.b)) or not np.all(np.isfinite(f.expected)):
        return False
    if not f.ratio:
        return True
    return bool(np.all(f.expected > 0) and np.sqrt(np.diag(f.bread)).max() < _RUNAWAY)


def _inverse_root(matrix: Floats) -> Floats:
    """Return the inverse of the symmetric root, over what is not zero."""
    value, vector = np.linalg.eigh(matrix)
    power = np.where(value > _SINGULAR, np.maximum(value, _SINGULAR) ** -0.5, 0.0)
    return np.asarray((vector * power) @ vector.T)


def harmonics(t: Floats, season: int, period: int) -> Floats:
    """Return sine and cosine of the first `season` harmonics of a year of `period` periods."""
    angles = [2 * math.pi * k * t / period for k in range(1, season + 1)]
    columns = [
        f(a) for k, a in enumerate(angles, 1) for f in (np.sin, np.cos) if 2 * k < period or f is np.cos
    ]
    return np.column_stack([np.empty((len(t), 0)), *columns])


def lag_rule(periods: int) -> int:
    """Return how many periods apart residuals may be correlated: floor(4 (T / 100)^(2/9))."""
    return math.floor(4.0 * math.pow(periods / 100, 2 / 9))


@dataclass(frozen=True)
class Autocorrelation:
    """What the residuals say of correlation in time.

    Attributes
    ----------
    acf : array
        Autocorrelation of lags 1, 2, ...; NaN where no two periods are that far apart.
    durbin_watson : float
        Sum of squared steps over sum of squares: about 2 without correlation, under it with.
    ljung_box, p : float
        Test of all lags of `acf` together, and its probability (chi-squared).
    """

    acf: Floats
    durbin_watson: float
    ljung_box: float
    p: float


def autocorrelation(rest: Floats, *, lags: int) -> Autocorrelation:
    """Return the autocorrelation of residuals per period, NaN where a period is missing.

    A lag counts the pairs of periods that are both there: r_l = sum e_t e_(t-l) / sum e_t^2 over these, and
    Q = n (n + 2) sum r_l^2 / (n - l).
    """
    seen = np.isfinite(rest)
    e = np.where(seen, rest, 0.0)
    squares, n = float(np.sum(e**2)), int(seen.sum())
    lags = min(lags, n - 1)
    if squares <= 0:
        return Autocorrelation(np.full(max(lags, 0), np.nan), math.nan, math.nan, math.nan)
    steps = range(1, lags + 1)
    acf = np.array(
        [np.sum(e[s:] * e[:-s]) / squares if np.any(seen[s:] & seen[:-s]) else np.nan for s in steps]
    )
    both = seen[1:] & seen[:-1]
    durbin = float(np.sum((e[1:] - e[:-1])[both] ** 2)) / squares
    known = np.isfinite(acf)
    q = n * (n + 2) * float(np.sum(acf[known] ** 2 / (n - np.arange(1, lags + 1)[known])))
    return Autocorrelation(acf, durbin, q, float(special.chdtrc(int(known.sum()), q)))
