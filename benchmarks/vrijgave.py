"""Disclosure control measured: a table of 440 cells under several protections, and the time of the attack.

    python benchmarks/vrijgave.py               # everything
    python benchmarks/vrijgave.py --tabel       # only the table of 440 cells

The table is site by measure by year with all margins, invented with a fixed seed. For each protection:
how many secrets (1 to 9) can be calculated exactly, how many are known within less than ten, and what
is lost: cells that are no longer published as they are, and the share of the sum of the inner cells.
With pytauargus installed (it is not needed otherwise) its suppression of the same table stands beside it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "disclosure"))
from kubus import stelsel, tabel

from toekomstscenario_eval.disclosure.attack import Clock, attack
from toekomstscenario_eval.disclosure.repair import repair
from toekomstscenario_eval.disclosure.system import System

SEEDS, VORM, GEMIDDELD, DREMPEL = range(5), (10, 7, 4), 14.0, 10


def cellen_van(seed: int) -> np.ndarray:
    return tabel(np.random.default_rng(seed), VORM, GEMIDDELD)


def oordeel(s: System, geheimen: np.ndarray, binnen: np.ndarray) -> dict[str, float]:
    """Return how well the secrets are kept, and what was lost for it."""
    exact = attack(s, geheimen, np.ones(len(geheimen)))
    nauw = attack(s, geheimen, np.full(len(geheimen), float(DREMPEL)))
    weg = s.boven > s.onder
    w = s.waarden
    bekend_tot = np.minimum(s.boven, w.max()) - s.onder
    return {
        "exact": int((~exact.safe).sum()),
        "nauwer dan 10": int((~nauw.safe).sum()),
        "cellen niet exact": int(weg.sum()),
        "deel van de som verborgen": float(w[weg & binnen & (bekend_tot > DREMPEL)].sum() / w[binnen].sum()),
    }


def beschermingen(seed: int) -> dict[str, dict[str, float]]:
    cellen = cellen_van(seed)
    w = cellen.ravel()
    binnen = np.zeros(cellen.shape, dtype=bool)
    binnen[tuple(slice(0, n) for n in VORM)] = True
    klein = (cellen > 0) & (cellen < DREMPEL)
    geheimen = np.flatnonzero(klein.ravel())
    kosten = 1 + 0.01 * w
    s = stelsel(cellen, ~klein)
    vijf = np.round(w / 5) * 5
    afgerond = System(w, s.matrix, np.maximum(vijf - 2, 0.0), vijf + 2, s.geheel)
    uit = {
        "alleen drempels": oordeel(s, geheimen, binnen.ravel()),
        "afronden op 5": oordeel(afgerond, geheimen, binnen.ravel()),
    }
    for naam, breedte in (("herstel, niet exact", 1.0), ("herstel, breedte 10", float(DREMPEL))):
        van = time.perf_counter()
        h = repair(s, geheimen, np.full(len(geheimen), breedte), kosten, clock=Clock(120))
        uit[naam] = oordeel(h.system, geheimen, binnen.ravel()) | {"seconden": time.perf_counter() - van}
    if importlib.util.find_spec("pytauargus"):
        van = time.perf_counter()
        open_ = within(60, tau_argus, cellen)
        if open_ is not None:
            duur = {"seconden": time.perf_counter() - van}
            uit["pytauargus"] = oordeel(stelsel(cellen, open_), geheimen, binnen.ravel()) | duur
    return {naam: {"geheimen": len(geheimen), **rij} for naam, rij in uit.items()}


def within(seconden: float, doe: Callable[[np.ndarray], np.ndarray], cellen: np.ndarray) -> np.ndarray | None:
    """Return the answer of a function, or None when it takes longer: it then runs in a process that stops."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        try:
            return pool.apply_async(doe, (cellen,)).get(seconden)
        except multiprocessing.TimeoutError:
            return None


def tau_argus(cellen: np.ndarray) -> np.ndarray:
    """Return which cells Tau-Argus shows: at least ten units, and protected by as much as a cell is."""
    from pytauargus import protect

    namen = ("plaats", "maat", "jaar")
    plekken = list(itertools.product(*map(range, VORM)))
    eenheden = [
        {**{naam: f"c{i:02d}" for naam, i in zip(namen, plek, strict=True)}, "een": 1}
        for plek in plekken
        for _ in range(int(cellen[plek]))
    ]
    regel = f"FREQ({DREMPEL},100)"
    # It leaves its own files where it runs.
    with tempfile.TemporaryDirectory() as map_, contextlib.chdir(map_):
        (uit,) = protect(
            eenheden,
            tables=[list(namen)],
            response="een",
            safety_rules=regel,
            suppress="MOD(1,5)",
            totcode="T",
            workdir=map_,
        ).tables
        rijen = uit.rows
    open_ = np.ones(cellen.shape, dtype=bool)  # a cell without units is not in its answer
    for rij in rijen:
        plek = tuple(-1 if rij[naam] == "T" else int(str(rij[naam])[1:]) for naam in namen)
        open_[plek] = rij["status"] not in ("U", "M")
    return open_


def tabel_440() -> None:
    alle = pd.concat([pd.DataFrame(beschermingen(seed)).T.assign(seed=seed) for seed in SEEDS])
    print("Tabel van 440 cellen, gemiddeld over", len(SEEDS), "verzonnen tabellen")
    print(alle.groupby(level=0, sort=False).mean().drop(columns="seed").round(3).to_string())
    klaar = alle.loc[alle.index == "pytauargus", "seed"]
    if len(klaar):
        print(f"Alleen de {len(klaar)} tabellen waarmee pytauargus binnen een minuut klaar was")
        zelfde = alle[alle["seed"].isin(klaar)]
        print(zelfde.groupby(level=0, sort=False).mean().drop(columns="seed").round(3).to_string())


def grootboek() -> None:
    """Attack a ledger of about 100,000 published cells: many tables after each other."""
    losse = []
    for seed in range(310):
        cellen = tabel(np.random.default_rng([7, seed]), VORM, 40.0)
        losse.append(stelsel(cellen, ~((cellen > 0) & (cellen < DREMPEL))))
    s = System(
        np.concatenate([x.waarden for x in losse]),
        sparse.block_diag([x.matrix for x in losse], format="csr"),
        np.concatenate([x.onder for x in losse]),
        np.concatenate([x.boven for x in losse]),
    )
    dicht = s.boven > s.onder
    doelen = np.flatnonzero(dicht)
    van, cpu = time.perf_counter(), time.process_time()
    a = attack(s, doelen, np.full(len(doelen), float(DREMPEL)), clock=Clock(600))
    print(
        f"Grootboek: {int((~dicht).sum())} gepubliceerde en {len(doelen)} verborgen cellen aangevallen in "
        f"{time.perf_counter() - van:.1f} s ({time.process_time() - cpu:.1f} s rekentijd); "
        f"{int((~a.safe).sum())} te nauw"
    )


if __name__ == "__main__":
    tabel_440()
    if "--tabel" not in sys.argv:
        grootboek()
