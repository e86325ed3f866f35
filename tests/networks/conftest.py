"""One small package with its ties counted, for all tests of networks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.estimators.networks import network_results
from toekomstscenario_eval.summaries import ties
from toekomstscenario_eval.summaries.tie_cells import Counting, Members, organisations


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """A package of 300 households, a random key for each, and what its households count."""
    found = open_package(make_example(tmp_path_factory.mktemp("ties") / "p", huishoudens=300, seed=3))
    ids = sorted(found.tabellen["huishouden"].select("huishouden_id").execute()["huishouden_id"])
    keys = np.random.default_rng(1).integers(0, 2**64, len(ids), dtype=np.uint64)
    halves = pd.DataFrame(
        {
            "huishouden_id": ids,
            "boven": (keys >> np.uint64(32)).astype("int64"),
            "onder": (keys & np.uint64(2**32 - 1)).astype("int64"),
        }
    )
    members = Members.of(found, found.con.create_table("keys", halves, temp=True), ("proeftuin",))
    source = ties.NetworkTables(found, found.venster)
    data, together = network_results.load(source)
    numbers = organisations(found)
    codes = {n: f"code{naam}" for n, naam in numbers[["organisatie", "organisatie_id"]].to_numpy()}
    counting = Counting(source, data.banden, data.naast, data.reach, together, codes)
    return found, dict(zip(ids, map(int, keys), strict=True)), members, counting
