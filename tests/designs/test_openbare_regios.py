"""Sites compared by protected counts: the likelihood, the limits, and what a reader is told."""

from __future__ import annotations

import importlib.util
import math
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from toekomstscenario_eval.designs import all_designs, funnel, group_difference, meta
from toekomstscenario_eval.designs._assignment import compare
from toekomstscenario_eval.designs._noisy_limits import _distribution, noisy_limits
from toekomstscenario_eval.designs._published import spread
from toekomstscenario_eval.designs._regions import by_region
from toekomstscenario_eval.designs._site_likelihood import SiteCounts, combine_counts
from toekomstscenario_eval.designs._sites import BY_SIZE, site_data, why_none
from toekomstscenario_eval.estimators.filling import fill
from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.long_tables import UITSLUITING
from toekomstscenario_eval.protection import risk, waist
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, PublicSummary
from toekomstscenario_eval.protection.rules import drempel
from toekomstscenario_eval.results import identified
from toekomstscenario_eval.types import SITE, Card, Kind, Maat, Result, Venster, Vorm

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
RUIS = Noise(6, 3.0, 2)
KAART = Card(
    *("proef", Kind.AANDEEL, "1", *["x"] * 9, ("bron",), {}),
    maten={"aandeel": Maat("Proefmaat", "huishoudens", Vorm.AANDEEL)},
)
T = [3, 0, 12, 25, 9, 14, 31, 5]
R = [22, 18, 40, 61, 30, 10, 55, 44]
N = [24, 19, 51, 88, 40, 23, 85, 50]


def cellen(groepen, t, r, n, *, per="", meer=()):
    """Published cells of groups; `meer` are further ones. A zero is never stored."""
    delen = [
        (g, "", naam, 0, 1, c)
        for naam, cs in zip("trn", (t, r, n), strict=True)
        for g, c in zip(groepen, cs, strict=True)
    ]
    plekken = [(g, "", c, "2026-01-01", 365, False, "") for g, c in zip(groepen, n, strict=True)]
    return PublicSummary(
        Kind.AANDEEL,
        pd.DataFrame([c for c in delen if c[-1]] + list(meer), columns=CELLEN),
        pd.DataFrame(plekken, columns=PLEKKEN),
        RUIS,
        uitsplitsing=per,
    )


def uitkomst(t=T, r=R, n=N, *, soorten=("P", "V"), meer=()):
    """A public result, by the estimators of the package itself."""
    groepen = [f"g{i}" for i in range(len(t))]
    publiek = {
        "": cellen(["totaal"], [sum(t)], [sum(r)], [sum(n)]),
        SITE: cellen(groepen, t, r, n, per=SITE, meer=meer),
    }
    leeg = pd.DataFrame()
    kaal = Result(
        "proef", KAART, {}, Venster(date(2025, 1, 1), date(2026, 1, 1)), leeg, leeg, leeg_van(UITSLUITING)
    )
    strata = {g: soorten[i % len(soorten)] for i, g in enumerate(groepen)}
    return identified(fill(kaal, publiek, strata=strata))


def leeg_van(kolommen):
    return pd.DataFrame({k: pd.Series(dtype="str") for k in kolommen})


def telling(t=T, r=R, n=N):
    return SiteCounts(np.array(t), np.array(r), np.array(n), RUIS)


# The likelihood


@pytest.mark.parametrize("i", [0, 1, 3])
def test_likelihood_by_its_definition(i):
    """A sum over every true pair; one of the published counts is zero."""
    sites = telling()
    p = 1 / (1 + np.exp(-sites.grid))
    som = np.zeros_like(p)
    for t in range(T[i] + RUIS.d + 1):
        for r in range(R[i] + RUIS.d + 1):
            kans = RUIS.likelihood(T[i], t)[t] * RUIS.likelihood(R[i], r)[r]
            som += kans * stats.binom.pmf(t, t + r, p)
    assert sites.likelihood[i] == pytest.approx(som / som.max(), abs=1e-12)


