"""Locking a plan: what is stored, what is refused, and what a lock shows of later changes."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date

import pytest

from toekomstscenario_eval import cli
from toekomstscenario_eval.errors import ControleFout, GebruikFout, InvoerFout, OnthullingsFout, UitvoerFout
from toekomstscenario_eval.making.plan_file import require_final, resolve, subgroups
from toekomstscenario_eval.making.plan_lock import lock, place_of
from toekomstscenario_eval.making.plan_reading import load_plan
from toekomstscenario_eval.report.locked_plan import NOT_IN_FILE, PARTS, Deviation, Planned, differences
from toekomstscenario_eval.report.plan import FIELDS, Plan
from toekomstscenario_eval.resources import bundled
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.types import Venster

PLAN = """\
plan:
  vraag: >
    Bij welk deel werkt een duo ("samen"),
    en hoe lang?
  indicatoren: [aandeel_duo, duo_duur]
  ontwerpen:
    - verschil
    - meta
  venster: {begin: 2024-01-01, eind: 2026-01-01}
  populatie: vanaf
  subgroepen: [gezinsprofiel]
  beslisregel: 'Alleen als het interval nul niet bevat: dan een verschil. # anders niet'
"""
DAG = date(2024, 3, 15)


@pytest.fixture
def pad(tmp_path):
    pad = tmp_path / "mijn.yaml"
    pad.write_text(PLAN, encoding="utf-8")
    return pad


@pytest.fixture
def vast(pad):
    """The file with a lock beside it."""
    lock(resolve(load_plan(pad)), pad, DAG)
    return pad


def verander(pad, oud: str, nieuw: str) -> None:
    tekst = pad.read_text(encoding="utf-8")
    assert tekst.count(oud) >= 1
    pad.write_text(tekst.replace(oud, nieuw, 1), encoding="utf-8")


def opdracht(monkeypatch, capsys, *woorden: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["tks", "plan", *woorden])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    gezegd = capsys.readouterr()
    return stop.value.code, gezegd.out, gezegd.err


def test_what_is_locked_is_read_again_as_it_was(vast):
    plan = load_plan(vast)
    assert place_of(vast).name == "mijn.vastgelegd.yaml"
    assert plan.locked.planned == plan.planned == plan.in_force
    assert plan.planned == Planned(
        vraag='Bij welk deel werkt een duo ("samen"), en hoe lang?',
        indicatoren=("aandeel_duo", "duo_duur"),
        ontwerpen=("verschil", "meta"),
        venster=Venster(date(2024, 1, 1), date(2026, 1, 1)),
        populatie="vanaf",
        subgroepen=("gezinsprofiel",),
        beslisregel="Alleen als het interval nul niet bevat: dan een verschil. # anders niet",
    )
    assert (plan.locked.datum, plan.locked.reden, plan.locked.earlier) == (DAG, "", None)
    assert len(plan.locked.sha256) == 64
    assert plan.chosen_beforehand == ("aandeel_duo", "duo_duur")


def test_the_hash_is_of_the_content_and_not_of_its_form(vast):
    eerst = load_plan(vast).locked.sha256
    verander(place_of(vast), "# Het plan", "# Een opmerking\n\n# Het plan")
    verander(place_of(vast), ":\n    - aandeel_duo\n    - duo_duur\n", ": [aandeel_duo,   duo_duur]\n")
    assert load_plan(vast).locked.sha256 == eerst


def test_every_part_and_the_day_and_the_reason_are_in_the_hash(vast):
    vastgelegd = load_plan(vast).locked
    ander = {"vraag": "b", "indicatoren": ("c",), "ontwerpen": (), "subgroepen": (), "beslisregel": "d"}
    ander |= {"venster": Venster(DAG, date(2025, 1, 1)), "populatie": "alle"}
    assert set(ander) == set(PARTS)
    varianten = [
        vastgelegd,
        *(replace(vastgelegd, planned=replace(vastgelegd.planned, **{k: v})) for k, v in ander.items()),
        replace(vastgelegd, datum=date(2024, 3, 16)),
        replace(vastgelegd, reden="e"),
        replace(vastgelegd, earlier=vastgelegd),
    ]
    assert len({variant.sha256 for variant in varianten}) == len(varianten)


@pytest.mark.parametrize(
    ("oud", "nieuw"),
    [
        ("'2024-03-15'", "'2024-03-14'"),
        ("reden: ''", "reden: zomaar"),
        ("- duo_duur", "- aandeel_ots"),
        ("    - meta\n", ""),
        ("hoe lang?", "hoe kort?"),
        ("populatie: vanaf", "populatie: alle"),
        ("'2026-01-01'", "'2025-01-01'"),
        ("    - gezinsprofiel\n", "    - gezinsprofiel\n    - proeftuin_regio\n"),
    ],
)
def test_a_lock_that_was_changed_by_hand_is_refused(vast, oud, nieuw):
    verander(place_of(vast), oud, nieuw)
    with pytest.raises(InvoerFout, match="veranderd nadat het was vastgelegd: sha256 klopt niet") as fout:
        load_plan(vast)
    assert fout.value.waar.startswith("mijn.vastgelegd.yaml, regel ")
    assert "--opnieuw en --reden" in fout.value.herstel


def test_an_earlier_lock_can_not_be_changed_or_left_out_either(vast):
    verander(vast, ", duo_duur", "")
    lock(load_plan(vast), vast, date(2024, 5, 1), again=True, reason="te weinig duo's")
    goed = place_of(vast).read_text(encoding="utf-8")
    verander(place_of(vast), "hoe lang?", "hoe kort?")
    with pytest.raises(InvoerFout, match="sha256 klopt niet"):
        load_plan(vast)
    begin, eind = goed.index("- datum: '2024-03-15'"), goed.index("- datum: '2024-05-01'")
    place_of(vast).write_text(goed[:begin] + goed[eind:], encoding="utf-8")
    with pytest.raises(InvoerFout, match="sha256 klopt niet"):
        load_plan(vast)


@pytest.mark.parametrize(
    ("inhoud", "wat"),
    [
        ("", "het vastgelegde plan is leeg"),
        ("schema: 1\nvastgelegd: []\n", "er staat geen plan in het vastgelegde plan"),
        ("schema: 2\nvastgelegd: []\n", "van een andere versie van het programma"),
        ("schema: 1\n", "'vastgelegd' ontbreekt"),
        ("schema: 1\nvastgelegd: veel\n", "hier hoort een lijst te staan"),
        ("schema: 1\nvastgelegd:\n- datum: x\n", "'reden' ontbreekt"),
        ("schema: [", "het vastgelegde plan is geen geldige YAML"),
    ],
)
def test_a_lock_in_another_form_is_refused(pad, inhoud, wat):
    place_of(pad).write_text(inhoud, encoding="utf-8")
    with pytest.raises(InvoerFout, match=wat):
        load_plan(pad)


@pytest.mark.parametrize(
    ("oud", "nieuw", "wat", "regel", "herstel"),
    [
        ("  populatie:", "  populaties:", "de sleutel 'populaties' is onbekend", 10, "'populatie'"),
        ("vanaf", "vanf", "'vanf' is hier geen keuze", 10, "'vanaf'"),
        ("eind: 2026-01-01", "eind: begin 2026", "geen bestaande datum", 9, "JJJJ-MM-DD"),
        ("eind: 2026-01-01", "eind: 2023-01-01", "het venster is leeg", 9, "na 'begin'"),
        (", eind: 2026-01-01", "", "'eind' ontbreekt", 9, "'eind'"),
        ("[gezinsprofiel]", "{a: b}", "hier hoort een lijst te staan", 11, ""),
        ("[gezinsprofiel]", "[gezinsprofiel, gezinsprofiel]", "staat hier twee keer", 11, ""),
        ("duo_duur]", "duo_duurr]", "'plan > indicatoren' noemt iets", 5, "'duo_duur'"),
        ("- meta", "- metaa", "'plan > ontwerpen' noemt iets dat niet bestaat: metaa", 8, "'meta'"),
        ("- meta", "- gestandaardiseerd_verschil", "'plan > ontwerpen' noemt", 8, "Kies uit"),
        ("[gezinsprofiel]", "[gezinsprofil]", "'plan > subgroepen' noemt", 11, "'gezinsprofiel'"),
    ],
)
def test_what_does_not_exist_has_its_line_and_what_was_meant(pad, oud, nieuw, wat, regel, herstel):
    verander(pad, oud, nieuw)
    with pytest.raises(InvoerFout) as fout:
        resolve(load_plan(pad))
    assert wat in fout.value.wat
    assert fout.value.waar.startswith(f"mijn.yaml, regel {regel}")
    assert herstel in fout.value.herstel


def test_a_plan_may_be_half_written_but_not_be_locked_so(pad):
    pad.write_text("plan:\n  vraag: Werkt het?\n  indicatoren:\n", encoding="utf-8")
    plan = load_plan(pad)
    assert plan.planned == Planned(vraag="Werkt het?")
    with pytest.raises(ControleFout) as fout:
        lock(plan, pad, DAG)
    weg = "indicatoren, ontwerpen, venster, populatie, beslisregel"
    assert fout.value.waar == f"mijn.yaml, veld 'plan': {weg}"
    with pytest.raises(ControleFout):
        lock(Plan(), pad, DAG)
    assert not place_of(pad).exists()


def test_outcomes_stand_in_one_place(pad, vast):
    verander(vast, "plan:", "uitkomsten: [aandeel_duo]\nplan:")
    with pytest.raises(InvoerFout, match="geen 'uitkomsten' ernaast") as fout:
        load_plan(vast)
    assert fout.value.waar == "mijn.yaml, regel 1"


def test_a_changed_plan_is_locked_anew_with_a_reason_and_the_earlier_one_stays(vast):
    plan = load_plan(vast)
    with pytest.raises(UitvoerFout, match="al vastgelegd, op 2024-03-15"):
        lock(plan, vast, DAG)
    with pytest.raises(GebruikFout, match="het plan is niet veranderd"):
        lock(plan, vast, DAG, again=True, reason="zomaar")
    verander(vast, "[aandeel_duo, duo_duur]", "[aandeel_duo, aandeel_ots]")
    ander = load_plan(vast)
    assert ander.chosen_beforehand == ("aandeel_duo", "duo_duur")
    with pytest.raises(GebruikFout, match="alleen met een reden"):
        lock(ander, vast, DAG, again=True, reason=" ")
    with pytest.raises(GebruikFout, match="ligt voor de dag") as fout:
        lock(ander, vast, date(2024, 3, 14), again=True, reason="later bedacht")
    assert (fout.value.verwacht, fout.value.kreeg) == ("2024-03-15 of later", "2024-03-14")
    with pytest.raises(OnthullingsFout, match="de reden bevat iets") as geheim:
        lock(ander, vast, DAG, again=True, reason="er waren maar drie gezinnen")
    assert "drie" not in geheim.value.tekst()
    assert load_plan(vast).locked == plan.locked
    lock(ander, vast, date(2024, 5, 1), again=True, reason="duur  niet geleverd")
    nieuw = load_plan(vast).locked
    assert nieuw.earlier == plan.locked
    assert nieuw.earlier.sha256 == plan.locked.sha256
    assert [(one.datum, one.reden) for one in nieuw.chain] == [
        (DAG, ""),
        (date(2024, 5, 1), "duur niet geleverd"),
    ]


def test_a_reason_belongs_to_a_second_time(pad):
    with pytest.raises(GebruikFout, match="nog geen plan vastgelegd"):
        lock(load_plan(pad), pad, DAG, again=True, reason="zomaar")


def test_differences_name_each_part_once():
    een = Planned("a", ("x", "y"), ("meta",), Venster(DAG, date(2025, 1, 1)), "vanaf", (), "r")
    ander = Planned("b", ("y", "z"), ("trechter",), None, "alle", ("gezinsprofiel",), "r")
    assert list(differences(een, een, {})) == []
    assert list(differences(een, ander, {"x": "Iks"})) == [
        Deviation("Vraag", "a", "b"),
        Deviation("Indicator", "Iks", "vervallen"),
        Deviation("Indicator", "niet gepland", "z"),
        Deviation("Ontwerp", "Regio's samengenomen", "vervallen"),
        Deviation("Ontwerp", "niet gepland", "Regio's in een trechter"),
        Deviation("Venster", "15 maart 2024 tot en met 31 december 2024", NOT_IN_FILE),
        Deviation(
            "Populatie",
            "proeftuinen vanaf hun start, vergelijkingsregio's ernaast",
            "alle dagen van het venster",
        ),
        Deviation("Subgroep", "niet gepland", "Gezinsprofiel"),
    ]  # fmt: skip
    assert {d.part for d in differences(een, None, {})} == {
        part.label for naam, part in PARTS.items() if getattr(een, naam)
    }


def test_text_of_a_lock_is_judged_as_the_file_is(vast):
    """What was allowed when it was locked, and is not any more, is in no report."""
    vast.with_name("mijn.vastgelegd.yaml").unlink()
    verander(vast, "hoe lang?", "hoe lang, bij drie gezinnen?")
    verander(vast, "plan:", "kleine_aantallen: [drie gezinnen]\nplan:")
    lock(load_plan(vast), vast, DAG)
    vast.write_text("titel: T\n", encoding="utf-8")
    with pytest.raises(OnthullingsFout, match="het vastgelegde plan bevat iets") as fout:
        load_plan(vast)
    assert fout.value.waar.startswith("mijn.vastgelegd.yaml, regel 8 (veld 'vraag')")


def test_a_final_report_may_deviate_from_a_lock_for_it_says_so(vast):
    teksten = {v.naam: "tekst" for v in FIELDS if v.required}
    plan = replace(load_plan(vast), teksten=teksten, auteurs=("A",))
    leeg = bundle(())
    require_final(plan, leeg, ())
    with pytest.raises(ControleFout, match="de geplande uitkomst 'aandeel_duo' ontbreekt"):
        require_final(replace(plan, locked=None), leeg, ())


def test_subgroups_that_do_not_exist_any_more_are_not_asked(vast):
    plan = load_plan(vast)
    weg = replace(plan.locked.planned, subgroepen=("gezinsprofiel", "vroeger"))
    assert subgroups(replace(plan, locked=replace(plan.locked, planned=weg))) == ("gezinsprofiel",)


def test_the_example_has_a_lock_that_its_file_agrees_with():
    plan = resolve(load_plan(bundled("analyses") / "voorbeeld_onderzoek.yaml"))
    assert plan.locked is not None
    assert plan.locked.planned == plan.planned


def test_the_commands_lock_show_and_check(monkeypatch, capsys, pad):
    naam = str(pad)
    code, uit, fout = opdracht(monkeypatch, capsys, "controleer", naam)
    assert (code, "er ligt geen plan vast" in fout) == (4, True)
    code, uit, _ = opdracht(monkeypatch, capsys, "toon", naam)
    assert (code, uit) == (0, "Bij mijn.yaml ligt geen plan vast.\n")
    code, _, fout = opdracht(monkeypatch, capsys, "vastleggen", naam, "--datum", "15 maart")
    assert (code, "JJJJ-MM-DD" in fout) == (2, True)
    code, uit, _ = opdracht(monkeypatch, capsys, "vastleggen", naam, "--datum", "2024-03-15")
    sha = load_plan(pad).locked.sha256
    assert code == 0
    assert uit.startswith(f"Vastgelegd op 2024-03-15: {place_of(pad)}\nControlegetal (SHA-256): {sha}\n")
    code, uit, _ = opdracht(monkeypatch, capsys, "controleer", naam)
    assert code == 0
    assert uit.splitlines()[0] == f"Vastgelegd op 2024-03-15, controlegetal {sha}"
    assert "  Indicator: Duur van het duo" in uit.splitlines()
    assert uit.splitlines()[-1] == "Het bestand zegt hetzelfde."
    verander(pad, ", duo_duur", "")
    code, uit, fout = opdracht(monkeypatch, capsys, "controleer", naam)
    assert code == 4
    assert uit.splitlines()[-1] == "  Indicator: Duur van het duo -> vervallen"
    assert "zegt 1 keer iets anders dan het vastgelegde plan" in fout
    assert opdracht(monkeypatch, capsys, "vastleggen", naam)[0] == 6
    code, uit, _ = opdracht(
        monkeypatch, capsys, "vastleggen", naam, "--opnieuw", "--reden", "r", "--datum", "2024-04-01"
    )
    assert code == 0
    code, uit, _ = opdracht(monkeypatch, capsys, "toon", naam)
    assert code == 0
    assert uit.splitlines()[1].startswith("Opnieuw vastgelegd (reden: r) op 2024-04-01, controlegetal ")
    verander(place_of(pad), "reden: r", "reden: s")
    code, _, fout = opdracht(monkeypatch, capsys, "toon", naam)
    assert (code, "sha256 klopt niet" in fout) == (3, True)


def test_without_a_date_it_is_that_of_today(monkeypatch, capsys, pad):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert opdracht(monkeypatch, capsys, "vastleggen", str(pad))[0] == 0
    assert load_plan(pad).locked.datum == date(2023, 11, 14)
