"""The network analysis from package to picture and file: what is computed, shown, hidden and refused."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import networkx as nx
import pandas as pd
import pytest

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
from toekomstscenario_eval.estimators.networks import network_results as netwerkanalyse
from toekomstscenario_eval.estimators.networks.compared import meetings
from toekomstscenario_eval.estimators.networks.network_cards import MATEN, OVERLEG, VERGELIJKING
from toekomstscenario_eval.identity import INSIDE_MARK
from toekomstscenario_eval.report.network_section import network_blocks
from toekomstscenario_eval.summaries import ties


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
    getoond = studie.bereken("samenwerkingsnetwerk").schattingen.set_index("maat")["schatting"]
    assert getoond[["professionals", "paren", "banden"]].tolist() == [48, 209, 2432]
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
    graaf = nx.parse_graphml(bestanden["intern-overleg_domein.graphml"].decode())
    assert all(set(d) == {"huishoudens", "aandeel", "mark"} for _, _, d in graaf.edges(data=True))
    csv = export_files(vrijgave, ["csv"], niveau="domein", key="netwerk_overleg")
    assert set(csv) == {"intern-overleg_domein_knopen.csv", "intern-overleg_domein_banden.csv"}
    assert b"naast" not in csv["intern-overleg_domein_banden.csv"]


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
    assert zin.startswith("Proeftuinen, alle dagen van het venster: ")
    assert re.search(r"rond een huishouden \d,\d\d \(interval", zin)
    titels = [b.bijschrift for b in blokken if isinstance(b, Tabel)]
    assert "Netwerken vergeleken" in titels
    assert "Als banden niet zijn geregistreerd. Over: alle regio's samen, alle dagen" in titels
    # Also what is told inside alone says whose it is.
    assert all("van het venster" in " ".join(b.noten) for b in blokken if isinstance(b, Tabel))
    assert any(
        isinstance(b, Kader) and "nog geen samenwerken" in flat_text(b.inhoud[0].inhoud) for b in blokken
    )
    assert network_blocks(replace(vrijgave, resultaten=())) == []


# What is written and refused


def test_export_holds_only_what_is_shown(vrijgave):
    bestanden = export_files(vrijgave, ["graphml", "gexf", "csv"], niveau="soort")
    assert bestanden == export_files(vrijgave, ["graphml", "gexf", "csv"], niveau="soort")
    graaf = nx.parse_graphml(bestanden["intern-netwerk_soort.graphml"].decode())
    echt = to_graph(shown(vrijgave, niveau="soort"))
    # Exact networks carry the mark of the inside on every tie.
    assert {frozenset(e): d for *e, d in graaf.edges(data=True)} == {
        frozenset(e): d | {"mark": INSIDE_MARK} for *e, d in echt.edges(data=True)
    }
    assert len(bestanden["intern-netwerk_soort_banden.csv"].splitlines()) == 1 + echt.number_of_edges()
    assert b"lastmodified" not in bestanden["intern-netwerk_soort.gexf"]


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


def test_what_is_no_result_makes_no_picture(studie):
    with pytest.raises(OnthullingsFout, match="alleen een resultaat of een bundel kan worden getoond"):
        tks.netwerk(studie.netwerk())


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
    weg = [*analysis.OF_TRIANGLES, *analysis.OF_TRIADS]
    assert geheel.loc[weg, "schatting"].isna().all()
    assert geheel.loc[weg, "methode"].str.startswith("niet berekend").all()
    assert geheel.drop(index=weg)["schatting"].notna().all()


def test_too_large_a_package_has_no_network_and_says_why(studie, monkeypatch):
    monkeypatch.setattr(netwerkanalyse, "MAX_PERIODEN", 10)
    for r in (*studie.netwerkanalyse(), *studie.netwerkanalyse(periode="jaar"), studie.netwerkstructuur()):
        assert "te veel voor netwerkmaten" in r.reden_nvt
        assert r.schattingen.empty
