"""Sites together by the exact likelihood of their counts: for rare events and sites without any.

With t_i events of n_i (binomiaal) or over an exposure e_i (poisson), and theta_i ~ Normal(mu, tau^2),

    t_i ~ Binomial(n_i, expit(theta_i))    or    t_i ~ Poisson(e_i exp(theta_i)),

so that nothing is added to a zero and no site is left out. Each site's integral over theta_i is taken by the
trapezium rule around its own mode, with points by sinh: close together there, and as far as the prior goes.
Against a plain sum it is exact to 1e-6 also where sites lie far apart, as Gauss-Hermite with a hundred points
is not. mu and tau (up to 8) are those of maximum likelihood. The interval of mu is where twice the
log-likelihood, with tau at its best for that mu, is within the quantile of its highest: that of Student's t
squared with k - 1 degrees of freedom, or of chi-squared when asked for, which with few sites is too narrow.
Counts need not be whole: an effective number of units has a likelihood too.

References
----------
Stijnen, Hamza and Ozdemir (2010), doi:10.1002/sim.4040
Pinheiro and Bates (1995), quadrature around the mode, doi:10.1080/10618600.1995.10474663
Hardy and Thompson (1996), profile likelihood,
doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]
Counted = Literal["binomiaal", "poisson"]
LEAST = 3
_NODES, _WIDE = 61, 9.0
_ROOT = math.log(2 * math.pi) / 2
_ROUNDS, _CLOSE, _WIDEST, _LITTLE = 100, 1e-9, 30.0, 1e-3
_TAUS = np.concatenate([[0.0], np.geomspace(0.02, 8.0, 24)])
_FAR = 40.0  # on the log scale: a bound beyond this is none
_CHI = 3.841458820694124
_NEWTON, _STEP, _SETTLED = 25, 1.0, 1e-8
_BEND = 1e-3  # step of a second difference, on the scale of logits


@dataclass(frozen=True)
class Exact:
    """Sites combined; on the scale of logits or logs.

    Attributes
    ----------
    status : str
        Empty when there is an answer, otherwise why not all of it is there.
    gemiddelde, se : float
        Mean over sites, and its standard error (observed information).
    ondergrens, bovengrens : float
        95% interval of the mean; infinite where the likelihood sets no bound.
    tau : float
        Standard deviation between sites: of maximum likelihood, which is rather too small, or restricted.
    predict : tuple of float
        95% interval of a new site: t with k - 1 degrees of freedom times sqrt(tau^2 + se^2).
    gekrompen, shrunken_se : array of shape (k,)
        The likeliest theta of each site given mu and tau, and its standard error (the bend there, and mu).
    without : array of shape (k,)
        The mean with each site left out, tau as it is.
    loglik : float
        The highest log-likelihood, constants left out that no parameter is in.
    """

    status: str
    gemiddelde: float = math.nan
    se: float = math.nan
    ondergrens: float = math.nan
    bovengrens: float = math.nan
    tau: float = math.nan
    predict: tuple[float, float] = (math.nan, math.nan)
    gekrompen: Floats | None = None
    shrunken_se: Floats | None = None
    without: Floats | None = None
    loglik: float = math.nan


@dataclass(frozen=True)
class _Counts:
    """Events and extent of sites, arrays of shape (k,), and what they say of theta."""

    events: Floats
    extent: Floats
    soort: Counted

    def log(self, theta: Floats) -> Floats:
        """Return the log-likelihood of each site, sites on the second axis."""
        axes = (1, -1, *(1,) * (theta.ndim - 2))
        t, n = self.events.reshape(axes), self.extent.reshape(axes)
        if self.soort == "poisson":
            return np.asarray(t * theta - n * np.exp(theta))
        return np.asarray(t * special.log_expit(theta) + (n - t) * special.log_expit(-theta))

    def slopes(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return its first derivative, and minus its second."""
        if self.soort == "poisson":
            mean = self.extent * np.exp(theta)
            return np.asarray(self.events - mean), np.asarray(mean)
        p = special.expit(theta)
        return np.asarray(self.events - self.extent * p), np.asarray(self.extent * p * (1 - p))

    def modes(self, mu: Floats, tau: Floats) -> tuple[Floats, Floats]:
        """Return the likeliest u of each site, theta = mu + tau u, and one over the root of the bend there.

        The function of u is concave: Newton's steps, and what is left is halved where one goes beyond it or
        is not half of the one before.
        """
        mu, tau = mu[:, None], tau[:, None]
        u = np.zeros((len(mu), len(self.events)))
        above = np.zeros_like(u) + np.maximum(_WIDEST, _FAR / np.maximum(tau, _LITTLE))
        below, moved = -above, 2 * above
        for _ in range(_ROUNDS):
            first, second = self.slopes(mu + tau * u)
            slope = tau * first - u
            below, above = np.where(slope > 0, u, below), np.where(slope > 0, above, u)
            step = slope / (tau**2 * second + 1)
            new = u + step
            wild = (new < below) | (new > above) | (2 * np.abs(step) > moved)
            new = np.where(wild, (below + above) / 2, new)
            moved, u = np.abs(new - u), new
            if moved.max() < _CLOSE:
                break
        bend = tau**2 * self.slopes(mu + tau * u)[1] + 1
        return u, np.asarray(1 / np.sqrt(bend))

    def total(self, mu: Floats, tau: Floats) -> Floats:
        """Return the log-likelihood of all sites for each pair of mu and tau."""
        u, spread = (part[:, :, None] for part in self.modes(mu, tau))
        # From the mode as far as the prior alone lets anything be left, close together near the mode.
        s = np.arcsinh(_WIDE / spread) * np.linspace(-1, 1, _NODES)
        at = u + spread * np.sinh(s)
        log = self.log(mu[:, None, None] + tau[:, None, None] * at) - at**2 / 2 + np.log(np.cosh(s))
        highest = log.max(axis=2)
        sums = (
            np.exp(log - highest[:, :, None]).sum(axis=2) * (spread * (s[:, :, 1:2] - s[:, :, :1]))[:, :, 0]
        )
        return np.asarray((highest + np.log(sums)).sum(axis=1) - _ROOT * len(self.events))

    def at(self, mu: float, tau: float) -> float:
        """Return the log-likelihood of one pair; a negative tau is as a positive one."""
        return float(self.total(np.array([mu]), np.array([abs(tau)]))[0])