def test_of_large_sites_it_is_reml():
    """Of thousands of households noise says nothing, and the logits are normal."""
    rng = np.random.default_rng(4)
    n = rng.integers(3000, 9000, 12)
    t = rng.binomial(n, 1 / (1 + np.exp(0.8 - 0.4 * rng.standard_normal(12))))
    sites = telling(RUIS.draw(t, rng.random(12)), RUIS.draw(n - t, rng.random(12)), n)
    onze, gewoon = sites.combined, meta.combine(np.log(t / (n - t)), np.sqrt(1 / t + 1 / (n - t)))
    assert onze.gemiddelde == pytest.approx(gewoon.gemiddelde, abs=0.01)
    assert onze.se == pytest.approx(gewoon.se, rel=0.1)
    assert onze.tau == pytest.approx(math.sqrt(gewoon.tau2), rel=0.15)
    assert onze.gekrompen == pytest.approx(gewoon.gekrompen, abs=0.01)
    half = (onze.boven - onze.onder) / 2
    assert half == pytest.approx(1.96 * gewoon.shrunken_se, rel=0.05)


def test_turned_around_it_says_the_same():
    heen, terug = combine_counts(telling()), combine_counts(telling(R, T))
    assert heen.gemiddelde == pytest.approx(-terug.gemiddelde, abs=1e-6)
    assert heen.gekrompen == pytest.approx(-terug.gekrompen, abs=1e-6)
    assert heen.p == pytest.approx(terug.p, abs=1e-6)


def test_sites_are_drawn_to_the_middle_and_one_far_away_is_found():
    sites = telling([12, 15, 10, 13, 70, 11], [80, 90, 75, 85, 20, 82], [92, 105, 85, 98, 90, 93])
    m = sites.combined
    assert m.gekrompen.std() < (sites.alone @ sites.grid).std()
    assert (m.onder < m.gekrompen).all()
    assert (m.gekrompen < m.boven).all()
    assert meta.holm(m.p).tolist() == [False] * 4 + [True, False]


# What it is to hold: benchmarks/metingen_regios.py prints the whole table


@pytest.fixture(scope="module")
def metingen():
    spec = importlib.util.spec_from_file_location("metingen_regios", BENCHMARKS / "metingen_regios.py")
    module = importlib.util.module_from_spec(spec)
    # A dataclass looks its module up by name.
    with pytest.MonkeyPatch.context() as m:
        m.setitem(importlib.import_module("sys").modules, "metingen_regios", module)
        spec.loader.exec_module(module)
    return module


def test_mean_and_sites_hold_what_they_promise(metingen):
    uit = [metingen.pooled(p, tau, (7, 100), studies=150) for p, tau in ((0.1, 0.0), (0.1, 0.5), (0.3, 0.25))]
    # About a hundred studies each: the margins are those of chance around .05, .92 and .93.
    assert all(abs(u["vertekening"]) <= 0.05 + 0.03 for u in uit)
    assert np.mean([u["dekking"] for u in uit]) >= 0.92
    assert np.mean([u["dekking_regio"] for u in uit]) >= 0.93
    # The plain way does not: noise in the weights draws it to the counts that came out high.
    assert uit[0]["gewoon_vertekening"] > 0.15
    assert uit[0]["gewoon_dekking"] < 0.8
    assert 0 < uit[0]["uitkomst"] < 1


def test_few_sites_lie_outside_the_funnel_by_chance_alone(metingen):
    uit = [metingen.outside(p, (7, 100), studies=150) for p in (0.1, 0.6)]
    assert np.mean([u["buiten_99,8%"] for u in uit]) <= 0.003
    assert np.mean([u["buiten_95%"] for u in uit]) <= 0.05
    assert np.mean([u["zonder_ruis_99,8%"] for u in uit]) > 0.005


def test_committed_table_holds_what_was_promised():
    tekst = (BENCHMARKS / "metingen_regios.md").read_text(encoding="utf-8")
    regels = [r.strip("| ").split(" | ") for r in tekst.splitlines() if r.startswith("| 7-100")]
    samen = np.array([r[1:] for r in regels if len(r) == 10], dtype=float)
    trechter = np.array([r[1:] for r in regels if len(r) == 5], dtype=float)
    assert (len(samen), len(trechter)) == (12, 4)
    _, _, _, vertekening, dekking, dekking_regio, _, gewoon, _ = samen.T
    assert np.abs(vertekening).max() <= 0.05
    assert dekking.min() >= 0.92
    assert dekking_regio.min() >= 0.93
    assert gewoon.max() >= 0.7
    assert trechter[:, 2].max() <= 0.003


