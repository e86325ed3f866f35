"""The researcher's file beside a package: skeleton, names, keys, and what a final version needs."""

from __future__ import annotations

import re
import sys

import pytest

from toekomstscenario_eval import cli
from toekomstscenario_eval.document.nodes import Cel, Kop, Tekst, all_nodes
from toekomstscenario_eval.document.prose import Passage
from toekomstscenario_eval.errors import ControleFout, InvoerFout, OnthullingsFout
from toekomstscenario_eval.making import plan_file as onderzoek
from toekomstscenario_eval.making.certifying import EDGES
from toekomstscenario_eval.making.conductor import Verslag
from toekomstscenario_eval.making.plan_reading import load_plan
from toekomstscenario_eval.making.publish import document_metadata
from toekomstscenario_eval.report.plan import FIELDS, Plan, WordingException
from toekomstscenario_eval.report.report import all_sections, section
from toekomstscenario_eval.resources import bundled
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries.registry import all_indicators, find
from toekomstscenario_eval.types import Ernst, Finding, Status


@pytest.fixture(scope="module")
def studie(voorbeeldpakket):
    return Study.open(voorbeeldpakket, intern=True)


@pytest.fixture(scope="module")
def feiten(studie):
    return studie.bundel(*studie.feiten())


def test_skeleton_is_valid_and_holds_every_field(studie, feiten, tmp_path):
    tekst = onderzoek.skeleton(studie.pakket, feiten)
    pad = tmp_path / "onderzoek.yaml"
    pad.write_text(tekst, encoding="utf-8")
    plan = onderzoek.resolve(load_plan(pad))
    assert plan.ontbreekt == Plan().ontbreekt
    assert re.findall(r"^(\w+):", tekst, flags=re.MULTILINE) == [veld.naam for veld in FIELDS]
    assert all(veld.vraag in tekst for veld in FIELDS)
    namen = studie.pakket.tabellen["proeftuin"].naam.execute().tolist()
    assert [r.regio for r in plan.verloop] == namen
    assert "# Gezinsprofielen met 0 of enkele huishoudens: Dwingende controle" in tekst
    assert "# Tabellen die ontbreken: geen" in tekst


def test_skeleton_tells_of_who_is_missing_no_more_than_a_report_may(voorbeeldpakket):
    """In public nobody and a few are one: a profile that no household has stands among those."""
    studie = Study.open(voorbeeldpakket)
    feiten = studie.bundel(*studie.feiten())
    assert not feiten.intern
    regels = onderzoek.skeleton(studie.pakket, feiten).splitlines()
    (regel,) = [r for r in regels if r.startswith("# Gezinsprofielen met 0 of enkele huishoudens: ")]
    assert "Dwingende controle" in regel


def test_skeleton_with_every_example_line_switched_on_is_valid(studie, feiten, tmp_path):
    tekst = onderzoek.skeleton(studie.pakket, feiten)
    pad = tmp_path / "onderzoek.yaml"
    aan = re.sub(r"(?m)^  # - (?!\.\.\.)", "  - ", tekst)
    pad.write_text(aan, encoding="utf-8")
    plan = onderzoek.resolve(load_plan(pad))
    assert len(plan.uitkomsten) == 5
    assert "bsn" in plan.controles
    assert plan.gevallen
    assert plan.aanleveraars


