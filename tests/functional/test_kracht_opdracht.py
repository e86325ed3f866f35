"""`tks kracht` and `tks.kracht`: the smallest p first, then what can be found; the same in every way out."""

from __future__ import annotations

import csv
import re

import pytest
from typer.testing import CliRunner

import toekomstscenario_eval as tks
from toekomstscenario_eval import cli
from toekomstscenario_eval.document.document import VAST, Figuur, Tabel, all_nodes, output_from_mime
from toekomstscenario_eval.errors import GebruikFout

SNEL = ["--simulaties", "200"]


def draai(*woorden: str):
    return CliRunner().invoke(cli.app, ["kracht", *woorden])


@pytest.fixture(scope="module")
def plan():
    return tks.kracht(simulaties=200)


def tabel(uit, begin: str) -> Tabel:
    (gevonden,) = [b for b in uit.blokken if isinstance(b, Tabel) and b.bijschrift.startswith(begin)]
    return gevonden


def test_the_usual_plan_is_that_of_the_field(plan):
    assert plan.vrijgave == VAST
    assert output_from_mime(plan.to_mime()) == plan
    teksten = [b.inhoud[0].tekst for b in plan.blokken[:4]]
    assert teksten[0].startswith("Plan: 11 proeftuinen en 3 vergelijkingsregio's, 100 huishoudens per regio")
    assert "Golven van 4, 4, 3 proeftuinen, in 4 perioden" in teksten[0]
    # Known before anything else.
    assert teksten[1] == "Naast elkaar: 364 toewijzingen; de kleinste p die kan is 0,0027."
    assert teksten[3].startswith("Gespreide start: 20.000 willekeurig getrokken toewijzingen")


def test_table_curve_and_text_alternative_say_the_same(plan):
    kleinste = tabel(plan, "Kleinste toename")
    (figuur,) = [b for b in plan.blokken if isinstance(b, Figuur)]
    for rij in kleinste.rijen:
        assert f"{rij[0].tekst} haalt 80,0% bij {rij[3].tekst}." in figuur.alt
        assert rij[0].tekst in figuur.svg
    assert figuur.gegevens == tabel(plan, "Kans om een toename")
    assert tabel(plan, "Als het plan").rijen[0][1:] == tuple(
        type(rij[3])(rij[3].tekst, rechts=True) for rij in kleinste.rijen
    )
    delen = [float(c.tekst.rstrip("%").replace(",", ".")) for c in tabel(plan, "Waar").rijen[0][1:]]
    assert sum(delen) == pytest.approx(100, abs=0.2)


def test_too_few_regions_have_an_interval_and_hear_how_many_are_needed():
    uit = tks.kracht(3, 1, simulaties=200)
    assert not any(isinstance(node, Figuur) for node in all_nodes(uit.blokken))
    tekst = uit.blokken[1].inhoud[0].tekst
    assert "4 toewijzingen; de kleinste p die kan is 0,25" in tekst
    assert tekst.endswith("Vanaf 4 vergelijkingsregio's kan het wel.")
    assert "kan niet" in [c.tekst for c in tabel(uit, "Kleinste").rijen[0]]
    assert all(c.tekst.startswith("±") for c in tabel(uit, "Als het plan").rijen[0][1:])
    # And that is so.
    assert "kan niet" not in [c.tekst for c in tabel(tks.kracht(3, 4, simulaties=200), "Kleinste").rijen[0]]


def test_the_command_writes_the_same_numbers(tmp_path):
    uit = draai("--golven", "2,2", "--maat", "aantal", *SNEL, "--uit", str(tmp_path / "plan"))
    assert uit.exit_code == 0, uit.output
    pagina = (tmp_path / "plan" / "kracht.html").read_text(encoding="utf-8")
    with (tmp_path / "plan" / "kracht.csv").open(encoding="utf-8", newline="") as regels:
        rijen = list(csv.DictReader(regels))
    namen = list(dict.fromkeys(r["vergelijking"] for r in rijen))
    assert namen == [
        "Naast elkaar",
        "Voor en na",
        "Gespreide start",
    ]
    for naam in namen:
        assert naam in pagina
        assert naam in uit.output
    (cannot,) = [r for r in rijen if r["vergelijking"] == "Voor en na"]
    assert (cannot["toewijzingen"], cannot["kleinste_p"], cannot["verschil"]) == ("16", "0.125", "")
    for r in rijen:
        if r["verschil"] and r["vergelijking"] == "Naast elkaar":
            kans = f"{100 * float(r['kans_simulatie']):.1f}%".replace(".", ",")
            assert re.search(rf"\| +{kans}", uit.output)