def exact_sites(events: Floats, extent: Floats, *, soort: Counted, t: bool = True) -> Exact:
    """Combine sites by the exact likelihood of their counts, with the profile interval of the mean.

    Parameters
    ----------
    events, extent : array of shape (k,)
        Events of each site; out of how many units (binomiaal), or over how much exposure (poisson).
    soort : str
        "binomiaal" or "poisson".
    t : bool
        Whether the interval of the mean allows for the number of sites (t squared); with False that of
        chi-squared, as other software gives.

    Returns
    -------
    Exact
        With fewer than three sites a status only; without any event (or with nothing else) a status, and the
        exact bound of all sites as one.
    """
    counts = _counts(events, extent, soort)
    if isinstance(counts, Exact):
        return counts
    mu, tau = _highest(counts)
    top, se = counts.at(mu, tau), _error(counts, mu, tau)
    quantile = _t(counts) ** 2 if t else _CHI
    under, above = (_bound(counts, mu, side * se, top - quantile / 2) for side in (-1, 1))
    return _outcome(counts, mu, tau, se, (under, above))


def restricted_sites(events: Floats, extent: Floats, *, soort: Counted) -> Exact:
    """Combine sites by the exact likelihood of their counts, as REML combines estimates.

    tau is sought with mu integrated out (Laplace), for with few sites it is too small otherwise; the interval
    of the mean is mu +- t se, se given tau. Where all counts are large it equals `designs.meta.combine`.

    Parameters
    ----------
    events, extent, soort
        See `exact_sites`.
    """
    counts = _counts(events, extent, soort)
    if isinstance(counts, Exact):
        return counts
    near = _pooled(counts)
    values = _tops(counts, _TAUS, near)[2]
    i = int(np.argmax(values))
    found = optimize.minimize_scalar(
        lambda tau: -float(_tops(counts, np.array([tau]), near)[2][0]),
        bounds=(_TAUS[max(i - 1, 0)], _TAUS[min(i + 1, len(_TAUS) - 1)]),
        method="bounded",
        options={"xatol": 1e-6},
    )
    tau = float(found.x) if -found.fun > values[0] + 1e-10 else 0.0
    mu, se = (float(part[0]) for part in _tops(counts, np.array([tau]), near)[:2])
    return _outcome(counts, mu, tau, se, (mu - _t(counts) * se, mu + _t(counts) * se))


