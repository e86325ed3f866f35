"""Incidences with competing ends: by hand in exact fractions, and what happens at the edges."""

import math
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators import estimate as schat_groepen
from toekomstscenario_eval.estimators.curve import compute, survival_on
from toekomstscenario_eval.estimators.duration import estimate_group
from toekomstscenario_eval.estimators.incidence import incidentie_on
from toekomstscenario_eval.types import Card, Kind, Maat, Summary, Vorm

# (start, stop, cause or 0): ties, late entry and days without anybody at risk all occur.
spell = st.tuples(st.integers(0, 8), st.integers(1, 12), st.sampled_from((0, 1, 1, 2, 3))).map(
    lambda s: (s[0], s[0] + s[1], s[2])
)
spells_ = st.lists(spell, min_size=1, max_size=25)


def samenvatting(spells):
    rijen = [(start, -1, 1) for start, _, _ in spells] + [(stop, soort, 1) for _, stop, soort in spells]
    return pd.DataFrame(rijen, columns=["dag", "soort", "n"]).astype("int64")


def maten(*namen):
    return {naam: Maat(naam, "aandeel", Vorm.AANDEEL) for naam in namen}


def reken(spells, *namen, huishoudens=None, horizon=60):
    uit = estimate_group(
        samenvatting(spells), huishoudens=huishoudens or len(spells), maten=maten(*namen), horizon=horizon
    )
    return {rij["maat"]: rij for rij in uit.schattingen}, uit.reeksen


def met_de_hand(spells, oorzaak, dag):
    """Probability to have ended by the cause, spell by spell and in exact fractions."""
    overleving, incidentie = Fraction(1), Fraction(0)
    for t in sorted({stop for _, stop, soort in spells if soort and stop <= dag}):
        onder_risico = sum(start < t <= stop for start, stop, _ in spells)
        zo = sum(stop == t and soort == oorzaak for _, stop, soort in spells)
        alle = sum(stop == t and soort > 0 for _, stop, soort in spells)
        incidentie += overleving * Fraction(zo, onder_risico)
        overleving *= 1 - Fraction(alle, onder_risico)
    return incidentie


@settings(deadline=None)
@given(spells_, st.sampled_from((1, 2, 3)))
def test_incidence_by_hand(spells, oorzaak):
    c = compute(samenvatting(spells))
    for dag in range(max(stop for _, stop, _ in spells) + 1):
        waarde, fout = incidentie_on(c, oorzaak, dag)
        if dag and all(start >= dag for start, _, _ in spells):
            assert math.isnan(waarde)
            assert math.isnan(fout)
        else:
            assert waarde == pytest.approx(float(met_de_hand(spells, oorzaak, dag)), abs=1e-12)


@settings(deadline=None)
@given(spells_)
def test_incidences_and_survival_add_up_to_one(spells):
    c = compute(samenvatting(spells))
    for dag in range(max(stop for _, stop, _ in spells) + 1):
        som = sum(incidentie_on(c, k, dag)[0] for k in (1, 2, 3)) + survival_on(c, dag)[0]
        assert math.isnan(som) or som == pytest.approx(1, abs=1e-12)


@settings(deadline=None)
@given(spells_)
def test_with_one_cause_it_is_the_complement_of_kaplan_meier(spells):
    c = compute(samenvatting([(start, stop, min(soort, 1)) for start, stop, soort in spells]))
    for dag in range(max(stop for _, stop, _ in spells) + 1):
        waarde, fout = incidentie_on(c, 1, dag)
        overleving = survival_on(c, dag)[0]
        if math.isnan(waarde):
            continue
        assert waarde == pytest.approx(1 - overleving, abs=1e-12)
        som = float(c.increase[c.dagen <= dag].sum())
        greenwood = overleving * math.sqrt(som) if overleving > 0 else 0.0
        assert fout == pytest.approx(greenwood, abs=1e-7)


