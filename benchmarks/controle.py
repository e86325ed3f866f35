"""How long it takes to open and check a large package, clean and with many wrong rows.

Run from the root of the project::

    python benchmarks/controle.py                      # a million rows, half of them wrong
    python benchmarks/controle.py --rijen 100000 --fout 0.1

Writes two synthetic packages into a temporary folder (nothing is kept), opens and checks each, and
prints seconds and ratios: wrong to clean, and all of it to merely reading the same CSV file.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.types import Status

PEILDATUM = np.datetime64("2024-07-01")
Columns = dict[str, Any]


def ids(letter: str, nummers: np.ndarray) -> np.ndarray:
    """Return keys such as `h12`."""
    return np.char.add(letter, nummers.astype(str))


def days(rng: np.random.Generator, aantal: int, *, van: str, dagen: int) -> np.ndarray:
    """Return random days from `van` on."""
    return np.datetime64(van) + rng.integers(0, dagen, aantal)


def clean_tables(rng: np.random.Generator, rijen: int) -> dict[str, Columns]:
    """Return the columns of a package that passes every blocking check."""
    huizen, mensen = max(rijen // 10, 1), max(rijen // 50, 1)
    huis = rng.integers(0, huizen, rijen)
    begin = days(rng, rijen, van="2023-01-01", dagen=365)
    eind = (begin + rng.integers(1, 180, rijen)).astype(str)
    open_ = rng.random(rijen) < 0.3
    return {
        "proeftuin": {
            "proeftuin_id": ["p1", "p2"],
            "naam": ["Noord", "Zuid"],
            "soort": ["proeftuin", "vergelijking"],
            "start_datum": ["2022-01-01", ""],
        },
        "huishouden": {
            "huishouden_id": ids("h", np.arange(huizen)),
            "proeftuin_id": ids("p", 1 + np.arange(huizen) % 2),
            "begin": np.full(huizen, "2023-01-01"),
            "eind": np.full(huizen, ""),
        },
        "organisatie": {
            "organisatie_id": ["o0", "o1"],
            "soort": ["lokaal_team", "regionaal_veiligheidsteam"],
        },
        "professional": {"professional_id": ids("m", np.arange(mensen))},
        "betrokkenheid": {
            "betrokkenheid_id": ids("b", np.arange(rijen)),
            "huishouden_id": ids("h", huis),
            "professional_id": ids("m", rng.integers(0, mensen, rijen)),
            "organisatie_id": ids("o", rng.integers(0, 2, rijen)),
            "rol": rng.choice(["vast_gezicht", "regisseur", "lid"], rijen),
            "begin": begin.astype(str),
            "eind": np.where(open_, "", eind),
            "reden_einde": np.where(open_, "", "afgerond"),
        },
    }


def spoil(rng: np.random.Generator, spells: Columns, *, deel: float) -> Columns:
    """Return the spells with `deel` of the rows wrong, each in one of ten ways."""
    rijen = len(spells["begin"])
    # Object columns: a wrong value may be longer than the right ones.
    uit = {naam: np.array(kolom, dtype=object) for naam, kolom in spells.items()}
    ways: list[Callable[[np.ndarray], None]] = [
        lambda i: uit["begin"].__setitem__(i, "20240101"),
        lambda i: uit["begin"].__setitem__(i, ""),
        lambda i: uit["eind"].__setitem__(i, "2022-06-30"),
        lambda i: uit["eind"].__setitem__(i, "2030-01-01"),
        lambda i: uit["eind"].__setitem__(i, uit["begin"][i]),
        lambda i: uit["rol"].__setitem__(i, "Lid"),
        lambda i: uit["betrokkenheid_id"].__setitem__(i, "b0"),
        lambda i: uit["betrokkenheid_id"].__setitem__(i, "met spatie"),
        lambda i: uit["huishouden_id"].__setitem__(i, "h-onbekend"),
        lambda i: uit["professional_id"].__setitem__(i, ""),
    ]
    fout = np.flatnonzero(rng.random(rijen) < deel)
    for nummer, way in enumerate(ways):
        way(fout[nummer :: len(ways)])
    return uit


def write(map_: Path, tabellen: dict[str, Columns]) -> Path:
    """Write a package of CSV files."""
    map_.mkdir()
    for naam, kolommen in tabellen.items():
        tabel = pa.table({k: pa.array(list(w), pa.string()) for k, w in kolommen.items()})
        pa_csv.write_csv(tabel, map_ / f"{naam}.csv", pa_csv.WriteOptions(quoting_style="none"))
    beschrijving = {
        "name": "meting",
        "schema_versie": "1.0.0",
        "peildatum": str(PEILDATUM),
        "waarneemvenster": {"begin": "2023-01-01", "eind": str(PEILDATUM)},
        "resources": [{"name": n, "path": f"{n}.csv"} for n in tabellen],
    }
    (map_ / "datapackage.json").write_text(json.dumps(beschrijving), encoding="utf-8")
    return map_


@dataclass(frozen=True)
class Tijd:
    """Seconds on the clock and seconds of processor time (all threads; steadier on a busy machine)."""

    clock: float
    processor: float

    def __add__(self, ander: Tijd) -> Tijd:
        return Tijd(self.clock + ander.clock, self.processor + ander.processor)

    def __str__(self) -> str:
        return f"{self.clock:.2f} s ({self.processor:.2f} s processor)"


def timed(doe: Callable[[], Any], herhaal: int) -> tuple[Tijd, Any]:
    """Return the fastest of `herhaal` runs, and what the last one returned."""
    tijden = []
    for _ in range(herhaal):
        klok, processor = time.perf_counter(), time.process_time()
        uit = doe()
        tijden.append(Tijd(time.perf_counter() - klok, time.process_time() - processor))
    return min(tijden, key=lambda t: t.clock), uit


def measure(naam: str, map_: Path, herhaal: int) -> Tijd:
    """Print the figures of one package and return the time that opening and checking took."""
    bestand = map_ / "betrokkenheid.csv"
    kaal, _ = timed(
        lambda: duckdb.connect().execute(
            "CREATE TABLE t AS SELECT * FROM read_csv(?, all_varchar = true)", [str(bestand)]
        ),
        herhaal,
    )
    openen, pakket = timed(lambda: open_package(map_), herhaal)
    toetsen, bevindingen = timed(lambda: checks.check(pakket), herhaal)
    gefaald = [f for f in bevindingen if f.status is Status.GEFAALD]
    rijen = pakket.bestanden["betrokkenheid"].rijen
    print(f"{naam}: {rijen} rijen, {bestand.stat().st_size / 1e6:.0f} MB")
    print(f"  openen {openen}, controleren {toetsen}, samen {openen + toetsen}")
    print(f"  {len(gefaald)} bevindingen gefaald, {sum(f.aantal for f in gefaald)} overtredingen")
    print(f"  alleen lezen met DuckDB {kaal}, verhouding {(openen + toetsen).clock / kaal.clock:.1f}")
    return openen + toetsen


def main() -> None:
    """Parse the command line, write the packages, print the figures."""
    lezer = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lezer.add_argument("--rijen", type=int, default=1_000_000, help="rijen in betrokkenheid")
    lezer.add_argument("--fout", type=float, default=0.5, help="deel van de rijen dat fout is")
    lezer.add_argument("--herhaal", type=int, default=3, help="aantal metingen, de snelste telt")
    lezer.add_argument("--zaad", type=int, default=1, help="zaad van het toeval")
    opties = lezer.parse_args()
    rng = np.random.default_rng(opties.zaad)
    schoon = clean_tables(rng, opties.rijen)
    fout = {**schoon, "betrokkenheid": spoil(rng, schoon["betrokkenheid"], deel=opties.fout)}
    with tempfile.TemporaryDirectory() as tijdelijk:
        basis = measure("schoon", write(Path(tijdelijk) / "schoon", schoon), opties.herhaal)
        veel = measure(f"fout ({opties.fout:.0%})", write(Path(tijdelijk) / "fout", fout), opties.herhaal)
    print(f"fout tegen schoon: {veel.clock / basis.clock:.2f}")


if __name__ == "__main__":
    main()
