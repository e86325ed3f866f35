"""Groups compared on the example package: by API, by command line, and only after release."""

from __future__ import annotations

import math
import sys
from dataclasses import replace

import pandas as pd
import pytest

import toekomstscenario_eval as tks
from toekomstscenario_eval import cli
from toekomstscenario_eval.blocks.difference import comparisons_table
from toekomstscenario_eval.document.document import flat_text
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators import group_tests
from toekomstscenario_eval.estimators.contrast import difference_restricted, logrank
from toekomstscenario_eval.estimators.group_tests import comparable
from toekomstscenario_eval.identity import INSIDE_MARK, UNKNOWN
from toekomstscenario_eval.results import SHOWN, bundle
from toekomstscenario_eval.series import NO_PART
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import SITE, SITE_KIND

NAMEN = ("Gezin in de stress", "Gezin met langdurige zorg")
PAAR = ("gezin_in_de_stress", "langdurige_zorg")


@pytest.fixture(scope="module")
def studie(voorbeeldpakket):
    return tks.Study.open(voorbeeldpakket, intern=True)


@pytest.fixture(scope="module")
def profielen(studie):
    return studie.toets("duo_duur", naar="gezinsprofiel", groepen=NAMEN, binnen="proeftuin_soort")


def tabel(r):
    return r.toetsen.set_index("toets")


def ruw(studie, indicator, naar, groepen=(), binnen=()):
    """Return the tests with what stays inside: the places, and the residual degrees of freedom."""
    out, gekruist = studie._compute(indicator, (naar, SITE), binnen, None, (None, None), "", {})
    namen = groepen or sorted(set(gekruist[naar]) - {UNKNOWN})
    deel = gekruist[gekruist[naar].isin(namen)].rename(columns=dict.fromkeys(binnen, "stratum"))
    deel = deel.assign(groep=deel[naar], cluster=deel[SITE])
    return group_tests.toets(deel, out.card, out.params, naar=naar).set_index("toets")


@pytest.mark.parametrize("naam", [i.id for i in registry.all_indicators().values() if i.card.kern])
def test_every_core_indicator_can_be_compared(studie, naam):
    uit = studie.toets(naam)
    assert list(uit.toetsen.columns) == [*SHOWN, "onderdrukt", "getal_id"]
    assert comparable(uit.card.kind) or uit.toetsen.empty
    assert not uit.toetsen["onderdrukt"].any()
    assert uit.toetsen["getal_id"].is_unique


@pytest.fixture(scope="module")
def openbaar(voorbeeldpakket):
    return tks.Study.open(voorbeeldpakket)


def test_in_public_the_estimates_are_those_of_bereken(openbaar):
    een = openbaar.toets("duo_duur")
    twee = openbaar.bereken("duo_duur", per=("proeftuin_soort", "proeftuin"))
    pd.testing.assert_frame_equal(een.schattingen, twee.schattingen)
    assert list(een.toetsen.columns) == [*SHOWN, "onderdrukt", "getal_id"]
    assert not een.intern


def test_public_tests_say_their_way_and_are_near_the_exact_ones(openbaar, studie):
    """Groups are properties of regions, so sites add up; of comparison regions none counts from the start."""
    een, exact = (
        s.toets("tijdigheid_eerste_gesprek", naar="proeftuin_regio", fase="vanaf") for s in (openbaar, studie)
    )
    t, e = tabel(een).loc["log-rank"], tabel(exact).loc["log-rank"]
    assert t["methode"] == "log-rank op een raster van 30 dagen, met de ruis"
    assert t["df"] == e["df"]
    assert math.sqrt(t["statistiek"]) == pytest.approx(math.sqrt(e["statistiek"]), abs=1)
    assert len(t["groepen"]) == t["df"] + 1


