"""What a notebook gets in hand: the short import, cards, populations, curves, differences, graphs."""

# ruff: noqa: E501 (a message stands on one line)
from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

import toekomstscenario_eval as tks
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.document.document import VAST, Alinea, Definities, Figuur, Tabel, flat_text
from toekomstscenario_eval.document.format import MINUS, day, interval, last_day, number
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import NIET, TOON, Vorm

NETWERK = "samenwerkingsnetwerk"


@pytest.fixture(scope="module")
def studie(voorbeeldpakket):
    return tks.Study.open(voorbeeldpakket)


@pytest.fixture(scope="module")
def binnen(voorbeeldpakket):
    return tks.Study.open(voorbeeldpakket, intern=True)


@pytest.fixture(scope="module")
def vrijgave(studie):
    return studie.bundel(
        studie.bereken("duo_duur", per=("proeftuin_soort", "proeftuin")),
        studie.bereken("duo_duur", periode="jaar", per="proeftuin_soort"),
        studie.bereken("professionals_per_huishouden", per="proeftuin_soort"),
        studie.bereken(
            "professionals_per_huishouden", telling="gelijktijdig_gemiddeld", per="proeftuin_soort"
        ),
        studie.bereken("aandeel_ots", per="proeftuin_soort"),
    )


# The short import


def test_every_export_is_there_and_no_other():
    for naam in tks.__all__:
        assert getattr(tks, naam) is not None
    assert set(tks.__all__) <= set(dir(tks))
    with pytest.raises(
        AttributeError, match=re.escape("module 'toekomstscenario_eval' has no attribute 'tabbel'")
    ):
        _ = tks.tabbel


def test_import_alone_loads_nothing_but_itself():
    code = "import sys; voor = set(sys.modules); import toekomstscenario_eval as t; t.__version__; dir(t); print(sorted(m for m in set(sys.modules) - voor if '.' not in m))"
    uit = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    geladen = set(re.findall(r"'(\w+)'", uit.stdout))
    assert "toekomstscenario_eval" in geladen
    assert not {m for m in geladen if m not in sys.stdlib_module_names} - {"toekomstscenario_eval"}


@pytest.mark.traag
def test_type_checkers_see_the_exports_and_nothing_else(tmp_path):
    api = pytest.importorskip("mypy.api", reason="mypy is niet geïnstalleerd")
    pad = tmp_path / "notitie.py"
    pad.write_text("import toekomstscenario_eval as tks\nreveal_type(tks.kaart)\ntks.tabbel\n")
    wortel = Path(tks.__file__).parents[1]
    regels, _, _ = api.run(
        [
            "--config-file",
            str(wortel / "pyproject.toml"),
            "--follow-imports",
            "silent",
            "--cache-dir",
            str(tmp_path / "cache"),
            str(pad),
        ]
    )
    assert 'Revealed type is "def (indicator: str) -> toekomstscenario_eval.' in regels.replace(
        "builtins.", ""
    )
    assert 'Module has no attribute "tabbel"' in regels


# The definition card


@pytest.mark.parametrize("naam", registry.all_indicators())
def test_card_is_fixed_text_and_complete(naam):
    uitvoer = tks.kaart(naam)
    assert uitvoer.vrijgave == VAST
    (blok,) = uitvoer.blokken
    assert isinstance(blok, Definities)
    termen = {term: flat_text(uitleg) for term, uitleg in blok.items}
    card = registry.find(naam).card
    assert termen["Vraag"] == card.vraag
    assert termen["Noemer"] == card.noemer
    assert {f"Keuze: {p}" for p in card.params} <= set(termen)


def test_card_of_an_unknown_indicator_is_refused():
    with pytest.raises(GebruikFout) as fout:
        tks.kaart("duo_duurr")
    assert fout.value.wat == "de indicator 'duo_duurr' bestaat niet"
    assert "Bedoelt u 'duo_duur'?" in fout.value.herstel


# The population


def test_population_gives_households_and_reasons(vrijgave):
    zin, weg = tks.populatie(vrijgave, "aandeel_ots").blokken
    geheel = vrijgave.resultaat("aandeel_ots").schattingen
    n = geheel.loc[geheel["uitsplitsing"].eq(""), "n"].iloc[0]
    assert flat_text(zin.inhoud).endswith(f"Huishoudens achter de cijfers: {number(n, Vorm.TELLING)}.")
    # A stand has a day, and no window.
    dag = day(last_day(vrijgave.resultaat("aandeel_ots").venster))
    assert f"Stand op {dag}." in flat_text(zin.inhoud)
    assert "Venster" not in flat_text(zin.inhoud)
    assert isinstance(weg, Tabel)
    assert [rij[0].tekst for rij in weg.rijen] == [
        "18 jaar of ouder",
        "geboortejaar onbekend",
        "huishouden niet in het onderzoek op de meetdag",
    ]


