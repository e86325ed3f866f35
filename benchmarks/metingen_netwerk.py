"""How good a network from published counts is, beside the same network from the true counts.

The ties of an example package are counted once; noise is drawn anew for each secret. The error is that of
the published figure against the one that the same rules give on the true counts: what the noise alone does.
QAP is tried on networks that have nothing to do with each other: the nodes of one are dealt anew before it
is published.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.estimators.cells_world import NOISE, uniform
from toekomstscenario_eval import tie_names as names
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.estimators import estimate
from toekomstscenario_eval.estimators.cells.tie_levels import levels
from toekomstscenario_eval.estimators.networks import network_cards, network_results, qap
from toekomstscenario_eval.protection.public import LEAST, PublicSummary
from toekomstscenario_eval.summaries import ties
from toekomstscenario_eval.summaries.cells import KEY
from toekomstscenario_eval.summaries.tie_cells import Counting, Members, organisations
from toekomstscenario_eval.tie_names import ORGANISATION
from toekomstscenario_eval.types import SITE, Kind

SEED, DRAWS, STUDIES, PERMUTATIONS = 20261130, 40, 400, 99
SIZES = (300, 1500)
# What is to be held at 1,500 households: the 95th percentile of the error.
BOUNDS = {
    "dichtheid_soorten": 0.035,
    "dichtheid_organisaties": 0.035,
    "ei_organisaties": 0.03,
    "naast_elkaar": 0.02,
    "na_elkaar": 0.02,
}
Rows = list[dict[str, Any]]


def world(households: int, seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return the true cells of an example by breakdown, those of the meetings under `overleg`."""
    with tempfile.TemporaryDirectory() as folder:
        package = open_package(make_example(Path(folder) / "p", huishoudens=households, seed=2026))
        ids = package.tabellen["huishouden"].select("huishouden_id").execute()["huishouden_id"]
        halves = np.random.default_rng(seed).integers(0, 2**32, (2, len(ids)))
        frame = pd.DataFrame({"huishouden_id": sorted(ids), "boven": halves[0], "onder": halves[1]})
        members = Members.of(package, package.con.create_table("keys", frame, temp=True), (SITE,))
        source = ties.NetworkTables(package, package.venster)
        data, together = network_results.load(source)
        numbers = organisations(package)
        codes = {n: f"o{n:05d}" for n in numbers["organisatie"]}
        counting = Counting(source, data.banden, data.naast, data.reach, together, codes)
        rows = counting.shared(organisations=True)
        return {
            "": members.cells(rows, ""),
            SITE: members.cells(rows, SITE),
            "overleg": members.cells(counting.meetings(), ""),
        }


