"""`tks sleutel` and `tks register` as the owner of the data meets them."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from toekomstscenario_eval import cli
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.protection import keys, register
from toekomstscenario_eval.protection.entries import Draw
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.types import Levering


@pytest.fixture
def tks(monkeypatch, capsys, tmp_path):
    """Run `tks` in this process, with a place for data of the user of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keys, "user_data_path", lambda _: tmp_path / "gebruiker")
    monkeypatch.delenv(keys.VARIABLE, raising=False)

    def draai(*opdracht: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tks", *map(str, opdracht)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        uit = capsys.readouterr()
        return int(stop.value.code or 0), uit.out, uit.err

    return draai


@pytest.fixture(scope="session")
def klein(tmp_path_factory) -> Path:
    return make_example(tmp_path_factory.mktemp("klein") / "voorbeeld", huishoudens=20, seed=1)


@pytest.fixture
def pakket(klein, tmp_path) -> Path:
    """A package of a line of its own, without a secret yet."""
    map_ = Path(shutil.copytree(klein, tmp_path / "pakket"))
    beschrijf(map_, levering={"eigenaar": "Gemeente Zuid", "naam": "jeugd"})
    return map_


def beschrijving(map_: Path) -> dict:
    return json.loads((map_ / "datapackage.json").read_text(encoding="utf-8"))


def beschrijf(map_: Path, **velden: object) -> None:
    (map_ / "datapackage.json").write_text(json.dumps(beschrijving(map_) | velden), encoding="utf-8")


def geheim(map_: Path) -> str:
    (pad,) = map_.rglob("sleutel")
    return json.loads(pad.read_text(encoding="utf-8"))["sleutel"]


def test_make_a_secret(tks, pakket, tmp_path):
    voor = beschrijving(pakket)
    code, uit, fout = tks("sleutel", "maak", pakket)
    assert (code, fout) == (0, "")
    na = beschrijving(pakket)
    afdruk = na["levering"].pop("sleutel")
    assert na == voor
    assert list(na) == list(voor)
    assert f"Vingerafdruk in het pakket: {afdruk}" in uit
    assert "Sleutel gemaakt: " in uit
    assert "Bewaar van de sleutel en het register" in uit
    assert geheim(tmp_path) not in uit
    assert open_package(pakket).levering == Levering("Gemeente Zuid", "jeugd", afdruk)
    assert [p.name for p in pakket.iterdir() if p.name.startswith(".")] == []
    # Once more: nothing changes.
    code, uit, _ = tks("sleutel", "maak", pakket)
    assert (code, "De sleutel was er al" in uit, "Bewaar" in uit) == (0, True, False)
    assert beschrijving(pakket)["levering"]["sleutel"] == afdruk


def test_the_next_package_of_a_line_names_the_same_secret(tks, pakket):
    tks("sleutel", "maak", pakket)
    afdruk = beschrijving(pakket)["levering"].pop("sleutel")
    beschrijf(pakket, levering={"eigenaar": "Gemeente Zuid", "naam": "jeugd"}, peildatum="2026-07-01")
    assert tks("sleutel", "maak", pakket)[0] == 0
    assert beschrijving(pakket)["levering"]["sleutel"] == afdruk


def test_show_and_check(tks, pakket, tmp_path):
    assert "nog geen" in tks("sleutel", "toon", pakket)[1]
    code, _, fout = tks("sleutel", "controleer", pakket)
    assert code == 5
    assert fout.startswith("Niet vrijgegeven: het pakket noemt geen sleutel\n")
    assert "tks sleutel maak PAKKET, of werk binnen, met --intern" in fout
    tks("sleutel", "maak", pakket)
    code, uit, _ = tks("sleutel", "toon", pakket)
    assert code == 0
    assert "Levering: jeugd, van Gemeente Zuid" in uit
    assert "is er niet" not in uit
    assert geheim(tmp_path) not in uit
    code, uit, _ = tks("sleutel", "controleer", pakket)
    assert code == 0
    assert "De sleutel klopt: " in uit
    assert "Het register klopt: 0 plekken" in uit
    (pad,) = tmp_path.rglob(register.FILE)
    pad.unlink()
    code, _, fout = tks("sleutel", "controleer", pakket)
    assert code == 5
    assert "niet bekend is wat al is vrijgegeven" in fout
    assert "(is er niet)" in tks("sleutel", "toon", pakket)[1]


def test_option_and_environment(tks, pakket, tmp_path, monkeypatch):
    pad = tmp_path / "kluis" / "eigen"
    assert tks("sleutel", "maak", pakket, "--sleutel", pad)[0] == 0
    assert pad.is_file()
    assert pad.with_name(register.FILE).is_file()
    assert tks("sleutel", "controleer", pakket)[0] == 5
    assert tks("sleutel", "controleer", pakket, "--sleutel", pad)[0] == 0
    monkeypatch.setenv(keys.VARIABLE, str(pad))
    assert tks("sleutel", "controleer", pakket)[0] == 0


def test_move(tks, pakket, tmp_path):
    tks("sleutel", "maak", pakket)
    code, uit, _ = tks("sleutel", "verplaats", pakket, "--naar", tmp_path / "kluis")
    assert code == 0
    assert "TKS_SLEUTEL" in uit
    assert tks("sleutel", "controleer", pakket)[0] == 5
    assert tks("sleutel", "controleer", pakket, "--sleutel", tmp_path / "kluis" / "sleutel")[0] == 0


def test_a_package_that_names_no_line(tks, pakket):
    bron = beschrijving(pakket)
    del bron["levering"]
    (pakket / "datapackage.json").write_text(json.dumps(bron), encoding="utf-8")
    assert open_package(pakket).levering is None
    for opdracht in (("sleutel", "maak"), ("sleutel", "toon"), ("register", "toon")):
        code, _, fout = tks(*opdracht, pakket)
        assert code == 3
        assert '"levering": {"eigenaar": "...", "naam": "..."}' in fout


@pytest.mark.parametrize(
    ("levering", "wat"),
    [
        ("jeugd", "'levering' heeft de verkeerde vorm"),
        ({}, "'levering' heeft de verkeerde vorm"),
        (None, "'levering' heeft de verkeerde vorm"),
        ({"eigenaar": "a"}, "'levering' heeft de verkeerde vorm"),
        ({"eigenaar": "a", "naam": " "}, "'levering' heeft de verkeerde vorm"),
        ({"eigenaar": "a", "naam": 7}, "'levering' heeft de verkeerde vorm"),
        ({"eigenaar": "a", "naam": "b", "sleutel": 7}, "'levering' heeft de verkeerde vorm"),
        (
            {"eigenaar": "a", "naam": "b", "sleutel": "XYZ"},
            "de vingerafdruk van de sleutel heeft de verkeerde",
        ),
    ],
)
def test_a_line_of_the_wrong_form(tks, pakket, levering, wat):
    beschrijf(pakket, levering=levering)
    code, _, fout = tks("sleutel", "toon", pakket)
    assert code == 3
    assert wat in fout


def test_the_example_names_its_line(klein):
    assert open_package(klein).levering == Levering("Voorbeeld", "voorbeeld", keys.EXAMPLE.vingerafdruk)
    assert list(beschrijving(klein))[-2:] == ["levering", "resources"]
    huishoudens = open_package(klein).tabellen["huishouden"].huishouden_id.execute()
    assert len(set(keys.EXAMPLE.record_keys(huishoudens.tolist()))) == 20


def test_the_example_has_a_published_secret(tks, klein, tmp_path):
    voor = (klein / "datapackage.json").read_bytes()
    assert "openbare van het verzonnen voorbeeld" in tks("sleutel", "toon", klein)[1]
    code, uit, _ = tks("sleutel", "controleer", klein)
    assert (code, "beschermt geen echte gegevens" in uit) == (0, True)
    for opdracht in (
        ("sleutel", "maak", klein),
        ("sleutel", "verplaats", klein, "--naar", tmp_path / "x"),
        ("register", "toon", klein),
        ("register", "intrek", klein, "x", "--wie", "a", "--waarom", "b"),
    ):
        code, _, fout = tks(*opdracht)
        assert code == 2
        assert "dit is het verzonnen voorbeeld, met een openbare sleutel" in fout
    assert (klein / "datapackage.json").read_bytes() == voor
    assert not (tmp_path / "gebruiker").exists()


def test_full_disk_while_naming_the_secret(tks, pakket, monkeypatch):
    """The secret is there, the package as it was; the same command again finishes it."""
    voor = (pakket / "datapackage.json").read_bytes()

    def vol(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as m:
        m.setattr(Path, "replace", vol)
        code, _, fout = tks("sleutel", "maak", pakket)
    assert code == 6
    assert "er is niets veranderd" in fout
    assert (pakket / "datapackage.json").read_bytes() == voor
    assert [p.name for p in pakket.iterdir() if p.name.startswith(".")] == []
    assert "De sleutel was er al" in tks("sleutel", "maak", pakket)[1]
    assert tks("sleutel", "controleer", pakket)[0] == 0


# The register.


@pytest.fixture
def vrijgegeven(tks, pakket, tmp_path) -> Path:
    """A package whose register holds two places."""
    tks("sleutel", "maak", pakket)
    secret = keys.find(open_package(pakket).levering, option=None, environ={})
    boek = keys.open_register(secret, Noise(6, 3, 2), "jaar")
    boek.append(
        [
            Draw(("", "totaal"), date(2026, 1, 1), 103, "p"),
            Draw(("proeftuin", "pt01"), date(2026, 1, 1), 21, "p"),
        ]
    )
    return pakket


def test_show_the_register(tks, pakket, vrijgegeven):
    code, uit, fout = tks("register", "toon", vrijgegeven)
    assert (code, fout) == (0, "")
    assert uit.splitlines()[:3] == [
        "Ruis: D 6, V 3, js 2; een epoche is een jaar.",
        "  totaal: 1 keer getrokken, stand per 2026-01-01, 103 huishoudens",
        "  proeftuin=pt01: 1 keer getrokken, stand per 2026-01-01, 21 huishoudens",
    ]


def test_show_an_empty_register(tks, pakket):
    tks("sleutel", "maak", pakket)
    assert tks("register", "toon", pakket)[1].startswith("Er is nog niets vrijgegeven.\n")


def test_an_exception_and_its_withdrawal(tks, vrijgegeven):
    reden = ("--wie", "A. Eigenaar", "--waarom", "fout in de bron")
    code, uit, fout = tks(
        "register", "uitzondering", vrijgegeven, "--plek", "proeftuin=pt01", "--soort", "correctie", *reden
    )
    assert (code, fout) == (0, "")
    kenmerk = uit.split()[1]
    _, uit, _ = tks("register", "toon", vrijgegeven)
    assert f"Uitzondering {kenmerk} (correctie, proeftuin=pt01) van A. Eigenaar op " in uit
    assert "fout in de bron" in uit
    assert ": 0 keer gebruikt" in uit
    assert tks("register", "intrek", vrijgegeven, kenmerk, *reden)[:2] == (0, f"Ingetrokken: {kenmerk}\n")
    assert ": 0 keer gebruikt, ingetrokken" in tks("register", "toon", vrijgegeven)[1]
    code, _, fout = tks("register", "intrek", vrijgegeven, kenmerk, *reden)
    assert (code, "al ingetrokken" in fout) == (5, True)
    code, _, fout = tks("register", "intrek", vrijgegeven, "onbekend", *reden)
    assert (code, "de uitzondering 'onbekend' bestaat niet" in fout) == (2, True)


def test_an_exception_for_every_place(tks, vrijgegeven):
    tks(
        "register", "uitzondering", vrijgegeven, "--plek", "alle", "--soort", "nieuwe vraag", "--wie", "a",
        "--waarom", "b",
    )  # fmt: skip
    assert "(nieuwe vraag, alle) van a" in tks("register", "toon", vrijgegeven)[1]


@pytest.mark.parametrize(
    ("plek", "soort", "wie", "code", "wat"),
    [
        ("proeftuin=pt1", "correctie", "a", 2, "Bedoelt u 'proeftuin=pt01'?"),
        ("totaal", "korrectie", "a", 2, "Bedoelt u 'correctie'?"),
        ("totaal", "correctie", " ", 5, "er staat niet bij wie dit besluit"),
    ],
)
def test_an_exception_that_cannot_be(tks, vrijgegeven, plek, soort, wie, code, wat):
    gekregen, _, fout = tks(
        "register",
        "uitzondering",
        vrijgegeven,
        "--plek",
        plek,
        "--soort",
        soort,
        "--wie",
        wie,
        "--waarom",
        "b",
    )
    assert gekregen == code
    assert wat in fout
    assert "Uitzondering" not in tks("register", "toon", vrijgegeven)[1]


def test_help_of_both_is_dutch(tks):
    for opdracht in ("sleutel", "register"):
        code, uit, _ = tks(opdracht, "--help")
        assert code == 0
        assert not [w for w in ("Usage", "Options:", "Arguments:", "[default", "Show this") if w in uit]