def test_population_says_when_nothing_was_left_out(studie):
    vrijgave = studie.bundel(studie.bereken("professionals_per_huishouden"))
    _, weg = tks.populatie(vrijgave, "professionals_per_huishouden").blokken
    assert weg == Alinea(weg.inhoud)
    assert flat_text(weg.inhoud) == "Er bleef niets buiten de telling, of bij enkele huishoudens."


def test_population_by_period_has_no_single_number(vrijgave):
    zin, _ = tks.populatie(vrijgave, "duo_duur[per jaar]").blokken
    assert "Huishoudens achter de cijfers" not in flat_text(zin.inhoud)


def test_population_of_a_whole_that_is_not_shown_has_no_number(tmp_path):
    """Of fifteen households nothing is published, not even that there are fifteen."""
    studie = tks.Study.open(make_example(tmp_path / "klein", huishoudens=15, seed=1))
    r = studie.bereken("duo_duur")
    assert r.schattingen["weergave"].eq(NIET).all()
    assert r.schattingen[["schatting", "teller", "noemer"]].isna().all(axis=None)
    zin, *_ = tks.populatie(r).blokken
    assert flat_text(zin.inhoud).endswith("Huishoudens achter de cijfers: niet getoond.")


# Curves by group


def test_curve_by_group_holds_every_group(binnen):
    r = binnen.bereken("duo_duur", per="proeftuin_soort")
    (figuur,) = tks.figuur(r, per="proeftuin_soort", curve=True).blokken
    assert isinstance(figuur, Figuur)
    wie = "Proeftuinen: alle dagen van het venster"
    assert figuur.bijschrift == f"Duur van het duo: deel dat nog loopt, met 95%-band. {wie}"
    assert {rij[0].tekst for rij in figuur.gegevens.rijen} == {"Proeftuin", "Vergelijkingsregio"}
    assert "Proeftuin: mediaan" in figuur.alt
    assert "Vergelijkingsregio: mediaan" in figuur.alt
    assert figuur.gegevens.noten == ()


def test_in_public_a_group_without_a_curve_is_named(vrijgave):
    """Some thirty households of the comparison regions had a duo; a curve takes a hundred."""
    (figuur,) = tks.figuur(vrijgave, "duo_duur", per="proeftuin_soort", curve=True).blokken
    assert {rij[0].tekst for rij in figuur.gegevens.rijen} == {"Proeftuin"}
    reden = "Geen curve, want daarvoor zijn er te weinig gegevens: Vergelijkingsregio."
    assert figuur.gegevens.noten == (reden,)
    assert reden in figuur.alt


def test_without_curve_groups_are_dots_and_the_whole_is_a_curve(vrijgave):
    (stippen,) = tks.figuur(vrijgave, "duo_duur", per="proeftuin_soort").blokken
    label = registry.find("duo_duur").card.maten["mediaan"].label
    wie = "Proeftuinen: alle dagen van het venster"
    assert stippen.bijschrift == f"{label} per soort regio, met 95%-interval. {wie}"
    assert tks.figuur(vrijgave, "duo_duur").blokken == tks.figuur(vrijgave, "duo_duur", curve=True).blokken


@pytest.mark.parametrize(
    ("sleutel", "keuze", "wat"),
    [
        ("aandeel_ots", {"per": "proeftuin_soort"}, "van aandeel_ots is geen curve te maken"),
        ("duo_duur[per jaar]", {}, "van duo_duur[per jaar] is geen curve te maken"),
        ("duo_duur", {"per": "proeftuin"}, "zoveel curven in één figuur zijn niet uit elkaar te houden"),
        ("duo_duur", {"per": "gezinsprofiel"}, "duo_duur is niet uitgesplitst naar 'gezinsprofiel'"),
        ("duo_duur", {"maat": "langer_90"}, "een curve toont geen aparte maat"),
    ],
)
def test_curve_that_does_not_fit_is_refused(vrijgave, sleutel, keuze, wat):
    with pytest.raises(GebruikFout) as fout:
        tks.figuur(vrijgave, sleutel, curve=True, **keuze)
    assert fout.value.wat == wat


