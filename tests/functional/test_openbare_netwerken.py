"""Networks in public: from protected counts, without a person, and from which size what is there."""

from __future__ import annotations

import html
import io
import json
import re
import sys
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

import toekomstscenario_eval as tks
from tests.data.test_importers_zaaklog import LOG, MAPPING
from toekomstscenario_eval import cli
from toekomstscenario_eval.blocks.network import PICTURES, network_figure
from toekomstscenario_eval.blocks.network_data import shown, to_graph
from toekomstscenario_eval.blocks.network_export import FORMATS, export_files
from toekomstscenario_eval.blocks.table import HIDDEN, overview_table
from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.document.document import Figuur, Kader, Kop, Tabel, flat_text
from toekomstscenario_eval.document.english import in_english
from toekomstscenario_eval.document.html_fragment import fragment_html
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout
from toekomstscenario_eval.making.conductor import _background
from toekomstscenario_eval.protection import keys
from toekomstscenario_eval.provenance.changes import compare
from toekomstscenario_eval.provenance.manifest import make, to_bytes
from toekomstscenario_eval.report.network_section import network_blocks
from toekomstscenario_eval.report.origin import origin
from toekomstscenario_eval.report.plan import Plan
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.types import SITE, TOON

KLEIN, MIDDEN, GROOT = 60, 200, 420


@pytest.fixture(scope="module")
def pakketten(tmp_path_factory):
    map_ = tmp_path_factory.mktemp("netwerken")
    return {n: make_example(map_ / str(n), huishoudens=n, seed=11) for n in (KLEIN, MIDDEN, GROOT)}


@pytest.fixture(scope="module")
def studie(pakketten):
    return tks.Study.open(pakketten[GROOT])


@pytest.fixture(scope="module")
def resultaten(studie):
    return (*studie.netwerkanalyse(), *studie.netwerkanalyse(periode="jaar"))


@pytest.fixture(scope="module")
def vrijgave(studie, resultaten):
    return studie.bundel(*resultaten)


def personen(pakket):
    """Every pseudonym of a professional, a household or an organisation in the files of a package."""
    uit = set()
    for naam, kolommen in (
        ("betrokkenheid", ("professional_id", "huishouden_id", "organisatie_id")),
        ("organisatie", ("organisatie_id", "naam")),
    ):
        tabel = pd.read_csv(next(Path(pakket).glob(f"{naam}.csv")), dtype=str)
        for kolom in set(kolommen) & set(tabel.columns):
            uit |= set(tabel[kolom].dropna())
    return uit


# Nobody is a node


def test_no_professional_stands_anywhere(studie, resultaten, vrijgave, pakketten):
    """Neither as a name nor as a column, in results, graphs, files and the open cells."""
    namen = personen(pakketten[GROOT])
    assert len(namen) > 300
    tekst = []
    for r in resultaten:
        for deel in (r.schattingen, r.reeksen, *(s.cellen for s in r.publiek.values())):
            tekst.append(deel.to_csv())
    for niveau in ("domein", "soort", "organisatie"):
        for sleutel in ("netwerk", "netwerk_overleg"):
            formaten = [f for f in FORMATS if f != "svg" or niveau != "organisatie"]
            bestanden = export_files(vrijgave, formaten, niveau=niveau, key=sleutel)
            tekst += [inhoud.decode() for inhoud in bestanden.values()]
            assert not any("professional" in inhoud.decode() for inhoud in bestanden.values())
    tekst.append(fragment_html(network_blocks(vrijgave)))
    for per in ("organisatie", "domein", "organisatie_soort"):
        for band in ("huishouden", "overleg", "overdracht"):
            if (per, band) != ("organisatie", "overdracht"):
                tekst += nx.generate_graphml(studie.netwerk(per=per, band=band))
    woorden = set(re.findall(r"[\w-]+", "\n".join(tekst)))
    assert len(woorden) > 500
    assert not woorden & namen


