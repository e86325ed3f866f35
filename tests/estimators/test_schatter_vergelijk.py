"""Comparing groups: what must not change a test, and what happens at the edges."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.contrast import difference_restricted, gray, logrank

# (group, start, stop, cause or 0)
spell = st.tuples(
    st.sampled_from("abc"), st.integers(0, 4), st.integers(1, 9), st.sampled_from((0, 1, 1, 2))
).map(lambda s: (s[0], s[1], s[1] + s[2], s[3]))
spells_ = st.lists(spell, min_size=2, max_size=30)
TOETSEN = {"logrank": logrank, "gray": lambda g: gray(g, cause=1)}


def samenvatting(spells):
    rijen = [(g, start, -1, 1) for g, start, _, _ in spells] + [(g, stop, k, 1) for g, _, stop, k in spells]
    return pd.DataFrame(rijen, columns=["groep", "dag", "soort", "n"])


def gelijk(een, twee):
    assert (een.statistiek, een.df, een.p) == pytest.approx(
        (twee.statistiek, twee.df, twee.p), nan_ok=True, rel=1e-7, abs=1e-9
    )


@pytest.mark.parametrize("toets", TOETSEN.values(), ids=TOETSEN)
@settings(deadline=None)
@given(spells=spells_, willekeur=st.randoms(use_true_random=False))
def test_row_order_and_splitting_rows_do_not_matter(toets, spells, willekeur):
    samen = samenvatting(spells).value_counts(["groep", "dag", "soort"]).rename("n").reset_index()
    los = samenvatting(spells).sample(frac=1, random_state=willekeur.randrange(1000))
    assert repr(toets(samen)) == repr(toets(los))


@pytest.mark.parametrize("toets", TOETSEN.values(), ids=TOETSEN)
@settings(deadline=None)
@given(spells=spells_)
def test_order_and_names_of_groups_do_not_matter(toets, spells):
    andersom = [({"a": "z", "b": "y", "c": "x"}[g], *rest) for g, *rest in spells]
    een, twee = toets(samenvatting(spells)), toets(samenvatting(andersom))
    gelijk(een, twee)
    assert een.observed == tuple(reversed(twee.observed))
    assert een.verwacht == pytest.approx(tuple(reversed(twee.verwacht)))


def test_negative_variance_is_no_test_whatever_the_order():
    """As many ends on the last day as the largest group holds: without replacement, minus 0.08."""
    spells = [("a", 0, 1, 0), ("a", 0, 2, 1), ("a", 0, 2, 1), ("b", 0, 1, 1), ("b", 0, 2, 1)]
    for namen in ({"a": "a", "b": "b"}, {"a": "z", "b": "y"}):
        uit = gray(samenvatting([(namen[g], *rest) for g, *rest in spells]), cause=1)
        assert (uit.df, uit.methode) == (
            0,
            "Gray, oorzaak 1: niet te toetsen, te weinig perioden om de variantie te schatten",
        )


@settings(deadline=None)
@given(spells_)
def test_seen_and_expected_add_up(spells):
    for toets in (logrank(samenvatting(spells)), logrank(samenvatting(spells), cause=2)):
        assert sum(toets.observed) == pytest.approx(sum(toets.verwacht))
        assert sum(toets.observed) == sum(k == 2 if "oorzaak" in toets.methode else k > 0 for *_, k in spells)


@pytest.mark.parametrize("toets", TOETSEN.values(), ids=TOETSEN)
@settings(deadline=None)
@given(spells=spells_)
def test_stratum_of_its_own_for_every_site_is_the_sum_of_the_sites(toets, spells):
    """Two sites merged in one frame, with a stratum each, give what both give apart."""
    gegevens = samenvatting(spells)
    los = toets(gegevens)
    twee = pd.concat([gegevens.assign(stratum="x"), gegevens.assign(stratum="y")])
    samen = toets(twee)
    assert samen.verwacht == pytest.approx([2 * w for w in los.verwacht])
    # Twice the score has twice the variance.
    assert samen.statistiek == pytest.approx(2 * los.statistiek, nan_ok=True)
    gelijk(toets(gegevens.assign(stratum="x")), los)


@pytest.mark.parametrize("toets", TOETSEN.values(), ids=TOETSEN)
@settings(deadline=None)
@given(spells=st.lists(spell.map(lambda s: ("a", 0, *s[2:])), min_size=3, max_size=12))
def test_groups_that_are_the_same_do_not_differ(toets, spells):
    beide = samenvatting(spells + [("b", *rest) for _, *rest in spells])
    uit = toets(beide)
    assert uit.observed[0] == uit.observed[1]
    assert math.isnan(uit.statistiek) or uit.statistiek == pytest.approx(0, abs=1e-9)


@settings(deadline=None)
@given(st.lists(spell.map(lambda s: (s[0], 0, s[2], min(s[3], 1))), min_size=2, max_size=25))
def test_without_other_causes_grays_score_is_that_of_logrank(spells):
    een, twee = logrank(samenvatting(spells)), gray(samenvatting(spells), cause=1)
    assert een.observed == twee.observed
    # Up to the day on which the curve of a group is down to 0, where Gray's weights end.
    assert een.verwacht == pytest.approx(twee.verwacht)


def test_by_hand():
    """Day 1: one of two in a, none of two in b; day 2: none of one in a, one of two in b; then one by one."""
    spells = [("a", 0, 1, 1), ("a", 0, 3, 1), ("b", 0, 2, 1), ("b", 0, 4, 1)]
    toets = logrank(samenvatting(spells))
    verwacht = 1 / 2 + 1 / 3 + 1 / 2
    variantie = 1 / 4 + 2 / 9 + 1 / 4
    assert toets.observed == (2, 2)
    assert toets.verwacht == pytest.approx((verwacht, 4 - verwacht))
    assert toets.statistiek == pytest.approx((2 - verwacht) ** 2 / variantie)
    assert toets.df == 1
    assert toets.methode == "log-rank"


def test_a_group_never_at_risk_with_others_costs_no_degree_of_freedom():
    spells = [("a", 0, 1, 1), ("a", 0, 3, 1), ("b", 0, 2, 1), ("b", 0, 4, 1), ("c", 9, 12, 0)]
    assert logrank(samenvatting(spells)).df == 1


@pytest.mark.parametrize("toets", TOETSEN.values(), ids=TOETSEN)
def test_nothing_to_compare(toets):
    alleen = toets(samenvatting([("a", 0, 3, 1), ("a", 0, 5, 1)]))
    niets = toets(samenvatting([("a", 0, 3, 0), ("b", 0, 5, 0)]))
    for uit in (alleen, niets):
        assert math.isnan(uit.statistiek)
        assert uit.df == 0
        assert uit.methode.endswith(": niet te toetsen, op geen dag zijn groepen te vergelijken")


def test_missing_group_name_is_a_group():
    gegevens = samenvatting([("a", 0, 1, 1), ("a", 0, 3, 1), ("b", 0, 2, 1), ("b", 0, 4, 1)])
    zonder = gegevens.assign(groep=gegevens["groep"].replace({"b": None}))
    gelijk(logrank(gegevens), logrank(zonder))


def test_missing_column_is_refused():
    with pytest.raises(GebruikFout) as fout:
        logrank(pd.DataFrame({"dag": [], "soort": [], "n": []}))
    assert str(fout.value) == (
        "Opdracht niet begrepen: de kolom 'groep' ontbreekt\n"
        "  Waar: de samenvatting\n"
        "  Verwacht: groep, dag, soort en n"
    )


def test_restricted_means_differ_by_the_days_between():
    spells = [("a", 0, 10, 1), ("a", 0, 30, 1), ("b", 0, 20, 1), ("b", 0, 60, 0)]
    uit = difference_restricted(samenvatting(spells), "b", "a", horizon=40)
    assert uit.schatting == pytest.approx(30 - 20)
    assert uit.methode == "verschil in gemiddelde binnen 40 dagen, 95%-interval (normaal)"
    ander = difference_restricted(samenvatting(spells), "a", "b", horizon=40)
    assert ander.schatting == -uit.schatting
    assert ander.interval == pytest.approx(tuple(-g for g in reversed(uit.interval)))
    assert ander.p == uit.p


@settings(deadline=None)
@given(spells_)
def test_restricted_means_of_merged_sites(spells):
    """Whether a group consists of one site or of two makes no difference."""
    fijn = samenvatting([*spells, ("a", 0, 9, 1), ("b", 0, 9, 1), ("c", 0, 9, 1)])
    grof = fijn.assign(groep=fijn["groep"].replace({"b": "a"}))
    som = grof.groupby(["groep", "dag", "soort"])["n"].sum().reset_index()
    assert repr(difference_restricted(grof, "a", "c", horizon=9)) == repr(
        difference_restricted(som, "a", "c", horizon=9)
    )


def test_curve_that_does_not_reach_the_horizon():
    uit = difference_restricted(samenvatting([("a", 0, 10, 0), ("b", 0, 50, 1)]), "a", "b", horizon=40)
    assert math.isnan(uit.schatting)
    assert (
        uit.methode == "verschil in gemiddelde binnen 40 dagen: niet te schatten, een curve reikt niet zo ver"
    )
    gelijk_ = difference_restricted(samenvatting([("a", 0, 50, 0), ("b", 0, 50, 1)]), "a", "b", horizon=40)
    assert (gelijk_.schatting, np.isnan(gelijk_.p)) == (0, True)
    assert gelijk_.methode.endswith("; geen interval: geen spreiding vast te stellen")


def test_unknown_group_is_refused():
    with pytest.raises(GebruikFout, match="een van de groepen komt niet voor"):
        difference_restricted(samenvatting([("a", 0, 10, 0)]), "a", "z", horizon=40)


def test_a_hundred_million_spells_cost_no_more_than_a_hundred():
    gegevens = samenvatting([("abc"[i % 3], 0, 1 + (i * i) % 300, i % 3) for i in range(1200)])
    for toets in TOETSEN.values():
        klein, groot = toets(gegevens), toets(gegevens.assign(n=100_000))
        assert groot.statistiek == pytest.approx(1e5 * klein.statistiek, rel=0.05)


def test_a_group_much_smaller_than_the_others_counts():
    """All ends on one day: the log-rank test is then Pearson's, times (N - 1) / N."""
    lopend, einden = np.array([4000, 4000, 2]), np.array([2000, 2000, 2])
    rijen = [(g, 0, -1, n) for g, n in zip("abc", lopend, strict=True)]
    rijen += [(g, 5, 1, n) for g, n in zip("abc", einden, strict=True)]
    rijen += [(g, 6, 0, n) for g, n in zip("abc", lopend - einden, strict=True)]
    uit = logrank(pd.DataFrame(rijen, columns=["groep", "dag", "soort", "n"]))
    verwacht = lopend * einden.sum() / lopend.sum()
    blijven = lopend - verwacht
    pearson = ((einden - verwacht) ** 2 * (1 / verwacht + 1 / blijven)).sum()
    assert uit.statistiek == pytest.approx(pearson * (lopend.sum() - 1) / lopend.sum())
    assert uit.df == 2