# Differences between groups


def test_difference_is_that_of_the_released_estimates(vrijgave):
    vooraf, waarschuwing, tabel = tks.verschil(vrijgave, "professionals_per_huishouden").blokken
    assert flat_text(vooraf.inhoud) == (
        "Professionals per huishouden: geen verschil tussen Proeftuin en Vergelijkingsregio met de regio als "
        "eenheid, want cijfers van regio's apart zijn hier niet berekend of niet openbaar."
    )
    assert "te zeker voor een conclusie over proeftuinen" in flat_text(waarschuwing.inhoud)
    assert tabel.bijschrift == (
        "Professionals per huishouden: verschil over huishoudens naar soort regio, Proeftuin min "
        "Vergelijkingsregio"
    )
    rijen = vrijgave.resultaat("professionals_per_huishouden").schattingen
    rijen = rijen[rijen["uitsplitsing"].eq("proeftuin_soort") & rijen["maat"].eq("gemiddelde")]
    los = rijen.set_index("groep")["schatting"]
    maat, verschil, _, g = (cel.tekst for cel in tabel.rijen[0])
    assert maat == registry.find("professionals_per_huishouden").card.maten["gemiddelde"].label
    assert verschil == number(los["proeftuin"] - los["vergelijking"], Vorm.GETAL)
    # Hedges' g goes with the mean only, and has the sign of the difference.
    assert re.fullmatch(rf"{MINUS}?\d+,\d\d \(.* – .*\)", g)
    assert g.startswith(MINUS) == verschil.startswith(MINUS)
    assert [rij[3].tekst for rij in tabel.rijen[1:]] == ["niet van toepassing"] * (len(tabel.rijen) - 1)


def test_swapping_the_groups_turns_the_sign(vrijgave):
    heen = tks.verschil(vrijgave, "professionals_per_huishouden").blokken[-1].rijen[0]
    terug = (
        tks.verschil(vrijgave, "professionals_per_huishouden", a="Vergelijkingsregio", b="Proeftuin")
        .blokken[-1]
        .rijen[0]
    )
    assert {heen[1].tekst.lstrip(MINUS)} == {terug[1].tekst.lstrip(MINUS)}
    assert heen[1].tekst.startswith(MINUS) != terug[1].tekst.startswith(MINUS)


def test_difference_with_itself_is_zero(studie):
    vrij = studie.bundel(studie.bereken("aandeel_duo", per="proeftuin_soort"))
    rij = tks.verschil(vrij, "aandeel_duo", b="Proeftuin").blokken[0].rijen[0]
    assert rij[1].tekst == number(0, Vorm.PROCENTPUNT)
    assert rij[2].tekst != interval(0, 0, Vorm.PROCENTPUNT)


def test_groups_that_are_not_shown_give_no_difference(studie):
    r = studie.bereken("aandeel_duo", per="proeftuin")
    regels = r.schattingen[r.schattingen["uitsplitsing"].eq("proeftuin")]
    dicht = regels.loc[regels["weergave"].ne(TOON), "groep"].iloc[0]
    open_ = regels.loc[regels["weergave"].eq(TOON), "groep"].iloc[0]
    (tabel,) = tks.verschil(r, per="proeftuin", a=dicht, b=open_).blokken
    assert not any(teken.isdigit() for cel in tabel.rijen[0][1:] for teken in cel.tekst)


@pytest.mark.parametrize(
    ("sleutel", "keuze", "wat"),
    [
        ("duo_duur[per jaar]", {}, "van duo_duur[per jaar] is geen verschil te maken"),
        ("duo_duur", {"a": "Proeftuinen"}, "duo_duur heeft bij 'proeftuin_soort' geen groep 'Proeftuinen'"),
        ("duo_duur", {"per": "gezinsprofiel"}, "duo_duur is niet uitgesplitst naar 'gezinsprofiel'"),
    ],
)
def test_difference_that_cannot_be_made_is_refused(vrijgave, sleutel, keuze, wat):
    with pytest.raises(GebruikFout) as fout:
        tks.verschil(vrijgave, sleutel, **keuze)
    assert fout.value.wat == wat