def test_table_in_markdown(metingen):
    assert metingen.markdown([{"a": 1, "b": 0.5}]) == "| a | b |\n| --- | --- |\n| 1 | 0.500 |"


# Limits with noise


def test_distribution_of_a_published_share_by_hand():
    """Two households at a half: every published pair, by what is true and by the table of noise."""
    delen, kans = _distribution(RUIS, 0.5, 2)
    som: dict[float, float] = {}
    for t, kans_t in ((0, 0.25), (1, 0.5), (2, 0.25)):
        for a in range(2 + RUIS.d + 1):
            for b in range(2 + RUIS.d + 1):
                p = kans_t * RUIS.likelihood(a, 2)[t] * RUIS.likelihood(b, 2)[2 - t]
                if p > 0 and a + b > 0:
                    som[a / (a + b)] = som.get(a / (a + b), 0) + p
    for waarde in som:
        tot = sum(p for d, p in som.items() if d <= waarde) / sum(som.values())
        assert kans[np.searchsorted(delen, waarde + 1e-12, side="right") - 1] == pytest.approx(tot)


def test_limits_are_wider_than_without_noise_and_meet_them_when_large():
    n = np.array([12.0, 30, 100, 20000])
    onder, boven = noisy_limits(RUIS, 0.3, n, 0.998)
    laag, hoog = funnel.control_limits("binomiaal", 0.3, n, niveau=0.998)
    assert (boven - onder > hoog - laag)[:3].all()
    assert (onder[3], boven[3]) == pytest.approx((laag[3], hoog[3]), abs=2e-4)
    assert (np.diff(boven - onder) < 0).all()


def test_many_sizes_are_interpolated():
    """The figure asks for two hundred; what lies between differs little from what each has by itself."""
    n = np.arange(15.0, 215.0)
    alle, los = (
        noisy_limits(RUIS, 0.2, n, 0.95),
        [noisy_limits(RUIS, 0.2, n[[i]], 0.95) for i in (0, 77, 199)],
    )
    for kant in (0, 1):
        assert alle[kant][[0, 77, 199]] == pytest.approx([u[kant][0] for u in los], abs=0.02)


# What takes part


def test_every_site_takes_part_whatever_its_count():
    sites = site_data(uitkomst())
    assert (sites.soort, len(sites.tabel)) == ("ruis", len(T))
    assert sites.tabel["schatting"].isna().sum() == 4
    assert sites.telling.t.tolist() == T
    assert sites.telling.shares == pytest.approx(np.array(T) / (np.array(T) + np.array(R)))
    assert sites.geheel == pytest.approx(sum(T) / (sum(T) + sum(R)))
    krimp = meta.shrink(sites)
    assert ((krimp.krimp_onder > 0) & (krimp.krimp_onder < krimp.gekrompen) & (krimp.krimp_boven < 1)).all()
    assert 0 <= krimp.i2 < 1


def test_designs_make_numbers_of_every_site():
    r = uitkomst()
    (samen,), (trechter,) = list(meta.make(r)), list(funnel.make(r))
    assert samen.id == trechter.id
    ids = r.schattingen.set_index(["uitsplitsing", "groep"])["getal_id"]
    assert samen.bronnen == tuple(ids[SITE, f"g{i}"] for i in range(len(T)))
    assert set(samen.waarden["gekrompen"]) == {f"g{i}" for i in range(len(T))}
    assert trechter.waarden["omvang"] == {f"g{i}": float(n) for i, n in enumerate(N)}
    onder, boven = (trechter.waarden[f"grens_99,8%_{kant}"] for kant in ("ondergrens", "bovengrens"))
    assert all(0 <= onder[g] < boven[g] <= 1 for g in onder)
    # The smallest has the widest limits.
    assert boven["g1"] - onder["g1"] == max(boven[g] - onder[g] for g in onder)


