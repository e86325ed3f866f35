"""The manifest beside a report: what makes every number traceable, comparable and repeatable."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import platform
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import pandas as pd

from toekomstscenario_eval.blocks.wording import labelled
from toekomstscenario_eval.disclosure import comparisons
from toekomstscenario_eval.disclosure.networks import BANDEN, STROMEN
from toekomstscenario_eval.disclosure.release import Released
from toekomstscenario_eval.document.format import of_series, of_unit
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.frames import records
from toekomstscenario_eval.report.origin import tables
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.resources import PAKKETMAP, meegeleverd
from toekomstscenario_eval.types import Card, Venster, Vorm
from toekomstscenario_eval.version import __version__

VERSIE, NAAM = 3, "manifest.json"
# A manifest is text of some megabytes at most; more is a mistake, or meant to do harm.
_GROOTST = 200_000_000
_IMPORT = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)
_GETALLEN = ("schatting", "ondergrens", "bovengrens", "n", "teller", "noemer", "gecensureerd")
_SCHATTING = ("getal_id", "maat", "uitsplitsing", "groep", "periode", "eenheid", "methode", "onderdrukt")
_REEKS = ("getal_id", "reeks", "uitsplitsing", "groep", "periode", "label", "onderdrukt")
_TOETS = ("getal_id", "toets", "uitsplitsing", "groepen", "eenheid", "methode", "onderdrukt")
_WEG = ("getal_id", "reden", "periode", "onderdrukt")


def sha256(inhoud: bytes | str) -> str:
    """Return the SHA-256 of bytes or text, in hexadecimal."""
    return hashlib.sha256(inhoud.encode() if isinstance(inhoud, str) else inhoud).hexdigest()


@cache
def code_hashes() -> Mapping[str, str]:
    """Return the SHA-256 of each source file of an indicator, and of all other code under the empty name."""
    soorten = ("*.py", "*.toml", "*.j2", "*.css", "*.typ", "*.xml")
    bestanden = sorted(p for soort in soorten for p in PAKKETMAP.rglob(soort) if "meegeleverd" not in p.parts)
    bestanden += sorted(meegeleverd("analyses").glob("*.ipynb"))
    los = {p: sha256(p.read_bytes()) for p in bestanden}
    eigen = [p for p in los if p.parent.name == "indicators" and not p.name.startswith("_")]
    rest = "".join(f"{p.name}\x1f{h}\n" for p, h in los.items() if p not in eigen)
    return {p.stem: los[p] for p in eigen} | {"": sha256(rest)}


@cache
def versions() -> Mapping[str, str]:
    """Return the version of the program, of Python, and of every package that the code imports."""
    code = "\n".join(
        p.read_text(encoding="utf-8") for p in PAKKETMAP.rglob("*.py") if "meegeleverd" not in p.parts
    )
    van = packages_distributions()
    namen = {d for naam in set(_IMPORT.findall(code)) for d in van.get(naam, ()) if naam != PAKKETMAP.name}
    eigen = {"toekomstscenario-eval": __version__, "Python": platform.python_version()}
    return eigen | {naam: version(naam) for naam in sorted(namen, key=str.lower)}


def card_hash(kaart: Card) -> str:
    """Return the SHA-256 of a definition, so that a change without a new version also shows."""
    return sha256(repr(kaart))


def _rows(tabel: pd.DataFrame, velden: tuple[str, ...], getallen: tuple[str, ...]) -> list[dict[str, Any]]:
    # Missing is null in JSON, whether hidden or not to be determined.
    return [
        {k: rij[k] for k in velden} | {k: None if rij[k] != rij[k] else rij[k] for k in getallen}
        for rij in records(tabel)
    ]


def _window(venster: Venster) -> dict[str, str]:
    return {"begin": venster.begin.isoformat(), "eind": venster.eind.isoformat()}


def _forms(r: Released) -> dict[str, dict[str, Any]]:
    """Return how the numbers read that belong to no estimand: points of a series and their bounds, and tests.

    With a tie or a hand-over the bounds are something else: the part of the time beside each other or after
    each other, and the days between.
    """
    reeksen = {}
    for reeks in r.reeksen["reeks"].unique():
        vorm, band = of_series(reeks), reeks in (*BANDEN, *STROMEN)
        grenzen = {"ondergrens": vorm, "bovengrens": Vorm.GETAL if band else vorm}
        reeksen[str(reeks)] = {veld: v.value for veld, v in {"waarde": vorm, **grenzen}.items()}
    toetsen = {
        rij["toets"]: of_unit(rij["eenheid"]).value for rij in records(r.toetsen, ("toets", "eenheid"))
    }
    return {"reeksen": reeksen, "toetsen": toetsen}


def _result(r: Released, tabellen: tuple[str, ...]) -> dict[str, Any]:
    r = labelled(r)
    maten = r.card.maten_bij(r.params)
    return {
        "sleutel": r.sleutel,
        "indicator": r.indicator,
        "label": r.card.label,
        "definitie": r.card.versie,
        "definitie_sha256": card_hash(r.card),
        "bron_sha256": code_hashes().get(r.indicator),
        "parameters": dict(r.params),
        "variant": str(r.variant),
        "venster": _window(r.venster),
        "tabellen": list(tables(r, tabellen)),
        "maten": {
            naam: {"label": m.label, "eenheid": m.eenheid, "vorm": m.vorm.value} for naam, m in maten.items()
        },
        "vormen": _forms(r),
        "niet_van_toepassing": r.reden_nvt or None,
        "getallen": _rows(r.schattingen, _SCHATTING, _GETALLEN),
        "reeksen": _rows(r.reeksen, _REEKS, ("x", "waarde", "ondergrens", "bovengrens", "n")),
        "uitsluitingen": _rows(r.uitsluitingen, _WEG, ("aantal",)),
        "toetsen": _rows(r.toetsen, _TOETS, comparisons.GETALLEN),
    }


def make(rapport: Report) -> dict[str, Any]:
    """Return the manifest of a report: inputs, versions, parameters, and every number with its id."""
    a, v, plan = rapport.achtergrond, rapport.vrijgave, rapport.plan
    tabellen = tuple(b.tabel for b in a.bestanden)
    return {
        "manifest": VERSIE,
        "opdracht": a.opdracht,
        "versies": dict(a.versies),
        "code_sha256": code_hashes()[""],
        "plan_sha256": sha256(json.dumps(dataclasses.asdict(plan), default=str, sort_keys=True)),
        "gegevensafspraak": a.schema_versie,
        "pakket": {
            "naam": a.pakket,
            "titel": a.titel,
            "peildatum": a.peildatum.isoformat(),
            "waarneemvenster": _window(a.venster),
            "bestanden": [{"tabel": b.tabel, "pad": b.pad, "sha256": b.sha256} for b in a.bestanden],
        },
        "beleid": {"naam": v.beleid.naam, "drempels": dict(v.beleid.regels)},
        "vrijgave": v.id,
        "nog_te_schrijven": list(plan.ontbreekt),
        "uitsplitsingen": sorted(a.uitsplitsingen),
        "resultaten": [_result(r, tabellen) for r in v.resultaten],
        "afgeleid": list(rapport.afgeleid),
        "certificaat": rapport.certificaat.naar_json(),
    }


def to_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest, ledger or record as JSON: a line for each field, and for each item of a list."""
    velden = [f"{json.dumps(naam)}: {_lines(waarde)}" for naam, waarde in manifest.items()]
    return ("{\n" + ",\n".join(velden) + "\n}\n").encode()


