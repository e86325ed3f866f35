"""The secret of a delivery line: what follows from it, where it is kept, and that all stops without it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import pickle
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from toekomstscenario_eval import resources
from toekomstscenario_eval.errors import OnthullingsFout, UitvoerFout
from toekomstscenario_eval.protection import keys, register
from toekomstscenario_eval.protection.entries import Draw
from toekomstscenario_eval.protection.keys import EXAMPLE, Secret
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.types import Levering

LIJN = Levering("Gemeente Zuid", "jeugd")
GEHEIM = Secret(bytes(range(32)), Path("ergens"))
DAG = date(2026, 1, 1)
posix = pytest.mark.skipif(os.name != "posix", reason="rechten van een bestand")


@pytest.fixture(autouse=True)
def map_(tmp_path, monkeypatch) -> Path:
    """The place for data of the user, for one test."""
    monkeypatch.setattr(keys, "user_data_path", lambda _: tmp_path / "gebruiker")
    return tmp_path


def maak(levering: Levering = LIJN) -> tuple[Secret, Levering]:
    """Make the secret of a line; also return the line with its fingerprint."""
    secret = keys.make(levering, keys.place_of(levering, option=None, environ={}))
    return secret, Levering(levering.eigenaar, levering.naam, secret.vingerafdruk)


def zoek(levering: Levering | None, **anders) -> Secret:
    return keys.find(levering, **({"option": None, "environ": {}} | anders))


# What follows from it.


def test_record_keys_by_hand():
    echt = hmac.new(bytes(range(32)), b"eenheid\x00" + "zoë-1".encode(), hashlib.sha256).digest()
    assert GEHEIM.record_keys(["zoë-1"]).tolist() == [int.from_bytes(echt[:8], "big")]
    # The same on every machine: computed once, written down here.
    a, b = 0xB8AC2A3C11274056, 0xEE70B7F9FD4FF3D5
    assert GEHEIM.record_keys(["a", "b", "a"]).tolist() == [a, b, a]


def test_uniforms_by_hand():
    som = 2**64 - 3
    echt = hmac.new(
        bytes(range(32)), b"ruis\x00" + som.to_bytes(8, "big") + b"2026-01-01", hashlib.sha256
    ).digest()
    sommen = np.array([som, 5, som], dtype=np.uint64)
    u = GEHEIM.uniforms(sommen, DAG)
    assert u[0] == (int.from_bytes(echt, "big") >> (256 - 53)) / 2**53
    assert u[0] == u[2] != u[1]
    assert u.dtype == np.float64
    assert (GEHEIM.uniforms(sommen, date(2027, 1, 1)) != u).all()
    assert (GEHEIM.uniforms(sommen, DAG, 1) != u).all()
    assert GEHEIM.uniforms(np.array([], dtype=np.uint64), DAG).shape == (0,)


def test_uniforms_fill_the_unit_interval():
    u = np.sort(GEHEIM.uniforms(np.arange(20_000, dtype=np.uint64), DAG))
    assert u[0] >= 0
    assert u[-1] < 1
    # Kolmogorov's distance; 1.95 / sqrt(n) is passed by chance once in a thousand.
    assert np.abs(u - (np.arange(20_000) + 0.5) / 20_000).max() < 1.95 / np.sqrt(20_000)


def test_the_sum_of_a_cell_follows_from_its_households_only():
    """Whatever the order, and modulo 2^64."""
    s = GEHEIM.record_keys([f"h{i}" for i in range(1000)])
    assert s.dtype == np.uint64
    assert int(s.sum()) == sum(map(int, s)) % 2**64


def test_uses_are_kept_apart():
    """The same bytes give something else for each use."""
    tekst = (7).to_bytes(8, "big") + b"2026-01-01"
    eenheid = int(GEHEIM.record_keys([tekst.decode()])[0])
    ruis = int(GEHEIM.uniforms(np.array([7], dtype=np.uint64), DAG)[0] * 2**53)
    bestand = int(GEHEIM.keyed_hash(tekst)[:16], 16)
    assert len({eenheid >> 11, ruis, bestand >> 11}) == 3


def test_a_file_and_its_bytes_have_the_same_hash(map_):
    inhoud = b"x" * 3_000_000
    (map_ / "t").write_bytes(inhoud)
    assert GEHEIM.keyed_hash(map_ / "t") == GEHEIM.keyed_hash(inhoud)
    assert (
        GEHEIM.keyed_hash(inhoud) == hmac.new(bytes(range(32)), b"bestand\x00" + inhoud, "sha256").hexdigest()
    )
    assert GEHEIM.keyed_hash(b"") != EXAMPLE.keyed_hash(b"")


def test_the_secret_shows_nowhere():
    for tekst in (repr(GEHEIM), str(GEHEIM), f"{GEHEIM}"):
        assert "waarde" not in tekst
        assert bytes(range(32)).hex() not in tekst
        assert str(bytes(range(32))) not in tekst
    assert GEHEIM.vingerafdruk not in bytes(range(32)).hex()
    assert len(GEHEIM.vingerafdruk) == 16


def test_another_process_gets_the_same_secret():
    assert pickle.loads(pickle.dumps(GEHEIM)) == GEHEIM


@pytest.mark.parametrize("lengte", [0, 31, 33])
def test_a_secret_has_32_bytes(lengte):
    with pytest.raises(OnthullingsFout, match="32 bytes"):
        Secret(bytes(lengte))


# The published one.


def test_the_published_secret_is_known_on_the_ground():
    assert EXAMPLE.vingerafdruk == resources.EXAMPLE_KEY
    assert EXAMPLE.bron is None


def test_the_example_needs_no_file(map_):
    levering = Levering("Voorbeeld", "voorbeeld", resources.EXAMPLE_KEY)
    assert zoek(levering, option=map_ / "er-is-niets", environ={keys.VARIABLE: "ook niet"}) is EXAMPLE
    ruis = Noise(6, 3, 2)
    boek = keys.open_register(EXAMPLE, ruis, "jaar")
    assert boek.path is None
    boek.append([Draw(("", "totaal"), DAG, 100, "p")])
    assert keys.open_register(EXAMPLE, ruis, "jaar").draws(("", "totaal")) == ()
    assert [p for p in map_.rglob("*") if p.is_file()] == []


def test_the_published_secret_refuses_real_households():
    assert len(EXAMPLE.record_keys(["h000001", "h000012", "h1234567"])) == 3
    for naam in ("3f9a2c77e0", "jansen", "h1", "hh4000000", "r000012", ""):
        with pytest.raises(OnthullingsFout, match="openbaar en beschermt geen echte gegevens") as fout:
            EXAMPLE.record_keys(["h000001", naam])
        assert not naam or naam not in str(fout.value)


def test_the_published_secret_is_of_the_example_line_only(map_):
    for eigenaar, naam in (("Gemeente Test", "voorbeeld"), ("Voorbeeld", "noord")):
        with pytest.raises(OnthullingsFout, match="openbaar en beschermt geen echte gegevens"):
            zoek(Levering(eigenaar, naam, resources.EXAMPLE_KEY))


# Making.


def test_made_by_command_only(map_):
    with pytest.raises(OnthullingsFout):
        zoek(Levering(LIJN.eigenaar, LIJN.naam, "0" * 16))
    assert list(map_.iterdir()) == []


def test_a_new_secret_is_found_again():
    secret, levering = maak()
    assert zoek(levering) == secret
    assert secret.bron.parts[-4:-2] == ("gebruiker", "sleutels")
    assert secret.bron.name == "sleutel"
    assert keys.open_register(secret, Noise(6, 3, 2), "jaar").draws(("", "totaal")) == ()
    assert maak(Levering("Gemeente Zuid", "Jeugd"))[0] != secret


@posix
def test_rights_of_a_new_secret():
    secret, _ = maak()
    assert secret.bron.stat().st_mode & 0o777 == 0o600
    assert secret.bron.parent.stat().st_mode & 0o777 == 0o700


def test_a_line_keeps_its_secret():
    """A next package of the line, without a fingerprint yet, gets the same one."""
    secret, levering = maak()
    assert maak()[0] == secret
    assert maak(levering)[0] == secret


def test_no_second_secret_for_a_line_that_lost_it():
    secret, levering = maak()
    secret.bron.unlink()
    with pytest.raises(OnthullingsFout, match="hier niet") as fout:
        maak(levering)
    assert "een andere 'naam'" in fout.value.herstel


def test_full_disk_while_making(monkeypatch):
    def vol(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as m:
        m.setattr(os, "write", vol)
        with pytest.raises(UitvoerFout, match="niets veranderd"):
            maak()
    pad = keys.place_of(LIJN, option=None, environ={})
    assert list(pad.parent.iterdir()) == []
    maak()


def test_stopped_between_register_and_secret():
    """An empty register without a secret is no hindrance; one with releases is."""
    secret, _ = maak()
    secret.bron.unlink()
    nieuw, _ = maak()
    assert nieuw != secret
    keys.open_register(nieuw, Noise(6, 3, 2), "jaar").append([Draw(("", "totaal"), DAG, 100, "p")])
    nieuw.bron.unlink()
    with pytest.raises(OnthullingsFout, match="al een register met vrijgaven"):
        maak()


# Finding.


def test_option_before_environment_before_the_usual_place(map_):
    a, b = map_ / "a" / "sleutel", map_ / "b" / "sleutel"
    for pad in (a, b):
        keys.make(LIJN, pad)
    omgeving = {keys.VARIABLE: str(b)}
    assert keys.place_of(LIJN, option=a, environ=omgeving) == a
    assert keys.place_of(LIJN, option=None, environ=omgeving) == b
    assert keys.place_of(LIJN, option=None, environ={keys.VARIABLE: ""}).parts[-4] == "gebruiker"
    levering = Levering(LIJN.eigenaar, LIJN.naam, keys.make(LIJN, b).vingerafdruk)
    assert zoek(levering, environ=omgeving).bron == b
    # What is named and does not fit is refused: nothing else is tried.
    with pytest.raises(OnthullingsFout, match="andere levering"):
        zoek(levering, option=a, environ=omgeving)
    with pytest.raises(OnthullingsFout, match="hier niet"):
        zoek(levering, option=map_ / "weg", environ=omgeving)


@pytest.mark.parametrize(
    ("levering", "wat"),
    [(None, "geen levering"), (LIJN, "geen sleutel")],
)
def test_a_package_that_names_none(levering, wat):
    with pytest.raises(OnthullingsFout, match=wat) as fout:
        zoek(levering)
    assert "tks sleutel maak" in fout.value.herstel
    assert "--intern" in fout.value.herstel


def test_the_secret_of_another_line():
    secret, _ = maak()
    for ander in (
        Levering("Gemeente Zuid", "jeugd", "0" * 16),
        Levering("Een ander", "jeugd", secret.vingerafdruk),
    ):
        with pytest.raises(OnthullingsFout, match="andere levering"):
            zoek(ander, option=secret.bron)


@posix
@pytest.mark.parametrize("rechten", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_others_may_not_read_it(rechten):
    secret, levering = maak()
    secret.bron.chmod(rechten)
    with pytest.raises(OnthullingsFout, match="anderen kunnen de sleutel lezen") as fout:
        zoek(levering)
    assert "chmod 600" in fout.value.herstel


@pytest.mark.parametrize(
    "inhoud",
    [b"", b"{", b"[]", b"\xff", b'{"eigenaar": "Gemeente Zuid", "naam": "jeugd"}', b'{"sleutel": "zz"}',
     b'{"eigenaar": "Gemeente Zuid", "naam": "jeugd", "sleutel": "00"}', b'{"sleutel": 7}'],
)  # fmt: skip
def test_a_damaged_secret(inhoud):
    secret, levering = maak()
    geheim = json.loads(secret.bron.read_text(encoding="utf-8"))["sleutel"]
    secret.bron.write_bytes(inhoud)
    with pytest.raises(OnthullingsFout, match="beschadigd") as fout:
        zoek(levering)
    assert geheim not in str(fout.value)


def test_a_folder_is_no_secret(map_):
    with pytest.raises(OnthullingsFout, match="niet te lezen"):
        zoek(Levering(LIJN.eigenaar, LIJN.naam, "0" * 16), option=map_)


# Moving.


def test_moved_with_its_register(map_):
    secret, levering = maak()
    keys.open_register(secret, Noise(6, 3, 2), "jaar").append([Draw(("", "totaal"), DAG, 100, "p")])
    doel = map_ / "kluis" / "sleutel"
    keys.move(secret, doel)
    assert not secret.bron.exists()
    assert not secret.bron.with_name(register.FILE).exists()
    nieuw = zoek(levering, option=doel)
    assert nieuw.waarde == secret.waarde
    assert len(keys.open_register(nieuw, Noise(6, 3, 2), "jaar").draws(("", "totaal"))) == 1
    if os.name == "posix":
        assert doel.stat().st_mode & 0o777 == 0o600
    with pytest.raises(OnthullingsFout, match="hier niet"):
        zoek(levering)


@pytest.mark.parametrize("na", [1, 2, 3, 4])
def test_moving_that_was_stopped_is_finished(map_, monkeypatch, na):
    """After each step: the same command again, and nothing is lost or double."""
    secret, levering = maak()
    doel = map_ / "kluis" / "sleutel"
    stappen = 0

    def tel(echt):
        def stap(*args, **named):
            nonlocal stappen
            stappen += 1
            if stappen > na:
                raise KeyboardInterrupt
            return echt(*args, **named)

        return stap

    with monkeypatch.context() as m:
        m.setattr(keys, "write_new", tel(keys.write_new))
        m.setattr(Path, "unlink", tel(Path.unlink))
        if na < 4:
            with pytest.raises(KeyboardInterrupt):
                keys.move(secret, doel)
        else:
            keys.move(secret, doel)
    if secret.bron.exists():
        keys.move(zoek(levering), doel)
    assert zoek(levering, option=doel).waarde == secret.waarde
    assert keys.open_register(Secret(secret.waarde, doel), Noise(6, 3, 2), "jaar").head
    assert not secret.bron.exists()


def test_nothing_is_moved_over_something_else(map_):
    secret, levering = maak()
    doel = map_ / "kluis" / "sleutel"
    keys.make(Levering("Een ander", "jeugd"), doel)
    for plek in (doel, secret.bron, secret.bron.with_name("andere-naam")):
        with pytest.raises(OnthullingsFout, match="al iets anders"):
            keys.move(secret, plek)
    assert zoek(levering) == secret
