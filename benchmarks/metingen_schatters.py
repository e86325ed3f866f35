"""How good estimates from published counts are, beside those from the households: a Markdown table.

    python benchmarks/metingen_schatters.py                         # 103, 300, 1500 and 12000 households
    python benchmarks/metingen_schatters.py --keren 100 103 300     # fewer studies, these sizes

Each study is made up with a fixed seed, so that the truth is known. The error is that of the published
estimate against the exact one, over half the exact interval; coverage is how often an interval holds the
truth. What is never shown at a size is left out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from math import isnan
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.estimators.cells_world import SCENES
from tests.estimators.cells_world import measure as measure_scene

SEED, KEREN = 20261130, 400
GROOTTES = (103, 300, 1500, 12000)
# Large studies take long, and noise hardly matters there: fewer of them.
GROOT, KEREN_GROOT = 12000, 100
KOLOMMEN = {
    "tafereel": "Wat",
    "huishoudens": "Huishoudens",
    "maat": "Maat",
    "keren": "Onderzoeken",
    "getoond": "Getoond",
    "midden": "Fout, mediaan",
    "fout": "Fout, p95",
    "bias": "Vertekening",
    "dekking": "Dekking",
    "dekking_exact": "Dekking exact",
}


def tabel(rijen: Iterable[dict[str, object]]) -> str:
    """Return the measurements as a Markdown table; decimals with a comma."""
    regels = ["| " + " | ".join(KOLOMMEN.values()) + " |", "|" + " --- |" * len(KOLOMMEN)]
    regels += ["| " + " | ".join(_cel(rij[k]) for k in KOLOMMEN) + " |" for rij in rijen]
    return "\n".join(regels)


def _cel(waarde: object) -> str:
    if not isinstance(waarde, float):
        return str(waarde)
    return "" if isnan(waarde) else f"{waarde:.3f}".replace(".", ",")


def meet(groottes: Sequence[int], keren: int, seed: int = SEED) -> list[dict[str, object]]:
    """Return the measurements of every scene at every size; large ones from `KEREN_GROOT` studies at most."""
    return [
        {**rij, "keren": aantal}
        for naam in SCENES
        for n in groottes
        for aantal in [min(keren, KEREN_GROOT) if n >= GROOT else keren]
        for rij in measure_scene(naam, n, aantal, seed)
        if rij["getoond"]
    ]


def measure() -> dict[str, list[dict[str, object]]]:
    """Return the table for `metingen.py`."""
    rijen = [{naam: rij[k] for k, naam in KOLOMMEN.items()} for rij in meet(GROOTTES, KEREN)]
    return {"Schatting uit openbare tellingen naast die uit de huishoudens": rijen}


def main() -> None:
    lezer = argparse.ArgumentParser(description="meet de schatters uit beschermde tellingen")
    lezer.add_argument("groottes", nargs="*", type=int, default=list(GROOTTES), help="aantallen huishoudens")
    lezer.add_argument("--keren", type=int, default=KEREN, help="aantal nagebootste onderzoeken per grootte")
    keuze = lezer.parse_args()
    print(tabel(meet(keuze.groottes, keuze.keren)))


if __name__ == "__main__":
    main()
