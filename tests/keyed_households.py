"""A small example package with a random record key for each household."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from toekomstscenario_eval.data.package import Package, open_package
from toekomstscenario_eval.data.synthetic import make_example


@dataclass(frozen=True)
class Keyed:
    """A package, the table of the halves of its keys, and the key of each household by pseudonym."""

    package: Package
    table: ir.Table
    key: dict[str, int]


def keyed_households(folder: Path, *, households: int = 300) -> Keyed:
    """Make the package in a folder that is not there yet."""
    package = open_package(make_example(folder, huishoudens=households, seed=3))
    ids = sorted(package.tabellen["huishouden"].select("huishouden_id").execute()["huishouden_id"])
    keys = np.random.default_rng(1).integers(0, 2**64, len(ids), dtype=np.uint64)
    halves = pd.DataFrame(
        {
            "huishouden_id": ids,
            "boven": (keys >> np.uint64(32)).astype("int64"),
            "onder": (keys & np.uint64(2**32 - 1)).astype("int64"),
        }
    )
    table = package.con.create_table("keys", halves, temp=True)
    return Keyed(package, table, dict(zip(ids, map(int, keys), strict=True)))