def test_a_network_of_professionals_is_refused_with_the_way_to_work_inside(studie):
    for vraag in (
        lambda: studie.netwerk(per="professional"),
        lambda: studie.netwerken("jaar", per="professional"),
    ):
        with pytest.raises(OnthullingsFout, match="professionals zijn personen") as fout:
            vraag()
        assert "intern=True" in fout.value.herstel
    with pytest.raises(OnthullingsFout, match="organisaties staan niet in een openbaar netwerk per periode"):
        studie.netwerken("jaar", per="organisatie")
    with pytest.raises(GebruikFout, match="Bedoelt u 'overleg'"):
        studie.netwerk(band="overlegg")


def test_measures_of_professionals_say_why_they_are_not_there(resultaten):
    d = resultaten[0].schattingen
    weg = d[d["maat"].isin(["professionals", "paren", "dichtheid", "makelaar_rvt"])]
    assert weg["schatting"].isna().all()
    assert weg["methode"].str.startswith("professionals zijn personen").all()
    assert resultaten[1].sleutel == "netwerk_vergelijking"
    assert "alleen binnen getoetst" in resultaten[1].reden_nvt


# Every tie has enough households


def test_graphs_hold_no_tie_under_the_minimum(studie):
    for per in ("organisatie", "domein", "organisatie_soort"):
        for band, veld in (("huishouden", "gedeeld"), ("overleg", "huishoudens")):
            graaf = studie.netwerk(per=per, band=band)
            assert (graaf.graph["bron"], graaf.graph["band_vanaf"]) == ("beschermde tellingen", 5)
            assert "mark" not in graaf.graph
            assert graaf.number_of_edges() > 10
            assert min(d[veld] for *_, d in graaf.edges(data=True)) >= 5
            assert min(d["huishoudens"] for _, d in graaf.nodes(data=True)) >= 5
    stroom = studie.netwerk(per="domein", band="overdracht")
    assert isinstance(stroom, nx.DiGraph)
    assert min(d["huishoudens"] for *_, d in stroom.edges(data=True)) >= 5


def test_the_graph_is_near_the_exact_one_and_not_it(studie, pakketten):
    binnen = tks.Study.open(pakketten[GROOT], intern=True).netwerk(per="domein")
    buiten = studie.netwerk(per="domein")
    verschil = [d["gedeeld"] - binnen.edges[e[0], e[1]]["gedeeld"] for *e, d in buiten.edges(data=True)]
    # Data are cut at the first day of the year of the package, too: counts may be lower.
    assert len(verschil) > 30
    assert any(verschil)
    assert max(verschil) <= 6


def test_the_same_question_gives_the_same_graph(studie):
    een, twee = (studie.netwerk(per="organisatie") for _ in range(2))
    assert nx.utils.graphs_equal(een, twee)


def test_ties_of_parts_stand_at_ten(resultaten):
    r = resultaten[0].reeksen
    delen = r[~r["uitsplitsing"].eq("")]
    # Of a part only the strength of kinds is told, no tie by itself.
    assert set(delen["reeks"]) == {"sterkte"}
    assert delen["n"].min() >= 10
    geheel = r[r["uitsplitsing"].eq("") & r["reeks"].str.endswith("banden")]
    assert 5 <= geheel["n"].min() < 10


def test_pictures_and_tables_say_few_in_words(vrijgave):
    for beeld in PICTURES:
        sleutel = "netwerk[per jaar]" if beeld == "tijd" else "netwerk"
        figuur = network_figure(vrijgave, sleutel, picture=beeld)
        assert isinstance(figuur.gegevens, Tabel)
        kop = figuur.gegevens.kop.index("Huishoudens")
        cellen = [rij[kop].tekst for rij in figuur.gegevens.rijen]
        assert cellen
        assert all(tekst == "minder dan 10" or float(tekst.replace(".", "")) >= 10 for tekst in cellen)
        titels = re.findall(r"\b(\d+) huishoudens", figuur.svg)
        assert all(int(n) >= 10 for n in titels)
        assert "ten minste 5 huishoudens" in " ".join(figuur.gegevens.noten)