def _counts(events: Floats, extent: Floats, soort: Counted) -> _Counts | Exact:
    """Return the counts, or what there is to say where they cannot be combined."""
    t, n = np.asarray(events, dtype=float), np.asarray(extent, dtype=float)
    if not np.all((t >= 0) & (n > 0)) or (soort == "binomiaal" and np.any(t > n)):
        raise ValueError(
            "een telling is negatief of groter dan waar zij uit komt, of een omvang is niet positief"
        )
    if len(t) < LEAST:
        return Exact(f"Er zijn {len(t)} regio's; om ze samen te nemen zijn er ten minste {LEAST} nodig.")
    counts = _Counts(t, n, soort)
    if t.sum() == 0 or (soort == "binomiaal" and t.sum() == n.sum()):
        return _edge(counts)
    return counts


def _t(counts: _Counts) -> float:
    return float(special.stdtrit(len(counts.events) - 1, 0.975))


def _outcome(counts: _Counts, mu: float, tau: float, se: float, bounds: tuple[float, float]) -> Exact:
    spread = _t(counts) * math.hypot(tau, se)
    u, narrow = counts.modes(np.array([mu]), np.array([tau]))
    # A site is known by its own counts as far as they go, and by mu for the rest.
    own = np.sqrt(tau**2 * narrow[0] ** 2 + narrow[0] ** 4 * se**2)
    top = counts.at(mu, tau)
    predict, sites = (mu - spread, mu + spread), mu + tau * u[0]
    without = np.array([_left_out(counts, i, mu, tau) for i in range(len(own))])
    return Exact("", mu, se, *bounds, tau, predict, sites, own, without, top)


def _left_out(counts: _Counts, i: int, mu: float, tau: float) -> float:
    """Return the likeliest mu of all sites but `i`; without any event it is minus infinity."""
    rest = _Counts(np.delete(counts.events, i), np.delete(counts.extent, i), counts.soort)
    events = float(rest.events.sum())
    if events == 0:
        return -math.inf
    if counts.soort == "binomiaal" and events == float(rest.extent.sum()):
        return math.inf
    return float(_tops(rest, np.array([tau]), mu)[0][0])


def _edge(counts: _Counts) -> Exact:
    """Return what can be said where nothing happened anywhere, or to all: one bound, of all as one."""
    n = float(counts.extent.sum())
    if counts.soort == "poisson":
        above = math.log(-math.log(0.025) / n)
    else:
        above = float(special.logit(1 - 0.025 ** (1 / n)))
    what = "Nergens is iets gebeurd" if counts.events.sum() == 0 else "Het geldt overal voor iedereen"
    status = (
        f"{what}: hoeveel regio's verschillen, is niet te zeggen. De grens is die van alle regio's als één."
    )
    if counts.events.sum() == 0:
        return Exact(status, -math.inf, ondergrens=-math.inf, bovengrens=above)
    return Exact(status, math.inf, ondergrens=-above, bovengrens=math.inf)


def _pooled(counts: _Counts) -> float:
    share = float(counts.events.sum() / counts.extent.sum())
    return math.log(share) if counts.soort == "poisson" else float(special.logit(share))


