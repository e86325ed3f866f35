"""What can happen more than once, from published counts: how close, how often intervals hold, and by site.

    python benchmarks/metingen.py herhaald

Studies made up with a fixed seed. Households differ in how often it happens, and are lost from sight at
random; in the second scene four in ten enter late. Studies with fewer than 30 published households or 25
events give no figure. Who looks at one true size near that minimum sees only the studies whose noise went up,
and a figure that is too low; that is so at every minimum, and small over all sizes. Between sites: fourteen
of them, with REML on the logarithm of the mean and the noise in its standard error; without a figure of every
site there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tests.estimators.cells_world import NOISE, THRESHOLD, VISITS, estimate_public, maten, visits
from tests.estimators.cells_world import measure as measure_scene
from toekomstscenario_eval.designs.meta import combine, deviating
from toekomstscenario_eval.estimators import recurrent
from toekomstscenario_eval.estimators.cells import recurrent_cells
from toekomstscenario_eval.protection.public import LEAST
from toekomstscenario_eval.types import TOON

SEED, STUDIES, SIZES = 20261130, 400, (30, 100, 300, 1500)
SCENES = ("wat vaker gebeurt", "wat vaker gebeurt, late instroom")
# The 95th percentile of the error over half the exact interval, what the method promises.
TARGETS = {30: 0.7, 100: 0.45, 300: 0.3}
SITES, SITE_STUDIES, SITE_SIZES, SPREADS = 14, 120, ((35, 100), (60, 150)), (0.0, 0.3)
# Minima of the published number of households, and the true sizes about them.
MINIMA, ABOUT = (30, 40), (-4, -2, 0, 2, 4, 6)
MAAT, Z = "mcf_365", 1.959963984540054


def accuracy(sizes: Sequence[int], studies: int) -> Iterator[dict[str, Any]]:
    """Yield for each scene, size and estimand how good it is; see `cells_world.measure`."""
    for scene in SCENES:
        for n in sizes:
            for row in measure_scene(scene, n, studies, SEED):
                if row["getoond"]:
                    truth = visits(np.random.default_rng(SEED), 2).truth[str(row["maat"])]
                    yield {
                        "tafereel": scene,
                        "huishoudens": n,
                        "maat": row["maat"],
                        "getoond": row["getoond"],
                        "fout, mediaan": row["midden"],
                        "fout, p95": row["fout"],
                        "grens": TARGETS.get(n, float("nan")),
                        "vertekening, deel van het cijfer": row["verschil"] / truth,
                        "dekking": row["dekking"],
                        "dekking exact": row["dekking_exact"],
                    }


def near(minimum: int, studies: int) -> Iterator[dict[str, Any]]:
    """Yield for true sizes about a minimum, and for all of them, how far off what is shown is on average."""
    begin, every = {"minimum": minimum, "cijfer": MAAT}, []
    for n in (minimum + away for away in ABOUT):
        found = [one for t in range(studies) if (one := _shown(n, t, minimum))]
        every += found
        yield {**begin, "huishoudens": n, **_off(found, studies)}
    yield {**begin, "huishoudens": "alle samen", **_off(every, studies * len(ABOUT))}


def _shown(n: int, time: int, minimum: int) -> tuple[float, bool] | None:
    """Return of one study the error, as a part of the truth, and whether the interval holds it."""
    sample = visits(np.random.default_rng([SEED, n, time]), n)
    cells, households = sample.world.published(time)
    asked = {"maten": maten(MAAT), "horizon": sample.horizon}
    (public,) = recurrent_cells.estimate_group(
        cells,
        huishoudens=households,
        noise=NOISE,
        step=1,
        cap=sample.kap,
        threshold=THRESHOLD,
        least=replace(LEAST, recurrent=minimum),
        **asked,
    ).schattingen
    (exact,) = recurrent.estimate_group(sample.exact, huishoudens=n, **asked).schattingen
    true = sample.truth[MAAT]
    if public["weergave"] != TOON:
        return None
    off = (public["schatting"] - exact["schatting"]) / true
    return off, public["ondergrens"] <= true <= public["bovengrens"]


def _off(found: Sequence[tuple[float, bool]], studies: int) -> dict[str, Any]:
    if not found:
        return {"getoond": 0.0}
    off, held = np.array(found).T
    return {
        "getoond": len(found) / studies,
        "vertekening, deel van het cijfer": float(off.mean()),
        "standaardfout": float(off.std(ddof=1) / np.sqrt(len(off))) if len(off) > 1 else float("nan"),
        "dekking": float(held.mean()),
    }


def site(rng: np.random.Generator, n: int, log_rate: float) -> tuple[float, float] | None:
    """Return the logarithm of a site's published mean and its standard error; None when it is not shown."""
    cells, households = visits(rng, n, rate=float(np.exp(log_rate))).world.published(int(rng.integers(2**31)))
    row = estimate_public(visits(rng, 2).kind, cells, households, maten(MAAT), kap=730)[MAAT]
    if row["weergave"] != TOON or np.isnan(row["ondergrens"]):
        return None
    low, high = np.log(row["ondergrens"]), np.log(row["bovengrens"])
    return float((low + high) / 2), float((high - low) / (2 * Z))


def between_sites(sizes: tuple[int, int], tau: float, studies: int) -> dict[str, Any]:
    """Return bias and coverage of the mean over sites, and of each site drawn to the middle."""
    rng = np.random.default_rng([SEED, *sizes, round(100 * tau)])
    truth, error, covers, shrunken, apart = float(np.log(VISITS)), [], [], [], []
    for _ in range(studies):
        rates = truth + tau * rng.standard_normal(SITES)
        drawn = [site(rng, n, r) for n, r in zip(rng.integers(*sizes, SITES), rates, strict=True)]
        if None in drawn:
            continue
        y, se = np.array(drawn).T
        m = combine(y, se)
        error.append(m.gemiddelde - truth)
        covers.append(m.ondergrens <= truth <= m.bovengrens)
        shrunken.append(float((np.abs(m.gekrompen - rates) <= Z * m.shrunken_se).mean()))
        apart.append(bool(deviating(y, se).any()))
    return {
        "huishoudens per regio": f"{sizes[0]}-{sizes[1]}",
        "spreiding (log)": tau,
        "vergeleken": len(error) / studies,
        "vertekening (log)": float(np.mean(error)),
        "dekking gemiddelde": float(np.mean(covers)),
        "dekking regio": float(np.mean(shrunken)),
        "een regio wijkt af": float(np.mean(apart)),
    }


def measure() -> dict[str, list[dict[str, Any]]]:
    """Return the tables of this part."""
    return {
        "Fout gedeeld door de halve breedte van het exacte interval": list(accuracy(SIZES, STUDIES)),
        "Rond het minimum van openbare huishoudens": [row for m in MINIMA for row in near(m, STUDIES)],
        "Veertien regio's": [between_sites(s, tau, SITE_STUDIES) for s in SITE_SIZES for tau in SPREADS],
    }
