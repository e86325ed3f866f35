"""Faults once seen in exact figures, each on a small package, and the same fault in another place."""

from __future__ import annotations

import json
import shutil

import pytest
from definities import BETROKKEN, HUISHOUDENS, MAATREGEL, bevinding, rij, schrijf, studie, weg

from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.standing import RowCount
from toekomstscenario_eval.errors import ControleFout, InvoerFout
from toekomstscenario_eval.estimators.networks import network_results
from toekomstscenario_eval.second_route import headlines
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import ties
from toekomstscenario_eval.summaries.tie_cells import Counting, organisations

OPEN_EN_DICHT = BETROKKEN + (
    "b1,h1,p1,lt,vast_gezicht,2024-02-01,,\nb2,h1,p1,lt,vast_gezicht,2024-02-01,2024-05-01,afgerond\n"
    "b3,h1,p3,rvt,lid,2024-02-01,,\n"
)


def again(s: Study, indicator: str) -> float:
    """Return the first figure of an indicator that the second route comes to."""
    p = s.pakket
    files = {naam: p.map / b.pad for naam, b in p.bestanden.items()}
    found = headlines.recompute(files, begin=p.venster.begin, limit=p.venster.eind, known=p.peildatum)
    return next(w.waarde for spot, w in found.items() if spot.indicator == indicator)


# The same spell without and with its end


def test_of_a_spell_delivered_open_and_closed_the_closed_one_counts(tmp_path):
    s = studie(tmp_path, {"betrokkenheid": OPEN_EN_DICHT})
    assert bevinding(s, "open_en_gesloten") == [("betrokkenheid", 1, (1,))]
    duo = rij(s.bereken("duo_duur"))
    assert (duo["teller"], duo["noemer"], duo["gecensureerd"]) == (1, 1, 0)
    assert duo["schatting"] != duo["schatting"]  # one household is too few
    assert rij(s.bereken("vast_gezicht"))["teller"] == 90
    # Ninety days side by side, in the network too.
    (samen,) = ties.together(s.pakket, s.pakket.venster, "organisatie").itertuples()
    assert (samen.dagen, samen.kortste) == (90, 90)


def test_of_measures_and_steps_too(tmp_path):
    maatregelen = MAATREGEL + (
        "m1,k1,11,2024-02-01,2024-05-01,02,gi1\nm2,k1,11,2024-02-01,,,gi1\n"  # the same
        "m3,k2,11,2024-02-01,2024-05-01,OV,gi1\nm4,k2,11,2024-02-01,,,gi2\n"  # another institution
        "m5,k3,11,2024-02-01,,,gi1\n"
    )
    stappen = "ketenstap_id,huishouden_id,stap,begin,eind\n" + (
        "s1,h1,zitting,2024-02-01,\ns2,h1,zitting,2024-02-01,2024-03-02\ns3,h2,zitting,2024-02-01,\n"
        "s4,h3,zitting,2024-02-01,2024-02-01\ns5,h3,zitting,2024-02-01,\n"
    )
    s = studie(tmp_path, {"maatregel": maatregelen, "ketenstap": stappen})
    assert bevinding(s, "open_en_gesloten") == [("maatregel", 1, (2,)), ("ketenstap", 2, (1, 5))]
    duur = rij(s.bereken("duur_ots"), "gemiddelde_beperkt")
    assert (duur["teller"], duur["noemer"], duur["gecensureerd"]) == (1, 3, 2)
    assert rij(s.bereken("aandeel_ots"))["teller"] == 2
    assert again(s, "aandeel_ots") == pytest.approx(2 / HUISHOUDENS)
    wacht = rij(s.bereken("doorlooptijd", **{"stap": "zitting"}))
    assert (wacht["teller"], wacht["noemer"]) == (2, 3)
    telling = checks.row_counts(s.pakket)
    assert telling["maatregel"] == RowCount(5, 0, 1, 0, 4)
    assert telling["ketenstap"] == RowCount(5, 0, 2, 0, 3)


