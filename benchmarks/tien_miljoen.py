"""Whether every indicator finishes on ten million spells, how long it takes, and at how much memory.

Run from the root of the project::

    python benchmarks/tien_miljoen.py                        # ten million spells, every indicator
    python benchmarks/tien_miljoen.py --perioden 1000000     # smaller
    python benchmarks/tien_miljoen.py --alleen duo_duur --alleen estafette

Makes one synthetic package in a temporary folder (nothing is kept): copies of the example package,
each with keys of its own, so that every table grows in proportion. Each indicator then runs in a
process of its own: first the whole, then split by proeftuin. Prints a table with the seconds of
both, and the peak of the memory that the process held, loading the libraries and opening the
package included. Fails when an indicator does not finish or goes over the limit.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
from toekomstscenario_eval.disclosure.policy import load_policy

from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.package import DESCRIPTION, open_package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry

GRENS_GB = 4.0
CONTROLE = "(openen en controleren)"
# Keys that copies share: there are fourteen regions, and organisations serve all households.
GEDEELD = {"proeftuin_id", "organisatie_id", "vraag_id"}
GEDEELDE_TABELLEN = {"proeftuin", "organisatie"}


def copied(tabel: str) -> str:
    """Return the columns of a copy: every key that is not shared gets the number of the copy."""
    velden = [v.naam for v in load_schema().tabellen[tabel].fields]
    eigen = [v for v in velden if v.endswith("_id") and v not in GEDEELD]
    return "* EXCLUDE (kopie) REPLACE (" + ", ".join(f"{v} || 'k' || kopie AS {v}" for v in eigen) + ")"


def make_package(map_: Path, *, perioden: int, huishoudens: int, seed: int) -> Path:
    """Write a package of at least `perioden` spells and return its folder."""
    basis = make_example(map_ / "basis", huishoudens=huishoudens, seed=seed, fmt="parquet")
    groot = map_ / "groot"
    groot.mkdir()
    con = duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(map_ / "tijdelijk")})
    telling = f"SELECT count(*) FROM '{basis}/betrokkenheid.parquet'"
    per_kopie = con.execute(telling).fetchall()[0][0]
    kopieen = -(-perioden // per_kopie)
    for bestand in sorted(basis.glob("*.parquet")):
        bron, doel = f"'{bestand}'", f"'{groot / bestand.name}'"
        if bestand.stem not in GEDEELDE_TABELLEN:
            kopie = f"(SELECT * FROM {bron}, (SELECT range AS kopie FROM range({kopieen})))"
            bron = f"(SELECT {copied(bestand.stem)} FROM {kopie})"
        con.execute(f"COPY (SELECT * FROM {bron}) TO {doel} (FORMAT parquet)")
    (groot / DESCRIPTION).write_bytes((basis / DESCRIPTION).read_bytes())
    return groot


@dataclass(frozen=True)
class Meting:
    """What one process measured: seconds per step, and the largest memory it held in GB."""

    naam: str
    stappen: dict[str, float]
    piek: float
    fout: str = ""

    @property
    def past(self) -> bool:
        """Whether it finished below the limit."""
        return not self.fout and self.piek < GRENS_GB


def _peak() -> float:
    """Return the most memory that this process held, in GB."""
    if sys.platform == "linux":
        # What getrusage tells of a process begins with what its parent held.
        regels = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(r.split()[1]) for r in regels if r.startswith("VmHWM:")) * 1024 / 1e9
    # macOS counts in bytes, others in kilobytes.
    eenheid = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * eenheid / 1e9


def measure_here(naam: str, map_: Path) -> dict[str, object]:
    """Run one indicator (or the checks) in this process and return what it took."""
    stappen: dict[str, float] = {}

    def klok(stap: str, begin: float) -> float:
        stappen[stap] = time.perf_counter() - begin
        return time.perf_counter()

    begin = time.perf_counter()
    pakket = open_package(map_)
    begin = klok("openen", begin)
    if naam == CONTROLE:
        checks.require_fit(checks.check(pakket))
        klok("geheel", begin)
        return {"naam": naam, "stappen": stappen, "piek": _peak()}
    studie = Study(pakket, (), load_policy("standaard"))
    geheel = studie.bereken(naam)
    begin = klok("geheel", begin)
    per_proeftuin = studie.bereken(naam, per="proeftuin")
    klok("per proeftuin", begin)
    reden = geheel.reden_nvt or per_proeftuin.reden_nvt
    return {"naam": naam, "stappen": stappen, "piek": _peak(), "fout": reden}


def measure(naam: str, map_: Path) -> Meting:
    """Run one indicator in a process of its own."""
    opdracht = [sys.executable, __file__, "--deel", naam, "--pakket", str(map_)]
    uit = subprocess.run(opdracht, capture_output=True, text=True, check=False)
    if uit.returncode:
        fout = (uit.stderr.strip().splitlines() or ["geen melding"])[-1]
        return Meting(naam, {}, float("nan"), f"uitgang {uit.returncode}: {fout}")
    return Meting(**json.loads(uit.stdout.splitlines()[-1]))


def row(m: Meting) -> str:
    """Return a row of the table in Markdown."""
    if m.fout:
        return f"| `{m.naam}` | | | | {m.fout} |"
    tijden = [f"{m.stappen[s]:.1f}" if s in m.stappen else "" for s in ("geheel", "per proeftuin")]
    naam = m.naam if m.naam == CONTROLE else f"`{m.naam}`"
    return f"| {naam} | {tijden[0]} | {tijden[1]} | {m.piek:.2f} | {'ja' if m.past else 'NEE'} |"


def report(map_: Path, namen: list[str]) -> list[Meting]:
    """Print the size of the package and a row per indicator as it is measured."""
    pakket = open_package(map_)
    print(f"{platform.platform()}, {os.cpu_count()} processoren, Python {platform.python_version()}")
    print(", ".join(f"{naam} {b.rijen:,}".replace(",", ".") for naam, b in pakket.bestanden.items()))
    pakket.con.disconnect()
    print("\n| Indicator | Geheel (s) | Per proeftuin (s) | Piek geheugen (GB) | Onder 4 GB |")
    print("|---|---:|---:|---:|---|", flush=True)
    metingen = []
    for naam in namen:
        metingen.append(measure(naam, map_))
        print(row(metingen[-1]), flush=True)
    return metingen


def main() -> int:
    """Parse the command line, make the package, measure; 1 when an indicator fails or goes over."""
    lezer = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lezer.add_argument("--perioden", type=int, default=10_000_000, help="rijen in betrokkenheid")
    lezer.add_argument("--huishoudens", type=int, default=12_000, help="huishoudens in één kopie")
    lezer.add_argument("--zaad", type=int, default=1, help="zaad van het toeval")
    lezer.add_argument("--alleen", action="append", default=[], help="alleen deze indicator; mag vaker")
    lezer.add_argument("--pakket", type=Path, help="meet dit pakket, in plaats van een gemaakt pakket")
    lezer.add_argument("--deel", help=argparse.SUPPRESS)
    opties = lezer.parse_args()
    if opties.deel:
        print(json.dumps(measure_here(opties.deel, opties.pakket)))
        return 0
    namen = opties.alleen or [CONTROLE, *registry.all_indicators()]
    with tempfile.TemporaryDirectory() as tijdelijk:
        map_ = opties.pakket or make_package(
            Path(tijdelijk), perioden=opties.perioden, huishoudens=opties.huishoudens, seed=opties.zaad
        )
        metingen = report(map_, namen)
    te_veel = [m.naam for m in metingen if not m.past]
    print(f"\n{len(metingen) - len(te_veel)} van {len(metingen)} klaar binnen {GRENS_GB:.0f} GB", *te_veel)
    return 1 if te_veel else 0


if __name__ == "__main__":
    raise SystemExit(main())