@settings(deadline=None)
@given(spells_, st.randoms(use_true_random=False))
def test_row_order_and_splitting_rows_do_not_matter(spells, willekeur):
    samen = samenvatting(spells).value_counts(["dag", "soort"]).rename("n").reset_index()
    los = samenvatting(spells).sample(frac=1, random_state=willekeur.randrange(1000))
    namen = maten("incidentie_1_10", "incidentie_2_5", "p25", "p75")
    een, twee = (estimate_group(g, huishoudens=30, maten=namen, horizon=30) for g in (samen, los))
    for links, rechts in ((een.schattingen, twee.schattingen), (een.reeksen, twee.reeksen)):
        pd.testing.assert_frame_equal(pd.DataFrame(links), pd.DataFrame(rechts), check_exact=True)


@settings(deadline=None)
@given(spells_)
def test_bounds_enclose_the_estimate(spells):
    uit, _ = reken(spells, *(f"incidentie_1_{dag}" for dag in range(1, 22, 3)), huishoudens=30)
    for rij in uit.values():
        if not math.isnan(rij["ondergrens"]):
            assert rij["ondergrens"] <= rij["schatting"] <= rij["bovengrens"] <= 1


@settings(deadline=None)
@given(spells_, spells_)
def test_two_sites_merged_and_split_again(een, twee):
    """The groups of one summary give what each gives alone."""
    rijen = pd.concat(
        [samenvatting(een).assign(groep="a"), samenvatting(twee).assign(groep="b")], ignore_index=True
    ).assign(periode="")
    groepen = pd.DataFrame({"groep": ["a", "b"], "periode": "", "huishoudens": 30})
    tekst = dict.fromkeys(
        ("label", "versie", "vraag", "populatie", "teller", "noemer", "eenheid", "venster"), ""
    )
    rest = dict.fromkeys(("censurering", "uitsluitingen", "lezen"), "")
    kaart = Card(
        kind=Kind.DUUR, bronnen=(), tabellen={}, maten=maten("incidentie_1_9"), horizon=30, **tekst, **rest
    )
    samen, _ = schat_groepen(Summary(Kind.DUUR, rijen, groepen), kaart, {}, uitsplitsing="g")
    for naam, spells in (("a", een), ("b", twee)):
        alleen, _ = reken(spells, "incidentie_1_9", huishoudens=30)
        rij = samen[samen["groep"].eq(naam)].iloc[0]
        for k in ("schatting", "ondergrens", "bovengrens"):
            assert rij[k] == pytest.approx(alleen["incidentie_1_9"][k], nan_ok=True, abs=0)


@settings(deadline=None)
@given(spells_, st.sampled_from((1, 2, 3)), st.integers(1, 13))
def test_beside_an_incidence_stands_the_number_with_that_cause_by_that_day(spells, oorzaak, dag):
    naam = f"incidentie_{oorzaak}_{dag}"
    rijen, _ = reken(spells, naam, "mediaan", huishoudens=30)
    zo = sum(stop <= dag and soort == oorzaak for _, stop, soort in spells)
    assert rijen[naam]["teller"] == zo
    assert rijen["mediaan"]["teller"] == sum(soort > 0 for *_, soort in spells)
    assert rijen[naam]["noemer"] == len(spells)


@pytest.mark.parametrize("soort", [0, 1])
def test_nobody_leaves_on_the_day_of_entry(soort):
    """Nobody is at risk then; who is followed from day 0 may end on day 0, as a wait of no days."""
    with pytest.raises(GebruikFout, match="er eindigen meer duren dan er lopen"):
        compute(samenvatting([(3, 3, soort), (5, 9, 0)]))
    with pytest.raises(GebruikFout, match="er eindigen meer duren dan er lopen"):
        compute(samenvatting([(0, 2, 1), (2, 2, soort), (2, 4, 1)]))
    assert compute(samenvatting([(0, 0, soort), (0, 9, 0)])).duren == 2


def test_other_ends_are_not_censored():
    """Nine of ten end otherwise on day 1: the last one cannot stand for them."""
    rijen, _ = reken([(0, 1, 2)] * 9 + [(0, 5, 1)], "incidentie_1_10")
    assert rijen["incidentie_1_10"]["schatting"] == pytest.approx(0.1)


