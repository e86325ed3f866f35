"""Every kind of configuration file that the product reads, and ways in which one can be wrong.

`KINDS` says for each kind how a sound file looks and who reads it. `HOSTILE` are contents that no file should
have; `mutated` changes a sound one a little, at random from a seed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECRET = "Q7geheimewaardeZ"  # stands in for a cell value: no message may hold it
JSON, TOML, YAML = "json", "toml", "yaml"


@dataclass(frozen=True)
class Kind:
    """`sound` is a file as it should be; `read` puts bytes in its place below a folder and reads them."""

    form: str
    sound: Callable[[], bytes]
    read: Callable[[Path, bytes], Any]


def _at(map_: Path, name: str, content: bytes) -> Path:
    path = map_ / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _mapping(map_: Path, content: bytes) -> None:
    from tests.one_source import load_mapping

    load_mapping(_at(map_, "mapping.yaml", content))


def _study(map_: Path, content: bytes) -> None:
    from toekomstscenario_eval.making.plan_reading import load_plan

    load_plan(_at(map_, "onderzoek.yaml", content))


def _lock(map_: Path, content: bytes) -> None:
    from toekomstscenario_eval.making.plan_lock import place_of, read_lock

    study = map_ / "onderzoek.yaml"
    _at(map_, place_of(study).name, content)
    read_lock(study)


def _style(map_: Path, content: bytes) -> None:
    from toekomstscenario_eval.document.house_style import load_style, style_files

    path = _at(map_, "stijl.toml", content)
    load_style(path)
    style_files(path)


def _policy(map_: Path, content: bytes) -> None:
    from toekomstscenario_eval.protection.policy import load_policy, policies

    path = _at(map_, "beleid.toml", content)
    policies(path)
    load_policy(file=path)


def _package(map_: Path, content: bytes) -> None:
    from toekomstscenario_eval.data.package import open_package

    _at(map_, "proeftuin.csv", b"proeftuin_id,naam,soort\np1,Noord,proeftuin\n")
    _at(map_, "huishouden.csv", b"huishouden_id,proeftuin_id,begin,eind\nh1,p1,2024-01-01,\n")
    _at(map_, "datapackage.json", content)
    open_package(map_)


def _manifest(map_: Path, content: bytes) -> None:
    from toekomstscenario_eval.provenance.changes import compare
    from toekomstscenario_eval.provenance.manifest import load, sound

    path = _at(map_, "manifest.json", content)
    read = load(path)
    with sound(path):
        compare(_small_manifest(), read)


def _record(map_: Path, content: bytes) -> None:
    from toekomstscenario_eval.protection.record import FILE, load

    _at(map_, FILE, content)
    load(map_)


def _summary(map_: Path, content: bytes) -> None:
    from toekomstscenario_eval.making.site_summary import FILE
    from toekomstscenario_eval.making.summary_sets import read_set

    _at(map_, FILE, content)
    read_set(map_)


def _key(map_: Path, content: bytes) -> None:
    from toekomstscenario_eval.protection.keys import find
    from toekomstscenario_eval.types import Levering

    path = _at(map_, "sleutel", content)
    path.chmod(0o600)
    find(Levering("Gemeente", "jeugd", "0" * 16), option=path, environ={})


def _open(map_: Path, content: bytes, name: str) -> None:
    from toekomstscenario_eval.making.open_release import openbaar

    folder = map_ / "openbaar"
    for file in (ROOT / "rapporten" / "voorbeeld" / "openbaar").iterdir():
        if file.name != name:
            _at(folder, file.name, b"x")
    _at(folder, name, content)
    openbaar(map_)


def _small_manifest() -> dict[str, Any]:
    """Return the shipped manifest with one result of a kind, which is enough of it."""
    if not _CACHE:
        full = json.loads((ROOT / "rapporten" / "voorbeeld" / "manifest.json").read_bytes())
        _CACHE.update(full | {"resultaten": full["resultaten"][:2], "afgeleid": []})
    return _CACHE


_CACHE: dict[str, Any] = {}


def _described() -> bytes:
    from toekomstscenario_eval.data.schema import load_schema

    out = {
        "name": "proef",
        "title": "Proef",
        "schema_versie": load_schema().versie,
        "peildatum": "2024-07-01",
        "waarneemvenster": {"begin": "2024-01-01", "eind": "2024-07-01"},
        "sources": [{"title": "Zelf"}],
        "contributors": [{"title": "Ik"}],
        "levering": {"eigenaar": "Gemeente", "naam": "jeugd"},
        "resources": [
            {"name": "proeftuin", "path": "proeftuin.csv", "format": "csv"},
            {"name": "huishouden", "path": "huishouden.csv", "volledig": True},
        ],
    }
    return json.dumps(out).encode()


def _file(*parts: str) -> Callable[[], bytes]:
    return lambda: ROOT.joinpath(*parts).read_bytes()


def _style_text() -> bytes:
    return b'kleur = "#004080"\nletter = "Arial"\nletterbestanden = []\n'


KINDS: Mapping[str, Kind] = {
    "mapping": Kind(YAML, _file("docs", "voorbeelden", "zaaklog_gemeenten.yaml"), _mapping),
    "onderzoek": Kind(YAML, _file("analyses", "voorbeeld_onderzoek.yaml"), _study),
    "plan": Kind(YAML, _file("analyses", "voorbeeld_onderzoek.vastgelegd.yaml"), _lock),
    "huisstijl": Kind(TOML, _style_text, _style),
    "beleid": Kind(TOML, _file("toekomstscenario_eval", "protection", "policy", "policies.toml"), _policy),
    "datapackage": Kind(JSON, _described, _package),
    "manifest": Kind(JSON, lambda: json.dumps(_small_manifest()).encode(), _manifest),
    "dossier": Kind(JSON, _file("rapporten", "voorbeeld", "vrijgave.json"), _record),
    "samenvatting": Kind(
        JSON, lambda: b'{"samenvatting": 1, "eigenaar": "Gemeente", "regios": [{"naam": "A"}]}', _summary
    ),
    "sleutel": Kind(
        JSON,
        lambda: json.dumps({"sleutel": "ab" * 32, "eigenaar": "Gemeente", "naam": "jeugd"}).encode(),
        _key,
    ),
    "openbaar": Kind(
        JSON,
        _file("rapporten", "voorbeeld", "openbaar", "datapackage.json"),
        lambda map_, content: _open(map_, content, "datapackage.json"),
    ),
}

_DEEP = 10_000
_LAUGHS = b"".join(
    [b"a0: &a0 [x, x, x, x, x, x, x, x, x]\n"]
    + [b"a%d: &a%d [%s]\n" % (i, i, b", ".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 12)]
)
_ANY = {
    "empty": b"",
    "blank": b" \n\t\n",
    "nul": b"a\0b",
    "not utf-8": b"naam: \xff\xfe\xe9",
    "utf-16": "naam: proef".encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf",
    "random bytes": random.Random(0).randbytes(4096),
    "brackets": b"[" * _DEEP,
    "closed brackets": b"[" * _DEEP + b"]" * _DEEP,
    "braces": b'{"a":' * _DEEP + b"1" + b"}" * _DEEP,
    "a number": b"1",
    "a long number": b"9" * 5000,
    "a text": b'"tekst"',
    "a list": b"[1, 2, 3]",
    "null": b"null",
}
HOSTILE: Mapping[str, Mapping[str, bytes]] = {
    YAML: _ANY
    | {
        "billion laughs": _LAUGHS,
        "itself": b"a: &a [*a]\n",
        "merge itself": b"&a {<<: *a}\n",
        "dashes": b"- " * _DEEP + b"x",
        "indents": b"".join(b" " * i + b"a:\n" for i in range(2000)),
        "half a character": b'naam: "\\ud800"\n',
        "escaped nul": b'naam: "\\0"\n',
        "no character": b'naam: "\\UFFFFFFFF"\n',
        "python": b"!!python/object/apply:os.system ['true']\n",
        "a wrong tag": b"!!bool x\n",
        "a wrong date": b"naam: 2024-99-99\npeildatum: 2024-13-01 25:61:61\n",
        "two documents": b"a: 1\n---\nb: 2\n",
        "a list as key": b"? [a, b]\n: x\n",
        "a tab": b"a:\n\tb: 1\n",
        "open quote": b"a: 'x\nb: 1\n",
        "infinity": b"naam: .inf\ntitel: .nan\n",
    },
    TOML: _ANY
    | {
        "dotted": b".".join([b"a"] * _DEEP) + b" = 1\n",
        "tables": b"[" + b".".join([b"a"] * _DEEP) + b"]\n",
        "nested": b"a = " + b"[" * _DEEP + b"]" * _DEEP + b"\n",
        "infinity": b"kleur = inf\n",
        "nan": b"kleur = nan\n",
        "long number": b"kleur = " + b"9" * 5000 + b"\n",
        "twice": b'kleur = "#fff"\nkleur = "#000"\n',
        "nul": b'letter = "a\\u0000b"\nletterbestanden = ["a\\u0000b"]\n',
        "nul in a path": b'letterbestanden = ["a\\u0000b"]\n',
        "a long path": b'logo = "' + b"x" * 5000 + b'.svg"\n',
    },
    JSON: _ANY
    | {
        "nan": b'{"a": NaN}',
        "infinity": b'{"a": [-Infinity]}',
        "overflow": b'{"a": 1e999}',
        "long number": b'{"a": ' + b"9" * 5000 + b"}",
        "twice": b'{"name": "a", "name": "b"}',
        "half a character": b'{"name": "\\ud800", "resources": [{"path": "\\udfff"}]}',
        "nul in a path": b'{"name": "a", "resources": [{"name": "huishouden", "path": "a\\u0000b"}]}',
        "cut": b'{"name": "a", "resources": [{"na',
        "comma": b'{"a": 1,}',
    },
}
_BAD_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**40,
    1.5,
    "",
    " ",
    "\n",
    "../..",
    "/etc/passwd",
    "x" * 5000,
    "é\u202e",
    SECRET,
    [],
    [[]],
    [None],
    [SECRET],
    {},
    {"a": 1},
    {SECRET: SECRET},
    "2024-02-30",
    "9999999999-01-01",
)


def mutated(kind: Kind, seed: int) -> bytes:
    """Return a sound file with one to three small changes."""
    rng = random.Random(seed)
    content = kind.sound()
    if kind.form == JSON and rng.random() < 0.8:
        tree = json.loads(content)
        for _ in range(rng.randint(1, 3)):
            tree = _changed(tree, rng)
        return json.dumps(tree).encode()
    for _ in range(rng.randint(1, 3)):
        content = _scratched(content, rng)
    return content


def _changed(tree: Any, rng: random.Random) -> Any:
    places = list(_places(tree))
    if not places:
        return rng.choice(_BAD_VALUES)
    holder, key = rng.choice(places)
    if rng.random() < 0.25:
        del holder[key]
    else:
        holder[key] = rng.choice(_BAD_VALUES)
    return tree


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    level = [tree]
    while level:
        item = level.pop()
        keys = list(item) if isinstance(item, dict) else range(len(item)) if isinstance(item, list) else ()
        for key in keys:
            yield item, key
            level.append(item[key])


_TOKENS = (
    *(
        b"\0",
        b"\xff",
        b"\n",
        b": ",
        b"- ",
        b"[",
        b"]",
        b"{",
        b"}",
        b"'",
        b'"',
        b"#",
        b"&a ",
        b"*a",
        b"!!int ",
    ),
    *(b"\t", b"9" * 5000, b"null", b"\xed\xa0\x80", b"\\ud800", b"=", b",", SECRET.encode(), b"\xe2\x80\xa8"),
)


def _scratched(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    way = rng.randrange(5)
    if way == 0:
        return content[:at] + rng.choice(_TOKENS) + content[at:]
    if way == 1:
        return content[:at] + content[at + rng.randint(1, 40) :]
    if way == 2:
        return content[:at]
    lines = content.split(b"\n")
    i = rng.randrange(len(lines))
    if way == 3:
        head, mark, _ = lines[i].partition(rng.choice((b":", b"=")))
        lines[i] = head + mark + b" " + rng.choice(_TOKENS)
    else:
        lines.insert(rng.randrange(len(lines)), lines[i])
    return b"\n".join(lines)
