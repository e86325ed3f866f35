"""The manifest beside a report: what makes every number traceable, comparable and repeatable."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import platform
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import pandas as pd

from toekomstscenario_eval import results, structured_text
from toekomstscenario_eval.blocks.count_words import threshold
from toekomstscenario_eval.blocks.whose import moment
from toekomstscenario_eval.blocks.wording import labelled
from toekomstscenario_eval.document.format import of_series, of_unit
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.frames import records
from toekomstscenario_eval.report.locked_plan import Locked
from toekomstscenario_eval.report.origin import tables
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.resources import PACKAGE_DIR, bundled
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.series import FLOWS, TIES
from toekomstscenario_eval.types import Card, Result, Venster, Vorm
from toekomstscenario_eval.version import __version__

VERSION, NAAM = 4, "manifest.json"
# A manifest is text of some megabytes at most; more is a mistake, or meant to do harm.
_LARGEST = 200_000_000
_IMPORT = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)
_GETALLEN = (
    *("schatting", "ondergrens", "bovengrens", "standaardfout"),
    *("n", "teller", "noemer", "gecensureerd"),
)
_SCHATTING = (
    "getal_id",
    "maat",
    "uitsplitsing",
    "groep",
    "periode",
    "eenheid",
    "methode",
    "weergave",
    "onderdrukt",
)
_REEKS = ("getal_id", "reeks", "uitsplitsing", "groep", "periode", "label", "onderdrukt")
_TOETS = ("getal_id", "toets", "uitsplitsing", "groepen", "eenheid", "methode", "onderdrukt")
_GONE = ("getal_id", "reden", "periode", "weergave", "onderdrukt")


def sha256(content: bytes | str) -> str:
    """Return the SHA-256 of bytes or text, in hexadecimal."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


@cache
def code_hashes() -> Mapping[str, str]:
    """Return the SHA-256 of each source file of an indicator, and of all other code under the empty name."""
    soorten = ("*.py", "*.toml", "*.j2", "*.css", "*.typ", "*.xml", "*.csv")
    files = sorted(p for soort in soorten for p in PACKAGE_DIR.rglob(soort) if "meegeleverd" not in p.parts)
    files += sorted(bundled("analyses").glob("*.ipynb"))
    loose = {p: sha256(p.read_bytes()) for p in files}
    own = [p for p in loose if p.parent.name == "indicators" and not p.name.startswith("_")]
    rest = "".join(f"{p.name}\x1f{h}\n" for p, h in loose.items() if p not in own)
    return {p.stem: loose[p] for p in own} | {"": sha256(rest)}


@cache
def versions() -> Mapping[str, str]:
    """Return the version of the program, of Python, and of every package that the code imports."""
    code = "\n".join(
        p.read_text(encoding="utf-8") for p in PACKAGE_DIR.rglob("*.py") if "meegeleverd" not in p.parts
    )
    start = packages_distributions()
    namen = {
        d for naam in set(_IMPORT.findall(code)) for d in start.get(naam, ()) if naam != PACKAGE_DIR.name
    }
    own = {"toekomstscenario-eval": __version__, "Python": platform.python_version()}
    return own | {naam: version(naam) for naam in sorted(namen, key=str.lower)}


def card_hash(card: Card) -> str:
    """Return the SHA-256 of a definition, so that a change without a new version also shows."""
    return sha256(repr(card))


def _rows(table: pd.DataFrame, fields: tuple[str, ...], getallen: tuple[str, ...]) -> list[dict[str, Any]]:
    # Missing is null in JSON, whether hidden or not to be determined.
    return [
        {k: row[k] for k in fields} | {k: None if row[k] != row[k] else row[k] for k in getallen}
        for row in records(table)
    ]


def _window(venster: Venster) -> dict[str, str]:
    return {"begin": venster.begin.isoformat(), "eind": venster.eind.isoformat()}


def _periods(r: Result) -> list[str]:
    return sorted(set(r.schattingen["periode"]) - {""})


def _forms(r: Result) -> dict[str, dict[str, Any]]:
    """Return how the numbers read that belong to no estimand: points of a series and their bounds, and tests.

    With a tie or a hand-over the bounds are something else: the part of the time beside each other or after
    each other, and the days between.
    """
    reeksen = {}
    for reeks in r.reeksen["reeks"].unique():
        vorm, tie = of_series(reeks), reeks in (*TIES, *FLOWS)
        forms = {"waarde": vorm, "ondergrens": vorm, "bovengrens": Vorm.GETAL if tie else vorm}
        reeksen[str(reeks)] = {field: form.value for field, form in forms.items()}
    tests = records(r.toetsen, ("toets", "eenheid"))
    return {"reeksen": reeksen, "toetsen": {t["toets"]: of_unit(t["eenheid"]).value for t in tests}}


def _result(r: Result, frames: tuple[str, ...]) -> dict[str, Any]:
    r = labelled(r)
    maten = r.card.maten_bij(r.params)
    return {
        "sleutel": r.sleutel,
        "indicator": r.indicator,
        "label": r.card.label,
        "soort": r.card.kind.value,
        "drempel": 0 if r.intern else threshold(r),
        "definitie": r.card.versie,
        "definitie_sha256": card_hash(r.card),
        "bron_sha256": code_hashes().get(r.indicator),
        "parameters": dict(r.params),
        "variant": str(r.variant),
        "venster": _window(r.venster),
        "stand": {p: moment(r, p) for p in ("", *_periods(r))} if r.card.op_een_dag else {},
        "tabellen": list(tables(r, frames)),
        "maten": {
            naam: {"label": m.label, "eenheid": m.eenheid, "vorm": m.vorm.value} for naam, m in maten.items()
        },
        "vormen": _forms(r),
        "niet_van_toepassing": r.reden_nvt or None,
        "getallen": _rows(r.schattingen, _SCHATTING, _GETALLEN),
        "reeksen": _rows(r.reeksen, _REEKS, ("x", "waarde", "ondergrens", "bovengrens", "n")),
        "uitsluitingen": _rows(r.uitsluitingen, _GONE, ("aantal",)),
        "toetsen": _rows(r.toetsen, _TOETS, results.GETALLEN),
    }


