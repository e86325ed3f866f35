"""Sites together by the exact likelihood: zeros, edges, and the integral by another way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats

from toekomstscenario_eval.designs._exact_sites import _Counts, exact_sites, restricted_sites
from toekomstscenario_eval.designs.meta import combine

RARE = (
    np.array([0, 3, 1, 0, 4, 2, 0, 5, 1, 9, 0.0]),
    np.array([18, 40, 61, 9, 103, 88, 55, 70, 64, 120, 12.0]),
)
APART = np.array([0, 30, 2, 55, 12, 8.0]), np.array([40, 50, 45, 60, 52, 8.0])


@pytest.mark.parametrize("soort", ["binomiaal", "poisson"])
@pytest.mark.parametrize(("mu", "tau"), [(-2.0, 0.0), (-2.0, 0.3), (3.5, 6.2), (-4.6, 7.6)])
def test_the_integral_is_that_of_many_points(soort, mu, tau):
    """A plain sum over 40,000 points, also where a site lies far from all others."""
    t, n = APART
    u = np.linspace(-12, 12, 40_001)
    theta = mu + tau * u[:, None]
    log = (
        stats.binom.logpmf(t, n, special.expit(theta))
        if soort == "binomiaal"
        else t * theta - n * np.exp(theta)
    )
    plain = special.logsumexp(log + stats.norm.logpdf(u)[:, None], axis=0) + math.log(u[1] - u[0])
    choose = special.gammaln(n + 1) - special.gammaln(t + 1) - special.gammaln(n - t + 1)
    constant = choose.sum() if soort == "binomiaal" else 0.0
    assert _Counts(t, n, soort).at(mu, tau) + constant == pytest.approx(plain.sum(), abs=1e-6)


def test_sites_without_events_take_part_as_they_are():
    m = exact_sites(*RARE, soort="binomiaal")
    assert m.status == ""
    assert m.ondergrens < m.gemiddelde < m.bovengrens
    assert m.predict[0] < m.ondergrens
    assert m.predict[1] > m.bovengrens
    # With nothing added, the mean lies lower than with half a unit in every empty site.
    half = exact_sites(RARE[0] + 0.5 * (RARE[0] == 0), RARE[1], soort="binomiaal")
    assert m.gemiddelde < half.gemiddelde
    # An empty site is drawn to the middle, the more so the smaller it is.
    below = m.gemiddelde - m.gekrompen[[3, 0, 6]]
    assert (below > 0).all()
    assert (np.diff(below) > 0).all()


def test_few_sites_have_a_wider_interval_than_other_software_gives():
    ours, theirs = (exact_sites(*RARE, soort="poisson", t=t) for t in (True, False))
    assert ours.ondergrens < theirs.ondergrens
    assert ours.bovengrens > theirs.bovengrens
    assert (ours.gemiddelde, ours.tau) == (theirs.gemiddelde, theirs.tau)


def test_alike_sites_are_one():
    """Five of a hundred in each: no spread, and the share itself, with the error of five hundred."""
    m = exact_sites(np.full(5, 5.0), np.full(5, 100.0), soort="binomiaal")
    assert m.tau == 0
    assert special.expit(m.gemiddelde) == pytest.approx(0.05)
    assert m.se == pytest.approx(1 / math.sqrt(500 * 0.05 * 0.95), rel=1e-5)


def test_having_and_not_having_mirror_each_other():
    m, other = (
        exact_sites(*APART, soort="binomiaal"),
        exact_sites(APART[1] - APART[0], APART[1], soort="binomiaal"),
    )
    assert m.gemiddelde == pytest.approx(-other.gemiddelde, abs=1e-6)
    assert (m.ondergrens, m.bovengrens) == pytest.approx((-other.bovengrens, -other.ondergrens), abs=1e-5)


@pytest.mark.parametrize(
    ("soort", "above"), [("binomiaal", 1 - 0.025 ** (1 / 300)), ("poisson", -math.log(0.025) / 300)]
)
def test_nowhere_anything_has_one_bound(soort, above):
    """Clopper and Pearson, and Garwood, of all as one."""
    m = exact_sites(np.zeros(3), np.full(3, 100.0), soort=soort)
    assert m.status.startswith("Nergens")
    back = special.expit if soort == "binomiaal" else np.exp
    assert (back(m.ondergrens), back(m.bovengrens)) == (0, pytest.approx(above))
    assert math.isnan(m.tau)


def test_everywhere_everyone_has_one_bound():
    m = exact_sites(np.full(3, 100.0), np.full(3, 100.0), soort="binomiaal")
    assert m.status.startswith("Het geldt overal")
    assert (special.expit(m.ondergrens), m.bovengrens) == (pytest.approx(0.025 ** (1 / 300)), math.inf)


def test_two_sites_are_too_few():
    m = exact_sites(np.ones(2), np.full(2, 9.0), soort="poisson")
    assert "Er zijn 2 regio's" in m.status
    assert m.gekrompen is None


@pytest.mark.parametrize(
    ("t", "n", "soort"),
    [
        ([1, -1, 2], [9, 9, 9], "poisson"),
        ([1, 1, 2], [9, 0, 9], "poisson"),
        ([1, 10, 2], [9, 9, 9], "binomiaal"),
    ],
)
def test_impossible_counts_are_refused(t, n, soort):
    with pytest.raises(ValueError, match="een telling is negatief"):
        exact_sites(np.array(t, dtype=float), np.array(n, dtype=float), soort=soort)


def test_no_upper_bound_where_the_likelihood_sets_none():
    """One event in three sites, with the quantile of three: any spread fits as well."""
    m = exact_sites(np.array([0.0, 0, 1]), np.array([5.0, 5, 5]), soort="binomiaal")
    assert m.status == ""
    assert m.ondergrens == -math.inf


@pytest.mark.parametrize("soort", ["binomiaal", "poisson"])
def test_of_large_counts_it_is_reml(soort):
    n = np.array([90_000.0, 160_000, 120_000, 200_000, 70_000])
    t = np.round(n * np.array([0.11, 0.14, 0.09, 0.13, 0.10]))
    m = restricted_sites(t, n, soort=soort)
    y, se = (
        (np.log(t / (n - t)), np.sqrt(1 / t + 1 / (n - t)))
        if soort == "binomiaal"
        else (np.log(t / n), 1 / np.sqrt(t))
    )
    c = combine(y, se)
    assert m.tau**2 == pytest.approx(c.tau2, rel=2e-3)
    assert m.gemiddelde == pytest.approx(c.gemiddelde, abs=1e-4)
    assert (m.ondergrens, m.bovengrens) == pytest.approx((c.ondergrens, c.bovengrens), abs=1e-3)
    assert m.predict == pytest.approx((c.predict_under, c.predict_above), abs=2e-3)
    assert m.gekrompen == pytest.approx(c.gekrompen, abs=1e-4)
    assert m.shrunken_se == pytest.approx(c.shrunken_se, rel=5e-3)


def test_with_few_sites_tau_is_larger_than_that_of_maximum_likelihood():
    assert restricted_sites(*RARE, soort="binomiaal").tau > exact_sites(*RARE, soort="binomiaal").tau


def test_the_mean_with_one_site_less():
    m = restricted_sites(*RARE, soort="binomiaal")
    # The site with most events raises the mean, the large one without any lowers it.
    assert m.without[9] == m.without.min()
    assert m.without[9] < m.gemiddelde < m.without[6]
    # All sites at one share: the mean of the others is the same.
    same = exact_sites(np.full(5, 5.0), np.full(5, 100.0), soort="binomiaal")
    assert same.without == pytest.approx(np.full(5, same.gemiddelde), abs=1e-6)
    # With all events in one site the others have none, or all.
    lone = exact_sites(np.array([0.0, 0, 4]), np.full(3, 9.0), soort="binomiaal")
    assert lone.without[2] == -math.inf
    full = exact_sites(np.array([9.0, 9, 4]), np.full(3, 9.0), soort="binomiaal")
    assert full.without[2] == math.inf
