"""What the open files hold, in words: the description that goes with them (a Frictionless data package)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from toekomstscenario_eval.identity import OPEN_FOLDER

FOLDER, CELLS, PLACES = OPEN_FOLDER, "cellen", "plekken"
RECIPES, DESCRIPTION = "recepten.json", "datapackage.json"
TABLES = (CELLS, PLACES)
# Every file of the folder but the description itself.
FILES = (*(f"{table}.{kind}" for table in TABLES for kind in ("csv", "parquet")), RECIPES)
SPOT = ("recept", "uitsplitsing", "groep", "periode")
_SPOT = (
    ("recept", "integer", "Nummer van de vraag; recepten.json zegt welke indicator, keuzes en venster."),
    ("uitsplitsing", "string", "Waarnaar is uitgesplitst; leeg is het geheel, niet een ontbrekende waarde."),
    ("groep", "string", "Groep: een code, of de naam van een proeftuin; 'totaal' is het geheel."),
    ("periode", "string", "Kalenderdeel van het venster; leeg is het hele venster."),
)  # fmt: skip
# Name, type and meaning of each column; the types of Frictionless.
FIELDS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    CELLS: (
        *_SPOT,
        ("naam", "string", "Wat wordt geteld, zoals t (teller) of r (de rest); zie het handboek."),
        ("x", "integer", "Punt op het rooster: een dag bij duren, een aantal bij aantallen, anders 0."),
        ("k", "integer", "De telling gaat over huishoudens met ten minste zoveel van wat 'naam' telt."),
        ("n", "integer", "Beschermd aantal huishoudens. Een telling die hier niet staat, is 0 of enkele."),
    ),
    PLACES: (
        *_SPOT,
        ("huishoudens", "integer", "Beschermd aantal huishoudens dat meetelt; 0 als er niets openbaar is."),
        ("stand", "string", "Eerste dag van de epoche van de trekking (JJJJ-MM-DD); leeg: niets openbaar."),
        ("kap", "integer", "Dagen in het venster of het kalenderdeel."),
        ("gesloten", "boolean", "Of het venster toen gesloten was; dan verandert de telling niet meer."),
        ("reden", "string", "Waarom er niets openbaar is; leeg als er wel tellingen zijn."),
    ),
}  # fmt: skip
_TITLES = {CELLS: "Beschermde tellingen van huishoudens", PLACES: "Plekken en hun stand"}
_KEYS = {CELLS: [*SPOT, "naam", "x", "k"], PLACES: [*SPOT]}
_MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}
_ABOUT = (
    "Elk getal in het verslag is berekend uit deze tellingen, en uit niets anders. Elke telling is met "
    "toeval verschoven om huishoudens te beschermen: tellingen die elkaar zouden moeten aanvullen, doen dat "
    "niet precies. Er staat niets in over één huishouden."
)
_USE = (
    "Vrij te lezen, na te rekenen (tks reproduceer MAP, tks.openbaar('MAP')) en te gebruiken, met vermelding "
    "van het verslag en het kenmerk van de vrijgave. Welke licentie geldt, bepaalt de eigenaar van de "
    "gegevens. Wie probeert personen te herkennen, handelt tegen de bedoeling van deze publicatie."
)


def file_hash(content: bytes) -> str:
    """Return the hash of an open file, as a data package writes it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def description(files: Mapping[str, bytes], *, title: str, release: str) -> dict[str, Any]:
    """Return the description of the files: schema, meaning, use, and the hash of each."""
    return {
        "name": "openbare-tellingen",
        "title": f"Openbare tellingen bij: {title}",
        "description": _ABOUT,
        "version": release,
        "gebruik": _USE,
        "resources": [_resource(naam, files[naam]) for naam in FILES],
    }


def _resource(naam: str, content: bytes) -> dict[str, Any]:
    stem, _, kind = naam.partition(".")
    out: dict[str, Any] = {
        "name": stem if kind != "parquet" else f"{stem}-parquet",
        "path": naam,
        "title": _TITLES.get(stem, "De vragen: wat waarmee is berekend"),
        "format": kind,
        "mediatype": _MEDIA[kind],
        "hash": file_hash(content),
        "bytes": len(content),
    }
    if kind == "csv":
        return {**out, "type": "table", "encoding": "utf-8", "schema": _schema(stem)}
    return out


def _schema(table: str) -> dict[str, Any]:
    fields = [
        {"name": naam, "type": kind, "description": text, "constraints": {"required": kind != "string"}}
        for naam, kind, text in FIELDS[table]
    ]
    # An empty text says something in these tables; nothing is missing.
    schema: dict[str, Any] = {"fields": fields, "missingValues": [], "primaryKey": _KEYS[table]}
    if table == CELLS:
        at = {"resource": PLACES, "fields": [*SPOT]}
        schema["foreignKeys"] = [{"fields": [*SPOT], "reference": at}]
    return schema
