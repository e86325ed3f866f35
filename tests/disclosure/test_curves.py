"""Curves in their protected form: the minima hold on every step, and the committed simulation is true."""

from __future__ import annotations

import importlib.util
import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vrijgave_bouw import beleid

from toekomstscenario_eval.disclosure.curve_protection import protect_curves

WORTEL = Path(__file__).parents[2]
BEWAARD = WORTEL / "tests" / "reference" / "beschermde_curven.json"


def curven(einden: list[list[int]], stap: int = 30) -> pd.DataFrame:
    """Return curves without censoring: per day the number that ended by each cause."""
    oorzaken = len(einden[0])
    n = 200 + sum(map(sum, einden))
    rijen, staand, som = [], n, [0] * oorzaken
    for i, eind in enumerate([[0] * oorzaken, *einden]):
        over, som = staand - sum(eind), [s + e for s, e in zip(som, eind, strict=True)]
        basis = {"x": float(i * stap), "ondergrens": np.nan, "bovengrens": np.nan, "n": float(over)}
        rijen.append({**basis, "reeks": "overleving", "label": "", "waarde": over / n})
        rijen += [
            {**basis, "reeks": "incidentie", "label": str(k + 1), "waarde": s / n} for k, s in enumerate(som)
        ]
        staand = over
    return pd.DataFrame(rijen)


def bescherm(punten, ankers=(), dicht=None, **regels):
    return protect_curves(
        punten, shut=dicht or [False] * len(punten), anchors=frozenset(ankers), policy=beleid(10, **regels)
    )


def dagen(vrij, label="1"):
    open_ = vrij[~vrij["onderdrukt"]]
    return open_.loc[open_["label"].eq(label), "x"].tolist()


def test_a_day_is_shown_when_its_step_is_large_enough():
    vrij = bescherm(curven([[6, 20], [8, 20], [14, 20], [3, 20]]))
    assert dagen(vrij) == dagen(vrij, "") == [0, 60, 90]


def test_a_step_of_nothing_tells_nobody():
    assert dagen(bescherm(curven([[12, 20], [0, 20], [12, 20]]))) == [0, 30, 60, 90]


def test_rare_cause_and_what_it_would_follow_from_are_not_shown():
    vrij = bescherm(curven([[20, 2], [20, 3], [20, 2]]))
    assert dagen(vrij) == [0, 30, 60, 90]
    assert dagen(vrij, "2") == dagen(vrij, "") == []


def test_where_survival_is_known_a_rare_cause_would_be_the_rest():
    assert 60 not in dagen(bescherm(curven([[20, 2], [20, 3], [20, 2]]), ankers=[60]))


def test_a_step_to_a_published_estimate_counts_too():
    assert dagen(bescherm(curven([[12, 20], [12, 20], [4, 20]]), ankers=[90])) == [0, 30, 90]


def test_what_is_hidden_stays_hidden():
    punten = curven([[20, 20], [20, 20]])
    assert dagen(bescherm(punten, dicht=punten["x"].eq(30).tolist())) == [0, 60]


def test_nothing_left_but_the_start_is_nothing():
    assert bescherm(curven([[3, 4], [2, 1]]))["onderdrukt"].all()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(st.integers(0, 25), min_size=2, max_size=2), min_size=1, max_size=10),
    st.integers(2, 15),
)
def test_every_published_step_holds_the_minimum(einden, minimum):
    vrij = bescherm(curven(einden), minimum_gebeurtenissen=minimum)
    totaal = np.cumsum([[0, 0], *einden], axis=0)
    for k in (0, 1):
        getoond = [int(x // 30) for x in dagen(vrij, str(k + 1))]
        for a, b in itertools.pairwise([0, *getoond]):
            stap = totaal[b][k] - totaal[a][k]
            assert stap == 0 or stap >= minimum
    open_ = vrij[~vrij["onderdrukt"]]
    assert (open_["n"] % 10 == 0).all()
    # What is shown is the truth, rounded.
    echt = curven(einden).loc[open_.index, "waarde"]
    assert (np.abs(open_["waarde"] - echt) <= 0.005 + 1e-9).all()


def _simulatie():
    spec = importlib.util.spec_from_file_location("sim", WORTEL / "benchmarks" / "beschermde_curven.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_committed_simulation():
    bron = json.loads(BEWAARD.read_text(encoding="utf-8"))["uitkomst"]
    for n in ("300", "1000", "3000"):
        assert abs(bron[n]["vertekening"]) < 0.001
        assert bron[n]["dekking"] >= 0.95
        assert bron[n]["dekking"] >= bron[n]["dekking_onbeschermd"]
    # Small groups: what reaches the minimum is what happened to lie high.
    assert bron["100"]["vertekening"] > 0.005
    assert bron["100"]["getoond"] < 0.5


def test_simulation_gives_the_committed_numbers():
    """The first size again, with fewer samples: the same up to sampling error."""
    sim = _simulatie()
    assert json.loads(BEWAARD.read_text(encoding="utf-8"))["seed"] == sim.SEED
    klein = sim.simuleer(300, 25, sim.SEED)
    bewaard = json.loads(BEWAARD.read_text(encoding="utf-8"))["uitkomst"]["300"]
    assert klein["vertekening"] == pytest.approx(bewaard["vertekening"], abs=0.01)
    assert klein["dekking"] == pytest.approx(bewaard["dekking"], abs=0.06)
    assert klein["dagen"] == pytest.approx(bewaard["dagen"], abs=0.6)