def test_of_few_households_no_number_and_no_share_stands_with_a_drawing(vrijgave):
    """In no title, alternative text or width: all of them are drawn as ten households."""
    weinigen = 0
    for niveau in ("domein", "soort"):
        for beeld in PICTURES:
            tijd, stroom = beeld == "tijd", beeld == "overdrachten"
            sleutel = "netwerk[per jaar]" if tijd else "netwerk"
            figuur = network_figure(vrijgave, sleutel, picture=beeld, niveau=niveau)
            titels = [html.unescape(t) for t in re.findall(r"<title>([^<]*)</title>", figuur.svg)]
            for periode in ("2024", "2025") if tijd else ("",):
                net = shown(vrijgave, sleutel, niveau=niveau, periode=periode)
                klein = (net.flows if stroom else net.banden).query("huishoudens < 10")
                weinigen += len(klein)
                for b in klein.to_dict("records"):
                    wat = f"{b['van']} naar {b['naar']}" if stroom else f"{b['een']} en {b['twee']}"
                    assert f"{wat}: minder dan 10 huishoudens" in titels
            assert all(int(n.replace(".", "")) >= 10 for n in re.findall(r"\((\d+) huishoudens", figuur.alt))
            smal = re.findall(
                r'<path class="b[^>]*stroke-width="([\d.]+)"[^>]*><title>[^<]*: minder dan 10', figuur.svg
            )
            # A share is rounded to twelve digits.
            breed = [float(x) for x in smal]
            assert max(breed, default=0) - min(breed, default=0) < 0.02
    assert weinigen > 50


@pytest.fixture(scope="module")
def rapport(studie, resultaten, pakketten):
    bundel = studie.bundel(*resultaten, *studie.feiten())
    return Report(bundel, Plan(), _background(studie, bundel, pakketten[GROOT], None, studie.beleid.naam))


def test_the_source_of_a_point_tells_no_number_under_ten_and_no_interval_it_does_not_have(vrijgave, rapport):
    sporen = {s.id: s for kaart in origin(rapport).kaarten for s in kaart.sporen}
    gezien = {"weinig": 0, "naast elkaar": 0, "zonder overlap": 0}
    for r in vrijgave.resultaten:
        for rij in r.reeksen.to_dict("records"):
            waarde = sporen[rij["getal_id"]].waarde
            assert "interval" not in waarde
            if rij["n"] < 10:
                gezien["weinig"] += 1
                assert waarde == "minder dan 10 huishoudens"
                continue
            for naam, reeksen in (("naast elkaar", "banden"), ("zonder overlap", "overdrachten")):
                verwacht = rij["reeks"].endswith(reeksen) and rij["ondergrens"] == rij["ondergrens"]
                assert (naam in waarde) is verwacht
                gezien[naam] += verwacht
    assert min(gezien.values()) > 3
    # What lies between two bounds is followed by no words that read as another number.
    schaal = [s.waarde for s in sporen.values() if s.wat == "Naast elkaar, geheel"]
    assert re.fullmatch(r"0,\d\d \(schaal: 0 is na elkaar, 1 is naast elkaar; .*\)", schaal[0])
    assert not any("gecensureerd" in s.waarde for s in sporen.values())


def test_a_change_in_what_stands_beside_a_tie_is_called_no_interval(rapport):
    oud, nieuw = (json.loads(to_bytes(make(rapport))) for _ in range(2))
    (r,) = [r for r in nieuw["resultaten"] if r["sleutel"] == "netwerk"]
    rij = next(x for x in r["reeksen"] if x["reeks"] == "domeinbanden" and x["ondergrens"] is not None)
    rij["ondergrens"] = 0.5
    (verschil,) = compare(oud, nieuw).differences
    assert verschil.wat.endswith("(ondergrens)")
    assert verschil.nieuw == "50,0%"


def test_every_year_has_the_sizes_of_its_own_households(vrijgave):
    figuur = network_figure(vrijgave, "netwerk[per jaar]", picture="tijd")
    titels = [html.unescape(t) for t in re.findall(r"<g><[^>]*/><title>([^<]*)</title>", figuur.svg)]
    verwacht = []
    for periode in ("2024", "2025"):
        knopen = shown(vrijgave, "netwerk[per jaar]", periode=periode).knopen
        for naam, n in zip(knopen["naam"], knopen["huishoudens"], strict=True):
            verwacht.append(f"{naam}: {'minder dan 10' if n < 10 else n} huishoudens")
    assert sorted(titels) == sorted(verwacht)
    assert "op dezelfde schaal" in figuur.bijschrift


