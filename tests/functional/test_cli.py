"""The command line as a user meets it: output, messages and exit codes."""

# ruff: noqa: E501 (a message stands on one line)
from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest
import typer

from toekomstscenario_eval import cli
from toekomstscenario_eval.identity import INSIDE_MARK

GETALLEN = ["schatting", "ondergrens", "bovengrens", "teller"]


@pytest.fixture
def tks(monkeypatch, capsys, tmp_path):
    """Run `tks` in this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def draai(*opdracht: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tks", *map(str, opdracht)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        uit = capsys.readouterr()
        return int(stop.value.code or 0), uit.out, uit.err

    return draai


@pytest.fixture
def pakket(voorbeeldpakket, tmp_path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(voorbeeldpakket, tmp_path / "eigen"))


def beschrijf(map_: Path, **velden: object) -> None:
    pad = map_ / "datapackage.json"
    pad.write_text(json.dumps(json.loads(pad.read_text(encoding="utf-8")) | velden), encoding="utf-8")


def test_help_is_dutch_and_names_every_command(tks):
    code, uit, _ = tks("--help")
    assert code == 0
    for woord in (
        "Gebruik:",
        "Opdrachten:",
        "controleer",
        "voorbeeld",
        "indicatoren",
        "toon",
        "bereken",
        "importeer",
        "rapport",
    ):
        assert woord in uit
    assert "Usage" not in uit
    assert "Show this message" not in uit


def every_command() -> list[tuple[str, ...]]:
    """Return the words of every command, also of those inside a group."""
    root = typer.main.get_command(cli.app)
    inside = {naam: getattr(command, "commands", {}) for naam, command in root.commands.items()}
    return [words for naam, parts in inside.items() for words in ((naam,), *((naam, part) for part in parts))]


@pytest.mark.parametrize("opdracht", every_command(), ids=" ".join)
def test_help_of_every_command_is_dutch(tks, opdracht):
    code, uit, _ = tks(*opdracht, "--help")
    assert code == 0
    english = (
        "Usage",
        "Options:",
        "Arguments:",
        "Commands:",
        "[default",
        "[required",
        "Show this",
        "OPTIONS",
    )
    assert not [w for w in english if w in uit]


def test_without_a_command_the_help_is_shown(tks):
    code, uit, _ = tks()
    assert code == 2
    assert "Opdrachten:" in uit


def test_typo_in_a_command(tks):
    assert tks("raport") == (
        2,
        "",
        "Opdracht niet begrepen: de opdracht 'raport' bestaat niet\n  Herstel: Bedoelt u 'rapport'?\n",
    )


def test_typo_in_an_option(tks):
    code, _, fout = tks("rapport", "--formaatt", "pdf")
    assert code == 2
    assert fout == (
        "Opdracht niet begrepen: de optie '--formaatt' bestaat niet\n  Herstel: Bedoelt u '--formaat'?\n"
    )


def test_value_of_the_wrong_type(tks):
    code, _, fout = tks("voorbeeld", "x", "--huishoudens", "veel")
    assert code == 2
    assert "de waarde bij --huishoudens kan niet" in fout


def test_missing_argument(tks):
    code, _, fout = tks("toon")
    assert code == 2
    assert "er ontbreekt iets in de opdracht: indicator" in fout


@pytest.mark.parametrize(
    ("opdracht", "bericht"),
    [
        (("toon", "duo_duurr"), "de indicator 'duo_duurr' bestaat niet\n  Herstel: Bedoelt u 'duo_duur'?"),
        (("bereken", "duo_duur", "--per", "proeftuinn"), "uitsplitsen naar 'proeftuinn' kan niet\n  Herstel: Bedoelt u 'proeftuin'?"),
        (("bereken", "duo_duur", "--periode", "jaren"), "de periode 'jaren' bestaat niet\n  Herstel: Bedoelt u 'jaar'?"),
        (("bereken", "duo_duur", "--van", "2024-13-01"), "'van' is geen bestaande datum"),
        (("bereken", "duo_duur", "--van", "2025-01-01", "--tot", "2025-01-01"), "het venster is leeg of loopt terug"),
        (("bereken", "duo_duur", "--keuze", "variant"), "een keuze heeft de verkeerde vorm"),
        (("bereken", "duo_duur", "--keuze", "varant=vaste_duo"), "de parameter 'varant' bestaat niet bij duo_duur\n  Herstel: Bedoelt u 'variant'?"),
        (("bereken", "duo_duur", "--keuze", "maximale_onderbreking=-1"), "de waarde van 'maximale_onderbreking' kan niet bij duo_duur"),
        (("bereken", "duo_duur", "--beleid", "streg"), "het beleid 'streg' bestaat niet"),
        (("rapport", "--formaat", "pfd"), "het formaat 'pfd' bestaat niet\n  Herstel: Bedoelt u 'pdf'?"),
        (("rapport", "--formaat", ","), "er is geen formaat gekozen"),
        (("voorbeeld", "x", "--formaat", "xlsx"), "het formaat 'xlsx' bestaat niet"),
    ],
    ids=lambda w: " ".join(w)[:40] if isinstance(w, tuple) else "",
)  # fmt: skip
def test_wrong_use(tks, monkeypatch, voorbeeldpakket, opdracht, bericht):
    monkeypatch.setenv("TKS_PAKKET", str(voorbeeldpakket))
    code, uit, fout = tks(*opdracht)
    assert code == 2
    assert uit == ""
    assert bericht in fout
    assert "Traceback" not in fout


def test_list_and_show_indicators(tks):
    code, uit, _ = tks("indicatoren")
    assert code == 0
    namen = [regel.split()[0] for regel in uit.splitlines()]
    assert {
        "aandeel_duo",
        "duo_duur",
        "aandeel_ots",
        "professionals_per_huishouden",
        "samenwerkingsnetwerk",
    } <= set(namen)
    code, uit, _ = tks("toon", "aandeel_ots")
    assert code == 0
    for term in ("Populatie:", "Teller:", "Noemer:", "Censurering:", "Uitsluitingen:", "Bronnen:"):
        assert term in uit


def test_compute_and_write(tks, voorbeeldpakket, tmp_path):
    doel = tmp_path / "map" / "duo.csv"
    code, uit, _ = tks("bereken", "aandeel_duo", voorbeeldpakket, "--per", "proeftuin_soort", "--uit", doel)
    assert code == 0
    assert "Proeftuin" in uit
    assert "Vergelijkingsregio" in uit
    # Two kinds of region have no whole below them.
    assert "Geheel" not in uit
    assert doel.read_text(encoding="utf-8").startswith("maat,uitsplitsing,groep")


def test_what_is_not_shown_reaches_neither_screen_nor_file(tks, voorbeeldpakket, tmp_path):
    """A share of a few, of nearly all, or of too few households: words, and no number from which it follows."""
    doel = tmp_path / "ots.csv"
    code, uit, _ = tks("bereken", "aandeel_ots", voorbeeldpakket, "--per", "proeftuin", "--uit", doel)
    assert code == 0
    assert "minder dan 10 van " in uit
    tabel = pd.read_csv(doel, keep_default_na=False, na_values={k: [""] for k in GETALLEN})
    weg = tabel[tabel["weergave"].ne("")]
    assert len(weg)
    assert weg[GETALLEN].isna().all().all()
    assert tabel.loc[tabel["weergave"].eq(""), GETALLEN].notna().all().all()


def test_exact_numbers_are_marked_and_bear_another_name(tks, voorbeeldpakket, tmp_path):
    doel = tmp_path / "ots.csv"
    opdracht = ("bereken", "aandeel_ots", voorbeeldpakket, "--per", "proeftuin", "--uit", doel)
    code, uit, _ = tks(*opdracht, "--intern")
    assert code == 0
    assert INSIDE_MARK in uit
    assert not doel.exists()
    tabel = pd.read_csv(tmp_path / "intern-ots.csv", keep_default_na=False)
    assert set(tabel["merk"]) == {INSIDE_MARK}
    assert set(tabel["weergave"]) == {""}
    code, uit, _ = tks(*opdracht)
    assert code == 0
    assert INSIDE_MARK not in uit
    assert "merk" not in pd.read_csv(doel).columns


def test_check_writes_two_reports(tks, voorbeeldpakket, tmp_path):
    code, uit, _ = tks("controleer", voorbeeldpakket, "--uit", tmp_path / "c")
    assert code == 0
    assert "Het pakket is geschikt voor analyse." in uit
    verslag = json.loads((tmp_path / "c" / "controle.json").read_text(encoding="utf-8"))
    assert verslag["samenvatting"]["geschikt"] is True
    assert '<html lang="nl"' in (tmp_path / "c" / "controle.html").read_text(encoding="utf-8")


def test_check_of_a_bad_package_blocks_with_its_own_code(tks, pakket, tmp_path):
    pad = pakket / "huishouden.csv"
    regels = pad.read_text(encoding="utf-8").splitlines()
    regels[1] = regels[2]
    pad.write_text("\n".join(regels) + "\n", encoding="utf-8")
    code, uit, _ = tks("controleer", pakket, "--uit", tmp_path / "c")
    assert code == 4
    assert "FOUT sleutel" in uit
    assert "NIET geschikt" in uit
    assert uit.rindex("WAARSCHUWING ") < uit.index("FOUT sleutel")
    for opdracht in (("bereken", "aandeel_duo"), ("rapport",)):
        code, _, fout = tks(*opdracht, pakket)
        assert code == 4
        assert fout.startswith("Controle gefaald:")
    assert not (tmp_path / "uit").exists() or not list((tmp_path / "uit").iterdir())


def damage(pakket: Path, soort: str) -> None:
    if soort == "map":
        shutil.rmtree(pakket)
    elif soort == "beschrijving":
        (pakket / "datapackage.json").unlink()
    elif soort == "json":
        (pakket / "datapackage.json").write_text("{", encoding="utf-8")
    elif soort == "versie":
        beschrijf(pakket, schema_versie="2.0.0")
    elif soort == "peildatum":
        beschrijf(pakket, peildatum="2026-02-30")
    elif soort == "bestand":
        (pakket / "huishouden.csv").unlink()
    elif soort == "scheiding":
        pad = pakket / "huishouden.csv"
        pad.write_text(pad.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    elif soort == "codering":
        pad = pakket / "proeftuin.csv"
        pad.write_bytes(pad.read_bytes() + "pt99,Één,,proeftuin,,\n".encode("latin-1"))
    elif soort == "leeg":
        (pakket / "persoon.csv").write_bytes(b"")


@pytest.mark.parametrize(
    ("soort", "bericht"),
    [
        ("map", "de map met het pakket bestaat niet"),
        ("beschrijving", "datapackage.json ontbreekt"),
        ("json", "datapackage.json is geen geldige JSON in UTF-8"),
        ("versie", "het pakket volgt een andere versie van de gegevensafspraak"),
        ("peildatum", "'peildatum' is geen bestaande datum"),
        ("bestand", "het bestand van de tabel huishouden ontbreekt"),
        ("scheiding", "het bestand heeft een ander scheidingsteken"),
        ("codering", "het bestand is niet in UTF-8 gecodeerd"),
        ("leeg", "het bestand is leeg"),
    ],
)
def test_unreadable_packages(tks, pakket, soort, bericht):
    damage(pakket, soort)
    code, uit, fout = tks("bereken", "aandeel_duo", pakket)
    assert code == 3
    assert uit == ""
    assert fout.startswith(f"Invoer niet leesbaar: {bericht}")
    assert "Herstel:" in fout
    assert "Traceback" not in fout


def test_table_that_was_not_delivered_makes_an_indicator_not_applicable(tks, pakket):
    bron = json.loads((pakket / "datapackage.json").read_text(encoding="utf-8"))
    beschrijf(pakket, resources=[r for r in bron["resources"] if r["name"] != "maatregel"])
    (pakket / "maatregel.csv").unlink()
    code, uit, _ = tks("bereken", "aandeel_ots", pakket)
    assert code == 0
    assert "niet van toepassing, want de tabel maatregel is niet geleverd." in uit


def test_output_folder_that_is_a_file(tks, voorbeeldpakket, tmp_path):
    (tmp_path / "vol").write_text("x", encoding="utf-8")
    code, _, fout = tks("controleer", voorbeeldpakket, "--uit", tmp_path / "vol")
    assert code == 6
    assert "in de map voor de uitvoer kan niet worden geschreven" in fout
    code, _, fout = tks("rapport", voorbeeldpakket, "--uit", tmp_path / "vol")
    assert code == 6


def test_example_is_not_written_over_another_folder(tks, tmp_path):
    (tmp_path / "bezet").mkdir()
    (tmp_path / "bezet" / "iets").write_text("x", encoding="utf-8")
    code, _, fout = tks("voorbeeld", tmp_path / "bezet", "--huishoudens", "5")
    assert code == 6
    assert "Herstel:" in fout
    assert [p.name for p in (tmp_path / "bezet").iterdir()] == ["iets"]


def test_bad_researchers_file(tks, voorbeeldpakket, tmp_path):
    (tmp_path / "o.yaml").write_text("aanleidingg: x\n", encoding="utf-8")
    code, _, fout = tks("rapport", voorbeeldpakket, "--onderzoek", tmp_path / "o.yaml")
    assert code == 3
    assert "het veld 'aanleidingg' bestaat niet" in fout
    assert "Bedoelt u 'aanleiding'?" in fout
    assert not (tmp_path / "uit").exists()


def test_version(tks):
    from toekomstscenario_eval import __version__

    assert tks("--versie") == (0, f"toekomstscenario-eval {__version__}\n", "")


def test_import_of_a_log(tks, tmp_path):
    mapping = Path(__file__).parents[2] / "docs" / "voorbeelden" / "zaaklog_gemeenten.yaml"
    code, _, fout = tks("importeer", mapping, tmp_path / "weg.csv", "--uit", tmp_path / "p")
    assert code == 3
    assert fout.startswith("Invoer niet leesbaar:")
    assert not (tmp_path / "p").exists()
