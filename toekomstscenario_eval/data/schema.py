"""The data contract of `data_schema/` as objects: tables, fields, keys, code lists."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from toekomstscenario_eval.resources import meegeleverd

# Without these two no household can be placed, so every package must hold them.
VERPLICHTE_TABELLEN = ("proeftuin", "huishouden")
# What a table can be delivered as, and is written as.
FORMATEN = ("csv", "parquet")


@dataclass(frozen=True)
class Field:
    """A column of a table: Frictionless type, constraints, code list and `doel` (why it is collected)."""

    naam: str
    type: str
    omschrijving: str
    doel: str
    constraints: Mapping[str, Any]
    codelijst: str | None

    @property
    def verplicht(self) -> bool:
        """Whether a value is required in every row."""
        return bool(self.constraints.get("required", False))


@dataclass(frozen=True)
class ForeignKey:
    """A column that refers to the column of the same name in another table."""

    kolom: str
    tabel: str


@dataclass(frozen=True)
class TableSchema:
    """A table of the contract. `omschrijving` says what one row is."""

    naam: str
    titel: str
    omschrijving: str
    velden: tuple[Field, ...]
    sleutel: tuple[str, ...]
    verwijzingen: tuple[ForeignKey, ...]

    def veld(self, naam: str) -> Field:
        """Return the field with this name (KeyError when the contract has none)."""
        return {v.naam: v for v in self.velden}[naam]


@dataclass(frozen=True)
class CodeList:
    """A code list: rows as read from CSV, in file order; the first two columns are code and label."""

    naam: str
    kolommen: tuple[str, ...]
    rijen: tuple[Mapping[str, str], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in file order."""
        return tuple(rij["code"] for rij in self.rijen)

    @property
    def labels(self) -> dict[str, str]:
        """Label per code."""
        return {rij["code"]: rij["label"] for rij in self.rijen}


@dataclass(frozen=True)
class Schema:
    """The whole contract: version, tables and code lists."""

    versie: str
    tabellen: Mapping[str, TableSchema]
    codelijsten: Mapping[str, CodeList]


def _table(pad: Path) -> TableSchema:
    bron = json.loads(pad.read_text(encoding="utf-8"))
    velden = tuple(
        Field(v["name"], v["type"], v["description"], v["doel"], v.get("constraints", {}), v.get("codelijst"))
        for v in bron["fields"]
    )
    verwijzingen = tuple(ForeignKey(k["fields"][0], k["reference"]["resource"]) for k in bron["foreignKeys"])
    return TableSchema(
        bron["name"], bron["title"], bron["description"], velden, tuple(bron["primaryKey"]), verwijzingen
    )


def _code_list(pad: Path) -> CodeList:
    with pad.open(encoding="utf-8", newline="") as bestand:
        lezer = csv.DictReader(bestand)
        rijen = tuple(dict(rij) for rij in lezer)
        return CodeList(pad.stem, tuple(lezer.fieldnames or ()), rijen)


@cache
def load_schema() -> Schema:
    """Read the contract that ships with the package."""
    map_ = meegeleverd("data_schema")
    bron = json.loads((map_ / "datapackage.json").read_text(encoding="utf-8"))
    tabellen = {r["name"]: _table(map_ / r["schema"]) for r in bron["resources"]}
    codelijsten = {p.stem: _code_list(p) for p in sorted((map_ / "codelists").glob("*.csv"))}
    return Schema(bron["version"], tabellen, codelijsten)
