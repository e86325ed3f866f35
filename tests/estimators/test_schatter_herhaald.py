"""Repeated events: household by household, from unit rows to summary, and what happens at the edges."""

import math

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators import estimate as schat_groepen
from toekomstscenario_eval.estimators.recurrent import YEAR, compute, estimate_group, mcf_on
from toekomstscenario_eval.summaries.kinds import CELL, SUMMARIES
from toekomstscenario_eval.types import Card, Kind, Maat, Summary, Vorm

NAAM = "gemiddeld cumulatief aantal (Nelson-Aalen)"
POISSON = f"{NAAM}, 95%-interval (log, Poisson: te smal als huishoudens verschillen)"


def _huishouden(begin, lengte, momenten):
    # An event lies within (entry, end]; from day 0 on for who was there from the start.
    eerste = 0 if begin == 0 else begin + 1
    return begin, begin + lengte, tuple(eerste + m % (begin + lengte - eerste + 1) for m in momenten)


# (entry, end, days of events): late entry, two events on one day, days without anybody at risk.
huishouden = st.builds(
    _huishouden, st.sampled_from((0, 0, 0, 2, 5)), st.integers(1, 9), st.lists(st.integers(0, 99), max_size=4)
)
huishoudens_ = st.lists(huishouden, min_size=1, max_size=12)


def records(huishoudens):
    rijen = []
    for i, (begin, eind, dagen) in enumerate(huishoudens):
        rijen += [(str(i), begin, -1), (str(i), eind, 0), *((str(i), dag, 1) for dag in dagen)]
    return pd.DataFrame(rijen, columns=["huishouden_id", "dag", "soort"]).astype(
        {"dag": "int64", "soort": "int64"}
    )


def samenvatting(huishoudens, *, paren=True):
    """Count records per day, and pairs of records of one household, one by one."""
    rijen = []
    for _, deel in records(huishoudens).groupby("huishouden_id"):
        eigen = sorted(deel.value_counts(["dag", "soort"]).items())
        for i, (een, n) in enumerate(eigen):
            rijen.append((*een, -1, -2, n))
            rijen += [(*een, *twee, n * m) for twee, m in eigen[i:]]
    uit = pd.DataFrame(rijen, columns=["dag", "soort", "dag2", "soort2", "n"]).astype("int64")
    return uit if paren else uit.loc[uit["soort2"] == -2, ["dag", "soort", "n"]]


def reken(gegevens, *namen, huishoudens=20, horizon=30):
    maten = {naam: Maat(naam, "per huishouden", Vorm.GETAL) for naam in namen}
    uit = estimate_group(gegevens, huishoudens=huishoudens, maten=maten, horizon=horizon)
    return {rij["maat"]: rij for rij in uit.schattingen}, uit.reeksen


def onder_risico(begin, eind, dag):
    return (begin < dag or begin == dag == 0) and dag <= eind


def met_de_hand(huishoudens, tot):
    """Mean and robust standard error, day by day and household by household."""
    som, eigen = 0.0, [0.0] * len(huishoudens)
    for dag in range(tot + 1):
        y = sum(onder_risico(begin, eind, dag) for begin, eind, _ in huishoudens)
        d = sum(dagen.count(dag) for *_, dagen in huishoudens)
        if not d:
            continue
        som += d / y
        for i, (begin, eind, dagen) in enumerate(huishoudens):
            if onder_risico(begin, eind, dag):
                eigen[i] += (dagen.count(dag) - d / y) / y
    return som, math.sqrt(sum(e * e for e in eigen))


@settings(deadline=None)
@given(huishoudens_)
def test_mean_and_robust_error_by_hand(huishoudens):
    v = compute(samenvatting(huishoudens))
    for dag in range(15):
        waarde, fout = mcf_on(v, dag)
        if dag > max(eind for _, eind, _ in huishoudens) or 0 < dag <= min(b for b, *_ in huishoudens):
            assert math.isnan(waarde)
            continue
        som, met = met_de_hand(huishoudens, dag)
        assert waarde == pytest.approx(som)
        assert fout == pytest.approx(met, abs=1e-6)


@settings(deadline=None)
@given(huishoudens_)
def test_rate_by_hand(huishoudens):
    rijen, _ = reken(samenvatting(huishoudens), "per_jaar", huishoudens=max(2, len(huishoudens)))
    jaren = sum(eind - begin for begin, eind, _ in huishoudens) / YEAR
    totaal = sum(len(dagen) for *_, dagen in huishoudens)
    rij = rijen["per_jaar"]
    assert rij["schatting"] == pytest.approx(totaal / jaren)
    assert (rij["teller"], rij["noemer"]) == (totaal, pytest.approx(jaren))
    assert not rij["ondergrens"] > rij["schatting"]
    assert not rij["bovengrens"] < rij["schatting"]


