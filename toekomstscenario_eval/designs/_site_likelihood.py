"""Sites together when only protected counts are known: the table of noise in the likelihood.

Of a site a published count `t` that has something and a published count `r` that has not are known. What
they say of its true share p, with theta = logit p, is

    L(theta) = sum over true t', r' of P(t' -> t) P(r' -> r) Binomial(t'; t' + r', p),

so that a site takes part whatever its counts are, also a published zero. Sites vary as
theta_i ~ Normal(mu, tau^2), integrated on a grid of logits. The mean is that of maximum likelihood; for
what is said of one site mu and tau are integrated too, each with a flat prior. Weights made of estimates
with noise in them would pull the mean towards sites whose count happened to come out high.

References
----------
Marley and Leaver (2011), A method for confidentialising user-defined tables, Int. Statistical Inst.
Gelman (2006), flat priors on tau, doi:10.1214/06-BA117A
Marshall and Spiegelhalter (2007), deviating sites, doi:10.1214/07-BA218
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from toekomstscenario_eval.protection.noise import Noise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Logits from 0.0001 to 0.9999, in steps that the widest site still sees as smooth.
_REACH, _STEP, _SMOOTH = 9.0, 0.05, 1000
_TAU_MAX = 3.0
# Values of tau and of mu: while looking for where the likelihood is, and to compute with.
_COARSE, _FINE = (8, 25), (21, 31)
_SPREAD = 3.0  # how far from the pooled logit the mean over sites is sought
_LEAST, _FAR = 1e-290, 1e-9
_NEGLIGIBLE = 12.0  # a log-likelihood this much under the highest has no weight


@dataclass(frozen=True)
class SiteCounts:
    """Protected counts of sites, each array of shape (k,).

    Attributes
    ----------
    t, r : array
        Published households that have it, and that have not.
    n : array
        Published households that count.
    ruis : Noise
        How these differ from the true counts.
    """

    t: Ints
    r: Ints
    n: Ints
    ruis: Noise

    @property
    def shares(self) -> Floats:
        """Share of each site as published; NaN where both counts read zero."""
        total = np.where(self.t + self.r > 0, self.t + self.r, np.nan)
        return np.asarray(self.t / total)

    @cached_property
    def grid(self) -> Floats:
        """Logits on which everything is integrated."""
        return _grid(self.step)

    @property
    def step(self) -> float:
        """Width between two points of the grid: narrower than what the largest site tells apart."""
        return _STEP * min(1.0, math.sqrt(_SMOOTH / max(int(self.n.max()), 1)))

    @cached_property
    def likelihood(self) -> Floats:
        """Likelihood of each site on the grid, highest value 1, shape (k, len(grid))."""
        d = self.ruis.d
        i = np.arange(2 * d + 1)
        true_t, true_r = self.t[:, None] - d + i, self.r[:, None] - d + i
        pt, pr = (
            np.stack([_backwards(self.ruis, int(c)) for c in published]) for published in (self.t, self.r)
        )
        t, r = np.maximum(true_t, 0)[:, :, None], np.maximum(true_r, 0)[:, None, :]
        ways = special.gammaln(t + r + 1) - special.gammaln(t + 1) - special.gammaln(r + 1)
        weight = pt[:, :, None] * pr[:, None, :] * np.exp(ways - ways.max(axis=(1, 2), keepdims=True))
        # p^t q^r = p^(lowest t) q^(lowest r) times small powers, which are the same for all sites.
        powers = weight.reshape(len(self.t), -1) @ _powers(d, self.step)
        log_p, log_q = special.log_expit(self.grid), special.log_expit(-self.grid)
        log = np.log(powers) + (self.t - d)[:, None] * log_p + (self.r - d)[:, None] * log_q
        return np.asarray(np.exp(log - log.max(axis=1, keepdims=True)))

    @cached_property
    def alone(self) -> Floats:
        """What each site says by itself, with Jeffreys' prior, which has room for a count of zero."""
        prior = np.exp((special.log_expit(self.grid) + special.log_expit(-self.grid)) / 2)
        out = self.likelihood * prior
        return np.asarray(out / out.sum(axis=1, keepdims=True))

    @property
    def combined(self) -> Combined:
        """These sites combined; computed once for the same counts, which several designs ask for."""
        return _combined(tuple(self.t.tolist()), tuple(self.r.tolist()), tuple(self.n.tolist()), self.ruis)