def test_cases_of_one_study():
    uit = tks.kracht(casussen=21, tegenover=103)
    eerste = uit.blokken[0].inhoud[0].tekst
    assert "op 19,6 procentpunt na bekend" in eerste
    assert "bij 13,3% van de huishoudens" in eerste
    precies = tabel(uit, "Hoe precies")
    assert {rij[-1].tekst for rij in precies.rijen} == {"niet openbaar: minder dan 30 huishoudens"}
    (zeldzaam,) = [r for r in tabel(uit, "Wat zelden").rijen if r[0].tekst == "1 op de 100"]
    assert [c.tekst for c in zeldzaam[1:]] == ["19,0%", "299"]
    assert len(tabel(tks.kracht(casussen=21, intern=True), "Hoe precies").kop) == 4
    groot = tabel(tks.kracht(casussen=3000), "Kleinste verschil")
    assert groot.rijen[0][2].tekst == "niet berekend"
    assert groot.noten[-1].endswith("1.500 huishoudens per groep berekend.")


def test_the_command_tells_of_cases(tmp_path):
    uit = draai("--casussen", "21", "--richting", "afname", "--uit", str(tmp_path))
    assert uit.exit_code == 0, uit.output
    assert "Kans om een afname vanaf 35,0% te vinden" in uit.output
    assert (tmp_path / "kracht.csv").read_text().splitlines()[1].startswith("aandeel,,,0.0,0.05,")


@pytest.mark.parametrize(
    ("woorden", "zin"),
    [
        (["--proeftuinen", "0"], "Waar: proeftuinen"),
        (["--spreiding", "-1"], "Waar: spreiding"),
        (["--basis", "1.2"], "een aandeel tussen 0 en 1"),
        (["--proeftuinen", "10", "--golven", "4,4,3"], "4 + 4 + 3 = 11"),
        (["--proeftuinen", "4", "--perioden", "3"], "perioden horen bij golven"),
        (["--richting", "afnam"], "Bedoelt u 'afname'?"),
        (["--maat", "aantl"], "Bedoelt u 'aantal'?"),
        (["--simulaties", "1"], "van 200 tot en met 50000"),
        (["--beleid", "geen"], "het beleid 'geen' bestaat niet"),
        (["--tegenover", "20"], "tegenover hoort bij casussen"),
        (["--casussen", "21", "--golven", "4,4,3", "--spreiding", "0.1"], "Waar: golven, spreiding"),
        (["--casussen", "21", "--maat", "aantal"], "om een aandeel"),
        (["--casussen", "0"], "Waar: casussen"),
        (["--casussen", "21", "--kans", "1"], "Waar: kans"),
    ],
)
def test_what_cannot_be_is_refused_in_words(woorden, zin):
    uit = draai(*woorden)
    assert isinstance(uit.exception, GebruikFout)
    assert zin in uit.exception.tekst()


def test_few_households_are_not_public_by_region():
    laag = tks.kracht(6, 3, 20, simulaties=200).blokken[-1].items
    assert any("vanaf 300 huishoudens in het geheel; in dit plan zijn het er 180" in i[0].tekst for i in laag)
    hoog = tks.kracht(6, 3, 20, simulaties=200, intern=True).blokken[-1].items
    assert not any("300" in i[0].tekst for i in hoog)


def test_a_count_reads_as_a_count():
    uit = tks.kracht(8, 4, maat="aantal", overspreiding=2.0, richting="afname", simulaties=200)
    kleinste = tabel(uit, "Kleinste afname")
    assert "procentpunt" not in str(kleinste.rijen)
    assert any("Overspreiding 4" in r[0].tekst for r in tabel(uit, "Als het plan").rijen)
