"""The rules of a release are those of the releases before, or an owner entered others."""

from __future__ import annotations

import json
import re
import shutil
import sys

import pytest

from toekomstscenario_eval import cli
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.protection import keys
from toekomstscenario_eval.protection.policy import load_policy


@pytest.fixture(scope="module")
def voorbeeld(tmp_path_factory):
    return make_example(tmp_path_factory.mktemp("beleid") / "p", huishoudens=120, seed=4)


@pytest.fixture
def tks(monkeypatch, capsys, tmp_path, voorbeeld):
    """Run `tks` on a package of a line of its own; its pseudonyms are not those of the example."""
    pakket = shutil.copytree(voorbeeld, tmp_path / "pakket")
    for bestand in pakket.glob("*.csv"):
        bestand.write_text(re.sub(r"\bh(\d{6})", r"gezin\1", bestand.read_text()))
    beschrijving = json.loads((pakket / "datapackage.json").read_text())
    beschrijving["levering"] = {"eigenaar": "Gemeente Zuid", "naam": "jeugd"}
    (pakket / "datapackage.json").write_text(json.dumps(beschrijving))
    monkeypatch.setattr(keys, "user_data_path", lambda _: tmp_path / "gebruiker")
    monkeypatch.delenv(keys.VARIABLE, raising=False)

    def draai(*opdracht: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["tks", *map(str, opdracht)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        uit = capsys.readouterr()
        return int(stop.value.code or 0), uit.out + uit.err

    assert draai("sleutel", "maak", pakket)[0] == 0
    return lambda *opdracht: draai(*(pakket if deel == "PAKKET" else deel for deel in opdracht))


def test_another_policy_waits_for_the_owner(tks):
    assert tks("bereken", "aandeel_duo", "PAKKET")[0] == 0
    code, uit = tks("bereken", "aandeel_duo", "PAKKET", "--beleid", "microdata")
    assert code == 5
    assert load_policy("microdata").fingerprint in uit
    assert "tks register beleid" in uit
    besluit = ("register", "beleid", "PAKKET", "--beleid", "microdata", "--wie", "A. Eigenaar")
    assert tks(*besluit, "--waarom", "gewoonte bij microdata")[0] == 0
    assert tks("bereken", "aandeel_duo", "PAKKET", "--beleid", "microdata")[0] == 0
    # And then the first is another.
    assert tks("bereken", "aandeel_duo", "PAKKET")[0] == 5
    code, uit = tks("register", "toon", "PAKKET")
    assert code == 0
    assert "Beleid: microdata, vastgelegd door A. Eigenaar: gewoonte bij microdata" in uit


def test_other_noise_is_another_key(tks):
    assert tks("bereken", "aandeel_duo", "PAKKET")[0] == 0
    code, uit = tks(
        *("register", "beleid", "PAKKET", "--beleid", "streng", "--wie", "A", "--waarom", "meer ruis")
    )
    assert code == 2
    assert "een nieuwe levering met een eigen sleutel" in uit


def test_without_name_or_reason_nothing_is_entered(tks):
    assert tks("bereken", "aandeel_duo", "PAKKET")[0] == 0
    code, uit = tks("register", "beleid", "PAKKET", "--beleid", "microdata", "--wie", " ", "--waarom", "x")
    assert code == 5
    assert "wie dit besluit" in uit