@pytest.mark.parametrize("toon", [tks.tabel, tks.figuur, tks.zin, tks.verschil, tks.populatie])
def test_a_result_is_shown_and_nothing_that_was_taken_from_it(studie, toon):
    r = studie.bereken("aandeel_ots", per="proeftuin_soort")
    assert toon(r).blokken == toon(studie.bundel(r), "aandeel_ots").blokken
    for los in (r.schattingen, r.schattingen.to_dict(), r.publiek[""]):
        with pytest.raises(OnthullingsFout, match="alleen een resultaat of een bundel kan worden getoond"):
            toon(los, "aandeel_ots")


def test_public_and_exact_results_never_stand_beside_each_other(studie, binnen):
    een, twee = studie.bereken("aandeel_duo"), binnen.bereken("aandeel_ots")
    for s in (studie, binnen):
        with pytest.raises(GebruikFout, match="openbare en interne resultaten staan nooit bij elkaar"):
            s.bundel(een, twee)
    assert binnen.bundel(twee).id.startswith("intern-")
    assert not studie.bundel(een).id.startswith("intern-")


def test_releasing_by_hand_is_refused_with_what_to_do(studie):
    with pytest.raises(GebruikFout, match="geef_vrij bestaat niet meer") as fout:
        studie.geef_vrij(studie.bereken("aandeel_duo"))
    assert "studie.bundel" in fout.value.herstel


# The network in hand


def test_graph_has_the_counts_of_the_network_result(binnen):
    cijfers = binnen.bereken(NETWERK).schattingen
    maten = cijfers[cijfers["uitsplitsing"].eq("")].set_index("maat")["schatting"]
    professionals = binnen.netwerk(per="professional")
    assert isinstance(professionals, nx.Graph)
    assert professionals.number_of_nodes() == maten["professionals"]
    assert professionals.number_of_edges() == maten["paren"]
    assert nx.density(professionals) == pytest.approx(maten["dichtheid"])
    assert binnen.netwerk(per="organisatie").number_of_nodes() == maten["organisaties"]


def test_graph_of_kinds_has_the_pairs_of_the_figure(binnen):
    graaf = binnen.netwerk()
    punten = binnen.bereken(NETWERK).reeksen
    punten = punten[punten["reeks"].eq("soortparen") & ~punten["onderdrukt"]]
    for rij in punten.to_dict("records"):
        assert graaf.edges[rij["label"], rij["ander"]]["gedeeld"] == rij["n"]


def test_graph_carries_numbers_and_kinds_and_no_pseudonym(binnen):
    for per in ("organisatie", "professional"):
        assert all(isinstance(knoop, int) for knoop in binnen.netwerk(per=per))
    soorten = set(nx.get_node_attributes(binnen.netwerk(per="organisatie"), "soort").values())
    assert soorten == set(binnen.netwerk().nodes)
    mensen = binnen.netwerk(per="professional")
    assert set(nx.get_node_attributes(mensen, "soort").values()) <= soorten
    assert all(isinstance(o, int) for o in nx.get_node_attributes(mensen, "organisatie").values())


def test_graph_of_a_shorter_window_is_part_of_the_whole(binnen):
    geheel, deel = binnen.netwerk(), binnen.netwerk(van="2025-07-01", tot="2025-09-01")
    assert set(deel.edges) <= set(geheel.edges)
    assert all(deel.edges[e]["gedeeld"] <= geheel.edges[e]["gedeeld"] for e in deel.edges)
    assert deel.size("gedeeld") < geheel.size("gedeeld")


def test_unknown_kind_of_node_is_refused(binnen):
    with pytest.raises(GebruikFout) as fout:
        binnen.netwerk(per="organisaties")
    assert fout.value.wat == "een netwerk per 'organisaties' bestaat niet"
    assert fout.value.herstel == "Bedoelt u 'organisatie'?"


def test_package_without_the_tables_of_a_network_is_refused(voorbeeldpakket, tmp_path):
    map_ = Path(shutil.copytree(voorbeeldpakket, tmp_path / "zonder"))
    pad = map_ / "datapackage.json"
    beschrijving = json.loads(pad.read_text(encoding="utf-8"))
    weg = ("betrokkenheid", "contact", "overleg_deelname")
    beschrijving["resources"] = [r for r in beschrijving["resources"] if r["name"] not in weg]
    pad.write_text(json.dumps(beschrijving), encoding="utf-8")
    with pytest.raises(GebruikFout) as fout:
        tks.Study.open(map_, intern=True).netwerk()
    assert fout.value.wat == "van dit pakket is geen netwerk te maken"
    assert fout.value.kreeg == "de tabel betrokkenheid is niet geleverd"