def _lines(waarde: Any) -> str:
    if not isinstance(waarde, list | tuple) or not waarde:
        return json.dumps(waarde, ensure_ascii=False)
    return "[\n " + ",\n ".join(json.dumps(deel, ensure_ascii=False) for deel in waarde) + "\n]"


def load(pad: Path) -> dict[str, Any]:
    """Read the manifest of a report: from its folder, the file itself, or an archive (zip).

    Raises
    ------
    InvoerFout
        When there is no manifest, or it is not one that this version can read.
    """
    herstel = f"geef de map van een rapport, zijn {NAAM}, of het archief van 'tks rapport --archief'"
    try:
        tekst = _from_zip(pad) if pad.suffix == ".zip" else _from_file(pad)
        bron = json.loads(tekst)
    except (OSError, zipfile.BadZipFile, ValueError):
        raise InvoerFout("het manifest is niet te lezen", waar=str(pad), herstel=herstel) from None
    if not isinstance(bron, dict) or not isinstance(bron.get("resultaten"), list):
        raise InvoerFout("dit is geen manifest van een rapport", waar=str(pad), herstel=herstel)
    if bron.get("manifest") != VERSIE:
        raise InvoerFout(
            "het manifest is van een andere versie van het programma",
            waar=str(pad),
            verwacht=f"manifest {VERSIE}",
            kreeg=f"manifest {bron.get('manifest')}",
            herstel="maak het rapport opnieuw met deze versie",
        )
    return bron


def _from_file(pad: Path) -> bytes:
    return (pad / NAAM if pad.is_dir() else pad).read_bytes()


def _from_zip(pad: Path) -> bytes:
    with zipfile.ZipFile(pad) as archief:
        lid = next((i for i in archief.infolist() if Path(i.filename).name == NAAM), None)
        if lid is None or lid.file_size > _GROOTST:
            raise ValueError
        return archief.read(lid)


def numbers(manifest: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield kind, result and row of each number.

    The kinds are `getallen`, `reeksen`, `uitsluitingen`, `toetsen` and `afgeleid`.
    """
    per_sleutel = {r["sleutel"]: r for r in manifest["resultaten"]}
    for r in per_sleutel.values():
        for soort in ("getallen", "reeksen", "uitsluitingen", "toetsen"):
            for rij in r[soort]:
                yield soort, r, rij
    for rij in manifest["afgeleid"]:
        yield "afgeleid", per_sleutel[rij["resultaat"]], rij
