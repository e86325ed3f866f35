"""In doubt nothing comes out: through the commands, with a package, a key and a register on the disk."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from benchmarks.metingen_poort import FIRST, deliver, named, read
from benchmarks.pakketten import Delivery
from toekomstscenario_eval import cli
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.errors import OnthullingsFout, UitvoerFout
from toekomstscenario_eval.files import locked
from toekomstscenario_eval.protection import keys, policy, register
from toekomstscenario_eval.study import Study

QUESTION = "aandeel_ots"


@pytest.fixture(scope="session")
def source(tmp_path_factory) -> Path:
    return make_example(tmp_path_factory.mktemp("dicht") / "bron", huishoudens=120, seed=3)


@pytest.fixture
def line(tmp_path) -> Delivery:
    return Delivery.make(tmp_path, "proef", 7)


@pytest.fixture
def package(source, line, tmp_path) -> Path:
    return named(deliver(source, read(source), FIRST, tmp_path / "pakket"), line)


@pytest.fixture
def tks(monkeypatch, capsys, tmp_path):
    """Run `tks bereken` in this process; return the exit code, what it says, and the file it wrote."""
    monkeypatch.setattr(keys, "user_data_path", lambda _: tmp_path / "gebruiker")
    monkeypatch.delenv(keys.VARIABLE, raising=False)

    def run(package: Path, *more: object) -> tuple[int, str, str, Path]:
        out = tmp_path / "uit" / "cijfers.csv"
        monkeypatch.setattr(
            sys, "argv", ["tks", "bereken", QUESTION, str(package), "--uit", str(out), *map(str, more)]
        )
        with pytest.raises(SystemExit) as stop:
            cli.main()
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err, out

    return run


def refused(said: tuple[int, str, str, Path], *words: str) -> None:
    code, out, err, file = said
    assert code not in (0, 1)
    assert "Traceback" not in err
    assert out == ""
    assert not file.exists()
    for word in words:
        assert word in " ".join(err.split())


def book_of(line: Delivery) -> Path:
    return line.key.with_name(register.FILE)


def test_with_key_and_register_there_is_an_answer(tks, package, line):
    code, _, err, file = tks(package, "--sleutel", line.key)
    assert (code, err) == (0, "")
    assert file.exists()
    assert book_of(line).read_bytes().count(b"\n") > 3


def test_no_key(tks, package):
    refused(tks(package), "de sleutel van deze levering is hier niet", "het bestaat niet", "--intern")


def test_another_key(tks, package, tmp_path):
    other = Delivery.make(tmp_path, "ander", 8)
    refused(tks(package, "--sleutel", other.key), "de sleutel van een andere levering")
    assert book_of(other).read_bytes().count(b"\n") == 1


def test_a_register_of_another_key(tks, package, line, tmp_path):
    other = Delivery.make(tmp_path, "ander", 8)
    book_of(line).write_bytes(book_of(other).read_bytes())
    refused(tks(package, "--sleutel", line.key), "het register klopt niet")


def test_no_register(tks, package, line):
    book_of(line).unlink()
    refused(tks(package, "--sleutel", line.key), "het register bij deze sleutel kan niet worden gelezen")


def test_an_older_copy_of_the_register(tks, package, line):
    """Put back from a backup, it does not know of the last release."""
    old = book_of(line).read_bytes()
    assert tks(package, "--sleutel", line.key)[0] == 0
    (line.key.parent.parent / "uit" / "cijfers.csv").unlink()
    book_of(line).write_bytes(old)
    refused(tks(package, "--sleutel", line.key), "het register is ouder", "zet de laatste versie terug")
    assert book_of(line).read_bytes() == old


@pytest.mark.parametrize("how", ["regel weg", "cijfer anders", "andere ruis"])
def test_a_register_that_was_changed(tks, package, line, how):
    assert tks(package, "--sleutel", line.key)[0] == 0
    (line.key.parent.parent / "uit" / "cijfers.csv").unlink()
    lines = book_of(line).read_bytes().splitlines(keepends=True)
    if how == "regel weg":
        del lines[2]
    else:
        old, new = (b'"huishoudens":', b'"huishoudens":1') if how == "cijfer anders" else (b'"v":3', b'"v":5')
        at = next(i for i, own in enumerate(lines) if old in own)
        lines[at] = lines[at].replace(old, new, 1)
    book_of(line).write_bytes(b"".join(lines))
    refused(tks(package, "--sleutel", line.key), "register")


def test_noise_that_does_not_exist(tks, package, line, monkeypatch, tmp_path):
    text = policy.FILE.read_text(encoding="utf-8").replace(
        "ruis_d = { waarde = 6", "ruis_d = { waarde = 1", 1
    )
    assert text != policy.FILE.read_text(encoding="utf-8")
    own = tmp_path / "policies.toml"
    own.write_text(text, encoding="utf-8")
    monkeypatch.setattr(policy, "FILE", own)
    monkeypatch.setattr(policy.load_policy, "__defaults__", ("standaard", own))
    refused(tks(package, "--sleutel", line.key), "deze ruis bestaat niet")
    assert book_of(line).read_bytes().count(b"\n") == 1


def test_while_another_writes(tks, package, line):
    with locked(book_of(line)):
        refused(tks(package, "--sleutel", line.key), "een ander proces schrijft nu in dit bestand")
    assert book_of(line).read_bytes().count(b"\n") == 1
    assert tks(package, "--sleutel", line.key)[0] == 0


def test_who_decided_by_an_old_register_is_refused(package, line):
    first, second = (Study.open(package, sleutel=line.key) for _ in range(2))
    first.bereken(QUESTION)
    before = book_of(line).read_bytes()
    for _ in range(2):
        with pytest.raises(OnthullingsFout, match="intussen door een ander aangevuld"):
            second.bereken("duo_duur")
    assert book_of(line).read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files is of POSIX")
def test_a_full_disk(package, line):
    study = Study.open(package, sleutel=line.key)
    before = book_of(line).read_bytes()
    old, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100, old[1]))
        with pytest.raises(UitvoerFout):
            study.bereken(QUESTION)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    assert book_of(line).read_bytes() == before
    # With room again it goes on, and finishes.
    study.bereken(QUESTION)
    assert book_of(line).read_bytes().startswith(before)


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from toekomstscenario_eval.making import publish
    from toekomstscenario_eval import cli
    def stop(out, files):
        os.kill(os.getpid(), signal.SIGKILL)
    if sys.argv.pop(1) == "stop":
        publish.write_together = stop
    cli.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_killed_between_register_and_files_the_next_one_finishes(package, line, tmp_path):
    def run(how: str, out: Path, key: Path) -> int:
        command = [sys.executable, "-c", textwrap.dedent(KILLED), how, "bereken", QUESTION, str(package)]
        done = subprocess.run(
            [*command, "--uit", str(out / "cijfers.csv"), "--sleutel", str(key)],
            check=False,
            capture_output=True,
        )
        return done.returncode

    # The same key with a register of its own, where nothing goes wrong.
    whole = Delivery.make(tmp_path / "heel", "proef", 7)
    assert whole.levering == line.levering
    assert run("door", tmp_path / "goed", whole.key) == 0
    assert run("stop", tmp_path / "af", line.key) == -signal.SIGKILL
    assert not (tmp_path / "af" / "cijfers.csv").exists()
    held = book_of(line).read_bytes()
    assert held.count(b"\n") > 3
    assert run("door", tmp_path / "af", line.key) == 0
    assert book_of(line).read_bytes() == held
    assert (tmp_path / "af" / "cijfers.csv").read_bytes() == (tmp_path / "goed" / "cijfers.csv").read_bytes()
