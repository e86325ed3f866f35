"""The data contract of `data_schema/` as objects: tables, fields, keys, code lists."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.resources import bundled

# Without these two no household can be placed, so every package must hold them.
REQUIRED_TABLES = ("proeftuin", "huishouden")
# What a table can be delivered as, and is written as.
FORMATS = ("csv", "parquet")


@dataclass(frozen=True)
class Field:
    """A column of a table: Frictionless type, constraints, code list and `doel` (why it is collected)."""

    naam: str
    type: str
    wording: str
    doel: str
    constraints: Mapping[str, Any]
    codelijst: str | None

    @property
    def required(self) -> bool:
        """Whether a value is required in every row."""
        return bool(self.constraints.get("required", False))


@dataclass(frozen=True)
class ForeignKey:
    """A column that refers to the column of the same name in another table."""

    kolom: str
    tabel: str


@dataclass(frozen=True)
class TableSchema:
    """A table of the contract. `wording` says what one row is."""

    naam: str
    titel: str
    wording: str
    fields: tuple[Field, ...]
    sleutel: tuple[str, ...]
    references: tuple[ForeignKey, ...]

    def veld(self, naam: str) -> Field:
        """Return the field with this name (KeyError when the contract has none)."""
        return {v.naam: v for v in self.fields}[naam]


@dataclass(frozen=True)
class CodeList:
    """A code list: rows as read from CSV, in file order; the first two columns are code and label."""

    naam: str
    kolommen: tuple[str, ...]
    rijen: tuple[Mapping[str, str], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in file order."""
        return tuple(row["code"] for row in self.rijen)

    @property
    def labels(self) -> dict[str, str]:
        """Label per code."""
        return {row["code"]: row["label"] for row in self.rijen}


@dataclass(frozen=True)
class Schema:
    """The whole contract: version, tables and code lists."""

    versie: str
    tabellen: Mapping[str, TableSchema]
    codelists: Mapping[str, CodeList]


def _table(path: Path) -> TableSchema:
    source = structured_text.from_json(structured_text.read_bytes(path))
    fields = tuple(
        Field(v["name"], v["type"], v["description"], v["doel"], v.get("constraints", {}), v.get("codelijst"))
        for v in source["fields"]
    )
    references = tuple(ForeignKey(k["fields"][0], k["reference"]["resource"]) for k in source["foreignKeys"])
    return TableSchema(
        source["name"],
        source["title"],
        source["description"],
        fields,
        tuple(source["primaryKey"]),
        references,
    )


def _code_list(path: Path) -> CodeList:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = tuple(dict(row) for row in reader)
        return CodeList(path.stem, tuple(reader.fieldnames or ()), rows)


@cache
def load_schema() -> Schema:
    """Read the contract that ships with the package."""
    map_ = bundled("data_schema")
    source = structured_text.from_json(structured_text.read_bytes(map_ / "datapackage.json"))
    tables = {r["name"]: _table(map_ / r["schema"]) for r in source["resources"]}
    codelists = {p.stem: _code_list(p) for p in sorted((map_ / "codelists").glob("*.csv"))}
    return Schema(source["version"], tables, codelists)
