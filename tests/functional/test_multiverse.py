"""The definition multiverse: which definitions there are, and that they really differ."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from toekomstscenario_eval.blocks import multiverse_table as multiverse_table_
from toekomstscenario_eval.blocks.multiverse_table import multiverse as multiverse_
from toekomstscenario_eval.blocks.multiverse_table import multiverse_sentence, multiverse_table
from toekomstscenario_eval.blocks.specification import multiversum
from toekomstscenario_eval.cli import app
from toekomstscenario_eval.cli.multiversum import multiversum as multiversum_command
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.document.document import flat_text
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import INSIDE_MARK
from toekomstscenario_eval.making import multiverse
from toekomstscenario_eval.making.multiverse import definities
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import Venster


@pytest.fixture(scope="module")
def studie(voorbeeldpakket) -> Study:
    return Study.open(voorbeeldpakket, intern=True)


@pytest.fixture(scope="module")
def vrijgave(studie):
    return studie.bundel(*definities(studie, "aandeel_duo"))


@pytest.fixture(scope="module")
def openbaar(voorbeeldpakket) -> Study:
    return Study.open(voorbeeldpakket)


@pytest.fixture(scope="module")
def openbare_vrijgave(openbaar):
    return openbaar.bundel(*definities(openbaar, "aandeel_duo"))


def test_choices_of_the_duo(studie):
    keuzes = multiverse.options(studie, "duo_duur")
    assert keuzes["variant"] == ("standaard", "vaste_duo")
    assert keuzes["maximale_onderbreking"] == ("standaard", 7, 14, 30)
    assert keuzes["laatste dag"] == ("standaard", "telt mee")
    assert keuzes["wie telt mee"] == ("standaard", "zonder consulenten", "zonder informele steun")
    assert keuzes["venster"] == ("standaard", "laatste jaar", "zonder begin")


def test_whom_it_is_about_is_a_choice(studie, voorbeeldpakket):
    keuzes = multiverse.options(studie, "duo_duur")
    assert keuzes["fase"] == ("standaard", "vanaf", "voor")
    assert keuzes["populatie"] == ("standaard", "vergelijkingsregio's", "alle regio's samen")


def test_each_population_shows_its_own_number(studie, vrijgave):
    """Proeftuinen by default; before and from their start; other regions; all of them."""
    rijen = multiverse_(vrijgave, "aandeel_duo").rijen.set_index("label")["schatting"]

    def schatting(per, groep, fase=""):
        s = studie.bereken("aandeel_duo", per="proeftuin_soort", fase=fase).schattingen
        return s.loc[s["uitsplitsing"].eq(per) & s["groep"].eq(groep), "schatting"].iloc[0]

    assert rijen["standaard"] == schatting("proeftuin_soort", "proeftuin")
    assert rijen["fase = vanaf"] == schatting("", "totaal", "vanaf")
    assert rijen["fase = voor"] == schatting("", "totaal", "voor")
    assert rijen["populatie = vergelijkingsregio's"] == schatting("proeftuin_soort", "vergelijking")
    assert rijen["populatie = alle regio's samen"] == schatting("", "totaal")


def test_a_range_of_definitions_is_of_one_population(vrijgave):
    m = multiverse_(vrijgave, "aandeel_duo")
    eigen = m.definitions.getoond
    assert len(eigen) + 4 == len(m.getoond)
    vorm = m.maat.vorm
    tekst = flat_text(multiverse_sentence(vrijgave, "aandeel_duo").inhoud)
    # The default is no other definition than itself.
    gewoon = m.gewoon
    ander = eigen[eigen["label"].ne("standaard")]["schatting"]
    laag, hoog = (number(ander.agg(hoe), vorm) for hoe in ("min", "max"))
    assert f"onder {len(eigen) - 1} andere redelijke definities: van {laag} tot {hoog}." in tekst
    binnen = ander.between(gewoon["ondergrens"], gewoon["bovengrens"]).sum()
    assert f"; bij {binnen} van die {len(ander)} ligt het cijfer in het 95%-interval daarvan." in tekst
    assert tekst.startswith(
        "Aandeel met een duo (aandeel van de huishoudens) van proeftuinen, alle dagen van"
    )
    rest = tekst[tekst.index(" Over anderen, met dezelfde definitie: ") :]
    for wie in ("proeftuinen, vanaf de start van de eigen proeftuin", "vergelijkingsregio's", "alle regio's"):
        assert wie in rest


@pytest.mark.parametrize("cijfers", [(0.4461, 0.4459), (0.446, 0.446 + 1e-15)])
def test_what_reads_as_one_number_has_no_choice_that_matters_most(vrijgave, cijfers):
    """No spread is no ground for 'the greatest difference'."""
    maat = multiverse_(vrijgave, "aandeel_duo").maat
    een, twee = cijfers
    rijen = [definitie({"a": "1"}, een), definitie({}, twee), definitie({"b": "2"}, een)]
    waarden = {"a": ("standaard", "1"), "b": ("standaard", "2")}
    m = multiverse_table_.Multiverse(maat, pd.DataFrame(rijen), waarden)
    assert np.isnan(m.share("a"))
    assert "grootste verschil" not in flat_text(multiverse_table_.compared(m))


def test_definitions_in_another_unit_are_in_no_range(studie):
    """Children and households: two units, so no spread between them."""
    m = multiverse_(studie.bundel(*definities(studie, "aandeel_ots")), "aandeel_ots")
    eenheden = set(m.rijen["maat_eenheid"])
    assert set(m.getoond["maat_eenheid"]) == {m.maat.eenheid}
    assert len(eenheden) > 1 or "eenheid" not in m.waarden


def test_with_hardly_any_comparison_households_everybody_is_not_shown_beside_proeftuinen(openbaar):
    """All regions and proeftuinen then differ on a few households, and would tell of those."""
    (r,) = multiverse.run(
        openbaar,
        "aandeel_duo",
        [multiverse.Specification({"populatie": "alle regio's samen"})],
    )
    gewoon = multiverse_table_._row(r, "aandeel", dict(r.variant.definitie))
    assert not gewoon["onderdrukt"]
    s = r.schattingen
    weinig = s["uitsplitsing"].eq("proeftuin_soort") & s["groep"].eq("vergelijking")
    klein = replace(r, schattingen=s.assign(n=s["n"].where(~weinig, 6.0)))
    rij = multiverse_table_._row(klein, "aandeel", dict(r.variant.definitie))
    assert rij["onderdrukt"]
    assert "minder dan 10 huishoudens" in rij["methode"]


def test_measures_have_no_choice_of_professionals(studie):
    assert "wie telt mee" not in multiverse.options(studie, "aandeel_ots")


def test_all_combinations_and_one_at_a_time(studie):
    alle = multiverse.factorial(studie, "aandeel_duo")
    keuzes = multiverse.options(studie, "aandeel_duo")
    over_wie = sum(len(keuzes.pop(k)) - 1 for k in multiverse.AROUND)
    totaal = 1
    for waarden in keuzes.values():
        totaal *= len(waarden)
    # Of another population there is the default definition only.
    assert len(alle) == totaal + over_wie == len({s.variant for s in alle})
    assert alle[0].variant.keuzes == "standaard"
    los = multiverse.one_at_a_time(studie, "aandeel_duo")
    # A report adds regions of two kinds up nowhere.
    assert len(los) == 1 + sum(len(w) > 1 for w in keuzes.values()) + over_wie - 1
    assert not any("alle regio's samen" in s.keuzes.values() for s in los)
    assert [sum(w != "standaard" for w in s.keuzes.values()) for s in los] == [0] + [1] * (len(los) - 1)


def test_the_default_definition_gives_the_ordinary_figure(studie):
    gewoon = studie.bereken("aandeel_duo").schattingen.iloc[0]
    eerste = next(multiverse.run(studie, "aandeel_duo", multiverse.factorial(studie, "aandeel_duo")[:1]))
    geheel = eerste.schattingen[eerste.schattingen["uitsplitsing"].eq("")]
    assert geheel["schatting"].tolist() == [gewoon["schatting"]]


def test_definitions_move_the_figure_the_way_they_should(studie):
    uit = {
        str(r.variant): r.schattingen.iloc[0]
        for r in multiverse.run(studie, "duo_duur", multiverse.one_at_a_time(studie, "duo_duur"))
    }
    gewoon = studie.bereken("duo_duur").schattingen.iloc[0]
    # A last day that counts makes spells a day longer, and fixed pairs are never longer than duos.
    assert uit["definitie: laatste dag = telt mee"]["schatting"] >= gewoon["schatting"]
    assert uit["definitie: variant = vaste_duo"]["noemer"] >= gewoon["noemer"]
    assert uit["definitie: maximale_onderbreking = 30"]["noemer"] <= gewoon["noemer"]


def test_table_and_sentence_come_from_a_release(vrijgave):
    tabel = multiverse_table(vrijgave, "aandeel_duo")
    assert len(tabel.rijen) == len(vrijgave.resultaten)
    zin = multiverse_sentence(vrijgave, "aandeel_duo")
    assert zin is not None
    tekst = flat_text(zin.inhoud)
    m = multiverse_(vrijgave, "aandeel_duo")
    eigen = m.definitions.getoond
    assert f", onder {len(eigen) - 1} andere redelijke definities: van " in tekst
    assert m.verborgen == 0
    assert "Niet vergeleken" not in tekst
    assert "maakt daarin het grootste verschil (" in tekst


def test_in_public_there_are_no_other_windows(studie, openbaar):
    """A window that ends a year earlier shares most households: public are the running one and years."""
    binnen, buiten = (multiverse.options(s, "aandeel_duo") for s in (studie, openbaar))
    assert buiten == {k: w for k, w in binnen.items() if k != "venster"}


def test_definitions_that_hardly_differ_are_left_out_and_no_conclusion_rests_on_them(openbare_vrijgave):
    """Two definitions that differ in 1-9 households would tell of those: the second is not shown."""
    m = multiverse_(openbare_vrijgave, "aandeel_duo")
    redenen = set(m.rijen.loc[m.rijen["onderdrukt"].astype(bool), "methode"])
    assert redenen == {"deze definitie verschilt hier in minder dan 10 huishoudens van een andere"}
    assert 0 < m.verborgen == len(m.rijen) - len(m.getoond)
    # The default stands first, and so is always shown.
    assert m.gewoon is not None
    zin = multiverse_sentence(openbare_vrijgave, "aandeel_duo")
    assert zin is not None
    tekst = flat_text(zin.inhoud)
    eigen = m.definitions.getoond
    assert f", onder {len(eigen) - 1} andere redelijke definitie" in tekst
    # It names them, with the reason, and draws no conclusion from them.
    namen = [
        f"{keuze}: {waarde}".replace("_", " ")
        for keuzes in m.rijen["keuzes"][m.rijen["onderdrukt"].astype(bool)]
        for keuze, waarde in keuzes.items()
    ]
    (reden,) = redenen
    assert f" Niet vergeleken: {', '.join(namen)} ({reden})." in tekst
    assert tekst.endswith(" Over deze definities is hier geen conclusie te trekken.")
    assert multiverse_table(openbare_vrijgave, "aandeel_duo").noten == (
        "Standaard gaat over: proeftuinen, alle dagen.",
        f"Niet getoond: {reden}.",
    )


def definitie(keuzes, schatting, **rest):
    """One row of a multiverse."""
    label = ", ".join(f"{k} = {v}" for k, v in keuzes.items()) or "standaard"
    vast = {"label": label, "keuzes": keuzes, "schatting": schatting, "onderdrukt": False, "methode": ""}
    vast |= {"maat_eenheid": registry.find("aandeel_duo").card.maten["aandeel"].eenheid}
    return {**vast, "ondergrens": schatting - 1, "bovengrens": schatting + 1, "getal_id": label, **rest}


def test_of_a_choice_of_which_no_other_value_is_shown_nothing_is_said(vrijgave):
    """A choice that cannot be told apart is not one that makes no difference."""
    reden = "deze definitie verschilt hier in minder dan 10 huishoudens van een andere"
    dicht = {"onderdrukt": True, "methode": reden}
    rijen = [
        definitie({"lengte": "2"}, 2.0),
        definitie({}, 3.0),
        definitie({"soort": "a"}, np.nan, **dicht),
        definitie({"soort": "b"}, np.nan, **dicht),
        definitie({"lengte": "9"}, np.nan, leest="0 of enkele van 44"),
    ]
    waarden = {"lengte": ("standaard", "2", "9"), "soort": ("standaard", "a", "b")}
    m = multiverse_table_.Multiverse(multiverse_(vrijgave, "aandeel_duo").maat, pd.DataFrame(rijen), waarden)
    assert m.told == ("lengte",)
    assert m.one_at_a_time
    assert m.share("lengte") == 1
    assert np.isnan(m.share("soort"))
    # Which of the two matters most cannot be said.
    assert "grootste verschil" not in flat_text(multiverse_table_.compared(m))
    assert list(multiverse_table_._not_compared(m)) == [
        f" Niet vergeleken: soort: a, soort: b ({reden}).",
        " Niet vergeleken: lengte: 9 (0 of enkele van 44).",
        " Over deze definities is hier geen conclusie te trekken.",
    ]
    assert list(multiverse_table_._spread_notes(m))[1] == (
        "Hier niets te zeggen over: soort. Geen andere waarde daarvan is getoond."
    )
    # With another that can be told there is something to choose from.
    meer = replace(m, rijen=pd.DataFrame([*rijen, definitie({"dag": "x"}, 3.1)]))
    meer = replace(meer, waarden={**waarden, "dag": ("standaard", "x")})
    assert "De keuze 'lengte' maakt daarin het grootste verschil" in flat_text(
        multiverse_table_.compared(meer)
    )


@pytest.mark.parametrize("huishoudens", [103, 400, 1400])
def test_the_command_says_what_it_cannot_tell_apart(tmp_path, huishoudens):
    pakket = make_example(tmp_path / "p", huishoudens=huishoudens, seed=2026)
    uit = CliRunner().invoke(app, ["multiversum", "overleg_te_groot", str(pakket)])
    assert uit.exit_code == 0, uit.output
    assert "onderdrukt" not in uit.output
    if huishoudens == 103:
        # None of the three has a number.
        assert "Minder dan twee definities hebben een getal om te vergelijken." in uit.output
    assert "Niet vergeleken: " in " ".join(uit.output.split())
    assert "Over deze definities is hier geen conclusie te trekken." in " ".join(uit.output.split())


def test_the_default_gives_way_to_no_other_value(openbaar):
    """A threshold of 25 differs from the standard in a few households: it is left out, not the standard."""
    alle = definities(openbaar, "overleg_te_groot")
    namen = [dict(r.variant.definitie or ()) for r in alle]
    standaard, laatste = (
        alle[namen.index(keuzes)].schattingen.drop(columns="getal_id") for keuzes in ({}, {"drempel": "25"})
    )
    gewoon = openbaar.bereken("overleg_te_groot", per="proeftuin_soort").schattingen
    gewoon = gewoon.drop(columns="getal_id")
    pd.testing.assert_frame_equal(standaard, gewoon)
    assert not standaard["onderdrukt"].any()
    assert laatste.loc[laatste["uitsplitsing"].eq(""), "onderdrukt"].all()


def test_which_definition_is_shown_does_not_hang_on_the_order_of_asking(voorbeeldpakket, openbare_vrijgave):
    opnieuw = Study.open(voorbeeldpakket)
    namen = [r.sleutel for r in openbare_vrijgave.resultaten]
    om = multiverse.factorial(opnieuw, "aandeel_duo")[::-1]
    andersom = {r.sleutel: r.schattingen for r in opnieuw.shown(*multiverse.run(opnieuw, "aandeel_duo", om))}
    assert list(andersom) == namen[::-1]
    for r in openbare_vrijgave.resultaten:
        pd.testing.assert_frame_equal(r.schattingen, andersom[r.sleutel])


def test_too_many_definitions_are_refused(studie, monkeypatch):
    monkeypatch.setattr(multiverse, "MOST", 3)
    with pytest.raises(GebruikFout, match="definities"):
        multiverse.factorial(studie, "aandeel_duo")


def test_short_windows_have_no_shorter_ones(studie):
    kort = replace(studie.pakket, venster=Venster(date(2025, 1, 1), date(2025, 5, 1)))
    assert multiverse.options(replace(studie, pakket=kort), "aandeel_duo")["venster"] == ("standaard",)


def test_leap_day_goes_back_to_the_28th():
    assert multiverse._years_back(date(2024, 2, 29), 1) == date(2023, 2, 28)


def test_figure_shows_every_definition_and_its_choices(vrijgave):
    m = multiverse_(vrijgave, "aandeel_duo")
    fig, zin, invloed = multiversum(vrijgave, "aandeel_duo").blokken
    assert fig.alt.startswith(
        "Specificatiecurve: aandeel met een duo (aandeel van de huishoudens) van proeftuinen"
    )
    assert len(fig.gegevens.rijen) == len(m.rijen)
    for keuze, waarden in m.waarden.items():
        assert fig.svg.count(f">{keuze.replace('_', ' ')}: ") == len(waarden)
    assert "Standaard: " in flat_text(zin.inhoud)
    assert sum(int(rij[4].tekst) for rij in invloed.rijen if rij[0].tekst == "venster") == len(m.getoond)


def test_shares_of_the_spread_are_those_of_an_analysis_of_variance(vrijgave):
    m = multiverse_(vrijgave, "aandeel_duo")
    y = m.getoond["schatting"].astype(float)
    for keuze in m.waarden:
        groepen = [deel for _, deel in y.groupby(m.values(keuze))]
        binnen = sum(((deel - deel.mean()) ** 2).sum() for deel in groepen)
        assert m.share(keuze) == pytest.approx(1 - binnen / ((y - y.mean()) ** 2).sum(), abs=1e-9)
        assert 0 <= m.share(keuze) <= 1


def test_shares_add_up_to_no_more_than_the_whole_when_no_definition_is_hidden(vrijgave):
    m = multiverse_(vrijgave, "aandeel_duo")
    alle = [dict(zip(m.waarden, deel, strict=True)) for deel in itertools.product(*m.waarden.values())]
    cijfers = np.random.default_rng(4).random(len(alle))
    vast = {"onderdrukt": False, "maat_eenheid": m.maat.eenheid}
    heel = replace(m, rijen=pd.DataFrame({"keuzes": alle, "schatting": cijfers, **vast}))
    delen = [heel.share(keuze) for keuze in m.waarden]
    assert 0 < sum(delen) <= 1 + 1e-9
    # A figure that hangs on one choice alone leaves nothing to the others.
    (keuze, waarden), *_ = m.waarden.items()
    een = [float(waarden.index(k[keuze])) for k in alle]
    heel = replace(heel, rijen=heel.rijen.assign(schatting=een))
    assert [heel.share(k) for k in m.waarden] == pytest.approx([1, *[0] * (len(m.waarden) - 1)], abs=1e-9)


def test_a_reasonable_value_that_is_the_default_is_not_run_twice(studie):
    assert multiverse.options(studie, "neveneffecten")["minimum"] == ("standaard", 0, 2)


def test_every_indicator_has_a_multiverse(studie):
    for naam in registry.all_indicators():
        assert 0 < len(multiverse.factorial(studie, naam)) <= multiverse.MOST


def test_one_definition_is_nothing_to_compare(studie):
    vrijgave = studie.bundel(*multiverse.run(studie, "aandeel_duo", [multiverse.Specification({})]))
    with pytest.raises(GebruikFout, match="geen definities te vergelijken"):
        multiversum(vrijgave, "aandeel_duo")


@pytest.mark.parametrize("intern", [False, True])
def test_command_writes_the_figure(voorbeeldpakket, tmp_path, intern):
    doel = tmp_path / "curve.svg"
    opdracht = ["multiversum", "doorlooptijd", str(voorbeeldpakket), "--uit", str(doel)]
    uit = CliRunner().invoke(app, [*opdracht, *(["--intern"] if intern else [])])
    assert uit.exit_code == 0
    assert "wat elke keuze uitmaakt" in uit.output
    assert (INSIDE_MARK in uit.output) == intern
    # What is exact never bears the name of a file that may go out.
    (geschreven,) = tmp_path.iterdir()
    assert geschreven.name == ("intern-curve.svg" if intern else "curve.svg")
    assert geschreven.read_text().startswith("<svg")


def test_without_two_definitions_to_compare_the_file_is_not_made_and_that_is_said(
    voorbeeldpakket, tmp_path, capsys, monkeypatch
):
    een = multiverse.factorial(Study.open(voorbeeldpakket, intern=True), "aandeel_duo")[:1]
    monkeypatch.setattr(multiverse, "factorial", lambda *_: een)
    doel = tmp_path / "mv.svg"
    multiversum_command("aandeel_duo", voorbeeldpakket, intern=True, uit=doel)
    tekst = capsys.readouterr().out
    assert "Hoeveel dit cijfer van de definitie afhangt, is daarom niet te zeggen." in tekst
    assert f"Geen figuur geschreven naar {doel}: minder dan twee definities" in tekst
    assert not list(tmp_path.rglob("*.svg"))