def drawn(cells: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return published cells."""
    n = NOISE.draw(cells["n"].to_numpy(), uniform(cells[KEY].to_numpy(dtype=np.uint64), seed))
    return cells.assign(n=n)[n > 0]


def figures(cells: pd.DataFrame, per: str) -> pd.DataFrame:
    """Return by group and measure the figures that are shown."""
    everybody = cells[cells["naam"].eq("h")].set_index("groep")["n"]
    every = sorted(cells["groep"].unique())
    places = pd.DataFrame(
        {
            "groep": every,
            "periode": "",
            "huishoudens": everybody.reindex(every).fillna(0).astype(int).to_numpy(),
            "stand": "2026-01-01",
            "kap": 730,
            "gesloten": True,
            "reden": "",
        }
    )
    public = PublicSummary(Kind.NETWERK, cells.assign(periode=""), places, NOISE, "r", per)
    card = replace(network_cards.NETWERK, maten={m: network_cards.MATEN[m] for m in BOUNDS})
    rows, series = estimate(public, card, {}, uitsplitsing=per)
    strength = series[series["reeks"].eq("sterkte")].rename(columns={"waarde": "schatting"})
    strength = strength.assign(maat="sterkte " + strength["label"])
    return pd.concat([rows, strength])[["groep", "maat", "schatting"]].dropna()


def errors(cells: pd.DataFrame, per: str, draws: int = DRAWS) -> Rows:
    """Return the error of each measure, and how well the strength order is kept."""
    true = figures(cells, per)
    found = [figures(drawn(cells, SEED + i), per).assign(trekking=i) for i in range(draws)]
    both = pd.concat(found).merge(true, on=["groep", "maat"], suffixes=("", "_waar"))
    is_strength = both["maat"].str.startswith("sterkte ")
    out: Rows = []
    for maat, part in both[~is_strength].groupby("maat", sort=False):
        off = (part["schatting"] - part["schatting_waar"]).abs()
        bias = float((part["schatting"] - part["schatting_waar"]).mean())
        out.append(
            {
                "maat": maat,
                "getoond": len(part) // draws,
                "mediaan": float(off.median()),
                "p95": float(off.quantile(0.95)),
                "vertekening": bias,
                "grens": BOUNDS[str(maat)],
            }
        )
    orders = [
        part["schatting"].corr(part["schatting_waar"], method="spearman")
        for _, part in both[is_strength].groupby(["trekking", "groep"])
        if len(part) >= 5
    ]
    out.append({"maat": "volgorde van sterkte (Spearman)", "mediaan": float(np.median(orders))})
    return out


def type_one(
    cells: pd.DataFrame, studies: int = STUDIES, permutations: int = PERMUTATIONS, *, dealt: bool = True
) -> Rows:
    """Return how often QAP and MRQAP find that who meets goes with who shares, when it does not.

    Not `dealt` anew the two do go together: then it is the power.
    """
    net = levels(cells, LEAST.tie_whole, meetings=True)[ORGANISATION]
    x, y = net.weights(names.SHARED), net.weights(names.MEETING)
    same = np.asarray(net.domains[:, None] == net.domains[None, :], dtype=np.float64)
    np.fill_diagonal(same, 0)
    rng = np.random.default_rng(SEED)
    p: dict[str, list[float]] = {"QAP": [], "MRQAP": []}
    for i in range(studies):
        o = rng.permutation(len(x)) if dealt else np.arange(len(x))
        seen = [np.log1p(published(m, rng)) for m in (x, y[np.ix_(o, o)])]
        one = qap.qap(seen[1], seen[0], permutations=permutations, seed=i)
        more = qap.mrqap(seen[1], {"huishoudens": seen[0], "domein": same}, permutations=permutations, seed=i)
        p["QAP"].append(one.coefficients["correlatie"].p)
        p["MRQAP"].append(more.coefficients["huishoudens"].p)
    return [
        {
            "toets": naam,
            "organisaties": len(x),
            "onderzoeken": studies,
            "fout van de eerste soort": float(np.mean(np.array(found) <= 0.05)),
            "grens": "0,03-0,08",
        }
        for naam, found in p.items()
    ]


def published(true: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a symmetric matrix of counts with noise of its own."""
    above = np.triu_indices(len(true), 1)
    counts = true[above].astype(np.int64)
    out = np.zeros_like(true)
    out[above] = NOISE.draw(counts, rng.random(len(counts)))
    return out + out.T


def measure(sizes: Sequence[int] = SIZES) -> Mapping[str, Rows]:
    """Return the tables for `metingen.py`."""
    accuracy: Rows = []
    tests: Rows = []
    for households in sizes:
        cells = world(households)
        for per, label in (("", "geheel"), (SITE, "per regio")):
            rows = errors(cells[per], per)
            accuracy += [{"huishoudens": households, "waar": label, **row} for row in rows]
        tests += [{"huishoudens": households, **row} for row in type_one(cells["overleg"])]
    return {
        "Fout van netwerkmaten door de ruis": accuracy,
        "Toets van twee netwerken die niets met elkaar hebben": tests,
    }
