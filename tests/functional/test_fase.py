"""The clock of the pilot: households before, or from, the start of their own proeftuin."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from openbaar_verslag import eigen_pakket

from toekomstscenario_eval.blocks import whose
from toekomstscenario_eval.blocks.by_phase import phases_table
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import breakdowns, phases, registry, teams
from toekomstscenario_eval.types import Venster

# What an indicator chooses by who is there it chooses for all sites at once: then one site by itself differs.
INDICATOREN = tuple(naam for naam in registry.all_indicators() if not naam.startswith("betrouwbare_"))
GETAL = ["maat", "schatting", "ondergrens", "bovengrens", "n", "teller", "noemer", "gecensureerd"]


@pytest.fixture(scope="module")
def studie(voorbeeldpakket):
    return Study.open(voorbeeldpakket, intern=True)


@pytest.fixture(scope="module")
def proeftuinen(studie):
    tabel = studie.pakket.tabellen["proeftuin"].select("naam", "soort", "start_datum").execute()
    return [
        (naam, soort, None if pd.isna(start) else pd.Timestamp(start).date())
        for naam, soort, start in tabel.itertuples(index=False)
    ]


def rijen(resultaat, per, groep):
    s = resultaat.schattingen
    deel = s[s["uitsplitsing"].eq(per) & s["groep"].eq(groep)]
    return deel[GETAL].reset_index(drop=True)


@pytest.mark.parametrize("fase", ["vanaf", "voor"])
@pytest.mark.parametrize("indicator", INDICATOREN)
def test_a_phase_is_a_window_of_the_site_itself(studie, proeftuinen, indicator, fase, monkeypatch):
    """Every site has what a window of its own gives; comparison regions have what the calendar gives."""
    # The design effect is that of all sites of a kind: in a phase, and in a window of one site for all.
    monkeypatch.setattr(teams, "told", lambda *_: None)
    if studie.missing(registry.find(indicator).card):
        pytest.skip("het voorbeeld levert dit niet")
    gekregen = studie.bereken(indicator, per="proeftuin", fase=fase)
    venster = studie.pakket.venster
    gezien = 0
    starts = sorted({start for _, _, start in proeftuinen if start})
    for start in (starts[0], starts[len(starts) // 2], starts[-1], None):
        eigen = venster
        if start:
            eigen = Venster(start, venster.eind) if fase == "vanaf" else Venster(venster.begin, start)
        los = studie.bereken(indicator, per="proeftuin", van=eigen.begin, tot=eigen.eind)
        for naam in [naam for naam, _, s in proeftuinen if s == start]:
            verwacht = rijen(los, "proeftuin", naam)
            pd.testing.assert_frame_equal(rijen(gekregen, "proeftuin", naam), verwacht)
            gezien += len(verwacht)
    assert len(starts) > 3
    assert gezien >= 4


@pytest.mark.parametrize("indicator", ["aandeel_duo", "duo_duur", "instroom_ots", "overleggrootte"])
def test_the_whole_is_the_proeftuinen_and_comparison_regions_stand_beside(studie, indicator):
    per = ("proeftuin_soort", "gezinsprofiel")
    fase, plat = studie.bereken(indicator, per=per, fase="vanaf"), studie.bereken(indicator, per=per)
    pd.testing.assert_frame_equal(rijen(fase, "", "totaal"), rijen(fase, "proeftuin_soort", "proeftuin"))
    naast = rijen(fase, "proeftuin_soort", "vergelijking")
    pd.testing.assert_frame_equal(naast, rijen(plat, "proeftuin_soort", "vergelijking"))
    # By a property of households comparison regions do not count.
    s = fase.schattingen
    maat = s["maat"].iloc[0]
    delen = s[s["uitsplitsing"].eq("gezinsprofiel") & s["maat"].eq(maat)]
    assert delen["n"].sum() == rijen(fase, "", "totaal")["n"].iloc[0]
    assert fase.sleutel == f"{indicator}[fase: vanaf]"


def test_who_counts_and_who_is_left_out_add_up(studie, proeftuinen):
    huishouden = studie.pakket.tabellen["huishouden"].execute()
    bij = studie.pakket.tabellen["proeftuin"].execute().set_index("proeftuin_id")
    soort = huishouden["proeftuin_id"].map(bij["soort"])
    start = pd.to_datetime(huishouden["proeftuin_id"].map(bij["start_datum"]))
    begin = pd.to_datetime(huishouden["begin"])
    eind = pd.to_datetime(huishouden["eind"]).fillna(pd.Timestamp("2100-01-01"))
    eigen = soort.eq("proeftuin")
    for fase, telt in (("vanaf", eigen & (eind > start)), ("voor", eigen & (begin < start))):
        r = studie.bereken("aandeel_duo", fase=fase)
        assert r.schattingen["n"].iloc[0] == telt.sum()
        assert r.uitsluitingen["aantal"].sum() == (eigen & ~telt).sum()
    # Who lived across the start counts in both.
    assert (eigen & (begin < start) & (eind > start)).any()


def test_scores_of_a_phase_are_those_on_one_instrument(tmp_path):
    """Scores on two instruments cannot be compared: what a site alone would choose does not count."""
    pakket = make_example(tmp_path / "p", huishoudens=400, seed=3)
    meting, huishouden = (
        pd.read_csv(pakket / f"{naam}.csv", dtype="str") for naam in ("meting", "huishouden")
    )
    daar = set(huishouden.loc[huishouden["proeftuin_id"].eq("pt02"), "huishouden_id"])
    anders = meting["huishouden_id"].isin(daar)
    assert 0 < anders.sum() < (~anders).sum()
    meting.loc[anders, "instrument"] = "een_andere_lijst"
    meting.to_csv(pakket / "meting.csv", index=False)
    studie = Study.open(pakket, intern=True)
    r = studie.bereken("uitkomsten", per="proeftuin", fase="vanaf")
    per = r.schattingen[r.schattingen["uitsplitsing"].eq("proeftuin")].groupby("groep")["n"].max()
    assert per["Vossenterp"] == 0
    assert per["Brinkerade"] > 0


def test_without_any_proeftuin_a_phase_has_comparison_regions_only(voorbeeldpakket, tmp_path):
    """Also of ties, that are listed and not added up."""
    alleen = Path(shutil.copytree(voorbeeldpakket, tmp_path / "alleen"))
    regio = pd.read_csv(alleen / "proeftuin.csv", dtype="str")
    regio.assign(soort="vergelijking", start_datum="").to_csv(alleen / "proeftuin.csv", index=False)
    studie = Study.of(open_package(alleen), (), load_policy("standaard"), intern=True)
    fase = studie.bereken("samenwerkingsnetwerk", per="proeftuin_soort", fase="vanaf")
    plat = studie.bereken("samenwerkingsnetwerk", per="proeftuin_soort")
    naast = rijen(fase, "proeftuin_soort", "vergelijking")
    assert len(naast)
    pd.testing.assert_frame_equal(naast, rijen(plat, "proeftuin_soort", "vergelijking"))


def test_before_the_start_proeftuinen_are_like_comparison_regions(studie):
    """The example is a world in which the way of working changes at the start."""
    voor, vanaf = (studie.bereken("aandeel_duo", fase=fase).schattingen.iloc[0] for fase in ("voor", "vanaf"))
    naast = rijen(
        studie.bereken("aandeel_duo", per="proeftuin_soort"), "proeftuin_soort", "vergelijking"
    ).iloc[0]
    assert voor["bovengrens"] < vanaf["ondergrens"]
    assert voor["bovengrens"] > naast["ondergrens"]
    assert voor["ondergrens"] < naast["bovengrens"]


def test_a_phase_that_does_not_exist(studie):
    with pytest.raises(GebruikFout, match="fase 'vanuit' bestaat niet"):
        studie.bereken("aandeel_duo", fase="vanuit")


def test_start_dates_that_are_all_empty_were_not_delivered(tmp_path):
    pakket = make_example(tmp_path / "p", huishoudens=60, seed=3)
    tabel = pd.read_csv(pakket / "proeftuin.csv", dtype="str").assign(start_datum="")
    tabel.to_csv(pakket / "proeftuin.csv", index=False)
    studie = Study.open(pakket, intern=True)
    with pytest.raises(GebruikFout, match="niet te onderscheiden") as fout:
        studie.bereken("aandeel_duo", fase="vanaf")
    assert "overal leeg: start_datum" in str(fout.value)
    assert {r.variant.fase for r in studie.computed_baseline()} == {""}


def test_years_of_a_phase_say_that_a_year_may_be_a_part_of_one(studie):
    r = studie.bereken("aandeel_duo", per="proeftuin_soort", periode="jaar", fase="vanaf")
    for per in ("", "proeftuin_soort"):
        assert any("begon, is in dat jaar maar een deel" in noot for noot in whose.notes(r, per))
    los = studie.bereken("aandeel_duo", per="proeftuin_soort", fase="vanaf")
    assert not any("maar een deel" in noot for noot in whose.notes(los, "proeftuin_soort"))
    zonder = replace(los, regios={"proeftuin": 11})
    assert "vergelijkingsregio" in " ".join(whose.notes(los, "proeftuin_soort"))
    assert "vergelijkingsregio" not in " ".join(whose.notes(zonder, "proeftuin_soort"))


# In public.


@pytest.fixture(scope="module")
def openbaar(tmp_path_factory):
    pakket, sleutel = eigen_pakket(tmp_path_factory.mktemp("fase"), huishoudens=400)
    return Study.open(pakket, sleutel=sleutel)


def test_in_public_comparison_regions_show_what_they_show_without_a_phase(openbaar):
    per = ("proeftuin", "proeftuin_soort")
    fase, plat = (
        openbaar.bereken("aandeel_ots", per=per, fase="vanaf"),
        openbaar.bereken("aandeel_ots", per=per),
    )
    for naam in per:
        naast = phases.beside(openbaar.pakket, naam)
        for welk in ("cellen", "plekken"):
            tabellen = [getattr(r.publiek[naam], welk) for r in (fase, plat)]
            deel, alles = (t[t["groep"].isin(naast)].reset_index(drop=True) for t in tabellen)
            pd.testing.assert_frame_equal(deel, alles)
            assert len(deel)
    # The whole is the group of proeftuinen: one set of households has one noise.
    een = fase.publiek[""].cellen.drop(columns="groep")
    groep = fase.publiek["proeftuin_soort"].cellen
    ander = groep[groep["groep"].eq("proeftuin")].drop(columns="groep")
    pd.testing.assert_frame_equal(een.reset_index(drop=True), ander.reset_index(drop=True))


def test_in_public_a_phase_is_a_choice_like_any_other(openbaar):
    with pytest.raises(GebruikFout, match="meer keuzes tegelijk"):
        openbaar.bereken("duo_duur", fase="vanaf", maximale_onderbreking=7)


def test_where_all_days_differ_from_the_phase_on_a_few_households_they_show_nothing(tmp_path):
    """Sites that began when three households had left: all days and those from the start differ on a few."""
    pakket, sleutel = eigen_pakket(tmp_path, huishoudens=400)
    pad = pakket / "proeftuin.csv"
    tabel = pd.read_csv(pad, dtype=str)
    huishouden = pd.read_csv(pakket / "huishouden.csv", dtype=str)
    eigen = huishouden["proeftuin_id"].isin(tabel.loc[tabel["soort"].eq("proeftuin"), "proeftuin_id"])
    begin = str(open_package(pakket).venster.begin)
    weg = huishouden.loc[eigen & huishouden["eind"].gt(begin), "eind"].sort_values().iloc[2]
    tabel.loc[tabel["soort"].eq("proeftuin"), "start_datum"] = weg
    tabel.to_csv(pad, index=False)
    exact = Study.open(pakket, intern=True)
    openbaar = Study.open(pakket, sleutel=sleutel)
    wat = registry.find("aandeel_duo")
    alle = {f: phases.unit_rows(exact.pakket, wat, _vraag(exact, wat), f).execute() for f in ("", "vanaf")}
    telt = {f: t[t["uitsluiting"].isna()].set_index("huishouden_id")["teller"] for f, t in alle.items()}
    groep = breakdowns.groups(exact.pakket, "proeftuin").execute().set_index("huishouden_id")["groep"]
    naast = phases.beside(exact.pakket, "proeftuin")
    anders = telt[""].compare(telt["vanaf"].reindex(telt[""].index)).index
    anders = [h for h in anders if groep[h] not in naast]
    assert 0 < len(anders) < 10
    per = ("proeftuin_soort", "proeftuin")
    kop, plat = (openbaar.bereken("aandeel_duo", per=per, fase=fase) for fase in ("vanaf", ""))
    redenen = {naam: p.plekken.set_index("groep")["reden"] for naam, p in plat.publiek.items()}
    raak = {groep[h] for h in anders} & {*redenen["proeftuin"].index}
    assert raak
    assert all("verschilt hier in minder dan" in redenen["proeftuin"][g] for g in raak)
    for naam, waar in (("", "totaal"), ("proeftuin_soort", "proeftuin")):
        assert "verschilt hier in minder dan" in redenen[naam][waar]
    assert redenen["proeftuin_soort"]["vergelijking"] == ""
    # The population that leads gives way to no other.
    for p in kop.publiek.values():
        assert not p.plekken["reden"].str.contains("verschilt hier").any()


def _vraag(studie, wat):
    return phases.Vraag(studie.pakket.venster, studie.pakket.peildatum, registry.fill_params(wat, {}))


def test_a_phase_that_is_not_shown_says_why_below_the_table(openbaar):
    """Before the start hardly any household of 400 has a duo: no median, and the reason."""
    r = openbaar.bereken("duo_duur", per="proeftuin_soort")
    fasen = (openbaar.bereken("duo_duur", per="proeftuin_soort", fase=fase) for fase in ("vanaf", "voor"))
    tabel = phases_table(openbaar.bundel(r, *fasen), "duo_duur")
    assert any(cel.onderdrukt for rij in tabel.rijen for cel in rij)
    (reden,) = [noot for noot in tabel.noten if noot.startswith("Niet getoond: ")]
    assert len(reden) > len("Niet getoond: .")


# A start date that changes.


def verzet(pakket, naam: str, dag: str) -> None:
    """Give a site another start."""
    pad = pakket / "proeftuin.csv"
    tabel = pd.read_csv(pad, dtype=str)
    tabel.loc[tabel["naam"].eq(naam), "start_datum"] = dag
    tabel.to_csv(pad, index=False)


def gevraagd(pakket, sleutel):
    """Return what is public of a phase and of all days, and the register."""
    s = Study.open(pakket, sleutel=sleutel)
    found = {f: s.bereken("professionals_per_huishouden", per="proeftuin", fase=f) for f in ("vanaf", "")}
    return found, s.passage.register


def getoond(r, per: str, groep: str):
    deel = [t[t["groep"].eq(groep)] for t in (r.publiek[per].cellen, r.publiek[per].plekken)]
    return deel[0].drop(columns="groep").to_dict("list"), deel[1]["reden"].item()


def test_another_start_counts_as_a_draw_until_there_are_none_left(tmp_path):
    pakket, sleutel = eigen_pakket(tmp_path, huishoudens=400)
    tabel = pd.read_csv(pakket / "proeftuin.csv", dtype=str).set_index("naam")["start_datum"].dropna()
    naam, ander = tabel.index[0], tabel.index[-1]
    geheel, eigen, elders = ("", "totaal"), ("proeftuin", naam), ("proeftuin", ander)
    eerst, boek = gevraagd(pakket, sleutel)
    nog_eens, _ = gevraagd(pakket, sleutel)
    assert [len(boek.draws(plek)) for plek in (geheel, eigen, elders)] == [1, 1, 1]
    assert boek.draws(eigen)[0].start == (f"{naam}={tabel[naam]}",)
    assert len(boek.draws(geheel)[0].start) == len(tabel)
    for plek in (geheel, eigen):
        assert getoond(nog_eens["vanaf"], *plek) == getoond(eerst["vanaf"], *plek)

    for trekking, dag in enumerate(("2024-09-01", "2025-03-01"), start=2):
        verzet(pakket, naam, dag)
        nu, boek = gevraagd(pakket, sleutel)
        assert [len(boek.draws(plek)) for plek in (geheel, eigen, elders)] == [trekking, trekking, 1]
        assert boek.draws(eigen)[-1].start == (f"{naam}={dag}",)
        assert getoond(nu["vanaf"], *eigen)[1] == ""
        assert getoond(nu["vanaf"], *eigen) != getoond(eerst["vanaf"], *eigen)
        # Another site, of which nothing changed, shows what it showed.
        for fase in ("vanaf", ""):
            assert getoond(nu[fase], *elders) == getoond(eerst[fase], *elders)

    verzet(pakket, naam, "2025-06-01")
    op, boek = gevraagd(pakket, sleutel)
    assert [len(boek.draws(plek)) for plek in (geheel, eigen, elders)] == [3, 3, 1]
    for plek in (geheel, eigen):
        cellen, reden = getoond(op["vanaf"], *plek)
        assert cellen["n"] == []
        assert reden.startswith("een startdatum is veranderd")
        # All days have nothing to do with it.
        assert getoond(op[""], *plek) == getoond(nu[""], *plek)
    assert getoond(op["vanaf"], *elders) == getoond(eerst["vanaf"], *elders)

    verzet(pakket, naam, "2025-03-01")
    terug, _ = gevraagd(pakket, sleutel)
    assert getoond(terug["vanaf"], *eigen) == getoond(nu["vanaf"], *eigen)
