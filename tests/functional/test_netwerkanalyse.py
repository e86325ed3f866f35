"""The network analysis from package to picture and file: what is computed, shown, hidden and refused."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from dataclasses import replace

import networkx as nx
import pandas as pd
import pytest
from toekomstscenario_eval.disclosure import networks as regels

import toekomstscenario_eval as tks
from tests.data.test_importers_zaaklog import LOG, MAPPING
from toekomstscenario_eval.blocks.network import PICTURES, network_figure
from toekomstscenario_eval.blocks.network_data import shown, to_graph
from toekomstscenario_eval.blocks.network_export import export_files
from toekomstscenario_eval.blocks.network_panels import Flow, flows
from toekomstscenario_eval.blocks.network_svg import grain, spread
from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.document.document import Kader, Tabel, flat_text
from toekomstscenario_eval.document.html_fragment import fragment_html
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout
from toekomstscenario_eval.estimators.networks import analysis, clustering, overlap
from toekomstscenario_eval.estimators.networks import results as netwerkanalyse
from toekomstscenario_eval.estimators.networks.compared import meetings
from toekomstscenario_eval.estimators.networks.network_cards import MATEN, OVERLEG, VERGELIJKING
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.report.network_section import network_blocks
from toekomstscenario_eval.summaries import ties

BELEID = load_policy()


@pytest.fixture(scope="module")
def studie(voorbeeldpakket):
    return tks.Study.open(voorbeeldpakket, intern=True)


@pytest.fixture(scope="module")
def resultaten(studie):
    return (*studie.netwerkanalyse(), *studie.netwerkanalyse(periode="jaar"))


@pytest.fixture(scope="module")
def vrijgave(studie, resultaten):
    return studie.bundel(*resultaten)


def geheel(resultaat) -> pd.Series:
    d = resultaat.schattingen
    return d[d["uitsplitsing"].eq("") & d["periode"].eq("")].set_index("maat")["schatting"]


# What is computed


def test_handovers_are_those_of_the_indicator(studie):
    """The indicator counts departures with a successor, and those without overlap."""
    over = ties.handovers(studie.pakket, studie.pakket.venster, "organisatie")
    vertrek = over.drop_duplicates(["huishouden", "bron", "dag"])
    cijfer = studie.bereken("estafette").schattingen.iloc[0]
    assert (len(vertrek), int((vertrek["dagen"] >= 0).sum())) == (cijfer["noemer"], cijfer["teller"])


def test_network_has_the_counts_of_the_indicator(studie, resultaten):
    ander = geheel(studie.bereken("samenwerkingsnetwerk"))
    for maat in ("professionals", "organisaties", "banden", "paren", "dichtheid", "dichtheid_tweezijdig"):
        assert geheel(resultaten[0])[maat] == pytest.approx(ander[maat])


def test_every_measure_of_the_cards_is_there(resultaten):
    for r, maten in zip(resultaten, (MATEN, VERGELIJKING.maten, OVERLEG.maten), strict=False):
        assert set(geheel(r).index) == set(maten)
    assert [r.sleutel for r in resultaten] == [
        "netwerk", "netwerk_vergelijking", "netwerk_overleg", "netwerk[per jaar]",
    ]  # fmt: skip


def test_intervals_hold_their_estimate(resultaten):
    d = resultaten[0].schattingen.dropna(subset=["ondergrens"])
    # About twenty measures of the whole, and five of every site and every kind of site.
    assert len(d) > 90
    assert d.groupby(["uitsplitsing", "groep"])["maat"].nunique().ge(5).all()
    assert ((d["ondergrens"] <= d["schatting"]) & (d["schatting"] <= d["bovengrens"])).all()


def test_one_day_window_and_series(studie):
    dag = studie.netwerk(van="2025-06-01", tot="2025-06-02", per="organisatie")
    jaren = studie.netwerken("jaar", per="organisatie")
    assert 0 < dag.number_of_edges() < jaren["2025"].number_of_edges()
    assert set(dag.edges) <= set(jaren["2025"].edges)
    assert all(d["dagen"] == d["gedeeld"] for _, _, d in dag.edges(data=True))


def test_graphs_by_meeting_and_by_handover(studie):
    overleg = studie.netwerk(per="domein", band="overleg")
    assert all(d["overleggen"] > 0 for _, _, d in overleg.edges(data=True))
    stroom = studie.netwerk(per="organisatie", band="overdracht")
    assert isinstance(stroom, nx.DiGraph)
    assert nx.number_of_selfloops(stroom) == 0
    over = ties.handovers(studie.pakket, studie.pakket.venster, "organisatie")
    assert stroom.size("aantal") == len(over)
    with pytest.raises(GebruikFout, match="Bedoelt u 'overleg'"):
        studie.netwerk(band="overlegg")


def test_package_without_meetings_says_so(studie):
    zonder = {k: v for k, v in studie.pakket.tabellen.items() if k != "overleg"}
    pakket = replace(studie.pakket, tabellen=zonder)
    uit = meetings(ties.NetworkTables(pakket, pakket.venster), pd.DataFrame(), seed=0)
    assert uit.reden_nvt == "de tabel overleg is niet geleverd"


@pytest.mark.skipif(not LOG.is_file(), reason="het zaaklog staat niet naast de projectmap")
def test_real_log(tmp_path):
    """48 workers, 209 pairs, 200 cases shared by Resource10 and admin1."""
    map_ = tmp_path / "zaaklog"
    run_import(MAPPING, LOG, map_)
    studie = tks.Study.open(map_, intern=True)
    graaf = studie.netwerk(per="professional")
    assert (graaf.number_of_nodes(), graaf.number_of_edges()) == (48, 209)
    assert max(d["gedeeld"] for _, _, d in graaf.edges(data=True)) == 200
    vrij = studie.bundel(studie.bereken("samenwerkingsnetwerk")).resultaten[0].schattingen
    getoond = vrij.set_index("maat")["schatting"]
    assert getoond[["professionals", "paren", "banden"]].tolist() == [48, 209, 2432]
    assert vrij.loc[vrij["onderdrukt"], "maat"].tolist() == ["over_organisaties"]  # 3 of the 209 pairs
    eerste, *rest = studie.netwerkanalyse()
    assert geheel(eerste)[["professionals", "paren", "banden"]].tolist() == [48, 209, 2432]
    vergelijking = rest[0].schattingen.set_index("maat")
    assert vergelijking.loc["verschil_naast_elkaar", "methode"].startswith(
        "gemiddelde over huishoudens; te klein om te vergelijken"
    )
    assert rest[1].reden_nvt.startswith("de tabel overleg is niet geleverd")


def test_who_meets_counts_households_with_both_at_one_table(studie, resultaten):
    """Counted again household by household, from who sat in which meeting."""
    pakket = studie.pakket
    banden, overleg = (f(pakket, pakket.venster) for f in (ties.ties, ties.meetings))
    per_paar: dict[tuple[str, str], set[int]] = {}
    for (_, huis), deel in overleg.groupby(["overleg", "huishouden"]):
        for een, twee in itertools.combinations(sorted(set(deel["domein"])), 2):
            per_paar.setdefault((een, twee), set()).add(huis)
    huishoudens = set(banden["huishouden"])
    r = resultaten[2].reeksen
    gevonden = r[r["reeks"].eq("domeinbanden")].set_index(["label", "ander"])
    assert {k: len(v & huishoudens) for k, v in per_paar.items()} == gevonden["n"].to_dict()
    assert gevonden["waarde"].tolist() == pytest.approx((gevonden["n"] / len(huishoudens)).tolist())


# What is hidden


def punten(*rijen: tuple[str, int, int]) -> pd.DataFrame:
    """Points by name; of a tie the two ends are letters."""
    namen = [(naam[0], naam[1:]) for naam, *_ in rijen]
    tabel = pd.DataFrame([rij[1:] for rij in rijen], columns=["n", "x"])
    return tabel.assign(waarde=0.5, label=[n[0] for n in namen], ander=[n[1] for n in namen])


def verborgen(naam: str, deel: pd.DataFrame, **ander: pd.DataFrame) -> list[bool]:
    uit = regels.protect({naam: deel, **ander}, 1000, BELEID)
    return uit[0]["onderdrukt"].tolist()


def test_tie_needs_households_and_professionals_on_both_sides():
    banden = punten(("ab", 50, 12), ("ac", 9, 12), ("bc", 50, 9), ("cd", 995, 12))
    assert verborgen("soortbanden", banden) == [False, True, True, True]


def test_tie_to_a_hidden_node_is_hidden():
    """Kind b has one professional: every number about it is about that person."""
    banden = punten(("ab", 50, 12), ("ac", 50, 12))
    knopen = punten(("a", 80, 30), ("b", 60, 1), ("c", 60, 20))
    assert verborgen("soortbanden", banden, soortknopen=knopen) == [True, False]


def test_a_single_hidden_flow_gets_company():
    """The flows add up to all hand-overs: one hidden alone would follow by subtraction."""
    stromen = punten(("ab", 50, 12), ("ba", 20, 12), ("ac", 30, 12), ("bc", 3, 12))
    assert verborgen("soortoverdrachten", stromen) == [False, True, False, True]


@pytest.mark.parametrize(
    ("teller", "noemer", "weg"),
    [(1, 40, True), (12, 40, False), (40, 40, False), (35, 40, True), (0, 40, False)],
)
def test_unique_position_is_disclosure(teller, noemer, weg):
    """One most central professional, or a few outside the largest part, are persons."""
    assert regels.few_in_position(teller, noemer, BELEID) is weg


def test_centralisation_with_a_unique_top_is_hidden_and_the_rest_is_not(studie, resultaten):
    r = resultaten[0]
    s = r.schattingen.copy()
    plek = s["maat"].eq("centralisatie") & s["uitsplitsing"].eq("")
    for teller, weg in ((1.0, True), (20.0, False)):
        s.loc[plek, "teller"] = teller
        vrij = studie.bundel(replace(r, schattingen=s)).resultaten[0].schattingen
        deel = vrij[vrij["uitsplitsing"].eq("")].set_index("maat")["onderdrukt"]
        assert (bool(deel["centralisatie"]), bool(deel["naast_elkaar"])) == (weg, False)


def test_few_pairs_across_domains_hide_what_tells_them_and_no_more(studie, resultaten):
    """The E-I index and what missing ties would do follow from the same few pairs."""
    r = resultaten[0]
    s = r.schattingen.copy()
    plek = s["maat"].eq("over_domeinen") & s["uitsplitsing"].eq("")
    s.loc[plek, ["schatting", "teller", "noemer"]] = (3 / 209, 3, 209)
    vrij = studie.bundel(replace(r, schattingen=s)).resultaten[0]
    weg = vrij.schattingen[vrij.schattingen["uitsplitsing"].eq("")].set_index("maat")["onderdrukt"]
    assert weg[["over_domeinen", "ei_index"]].all()
    assert not weg[["paren", "dichtheid", "naast_elkaar", "na_elkaar", "ei_verwacht"]].any()
    anders = vrij.reeksen[vrij.reeksen["reeks"].eq("gevoeligheid")].set_index("label")["onderdrukt"]
    over = anders.index == "over_domeinen"
    assert anders[over].all()
    assert len(anders[over]) == 3
    assert not anders[~over].any()


def test_few_organisations_hide_only_what_is_about_organisations(studie, resultaten):
    r = resultaten[0]
    s = r.schattingen.copy()
    s.loc[s["maat"].eq("organisaties") & s["uitsplitsing"].eq(""), ["schatting", "teller"]] = (4, 4)
    vrij = studie.bundel(replace(r, schattingen=s)).resultaten[0].schattingen
    weg = vrij[vrij["uitsplitsing"].eq("")].set_index("maat")["onderdrukt"]
    over = [m for m in weg.index if MATEN[m].los == "organisaties"]
    assert len(over) == 5
    assert weg[over].all()
    assert not weg[["professionals", "paren", "dichtheid", "over_domeinen"]].any()


def test_nothing_shown_is_under_a_threshold(vrijgave):
    for sleutel in ("netwerk", "netwerk[per jaar]"):
        d = vrijgave.resultaat(sleutel).reeksen
        toon = d[~d["onderdrukt"]]
        assert (toon["n"] >= 10).all()
        knopen = toon[toon["reeks"].isin(regels.NODES)]
        assert (knopen["x"] >= 10).all()
        assert d.loc[d["onderdrukt"], ["waarde", "n", "ondergrens", "bovengrens"]].isna().all().all()


def test_too_small_a_network_is_hidden_whole(studie):
    klein = studie.netwerkstructuur(van="2025-09-01", tot="2025-09-02")
    s = klein.schattingen.assign(n=5)
    vrij = studie.bundel(replace(klein, schattingen=s)).resultaten[0]
    assert vrij.schattingen["onderdrukt"].all()
    assert vrij.reeksen["onderdrukt"].all()
    with pytest.raises(GebruikFout, match="geen leesbare tekening"):
        network_figure(studie.bundel(replace(klein, schattingen=s)), vrij.sleutel)


# What is shown


@pytest.mark.parametrize("beeld", PICTURES)
@pytest.mark.parametrize("niveau", ["domein", "soort"])
def test_pictures_are_safe_the_same_each_time_and_have_a_table(vrijgave, beeld, niveau):
    sleutel = "netwerk[per jaar]" if beeld == "tijd" else "netwerk"
    een, twee = (network_figure(vrijgave, sleutel, picture=beeld, niveau=niveau) for _ in range(2))
    assert een == twee
    assert isinstance(een.gegevens, Tabel)
    assert een.gegevens.rijen
    wortel = ET.fromstring(een.svg)
    titels = [t.text for t in wortel.iter("{http://www.w3.org/2000/svg}title")]
    assert len(titels) >= len(een.gegevens.rijen) > 0
    if beeld == "knopen":
        net = shown(vrijgave, niveau=niveau)
        assert str(len(net.banden)) in een.alt
        assert len(een.gegevens.rijen) == len(net.banden)


def test_picture_stands_in_the_page_itself_and_runs_nothing(vrijgave):
    html = fragment_html(tks.netwerk(vrijgave).blokken)
    assert '<div class="tekening" role="img" aria-label="Netwerktekening' in html
    assert "<script" not in html
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")


def test_meetings_have_a_picture_without_relay(vrijgave):
    for beeld in ("knopen", "matrix"):
        figuur = network_figure(vrijgave, "netwerk_overleg", picture=beeld)
        assert "naast elkaar" not in figuur.svg + figuur.alt + figuur.bijschrift
        assert figuur.gegevens.kop == ("Band", "Huishoudens", "Deel van de huishoudens")
        assert "overleg" in figuur.bijschrift
    bestanden = export_files(vrijgave, ["graphml"], niveau="domein", key="netwerk_overleg")
    graaf = nx.parse_graphml(bestanden["overleg_domein.graphml"].decode())
    assert all(set(d) == {"huishoudens", "aandeel"} for _, _, d in graaf.edges(data=True))
    csv = export_files(vrijgave, ["csv"], niveau="domein", key="netwerk_overleg")
    assert set(csv) == {"overleg_domein_knopen.csv", "overleg_domein_banden.csv"}
    assert b"naast" not in csv["overleg_domein_banden.csv"]


def test_bands_of_the_flow_differ_without_colour():
    """In grey the three colours are alike; the line along the band is not."""
    soorten = [grain(naast) for naast in (0.0, 0.5, 1.0)]
    assert len(set(soorten)) == 3
    svg = flows(["a"], ["b"], [Flow(0, 0, 0.5, na_elkaar, "t") for na_elkaar in (1.0, 0.5, 0.0)])
    assert all(svg.count(s) == 2 for s in soorten if s)  # once in the band, once in the key


def test_labels_do_not_collide_and_keep_their_order():
    wens = [10.0, 11.0, 12.0, 50.0, 51.0, 200.0]
    uit = spread(wens, 17)
    assert all(b - a >= 17 - 1e-6 for a, b in itertools.pairwise(uit))
    assert uit[-1] == 200
    assert spread([5.0, 40.0], 17) == [5.0, 40.0]


def test_report_part_answers_the_question(vrijgave, resultaten):
    blokken = network_blocks(vrijgave)
    zin = flat_text(blokken[1].inhoud)
    waarde = f"{geheel(resultaten[0])['naast_elkaar']:.2f}".replace(".", ",")
    assert f"rond een huishouden {waarde} (interval" in zin
    titels = [b.bijschrift for b in blokken if isinstance(b, Tabel)]
    assert "Netwerken vergeleken" in titels
    assert "Als banden niet zijn geregistreerd" in titels
    assert any(
        isinstance(b, Kader) and "nog geen samenwerken" in flat_text(b.inhoud[0].inhoud) for b in blokken
    )
    assert network_blocks(replace(vrijgave, resultaten=())) == []


def test_strict_policy_shows_less_and_still_reads(studie, resultaten, vrijgave):
    streng = tks.Study(studie.pakket, studie.bevindingen, load_policy("streng")).bundel(*resultaten)
    assert len(shown(streng, niveau="soort").banden) < len(shown(vrijgave, niveau="soort").banden)
    assert network_blocks(streng)


# What is written and refused


def test_export_holds_only_what_is_shown(vrijgave):
    bestanden = export_files(vrijgave, ["graphml", "gexf", "csv"], niveau="soort")
    assert bestanden == export_files(vrijgave, ["graphml", "gexf", "csv"], niveau="soort")
    graaf = nx.parse_graphml(bestanden["netwerk_soort.graphml"].decode())
    echt = to_graph(shown(vrijgave, niveau="soort"))
    assert {frozenset(e): d for *e, d in graaf.edges(data=True)} == {
        frozenset(e): d for *e, d in echt.edges(data=True)
    }
    assert min(d["huishoudens"] for _, _, d in graaf.edges(data=True)) >= 10
    assert len(bestanden["netwerk_soort_banden.csv"].splitlines()) == 1 + echt.number_of_edges()
    assert b"lastmodified" not in bestanden["netwerk_soort.gexf"]


def test_professionals_are_never_exported(vrijgave):
    with pytest.raises(OnthullingsFout, match="professionals zijn personen"):
        export_files(vrijgave, ["csv"], niveau="professional")


@pytest.mark.parametrize(
    ("doe", "herstel"),
    [
        (lambda v: network_figure(v, niveau="soortt"), "Bedoelt u 'soort'?"),
        (lambda v: network_figure(v, picture="knoop"), "Bedoelt u 'knopen'?"),
        (lambda v: network_figure(v, picture="tijd"), "bereken eerst studie.netwerkanalyse"),
        (lambda v: export_files(v, ["gexff"], niveau="soort"), "Bedoelt u 'gexf'?"),
        (lambda v: network_figure(v, "netwerk_vergelijking"), ""),
    ],
)
def test_unknown_choices_are_refused(vrijgave, doe, herstel):
    with pytest.raises(GebruikFout) as fout:
        doe(vrijgave)
    assert herstel in fout.value.herstel


def test_unknown_kind_of_tie_is_refused(studie):
    with pytest.raises(GebruikFout) as fout:
        studie.netwerkstructuur(band="overlegg")
    assert "Bedoelt u 'overleg'?" in fout.value.herstel


def test_raw_results_make_no_picture(resultaten):
    with pytest.raises(OnthullingsFout):
        tks.netwerk(resultaten[0])


def test_the_same_again_is_the_same(studie):
    een, twee = (studie.netwerkstructuur(van="2025-09-01", tot="2025-09-15") for _ in range(2))
    pd.testing.assert_frame_equal(een.schattingen, twee.schattingen)
    pd.testing.assert_frame_equal(een.reeksen, twee.reeksen)


def test_the_reach_of_a_fixed_face_is_that_over_all_pairs(studie):
    p = studie.pakket
    banden = ties.ties(p, p.venster)
    met, alle = ties.around_fixed_face(p, p.venster), ties.together(p, p.venster, "professional")
    assert 0 < len(met) < len(alle)
    pd.testing.assert_frame_equal(overlap.reach(banden, met), overlap.reach(banden, alle))


def test_too_many_triangles_leave_those_measures_out_and_say_so(studie, monkeypatch):
    monkeypatch.setattr(clustering, "MAX_TRIPLES", 10)
    tabel = studie.netwerkstructuur().schattingen
    geheel = tabel[tabel["uitsplitsing"].eq("")].set_index("maat")
    weg = list(analysis.OF_TRIANGLES)
    assert geheel.loc[weg, "schatting"].isna().all()
    assert geheel.loc[weg, "methode"].str.startswith("niet berekend").all()
    assert geheel.drop(index=weg)["schatting"].notna().all()


def test_too_large_a_package_has_no_network_and_says_why(studie, monkeypatch):
    monkeypatch.setattr(netwerkanalyse, "MAX_PERIODEN", 10)
    for r in (*studie.netwerkanalyse(), *studie.netwerkanalyse(periode="jaar"), studie.netwerkstructuur()):
        assert "te veel voor netwerkmaten" in r.reden_nvt
        assert r.schattingen.empty