def test_pairs_of_few_households_are_no_bar_and_no_share(pakketten):
    studie = tks.Study.open(pakketten[MIDDEN])
    r = studie.bereken("samenwerkingsnetwerk")
    weinig = int(r.reeksen["n"].lt(10).sum())
    assert 0 < weinig < len(r.reeksen)
    (figuur,) = [b for b in tks.figuur(r).blokken if isinstance(b, Figuur)]
    kop = figuur.gegevens.kop.index("Huishoudens")
    assert min(int(rij[kop].tekst) for rij in figuur.gegevens.rijen) >= 10
    assert f"Niet getekend: {weinig} paren of klassen van minder dan 10 huishoudens." in figuur.gegevens.noten


# Whose it is


def test_kinds_of_region_come_first_and_everything_says_whose_it_is(vrijgave):
    blokken = network_blocks(vrijgave)
    (samen,) = [i for i, b in enumerate(blokken) if isinstance(b, Kop) and b.tekst == "Alle regio's samen"]
    getoond = [(i, b) for i, b in enumerate(blokken) if isinstance(b, Tabel | Figuur)]
    assert sum(i < samen for i, _ in getoond) >= 6
    assert sum(i > samen for i, _ in getoond) >= 8
    for i, blok in getoond:
        noten = " ".join((blok.gegevens if isinstance(blok, Figuur) else blok).noten)
        assert ("Over: alle regio's samen, alle dagen" in blok.bijschrift) is (i > samen), blok.bijschrift
        assert ("Over alle regio's samen" in noten) is (i > samen), blok.bijschrift
        assert "alle dagen van het venster, ook die voor de start" in noten
    sterk = [b for _, b in getoond if "sterkte van hun banden" in b.bijschrift]
    assert [b.bijschrift.rpartition(": ")[2] for b in sterk] == ["proeftuinen", "vergelijkingsregio's"]
    assert sterk[0].rijen != sterk[1].rijen
    assert all("vanaf 10 huishoudens" in " ".join(b.noten) for b in sterk)
    jaren = next(b for _, b in getoond if b.bijschrift == "Netwerken per jaar")
    assert [rij[0].tekst for rij in jaren.rijen] == ["Proeftuin"] * 2 + ["Vergelijkingsregio"] * 2


def test_sentences_end_in_numbers_only(pakketten):
    """What is hidden or small stands in the tables, with the reason; no sentence stops short of it."""
    studie = tks.Study.open(pakketten[MIDDEN])
    blokken = network_blocks(studie.bundel(*studie.netwerkanalyse()))
    zinnen = [flat_text(b.inhoud) for b in blokken[1:3]]
    assert [zin.partition(",")[0] for zin in zinnen] == ["Proeftuinen", "Vergelijkingsregio's"]
    assert not any("niet getoond" in zin or "minder dan" in zin for zin in zinnen)


# From which size


def test_under_a_hundred_households_there_is_no_network_and_it_says_from_when(pakketten):
    studie = tks.Study.open(pakketten[KLEIN])
    alles = studie.netwerkanalyse()
    d = alles[0].schattingen
    assert len(d)
    assert d["schatting"].isna().all()
    geheel = d[d["uitsplitsing"].eq("")]
    assert set(geheel["methode"]) == {"netwerken kunnen vanaf 100 huishoudens in het geheel"}
    assert alles[0].reeksen.empty
    with pytest.raises(OnthullingsFout, match="netwerken kunnen vanaf 100 huishoudens") as fout:
        studie.netwerk()
    assert "intern=True" in fout.value.herstel
    tekst = " ".join(
        flat_text(a.inhoud)
        for blok in network_blocks(studie.bundel(*alles))
        if isinstance(blok, Kader)
        for a in blok.inhoud
    )
    assert "netwerken kunnen vanaf 100 huishoudens in het geheel" in tekst