def _highest(counts: _Counts) -> tuple[float, float]:
    """Return mu and tau of maximum likelihood: from the best of a few, and tau may be 0."""
    pooled = _pooled(counts)
    middles = np.repeat(pooled + np.linspace(-2, 2, 17), len(_TAUS))
    taus = np.tile(_TAUS, 17)
    best = int(counts.total(middles, taus).argmax())
    found = optimize.minimize(
        lambda b: -counts.at(b[0], b[1]),
        (middles[best], taus[best]),
        method="Nelder-Mead",
        options={
            "xatol": 1e-8,
            "fatol": 1e-11,
            "initial_simplex": [
                (middles[best], taus[best]),
                (middles[best] + 0.1, taus[best]),
                (middles[best], taus[best] + 0.1),
            ],
        },
    )
    if -found.fun <= counts.at(pooled, 0.0) + 1e-10:
        return pooled, 0.0
    return float(found.x[0]), abs(float(found.x[1]))


def _error(counts: _Counts, mu: float, tau: float) -> float:
    """Return the standard error of mu by the bend of the log-likelihood, with tau fixed where it is 0."""
    h = _BEND
    steps = np.array([-1.0, 0.0, 1.0]) * h
    grid = counts.total((mu + np.repeat(steps, 3)), np.abs(tau + np.tile(steps, 3))).reshape(3, 3)
    mm = (2 * grid[1, 1] - grid[0, 1] - grid[2, 1]) / h**2
    if tau < h:
        return float(1 / math.sqrt(mm))
    tt = (2 * grid[1, 1] - grid[1, 0] - grid[1, 2]) / h**2
    mt = -(grid[2, 2] - grid[2, 0] - grid[0, 2] + grid[0, 0]) / (4 * h**2)
    return float(math.sqrt(tt / (mm * tt - mt**2)))


def _tops(counts: _Counts, taus: Floats, near: float) -> tuple[Floats, Floats, Floats]:
    """Return for each tau the likeliest mu, its error, and the log-likelihood without mu (Laplace)."""
    mu = np.full(len(taus), near)
    for _ in range(_NEWTON):
        beside = mu[:, None] + np.array([-1.0, 0.0, 1.0]) * _BEND
        low, middle, high = counts.total(beside.ravel(), np.repeat(taus, 3)).reshape(-1, 3).T
        bend = (2 * middle - low - high) / _BEND**2
        step = np.clip((high - low) / (2 * _BEND) / bend, -_STEP, _STEP)
        mu = mu + step
        if np.abs(step).max() < _SETTLED:
            break
    return mu, np.asarray(1 / np.sqrt(bend)), np.asarray(middle - np.log(bend) / 2)


def _profile(counts: _Counts, mu: float) -> tuple[float, bool]:
    """Return the highest log-likelihood with this mu, and whether tau went as far as it may."""
    taus = _TAUS
    values = counts.total(np.full(len(taus), mu), taus)
    i = int(values.argmax())
    bounds = (taus[max(i - 1, 0)], taus[min(i + 1, len(taus) - 1)])
    found = optimize.minimize_scalar(
        lambda tau: -counts.at(mu, tau), bounds=bounds, method="bounded", options={"xatol": 1e-7}
    )
    return max(float(values[i]), -float(found.fun)), float(found.x) > 0.99 * taus[-1]


def _bound(counts: _Counts, mu: float, step: float, level: float) -> float:
    """Return where the profile comes down to `level`, going from mu by steps that grow."""
    inside, outside = mu, mu + 2 * step
    while _profile(counts, outside)[0] > level:
        if abs(outside - mu) > _FAR:
            return math.copysign(math.inf, step)
        inside, outside = outside, mu + 2 * (outside - mu)
    found = float(optimize.brentq(lambda m: _profile(counts, m)[0] - level, inside, outside, xtol=1e-7))
    return math.copysign(math.inf, step) if _profile(counts, found)[1] else found