def test_public_ratio_has_regions_as_units(openbaar, studie):
    t, e = (tabel(s.toets("tijdigheid_eerste_gesprek", fase="vanaf")) for s in (openbaar, studie))
    een, exact = (x.loc["verhouding van de kans op een einde (Cox)"] for x in (t, e))
    assert een["methode"] == (
        "Cox op een raster van 30 dagen, met de ruis, de regio als eenheid (toevalseffect, t-verdeling)"
    )
    assert een["df"] == exact["df"] == 12
    assert een["ondergrens"] < exact["schatting"] < een["bovengrens"]
    assert t.loc["log-rank, gestratificeerd", "methode"] == (
        "log-rank, gestratificeerd niet openbaar te toetsen, "
        "want tellingen naar de twee uitsplitsingen tegelijk zijn niet openbaar"
    )
    assert math.isnan(t.loc["log-rank, gestratificeerd", "p"])


def test_a_group_that_is_too_small_is_named_with_the_reason(openbaar):
    """Nothing is left out silently: of two groups one has fewer than twenty ends."""
    r = openbaar.toets("duo_duur")
    assert r.toetsen["toets"].tolist() == ["log-rank", "groepen die niet meedoen"]
    assert r.toetsen["methode"].tolist() == [
        "log-rank niet te toetsen, want minder dan twee groepen hebben 50 duren en 20 einden",
        "doen niet mee aan de toetsen: Vergelijkingsregio (minder dan 50 duren of 20 einden)",
    ]
    assert r.toetsen["p"].isna().all()
    assert r.toetsen["groepen"].tolist() == [("proeftuin", "vergelijking"), ("vergelijking",)]


def test_minima_are_those_of_the_policy(voorbeeldpakket):
    streng = tks.Study.open(voorbeeldpakket, beleid="streng").toets("duo_duur")
    assert "100 duren en 40 einden" in streng.toetsen["methode"].iloc[0]


def test_public_scores_get_a_mixed_model_near_the_exact_one(openbaar, studie):
    een, exact = (tabel(s.toets("uitkomsten", fase="vanaf")) for s in (openbaar, studie))
    assert list(een.index) == list(exact.index)
    assert list(een["df"]) == [13, 12]
    half = (exact["bovengrens"] - exact["ondergrens"]) / 2
    assert ((een["schatting"] - exact["schatting"]).abs() < half).all()
    assert een["methode"].str.startswith("uit beschermde tellingen: gemengd model (REML)").all()


def test_public_scores_of_groups_that_cross_regions_say_why_not(openbaar):
    t = tabel(openbaar.toets("uitkomsten", naar="gezinsprofiel"))
    assert list(t.index) == ["scores van groepen"]
    assert t["methode"].iloc[0].endswith("naar deze groepen tegelijk zijn scores niet openbaar")
    assert t["schatting"].isna().all()
    assert openbaar.toets("uitkomsten", naar="proeftuin").toetsen.empty


def test_kinds_without_public_tests_say_so(openbaar):
    r = openbaar.toets("aandeel_duo", naar="gezinsprofiel")
    assert r.toetsen.empty
    assert r.vergelijking.reden == "bij deze soort volgt het verschil uit de cijfers van de groepen zelf"


def test_unknown_stratum_and_group_are_refused_in_public_too(openbaar):
    with pytest.raises(GebruikFout, match="heeft geen groep 'Proeftuyn'"):
        openbaar.toets("duo_duur", groepen=("Proeftuyn",))
    with pytest.raises(GebruikFout, match="uitsplitsen naar 'gezinsprofil' kan niet"):
        openbaar.toets("duo_duur", binnen="gezinsprofil")


def test_estimates_are_those_of_bereken(studie):
    een = studie.toets("duo_duur")
    twee = studie.bereken("duo_duur", per=("proeftuin_soort", "proeftuin"))
    pd.testing.assert_frame_equal(een.schattingen, twee.schattingen)
    assert een.sleutel == twee.sleutel