def _backwards(noise: Noise, published: int) -> Floats:
    """Return the probability of `published` for each true count from published - d to published + d."""
    below = max(noise.d - published, 0)
    inside = noise.likelihood(published, published + noise.d)[max(published - noise.d, 0) :]
    return np.concatenate([np.zeros(below), inside])


@lru_cache(maxsize=8)
def _grid(step: float) -> Floats:
    return np.arange(-_REACH, _REACH + step, step)


@lru_cache(maxsize=8)
def _powers(d: int, step: float) -> Floats:
    """Return p^i q^j for i and j from 0 to 2 d on the grid, shape ((2 d + 1)^2, points)."""
    i = np.arange(2 * d + 1)[:, None]
    p, q = special.expit(_grid(step)) ** i, special.expit(-_grid(step)) ** i
    return np.asarray(p[:, None, :] * q[None, :, :]).reshape(-1, p.shape[1])


@dataclass(frozen=True)
class Combined:
    """Sites combined; everything on the logit scale.

    Attributes
    ----------
    gemiddelde, se : float
        Mean over sites (maximum likelihood, less its bias of the second order) and its standard error
        (curvature of the log-likelihood at `tau`).
    ondergrens, bovengrens : float
        95% interval of the mean (t, k - 1 degrees of freedom).
    tau : float
        Standard deviation between sites (restricted likelihood: the mean is integrated out).
    predict : tuple of float
        95% interval of a new site.
    gekrompen, onder, boven : array of shape (k,)
        Posterior median of each site with a 95% interval, which allow for not knowing mu and tau.
    p : array of shape (k,)
        How well each site agrees with what the others predict of it, two-sided.
    without : array of shape (k,)
        The mean with each site left out.
    """

    gemiddelde: float
    se: float
    ondergrens: float
    bovengrens: float
    tau: float
    predict: tuple[float, float]
    gekrompen: Floats
    onder: Floats
    boven: Floats
    p: Floats
    without: Floats


@dataclass(frozen=True)
class _Surface:
    """The log-likelihood of each site for pairs of tau and mu, and the prior of a site under each pair.

    `log` has shape (k, pairs) and `prior` (pairs, points of the grid); a pair is a tau, then a mu.
    """

    mu: Floats
    tau: Floats
    prior: Floats
    log: Floats

    @property
    def total(self) -> Floats:
        """Log-likelihood of all sites, shape (tau, mu)."""
        return np.asarray(self.log.sum(axis=0).reshape(len(self.tau), len(self.mu)))


def _surface(counts: SiteCounts, mu: Floats, tau: Floats) -> _Surface:
    z = (counts.grid - mu[None, :, None]) / tau[:, None, None]
    prior = np.exp(-0.5 * z**2).reshape(-1, len(counts.grid))
    prior /= prior.sum(axis=1, keepdims=True)
    # A prior far from a large site leaves less than a float can hold.
    return _Surface(mu, tau, prior, np.log(np.maximum(counts.likelihood @ prior.T, _LEAST)))


def _around(values: Floats, best: Floats) -> tuple[float, float]:
    """Return the first and last of `values` that have weight, and one beyond."""
    counted = np.flatnonzero(best > best.max() - _NEGLIGIBLE)
    return float(values[max(counted[0] - 1, 0)]), float(values[min(counted[-1] + 1, len(values) - 1)])


