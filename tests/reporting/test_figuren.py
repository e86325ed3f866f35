"""Figures of each kind: readable, with uncertainty, one visual language, and a text from the data."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

import toekomstscenario_eval as tks
from toekomstscenario_eval.blocks import charts
from toekomstscenario_eval.blocks.curve_drawing import NONE
from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.side_by_side import side_by_side
from toekomstscenario_eval.blocks.site_figures import funnel_figure
from toekomstscenario_eval.document import theme
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.document.theme import apart
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.types import Vorm

STAPPEN = ("onderzoek_vt", "zitting")
SCHALEN = ("bestaanszekerheid", "ontwikkeling")


@pytest.fixture(scope="module")
def studie(voorbeeldpakket):
    return tks.Study.open(voorbeeldpakket, intern=True)


def gedeeld(studie):
    """Yield what can be drawn of exact and of published counts."""
    yield studie.bereken("duo_duur", per=("proeftuin_soort", "proeftuin"))
    yield studie.bereken("professionals_per_huishouden")
    yield studie.bereken("aandeel_duo", per="proeftuin")
    yield studie.bereken("doorlooptijd")
    yield from (studie.bereken("doorlooptijd", stap=stap) for stap in STAPPEN)


@pytest.fixture(scope="module")
def vrijgave(studie):
    return studie.bundel(
        *gedeeld(studie),
        studie.bereken("gezin_aan_tafel", per="proeftuin"),
        studie.bereken("uitkomsten"),
        *(studie.bereken("uitkomsten", schaal=schaal) for schaal in SCHALEN),
    )


@pytest.fixture(scope="module")
def openbaar(voorbeeldpakket):
    studie = tks.Study.open(voorbeeldpakket)
    return studie.bundel(*gedeeld(studie))


def getekend(vrijgave):
    return {
        "curve": figure(vrijgave, "duo_duur"),
        "curven": figure(vrijgave, "duo_duur", per="proeftuin_soort", curve=True),
        "verdeling": figure(vrijgave, "professionals_per_huishouden"),
        "rups": figure(vrijgave, "aandeel_duo", per="proeftuin"),
        "keten": side_by_side(vrijgave, "doorlooptijd", beside="stap"),
    }


@pytest.fixture(scope="module")
def figuren(vrijgave, openbaar):
    return {
        **getekend(vrijgave),
        **{f"openbaar {naam}": fig for naam, fig in getekend(openbaar).items()},
        # Of shares with a duo regions differ too much for a funnel.
        "trechter": funnel_figure(vrijgave, "gezin_aan_tafel"),
        "scores": side_by_side(vrijgave, "uitkomsten", beside="schaal"),
        "voor_en_na": figure(vrijgave, "uitkomsten"),
    }


def texts(fig):
    return [t.text for t in ET.fromstring(fig.svg).iter("{http://www.w3.org/2000/svg}text") if t.text]


GEDEELD = ("curve", "curven", "verdeling", "rups", "keten")
NAMEN = (*GEDEELD, *(f"openbaar {naam}" for naam in GEDEELD), "trechter", "scores", "voor_en_na")


@pytest.mark.parametrize("naam", NAMEN)
def test_no_letter_is_small_and_no_colour_is_foreign(figuren, naam):
    svg = figuren[naam].svg
    assert min(float(m) for m in re.findall(r'font-size="([\d.]+)px"', svg)) >= theme.SMALL
    kleuren = {k.upper() for k in re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]{6})"', svg)}
    eigen = {*theme.COLORS, theme.INK, theme.GREY, theme.FADED, theme.AREA, "#000000", "#FFFFFF"}
    assert kleuren <= {k.upper() for k in eigen}


@pytest.mark.parametrize("naam", NAMEN)
def test_every_figure_has_its_data_and_a_text(figuren, naam):
    fig = figuren[naam]
    assert fig.gegevens is not None
    assert fig.gegevens.rijen
    assert len(fig.alt) > 60
    assert "None" not in fig.alt
    assert "nan" not in fig.alt.replace("naar", "")


def test_numbers_at_risk_stand_under_the_curve(vrijgave, figuren):
    r = vrijgave.resultaat("duo_duur")
    punten = r.reeksen[r.reeksen["uitsplitsing"].eq("proeftuin_soort") & r.reeksen["reeks"].eq("overleving")]
    staat = texts(figuren["curven"])
    assert "Nog onder waarneming" in staat
    eerste = punten[punten["x"].eq(0) & ~punten["onderdrukt"]]
    assert len(eerste) == 2
    for n in eerste["n"]:
        assert number(n, Vorm.TELLING) in staat
    # Each group is named at its line and before its numbers; there is no legend to look up.
    for groep in eerste["groep"]:
        assert staat.count(r.labels.text("proeftuin_soort", groep)) == 2
    assert NONE not in staat


def test_a_few_at_risk_are_not_counted_out(vrijgave, openbaar):
    """In public, as everywhere: under the curve, and in the table of its numbers."""
    for bundel, klein in ((openbaar, True), (vrijgave, False)):
        (r,) = [r for r in bundel.resultaten if r.sleutel == "duo_duur"]
        curve = r.reeksen["reeks"].eq("overleving") & r.reeksen["uitsplitsing"].eq("")
        reeksen = r.reeksen.assign(n=r.reeksen["n"].where(~curve, 6))
        fig = figure(replace(bundel, resultaten=(replace(r, reeksen=reeksen),)), "duo_duur")
        staat, kolom = texts(fig), {rij[-1].getoond for rij in fig.gegevens.rijen}
        assert ("< 10" in staat, "6" in staat) == (klein, not klein)
        assert kolom == {"minder dan 10" if klein else "6"}


@pytest.mark.parametrize("naam", ["curve", "openbaar curve"])
def test_a_curve_ends_where_its_points_do(vrijgave, openbaar, figuren, naam):
    """In public that is sooner: of a day with a few under observation nothing is drawn."""
    punten = (openbaar if "openbaar" in naam else vrijgave).resultaat("duo_duur").reeksen
    punten = punten[punten["uitsplitsing"].eq("") & punten["reeks"].eq("overleving")]
    laatste = int(punten["x"].max()) // 30 * 30
    dagen = [t for t in texts(figuren[naam]) if re.fullmatch(r"\d+", t)]
    assert str(laatste) in dagen
    assert str(laatste + 30) not in dagen


def test_the_chain_is_a_flow_in_the_order_of_the_card(figuren):
    staat = texts(figuren["keten"])
    namen = ("Onderzoek door Veilig Thuis", "Zitting", "Hele keten")
    assert [t for t in staat if t in namen] == list(namen)
    assert sum("perioden" in t for t in staat) == 3
    assert [rij[0].tekst for rij in figuren["keten"].gegevens.rijen] == list(namen)


def test_scores_show_change_against_no_change(vrijgave, figuren):
    assert "geen verandering" in texts(figuren["scores"])
    rij = vrijgave.resultaat("uitkomsten").schattingen
    rij = rij[rij["maat"].eq("verschil")].iloc[0]
    assert f"Veiligheid: {number(rij['schatting'], Vorm.GETAL)} (interval" in figuren["scores"].alt


@pytest.mark.parametrize("welke", ["verdeling", "openbaar verdeling"])
def test_the_last_class_of_a_distribution_has_its_name(vrijgave, openbaar, welke):
    """It may hold all that is more; labels that would run into it give way."""
    fig = figure(openbaar if "openbaar" in welke else vrijgave, "professionals_per_huishouden")
    klassen = [rij[0].tekst for rij in fig.gegevens.rijen if not rij[1].onderdrukt]
    staat = [t for t in texts(fig) if t in klassen]
    assert len(klassen) > 5
    assert staat[-1] == klassen[-1]
    assert klassen[0] in staat


def test_labels_under_bars_never_run_into_each_other():
    for n in (1, 2, 5, 12, 24, 60):
        for last in (f"{n - 1}", f"{n} of meer", "1.000.000 of meer"):
            alle = [*map(str, range(n - 1)), last]
            staat = charts.told(alle)
            plek = [(alle.index(t) + 0.5) * theme.WIDTH / n for t in staat]
            breed = [6 * len(t) for t in staat]
            assert staat[-1] == last
            for i in range(len(staat) - 1):
                assert plek[i] + breed[i] / 2 < plek[i + 1] - breed[i + 1] / 2


def test_distribution_draws_its_interval(vrijgave):
    punten = vrijgave.resultaat("professionals_per_huishouden").reeksen
    midden = punten[punten["ondergrens"].notna()]
    assert len(midden) > 3
    assert (midden["ondergrens"] < midden["waarde"]).all()
    assert (midden["waarde"] < midden["bovengrens"]).all()


def test_side_by_side_needs_two_and_a_real_parameter(vrijgave):
    with pytest.raises(GebruikFout, match="valt niets naast elkaar"):
        tks.figuur(vrijgave, "duo_duur", naast="variant")
    with pytest.raises(GebruikFout, match="geen keuze 'stapp'"):
        tks.figuur(vrijgave, "doorlooptijd", naast="stapp")
    assert len(tks.figuur(vrijgave, "doorlooptijd", naast="stap").blokken) == 1


@pytest.mark.parametrize(
    ("hoogten", "uit"),
    [
        ([], []),
        ([3.0], [3.0]),
        ([0.0, 5.0], [0.0, 5.0]),
        ([1.0, 1.0], [0.5, 1.5]),
        ([2.0, 1.9], [2.45, 1.45]),
    ],
)
def test_labels_move_apart(hoogten, uit):
    assert apart(hoogten, 1.0) == pytest.approx(uit)


@pytest.fixture(scope="module")
def einden(studie):
    namen = ("cumulatieve_incidentie_ots", "herhaalde_duos", "duur_voogdij")
    return studie.bundel(*(studie.bereken(naam) for naam in namen))


@pytest.fixture(scope="module")
def openbare_einden(voorbeeldpakket):
    studie = tks.Study.open(voorbeeldpakket)
    namen = ("cumulatieve_incidentie_ots", "herhaalde_duos", "duur_voogdij")
    return studie.bundel(*(studie.bereken(naam) for naam in namen))


@pytest.mark.parametrize("welke", ["einden", "openbare_einden"])
def test_curves_of_ends_are_those_of_the_result(request, welke):
    einden = request.getfixturevalue(welke)
    r = einden.resultaat("cumulatieve_incidentie_ots")
    fig = figure(einden, "cumulatieve_incidentie_ots")
    punten = r.reeksen[r.reeksen["reeks"].eq("incidentie")]
    assert len(punten)
    staat = texts(fig)
    gezien = set(punten["label"])
    for code, naam in r.card.oorzaken.items():
        assert staat.count(naam) == (str(code) in gezien)
    ids = {cel.getal_id for rij in fig.gegevens.rijen for cel in rij if cel.getal_id}
    assert set(punten["getal_id"]) <= ids
    laatste = punten[punten["label"].eq("1")].sort_values("x").iloc[-1]
    assert f"Eerste OTS: {number(laatste['waarde'], Vorm.AANDEEL)} op dag" in fig.alt
    assert "vaste dagen" in fig.gegevens.noten[0]


@pytest.mark.parametrize("welke", ["einden", "openbare_einden"])
def test_repeated_events_are_a_mean_per_household(request, welke):
    r = request.getfixturevalue(welke).resultaat("herhaalde_duos")
    fig = figure(request.getfixturevalue(welke), "herhaalde_duos", curve=True)
    assert "Gemiddeld aantal per huishouden" in texts(fig)
    assert "% op dag" not in fig.alt
    punten = r.reeksen[r.reeksen["reeks"].eq("mcf")]
    assert len(punten) > 10
    ids = {cel.getal_id for rij in fig.gegevens.rijen for cel in rij if cel.getal_id}
    assert set(punten["getal_id"]) <= ids


def test_the_public_curve_of_repeated_events_lies_near_the_exact_one(einden, openbare_einden):
    welke = [b.resultaat("herhaalde_duos").reeksen.query("reeks == 'mcf'") for b in (einden, openbare_einden)]
    both = welke[0].merge(welke[1], on="x", suffixes=("", "_openbaar"))
    assert len(both) == len(welke[1])
    late = both[both["x"] >= 90]
    half = (late["bovengrens"] - late["ondergrens"]) / 2
    assert ((late["waarde_openbaar"] - late["waarde"]).abs() <= 0.5 * half).all()
    assert (late["waarde_openbaar"] != late["waarde"]).any()


@pytest.mark.parametrize("naam", ["cumulatieve_incidentie_ots", "herhaalde_duos"])
def test_too_few_for_a_curve_is_told_of_what_was_asked(openbare_einden, naam):
    r = openbare_einden.resultaat(naam)
    leeg = figure(bundle([replace(r, reeksen=r.reeksen.iloc[:0])]), naam)
    assert leeg.gegevens.rijen == ()
    assert leeg.gegevens.noten == ("Geen curve, want daarvoor zijn er te weinig gegevens: Geheel.",)
    assert leeg.bijschrift == figure(openbare_einden, naam).bijschrift
    assert "te weinig gegevens" in leeg.alt
    assert "mediaan" not in leeg.alt


def test_a_curve_of_ends_is_of_the_whole_and_needs_points(studie, openbare_einden):
    # Fewer than a hundred children were under guardianship: the figures are there, the curve is not.
    assert openbare_einden.resultaat("duur_voogdij").schattingen["n"].between(10, 99).all()
    leeg = figure(openbare_einden, "duur_voogdij", curve=True)
    assert leeg.gegevens.rijen == ()
    assert leeg.gegevens.noten == ("Geen curve, want daarvoor zijn er te weinig gegevens: Geheel.",)
    per = studie.bundel(studie.bereken("cumulatieve_incidentie_ots", per="proeftuin_soort"))
    with pytest.raises(GebruikFout, match="alleen van het geheel"):
        figure(per, "cumulatieve_incidentie_ots", per="proeftuin_soort", curve=True)