@settings(deadline=None, max_examples=10)  # runs queries
@given(huishoudens_, st.randoms(use_true_random=False))
def test_summary_from_unit_rows_in_any_order(huishoudens, willekeur):
    rijen = records(huishoudens).sample(frac=1, random_state=willekeur.randrange(1000)).assign(**{CELL: 1})
    soort = SUMMARIES[Kind.HERHAALD]
    cellen = soort.query(ibis.memtable(rijen)).execute().assign(groep="alle")
    uit = soort.roll_up(cellen, "groep").drop(columns="groep")
    verwacht = samenvatting(huishoudens).groupby(["dag", "soort", "dag2", "soort2"])["n"].sum().reset_index()
    sleutels = ["dag", "soort", "dag2", "soort2"]
    pd.testing.assert_frame_equal(
        uit.sort_values(sleutels, ignore_index=True), verwacht, check_dtype=False, check_like=True
    )


@settings(deadline=None)
@given(huishoudens_, st.randoms(use_true_random=False))
def test_row_order_and_splitting_rows_do_not_matter(huishoudens, willekeur):
    los = samenvatting(huishoudens).sample(frac=1, random_state=willekeur.randrange(1000))
    samen = los.groupby(["dag", "soort", "dag2", "soort2"])["n"].sum().reset_index()
    een, twee = (reken(g, "mcf_8", "per_jaar") for g in (los, samen))
    for links, rechts in ((een[0].values(), twee[0].values()), (een[1], twee[1])):
        pd.testing.assert_frame_equal(pd.DataFrame(links), pd.DataFrame(rechts), check_exact=True)


@settings(deadline=None)
@given(huishoudens_, huishoudens_)
def test_summaries_of_two_sites_add_up(een, twee):
    """Rows of two sites, none shared: the merged summary is that of all households."""
    samen = pd.concat([samenvatting(een), samenvatting(twee)])
    assert mcf_on(compute(samen), 7) == pytest.approx(
        mcf_on(compute(samenvatting(een + twee)), 7), nan_ok=True
    )


@settings(deadline=None)
@given(huishoudens_, huishoudens_)
def test_two_sites_merged_and_split_again(een, twee):
    rijen = pd.concat([samenvatting(een).assign(groep="a"), samenvatting(twee).assign(groep="b")])
    groepen = pd.DataFrame({"groep": ["a", "b"], "periode": "", "huishoudens": 20})
    tekst = dict.fromkeys(
        ("label", "versie", "vraag", "populatie", "teller", "noemer", "eenheid", "venster", "lezen"), ""
    )
    kaart = Card(
        kind=Kind.HERHAALD, bronnen=(), tabellen={}, censurering="", uitsluitingen="", horizon=30,
        maten={"mcf_7": Maat("", "", Vorm.GETAL)}, **tekst,
    )  # fmt: skip
    samen, _ = schat_groepen(
        Summary(Kind.HERHAALD, rijen.assign(periode=""), groepen), kaart, {}, uitsplitsing="g"
    )
    for naam, huishoudens in (("a", een), ("b", twee)):
        alleen, _ = reken(samenvatting(huishoudens), "mcf_7")
        rij = samen[samen["groep"].eq(naam)].iloc[0]
        for k in ("schatting", "ondergrens", "bovengrens"):
            assert rij[k] == pytest.approx(alleen["mcf_7"][k], nan_ok=True, abs=0)


def test_households_with_many_events_widen_the_interval():
    """One in five has five events, the others none; or everybody has one on another day."""
    veel = [(0, 100, (10, 20, 30, 40, 50))] * 4 + [(0, 100, ())] * 16
    ieder = [(0, 100, (10 + i,)) for i in range(20)]
    breed, smal = (reken(samenvatting(h), "mcf_90")[0]["mcf_90"] for h in (veel, ieder))
    assert breed["schatting"] == pytest.approx(1)
    assert smal["schatting"] == pytest.approx(1)
    assert breed["bovengrens"] > 2
    # Everybody had exactly one: no spread between households at all.
    assert math.isnan(smal["bovengrens"])
    assert smal["methode"] == f"{NAAM}; geen interval: geen spreiding tussen huishoudens"
    naief = reken(samenvatting(veel, paren=False), "mcf_90")[0]["mcf_90"]
    assert naief["bovengrens"] < breed["bovengrens"]
    assert naief["methode"] == POISSON
    assert breed["methode"] == f"{NAAM}, robuust 95%-interval (log)"


def test_rate_without_pairs_or_events_is_poisson():
    stil = [(0, 100, ())] * 5
    rijen, _ = reken(samenvatting(stil), "per_jaar")
    assert rijen["per_jaar"]["schatting"] == 0
    assert rijen["per_jaar"]["methode"] == "aantal per jaar, exact 95%-interval (Poisson)"
    assert rijen["per_jaar"]["bovengrens"] == pytest.approx(3.6888794541139363 / (500 / YEAR))
    rijen, _ = reken(samenvatting([(0, 100, (4,))] * 5, paren=False), "per_jaar")
    assert rijen["per_jaar"]["methode"] == (
        "aantal per jaar, exact 95%-interval (Poisson: te smal als huishoudens verschillen)"
    )
    rijen, _ = reken(samenvatting([(0, 100, (4,))] * 5), "per_jaar")
    assert rijen["per_jaar"]["methode"] == "aantal per jaar; geen interval: geen spreiding tussen huishoudens"


