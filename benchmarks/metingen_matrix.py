"""How good reliability and agreement from published counts are, beside those from the answers themselves.

Each study is made up with a fixed seed, so that the truth is known. The error is that of the published
estimate against the exact one, as it is and over half the exact interval.
"""

from __future__ import annotations

from tests.estimators.items_world import PAIR, SCENES
from tests.estimators.items_world import measure as measure_scene

SEED, KEREN = 20261130, 400
GROOTTES = {"alfa": (30, 100, 300), "kappa": (100, 300)}
# What the method promises: of alfa the 95th percentile of the error, of the others over half the interval.
TARGETS = {("alfa", 30): 0.18, ("alfa", 100): 0.043, ("icc", 300): 0.8, ("kappa", 100): 0.75}
KOLOMMEN = {
    "tafereel": "Wat",
    "huishoudens": "Huishoudens",
    "maat": "Maat",
    "getoond": "Getoond",
    "fout": "Fout, p95",
    "fout_half": "Fout over half interval, p95",
    "grens": "Grens",
    "bias": "Vertekening",
    "breedte": "Breedte",
    "dekking": "Dekking",
    "dekking_exact": "Dekking exact",
}


def meet(keren: int = KEREN, groottes: dict[str, tuple[int, ...]] = GROOTTES) -> list[dict[str, object]]:
    """Return the measurements of every scene at every size."""
    out = []
    for naam, scene in SCENES.items():
        for n in groottes["kappa" if scene.names == PAIR else "alfa"]:
            for row in measure_scene(naam, n, keren, SEED):
                grens = TARGETS.get((str(row["maat"]), n), float("nan"))
                out.append({kop: (row | {"grens": grens})[k] for k, kop in KOLOMMEN.items()})
    return out


def measure() -> dict[str, list[dict[str, object]]]:
    """Return the table for `metingen.py`."""
    return {"Betrouwbaarheid en overeenstemming uit openbare tellingen": meet()}