def test_by_estimate_all_sites_take_part_or_none():
    """Without cells of the sites the shown estimates would be all there is: a selection of large shares."""
    r = uitkomst()
    exact = replace(r, publiek={})
    ander = replace(r, publiek={"gezinsprofiel": r.publiek[SITE]})
    for zonder in (exact, ander):
        assert site_data(zonder) is None
        assert "bij 4 van de 8 regio's" in why_none(zonder)
    groot = uitkomst(t=[20 + t for t in T], n=[20 + n for n in N])
    sites = site_data(replace(groot, publiek={}))
    assert (sites.soort, sites.telling, len(sites.tabel)) == ("binomiaal", None, 8)
    assert why_none(replace(groot, publiek={})) == ""


def test_a_small_site_leaves_no_comparison_of_any():
    r = uitkomst(n=[9, *N[1:]])
    assert site_data(r) is None
    assert not list(meta.make(r))
    assert not list(funnel.make(r))
    assert why_none(r) == (
        "Regio's zijn niet naast elkaar gezet: bij 1 van de 8 regio's tellen minder dan 10 huishoudens mee. "
        "Om regio's te vergelijken zijn ongeveer 20 huishoudens per regio nodig."
    )


def test_a_rare_thing_is_not_compared():
    weinig = uitkomst(t=[0, 0, 3, 0, 0, 4, 0, 0])
    assert "het aantal met of zonder het kenmerk te klein" in why_none(weinig)
    assert site_data(weinig) is None


def test_a_place_of_which_nothing_is_published_leaves_no_comparison():
    r = uitkomst()
    s = r.publiek[SITE]
    plekken = s.plekken.assign(reden=["", "te herleidbaar", *[""] * 6])
    s = replace(s, plekken=plekken, cellen=s.cellen[s.cellen["groep"].ne("g1")])
    zonder = replace(r, publiek={**r.publiek, SITE: s})
    assert site_data(zonder) is None
    assert why_none(zonder).endswith("van 1 van de 8 regio's is niets gepubliceerd.")


@pytest.mark.parametrize(
    ("reden", "van_omvang"),
    [
        (waist._FEW.format(10), True),
        (drempel.refuse(SimpleNamespace(n=4, kind=Kind.AANDEEL), SimpleNamespace(drempel=10)), True),
        (waist._ALIKE.format(10), False),
        (risk.GUESSED, False),
    ],
)
def test_a_reason_of_a_place_says_how_many_count_or_something_else(reden, van_omvang):
    assert reden
    assert (re.search(BY_SIZE, reden) is not None) == van_omvang


def test_a_place_that_is_too_small_to_be_drawn_is_small():
    """What the table of numbers reads, and no other number of small regions: all eight, not the one drawn."""
    r = uitkomst(t=[20 + t for t in T], n=[20 + n for n in N], meer=[("g3", "", "n", 0, 2, 12)])
    s = r.publiek[SITE]
    klein = drempel.refuse(SimpleNamespace(n=4, kind=Kind.AANDEEL), SimpleNamespace(drempel=10))
    reden = [klein] * 7 + [waist._FEW.format(10)]
    plekken = s.plekken.assign(reden=reden, huishoudens=[0] * 7 + [4])
    zonder = replace(r, publiek={**r.publiek, SITE: replace(s, plekken=plekken, cellen=s.cellen)})
    assert "bij 8 van de 8 regio's tellen minder dan 10" in why_none(zonder)


def test_drawn_wholly_to_the_middle_a_site_is_no_better_known_than_the_middle():
    r = uitkomst(t=[20 + t for t in T], n=[20 + n for n in N], meer=[("g3", "", "n", 0, 2, 12)])
    gelijk = replace(site_data(r), y=np.full(8, -0.4))
    eigen = gelijk.of(~gelijk.apart)
    meta_, s = meta.combine(eigen.y, eigen.se), meta.shrink(eigen)
    assert meta_.tau2 == 0
    onder, boven = eigen.schaal.back(np.array([meta_.ondergrens, meta_.bovengrens]))
    assert s.krimp_onder == pytest.approx(np.full(len(eigen.y), onder))
    assert s.krimp_boven == pytest.approx(np.full(len(eigen.y), boven))


