"""Time and memory of a whole report, from a Parquet package: `python benchmarks/verslag.py`.

Runs `tks rapport` as a user does, in a process of its own, and prints wall time, processor time and
the most memory that all its processes held at once. Without `--pakket` a package is made first,
outside the measurement.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

TKS = (sys.executable, "-c", "from toekomstscenario_eval.cli import main; main()")


def _children(pid: int) -> list[int]:
    """Return the process and everything that it started (Linux)."""
    uit = [pid]
    for taak in Path(f"/proc/{pid}/task").glob("*/children"):
        for kind in taak.read_text().split():
            uit += _children(int(kind))
    return uit


def _memory(pid: int) -> int:
    """Return the memory of a process and its children in bytes, shared pages counted once."""
    som = 0
    for kind in _children(pid):
        try:
            regels = Path(f"/proc/{kind}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        som += sum(int(r.split()[1]) * 1024 for r in regels if r.startswith("Pss:"))
    return som


def measure(opdracht: tuple[str, ...]) -> tuple[float, float, float]:
    """Run a command; return wall seconds, processor seconds and the most memory in GB."""
    meeste, klaar = 0, threading.Event()
    voor, begin = os.times(), time.perf_counter()
    with subprocess.Popen(opdracht, stdout=subprocess.DEVNULL) as proces:

        def kijk() -> None:
            nonlocal meeste
            while not klaar.wait(0.5):
                try:
                    meeste = max(meeste, _memory(proces.pid))
                except OSError:
                    continue

        draad = threading.Thread(target=kijk)
        draad.start()
        code = proces.wait()
        duur = time.perf_counter() - begin
        klaar.set()
        draad.join()
    if code:
        raise SystemExit(code)
    na = os.times()
    cpu = na.children_user + na.children_system - voor.children_user - voor.children_system
    return duur, cpu, meeste / 1e9


def main() -> None:
    """Measure the report and print one line."""
    lezer = argparse.ArgumentParser(description=__doc__)
    lezer.add_argument("--huishoudens", type=int, default=12_000)
    lezer.add_argument("--pakket", type=Path)
    lezer.add_argument("--formaat", default="html,pdf,docx")
    keuze = lezer.parse_args()
    with tempfile.TemporaryDirectory() as map_:
        pakket = keuze.pakket
        if pakket is None:
            pakket = Path(map_) / "pakket"
            maken = (
                "voorbeeld",
                str(pakket),
                "--huishoudens",
                str(keuze.huishoudens),
                "--formaat",
                "parquet",
            )
            subprocess.run((*TKS, *maken), check=True, stdout=subprocess.DEVNULL)
        rapport = ("rapport", str(pakket), "--uit", str(Path(map_) / "uit"), "--formaat", keuze.formaat)
        duur, cpu, geheugen = measure((*TKS, *rapport))
    print(f"{pakket.name}: {duur:.0f} s, waarvan {cpu:.0f} s rekentijd; hooguit {geheugen:.1f} GB")


if __name__ == "__main__":
    main()
