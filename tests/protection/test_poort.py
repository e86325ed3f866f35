"""A closed gate: whatever changes at a place without enough new events, nothing that is public changes.

`make metingen` does this two hundred times.
"""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import metingen_poort
from benchmarks.pakketten import Delivery
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.study import Study

MANY = 20


@pytest.mark.traag
def test_changes_behind_a_closed_gate_leave_every_public_table_as_it_was(tmp_path):
    found = list(
        metingen_poort.changes(tmp_path, MANY, indicators=["aandeel_ots"], per=("proeftuin", "gezinsprofiel"))
    )
    assert sum(len(names) for names, _ in found) >= MANY
    assert [differ for _, differ in found if differ] == []


def test_changes_do_change_the_package(tmp_path):
    source = make_example(tmp_path / "bron", huishoudens=60, seed=5)
    tables, rng = metingen_poort.read(source), np.random.default_rng(1)
    for name, change in (metingen_poort.CORRECTIONS | metingen_poort.EVENTS).items():
        differ = 0
        for _ in range(5):
            other = change(rng, tables)
            differ += any(not other[k].equals(tables[k]) for k in tables)
        assert differ >= 3, name


def test_enough_new_events_open_the_gate(tmp_path):
    """What the other test relies on: with ten times as many households the tables do change."""
    source = make_example(tmp_path / "bron", huishoudens=metingen_poort.HOUSEHOLDS, seed=5)
    line = Delivery.make(tmp_path, "open", 3)
    own = metingen_poort.named(source, line)
    first = Study.open(own, sleutel=line.key)
    before = metingen_poort.public_tables(first, ["aandeel_ots"], ())
    later = metingen_poort.deliver(
        own, many_events(metingen_poort.read(own)), metingen_poort.NEXT, tmp_path / "later"
    )
    second = Study.open(later, sleutel=line.key)
    assert second.passage.waist.standings["", "totaal"].draw
    after = metingen_poort.public_tables(second, ["aandeel_ots"], ())
    cells = next(k for k in before if k.endswith("aandeel_ots cellen "))
    assert before[cells] != after[cells]


def many_events(tables):
    table = tables["contact"]
    chosen = tables["huishouden"]["huishouden_id"].to_numpy()[:100]
    new = table.head(len(chosen)).assign(
        huishouden_id=chosen, datum="2026-06-01", contact_id=[f"c9{i:07d}" for i in range(len(chosen))]
    )
    return {**tables, "contact": metingen_poort.pd.concat([table, new], ignore_index=True)}