def test_more_children_in_a_household_go_by_estimate_and_interval():
    """The binomial is that of households: with more units in one the shown estimates are compared."""
    meer = [("g3", "", "n", 0, 2, 12)]
    r = uitkomst(t=[20 + t for t in T], n=[20 + n for n in N], meer=meer)
    sites = site_data(r)
    assert (sites.soort, sites.telling, len(sites.tabel)) == ("binomiaal", None, 8)
    p, fout = (sites.tabel[k].to_numpy(dtype=float) for k in ("schatting", "standaardfout"))
    assert sites.se == pytest.approx(fout / (p * (1 - p)))
    klein = uitkomst(meer=meer)
    assert site_data(klein) is None
    assert "bij 4 van de 8 regio's" in why_none(klein)


# Two groups


def test_spread_between_households_follows_from_the_cells():
    x = np.repeat([0, 1, 2, 3, 5, 8, 57], [4, 9, 12, 7, 5, 2, 1])
    stappen = ladder(1, 0)
    rijen = [("P", "", "a", v, 1, int((x >= v).sum())) for v in stappen if (x >= v).any()]
    rijen.append(("P", "", "u", 0, 1, len(x)))
    s = replace(cellen(["P"], [0], [0], [len(x)], meer=rijen), kind=Kind.AANTAL)
    # From fifty on steps are five wide: 57 counts as the middle of 55 to 59.
    assert spread(s, "P") == pytest.approx(x.std())
    meer = pd.DataFrame([("P", "", "u", 0, 2, 3)], columns=CELLEN)
    assert math.isnan(spread(replace(s, cellen=pd.concat([s.cellen, meer])), "P"))


def test_g_with_noise_is_that_of_pingouin_when_there_is_none():
    rng = np.random.default_rng(3)
    x, y = rng.poisson(6, 80), rng.poisson(4, 50)
    rijen = []
    for naam, w in (("a", x), ("b", y)):
        fout = w.std(ddof=1) / math.sqrt(len(w))
        half = stats.t.ppf(0.975, len(w) - 1) * fout
        rijen.append((naam, w.mean(), w.mean() - half, w.mean() + half, fout, len(w), len(w), False))
    velden = ["groep", "schatting", "ondergrens", "bovengrens", "standaardfout", "n", "noemer", "onderdrukt"]
    lines = pd.DataFrame(rijen, columns=velden)
    exact = group_difference.difference(lines, "a", "b", per_huishouden=True)
    gap, fout = exact.schatting, math.hypot(*lines["standaardfout"])
    g = group_difference.noisy_g(gap, fout, (80, 50), (x.std(ddof=1), y.std(ddof=1)))
    assert g[0] == pytest.approx(exact.hedges_g, rel=1e-3)
    assert g[1:] == pytest.approx((exact.g_ondergrens, exact.g_bovengrens), abs=0.05)
    assert all(math.isnan(v) for v in group_difference.noisy_g(gap, fout, (80, 50), (0.0, 0.0)))
    # A larger error of the means, for noise in it, makes the interval of g wider and leaves g itself.
    ruim = group_difference.noisy_g(gap, fout + 0.5, (80, 50), (x.std(ddof=1), y.std(ddof=1)))
    assert ruim[0] == g[0]
    assert ruim[2] - ruim[1] > g[2] - g[1]


def test_regions_as_units_are_all_regions():
    ((_, v, bronnen),) = by_region(uitkomst(), per="proeftuin_soort", a="P", b="V")
    aandeel = np.array(T) / (np.array(T) + np.array(R))
    exact = compare(aandeel[::2], aandeel[1::2])
    assert (v.aantal, v.ways.aantal, len(bronnen)) == ((4, 4), 70, 8)
    assert v.schatting == pytest.approx(aandeel[::2].mean() - aandeel[1::2].mean())
    assert v.p >= float(exact.p)
    ((_, small, bronnen),) = by_region(uitkomst(n=[9, *N[1:]]), per="proeftuin_soort", a="P", b="V")
    assert (small.aantal, bronnen) == ((4, 4), ())
    assert small.reden == (
        "bij 1 van de 8 regio's tellen minder dan 10 huishoudens mee. Om regio's te vergelijken zijn "
        "ongeveer 20 huishoudens per regio nodig"
    )


def test_a_chapter_on_methods_tells_how_public_figures_differ():
    for naam, ontwerp in all_designs().items():
        assert "openbaar verslag" in ontwerp.card.methode, naam