def test_a_spell_of_no_days_takes_the_place_of_nothing(tmp_path):
    b = OPEN_EN_DICHT.replace("2024-05-01", "2024-02-01")
    s = studie(tmp_path, {"betrokkenheid": b})
    assert bevinding(s, "open_en_gesloten") == []
    assert rij(s.bereken("vast_gezicht"))["teller"] == 335
    assert checks.row_counts(s.pakket)["betrokkenheid"] == RowCount(3, 0, 0, 1, 2)


def test_what_became_of_every_line_adds_up(tmp_path):
    b = OPEN_EN_DICHT + "b4,h2,p1,lt,lid,2024-03-01,2024-03-01,\nb5,h2\n"
    p = open_package(schrijf(tmp_path, {"betrokkenheid": b}))
    (telling,) = [f["telling"] for f in checks.as_json(p, ())["bestanden"] if f["tabel"] == "betrokkenheid"]
    assert telling == {"geleverd": 5, "geweigerd": 1, "vervallen": 1, "uitgesloten": 1, "gebruikt": 2}
    for naam, telling in checks.row_counts(p).items():
        delen = telling.used + telling.superseded + telling.excluded + telling.refused
        assert telling.delivered == delen, naam


def test_both_ends_before_the_day_of_the_cut_or_after_it_stand(tmp_path):
    """What takes the place of what follows from the delivery, not from what the epoch knows of it."""
    b = BETROKKEN + "b1,h1,p1,lt,lid,2024-02-01,2024-03-01,\nb2,h1,p1,lt,lid,2024-02-01,2024-11-01,\n"
    p = open_package(schrijf(tmp_path, {"betrokkenheid": b}))
    assert p.superseded == {}
    assert p.records["betrokkenheid"].count().execute() == 2


# Transfers


@pytest.mark.parametrize("verder", ["2024-03-02", "2024-03-04", "2024-03-08"])
def test_a_transfer_is_no_new_measure(tmp_path, verder):
    m = MAATREGEL + f"m1,k1,11,2024-02-01,2024-03-01,OV,gi1\nm2,k1,11,{verder},2024-06-01,02,gi2\n"
    s = studie(tmp_path, {"maatregel": m})
    assert bevinding(s, "overdracht_zonder_vervolg") == []
    assert rij(s.bereken("instroom_ots"))["teller"] == 1
    duur = rij(s.bereken("duur_ots"), "gemiddelde_beperkt")
    assert (duur["teller"], duur["noemer"], duur["gecensureerd"]) == (1, 1, 0)
    herhaald = rij(s.bereken("herhaald_beroep"))
    assert (herhaald["teller"], herhaald["noemer"]) == (0, 1)
    los = s.bereken("instroom_ots", **{"maximale_onderbreking": 1})
    assert rij(los)["teller"] == (1 if verder == "2024-03-02" else 2)


@pytest.mark.parametrize(
    ("soort", "indicator"), [("11", "ots"), ("UH", "uithuisplaatsing"), ("21", "voogdij")]
)
def test_between_a_transfer_and_its_sequel_a_measure_runs(tmp_path, soort, indicator):
    """In a stand as in a duration; not after another end, without a sequel, or after too many days."""
    m = MAATREGEL + (
        f"m1,k1,{soort},2024-02-01,2024-12-30,OV,gi1\nm2,k1,{soort},2025-01-03,,,gi2\n"
        f"m3,k2,{soort},2024-02-01,2024-12-30,UO,gi1\nm4,k2,{soort},2025-01-03,,,gi2\n"
        f"m5,k3,{soort},2024-02-01,2024-12-30,OV,gi1\n"
        f"m6,k4,{soort},2024-02-01,2024-12-30,OV,gi1\nm7,k4,{soort},2025-01-07,,,gi2\n"
    )
    s = studie(tmp_path, {"maatregel": m}, peildatum="2025-02-01")
    assert bevinding(s, "overdracht_zonder_vervolg") == [("maatregel", 2, (5, 6))]
    naam = f"aandeel_{indicator}"
    assert rij(s.bereken(naam))["teller"] == 1
    assert rij(s.bereken(naam, **{"maximale_onderbreking": 14}))["teller"] == 2
    assert rij(s.bereken(naam, **{"maximale_onderbreking": 1}))["teller"] == 0
    if indicator == "ots":
        assert again(s, naam) == pytest.approx(1 / HUISHOUDENS)


