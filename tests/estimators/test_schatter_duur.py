"""Durations: against Kaplan-Meier by hand and by statsmodels, and what happens at the edges."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.duration import compute, estimate_group, survival_on
from toekomstscenario_eval.types import Maat, Vorm

IDS = ("mediaan", "gemiddelde_beperkt", "langer_90", "langer_180", "langer_365", "gemiddelde_beeindigd")
MATEN = {naam: Maat(naam, "dagen", Vorm.DAGEN) for naam in IDS}

# (start, stop, cause or 0): ties, late entry and days without anybody at risk all occur.
spell = st.tuples(st.integers(0, 8), st.integers(1, 12), st.sampled_from((0, 1, 1, 2))).map(
    lambda s: (s[0], s[0] + s[1], s[2])
)
spells_ = st.lists(spell, min_size=1, max_size=25)


def samenvatting(spells):
    rijen = [(start, -1, 1) for start, _, _ in spells] + [(stop, soort, 1) for _, stop, soort in spells]
    return pd.DataFrame(rijen, columns=["dag", "soort", "n"]).astype("int64")


def reken(gegevens, *, huishoudens, horizon=365, maten=MATEN):
    uit = estimate_group(gegevens, huishoudens=huishoudens, maten=maten, horizon=horizon)
    return {rij["maat"]: rij for rij in uit.schattingen}, uit.reeksen


def met_de_hand(spells, dag):
    """Share that lasts longer than `dag`, spell by spell and in exact fractions."""
    overleving = Fraction(1)
    for t in sorted({stop for _, stop, soort in spells if soort and stop <= dag}):
        onder_risico = sum(start < t <= stop for start, stop, _ in spells)
        geeindigd = sum(stop == t and soort > 0 for _, stop, soort in spells)
        overleving *= 1 - Fraction(geeindigd, onder_risico)
    return overleving


@given(spells_)
def test_curve_by_hand(spells):
    c = compute(samenvatting(spells))
    for dag in range(max(stop for _, stop, _ in spells) + 1):
        waarde = survival_on(c, dag)[0]
        if dag and all(start >= dag for start, _, _ in spells):
            assert math.isnan(waarde)
        else:
            assert waarde == pytest.approx(float(met_de_hand(spells, dag)), abs=1e-12)


@given(spells_)
def test_median_and_restricted_mean_by_hand(spells):
    horizon = max(stop for _, stop, _ in spells)
    rijen, _ = reken(samenvatting(spells), huishoudens=max(2, len(spells)), horizon=horizon)
    oppervlak = sum(met_de_hand(spells, dag) for dag in range(horizon))
    assert rijen["gemiddelde_beperkt"]["schatting"] == pytest.approx(float(oppervlak), abs=1e-9)
    mediaan = rijen["mediaan"]["schatting"]
    if math.isnan(mediaan):
        assert met_de_hand(spells, horizon) > Fraction(1, 2)
    else:
        assert met_de_hand(spells, math.ceil(mediaan) - 1) >= Fraction(1, 2)
        assert met_de_hand(spells, math.ceil(mediaan)) <= Fraction(1, 2)


@settings(deadline=None)  # the first example pays for the import
@given(st.lists(st.tuples(spell, st.integers(1, 4)), min_size=1, max_size=15))
def test_curve_and_variance_as_statsmodels(gewogen):
    from statsmodels.duration.survfunc import SurvfuncRight

    assume(any(s[2] for s, _ in gewogen))
    gewicht = np.array([w for _, w in gewogen])
    start, stop, soort = (np.array(k, dtype=float) for k in zip(*(s for s, _ in gewogen), strict=True))
    los = [np.repeat(k, gewicht) for k in (stop, soort > 0, start)]
    with np.errstate(all="ignore"):
        met_gewicht = SurvfuncRight(stop, soort > 0, entry=start, freq_weights=gewicht)
        zonder = SurvfuncRight(los[0], los[1], entry=los[2])
    c = compute(samenvatting([s for s, w in gewogen for _ in range(w)]))
    met = c.eind > 0
    for ander in (met_gewicht, zonder):
        assert c.dagen[met] == pytest.approx(ander.surv_times)
        assert c.risico[met] == pytest.approx(ander.n_risk)
        assert c.overleving[met] == pytest.approx(ander.surv_prob, abs=1e-12)
    # Greenwood; with frequency weights statsmodels uses another formula.
    boven_nul = met & (c.overleving > 0)
    fout = (c.overleving * np.sqrt(np.cumsum(c.increase), where=boven_nul, out=np.zeros(len(met))))[boven_nul]
    assert fout == pytest.approx(zonder.surv_prob_se[: len(fout)], abs=1e-9)


@given(spells_, st.randoms(use_true_random=False))
def test_row_order_and_splitting_rows_do_not_matter(spells, willekeur):
    samen = samenvatting(spells).value_counts(["dag", "soort"]).rename("n").reset_index()
    los = samenvatting(spells).sample(frac=1, random_state=willekeur.randrange(1000))
    een, reeks_een = reken(samen, huishoudens=30)
    twee, reeks_twee = reken(los, huishoudens=30)
    pd.testing.assert_frame_equal(pd.DataFrame(een.values()), pd.DataFrame(twee.values()), check_exact=True)
    pd.testing.assert_frame_equal(pd.DataFrame(reeks_een), pd.DataFrame(reeks_twee), check_exact=True)


@given(spells_)
def test_everything_tenfold_gives_the_same_estimates(spells):
    een, _ = reken(samenvatting(spells), huishoudens=30)
    tien, _ = reken(samenvatting(spells).assign(n=10), huishoudens=300)
    for naam in IDS:
        assert een[naam]["schatting"] == pytest.approx(tien[naam]["schatting"], nan_ok=True)


@given(spells_)
def test_bounds_enclose_the_estimate(spells):
    rijen, reeks = reken(samenvatting(spells), huishoudens=30, horizon=12)
    for rij in [*rijen.values(), *reeks]:
        waarde = rij.get("schatting", rij.get("waarde"))
        assert not rij["ondergrens"] > waarde + 1e-12
        assert not rij["bovengrens"] < waarde - 1e-12


def test_series_has_a_fixed_grid_with_the_spells_at_risk():
    spells = [(0, 45, 1), (0, 100, 0), (10, 70, 1), (31, 400, 0)]
    _, reeks = reken(samenvatting(spells), huishoudens=4, horizon=100)
    assert [(p["reeks"], p["x"], p["n"]) for p in reeks] == [
        ("overleving", 0, 2),
        ("overleving", 30, 3),
        ("overleving", 60, 3),
        ("overleving", 90, 2),
        ("overleving", 100, 2),
    ]
    assert [round(p["waarde"], 6) for p in reeks] == [1, 1, 0.75, 0.5, 0.5]
    assert (reeks[0]["ondergrens"], reeks[0]["bovengrens"]) == (1, 1)


def test_series_is_empty_of_numbers_after_the_last_day_at_risk():
    _, reeks = reken(samenvatting([(0, 20, 1), (0, 40, 0)]), huishoudens=2, horizon=90)
    assert [(p["x"], p["n"], math.isnan(p["waarde"])) for p in reeks] == [
        (0, 2, False),
        (30, 1, False),
        (60, 0, True),
        (90, 0, True),
    ]


LEEG = pd.DataFrame({"dag": [], "soort": [], "n": []}, dtype="int64")


@pytest.mark.parametrize(
    ("gegevens", "huishoudens", "methode"),
    [
        (LEEG, 0, "niet te schatten: geen eenheden in de noemer"),
        (LEEG, 12, "niet te schatten: geen eenheden in de noemer"),
        (samenvatting([(0, 20, 1), (0, 30, 1)]), 1, "niet te schatten: te weinig huishoudens"),
    ],
)
def test_no_estimate_without_two_households(gegevens, huishoudens, methode):
    rijen, reeks = reken(gegevens, huishoudens=huishoudens)
    assert reeks == ()
    for rij in rijen.values():
        assert rij["methode"] == methode
        assert all(math.isnan(rij[k]) for k in ("schatting", "ondergrens", "bovengrens"))
        assert rij["n"] == huishoudens


def test_all_censored():
    rijen, _ = reken(samenvatting([(0, 100, 0)] * 5), huishoudens=5)
    assert rijen["langer_90"]["schatting"] == 1
    assert math.isnan(rijen["langer_90"]["ondergrens"])
    assert rijen["langer_90"]["methode"] == "Kaplan-Meier; geen interval: niets is beëindigd binnen 90 dagen"
    assert rijen["mediaan"]["methode"] == (
        "Kaplan-Meier: mediaan niet bereikt, de curve blijft boven de helft"
    )
    assert rijen["gemiddelde_beperkt"]["methode"] == (
        "Kaplan-Meier, beperkt tot 365 dagen: niet te schatten, na 365 dagen is geen duur meer onder risico"
    )
    assert rijen["langer_180"]["methode"] == (
        "Kaplan-Meier: niet te schatten, na 180 dagen is geen duur meer onder risico"
    )
    assert rijen["gemiddelde_beeindigd"]["methode"] == "niet te schatten: niets is beëindigd"
    for naam in ("mediaan", "gemiddelde_beperkt", "langer_180", "gemiddelde_beeindigd"):
        assert math.isnan(rijen[naam]["schatting"])
    assert {(r["teller"], r["noemer"], r["gecensureerd"]) for r in rijen.values()} == {(0, 5, 5)}


def test_all_ended_before_the_day():
    rijen, _ = reken(samenvatting([(0, 30, 1), (0, 40, 1), (0, 50, 2)]), huishoudens=3)
    rij = rijen["langer_90"]
    assert rij["schatting"] == 0
    assert math.isnan(rij["bovengrens"])
    assert rij["methode"] == "Kaplan-Meier; geen interval: de curve is 0 na 90 dagen"
    assert rijen["gemiddelde_beperkt"]["schatting"] == pytest.approx(40)


def test_every_cause_counts_as_the_end():
    een, _ = reken(samenvatting([(0, 30, 1), (0, 40, 1), (0, 50, 1)]), huishoudens=3)
    twee, _ = reken(samenvatting([(0, 30, 3), (0, 40, 1), (0, 50, 2)]), huishoudens=3)
    assert {k: str(v) for k, v in een.items()} == {k: str(v) for k, v in twee.items()}


def test_plain_mean_of_ended_spells_is_below_the_restricted_mean():
    spells = [(0, 30, 1)] * 5 + [(0, 365, 0)] * 5
    rijen, _ = reken(samenvatting(spells), huishoudens=10)
    naief = rijen["gemiddelde_beeindigd"]
    assert naief["schatting"] == 30 < rijen["gemiddelde_beperkt"]["schatting"]
    assert naief["methode"] == "naïef: alleen beëindigd, naar beneden vertekend; daarom geen interval"


LET_OP = "; let op: op een dag zijn minder dan 10 duren onder risico terwijl er later nog instromen"


def test_small_risk_set_with_later_entry_is_said():
    """One spell from the start ends on day 3; the other forty enter on day 5 only."""
    spells = [(0, 3, 1)] + [(5, 100 + i, 1) for i in range(40)]
    rijen, _ = reken(samenvatting(spells), huishoudens=41)
    assert rijen["langer_90"]["schatting"] == 0
    for naam in ("mediaan", "gemiddelde_beperkt", "langer_90"):
        assert LET_OP in rijen[naam]["methode"]
    assert LET_OP not in rijen["gemiddelde_beeindigd"]["methode"]


@pytest.mark.parametrize(("vroeg", "gezegd"), [(9, True), (10, False)])
def test_small_is_fewer_than_ten(vroeg, gezegd):
    rijen, _ = reken(samenvatting([(0, 200, 1)] * vroeg + [(95, 300, 1)] * 20), huishoudens=40)
    assert (LET_OP in rijen["langer_90"]["methode"]) == gezegd


def test_small_risk_set_from_the_day_asked_on_is_not_said():
    """Twelve spells are at risk up to and on day 90, four after it, and others enter on day 120."""
    rijen, _ = reken(
        samenvatting([(0, 90, 1)] * 8 + [(0, 200, 1)] * 4 + [(120, 300, 1)] * 20), huishoudens=40
    )
    assert LET_OP not in rijen["langer_90"]["methode"]
    assert LET_OP in rijen["langer_180"]["methode"]


def test_nobody_at_risk_yet():
    """All were running for over 100 days when observation began: nothing is known of their start."""
    spells = [(100 + i, 300 + i, 1) for i in range(20)]
    rijen, reeks = reken(samenvatting(spells), huishoudens=20, horizon=100)
    assert math.isnan(rijen["langer_90"]["schatting"])
    assert rijen["langer_90"]["methode"] == (
        "Kaplan-Meier: niet te schatten, in de eerste 90 dagen is geen duur onder risico"
    )
    assert math.isnan(rijen["gemiddelde_beperkt"]["schatting"])
    assert rijen["langer_180"]["schatting"] == 1
    assert LET_OP in rijen["langer_180"]["methode"]
    assert [math.isnan(p["waarde"]) for p in reeks] == [False, True, True, True, True]


def test_small_risk_set_after_the_day_asked_is_not_said():
    """Eleven spells up to day 100, then nobody until later ones enter on day 150."""
    spells = [(0, 50, 1)] * 3 + [(0, 100, 0)] * 11 + [(150, 400, 0)] * 20
    rijen, _ = reken(samenvatting(spells), huishoudens=34)
    assert LET_OP not in rijen["langer_90"]["methode"]
    assert LET_OP in rijen["langer_180"]["methode"]


def test_small_group_without_late_entry_is_not_warned():
    rijen, _ = reken(samenvatting([(0, 100, 1), (0, 120, 1), (0, 200, 0)]), huishoudens=3)
    assert not any(LET_OP in rij["methode"] for rij in rijen.values())


def test_independence_of_spells_is_said():
    spells = [(0, 10 * i, 1) for i in range(1, 30)]
    rijen, _ = reken(samenvatting(spells), huishoudens=29)
    assert rijen["mediaan"]["methode"] == (
        "Kaplan-Meier, 95%-interval (Brookmeyer-Crowley, log); "
        "duren als onafhankelijk geteld (geen ontwerpeffect)"
    )


@pytest.mark.parametrize(
    ("rijen", "wat", "kolom"),
    [
        ([(-1, -1, 1), (5, 1, 1)], "er staat een negatieve dag in", "dag"),
        ([(0, -1, 1), (5, -2, 1)], "onbekende soort", "soort"),
        ([(0, -1, -1), (5, 1, -1)], "er staat een negatief getal in", "n"),
        ([(0, -1, 2), (5, 1, 1)], "niet elke duur heeft een begin en een einde", "n"),
        ([(6, -1, 1), (5, 1, 1)], "er eindigen meer duren dan er lopen", "dag"),
        ([(5, -1, 1), (5, 1, 1)], "er eindigen meer duren dan er lopen", "dag"),
        ([(0, -1, 1), (5, None, 1)], "er staan lege of oneindige waarden in", "soort"),
    ],
)
def test_contradictory_summary_is_refused(rijen, wat, kolom):
    gegevens = pd.DataFrame(rijen, columns=["dag", "soort", "n"])
    with pytest.raises(GebruikFout) as fout:
        reken(gegevens, huishoudens=5)
    assert str(fout.value) == (
        f"Opdracht niet begrepen: de samenvatting klopt niet: {wat}\n"
        f"  Waar: kolom {kolom} van de samenvatting\n"
        "  Herstel: kijk na of de indicator per eenheid de kolommen geeft die bij zijn soort horen"
    )


def test_censored_on_the_day_of_entry_is_harmless():
    """Begun on the peildatum: no day observed, never at risk."""
    met, _ = reken(samenvatting([(0, 30, 1), (0, 50, 1), (0, 0, 0), (7, 7, 0)]), huishoudens=9)
    zonder, _ = reken(samenvatting([(0, 30, 1), (0, 50, 1)]), huishoudens=9)
    assert met["mediaan"]["schatting"] == zonder["mediaan"]["schatting"]
    assert met["mediaan"]["gecensureerd"] == 2


def test_unknown_estimand_is_refused():
    maten = {"langer_91": Maat("x", "aandeel", Vorm.AANDEEL)}
    with pytest.raises(GebruikFout) as fout:
        reken(samenvatting([(0, 30, 1)]), huishoudens=5, maten=maten)
    assert str(fout.value) == (
        "Opdracht niet begrepen: de maat 'langer_91' bestaat niet bij de soort duur\n"
        "  Waar: maten van de definitiekaart\n"
        "  Verwacht: een van gemiddelde_beeindigd, gemiddelde_beperkt, langer_180, langer_365, langer_547, "
        "langer_90, mediaan, p25, p75\n"
        "  Kreeg: langer_91\n"
        "  Herstel: Bedoelt u 'langer_90'?"
    )


def test_a_hundred_million_spells_cost_no_more_than_a_hundred():
    gegevens = samenvatting([(i % 20, i % 20 + 1 + i % 300, int(i % 4 > 0)) for i in range(1200)])
    klein, _ = reken(gegevens, huishoudens=1200)
    groot, _ = reken(gegevens.assign(n=100_000), huishoudens=120_000_000)
    assert groot["mediaan"]["schatting"] == klein["mediaan"]["schatting"]
    assert groot["langer_90"]["noemer"] == 120_000_000