def test_durations_are_tested_on_the_summary_of_the_groups(studie, profielen):
    """The numbers in the table are those of the estimators on the same counts."""
    t = tabel(profielen)
    assert list(t.index) == [
        "log-rank",
        "log-rank, gestratificeerd",
        "verschil in gemiddelde binnen 365 dagen",
        "verhouding van de kans op een einde (Cox)",
        "evenredigheid (Schoenfeld)",
    ]
    _, gekruist = studie._compute(
        "duo_duur", ("gezinsprofiel",), ("proeftuin_soort",), None, (None, None), "", {}
    )
    deel = gekruist[gekruist["gezinsprofiel"].isin(PAAR)].rename(
        columns={"gezinsprofiel": "groep", "proeftuin_soort": "stratum"}
    )
    los = deel.groupby(["groep", "dag", "soort"], as_index=False)["n"].sum()
    assert t.loc["log-rank", "statistiek"] == pytest.approx(logrank(los).statistiek, rel=1e-12)
    assert t.loc["log-rank, gestratificeerd", "statistiek"] == pytest.approx(logrank(deel).statistiek)
    v = difference_restricted(los, *PAAR, horizon=365)
    rij = t.loc["verschil in gemiddelde binnen 365 dagen"]
    assert (rij["schatting"], rij["ondergrens"], rij["bovengrens"]) == pytest.approx(
        (v.schatting, *v.interval)
    )
    einden = los[los["soort"].ge(1)].groupby("groep")["n"].sum()
    t = ruw(studie, "duo_duur", "gezinsprofiel", PAAR, ("proeftuin_soort",))
    assert (t["kleinste"].iloc[0], t["vrijheid"].iloc[0]) == (einden.min(), einden.sum() - 2)


def test_regions_are_the_clusters(profielen):
    rij = tabel(profielen).loc["verhouding van de kans op een einde (Cox)"]
    assert rij["methode"] == "Cox (Efron), de regio als eenheid (robuust, t-verdeling)"
    # Fourteen regions, two groups.
    assert rij["df"] == 12
    assert rij["ondergrens"] < rij["schatting"] < rij["bovengrens"]


def test_competing_ends_get_grays_test(studie):
    t = tabel(studie.toets("cumulatieve_incidentie_ots", binnen=""))
    assert "Gray" in t.index
    assert "log-rank, gestratificeerd" not in t.index
    # A mean within a horizon is about every end, not about this one.
    assert not [naam for naam in t.index if naam.startswith("verschil in gemiddelde")]


def test_scores_get_a_mixed_model_that_rests_on_every_region(studie):
    t = tabel(studie.toets("uitkomsten"))
    assert list(t.index) == [
        "gemiddelde verandering, regio als toevalseffect",
        "verschil in verandering, regio als toevalseffect",
    ]
    assert list(t["df"]) == [13, 12]
    plekken = ruw(studie, "uitkomsten", SITE_KIND)["plekken"].iloc[0]
    regios = {groep for veld, groep in plekken if veld == "proeftuin"}
    assert len(regios) == 14


def test_more_than_two_groups_are_tested_together(studie):
    t = tabel(studie.toets("duo_duur", naar="gezinsprofiel", binnen=""))
    assert list(t.index) == ["log-rank"]
    # The group of who is unknown is no group.
    assert UNKNOWN not in t["groepen"].iloc[0]
    assert t["df"].iloc[0] == len(t["groepen"].iloc[0]) - 1


def test_two_single_regions_cannot_be_told_from_what_else_differs(studie):
    namen = sorted(set(studie.bereken("duo_duur", per="proeftuin").schattingen["groep"]) - {"totaal"})[:2]
    t = tabel(studie.toets("duo_duur", naar="proeftuin", groepen=namen, binnen=""))
    cox = t.loc["verhouding van de kans op een einde (Cox)"]
    assert cox["methode"] == "Cox (Efron), perioden als onafhankelijk geteld"
    assert math.isnan(cox["df"])


def test_unknown_group_is_refused(studie):
    with pytest.raises(GebruikFout, match="heeft geen groep 'Proeftuyn'") as fout:
        studie.toets("duo_duur", groepen=("Proeftuyn", "Vergelijkingsregio"))
    assert "Bedoelt u 'Proeftuin'?" in str(fout.value)