def _lock(locked: Locked | None) -> dict[str, str] | None:
    return {"datum": locked.datum.isoformat(), "sha256": locked.sha256} if locked else None


def make(report: Report) -> dict[str, Any]:
    """Return the manifest of a report: inputs, versions, parameters, and every number with its id."""
    a, v, plan = report.background, report.vrijgave, report.plan
    frames = tuple(b.tabel for b in a.bestanden)
    return {
        "manifest": VERSION,
        "opdracht": a.opdracht,
        "versies": dict(a.versies),
        "code_sha256": code_hashes()[""],
        "plan_sha256": sha256(
            json.dumps(dataclasses.asdict(plan) | {"bestand": ""}, default=str, sort_keys=True)
        ),
        "vastgelegd_plan": _lock(plan.locked),
        "gegevensafspraak": a.schema_versie,
        "pakket": {
            "naam": a.pakket,
            "titel": a.titel,
            "peildatum": a.peildatum.isoformat(),
            "waarneemvenster": _window(a.venster),
            "vingerafdruk": a.vingerafdruk,
            "bestanden": [{"tabel": b.tabel, "pad": b.pad, "sha256": b.sha256} for b in a.bestanden],
        },
        "beleid": {"naam": v.beleid, "regels": dict(v.regels)},
        "intern": v.intern,
        "epoche": v.stand,
        "vrijgave": v.id,
        "nog_te_schrijven": list(plan.ontbreekt),
        "uitsplitsingen": sorted(a.uitsplitsingen),
        **of_release(v, frames, report.afgeleid),
        "certificaat": report.certificaat.to_json(),
    }


def of_release(
    release: Release, tabellen: tuple[str, ...], derived: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the numbers of a release as a manifest holds them; `tabellen` are those that were delivered."""
    return {
        "resultaten": [_result(r, tabellen) for r in release.resultaten],
        "afgeleid": list(derived),
    }


def to_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest, ledger or record as JSON: a line for each field, and for each item of a list."""
    fields = [f"{json.dumps(naam)}: {_lines(waarde)}" for naam, waarde in manifest.items()]
    return ("{\n" + ",\n".join(fields) + "\n}\n").encode()


def _lines(waarde: Any) -> str:
    if not isinstance(waarde, list | tuple) or not waarde:
        return json.dumps(waarde, ensure_ascii=False)
    return "[\n " + ",\n ".join(json.dumps(part, ensure_ascii=False) for part in waarde) + "\n]"


# What a file that is no archive, or a damaged one, may raise.
_UNREADABLE = (OSError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error)


def load(path: Path) -> dict[str, Any]:
    """Read the manifest of a report: from its folder, the file itself, or an archive (zip).

    Raises
    ------
    InvoerFout
        When there is no manifest, or it is not one that this version can read.
    """
    remedy = f"geef de map van een rapport, zijn {NAAM}, of het archief van 'tks rapport --archief'"
    try:
        text = _from_zip(path) if path.suffix == ".zip" else _from_file(path)
        source = structured_text.from_json(text)
    except _UNREADABLE:
        raise InvoerFout("het manifest is niet te lezen", waar=str(path), herstel=remedy) from None
    if not isinstance(source, dict) or not isinstance(source.get("resultaten"), list):
        raise InvoerFout("dit is geen manifest van een rapport", waar=str(path), herstel=remedy)
    if source.get("manifest") != VERSION:
        raise InvoerFout(
            "het manifest is van een andere versie van het programma",
            waar=str(path),
            verwacht=f"manifest {VERSION}",
            kreeg=f"manifest {source.get('manifest')}",
            herstel="maak het rapport opnieuw met deze versie",
        )
    return source


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """Refuse a manifest of which a part turns out not to be as this version writes it.

    Raises
    ------
    InvoerFout
        With the file, when what is done here trips over its content.
    """
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, StopIteration):
        raise InvoerFout(
            "het manifest klopt niet: een deel ontbreekt of heeft een andere vorm",
            waar=str(path),
            herstel="maak het rapport opnieuw, of neem het manifest zoals het is gemaakt",
        ) from None


def _from_file(path: Path) -> bytes:
    return (path / NAAM if path.is_dir() else path).read_bytes()


def _from_zip(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        member = next((i for i in archive.infolist() if Path(i.filename).name == NAAM), None)
        if member is None or member.file_size > _LARGEST:
            raise ValueError
        return archive.read(member)


def numbers(manifest: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield kind, result and row of each number.

    The kinds are `getallen`, `reeksen`, `uitsluitingen`, `toetsen` and `afgeleid`.
    """
    per_key = {r["sleutel"]: r for r in manifest["resultaten"]}
    for r in per_key.values():
        for soort in ("getallen", "reeksen", "uitsluitingen", "toetsen"):
            for row in r[soort]:
                yield soort, r, row
    for row in manifest["afgeleid"]:
        yield "afgeleid", per_key[row["resultaat"]], row
