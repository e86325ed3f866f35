"""Tiny packages on disk, written from text tables."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import subprocess
import textwrap
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from toekomstscenario_eval.data.package import Package, open_package
from toekomstscenario_eval.types import Venster

VENSTER = Venster(date(2023, 1, 1), date(2024, 7, 1))
# Every package must hold these two; they pass every check.
BASIS = {
    "proeftuin": "proeftuin_id | naam | regio | soort | start_datum | tranche\n"
    "p1 | Noord | R1 | proeftuin | 2022-01-01 | 1",
    "huishouden": "huishouden_id | proeftuin_id | begin | eind | reden_einde | gezinsprofiel\n"
    "h1 | p1 | 2023-02-01 | | | langdurige_zorg",
}


def as_csv(tekst: str) -> str:
    """Return a text table with columns separated by `|` as CSV; anything else is CSV already."""
    tekst = textwrap.dedent(tekst).strip("\n")
    if "|" not in tekst.partition("\n")[0]:
        return tekst + "\n"
    uit = io.StringIO()
    regels = [[cel.strip() for cel in regel.split("|")] for regel in tekst.splitlines()]
    # A row may leave out its last cells.
    csv.writer(uit, lineterminator="\n").writerows(r + [""] * (len(regels[0]) - len(r)) for r in regels)
    return uit.getvalue()


def describe(namen: list[str], **anders: Any) -> dict[str, Any]:
    """Return the description of a package with a CSV file per table."""
    return {
        "name": "proef",
        "title": "Proefpakket",
        "schema_versie": "1.0.0",
        "peildatum": VENSTER.eind.isoformat(),
        "waarneemvenster": {"begin": VENSTER.begin.isoformat(), "eind": VENSTER.eind.isoformat()},
        "sources": [{"title": "verzonnen"}],
        "contributors": [{"title": "niemand"}],
        "resources": [{"name": n, "path": f"{n}.csv", "format": "csv"} for n in namen],
        **anders,
    }


def write_package(map_: Path, tabellen: Mapping[str, str | bytes], **anders: Any) -> Path:
    """Write a package; a `-` before the name of a table leaves its file out of the description."""
    map_.mkdir(parents=True, exist_ok=True)
    alle = {**{n: t for n, t in BASIS.items() if n not in tabellen}, **tabellen}
    for naam, inhoud in alle.items():
        ruw = inhoud if isinstance(inhoud, bytes) else as_csv(inhoud).encode()
        (map_ / f"{naam.lstrip('-')}.csv").write_bytes(ruw)
    beschrijving = describe([n for n in alle if not n.startswith("-")], **anders)
    (map_ / "datapackage.json").write_text(json.dumps(beschrijving), encoding="utf-8")
    return map_


@pytest.fixture(scope="session")
def schrijf(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Write a package from text tables into a new folder and return that folder."""

    def op_schijf(tabellen: Mapping[str, str | bytes] | None = None, **anders: Any) -> Path:
        return write_package(tmp_path_factory.mktemp("levering") / "pakket", tabellen or {}, **anders)

    return op_schijf


@pytest.fixture(scope="session")
def pakket(schrijf: Callable[..., Path]) -> Callable[..., Package]:
    """Write a package from text tables and open it."""

    def maak(tabellen: Mapping[str, str | bytes] | None = None, **anders: Any) -> Package:
        return open_package(schrijf(tabellen, **anders))

    return maak


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Start a PostgreSQL server of our own, as the user postgres when we are root."""
    binair = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), None)
    als = ["runuser", "-u", "postgres", "--"] if shutil.which("runuser") else []
    if binair is None or subprocess.run([*als, "true"], check=False, capture_output=True).returncode:
        pytest.skip("postgresql is niet geïnstalleerd")
    basis = Path("/tmp") / f"tks-pg-{tmp_path_factory.mktemp('pg').name}-{random.randrange(10**9)}"
    basis.mkdir()
    shutil.chown(basis, "postgres")
    data = basis / "data"
    start = ["-w", "-D", data, "-l", basis / "log", "-o", f"-k {basis} -c listen_addresses=''"]
    try:
        subprocess.run([*als, binair / "initdb", "-A", "trust", "-D", data], check=True, capture_output=True)
        subprocess.run([*als, binair / "pg_ctl", *start, "start"], check=True, stdout=subprocess.DEVNULL)
        yield f"postgresql://postgres:geheim@/postgres?host={basis}"
        subprocess.run(
            [*als, binair / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, capture_output=True
        )
    finally:
        shutil.rmtree(basis, ignore_errors=True)
