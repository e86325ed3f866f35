"""How long networks take: projection, all measures, and exact betweenness, beside others.

Run from the root of the project::

    python benchmarks/netwerken.py                           # 100,000 professionals, 400,000 households
    python benchmarks/netwerken.py --professionals 5000 --huishoudens 20000 --tussen 1000

Makes a random network in regions (nothing is kept), times every family of measures, prints the peak of
the memory, and puts projection and betweenness beside networkx, rustworkx and, when R is there, igraph.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import rustworkx as rx
from scipy import sparse

from toekomstscenario_eval.estimators.networks import clustering, communities, core, mixing, paths, structure
from toekomstscenario_eval.estimators.networks.brokerage import gould_fernandez_undirected
from toekomstscenario_eval.estimators.networks.projection import (
    TwoMode,
    adjacency,
    newman_weights,
    project,
    two_mode,
)

_R = """
suppressMessages(library(igraph))
args <- commandArgs(TRUE)
ties <- as.matrix(read.csv(args[1])) + 1
actors <- max(ties[, 2]); g <- make_empty_graph(actors + max(ties[, 1]), directed = FALSE)
V(g)$type <- c(rep(TRUE, actors), rep(FALSE, max(ties[, 1])))
g <- add_edges(g, rbind(ties[, 2], ties[, 1] + actors))
cat("projectie", system.time(p <- bipartite_projection(g, which = "true"))[["elapsed"]], "\\n")
"""
_R_TUSSEN = """
suppressMessages(library(igraph))
ties <- as.matrix(read.csv(commandArgs(TRUE)[1])) + 1
g <- simplify(graph_from_edgelist(ties, directed = FALSE))
cat("tussenpositie", system.time(betweenness(g))[["elapsed"]], "\\n")
"""


def ties(rng: np.random.Generator, professionals: int, huishoudens: int) -> pd.DataFrame:
    """Return ties of households to on average three professionals, nine in ten of their own region."""
    regios = max(professionals // 500, 1)
    huis = np.repeat(np.arange(huishoudens), 1 + rng.poisson(2, huishoudens))
    per = professionals // regios
    eigen = rng.integers(0, per, len(huis)) + per * (huis % regios)
    ver = rng.random(len(huis)) < 0.1
    return pd.DataFrame(
        {"huishouden": huis, "actor": np.where(ver, rng.integers(0, professionals, len(huis)), eigen)}
    )


class Clock:
    """Prints and adds up seconds on the clock and of the processor."""

    def __init__(self) -> None:
        self.clock = self.processor = 0.0

    def __call__(self, naam: str, doe: Callable[[], Any]) -> Any:
        klok, processor = time.perf_counter(), time.process_time()
        uit = doe()
        k, p = time.perf_counter() - klok, time.process_time() - processor
        self.clock, self.processor = self.clock + k, self.processor + p
        print(f"  {naam:32} {k:8.2f} s ({p:.2f} s processor)")
        return uit


def measures(net: TwoMode, rng: np.random.Generator) -> None:
    """Time every family of measures on the network."""
    klok, n = Clock(), len(net.actors)
    print("maten, tussenpositie bij zoveel actoren geschat:")
    paren = klok("projectie", lambda: project(net))
    matrix = klok("matrix van de projectie", lambda: adjacency(paren, n))
    print(f"    {n} professionals, {len(paren.een)} paren, {net.ties.nnz} banden")
    klok("gewichten van Newman", lambda: newman_weights(net))
    klok("dichtheid, delen, graad, Gini", lambda: (
        structure.density(matrix), structure.density_two_mode(net), structure.components(matrix),
        structure.degree_centralisation(matrix), structure.gini(structure.degrees(matrix)),
    ))  # fmt: skip
    drie = klok("driehoeken", lambda: clustering.triangles(matrix))
    klok("transitiviteit", lambda: clustering.transitivity(matrix, drie))
    klok("Robins-Alexander", lambda: clustering.robins_alexander(net))
    klok("Opsahl", lambda: clustering.opsahl(net, drie))
    klok("kern en rand", lambda: core.core_periphery(matrix))
    domein = rng.integers(0, 10, n)
    klok("E-I-index en menging", lambda: mixing.mixing(matrix, domein))
    klok("makelaars", lambda: gould_fernandez_undirected(matrix, domein, drie))
    groep = klok("gemeenschappen (3 runs)", lambda: communities.communities(matrix, runs=3))
    pad = klok("tussenpositie, nabijheid, afstand", lambda: paths.paths(matrix))
    fout = pad.between.fout.sum() / max(pad.between.waarde.sum(), 1e-9)
    print(f"    modulariteit {groep.modulariteit:.3f}, stabiliteit {groep.stabiliteit:.3f}")
    print(f"    {pad.between.bronnen} bronnen; gemiddelde fout van de tussenpositie {fout:.0%}")
    geheugen = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"  samen {klok.clock:.1f} s ({klok.processor:.1f} s processor), hoogste geheugen {geheugen:.2f} GB"
    )


def by_r(script: str, tabel: pd.DataFrame) -> str:
    """Return what R prints, or that it is not there."""
    if not shutil.which("Rscript"):
        return "overgeslagen: R is hier niet"
    with tempfile.TemporaryDirectory() as map_:
        bestand, code = Path(map_) / "banden.csv", Path(map_) / "meting.R"
        tabel.to_csv(bestand, index=False)
        code.write_text(script, encoding="utf-8")
        uit = subprocess.run(
            ["Rscript", str(code), str(bestand)], capture_output=True, text=True, check=False
        )
    return uit.stdout.strip() or "overgeslagen: igraph is hier niet"


def projections(tabel: pd.DataFrame, net: TwoMode) -> None:
    """Put the projection beside networkx and igraph."""
    klok = Clock()
    print("projectie:")
    klok("toekomstscenario-eval", lambda: project(net))
    graaf = nx.Graph()
    rij, kolom = net.ties.nonzero()
    graaf.add_edges_from(zip((-1 - rij).tolist(), kolom.tolist(), strict=True))
    klok("networkx", lambda: nx.bipartite.weighted_projected_graph(graaf, set(kolom.tolist())))
    uniek = tabel.drop_duplicates()
    print(f"  igraph (R): {by_r(_R, uniek)} s")


def betweennesses(rng: np.random.Generator, aantal: int) -> None:
    """Put exact betweenness beside rustworkx alone, and igraph."""
    net = two_mode(ties(rng, aantal, 4 * aantal), "actor")
    matrix = adjacency(project(net), len(net.actors))
    klok = Clock()
    print(f"exacte tussenpositie op {len(net.actors)} professionals, {matrix.nnz // 2} paren:")
    kaal = paths.to_rustworkx(matrix)
    tijden = {}
    for naam, doe in (
        ("rustworkx alleen", lambda: rx.betweenness_centrality(kaal, normalized=False)),
        ("toekomstscenario-eval", lambda: paths.betweenness(matrix)),
    ):
        begin = time.process_time()
        klok(naam, doe)
        tijden[naam] = time.process_time() - begin
    verhouding = tijden["toekomstscenario-eval"] / tijden["rustworkx alleen"]
    print(f"  verhouding in processortijd {verhouding:.2f}")
    boven = sparse.triu(matrix, k=1).tocoo()
    print(f"  igraph (R): {by_r(_R_TUSSEN, pd.DataFrame({'een': boven.row, 'twee': boven.col}))} s")


def main() -> None:
    """Parse the command line, make the network, print the figures."""
    lezer = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lezer.add_argument("--professionals", type=int, default=100_000)
    lezer.add_argument("--huishoudens", type=int, default=400_000)
    lezer.add_argument("--tussen", type=int, default=10_000, help="professionals bij exacte tussenpositie")
    lezer.add_argument("--zaad", type=int, default=1, help="zaad van het toeval")
    opties = lezer.parse_args()
    rng = np.random.default_rng(opties.zaad)
    tabel = ties(rng, opties.professionals, opties.huishoudens)
    net = two_mode(tabel, "actor")
    measures(net, rng)
    projections(tabel, net)
    betweennesses(rng, opties.tussen)


if __name__ == "__main__":
    main()