def test_without_reasons_only_a_day_may_lie_between(tmp_path):
    """The column of reasons is no condition for a share."""
    m = "maatregel_id,persoon_id,soort,begin,eind\nm1,k1,11,2024-02-01,2024-12-30\nm2,k1,11,2025-01-02,\n"
    s = studie(tmp_path, {"maatregel": m}, peildatum="2025-02-01")
    assert rij(s.bereken("aandeel_ots"))["teller"] == 0
    assert rij(s.bereken("instroom_ots"))["teller"] == 1


# The day of instroom


def test_a_measure_on_the_day_of_instroom_is_already_there_in_every_indicator(tmp_path):
    m = MAATREGEL + (
        "m1,k1,11,2024-01-01,,,gi1\nm2,k2,11,2023-06-01,,,gi1\nm3,k3,11,2024-01-02,,,gi1\n"
        "m4,k4,11,2023-06-01,2024-01-01,02,gi1\n"
    )
    s = studie(tmp_path, {"maatregel": m, "betrokkenheid": OPEN_EN_DICHT})
    al = "had de maatregel al bij instroom"
    for naam in ("instroom_ots", "cumulatieve_incidentie_ots"):
        r = s.bereken(naam)
        assert (rij(r)["teller"], weg(r)) == (1, {al: 2}), naam
    na_duo = s.bereken("duo_voor_maatregel")
    assert (rij(na_duo)["noemer"], weg(na_duo)) == (1, {al: 1})  # m2 began before the window
    nieuw = {"op_dag_van_instroom": "nieuw"}
    for naam in ("instroom_ots", "cumulatieve_incidentie_ots"):
        r = s.bereken(naam, **nieuw)
        assert (rij(r)["teller"], weg(r)) == (2, {al: 1}), naam
    na_duo = s.bereken("duo_voor_maatregel", **nieuw)
    assert (rij(na_duo)["noemer"], weg(na_duo)) == (2, {})
    # It is there: in the stand and in the durations.
    assert rij(s.bereken("aandeel_ots"))["teller"] == 3
    assert rij(s.bereken("duur_ots"))["noemer"] == 3


# A duo is two persons

EEN_PERSOON = BETROKKEN + (
    "b1,h1,p1,lt,lid,2024-02-01,,\nb2,h1,p1,rvt,lid,2024-03-01,2024-04-01,\n"  # alone in both teams
    "b3,h2,p1,lt,lid,2024-02-01,2024-03-01,\nb4,h2,p1,rvt,lid,2024-03-01,,\n"  # goes over, and takes it along
    "b5,h3,p1,lt,lid,2024-02-01,2024-03-01,\nb6,h3,p1,rvt,lid,2024-02-10,,\nb7,h3,p2,rvt,lid,2024-02-20,,\n"
)


def test_one_person_in_both_teams_is_no_duo_and_hands_nothing_over(tmp_path):
    s = studie(tmp_path, {"betrokkenheid": EEN_PERSOON})
    assert bevinding(s, "persoon_in_twee_teams") == [("betrokkenheid", 4, (1, 2, 5, 6))]
    # Only in h3 two are there, from the day that the second came until the first left the local team.
    assert rij(s.bereken("aandeel_duo"))["teller"] == 1
    assert again(s, "aandeel_duo") == pytest.approx(1 / HUISHOUDENS)
    for variant in ("huishouden", "vaste_duo"):
        duo = rij(s.bereken("duo_duur", **{"variant": variant}), "gemiddelde_beeindigd")
        assert (duo["teller"], duo["noemer"]) == (1, 1), variant
    samen = ties.together(s.pakket, s.pakket.venster, "soort")
    assert samen[["dagen", "zelf"]].to_numpy().tolist() == [[0, True], [0, True], [10, False]]
    # Nobody hands over to themselves; in h3 the other one came ten days before.
    over = rij(s.bereken("estafette"))
    assert (over["teller"], over["noemer"]) == (0, 1)
    (stroom,) = ties.handovers(s.pakket, s.pakket.venster, "organisatie").itertuples()
    assert stroom.dagen == -10
    assert len(ties.handovers(s.pakket, s.pakket.venster, "soort")) == 1


