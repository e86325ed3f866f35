"""Sites compared by their published mean scores: what follows from counts, and what a reader is told."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.estimators.cells_world import NOISE, World
from tests.estimators.scores_world import HALF, by_site, score_cells
from toekomstscenario_eval.designs import meta
from toekomstscenario_eval.designs._published import mean_in_cells, published_means
from toekomstscenario_eval.designs._regions import by_region
from toekomstscenario_eval.designs._site_means import integrate
from toekomstscenario_eval.designs._sites import site_data, why_none
from toekomstscenario_eval.estimators.cells.score_moments import moments
from toekomstscenario_eval.estimators.filling import fill
from toekomstscenario_eval.long_tables import UITSLUITING
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, PublicSummary
from toekomstscenario_eval.results import identified
from toekomstscenario_eval.types import SITE, Card, Kind, Maat, Result, Venster, Vorm

CARD = Card(
    *("proef", Kind.SCORE, "1", *["x"] * 9, ("bron",), {}),
    maten={
        "verschil": Maat("Verandering", "punten", Vorm.GETAL),
        "gemiddelde_voor": Maat("Eerst", "punten", Vorm.GETAL),
        "gemiddelde": Maat("Daarna", "punten", Vorm.GETAL),
    },
    stap=HALF,
)
MEANS = {"verschil": "d", "gemiddelde_voor": "v", "gemiddelde": "w"}
SIZES = [30, 25, 60, 90, 45, 28, 70, 14]


def place(cells, groups, sizes, per=""):
    """Return published cells of so many groups as one summary."""
    parts = [c.assign(groep=g, periode="") for c, g in zip(cells, groups, strict=True)]
    places = [(g, "", n, "2026-01-01", 365, False, "") for g, n in zip(groups, sizes, strict=True)]
    return PublicSummary(
        Kind.SCORE,
        pd.concat(parts, ignore_index=True)[list(CELLEN)],
        pd.DataFrame(places, columns=list(PLEKKEN)),
        NOISE,
        uitsplitsing=per,
        stap=HALF,
    )


def outcome(sizes=SIZES, *, gap=0.0, seed=3, most=1):
    """Return a public result of sites of two kinds, and the true change of every household by site."""
    rng = np.random.default_rng(seed)
    found, changes, together = [], [], []
    for i, n in enumerate(sizes):
        v = rng.integers(4, 13, n) / 2
        d = np.rint(2 * (0.6 + gap * (i % 2 == 0) + 0.3 * rng.standard_normal() + rng.standard_normal(n))) / 2
        together.append((v, d))
        changes.append(d)
    keys = rng.integers(0, 2**64, sum(sizes), dtype=np.uint64)
    at = np.cumsum([0, *sizes])
    for (v, d), begin, end in zip(together, at, at[1:], strict=False):
        found.append(scored(keys[begin:end], v, d).published(seed))
    v, d = (np.concatenate(x) for x in zip(*together, strict=True))
    whole, n = scored(keys, v, d).published(seed)
    groups = [f"g{i}" for i in range(len(sizes))]
    publiek = {
        "": place([whole], ["totaal"], [n]),
        SITE: place([c for c, _ in found], groups, [n for _, n in found], SITE),
    }
    empty = pd.DataFrame()
    gone = pd.DataFrame({k: pd.Series(dtype="str") for k in UITSLUITING})
    plain = Result("proef", CARD, {}, Venster(date(2025, 1, 1), date(2026, 1, 1)), empty, empty, gone)
    strata = {g: ("proeftuin", "vergelijking")[i % 2] for i, g in enumerate(groups)}
    return identified(fill(plain, publiek, strata=strata)), changes


def scored(keys, v, d):
    return score_cells(World(keys), np.arange(len(v)), {"w": v + d, "v": v, "d": d}, HALF)


@pytest.mark.parametrize(("estimand", "naam"), list(MEANS.items()))
def test_the_mean_of_a_site_is_that_of_its_own_row(estimand, naam):
    """One formula, in two rooms of which one may not look into the other."""
    summary, _, _ = by_site(SIZES)
    found = published_means(summary, estimand).found
    parts = []
    for site, (mean, _) in found.items():
        cells = summary.cellen[summary.cellen["groep"].eq(site)]
        n = float(cells.loc[cells["naam"].eq("u"), "n"].sum())
        parts.append(moments(cells, naam, n, HALF, NOISE.v))
        assert mean == pytest.approx(parts[-1].mean, rel=1e-12)
    within = sum(m.variance * (m.n - 1) for m in parts) / sum(m.n - 1 for m in parts)
    noise = np.mean([m.noise_of_mean * m.n**2 for m in parts])
    errors = [math.sqrt(within / m.n + noise / m.n**2) for m in parts]
    assert [se for _, se in found.values()] == pytest.approx(errors, rel=1e-9)


def test_scores_below_zero_have_the_same_mean_turned_around():
    summary, _, _ = by_site(SIZES)
    other = {"d": "d_onder", "d_onder": "d"}
    turned = summary.cellen.assign(naam=summary.cellen["naam"].map(lambda n: other.get(n, n)))
    found = published_means(summary, "verschil").found
    reverse = published_means(replace(summary, cellen=turned), "verschil").found
    for site, (mean, se) in found.items():
        assert reverse[site] == pytest.approx((-mean, se), rel=1e-9)


def test_sites_are_drawn_to_the_middle_as_by_brute_force():
    """Against sums over a grid of the mean over sites and of what sites differ."""
    y, se = np.array([0.1, 0.9, 0.4, 1.6, 0.7]), np.array([0.3, 0.2, 0.25, 0.4, 0.15])
    found = integrate(y, se)
    taus, mus = np.linspace(0, 8 * y.std(), 161), np.linspace(-4, 6, 201)
    total = np.sqrt(taus[:, None] ** 2 + se**2)
    weight = np.prod(stats.norm.pdf(y, mus[:, None, None], total), axis=-1)
    weight /= weight.sum()
    theta = np.linspace(-1, 3, 101)
    for i in range(len(y)):
        part = taus**2 / (taus**2 + se[i] ** 2)
        middle = mus[:, None] + part * (y[i] - mus[:, None])
        assert found.gekrompen[i] == pytest.approx(float((weight * middle).sum()), abs=0.003)
        spread = np.broadcast_to(np.maximum(np.sqrt(part) * se[i], 1e-6), middle.shape)
        under = [float((weight * stats.norm.cdf(t, middle, spread)).sum()) for t in theta]
        low, high = (float(np.interp(p, under, theta)) for p in (0.025, 0.975))
        assert (found.onder[i], found.boven[i]) == pytest.approx((low, high), abs=0.02)


def test_every_site_takes_part_and_noise_is_in_its_interval():
    r, changes = outcome()
    sites = site_data(r, maat="verschil")
    assert why_none(r, maat="verschil") == ""
    assert sites.noisy
    assert len(sites.tabel) == len(SIZES)
    # The smallest have too few households to show a change of their own.
    assert sites.tabel["schatting"].isna().any()
    assert np.isfinite(sites.of_all).all()
    true = np.array([d.mean() for d in changes])
    within = np.array([d.std(ddof=1) / math.sqrt(len(d)) for d in changes])
    assert np.abs(sites.y - true).max() < 4 * np.sqrt(3 * 15) * 0.5 / min(SIZES)
    assert (sites.se > 0.8 * within).all()
    shrunk = meta.shrink(sites)
    assert np.std(shrunk.gekrompen) < np.std(sites.y)
    assert (shrunk.krimp_onder < shrunk.gekrompen).all()
    assert (shrunk.gekrompen < shrunk.krimp_boven).all()
    assert {m.maat for m in meta.make(r)} == {"verschil"}


def test_kinds_of_sites_differ_by_what_all_sites_show():
    r, changes = outcome([60] * 10, gap=2.0)
    found, sources = next(
        (v, sources)
        for naam, v, sources in by_region(r, per=f"{SITE}_soort", a="proeftuin", b="vergelijking")
        if naam == "verschil"
    )
    assert found.aantal == (5, 5)
    assert len(sources) == 10
    first, second = (np.mean([d.mean() for d in changes[i::2]]) for i in (0, 1))
    assert found.schatting == pytest.approx(first - second, abs=0.15)
    assert found.ondergrens > 1


def test_a_small_site_leaves_no_comparison_of_any():
    r, _ = outcome([60, 60, 60, 4])
    assert site_data(r, maat="verschil") is None
    assert why_none(r, maat="verschil").startswith(
        "Regio's zijn niet naast elkaar gezet: bij 1 van de 4 regio's"
    )


def test_more_scores_of_a_household_do_not_compare_sites_by_counts():
    summary, _, _ = by_site([60] * 4)
    assert mean_in_cells({"": summary}, "verschil")
    assert not mean_in_cells({"": summary}, "effectgrootte")
    more = summary.cellen[summary.cellen["naam"].eq("u")].assign(k=2)
    both = replace(summary, cellen=pd.concat([summary.cellen, more]))
    assert not mean_in_cells({"": both}, "verschil")