def test_no_time_observed():
    rijen, _ = reken(samenvatting([(0, 0, ()), (3, 3, ())]), "per_jaar", "mcf_9")
    assert rijen["per_jaar"]["methode"] == "niet te schatten: geen waarneemtijd"
    assert rijen["mcf_9"]["methode"] == (
        f"{NAAM}: niet te schatten, rond dag 9 wordt geen huishouden waargenomen"
    )


def test_series_has_a_fixed_grid_with_the_households_at_risk():
    _, reeks = reken(samenvatting([(0, 45, (30,)), (0, 100, (31, 31)), (10, 70, ())]), "mcf_60", horizon=75)
    assert [(p["reeks"], p["x"], p["n"]) for p in reeks] == [
        ("mcf", 0, 2),
        ("mcf", 30, 3),
        ("mcf", 60, 2),
        ("mcf", 75, 1),
    ]
    assert [p["waarde"] for p in reeks] == pytest.approx([0, 1 / 3, 1, 1])
    assert (reeks[0]["ondergrens"], reeks[0]["bovengrens"]) == (0, 0)


def test_no_estimate_without_two_households():
    leeg = pd.DataFrame({"dag": [], "soort": [], "n": []}, dtype="int64")
    rijen, reeks = reken(leeg, "mcf_9", huishoudens=0)
    assert rijen["mcf_9"]["methode"] == "niet te schatten: geen eenheden in de noemer"
    assert reeks == ()
    rijen, _ = reken(samenvatting([(0, 9, (3,))]), "mcf_9", huishoudens=1)
    assert rijen["mcf_9"]["methode"] == "niet te schatten: te weinig huishoudens"
    rijen, _ = reken(samenvatting([(0, 9, ())] * 2), "mcf_9", huishoudens=2)
    assert rijen["mcf_9"]["methode"] == (f"{NAAM}; geen interval: niets gebeurt binnen 9 dagen")


@pytest.mark.parametrize(
    ("rijen", "wat", "kolom"),
    [
        ([(-1, -1, 1), (5, 0, 1)], "er staat een negatieve dag in", "dag"),
        ([(0, -1, 1), (5, 2, 1)], "onbekende soort", "soort"),
        ([(0, -1, -1), (5, 0, -1)], "er staat een negatief getal in", "n"),
        ([(0, -1, 2), (5, 0, 1)], "niet elke waarneming heeft begin en einde", "n"),
        ([(6, -1, 1), (5, 0, 1)], "er eindigen meer waarnemingen dan er lopen", "dag"),
        ([(0, -1, 1), (5, 0, 1), (6, 1, 1)], "er gebeurt iets terwijl niemand wordt waargenomen", "dag"),
        ([(2, -1, 1), (5, 0, 1), (2, 1, 1)], "er gebeurt iets terwijl niemand wordt waargenomen", "dag"),
    ],
)
def test_contradictory_summary_is_refused(rijen, wat, kolom):
    with pytest.raises(GebruikFout) as fout:
        reken(pd.DataFrame(rijen, columns=["dag", "soort", "n"]), "mcf_9")
    assert str(fout.value) == (
        f"Opdracht niet begrepen: de samenvatting klopt niet: {wat}\n"
        f"  Waar: kolom {kolom} van de samenvatting\n"
        "  Herstel: kijk na of de indicator per eenheid de kolommen geeft die bij zijn soort horen"
    )


@pytest.mark.parametrize(
    ("naam", "verwacht", "herstel"),
    [
        ("mcf_jaar", "mcf_<dagen> of per_jaar", "schrijf bijvoorbeeld mcf_365"),
        ("per_jar", "een van per_jaar", "Bedoelt u 'per_jaar'?"),
    ],
)
def test_unknown_estimand_is_refused(naam, verwacht, herstel):
    with pytest.raises(GebruikFout) as fout:
        reken(samenvatting([(0, 9, ())] * 2), naam)
    assert str(fout.value) == (
        f"Opdracht niet begrepen: de maat '{naam}' bestaat niet bij de soort herhaald\n"
        "  Waar: maten van de definitiekaart\n"
        f"  Verwacht: {verwacht}\n"
        f"  Kreeg: {naam}\n"
        f"  Herstel: {herstel}"
    )


def test_hardly_any_spread_is_spread():
    """One event each in 1,000 and 1,001 days: rests of 1/2001 on both sides, and t with 1 df is 12.7062."""
    uit, _ = reken(samenvatting([(0, 1000, (9,)), (0, 1001, (9,))]), "per_jaar", huishoudens=2)
    rij = uit["per_jaar"]
    assert rij["schatting"] == pytest.approx(2 / 2001 * YEAR)
    factor = math.exp(12.706204736 / 2001)
    assert (rij["ondergrens"], rij["bovengrens"]) == pytest.approx(
        (rij["schatting"] / factor, rij["schatting"] * factor), rel=1e-10
    )
