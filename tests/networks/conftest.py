"""One small package with its ties counted, for all tests of networks."""

from __future__ import annotations

import pytest

from tests.keyed_households import keyed_households
from toekomstscenario_eval.estimators.networks import network_results
from toekomstscenario_eval.summaries import ties
from toekomstscenario_eval.summaries.tie_cells import Counting, Members, organisations


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """A package of 300 households, a random key for each, and what its households count."""
    keyed = keyed_households(tmp_path_factory.mktemp("ties") / "p")
    found = keyed.package
    members = Members.of(found, keyed.table, ("proeftuin",))
    source = ties.NetworkTables(found, found.venster)
    data, together = network_results.load(source)
    numbers = organisations(found)
    codes = {n: f"code{naam}" for n, naam in numbers[["organisatie", "organisatie_id"]].to_numpy()}
    counting = Counting(source, data.banden, data.naast, data.reach, together, codes)
    return found, keyed.key, members, counting
