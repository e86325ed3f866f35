"""What an import costs: a million rows of which half are rubbish, and ten million rows to a checked package.

`python benchmarks/invoer.py [rijen half] [rijen heel]` prints CPU-seconds and the largest memory, each of a
process of its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

MAPPING = """
pakket:
  naam: proef
  titel: Proef
  peildatum: 2024-06-01
  waarneemvenster: {begin: 2020-01-01, eind: 2024-06-01}
  bronnen: [proef]
  contact: proef
bron:
  scheidingsteken: komma
  onleesbare_rijen: apart
  kolommen: {gezin: {sleutel: ongewijzigd}, werker: {sleutel: ongewijzigd}}
tabellen:
  proeftuin:
    per: []
    kolommen: {proeftuin_id: {vast: p1}, naam: {vast: P}, soort: {vast: proeftuin}}
  huishouden:
    per: [gezin]
    periode: {van: begin, tot: eind, laatste_dag_telt_mee: nee}
    kolommen: {huishouden_id: {kolom: gezin}, proeftuin_id: {vast: p1}}
  professional:
    per: [werker]
    kolommen: {professional_id: {kolom: werker}}
  contact:
    kolommen:
      contact_id: {nummer: c}
      huishouden_id: {kolom: gezin}
      professional_id: {kolom: werker}
      datum: {kolom: dag}
      vorm: {kolom: vorm, vertaling: {HB: huisbezoek, BEL: telefoon}}
"""


def write(path: Path, n: int, *, rubbish: float) -> None:
    """Write so many rows; a share of them has a day that does not exist."""
    rng = np.random.default_rng(1)
    first = True
    for start in range(0, n, 1_000_000):
        m = min(1_000_000, n - start)
        day = np.datetime64("2021-01-01") + rng.integers(0, 1200, m)
        text = day.astype("datetime64[D]").astype(str).astype(object)
        text[rng.random(m) < rubbish] = "31-02-2023"
        family = rng.integers(0, max(n // 10, 1), m)
        table = pa.table(
            {
                "gezin": pa.array(np.char.add("g", family.astype(str))),
                "werker": pa.array(np.char.add("w", rng.integers(0, 5000, m).astype(str))),
                "begin": pa.array(["2021-01-01"] * m),
                "eind": pa.array([""] * m),
                "dag": pa.array(text, pa.string()),
                "vorm": pa.array(rng.choice(["HB", "BEL"], m)),
            }
        )
        with path.open("wb" if first else "ab") as file:
            pacsv.write_csv(table, file, pacsv.WriteOptions(include_header=first, quoting_style="none"))
        first = False


def measure(folder: Path, fmt: str) -> None:
    """Import in a process of its own, and print what it cost."""
    command = [sys.executable, "-c", "from toekomstscenario_eval.cli import main; main()", "importeer"]
    command += [str(folder / "m.yaml"), str(folder / "bron.csv"), "--uit", str(folder / "uit")]
    command += ["--formaat", fmt]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print("\n".join(done.stdout.splitlines()[:6]), done.stderr[-300:])
    print(f"{spent:.1f} CPU-s, {after.ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    sizes = [int(a) for a in sys.argv[1:]] or [1_000_000, 10_000_000]
    for n, rubbish, fmt in zip(sizes, (0.5, 0.0), ("csv", "parquet"), strict=False):
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / "m.yaml").write_text(MAPPING, encoding="utf-8")
            write(Path(place) / "bron.csv", n, rubbish=rubbish)
            measure(Path(place), fmt)