def combine_counts(counts: SiteCounts) -> Combined:
    """Combine at least three sites by their protected counts."""
    t, r = int(counts.t.sum()), int(counts.r.sum())
    pooled = float(special.logit((t + 0.5) / (t + r + 1)))
    low, high, top = pooled - _SPREAD, pooled + _SPREAD, _TAU_MAX
    for rows, columns in (_COARSE, _COARSE, _FINE):
        s = _surface(counts, np.linspace(low, high, columns), np.linspace(counts.step, top, rows))
        low, high = _around(s.mu, s.total.max(axis=0))
        # Without a site that deviates tau may be far less: it is always followed down to nothing.
        top = _around(s.tau, s.total.max(axis=1))[1]
    return _outcome(counts, s)


@lru_cache(maxsize=512)
def _combined(t: tuple[int, ...], r: tuple[int, ...], n: tuple[int, ...], noise: Noise) -> Combined:
    return combine_counts(SiteCounts(np.array(t), np.array(r), np.array(n), noise))


def _peak(x: Floats, log: Floats) -> tuple[float, float]:
    """Return where a log-likelihood is highest, and one over the root of its curvature there.

    Without a highest place the second is infinite.
    """
    i = min(max(int(log.argmax()), 1), len(x) - 2)
    before, here, after = log[i - 1 : i + 2].tolist()
    bend, step = 2 * here - before - after, float(x[1] - x[0])
    if bend <= 0:
        return float(x[i]), math.inf
    return float(x[i]) + step * (after - before) / (2 * bend), step / math.sqrt(bend)


def _outcome(counts: SiteCounts, s: _Surface) -> Combined:
    total = s.total
    weight = np.exp(total - total.max())
    # With the mean integrated out tau is not too small, as it is with the mean where it is likeliest.
    restricted = int(weight.sum(axis=1).argmax())
    mean, se = _mean(s.mu, total, restricted)
    left = total - s.log.reshape(len(counts.t), *total.shape)
    without = np.array([_mean(s.mu, part, restricted)[0] for part in left])
    margin = float(special.stdtrit(len(counts.t) - 1, 0.975)) * se
    w = (weight / weight.sum()).ravel()
    # Of each site: its likelihood times its prior, over all pairs by their weight.
    sites = counts.likelihood * ((w / np.exp(s.log)) @ s.prior)
    low, middle, high = (_quantiles(counts.grid, sites, q) for q in (0.025, 0.5, 0.975))
    new = (w @ s.prior)[None, :]
    under, above = (float(_quantiles(counts.grid, new, q)[0]) for q in (0.025, 0.975))
    return Combined(
        gemiddelde=mean,
        se=se,
        ondergrens=mean - margin,
        bovengrens=mean + margin,
        tau=float(s.tau[restricted]),
        predict=(under, above),
        gekrompen=middle,
        onder=low,
        boven=high,
        p=_conflict(counts, s),
        without=without,
    )


def _mean(mu: Floats, total: Floats, tau: int) -> tuple[float, float]:
    """Return the mean over sites, and its error at this tau."""
    mean, _ = _peak(mu, total[int(total.max(axis=1).argmax())])
    _, se = _peak(mu, total[tau])
    # A logit bends: of an unbiased share it is too far from nothing, by half its second derivative.
    return mean - math.tanh(mean / 2) * se**2 / 2, se


def _quantiles(x: Floats, density: Floats, q: float) -> Floats:
    """Return the quantile of each row of densities on the points `x`.

    Interpolated as a normal is, of which a few points suffice.
    """
    below = np.cumsum(density, axis=1) - density / 2
    below /= density.sum(axis=1, keepdims=True)
    z = special.ndtri(np.clip(below, _FAR, 1 - _FAR))
    return np.array([np.interp(special.ndtri(q), row, x) for row in z])


def _conflict(counts: SiteCounts, s: _Surface) -> Floats:
    """Compare each site alone with its prior given the others: the chance that one lies beyond the other."""
    log = s.log.sum(axis=0) - s.log
    others = np.exp(log - log.max(axis=1, keepdims=True)) @ s.prior
    others /= others.sum(axis=1, keepdims=True)
    below = ((np.cumsum(counts.alone, axis=1) - counts.alone / 2) * others).sum(axis=1)
    return np.asarray(2 * np.minimum(below, 1 - below))
