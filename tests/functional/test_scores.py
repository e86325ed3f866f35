"""Scores from package to figure, against the same numbers by pandas on the raw files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.sentence import sentence
from toekomstscenario_eval.blocks.table import overview_table
from toekomstscenario_eval.document.document import flat_text
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.summaries.engine import summarise

REEKS = ["huishouden_id", "persoon_id", "informant"]


@pytest.fixture(scope="module")
def studie(voorbeeldpakket) -> Study:
    return Study.open(voorbeeldpakket, intern=True)


@pytest.fixture(scope="module")
def meting(voorbeeldpakket, studie) -> pd.DataFrame:
    m = pd.read_csv(voorbeeldpakket / "meting.csv", dtype={"persoon_id": str, "huishouden_id": str})
    v = studie.pakket.venster
    m = m[
        m["datum"].ge(v.begin.isoformat()) & m["datum"].lt(min(v.eind, studie.pakket.peildatum).isoformat())
    ]
    return m.fillna({"persoon_id": ""})


@pytest.fixture(scope="module")
def vrijgave(studie):
    return studie.bundel(
        studie.bereken("uitkomsten"),
        studie.bereken("uitkomsten", periode="jaar"),
        studie.bereken("uitkomsten", schaal="rust", per="proeftuin_soort"),
        studie.bereken("schaalbetrouwbaarheid"),
        studie.bereken("overeenstemming_informanten"),
        studie.bereken("overeenstemming_informanten", van="2001-01-01", tot="2001-02-01"),
        studie.bereken("uitkomsten", van="2001-01-01", tot="2001-02-01"),
    )


def verandering(meting, schaal):
    per = meting[meting["schaal"].eq(schaal)].groupby([*REEKS, "datum"])["waarde"].agg(["mean", "count"])
    # A score from part of its four items is none.
    assert per["count"].lt(4).any()
    per = per.loc[per["count"].eq(4), "mean"].rename("waarde").reset_index()
    reeks = per.groupby(REEKS)["waarde"].agg(["first", "last", "count"])
    return reeks[reeks["count"].ge(2)].groupby("huishouden_id")[["first", "last"]].mean()


def eerste_items(meting, schaal):
    deel = meting[meting["schaal"].eq(schaal)]
    wijd = deel.pivot_table(index=[*REEKS, "datum"], columns="item", values="waarde").reset_index()
    per = wijd.sort_values(["datum", "persoon_id", "informant"]).groupby("huishouden_id").nth(0)
    return per[["i1", "i2", "i3", "i4"]].dropna()


def geheel(resultaat):
    return resultaat.schattingen.set_index("maat")


@pytest.mark.parametrize("schaal", ["veiligheid", "ontwikkeling"])
def test_change_is_that_of_pandas(studie, meting, schaal):
    r = studie.bereken("uitkomsten", schaal=schaal)
    paren, uit = verandering(meting, schaal), geheel(r)
    d = paren["last"] - paren["first"]
    assert uit["n"].unique().tolist() == [len(paren)]
    assert uit.loc["verschil", "schatting"] == pytest.approx(d.mean(), abs=1e-6)
    assert uit.loc["gemiddelde_voor", "schatting"] == pytest.approx(paren["first"].mean(), abs=1e-6)
    assert uit.loc["gemiddelde", "schatting"] == pytest.approx(paren["last"].mean(), abs=1e-6)
    assert uit.loc["standaardafwijking", "schatting"] == pytest.approx(paren["last"].std(), abs=1e-6)
    # Everybody is somewhere: in the mean, or among the excluded with a reason.
    alle = studie.pakket.tabellen["huishouden"].count().execute()
    assert len(paren) + r.uitsluitingen["aantal"].sum() == alle


@pytest.mark.parametrize("per", ["proeftuin", "gezinsprofiel"])
@pytest.mark.parametrize("indicator", ["uitkomsten", "schaalbetrouwbaarheid", "neveneffecten"])
def test_groups_add_up_to_the_whole(studie, indicator, per):
    r = studie.bereken(indicator, per=per)
    eerste = r.schattingen[r.schattingen["maat"].eq(next(iter(r.card.maten)))]
    delen, alles = (eerste[eerste["uitsplitsing"].eq(u)][["n", "noemer"]].sum() for u in (per, ""))
    assert delen.tolist() == alles.tolist()
    assert alles["n"] > 0
    wat = registry.find(indicator)
    venster, params = studie.pakket.venster, registry.fill_params(wat, {})
    uit = summarise(studie.pakket, wat, params=params, venster=venster, per=(per,)).uitsluitingen
    weg = uit.groupby(["uitsplitsing", "reden"])["aantal"].sum().unstack(0)
    assert weg[""].tolist() == weg[per].tolist()


def test_reliability_is_that_of_pandas(studie, meting):
    uit, x = geheel(studie.bereken("schaalbetrouwbaarheid")), eerste_items(meting, "veiligheid")
    alfa = 4 / 3 * (1 - x.var().sum() / x.sum(axis=1).var())
    fout = x.mean(axis=1).std() * np.sqrt(1 - alfa)
    assert uit["n"].unique().tolist() == [len(x)]
    assert uit.loc["alfa", "schatting"] == pytest.approx(alfa, abs=1e-9)
    assert uit.loc["meetfout", "schatting"] == pytest.approx(fout, abs=1e-9)
    assert 0.6 < uit.loc["omega", "schatting"] < 1


@pytest.mark.parametrize(
    ("indicator", "teken"), [("betrouwbare_verbetering", 1), ("betrouwbare_verslechtering", -1)]
)
def test_reliable_change_uses_the_error_that_is_shown(studie, meting, indicator, teken):
    grens = geheel(studie.bereken("schaalbetrouwbaarheid")).loc["grens", "schatting"]
    paren = verandering(meting, "veiligheid")
    uit = geheel(studie.bereken(indicator)).loc["aandeel"]
    assert uit["teller"] == (teken * (paren["last"] - paren["first"]) > grens).sum()
    assert uit["noemer"] == len(paren)
    assert 0 < uit["teller"] < uit["noemer"]


def test_side_effects_are_those_of_pandas(studie, meting):
    delen = {}
    for schaal in ("veiligheid", "bestaanszekerheid", "ontwikkeling"):
        paren = verandering(meting, schaal)
        delen[schaal] = (paren["last"] - paren["first"]).round(6)
    d = pd.DataFrame(delen).dropna()
    uit = geheel(studie.bereken("neveneffecten")).loc["aandeel"]
    assert uit["teller"] == ((d.max(axis=1) > 1) & (d.min(axis=1) < -1)).sum()
    assert uit["noemer"] == len(d)


def test_figure_of_a_score_shows_both_moments(vrijgave):
    f = figure(vrijgave, "uitkomsten")
    assert f.svg.startswith("<svg")
    assert [rij[0].tekst for rij in f.gegevens.rijen] == [
        "Gemiddelde bij de eerste meting",
        "Gemiddelde bij de laatste meting",
    ]
    assert "Laagste: Gemiddelde bij de eerste meting met 5," in f.alt
    assert len(overview_table(vrijgave, "uitkomsten").rijen) == 5


def test_figure_of_reliability_shows_both_coefficients(vrijgave):
    f = figure(vrijgave, "schaalbetrouwbaarheid")
    assert [rij[0].tekst for rij in f.gegevens.rijen] == ["Cronbachs alfa", "McDonalds omega (één factor)"]


@pytest.mark.parametrize(
    "opties", [{"per": "proeftuin_soort"}, {"per": "proeftuin_soort", "maat": "gemiddelde"}]
)
def test_figure_by_group(vrijgave, opties):
    f = figure(vrijgave, "uitkomsten[schaal=rust]", **opties)
    assert [rij[0].tekst for rij in f.gegevens.rijen] == ["Proeftuin", "Vergelijkingsregio"]


def test_figure_by_year(vrijgave):
    f = figure(vrijgave, "uitkomsten[per jaar]")
    assert f.bijschrift == (
        "Gemiddelde verandering per periode, met 95%-interval. Over: alle regio's samen, alle dagen"
    )


def test_parent_and_professional_agree_somewhat(studie, vrijgave):
    r = studie.bereken("overeenstemming_informanten").schattingen.iloc[0]
    assert 0.4 < r["ondergrens"] < r["schatting"] < r["bovengrens"] < 0.9
    assert r["n"] > 100
    assert figure(vrijgave, "overeenstemming_informanten").svg.startswith("<svg")


@pytest.mark.parametrize(
    "sleutel",
    ["overeenstemming_informanten[2001-01-01/2001-02-01]", "uitkomsten[2001-01-01/2001-02-01]"],
)
def test_nothing_measured_says_so(vrijgave, sleutel):
    assert figure(vrijgave, sleutel).svg.startswith("<svg")
    assert "niet te bepalen (niet te schatten: geen eenheden in de noemer)" in flat_text(
        sentence(vrijgave, sleutel).inhoud
    )


def test_warning_goes_with_every_score(studie):
    for naam in ("uitkomsten", "betrouwbare_verbetering", "betrouwbare_verslechtering", "neveneffecten",
                 "schaalbetrouwbaarheid", "overeenstemming_informanten"):  # fmt: skip
        lezen = studie.bereken(naam, van="2001-01-01", tot="2001-01-02").card.lezen
        assert "kan een teken van vertrouwen zijn" in lezen
        assert "om van te leren" in lezen
