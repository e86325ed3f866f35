"""Tests between groups from published counts: how often they find something, what noise adds, the edges.

Studies with a fixed seed; `benchmarks/metingen_toetsen.py` does the same with more of them.
"""

import math

import numpy as np
import pytest

from tests.estimators.cells_groups import LEVEL, Study, is_tested, measure, study
from toekomstscenario_eval.estimators.cells.grid_scores import (
    Groups,
    gray_on_grid,
    hazard_ratio,
    joined,
    logrank_score,
    stratified_score,
    variance_by_site,
)
from toekomstscenario_eval.estimators.contrast import gray, logrank, verdict
from toekomstscenario_eval.estimators.cox import cox

SEED = 20261130


def above(times, level=LEVEL):
    """Return the part that a test of this level finds at most in so many studies, but for one in 200."""
    return level + 2.58 * math.sqrt(level * (1 - level) / times)


def lowest(times, level=0.95):
    return 1 - above(times, 1 - level)


def root(score, groepen=("a", "b")):
    return math.sqrt(verdict("x", groepen, score).statistiek)


@pytest.mark.parametrize("hazards", [(1 / 450,), (1 / 500, 1 / 900)])
def test_level_power_and_coverage(hazards):
    way, times = ("alle eindes" if len(hazards) == 1 else "een van twee eindes"), 120
    for ratio in (1.0, 1.5):
        rows = measure(way, 300, ratio, times, SEED, hazards=hazards, first=0.5)
        assert len(rows) == 4, way
        for row in rows:
            naam, shown = row["toets"], times * row["getoond"]
            assert shown > 0.9 * times, naam
            # Hazards are proportional with either ratio.
            if ratio == 1 or naam.startswith("evenredigheid"):
                assert row["vindt"] <= above(shown), naam
            else:
                assert row["vindt"] >= 0.8 * row["exact"] > 0.3, naam
            if not math.isnan(row["dekking"]):
                assert row["dekking"] >= lowest(shown), naam
                assert row["fout"] < 0.5, naam


@pytest.mark.parametrize("split", [(7, 7), (11, 3)])
def test_regions_as_units_keep_their_level_when_regions_differ(split):
    """Of the robust error with three regions in a group that cannot be said; see the measurements."""
    rows = {r["toets"]: r for r in measure("regio's", 300, 1.0, 60, SEED, split=split, between=0.3)}
    assert rows["Cox, naast ware tellingen"]["dekking"] >= lowest(60)
    one = rows["log-rank, gestratificeerd"]
    assert abs(one["vindt"] - one["exact"]) < 0.15


def test_noise_has_the_variance_that_is_predicted():
    """Over studies, each with noise of its own: plain, added up over the counts of 14 sites, and of Cox."""
    found = []
    for seed in range(100):
        s = study(np.random.default_rng([SEED, seed]), 300, 1.0)
        g, true = s.groups(seed), s.groups(seed, exact=True)
        strata, true_strata = s.strata(seed), s.strata(seed, exact=True)
        plain, sites, ratio = logrank_score(g), stratified_score(strata), hazard_ratio(g)
        row = []
        for score, exact in ((plain, logrank_score(true)), (sites, stratified_score(true_strata))):
            row += [(score.observed - score.verwacht - exact.observed + exact.verwacht)[0]]
        row += [ratio.coefficient - hazard_ratio(true).coefficient]
        noise = sum(_noise(Groups(tuple(joined(p) for p in part))) for part in strata)
        found.append((*row, _noise(g), noise, ratio.noise))
    errors, predicted = np.hsplit(np.array(found), 2)
    assert 0.6 < np.mean(errors[:, 0] ** 2) / predicted[:, 0].mean() < 1.5
    assert 0.6 < np.mean(errors[:, 1] ** 2) / predicted[:, 1].mean() < 1.5
    assert 0.6 < np.mean(errors[:, 2] ** 2) / predicted[:, 2].mean() < 1.5
    # The counts of sites have more noise than those of the groups.
    assert predicted[:, 1].mean() > 4 * predicted[:, 0].mean()


def _noise(g):
    """Return the noise variance in the score of the first group: what is more than from true counts."""
    without = Groups(tuple(_silent(c) for c in g.lattices), g.cause)
    return logrank_score(g).variantie[0, 0] - logrank_score(without).variantie[0, 0]


def _silent(c):
    return type(c)(c.days, c.causes, c.risk_by, c.ended_by, c.spells, 0.0, c.at_risk)


