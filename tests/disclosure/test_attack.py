"""The attack and the repair: worked examples, invented tables against an attacker of the tests' own."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kubus import kraak, sommen, stelsel, tabel

from toekomstscenario_eval.disclosure import attack as module
from toekomstscenario_eval.disclosure import optimum
from toekomstscenario_eval.disclosure.attack import Clock, attack
from toekomstscenario_eval.disclosure.repair import repair
from toekomstscenario_eval.disclosure.system import System, build
from toekomstscenario_eval.errors import OnthullingsFout

RIJ = [([0, 1, 2, 3], [1.0, 1.0, 1.0, -1.0])]


def rij(waarden, dicht):
    open_ = np.array([i not in dicht for i in range(4)])
    return build(np.array(waarden, dtype=float), RIJ, open_)


def interval(s: System, doel: int, breedte: float = 1e5) -> tuple[float, float, bool]:
    a = attack(s, np.array([doel]), np.array([breedte]))
    return round(float(a.laag[0]), 4), round(float(a.hoog[0]), 4), bool(a.safe[0])


# Worked examples


def test_a_number_hidden_alone_follows_from_the_total():
    assert interval(rij([4, 20, 30, 54], {0}), 0) == (4, 4, False)


def test_two_hidden_numbers_share_what_is_left():
    assert interval(rij([4, 20, 30, 54], {0, 1}), 0) == (0, 24, False)
    assert interval(rij([4, 20, 30, 54], {0, 1}), 0, 24) == (0, 24, True)
    assert interval(rij([4, 20, 30, 54], {0, 1}), 0, 25)[2] is False


def test_two_small_numbers_are_no_company():
    assert interval(rij([4, 3, 30, 37], {0, 1}), 0, 10) == (0, 7, False)


def test_a_total_of_nothing_tells_that_all_is_zero():
    assert interval(rij([0, 0, 30, 30], {0, 1}), 0, 1) == (0, 0, False)


def test_a_rounded_total_leaves_its_rounding():
    s = rij([4, 20, 30, 54], {0})
    ruimte = np.array([0, 0, 0, 2])
    los = System(s.waarden, s.matrix, s.onder - ruimte, s.boven + ruimte, s.geheel)
    assert interval(los, 0, 4) == (2, 6, True)


def test_full_cell_follows_from_its_complement():
    """With + without = all: that nobody is without tells that everybody is with."""
    s = build(np.array([12.0, 0.0, 12.0]), [([0, 1, 2], [1.0, 1.0, -1.0])], np.array([False, True, True]))
    assert interval(s, 0, 1) == (12, 12, False)


def test_nested_groups_are_subtracted():
    """Two overlapping groups differ in one small part: 0 + 1 = 3, 0 + 1 + 2 = 4."""
    s = build(
        np.array([20.0, 30.0, 3.0, 50.0, 53.0]),
        [([0, 1, 3], [1.0, 1.0, -1.0]), ([0, 1, 2, 4], [1.0, 1.0, 1.0, -1.0])],
        np.array([False, False, False, True, True]),
    )
    assert interval(s, 2, 1) == (3, 3, False)


def test_whole_numbers_are_narrower_than_fractions():
    """2a + 2b = 3 + c with c of 0 or 1: half a unit does not exist."""
    s = System(
        np.array([1.0, 1.0, 4.0]),
        build(
            np.array([1.0, 1.0, 4.0]), [([0, 1, 2], [2.0, 2.0, -1.0])], np.array([False, False, False])
        ).matrix,
        np.array([0.0, 0.0, 3.0]),
        np.array([9.0, 9.0, 4.0]),
    )
    assert interval(s, 0) == (0, 2, False)
    assert interval(s, 2, 1) == (4, 4, False)


def test_repair_takes_the_cheapest_company():
    s = rij([4, 20, 30, 54], {0})
    h = repair(s, np.array([0]), np.array([10.0]), np.array([1.0, 9.0, 2.0, 50.0]), clock=Clock(9))
    assert h.added.tolist() == [2]
    assert h.open_for == 1
    assert h.aanval.safe.all()


@pytest.mark.parametrize("zaad", range(12))
def test_no_set_of_numbers_costs_less(zaad):
    """Every set is tried, in tables small enough for that."""
    cellen = tabel(np.random.default_rng(zaad), (2, 3), 14.0)
    w = cellen.ravel()
    klein = (w > 0) & (w < 10)
    s, doelen = stelsel(cellen, ~klein.reshape(cellen.shape)), np.flatnonzero(klein)
    breedte, kosten = np.full(len(doelen), 10.0), 1 + w.astype(float)
    h = repair(s, doelen, breedte, kosten, clock=Clock(30))
    assert h.proven
    te_koop = np.flatnonzero(~klein)
    goedkoopst = np.inf
    for keus in itertools.product([False, True], repeat=len(te_koop)):
        weg = np.zeros(len(w), dtype=bool)
        weg[te_koop[list(keus)]] = True
        if kosten[weg].sum() < goedkoopst and attack(s.with_dense(weg), doelen, breedte).safe.all():
            goedkoopst = kosten[weg].sum()
    assert kosten[h.added].sum() == pytest.approx(goedkoopst)


def test_the_program_beats_the_quick_repair_somewhere(monkeypatch):
    """Else it could go."""
    prijs = {}
    for naam in ("met", "zonder"):
        if naam == "zonder":
            monkeypatch.setattr(optimum, "_LARGEST", 0)
        prijs[naam] = 0.0
        for zaad in range(12):
            cellen = tabel(np.random.default_rng(zaad), (3, 3), 14.0)
            klein = (cellen > 0) & (cellen < 10)
            doelen, kosten = np.flatnonzero(klein.ravel()), 1.0 + cellen.ravel()
            breedte = np.full(len(doelen), 10.0)
            h = repair(stelsel(cellen, ~klein), doelen, breedte, kosten, clock=Clock(30))
            prijs[naam] += kosten[h.added].sum()
            assert h.proven is (naam == "met") or not len(h.added)
    assert prijs["met"] < prijs["zonder"]


def test_repair_that_is_not_possible_refuses():
    s = rij([4, 20, 30, 54], {0})
    with pytest.raises(OnthullingsFout, match="niet te herstellen"):
        repair(s, np.array([0]), np.array([10.0]), np.full(4, np.inf), clock=Clock(9))


# Fails closed


def test_time_that_is_up_is_a_refusal():
    s = stelsel(*kubus_met_gaten(0))
    with pytest.raises(OnthullingsFout, match="niet op tijd"):
        attack(s, np.arange(5), np.full(5, 10.0), clock=Clock(0.0))


def test_solver_without_an_answer_is_a_refusal(monkeypatch):
    class Leeg:
        status, x = 4, None

    monkeypatch.setattr(module.optimize, "linprog", lambda *_, **__: Leeg())
    s = stelsel(*kubus_met_gaten(0))
    doelen = np.flatnonzero(s.boven > s.onder)
    with pytest.raises(OnthullingsFout, match="geen uitkomst"):
        attack(s, doelen, np.full(len(doelen), 10.0))


def test_system_that_the_truth_does_not_solve_is_an_error():
    with pytest.raises(ValueError, match="ware waarden"):
        rij([4, 20, 30, 99], {0})


# The table of 440 cells


def kubus_met_gaten(seed: int):
    cellen = tabel(np.random.default_rng(seed), (10, 7, 4), 14.0)
    assert cellen.size == 440
    return cellen, ~((cellen > 0) & (cellen < 10))


def test_thresholds_alone_leave_hidden_cells_recoverable_and_repair_leaves_none():
    cellen, open_ = kubus_met_gaten(1)
    s = stelsel(cellen, open_)
    doelen = np.flatnonzero(~open_.ravel())
    rijen = list(sommen(np.arange(cellen.size).reshape(cellen.shape)))
    voor = kraak(rijen, cellen.ravel(), open_.ravel())
    eigen = attack(s, doelen, np.ones(len(doelen)))
    assert len(voor) > 10
    # The attack of the package finds all that the other finds, and more: it knows bounds.
    assert voor <= set(doelen[~eigen.safe].tolist())
    h = repair(s, doelen, np.full(len(doelen), 10.0), 1 + 0.01 * s.waarden, clock=Clock(60), tidy_up=5)
    na = open_.ravel().copy()
    na[h.added] = False
    assert kraak(rijen, cellen.ravel(), na) & set(doelen.tolist()) == set()
    assert h.aanval.safe.all()
    assert len(h.added) < 100


# Random tables


@settings(max_examples=350, deadline=None, derandomize=True)
@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(1, 4), min_size=1, max_size=3),
    st.sampled_from([2.0, 6.0, 14.0]),
    st.sampled_from([2, 5, 10]),
)
def test_random_tables(zaad, vorm, gemiddeld, drempel):
    cellen = tabel(np.random.default_rng(zaad), tuple(vorm), gemiddeld)
    _houdt_stand([cellen], drempel, rijen=lambda n: list(sommen(n[0])))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 4),
    st.integers(2, 4),
    st.integers(2, 3),
    st.sampled_from([3, 10]),
)
def test_random_linked_tables(zaad, a, b, c, drempel):
    """Two tables about the same units that share a margin: what one hides the other may show."""
    kans = np.random.default_rng(zaad)
    heel = tabel(kans, (a, b, c), 5.0)
    een, twee = heel[:, :, -1], heel[:, -1, :]

    def rijen(nummers):
        # The margin by the first axis is one and the same number in both.
        vast = nummers[1].copy()
        vast[:, -1] = nummers[0][:, -1]
        return [*sommen(nummers[0]), *sommen(vast)]

    _houdt_stand([een, twee], drempel, rijen=rijen)


def _houdt_stand(tabellen, drempel, *, rijen):
    waarden = np.concatenate([t.ravel() for t in tabellen])
    begin = np.cumsum([0, *(t.size for t in tabellen)])
    nummers = [np.arange(t.size).reshape(t.shape) + i for t, i in zip(tabellen, begin, strict=False)]
    sets = rijen(nummers)
    gebruikt = sorted(set(itertools.chain.from_iterable(sets)))
    plek = {k: i for i, k in enumerate(gebruikt)}
    waarden = waarden[gebruikt]
    sets = [[plek[k] for k in rij_] for rij_ in sets]
    klein = (waarden > 0) & (waarden < drempel)
    s = build(waarden, [(r, [1.0] * (len(r) - 1) + [-1.0]) for r in sets], ~klein)
    doelen = np.flatnonzero(klein)
    if waarden.max() < drempel:
        return  # nothing is large enough to hide anything behind
    h = repair(s, doelen, np.full(len(doelen), float(drempel)), 1 + waarden, clock=Clock(20), tidy_up=0)
    dicht = klein.copy()
    dicht[h.added] = True
    assert kraak(sets, waarden, ~dicht) & set(doelen.tolist()) == set()
    # What is published is published as it is.
    open_ = h.system.boven == h.system.onder
    assert (open_ == ~dicht).all()
    assert (h.system.onder[open_] == waarden[open_]).all()
