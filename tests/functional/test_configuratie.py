"""No configuration file brings the product down: each is read, or refused in Dutch, and quickly.

What is hostile on purpose and what a slip of the hand makes; by hand for as long as wanted with
`python tests/functional/test_configuratie.py SECONDS [KIND...]`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import pytest

from toekomstscenario_eval import cli, structured_text, structured_yaml
from toekomstscenario_eval.errors import TksFout

sys.path.insert(0, str(Path(__file__).parent))
from configuratie import HOSTILE, KINDS, SECRET, mutated

_LONGEST = 9000  # characters of a message
_SEEDS = 25


def judged(name: str, content: bytes) -> str:
    """Read a file of this kind; return the message of its refusal, empty when it was read."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            KINDS[name].read(Path(folder), content)
        except TksFout as fout:
            return str(fout)
    return ""


@pytest.mark.parametrize("name", [k for k in KINDS if k not in ("samenvatting", "sleutel", "openbaar")])
def test_a_sound_file_is_read(name):
    assert judged(name, KINDS[name].sound()) == ""


@pytest.mark.parametrize(
    ("name", "label"), [(name, label) for name, kind in KINDS.items() for label in HOSTILE[kind.form]]
)
def test_a_hostile_file_is_refused_or_read(name, label):
    message = judged(name, HOSTILE[KINDS[name].form][label])
    assert len(message) < _LONGEST
    assert SECRET not in message
    message.encode()


@pytest.mark.parametrize("name", KINDS)
def test_a_slip_of_the_hand(name):
    for seed in range(_SEEDS):
        message = judged(name, mutated(KINDS[name], seed))
        assert len(message) < _LONGEST, seed
        message.encode()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"a": 1, "a": 2}', "een sleutel staat er twee keer in"),
        (b'{"a": NaN}', "NaN en Infinity zijn geen getallen"),
        (b'{"a": 1e999}', "een getal is te groot"),
        (b'{"a": ' + b"9" * 400 + b"}", "een getal is te groot"),
        (b"[" * 10_000 + b"]" * 10_000, "het is te diep genest"),
        (b"[" * 101 + b"]" * 101, "het is te diep genest"),
        (b'"\\ud800"', "er staat een half of een onzichtbaar teken in"),
        (b'{"a\\u0000": 1}', "er staat een half of een onzichtbaar teken in"),
        (b"\xff", structured_text.FORM),
        (b"", structured_text.FORM),
    ],
)
def test_why_json_is_refused(text, reason):
    with pytest.raises(structured_text.Malformed) as fout:
        structured_text.from_json(text)
    assert fout.value.reason == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = nan", "NaN en Infinity zijn geen getallen"),
        ("a = " + "[" * 10_000 + "]" * 10_000, "het is te diep genest"),
        (".".join(["a"] * 10_000) + " = 1", "het is te diep genest"),
        ("a = " + "9" * 5000, structured_text.FORM),
        ("a = 1\na = 2", structured_text.FORM),
    ],
)
def test_why_toml_is_refused(text, reason):
    with pytest.raises(structured_text.Malformed) as fout:
        structured_text.from_toml(text)
    assert fout.value.reason == reason


@pytest.mark.parametrize("read", [structured_yaml.yaml_tree, structured_yaml.from_yaml])
@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("x: 1\na: &b [1]\n", "ankers (&naam) en verwijzingen (*naam) kunnen hier niet", 2),
        ("a: *b\n", "ankers (&naam) en verwijzingen (*naam) kunnen hier niet", 1),
        ("a: !!bool x\n", "soorten (!naam) kunnen hier niet", 1),
        ("a: " + "[" * 10_000, "het is te diep genest", 1),
        ('a: "\\ud800"\n', "er staat een half of een onzichtbaar teken in", 1),
        ("a: 1\nb: 'x\n", structured_text.FORM, 2),
        ("a: \0\n", structured_text.FORM, 0),
    ],
)
def test_why_yaml_is_refused(read, text, reason, line):
    with pytest.raises(structured_text.Malformed) as fout:
        read(text)
    assert (fout.value.reason, fout.value.line) == (reason, line)


def test_the_deepest_that_may_be():
    deepest = structured_text.DEEPEST - 1
    assert structured_text.from_json("[" * deepest + "1" + "]" * deepest)
    assert structured_yaml.from_yaml("[" * deepest + "1" + "]" * deepest)


COMMANDS = (
    ("importeer", "{}", "bron.csv", "--uit", "uit"),
    ("importeer", "mapping.yaml", "{}", "--uit", "uit"),
    ("controleer", "{}"),
    ("bereken", "duo_duur", "{}"),
    ("bereken", "duo_duur", "weg", "--sleutel", "{}"),
    ("rapport", "weg", "--onderzoek", "{}"),
    ("rapport", "weg", "--huisstijl", "{}"),
    ("plan", "toon", "{}"),
    ("plan", "vastleggen", "{}"),
    ("vergelijk", "{}", "{}"),
    ("herleid", "g1", "{}"),
    ("reproduceer", "{}"),
    ("samenvoegen", "{}", "{}"),
    ("sleutel", "controleer", "{}"),
    ("register", "toon", "{}"),
    ("onderzoek", "nieuw", "{}"),
)
PATHS = {
    "nul": "a\0b",
    "half a character": "a\udcff",
    "too long": "x" * 5000,
    "too many folders": "x/" * 3000,
    "a folder": ".",
    "a file as a folder": "mapping.yaml/x",
    "nothing there": "weg.yaml",
    "empty": "",
    "a device": "/dev/null",
}


# An empty file is a style and a study like any other: their report would be made.
CALLS = [(c, p) for c in COMMANDS for p in PATHS if not (c[0] == "rapport" and p in ("a device", "empty"))]


@pytest.mark.parametrize(("command", "place"), CALLS, ids=[f"{' '.join(c)}: {p}" for c, p in CALLS])
def test_a_path_that_cannot_be(command, place, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mapping.yaml").write_bytes(KINDS["mapping"].sound())
    (tmp_path / "bron.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["tks", *(word.format(PATHS[place]) for word in command)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    told = capsys.readouterr().err
    assert stop.value.code in range(2, 9) or place in ("empty", "a folder", "a device", "nothing there")
    assert "Traceback" not in told
    assert len(told) < _LONGEST


def test_words_that_are_no_text(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["tks", "controleer", "a\0b"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert (stop.value.code, capsys.readouterr().err) == (
        2,
        "Opdracht niet begrepen: de opdracht bevat een teken dat geen letter of leesteken is\n"
        "  Waar: woord 2 na tks\n"
        "  Verwacht: tekst in UTF-8, zonder NUL\n"
        "  Herstel: geef het bestand of de map een naam van gewone tekens\n",
    )


def by_hand(seconds: float, *names: str) -> None:
    """Read changed files for so many seconds, and print each fault once."""
    seen: set[tuple[str, str]] = set()
    end, seed = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        for name in names or KINDS:
            begin = time.monotonic()
            try:
                judged(name, mutated(KINDS[name], seed)).encode()
                fault = "traag" if time.monotonic() - begin > 5 else ""
            except Exception as fout:  # noqa: BLE001 (every one is a finding here)
                fault = f"{type(fout).__name__}: {fout}"[:120]
            if fault and (name, fault) not in seen:
                seen.add((name, fault))
                sys.stdout.write(f"{name}, zaad {seed}: {fault}\n")
        seed += 1
    sys.stdout.write(f"{seed} zaden per soort, {len(seen)} fouten\n")


if __name__ == "__main__":
    by_hand(float(sys.argv[1]), *sys.argv[2:])