def test_true_counts_give_nearly_the_exact_statistics():
    s = study(np.random.default_rng(SEED), 4000, 1.2, hazards=(1 / 500, 1 / 900), first=0.4)
    g, one = s.groups(0, exact=True), s.groups(0, cause=1, exact=True)
    d = s.summary
    assert root(logrank_score(g)) == pytest.approx(math.sqrt(logrank(d).statistiek), abs=0.15)
    assert root(logrank_score(one)) == pytest.approx(math.sqrt(logrank(d, cause=1).statistiek), abs=0.15)
    assert root(gray_on_grid(one, 1)) == pytest.approx(math.sqrt(gray(d, cause=1).statistiek), abs=0.15)
    fit, exact = hazard_ratio(one), cox(s.spells(), ["x"], cause=1).effects[0]
    assert fit.coefficient == pytest.approx(exact.coefficient, abs=0.15 * exact.model_error)
    assert math.sqrt(fit.variance) == pytest.approx(exact.model_error, rel=0.02)
    assert fit.noise == 0
    strata = stratified_score(s.strata(0, exact=True))
    assert root(strata) == pytest.approx(math.sqrt(logrank(s.summary_by_stratum).statistiek), abs=0.15)


def confounded(rng, households):
    """Spells that end faster in the sites with an odd number, which most of the first group are in."""
    site = np.where(rng.random(households) < 0.5, rng.integers(0, 7, households), 7)
    group = (rng.random(households) < np.where(site % 2 == 1, 0.2, 0.8)).astype(int)
    # A site belongs to one group here: those of the second get numbers of their own.
    site = site + 20 * group
    end = rng.exponential(np.where(site % 2 == 1, 200, 600))
    censor = rng.uniform(150, 900, households)
    stop = np.ceil(np.minimum(end, censor)).astype(int)
    keys = rng.integers(0, 2**63, households, dtype=np.uint64)
    return Study(group, site, stop, (end <= censor).astype(int), keys, (1,))


@pytest.mark.parametrize("exact", [True, False])
def test_strata_take_away_what_comes_from_them(exact):
    """Groups differ only by the strata they are in: the plain test finds that, the stratified one not."""
    plain, strata = [], []
    for seed in range(20):
        s = confounded(np.random.default_rng([SEED, seed]), 600)
        plain.append(root(logrank_score(s.groups(seed, exact=exact))))
        strata.append(root(stratified_score(s.strata(seed, exact=exact))))
    assert min(plain) > 3
    assert np.mean(np.square(strata)) < 2.0
    assert sum(z > 1.96 for z in strata) <= 4


def test_a_group_that_is_not_in_a_stratum_adds_nothing_there():
    s = study(np.random.default_rng(1), 600, 1.5)
    both, alone = s.strata(3)
    one, same = stratified_score([both]), stratified_score([both, [alone[0], []]])
    assert root(same) == pytest.approx(root(one))
    assert (same.observed - same.verwacht).tolist() == pytest.approx((one.observed - one.verwacht).tolist())


def test_places_joined_have_the_sum_of_their_numbers():
    s = study(np.random.default_rng(2), 300, 1.0)
    parts = s.sites(0)[0]
    whole = joined(parts)
    assert whole.risk.tolist() == sum(c.risk for c in parts).tolist()
    assert whole.ended.tolist() == sum(c.ended for c in parts).tolist()
    assert whole.spells == sum(c.spells for c in parts)
    # Seven draws for each number in place of one.
    assert whole.risk_by.shape == (len(whole.days), 7)


def test_order_of_the_groups_does_not_matter():
    g = study(np.random.default_rng(3), 300, 1.4, hazards=(1 / 500, 1 / 900)).groups(0, cause=1)
    turned = Groups(g.lattices[::-1], 1)
    assert root(logrank_score(g)) == pytest.approx(root(logrank_score(turned)))
    assert root(gray_on_grid(g, 1)) == pytest.approx(root(gray_on_grid(turned, 1)))
    one, other = hazard_ratio(g), hazard_ratio(turned)
    assert one.coefficient == pytest.approx(-other.coefficient)
    assert (one.variance, one.shift[1]) == pytest.approx((other.variance, other.shift[1]), rel=1e-6)


def test_groups_in_which_nothing_ends_have_no_ratio():
    s = study(np.random.default_rng(4), 300, 1.0)
    never = Study(s.group, s.site, s.stop, np.where(s.group == 0, 0, s.kind), s.keys, s.causes)
    g = never.groups(0)
    assert hazard_ratio(g) is None
    assert not is_tested(g)
    nothing = Study(s.group, s.site, s.stop, 0 * s.kind, s.keys, s.causes).groups(0, exact=True)
    out = verdict("log-rank", ("a", "b"), logrank_score(nothing))
    assert (out.df, math.isnan(out.statistiek)) == (0, True)
    assert out.methode == "log-rank: niet te toetsen, op geen dag zijn groepen te vergelijken"


def test_sites_are_the_unit_from_two_in_each_group():
    s = study(np.random.default_rng(5), 300, 1.0, split=(3, 1))
    fit = hazard_ratio(s.groups(0))
    assert variance_by_site(fit, s.sites(0)) is None
    two = study(np.random.default_rng(5), 300, 1.0, split=(3, 2))
    fit = hazard_ratio(two.groups(0))
    variance, units = variance_by_site(fit, two.sites(0))
    assert units == 5
    assert variance >= fit.variance
