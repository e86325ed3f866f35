"""Groups, periods and summaries: what is counted where, and that nothing is lost between."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from tests.data.conftest import write_package
from toekomstscenario_eval.data import package
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.long_tables import REEKS, SCHATTING, UITSLUITING
from toekomstscenario_eval.periods import left_out, split_periods
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.summaries.breakdowns import group_fields
from toekomstscenario_eval.summaries.engine import summarise
from toekomstscenario_eval.types import Venster

SOM = ["n", "teller", "noemer"]


@pytest.fixture(scope="module")
def studie(voorbeeldpakket) -> Study:
    return Study.open(voorbeeldpakket, intern=True)


def test_periods_are_whole_calendar_parts():
    venster = Venster(date(2024, 1, 1), date(2026, 7, 1))
    assert list(split_periods(venster, "jaar")) == ["2024", "2025"]
    halfjaren = split_periods(Venster(date(2024, 3, 1), date(2025, 7, 1)), "halfjaar")
    assert list(halfjaren) == ["2024-H2", "2025-H1"]
    with pytest.raises(GebruikFout, match="geen heel kalenderkwartaal"):
        split_periods(Venster(date(2024, 11, 1), date(2025, 2, 1)), "kwartaal")
    assert split_periods(venster, None) == {"": venster}


@pytest.mark.parametrize("periode", ["jaar", "halfjaar", "kwartaal"])
def test_periods_and_what_is_left_out_tile_the_window(periode):
    venster = Venster(date(2023, 2, 14), date(2026, 6, 30))
    heel = split_periods(venster, periode)
    weg = left_out(venster, periode, heel)
    assert len(weg) == 2
    delen = sorted([*heel.values(), *weg])
    assert delen[0].begin == venster.begin
    assert delen[-1].eind == venster.eind
    assert [d.eind for d in delen[:-1]] == [d.begin for d in delen[1:]]


def test_every_field_of_household_and_site_can_split():
    assert {"proeftuin", "proeftuin_soort", "proeftuin_tranche", "gezinsprofiel", "reden_einde"} <= set(
        group_fields()
    )
    assert not [v for v in group_fields() if v.endswith(("_id", "begin", "eind", "datum"))]


@pytest.mark.parametrize("indicator", ["aandeel_duo", "aandeel_ots", "duo_duur"])
@pytest.mark.parametrize("per", ["proeftuin", "gezinsprofiel"])
def test_groups_add_up_to_the_whole(studie, indicator, per):
    r = studie.bereken(indicator, per=per)
    eerste = r.schattingen[r.schattingen["maat"].eq(r.schattingen["maat"].iloc[0])]
    geheel = eerste[eerste["uitsplitsing"].eq("")]
    assert geheel["groep"].tolist() == [TOTAAL]
    delen = eerste[eerste["uitsplitsing"].eq(per)]
    assert delen[SOM].sum().tolist() == geheel[SOM].iloc[0].tolist()
    wat = registry.find(indicator)
    venster, params = studie.pakket.venster, registry.fill_params(wat, {})
    alle = summarise(studie.pakket, wat, params=params, venster=venster, per=(per,)).uitsluitingen
    weg = alle.groupby(["uitsplitsing", "reden"])["aantal"].sum().unstack(0)
    assert len(weg) or indicator == "aandeel_duo"
    if len(weg):
        assert weg[""].tolist() == weg[per].tolist()


@pytest.mark.parametrize("intern", [True, False])
def test_result_columns_do_not_depend_on_arguments_or_on_who_may_see_it(voorbeeldpakket, intern):
    studie = Study.open(voorbeeldpakket, intern=intern)
    for opties in ({}, {"per": "proeftuin"}, {"periode": "jaar"}, {"per": ("proeftuin", "proeftuin_soort")}):
        r = studie.bereken("aandeel_ots", **opties)
        assert tuple(r.schattingen.columns) == (*SCHATTING, "onderdrukt", "getal_id")
        assert tuple(r.reeksen.columns) == (*REEKS, "onderdrukt", "getal_id")
        assert tuple(r.uitsluitingen.columns) == (*UITSLUITING, "weergave", "onderdrukt", "getal_id")


def test_strata_name_the_coarser_group(studie):
    r = studie.bereken("aandeel_duo", per=("proeftuin", "proeftuin_soort"))
    fijn = r.schattingen[r.schattingen["uitsplitsing"].eq("proeftuin")]
    assert set(fijn["stratum"]) == {"proeftuin", "vergelijking"}
    assert studie.bereken("aandeel_duo", per="proeftuin").schattingen["stratum"].eq("").all()


def test_a_window_of_ones_own_has_its_own_name(studie):
    heel = studie.bereken("aandeel_duo")
    deel = studie.bereken("aandeel_duo", van="2025-01-01", tot="2026-01-01")
    assert heel.sleutel == "aandeel_duo"
    assert deel.sleutel == "aandeel_duo[2025-01-01/2026-01-01]"
    assert len(studie.bundel(heel, deel).resultaten) == 2


def test_events_of_successive_years_add_up(studie):
    """An end on the edge of a window counts once: every end of a duo falls in exactly one year."""
    heel = studie.bereken("duo_duur").schattingen
    jaren = studie.bereken("duo_duur", periode="jaar").schattingen
    assert (
        jaren[jaren["maat"].eq("mediaan")]["teller"].sum()
        == heel[heel["maat"].eq("mediaan")]["teller"].iloc[0]
    )


def test_a_shared_step_is_worked_out_once_and_changes_nothing(voorbeeldpakket):
    samen = Study.open(voorbeeldpakket, intern=True)
    samen.bereken("duo_duur")
    stappen = set(samen.pakket.stappen)
    assert stappen
    bewaard = samen.bereken("aandeel_duo", per="proeftuin")
    assert set(samen.pakket.stappen) == stappen
    vers = Study.open(voorbeeldpakket, intern=True).bereken("aandeel_duo", per="proeftuin")
    pd.testing.assert_frame_equal(bewaard.schattingen, vers.schattingen)


def test_steps_do_not_pile_up(voorbeeldpakket, monkeypatch):
    studie = Study.open(voorbeeldpakket, intern=True)
    monkeypatch.setattr(package, "_CELLS", 5_000)
    for dagen in range(6):
        studie.bereken("aandeel_duo", maximale_onderbreking=dagen)
    bewaard = studie.pakket.stappen
    assert len(bewaard) == 1 or sum(n for _, n in bewaard.values()) <= 5_000
    tijdelijk = studie.pakket.con.raw_sql("SELECT count(*) FROM duckdb_tables() WHERE temporary")
    assert tijdelijk.fetchall()[0][0] < 6


def test_a_small_step_outlives_a_large_one(voorbeeldpakket, monkeypatch):
    pakket = Study.open(voorbeeldpakket, intern=True).pakket
    huishouden = pakket.tabellen["huishouden"]
    klein = pakket.once(huishouden.aggregate(n=huishouden.count()))
    groot = huishouden.select("huishouden_id")
    pakket.once(groot)
    monkeypatch.setattr(package, "_CELLS", int(huishouden.count().execute()) * 3 // 2)
    pakket.once(huishouden.select("begin"))
    namen = set(pakket.stappen)
    assert klein.op().name in namen
    assert len(namen) == 2


def test_a_listed_kind_names_only_groups_that_occur(studie):
    """Ties are listed with their group: all of them once per breakdown, none under an absent name."""
    wat = registry.find("samenwerkingsnetwerk")
    delen = summarise(studie.pakket, wat, params={}, venster=studie.pakket.venster, per=("gezinsprofiel",))
    heel, per = delen.totaal.gegevens, delen.per["gezinsprofiel"].gegevens
    assert set(heel["groep"].cat.categories) == {TOTAAL}
    assert set(per["groep"].cat.categories) == set(per["groep"])
    assert len(per) == len(heel)
    assert per.groupby("groep")["huishouden"].nunique().sum() == heel["huishouden"].nunique()
    dubbel = heel.duplicated(["huishouden", "actor", "organisatie"])
    assert not dubbel.any()


def test_forgetting_changes_nothing(voorbeeldpakket):
    studie = Study.open(voorbeeldpakket, intern=True)
    voor = studie.bereken("duo_duur", per="proeftuin")
    studie.pakket.forget()
    assert not studie.pakket.stappen
    na = studie.bereken("duo_duur", per="proeftuin")
    pd.testing.assert_frame_equal(voor.schattingen, na.schattingen)


def test_a_result_by_itself_shows_no_number_and_says_who_may_see_it(studie, voorbeeldpakket):
    assert repr(studie.bereken("aandeel_duo")) == "<Resultaat aandeel_duo (intern)>"
    openbaar = Study.open(voorbeeldpakket)
    assert repr(openbaar.bereken("aandeel_duo")) == "<Resultaat aandeel_duo (openbaar)>"
    zonder = replace(openbaar.bereken("uitkomsten"), reden_nvt="geen scores")
    assert repr(zonder) == "<Resultaat uitkomsten (niet van toepassing: geen scores)>"


def test_unknown_group(studie):
    with pytest.raises(GebruikFout, match="Bedoelt u 'gezinsprofiel'"):
        studie.bereken("aandeel_duo", per="gezinsprofil")


def test_zero_and_unknown_groups_are_shown(studie):
    r = studie.bereken("aandeel_duo", per="gezinsprofiel")
    assert "onbekend" in set(r.schattingen["groep"])


def test_whole_against_pandas(studie, voorbeeldpakket):
    """An independent route: plain pandas, written apart."""
    lees = {
        n: pd.read_csv(voorbeeldpakket / f"{n}.csv", dtype=str)
        for n in ("huishouden", "betrokkenheid", "organisatie")
    }
    grens, start = studie.pakket.venster.eind.isoformat(), studie.pakket.venster.begin.isoformat()
    h = lees["huishouden"].assign(eind=lambda d: d["eind"].fillna(grens).clip(upper=grens))
    h = h.assign(begin=h["begin"].clip(lower=start))
    h = h[h["begin"] < h["eind"]]
    b = lees["betrokkenheid"].merge(lees["organisatie"][["organisatie_id", "soort"]]).fillna({"eind": grens})
    b = b.merge(h[["huishouden_id", "begin", "eind"]], on="huishouden_id", suffixes=("", "_h"))
    b["van"], b["tot"] = b[["begin", "begin_h"]].max(axis=1), b[["eind", "eind_h"]].min(axis=1)
    b = b[b["van"] < b["tot"]]
    paar = b[b["soort"].eq("lokaal_team")].merge(
        b[b["soort"].eq("regionaal_veiligheidsteam")], on="huishouden_id"
    )
    samen = paar[paar[["van_x", "van_y"]].max(axis=1) < paar[["tot_x", "tot_y"]].min(axis=1)]
    rij = studie.bereken("aandeel_duo").schattingen.iloc[0]
    assert (rij["teller"], rij["noemer"]) == (samen["huishouden_id"].nunique(), len(h))
    hoeveel = studie.bereken("professionals_per_huishouden").schattingen.iloc[0]
    assert hoeveel["teller"] == len(b[["huishouden_id", "professional_id"]].drop_duplicates())


@pytest.fixture
def drie_huishoudens(tmp_path) -> Study:
    """h1 has two duos and h2 one; in the other region h3 has two, and is still one household."""
    rvt = {"h1": ("2023-03-01", "2023-05-01"), "h2": ("2023-03-01",), "h3": ("2023-03-01", "2023-05-01")}
    betrokken = [(h, "a", "lt", "lid", "2023-02-01", "") for h in rvt]
    betrokken += [(h, "b", "rvt", "lid", dag, dag[:8] + "20") for h, dagen in rvt.items() for dag in dagen]
    kop = "betrokkenheid_id | huishouden_id | professional_id | organisatie_id | rol | begin | eind"
    map_ = write_package(
        tmp_path / "pakket",
        {
            "proeftuin": "proeftuin_id | naam | regio | soort | start_datum | tranche\n"
            "p1 | Noord | R1 | proeftuin | 2022-01-01 | 1\np2 | Zuid | R2 | proeftuin | 2022-01-01 | 1",
            "huishouden": "huishouden_id | proeftuin_id | begin | eind | reden_einde | gezinsprofiel\n"
            + "\n".join(f"{h} | {p} | 2023-02-01" for h, p in (("h1", "p1"), ("h2", "p1"), ("h3", "p2"))),
            "organisatie": "organisatie_id | soort\nlt | lokaal_team\nrvt | regionaal_veiligheidsteam",
            "betrokkenheid": "\n".join([kop, *(f"b{i} | {' | '.join(b)}" for i, b in enumerate(betrokken))]),
        },
    )
    return Study.open(map_, intern=True)


def test_households_count_once_whatever_their_number_of_units(drie_huishoudens):
    uit = drie_huishoudens.bereken("duo_duur", per="proeftuin").schattingen
    rijen = uit[uit["maat"].eq("mediaan")].set_index("groep")
    assert rijen["noemer"].to_dict() == {TOTAAL: 5, "Noord": 3, "Zuid": 2}
    assert rijen["n"].to_dict() == {TOTAAL: 3, "Noord": 2, "Zuid": 1}
    # One household alone would show its own values.
    assert rijen.loc["Zuid", "methode"] == "niet te schatten: te weinig huishoudens"
    assert rijen.loc[TOTAAL, "schatting"] == 19


def test_households_count_once_whatever_their_number_of_professionals(drie_huishoudens):
    (wie,) = [f for f in drie_huishoudens.feiten() if f.indicator == "huishoudens_per_soort_organisatie"]
    tel = wie.schattingen.set_index("groep")["schatting"]
    assert tel["lokaal_team"] == tel["regionaal_veiligheidsteam"] == 3
    assert tel["veilig_thuis"] == 0