def test_series_has_every_cause_on_a_fixed_grid():
    spells = [(0, 20, 1), (0, 40, 2), (0, 70, 0), (0, 70, 0)]
    _, reeks = reken(spells, "incidentie_3_60", horizon=70)
    punten = [(p["x"], p["label"], p["waarde"], p["n"]) for p in reeks if p["reeks"] == "incidentie"]
    assert punten == [
        (0, "1", 0, 4), (30, "1", 0.25, 3), (60, "1", 0.25, 2), (70, "1", 0.25, 2),
        (0, "2", 0, 4), (30, "2", 0, 3), (60, "2", 0.25, 2), (70, "2", 0.25, 2),
        (0, "3", 0, 4), (30, "3", 0, 3), (60, "3", 0, 2), (70, "3", 0, 2),
    ]  # fmt: skip
    assert (reeks[4]["ondergrens"], reeks[4]["bovengrens"]) == (0, 0)


def test_no_series_without_an_incidence():
    _, reeks = reken([(0, 20, 1), (0, 40, 2)], "mediaan")
    assert {p["reeks"] for p in reeks} == {"overleving"}


def test_methods_say_what_happened():
    rijen, _ = reken(
        [(0, 20, 1), (0, 30, 1), (0, 40, 2), (0, 60, 0)],
        *(f"incidentie_{k}_{d}" for k in (1, 2) for d in (10, 30, 90)),
    )
    methode = {naam: rij["methode"] for naam, rij in rijen.items()}
    assert (
        methode["incidentie_1_10"]
        == "Aalen-Johansen; geen interval: binnen 10 dagen eindigt niets op deze manier"
    )
    assert methode["incidentie_1_30"] == (
        "Aalen-Johansen met concurrerende eindes, 95%-interval (log); "
        "duren als onafhankelijk geteld (geen ontwerpeffect)"
    )
    assert (
        methode["incidentie_2_90"]
        == "Aalen-Johansen: niet te schatten, na 90 dagen is geen duur meer onder risico"
    )
    alles, _ = reken([(0, 20, 1), (0, 30, 1)], "incidentie_1_90")
    assert alles["incidentie_1_90"]["schatting"] == 1
    assert alles["incidentie_1_90"]["methode"] == (
        "Aalen-Johansen; geen interval: binnen 90 dagen eindigt alles op deze manier"
    )


def test_nobody_at_risk_yet_and_too_few_households():
    laat, _ = reken([(100, 300, 1)] * 20, "incidentie_1_50")
    assert laat["incidentie_1_50"]["methode"] == (
        "Aalen-Johansen: niet te schatten, in de eerste 50 dagen is geen duur onder risico"
    )
    een, reeks = reken([(0, 5, 1), (0, 9, 2)], "incidentie_1_50", huishoudens=1)
    assert een["incidentie_1_50"]["methode"] == "niet te schatten: te weinig huishoudens"
    assert reeks == ()


@pytest.mark.parametrize("naam", ["incidentie_0_90", "incidentie_1", "incidentie_uhp_90", "incidentie_1_90_"])
def test_malformed_name_is_refused(naam):
    with pytest.raises(GebruikFout) as fout:
        reken([(0, 5, 1)] * 3, naam)
    assert str(fout.value) == (
        f"Opdracht niet begrepen: de maat '{naam}' bestaat niet bij de soort duur\n"
        "  Waar: maten van de definitiekaart\n"
        "  Verwacht: incidentie_<oorzaak>_<dagen>, met een oorzaak vanaf 1\n"
        f"  Kreeg: {naam}\n"
        "  Herstel: schrijf bijvoorbeeld incidentie_1_365"
    )


def test_quartiles():
    rijen, _ = reken([(0, 10 * i, 1) for i in range(1, 9)], "p25", "mediaan", "p75")
    assert [rijen[k]["schatting"] for k in ("p25", "mediaan", "p75")] == [25, 45, 65]
    weinig, _ = reken([(0, 10, 1)] + [(0, 50, 0)] * 9, "p25")
    assert math.isnan(weinig["p25"]["schatting"])
    assert weinig["p25"]["methode"].startswith(
        "Kaplan-Meier: p25 niet bereikt, minder dan een kwart is beëindigd"
    )


def test_a_hundred_million_spells_cost_no_more_than_a_hundred():
    gegevens = samenvatting([(i % 20, i % 20 + 1 + i % 300, i % 3) for i in range(1200)])
    klein, groot = (incidentie_on(compute(gegevens.assign(n=n)), 1, 90) for n in (1, 100_000))
    assert groot == pytest.approx((klein[0], klein[1] / 1e5**0.5))