def test_command_writes_once_and_never_over(monkeypatch, capsys, tmp_path, voorbeeldpakket):
    uit = tmp_path / "onderzoek.yaml"
    monkeypatch.setattr(sys, "argv", ["tks", "onderzoek", "nieuw", str(voorbeeldpakket), "--uit", str(uit)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 0
    eerst = uit.read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 6
    assert "dit bestand bestaat al" in capsys.readouterr().err
    assert uit.read_text(encoding="utf-8") == eerst


@pytest.mark.parametrize(
    ("veld", "naam", "bedoeld"),
    [
        ("uitkomsten", "aandeel_duos", "aandeel_duo"),
        ("indicatoren", "duo_duurr", "duo_duur"),
        ("controles", "bsnn", "bsn"),
        ("gezinsprofielen", "Dwingende controlle", "Dwingende controle"),
        ("soorten_organisatie", "veilig_thuiss", "veilig_thuis"),
    ],
)
def test_an_unknown_name_gets_its_line_and_a_suggestion(veld, naam, bedoeld):
    with pytest.raises(InvoerFout) as fout:
        onderzoek.resolve(Plan(**{veld: (naam,)}, regels={veld: 12}))
    assert fout.value.waar == "onderzoek.yaml, regel 12"
    assert fout.value.herstel == f"Bedoelt u '{bedoeld}'?"


def test_labels_become_codes():
    plan = onderzoek.resolve(Plan(gezinsprofielen=("Dwingende controle",), soorten_organisatie=("ggz",)))
    assert plan.gezinsprofielen == ("dwingende_controle",)
    assert plan.soorten_organisatie == ("ggz",)


def test_a_key_of_the_package_in_the_text_is_refused_without_repeating_it(studie):
    sleutel = str(studie.pakket.tabellen["huishouden"].huishouden_id.min().execute())
    plan = Plan(proza=(Passage("duiding", f"Zoals bij {sleutel} bleek.", 40),))
    with pytest.raises(OnthullingsFout) as fout:
        onderzoek.refuse_keys(plan, studie.pakket)
    assert fout.value.waar == "onderzoek.yaml, vanaf regel 40 (veld 'duiding')"
    assert sleutel not in fout.value.tekst()
    onderzoek.refuse_keys(Plan(proza=(Passage("duiding", "In 2024 niet.", 40),)), studie.pakket)


def _volledig(**anders) -> Plan:
    teksten = {v.naam: "tekst" for v in FIELDS if v.required}
    return Plan(teksten=teksten, auteurs=("A",), **anders)


def _bevinding(regel: str, status: Status) -> Finding:
    return Finding(regel, status, Ernst.WAARSCHUWING, regel)


def test_final_needs_all_texts(feiten):
    with pytest.raises(ControleFout, match=r"15 keer staat iets open") as fout:
        onderzoek.require_final(Plan(), feiten, ())
    assert fout.value.exitcode == 4
    assert fout.value.waar.splitlines()[0] == "nog te schrijven: auteurs"


CLAIM = Passage("duiding", "Een zin.\nNoord is koploper. Het verschil is significant.", 40)


def test_final_refuses_what_claims_too_much_before_and_after_computing(feiten):
    plan = _volledig(proza=(CLAIM,))
    for require in (
        onderzoek.require_written,
        lambda plan: onderzoek.require_final(plan, feiten, ()),
    ):
        with pytest.raises(ControleFout, match=r"2 keer staat iets open") as fout:
            require(plan)
        assert fout.value.waar.splitlines()[0] == (
            "onderzoek.yaml, regel 41 (veld 'duiding'): 'koploper' beweert een ranglijst"
        )
        herstel = fout.value.herstel.splitlines()
        assert "waar regio's uiteenlopen" in herstel[0]
        assert "noem het verschil met zijn interval" in herstel[1]
        assert "'uitzonderingen_taal'" in herstel[2]
        assert len(herstel) == 4
    assert document_metadata(plan)["concept"]


def test_final_takes_a_claim_that_the_researcher_answers_for(feiten):
    zinnen = ("Noord is koploper.", "Het verschil is significant.", "Dit staat er niet.")
    redenen = tuple(WordingException(zin, "een reden") for zin in zinnen)
    plan = _volledig(proza=(CLAIM,), uitzonderingen_taal=redenen[:2])
    onderzoek.require_written(plan)
    onderzoek.require_final(plan, feiten, ())
    assert not document_metadata(plan)["concept"]
    with pytest.raises(ControleFout, match=r"'uitzonderingen_taal', punt 3, past op geen zin"):
        onderzoek.require_written(_volledig(proza=(CLAIM,), uitzonderingen_taal=redenen))


@pytest.mark.parametrize(
    ("status", "goed"),
    [(Status.GESLAAGD, True), (Status.GEFAALD, True), (Status.NVT, False), (Status.FOUT, False)],
)
def test_final_needs_the_checks_of_the_plan_to_have_run(feiten, status, goed):
    plan = _volledig(controles=("bsn",))
    bevindingen = (_bevinding("bsn", status), _bevinding("codes", Status.GESLAAGD))
    if goed:
        onderzoek.require_final(plan, feiten, bevindingen)
        return
    with pytest.raises(ControleFout, match="de controle 'bsn' is niet uitgevoerd"):
        onderzoek.require_final(plan, feiten, bevindingen)


def test_final_needs_the_planned_outcomes(feiten):
    with pytest.raises(ControleFout, match=r"de geplande uitkomst 'aandeel_duo' ontbreekt \(niet berekend\)"):
        onderzoek.require_final(_volledig(uitkomsten=("aandeel_duo",)), feiten, ())


def test_final_needs_a_second_computation_that_agrees(feiten):
    with pytest.raises(ControleFout, match="de narekening van 'Aandeel duo' komt niet uit"):
        onderzoek.require_final(_volledig(), feiten, (), ["Aandeel duo"])


def test_final_report_is_refused_before_anything_is_computed(monkeypatch, capsys, tmp_path, voorbeeldpakket):
    uit = tmp_path / "uit"
    monkeypatch.setattr(
        sys, "argv", ["tks", "rapport", str(voorbeeldpakket), "--uit", str(uit), "--definitief"]
    )
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 4
    assert "nog te schrijven: aanleiding" in capsys.readouterr().err
    assert not uit.exists()


def test_a_choice_of_indicators_keeps_their_order_and_brings_what_belongs_with_them():
    assert onderzoek.chosen(Plan()) == tuple(all_indicators())
    assert onderzoek.chosen(Plan(indicatoren=("wisselingen", "duo_duur"))) == ("duo_duur", "wisselingen")
    assert onderzoek.chosen(Plan(indicatoren=("aandeel_ots",))) == ("aandeel_ots", "duo_voor_maatregel")


def _words(verslag: Verslag, naam: str) -> str:
    knopen = all_nodes(section(verslag.rapport, naam))
    return " ".join(k.tekst for k in knopen if isinstance(k, (Cel, Kop, Tekst)))


def test_the_report_shows_only_the_chosen_indicators_and_names_the_others(voorbeeldpakket, tmp_path):
    pad = tmp_path / "onderzoek.yaml"
    pad.write_text(
        "indicatoren: [duo_duur, aandeel_ots]\nuitkomsten: [duo_duur, aandeel_duo]\n", encoding="utf-8"
    )
    verslag = Verslag.open(voorbeeldpakket, onderzoek=pad, intern=True)
    berekend = {r.indicator for r in verslag.vrijgave.resultaten} & set(all_indicators())
    assert berekend == {"duo_duur", "aandeel_ots", "duo_voor_maatregel"}
    # On invented edge cases both routes are held beside each other whatever was chosen.
    gecontroleerd = {r.indicator for r in verslag.rapport.certificaat.regels}
    assert gecontroleerd == {"duo_duur", "aandeel_ots", EDGES.lower()}
    for naam in all_sections():
        assert verslag.sectie(naam)
    opzet = _words(verslag, "opzet")
    aantal = len(all_indicators())
    assert f"beperkte dit verslag tot 3 van de {aantal} indicatoren" in opzet
    assert "De andere 2 indicatoren in dit verslag waren niet vooraf gekozen" in opzet
    assert opzet.count("weggelaten uit dit verslag") == 1
    for naam, wat in all_indicators().items():
        assert (wat.card.label in opzet) == (naam not in {"aandeel_ots", "duo_voor_maatregel"})
    with pytest.raises(ControleFout, match=r"'aandeel_duo' ontbreekt \(niet berekend\)"):
        onderzoek.require_final(_volledig(uitkomsten=("aandeel_duo",)), verslag.vrijgave, ())


def test_who_is_missing_is_told_in_public_too(voorbeeldpakket, tmp_path):
    """A public zero has no number: it must not read as if everybody was seen."""
    pad = tmp_path / "onderzoek.yaml"
    pad.write_text(
        "indicatoren: [aandeel_duo]\ngezinsprofielen: [Dwingende controle, Gezin in de stress]\n",
        encoding="utf-8",
    )
    tekst = _words(Verslag.open(voorbeeldpakket, onderzoek=pad), "wie_niet")
    assert "Niet of nauwelijks gezien, gezinsprofiel: Dwingende controle (0 of enkele)." in tekst
    assert "elk gezinsprofiel uit het plan is iets gezien" not in tekst


def test_what_is_written_of_the_example_claims_no_absence_that_a_count_cannot_show():
    """A published zero may be a few: nobody is said to be missing altogether."""
    bestand = (bundled("analyses") / "voorbeeld_onderzoek.yaml").read_text(encoding="utf-8")
    tekst = re.search(r"^wie_niet: >\n((?:  .*\n)+)", bestand, flags=re.MULTILINE)[1]
    assert "dwingende controle" in tekst
    assert not re.search(r"ontbre|geheel|geen enkel|nergens|nooit|\bnul\b", tekst)


def test_without_an_indicator_with_a_chapter_the_summary_tells_the_others(voorbeeldpakket, tmp_path):
    pad = tmp_path / "onderzoek.yaml"
    pad.write_text("indicatoren: [wisselingen, schaalbetrouwbaarheid]\n", encoding="utf-8")
    verslag = Verslag.open(voorbeeldpakket, onderzoek=pad)
    assert find("wisselingen").card.vraag in _words(verslag, "samenvatting")
    assert "Geen indicator in dit verslag kan" in _words(verslag, "neveneffecten")
    assert verslag.kort()


def test_numbers_that_were_public_stand_in_chapter_3_with_their_source(voorbeeldpakket, tmp_path):
    pad = tmp_path / "onderzoek.yaml"
    pad.write_text(
        "indicatoren: [wisselingen]\nopzet: Van 1.250 gezinnen deden er 103 mee, en 3,9 van de 100 niet.\n"
        "vaste_getallen:\n  - {naam: Casussen, waarde: 1250, bron: tussenbericht, toelichting: gepland}\n"
        "  - {naam: Deel, waarde: 3.9, bron: artikel}\n",
        encoding="utf-8",
    )
    verslag = Verslag.open(voorbeeldpakket, onderzoek=pad)
    verloop = _words(verslag, "verloop")
    assert "Casussen 1.250 tussenbericht gepland Deel 3,9 artikel" in verloop
    # 103 and 100 have no source.
    assert "opzet 2" in _words(verslag, "privacy")
    assert verslag.rapport.dossier["vrije_tekst"] == [{"veld": "opzet", "getallen": 2}]


def test_the_command_refuses_a_claim_with_its_line_before_anything_is_computed(
    monkeypatch, capsys, tmp_path, voorbeeldpakket
):
    bron = (bundled("analyses") / "voorbeeld_onderzoek.yaml").read_text(encoding="utf-8")
    pad, uit = tmp_path / "onderzoek.yaml", tmp_path / "uit"
    pad.write_text(f"{bron}\nafwijkingen: Dankzij de proef zijn er minder wisselingen.\n", encoding="utf-8")
    opdracht = ["tks", "rapport", str(voorbeeldpakket), "--onderzoek", str(pad), "--uit", str(uit)]
    monkeypatch.setattr(sys, "argv", [*opdracht, "--definitief"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 4
    regel = len(bron.splitlines()) + 2
    fout = capsys.readouterr().err
    assert f"regel {regel} (veld 'afwijkingen'): 'Dankzij de proef' beweert een oorzaak" in fout
    assert "nog te schrijven" not in fout
    assert not uit.exists()