def test_the_public_counts_of_networks_follow_the_same_rule(tmp_path):
    """What households count behind the ties that are published: a duo with oneself is none there either."""
    s = studie(tmp_path, {"betrokkenheid": EEN_PERSOON})
    source = ties.NetworkTables(s.pakket, s.pakket.venster)
    data, together = network_results.load(source)
    codes = dict(organisations(s.pakket)[["organisatie", "organisatie_id"]].to_numpy())
    geteld = Counting(source, data.banden, data.naast, data.reach, together, codes).shared(organisations=True)
    per = geteld.groupby("naam")["huishouden"].nunique()
    paar = "lokaal_team|regionaal_veiligheidsteam"
    # Three households are shared, in one of them two worked side by side and one handed over, with overlap.
    assert per[f"deelt|soort|{paar}"] == 3
    assert per[f"samen|soort|{paar}"] == per["paar"] == per["tegelijk"] == 1
    assert per[f"geheel|overdracht|soort|{paar}"] == 1
    assert not [naam for naam in per.index if naam.startswith(("na_elkaar", "geheel|estafette"))]


def test_two_persons_in_both_teams_are_one(tmp_path):
    """Each in both teams: the other makes the duo."""
    b = BETROKKEN + "".join(
        f"b{p}{org},h1,p{p},{org},lid,2024-02-0{p},2024-03-01,\n" for p in (1, 2) for org in ("lt", "rvt")
    )
    s = studie(tmp_path, {"betrokkenheid": b})
    duo = rij(s.bereken("duo_duur"), "gemiddelde_beeindigd")
    assert (duo["teller"], duo["noemer"]) == (1, 1)
    assert ties.together(s.pakket, s.pakket.venster, "organisatie")["dagen"].tolist() == [28]
    assert again(s, "aandeel_duo") == pytest.approx(1 / HUISHOUDENS)


# None at all


def test_no_measures_at_all_is_zero_when_it_is_said(tmp_path):
    leeg = {"maatregel": MAATREGEL}
    with pytest.raises(ControleFout, match="Een tabel heeft geen rijen"):
        studie(tmp_path / "a", leeg)
    s = studie(tmp_path / "b", leeg, volledig=("maatregel",))
    aandelen = ("aandeel_ots", "aandeel_voogdij", "aandeel_uithuisplaatsing", "aandeel_vots")
    for naam in aandelen:
        r = rij(s.bereken(naam))
        assert (r["schatting"], r["teller"], r["noemer"]) == (0, 0, HUISHOUDENS), naam
    assert rij(s.bereken("instroom_uithuisplaatsing"))["schatting"] == 0
    assert again(s, "aandeel_ots") == 0


def test_so_is_no_contact_and_no_duo(tmp_path):
    """And of a table that holds something, what does not occur in it."""
    leeg = {
        "contact": "contact_id,huishouden_id,professional_id,datum,vorm\n",
        "organisatie": "organisatie_id,soort,domein\nlt,lokaal_team,lokale_hulp\n",
        "betrokkenheid": BETROKKEN + "b1,h1,p1,lt,lid,2024-02-01,,\n",
    }
    s = studie(tmp_path / "a", leeg, volledig=("contact", "organisatie"))
    assert rij(s.bereken("contactfrequentie"))["teller"] == 0
    assert rij(s.bereken("aandeel_duo"))["schatting"] == 0
    zonder = studie(tmp_path / "b", leeg, volledig=("contact",))
    assert zonder.bereken("aandeel_duo").reden_nvt.startswith("in organisatie.soort komt niet voor")


