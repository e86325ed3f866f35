"""From a number back to its source, and from two reports to what differs and why."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from toekomstscenario_eval import cli
from toekomstscenario_eval.errors import GebruikFout, InvoerFout
from toekomstscenario_eval.making.conductor import _background
from toekomstscenario_eval.provenance import changes as vergelijken
from toekomstscenario_eval.provenance import manifest
from toekomstscenario_eval.provenance import trace as herleiden
from toekomstscenario_eval.report.plan import Plan
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.study import Study

INDICATOREN = ("aandeel_duo", "aandeel_ots")
PER = ("proeftuin", "proeftuin_soort")


def klein(
    pakket: Path, *, beleid: str = "standaard", intern: bool = False, wijzig=lambda resultaat: resultaat
) -> dict:
    """The manifest of a small report: two indicators and the counts of the package."""
    studie = Study.open(pakket, beleid=beleid, intern=intern)
    resultaten = [wijzig(studie.bereken(naam, per=PER)) for naam in INDICATOREN]
    vrijgave = studie.bundel(*resultaten, *studie.feiten())
    rapport = Report(vrijgave, Plan(), _background(studie, vrijgave, pakket, None, beleid))
    return json.loads(manifest.to_bytes(manifest.make(rapport)))


@pytest.fixture(scope="module")
def oud(voorbeeldpakket) -> dict:
    return klein(voorbeeldpakket)


@pytest.fixture(scope="module")
def binnen(voorbeeldpakket) -> dict:
    return klein(voorbeeldpakket, intern=True)


@pytest.fixture(scope="module")
def vrijgegeven(voorbeeldpakket):
    """One public result."""
    return Study.open(voorbeeldpakket).bereken("aandeel_duo")


@pytest.fixture(scope="module")
def nieuwe_rij(voorbeeldpakket, tmp_path_factory) -> Path:
    """The same package without the duo of some households: one file differs."""
    map_ = tmp_path_factory.mktemp("ander") / "pakket"
    shutil.copytree(voorbeeldpakket, map_)
    pad = map_ / "betrokkenheid.csv"
    regels = pad.read_text(encoding="utf-8").splitlines()
    pad.write_text("\n".join(regels[:-400]) + "\n", encoding="utf-8")
    return map_


def een_getal(m: dict, sleutel: str = "aandeel_duo", per: str = "") -> dict:
    r = next(r for r in m["resultaten"] if r["sleutel"] == sleutel)
    return next(g for g in r["getallen"] if g["uitsplitsing"] == per)


def test_a_number_leads_to_its_definition_window_choices_input_and_release(oud):
    uit = dict(herleiden.trace(oud, een_getal(oud)["getal_id"]))
    assert uit["Getal"].startswith("Aandeel met een duo, geheel: ")
    assert uit["Indicator"] == "aandeel_duo (Aandeel huishoudens met een duo)"
    assert uit["Definitie"].startswith("versie 1.")
    assert uit["Venster"] == "2024-01-01 tot 2026-01-01"
    assert uit["Invoer betrokkenheid"] == "betrokkenheid.csv"
    assert "Invoer maatregel" not in uit
    assert oud["vrijgave"] in uit["Vrijgave"]
    assert uit["Vrijgave"].endswith("beleid standaard, epoche 2026-01-01")
    assert uit["Vingerafdruk"].startswith(oud["pakket"]["vingerafdruk"])
    assert "alleen met de sleutel na te rekenen" in uit["Vingerafdruk"]


def test_inside_a_number_leads_to_the_hash_of_its_files(binnen):
    uit = dict(herleiden.trace(binnen, een_getal(binnen)["getal_id"]))
    bestand = next(b for b in binnen["pakket"]["bestanden"] if b["tabel"] == "betrokkenheid")
    assert uit["Invoer betrokkenheid"] == f"betrokkenheid.csv, SHA-256 {bestand['sha256']}"
    assert uit["Vrijgave"] == f"{binnen['vrijgave']}: exact, niet om te publiceren"
    assert "Vingerafdruk" not in uit


def test_other_numbers_of_a_row_have_the_id_of_the_row_and_a_name(oud):
    getal = een_getal(oud)
    uit = dict(herleiden.trace(oud, f"{getal['getal_id']}.n"))
    # Drawn: within six of 2,500.
    assert uit["Gevraagd: n"] == f"{getal['n']:,}".replace(",", ".")
    assert abs(getal["n"] - 2500) <= 6


def test_a_number_that_is_not_shown_leads_to_its_source_and_the_reason(oud):
    weg = next(g for r in oud["resultaten"] for g in r["getallen"] if g["onderdrukt"])
    uit = dict(herleiden.trace(oud, weg["getal_id"]))
    assert uit["Getal"].endswith(": niet getoond")
    assert uit["Waarom niet getoond"] == weg["methode"] != ""
    assert not {"95%-interval", "Huishoudens", "Teller", "Methode"} & set(uit)


@pytest.mark.parametrize(
    ("weergave", "leest"),
    [
        ("weinig", "minder dan 10 van 103"),
        ("nul", "0 of enkele van 103"),
        ("bijna", "op minder dan 10 na alle 103"),
        ("alle", "alle 103, op 0 of enkele na"),
    ],
)
def test_a_number_between_two_bounds_reads_as_in_the_report(oud, weergave, leest):
    m = json.loads(json.dumps(oud))
    rij = een_getal(m)
    rij |= {
        "weergave": weergave,
        "n": 103,
        **dict.fromkeys(("schatting", "ondergrens", "bovengrens", "teller")),
    }
    uit = dict(herleiden.trace(m, rij["getal_id"]))
    assert uit["Getal"] == f"Aandeel met een duo, geheel: {leest}"
    assert uit["Huishoudens"] == "103"
    assert not {"95%-interval", "Teller"} & set(uit)
    verschil = next(v for v in vergelijken.compare(oud, m).differences if v.getal_id == rij["getal_id"])
    assert (verschil.soort, verschil.nieuw) == ("gewijzigd", leest)
    assert verschil.old.endswith("%")


def test_a_bare_count_between_two_bounds_has_no_number_of_households(oud):
    m = json.loads(json.dumps(oud))
    rij = een_getal(m, "lege_velden", "veld")
    rij |= {"weergave": "weinig", "onderdrukt": False, "schatting": None}
    assert dict(herleiden.trace(m, rij["getal_id"]))["Getal"].endswith(": bij minder dan 10 huishoudens")


def test_numerator_and_denominator_stand_only_beside_the_number_that_they_give(oud):
    m = json.loads(json.dumps(oud))
    rij = een_getal(m) | {"noemer": 100, "teller": 40.0, "schatting": 0.4}
    r = next(r for r in m["resultaten"] if r["sleutel"] == "aandeel_duo")
    assert {"Teller", "Noemer"} <= dict(herleiden.counts(r, rij)).keys()
    anders = dict(herleiden.counts(r, rij | {"schatting": 0.59}))
    assert not {"Teller", "Noemer", "Gecensureerd"} & anders.keys()
    # A share of what may last longer than was seen: its counts, by the names that a table gives them.
    duur = dict(herleiden.counts(r | {"soort": "duur"}, rij | {"schatting": 0.59, "gecensureerd": 20}))
    assert (duur["Perioden"], duur["Afgelopen"], duur["Gecensureerd"]) == ("100", "40", "20")


def test_of_a_tie_with_few_households_no_number_is_told(oud):
    r = {"soort": "netwerk", "drempel": 10, "vormen": {"reeksen": {"domeinbanden": {"waarde": "aandeel"}}}}
    band = {"reeks": "domeinbanden", "waarde": 0.069, "ondergrens": 0.4, "bovengrens": None, "n": 7}
    for deel in ("", "n", "waarde", "ondergrens", "interval"):
        assert herleiden.shown(r, band, deel) == "minder dan 10"
    assert herleiden.shown(r, band | {"n": 12}) == "6,9%"


def test_an_unknown_id_is_refused_with_the_nearest(oud):
    goed = een_getal(oud)["getal_id"]
    with pytest.raises(GebruikFout, match=f"Bedoelt u '{goed}'"):
        herleiden.find(oud, goed[:-1] + ("0" if goed[-1] != "0" else "1"))
    with pytest.raises(GebruikFout, match="zoek in de HTML-versie het getal op"):
        herleiden.find(oud, "zomaar")


def test_a_number_of_no_estimand_carries_its_own_form(vrijgegeven):
    """A mean number is no share, days are whole, and the bounds of a tie are a share and days."""

    def punt(reeks: str, x: float, waarde: float, **grenzen: float) -> dict:
        vast = {"uitsplitsing": "", "groep": "totaal", "periode": "", "label": "", "ander": "", "n": 50}
        return {"reeks": reeks, "x": x, "waarde": waarde, **vast, **grenzen, "onderdrukt": False}

    punten = [
        punt("mcf", 90, 0.5, ondergrens=0.25, bovengrens=0.75),
        punt("overleving", 90, 0.5, ondergrens=0.25, bovengrens=0.75),
        punt("soortoverdrachten", 1, 0.5, ondergrens=0.25, bovengrens=12.5),
    ]
    reeksen = pd.DataFrame(punten).assign(getal_id=[f"p{i}" for i in range(3)])
    vormen = manifest._forms(replace(vrijgegeven, reeksen=reeksen))
    rijen = [{**rij, "getal_id": f"p{i}"} for i, rij in enumerate(punten)]
    r = {"maten": {}, "soort": "aandeel", "drempel": 10, "vormen": json.loads(json.dumps(vormen))}
    assert [herleiden.shown(r, rij) for rij in rijen] == ["0,50", "50,0%", "50,0%"]
    assert [herleiden.shown(r, rij, "interval") for rij in rijen[:2]] == ["0,25 – 0,75", "25,0 – 75,0%"]
    assert [herleiden.shown(r, rijen[2], veld) for veld in ("ondergrens", "bovengrens", "n")] == [
        "25,0%", "12,50", "50",
    ]  # fmt: skip
    toets = {"toets": "verschil", "schatting": 12.4, "ondergrens": 3.2, "bovengrens": 21.6, "p": 0.01}
    r["vormen"]["toetsen"] = {"verschil": "dagen"}
    assert herleiden.shown(r, toets) == "12"
    assert herleiden.shown(r, toets, "interval") == "3 – 22"
    assert herleiden.shown(r, {**toets, "schatting": None, "statistiek": 3.25}) == "3,25"
    made = {"maat": "m", "schatting": 0.5, "i2": 0.25, "vormen": {"i2": "aandeel", "omvang": "telling"}}
    made |= {"omvang": {"a": 12.6}, "grens_ondergrens": {"a": 0.1}, "grens_bovengrens": {"a": 0.2}}
    r["maten"] = {"m": {"vorm": "getal"}}
    assert [herleiden.shown(r, made, veld) for veld in ("", "i2", "omvang.a", "grens.a")] == [
        "0,50", "25,0%", "13", "0,10 – 0,20",
    ]  # fmt: skip


@pytest.mark.parametrize("vorm", ["map", "bestand", "zip"])
def test_a_report_is_read_as_folder_file_or_archive(oud, tmp_path, vorm):
    pad = tmp_path / "manifest.json"
    pad.write_bytes(manifest.to_bytes(oud))
    if vorm == "zip":
        with zipfile.ZipFile(tmp_path / "r.zip", "w") as z:
            z.write(pad, "rapport/manifest.json")
    keuze = {"map": tmp_path, "bestand": pad, "zip": tmp_path / "r.zip"}[vorm]
    assert manifest.load(keuze) == oud


def test_what_is_no_manifest_is_refused(tmp_path):
    for naam, inhoud, melding in (
        ("weg.json", None, "het manifest is niet te lezen"),
        ("stuk.json", b"{", "het manifest is niet te lezen"),
        ("leeg.zip", b"PK", "het manifest is niet te lezen"),
        ("ander.json", b"{}", "dit is geen manifest van een rapport"),
        ("oud.json", b'{"manifest": 1, "resultaten": []}', "van een andere versie"),
    ):
        if inhoud is not None:
            (tmp_path / naam).write_bytes(inhoud)
        with pytest.raises(InvoerFout, match=melding):
            manifest.load(tmp_path / naam)


def test_the_same_report_has_no_differences(oud):
    uit = vergelijken.compare(oud, oud)
    assert uit.differences == ()
    assert uit.anders == ()
    assert uit.gelijk > 50


def test_in_public_another_delivery_is_named_and_not_which_file(oud, nieuwe_rij):
    uit = vergelijken.compare(oud, klein(nieuwe_rij))
    assert uit.anders == (("gegevens", "andere levering of andere sleutel (de vingerafdruk verschilt)"),)
    assert {v.cause for v in uit.differences if v.soort == "gewijzigd"} == {
        "gegevens (andere levering of sleutel)"
    }


def test_inside_a_changed_input_row_is_named_with_its_table(binnen, nieuwe_rij):
    uit = vergelijken.compare(binnen, klein(nieuwe_rij, intern=True))
    assert uit.anders == (("gegevens", "betrokkenheid: andere inhoud"),)
    duo = [v for v in uit.differences if v.sleutel == "aandeel_duo"]
    assert any(v.wat == "Aandeel met een duo, geheel" and v.old != v.nieuw for v in duo)
    assert {v.cause for v in duo if v.soort == "gewijzigd"} == {"gegevens (betrokkenheid)"}
    # The share of supervision orders does not read the changed table.
    assert not [v for v in uit.differences if v.sleutel == "aandeel_ots"]


def _nieuwe_definitie(resultaat):
    if resultaat.indicator != "aandeel_duo":
        return resultaat
    s = resultaat.schattingen
    anders = s.assign(**{k: s[k] * 0.98 for k in ("schatting", "ondergrens", "bovengrens")})
    return replace(resultaat, card=replace(resultaat.card, versie="9.0"), schattingen=anders)


def test_a_changed_definition_is_named_with_both_versions(oud, voorbeeldpakket):
    uit = vergelijken.compare(oud, klein(voorbeeldpakket, wijzig=_nieuwe_definitie))
    versie = next(r["definitie"] for r in oud["resultaten"] if r["sleutel"] == "aandeel_duo")
    oorzaak = f"definitie (aandeel_duo {versie} → 9.0)"
    assert uit.anders == (("definitie", oorzaak),)
    assert {v.sleutel for v in uit.differences} == {"aandeel_duo"}
    assert {v.cause for v in uit.differences} == {oorzaak}


def test_a_changed_policy_is_named_with_its_rules(oud, voorbeeldpakket):
    streng = klein(voorbeeldpakket, beleid="streng")
    uit = vergelijken.compare(oud, streng)
    assert [soort for soort, _ in uit.anders] == ["beleid"]
    assert uit.anders[0][1].startswith("beleid (standaard → streng, ")
    a, b = (m["beleid"]["regels"] for m in (oud, streng))
    anders = [naam for naam in a if a[naam] != b[naam]]
    assert anders
    assert all(f", {naam} " in uit.anders[0][1] for naam in anders)
    assert uit.differences
    assert {v.cause for v in uit.differences} == {uit.anders[0][1]}


def test_what_is_not_shown_any_more_and_what_now_is(oud):
    dicht = json.loads(json.dumps(oud))
    een_getal(dicht).update(onderdrukt=True, weergave="niet", schatting=None, methode="te klein")
    (heen,), (terug,) = (vergelijken.compare(*paar).differences for paar in ((oud, dicht), (dicht, oud)))
    assert (heen.soort, heen.nieuw, terug.old) == ("niet meer getoond", "niet getoond", "niet getoond")
    assert (terug.soort, terug.nieuw) == ("nu wel getoond", heen.old)


def test_of_a_place_that_is_not_shown_no_number_is_told(oud):
    """Whatever differs in its row: not shown in one it reads so, not shown in both it is no difference."""
    een, twee = (json.loads(json.dumps(oud)) for _ in range(2))
    velden = [k for k, w in een_getal(een).items() if isinstance(w, int | float) and not isinstance(w, bool)]
    assert {"n", "teller", "noemer"} <= set(velden)
    for m, getal in ((een, 0), (twee, 9)):
        een_getal(m).update(dict.fromkeys(velden, getal), onderdrukt=True, weergave="niet", methode="klein")
    assert vergelijken.compare(een, twee).differences == ()
    for paar in ((een, oud), (oud, een)):
        (v,) = vergelijken.compare(*paar).differences
        assert "niet getoond" in (v.old, v.nieuw)
        assert "0" not in (v.old, v.nieuw)


def test_a_number_of_one_group_among_several_is_compared(oud):
    """What designs make holds a number for each site; each of them counts."""
    m = json.loads(json.dumps(oud))
    rij = next(
        a for a in m["afgeleid"] if any(isinstance(w, dict) and w for k, w in a.items() if k != "vormen")
    )
    veld, waarden = next((k, w) for k, w in rij.items() if isinstance(w, dict) and w and k != "vormen")
    groep = next(g for g, w in waarden.items() if isinstance(w, float))
    waarden[groep] += 0.01
    (verschil,) = vergelijken.compare(oud, m).differences
    assert verschil.getal_id == rij["getal_id"]
    assert verschil.wat.endswith(f"({veld}.{groep})")


def test_two_causes_at_once_are_not_told_apart(binnen, nieuwe_rij):
    uit = vergelijken.compare(binnen, klein(nieuwe_rij, intern=True, wijzig=_nieuwe_definitie))
    geheel = next(v for v in uit.differences if v.wat == "Aandeel met een duo, geheel")
    assert geheel.cause.startswith("niet te scheiden: gegevens (betrokkenheid) en definitie (aandeel_duo")


def test_code_choices_and_what_no_manifest_explains(oud):
    def anders(**velden) -> str:
        nieuw = json.loads(json.dumps(oud))
        een_getal(nieuw)["schatting"] += 0.1
        r = next(r for r in nieuw["resultaten"] if r["sleutel"] == "aandeel_duo")
        (nieuw if velden.keys() <= {"code_sha256", "versies"} else r).update(velden)
        (verschil,) = vergelijken.compare(oud, nieuw).differences
        return verschil.cause

    assert anders() == "niet te verklaren uit de manifesten"
    assert anders(bron_sha256="x") == "code (aandeel_duo)"
    assert anders(code_sha256="x") == "code (broncode van het programma)"
    assert anders(versies={**oud["versies"], "duckdb": "9"}).startswith("code (duckdb ")
    assert anders(venster={"begin": "2025-01-01", "eind": "2026-01-01"}).startswith("parameters (venster ")


def test_the_command_prints_writes_and_stops_with_its_own_code(oud, tmp_path):
    nieuw = json.loads(json.dumps(oud))
    een_getal(nieuw)["schatting"] += 0.1
    r = next(r for r in nieuw["resultaten"] if r["sleutel"] == "aandeel_duo")
    nieuw["resultaten"] = [r]
    nieuw["afgeleid"] = []
    for naam, m in (("a.json", oud), ("b.json", nieuw)):
        (tmp_path / naam).write_bytes(manifest.to_bytes(m))
    a, b = str(tmp_path / "a.json"), str(tmp_path / "b.json")
    uit = CliRunner().invoke(cli.app, ["vergelijk", a, b, "--uit", str(tmp_path / "v")])
    assert uit.exit_code == 7
    assert "niet te verklaren uit de manifesten" in uit.output
    tekst = (tmp_path / "v" / "vergelijking.csv").read_text(encoding="utf-8")
    rijen = list(csv.reader(tekst.splitlines()))
    assert rijen[0] == ["Resultaat", "Getal", "Soort", "Oud", "Nieuw", "Oorzaak", "Kenmerk"]
    assert {rij[2] for rij in rijen[1:]} == {"gewijzigd", "verdwenen"}
    pagina = (tmp_path / "v" / "vergelijking.html").read_text(encoding="utf-8")
    assert "Getallen die verschillen" in pagina
    assert "INTERN" not in pagina + uit.output
    assert CliRunner().invoke(cli.app, ["vergelijk", a, a]).exit_code == 0
    getal = een_getal(oud)["getal_id"]
    uit = CliRunner().invoke(cli.app, ["herleid", getal, a])
    assert uit.exit_code == 0
    assert "Aandeel met een duo, geheel" in uit.output


@pytest.mark.parametrize(
    ("was", "wordt", "anders"),
    [
        (0.2, 0.2 * (1 + 2e-9), True),
        (0.2, 0.2 * (1 + 5e-10), False),
        (0.0, 2e-12, True),
        (0.0, 5e-13, False),
    ],
)
def test_a_difference_too_small_to_show_is_told_and_rounding_is_not(oud, was, wordt, anders):
    """More than a billionth of the number (or, beside 0, a trillionth) is another number."""
    een, twee = (json.loads(json.dumps(oud)) for _ in range(2))
    een_getal(een)["schatting"], een_getal(twee)["schatting"] = was, wordt
    uit = vergelijken.compare(een, twee).differences
    assert [(v.old, v.nieuw) for v in uit] == ([(repr(was), repr(wordt))] if anders else [])