def test_notebook_shows_difference_and_tests(studie):
    uit = tks.verschil(studie.bundel(studie.toets("duo_duur")), "duo_duur")
    vooraf, regios, waarschuwing, verschil, toetsen = uit.blokken
    assert flat_text(vooraf.inhoud) == (
        "Duur van het duo: Proeftuin (11 regio's) min Vergelijkingsregio (3 regio's), met de regio als "
        "eenheid: 364 toewijzingen; de kleinste p die kan is 0,0027."
    )
    assert [tabel.bijschrift for tabel in (regios, verschil, toetsen)] == [
        "Duur van het duo: verschil naar soort regio, Proeftuin min Vergelijkingsregio, regio als eenheid",
        "Duur van het duo: verschil over huishoudens naar soort regio, Proeftuin min Vergelijkingsregio",
        "Duur van het duo: toetsen over huishoudens naar soort regio (Proeftuin, Vergelijkingsregio)",
    ]
    assert "te zeker voor een conclusie over proeftuinen" in flat_text(waarschuwing.inhoud)
    noten = " ".join(toetsen.noten)
    assert "niet door loting bepaald" in noten
    assert "te zeker" in noten
    assert all(len(rij) == 6 for rij in toetsen.rijen)


def test_command_line(voorbeeldpakket, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["tks", "toets", "uitkomsten", str(voorbeeldpakket), "--intern"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    uit = capsys.readouterr().out
    assert not stop.value.code
    plekken = [
        uit.index(tekst)
        for tekst in (
            "364 toewijzingen; de kleinste p die kan is 0,0027",
            "verschil naar soort regio, Proeftuin min Vergelijkingsregio, regio als eenheid",
            "Hierna is het huishouden de eenheid",
            "verschil over huishoudens naar soort regio, Proeftuin min Vergelijkingsregio",
            "Verschil in verandering, regio als toevalseffect",
        )
    ]
    assert plekken == sorted(plekken)
    assert "niet door loting bepaald" in uit
    assert INSIDE_MARK in uit


def test_command_line_shows_public_tests(voorbeeldpakket, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["tks", "toets", "tijdigheid_eerste_gesprek", str(voorbeeldpakket)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    uit = " ".join(capsys.readouterr().out.split())
    assert not stop.value.code
    assert "log-rank op een raster van 30 dagen, met de ruis" in uit
    assert "Evenredigheid (Schoenfeld)" in uit
    assert "niet door loting bepaald" in uit
    assert INSIDE_MARK not in uit


def test_command_line_says_when_there_is_no_test(voorbeeldpakket, monkeypatch, capsys):
    opdracht = ["tks", "toets", "aandeel_duo", str(voorbeeldpakket), "--naar", "gezinsprofiel"]
    monkeypatch.setattr(sys, "argv", opdracht)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert not stop.value.code
    assert (
        "Aandeel huishoudens met een duo: geen toets, want bij deze soort volgt het verschil uit de cijfers "
        "van de groepen zelf." in " ".join(capsys.readouterr().out.split())
    )


def test_one_group_is_refused_with_the_groups_there_are(studie):
    with pytest.raises(GebruikFout, match="één groep is niet te vergelijken") as fout:
        studie.toets("duo_duur", groepen=["Proeftuin"])
    assert "Vergelijkingsregio" in fout.value.verwacht


def test_who_takes_no_part_is_no_row_of_numbers(profielen):
    rijen = profielen.toetsen
    extra = rijen.iloc[[0]].assign(toets=NO_PART, methode="wie niet meedoet: de rest", schatting=math.nan)
    r = replace(profielen, toetsen=pd.concat([rijen, extra], ignore_index=True))
    tabel_ = comparisons_table(bundle((r,)), r.sleutel, per="gezinsprofiel", a=PAAR[0], b=PAAR[1])
    assert not any("meedoen" in rij[0].tekst for rij in tabel_.rijen)
    assert any("wie niet meedoet: de rest" in noot for noot in tabel_.noten)