def test_sites_have_a_network_from_three_hundred_households(pakketten, resultaten):
    klein = tks.Study.open(pakketten[MIDDEN]).netwerkanalyse()[0].schattingen
    per = {n: d[d["uitsplitsing"].eq(SITE)] for n, d in ((MIDDEN, klein), (GROOT, resultaten[0].schattingen))}
    assert per[MIDDEN]["schatting"].isna().all()
    redenen = set(per[MIDDEN]["methode"])
    assert "per proeftuin of regio kan dit vanaf 300 huishoudens in het geheel" in redenen
    assert all("huishoudens" in reden for reden in redenen)
    getoond = per[GROOT][per[GROOT]["weergave"].eq(TOON)]
    assert {"professionals_per_huishouden", "dichtheid_soorten"} <= set(getoond["maat"])
    # Regions of some thirty households: what their noise alone would move by more than it may, says so.
    ruis = per[GROOT][per[GROOT]["methode"].str.contains("de ruis alleen kan meer dan 0,0")]
    assert {"na_elkaar", "over_domeinen_organisaties"} <= set(ruis["maat"])
    assert ruis["schatting"].isna().all()
    assert klein[klein["uitsplitsing"].eq("")]["schatting"].notna().sum() >= 10


def test_of_every_measure_that_is_not_shown_stands_its_own_reason(studie):
    """In the note under a table of all measures, where they have more reasons than one."""
    r = studie.bereken("samenwerkingsnetwerk")
    noten = [n for n in overview_table(studie.bundel(r), r.sleutel).noten if n.startswith(HIDDEN)]
    geheel = r.schattingen[r.schattingen["uitsplitsing"].eq("") & r.schattingen["onderdrukt"]]
    assert len(set(geheel["methode"])) == len(noten) > 1
    for maat, reden in zip(geheel["maat"], geheel["methode"], strict=True):
        (noot,) = [n for n in noten if r.card.maten[maat].label in re.split(r": |, |\. ", n)]
        assert noot.endswith(f"Reden: {reden}.")
        assert ("professionals zijn personen" in reden) == ("rofessional" in r.card.maten[maat].label) or (
            maat == "over_organisaties"
        )


def test_what_is_hidden_for_persons_has_their_name_in_its_label(resultaten):
    """So that nobody takes it for the measure of organisations that is shown beside it."""
    for r in resultaten:
        geheel = r.schattingen[r.schattingen["uitsplitsing"].eq("")]
        label = {maat: r.card.maten[maat].label for maat in geheel["maat"]}
        assert len(set(label.values())) == len(label)
        personen_ = geheel[geheel["methode"].str.startswith("professionals zijn personen")]
        assert all("rofessional" in label[maat] for maat in personen_["maat"])


def test_figures_and_reading_say_nothing_of_what_is_not_shown(vrijgave, resultaten):
    """Communities and areas are hidden in public: no picture is ordered by them, no sentence uses them."""
    for sleutel, beeld in [("netwerk", b) for b in PICTURES if b != "tijd"] + [("netwerk_overleg", "matrix")]:
        fig = network_figure(vrijgave, sleutel, picture=beeld)
        assert not re.search(r"gemeenschap|gebied", f"{fig.bijschrift} {fig.alt}")
    for r in (r for r in resultaten if not r.reden_nvt):
        zinnen = re.split(r"(?<=[.?]) ", r.card.lezen)
        assert all("openbaar" in zin or "intern" in zin for zin in zinnen if "gebied" in zin)


def test_the_order_of_what_is_few_does_not_tell_how_few(vrijgave):
    """Ties and hand-overs that read "minder dan 10" come last, by name."""
    weinig = 0
    for sleutel, beeld in [("netwerk", "knopen"), ("netwerk", "overdrachten"), ("netwerk_overleg", "matrix")]:
        rijen = network_figure(vrijgave, sleutel, picture=beeld).gegevens.rijen
        klein = [i for i, rij in enumerate(rijen) if rij[1].getoond.startswith("minder dan")]
        assert klein == list(range(len(rijen) - len(klein), len(rijen)))
        namen = [re.split(" → | en | – ", rijen[i][0].getoond) for i in klein]
        assert namen == sorted(namen)
        weinig += len(klein)
    assert weinig > 3