def test_complete_is_true_or_false(tmp_path):
    map_ = schrijf(tmp_path, {"maatregel": MAATREGEL}, volledig=("maatregel",))
    pad = map_ / "datapackage.json"
    pad.write_text(pad.read_text().replace('"volledig": true', '"volledig": "ja"'))
    with pytest.raises(InvoerFout, match="'volledig' heeft de verkeerde vorm") as fout:
        open_package(map_)
    assert "tabel maatregel" in fout.value.waar
    assert json.loads(pad.read_text())["resources"]


# Two sites of one name


@pytest.mark.parametrize(
    ("een", "twee"), [("Aa", "Aa"), ("Aa", "aa "), ("De  Bilt", "de bilt"), ("ÉÉN", "één")]
)
def test_two_sites_of_one_name_are_refused(tmp_path, een, twee):
    with pytest.raises(ControleFout, match="Twee proeftuinen hebben dezelfde naam"):
        studie(tmp_path, {"betrokkenheid": OPEN_EN_DICHT}, proeftuinen=(een, twee))


# Beside an incidence


def test_beside_an_incidence_stands_the_number_with_that_cause_by_that_day(tmp_path):
    m = MAATREGEL + (
        "m1,k1,11,2024-03-01,2024-06-01,02,gi1\nm2,k2,11,2024-05-01,2024-12-01,02,gi1\n"
        "m3,k3,11,2024-10-01,,,gi1\nm4,k4,11,2024-02-01,2024-04-01,04,gi1\n"
    )
    map_ = schrijf(tmp_path / "p", {"maatregel": m})
    pad = map_ / "huishouden.csv"
    regels = pad.read_text().splitlines()
    for i in (6, 7, 8):
        regels[1 + i] = f"h{i},pt1,2024-01-01,2024-07-0{i},afgerond,gezin_in_de_stress"
    pad.write_text("\n".join(regels) + "\n")
    s = Study.open(map_, intern=True)
    eerste = s.bereken("cumulatieve_incidentie_ots")
    assert rij(eerste, "incidentie_1_365")["teller"] == 4
    assert rij(eerste, "incidentie_1_180")["teller"] == 3
    assert {rij(eerste, naam)["noemer"] for naam in eerste.card.maten} == {HUISHOUDENS}
    # 4 began, of households that stay; three households left before that: no denominator to divide by.
    duur = s.bereken("duur_ots")
    tellers = {naam: rij(duur, naam)["teller"] for naam in duur.card.maten}
    assert (tellers["incidentie_2_365"], tellers["incidentie_4_365"], tellers["incidentie_1_365"]) == (
        2,
        1,
        0,
    )
    assert tellers["mediaan"] == 3


def test_the_same_package_in_parquet_says_the_same(tmp_path):
    """What is superseded is found in a file that stays where it is, too."""
    import pandas as pd

    map_ = schrijf(tmp_path / "csv", {"betrokkenheid": OPEN_EN_DICHT})
    kopie = tmp_path / "parquet"
    shutil.copytree(map_, kopie)
    tabel = pd.read_csv(kopie / "betrokkenheid.csv", dtype=str)
    tabel.to_parquet(kopie / "betrokkenheid.parquet")
    bron = json.loads((kopie / "datapackage.json").read_text())
    for r in bron["resources"]:
        if r["name"] == "betrokkenheid":
            r |= {"path": "betrokkenheid.parquet", "format": "parquet"}
    (kopie / "datapackage.json").write_text(json.dumps(bron))
    een, twee = (Study.open(p, intern=True) for p in (map_, kopie))
    assert bevinding(een, "open_en_gesloten") == bevinding(twee, "open_en_gesloten")
    assert rij(een.bereken("vast_gezicht"))["teller"] == rij(twee.bereken("vast_gezicht"))["teller"] == 90