def test_a_mean_over_some_households_has_these_behind_it(resultaten):
    """Not all of the network: those with a pair of organisations, or with a fixed face."""
    (r,) = [r for r in resultaten if r.sleutel == "netwerk"]
    geheel = r.schattingen[r.schattingen["uitsplitsing"].eq("")].set_index("maat")
    for maat in ("naast_elkaar", "bereik_vast_gezicht", "bereik_domeinen"):
        assert geheel.loc[maat, "n"] == round(geheel.loc[maat, "noemer"])
    assert geheel.loc["bereik_vast_gezicht", "n"] < geheel.loc["professionals_per_huishouden", "n"]


def test_the_part_of_the_report_has_its_english(vrijgave):
    _, nederlands = in_english(tuple(network_blocks(vrijgave)))
    plekken = {p["groep"] for r in vrijgave.resultaten for _, p in r.schattingen.iterrows()}
    eigen = {tekst for tekst in nederlands if tekst.partition(" (")[0] not in plekken}
    assert sorted(eigen) == []


# Commands


@pytest.fixture
def opdracht(monkeypatch, capsys):
    def draai(*woorden: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["tks", *map(str, woorden)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        gelezen = capsys.readouterr()
        return int(stop.value.code or 0), gelezen.out + gelezen.err

    return draai


def test_the_command_writes_files_from_published_counts(opdracht, pakketten, tmp_path, vrijgave):
    code, uit = opdracht(
        "netwerk", pakketten[GROOT], "--uit", tmp_path, "--per", "soort", "--formaat", ",".join(FORMATS)
    )
    assert code == 0
    assert "Beschermde tellingen; alleen knopen en banden van ten minste 5 huishoudens." in uit
    assert "Onderdrukt" not in uit
    bestanden = {pad.name for pad in tmp_path.iterdir()}
    assert {"netwerk_soort.graphml", "netwerk_soort.gexf", "netwerk_soort_matrix.csv"} <= bestanden
    graaf = nx.parse_graphml((tmp_path / "netwerk_soort.graphml").read_text(encoding="utf-8"))
    echt = to_graph(shown(vrijgave, niveau="soort"))
    assert {frozenset(e): d for *e, d in graaf.edges(data=True)} == {
        frozenset(e): d for *e, d in echt.edges(data=True)
    }
    matrix = pd.read_csv(tmp_path / "netwerk_soort_matrix.csv", index_col="naam")
    assert matrix.index.tolist() == matrix.columns.tolist()
    pd.testing.assert_frame_equal(matrix, matrix.T.rename_axis("naam"), check_names=False)
    told = matrix.stack().dropna()
    assert set(told[~told.str.isdigit()]) == {"minder dan 10"}
    assert told[told.str.isdigit()].astype(int).min() >= 10


def test_files_hold_no_number_for_few_households(vrijgave):
    bestanden = export_files(vrijgave, ["csv", "graphml"], niveau="soort")
    banden = pd.read_csv(io.BytesIO(bestanden["netwerk_soort_banden.csv"]))
    weinig = banden["leest"].eq("minder dan 10")
    assert 0 < weinig.sum() < len(banden)
    assert banden.loc[weinig, ["huishoudens", "aandeel"]].isna().all(axis=None)
    assert banden.loc[~weinig, "huishoudens"].min() >= 10
    graaf = nx.parse_graphml(bestanden["netwerk_soort.graphml"].decode())
    smal = [d for *_, d in graaf.edges(data=True) if "leest" in d]
    assert len(smal) == weinig.sum()
    assert not any({"huishoudens", "aandeel"} & set(d) for d in smal)


def test_organisations_in_a_file_have_the_kind_and_domain_of_the_graph(vrijgave, studie):
    bestanden = export_files(vrijgave, ["csv", "graphml", "gexf"], niveau="organisatie")
    knopen = pd.read_csv(io.BytesIO(bestanden["netwerk_organisatie_knopen.csv"])).set_index("naam")
    labels = vrijgave.resultaat("netwerk").labels
    graaf = studie.netwerk(per="organisatie")
    assert set(knopen.index) == set(graaf)
    assert len(graaf) > 5
    for naam, d in graaf.nodes(data=True):
        wat = (labels.text("soort", d["soort"]), labels.text("domein", d["domein"]))
        assert tuple(knopen.loc[naam, ["soort", "domein"]]) == wat
    uit = nx.parse_graphml(bestanden["netwerk_organisatie.graphml"].decode())
    assert {d["soort"] for _, d in uit.nodes(data=True)} == set(knopen["soort"])
    assert "soort" not in export_files(vrijgave, ["csv"], niveau="soort")["netwerk_soort_knopen.csv"].decode()


def test_another_window_has_files_of_its_own_that_say_so(studie, vrijgave):
    deel = studie.bundel(studie.netwerkstructuur("2024-01-01", "2025-01-01"))
    (naam, inhoud), *_ = export_files(
        deel, ["graphml"], niveau="organisatie", key=deel.resultaten[0].sleutel
    ).items()
    assert naam == "netwerk_organisatie_2024-01-01_2025-01-01.graphml"
    graaf = nx.parse_graphml(inhoud.decode()).graph
    assert graaf["venster"] == "2024-01-01 tot 2025-01-01"
    assert graaf["stand"] == studie.netwerk().graph["stand"] != ""
    assert "in een ander venster" in graaf["nummering"]
    gexf = export_files(vrijgave, ["gexf"], niveau="soort")["netwerk_soort.gexf"].decode()
    assert "venster: 2024-01-01 tot 2026-01-01" in gexf


def test_too_few_households_have_no_files_and_the_reason_is_told(opdracht, tmp_path):
    pakket = make_example(tmp_path / "pakket", huishoudens=21, seed=11)
    code, uit = opdracht("netwerk", pakket, "--uit", tmp_path / "n")
    assert code == OnthullingsFout.exitcode
    assert "minder dan 30 huishoudens" in uit
    assert "geen banden" not in uit
    assert not (tmp_path / "n").exists()


def test_the_command_inside_marks_its_files_and_has_professionals(opdracht, pakketten, tmp_path):
    code, uit = opdracht(
        "netwerk", pakketten[KLEIN], "--uit", tmp_path / "n", "--intern", "--formaat", "graphml,csv"
    )
    assert code == 0
    assert "INTERN: exacte cijfers" in uit
    paden = [pad for pad in tmp_path.rglob("*") if pad.is_file()]
    assert paden
    assert all(pad.name.startswith("intern-") for pad in paden)
    (graphml,) = [pad for pad in paden if pad.suffix == ".graphml"]
    assert "professionals" in graphml.read_text(encoding="utf-8")


# The real case log


@pytest.mark.skipif(not LOG.is_file(), reason="het zaaklog staat niet naast de projectmap")
def test_the_real_log_shows_organisations_only_and_says_why(opdracht, tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "user_data_path", lambda _: tmp_path / "gebruiker")
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    map_ = tmp_path / "zaaklog"
    run_import(MAPPING, LOG, map_)
    assert opdracht("sleutel", "maak", map_)[0] == 0
    studie = tks.Study.open(map_)
    netwerk, vergelijking, overleg = studie.netwerkanalyse()
    geheel = netwerk.schattingen[netwerk.schattingen["uitsplitsing"].eq("")].set_index("maat")
    for maat in ("professionals", "paren", "dichtheid", "clustering_opsahl"):
        assert pd.isna(geheel.loc[maat, "schatting"])
        assert geheel.loc[maat, "methode"].startswith("professionals zijn personen")
    assert geheel.loc["professionals_per_huishouden", "schatting"] == pytest.approx(1.7, abs=0.05)
    assert set(netwerk.reeksen["label"].str.replace(r" \d+$", "", regex=True)) <= {"overig", "Organisatie"}
    assert 5 <= studie.netwerk(per="organisatie").number_of_nodes() < 15
    with pytest.raises(OnthullingsFout, match="professionals zijn personen"):
        studie.netwerk(per="professional")
    assert "alleen binnen getoetst" in vergelijking.reden_nvt
    assert overleg.reden_nvt.startswith("de tabel overleg is niet geleverd")
