"""The measurements of networks, small: what `make metingen METINGEN=netwerk` does in full."""

from __future__ import annotations

import pytest

from benchmarks import metingen_netwerk
from toekomstscenario_eval.protection.noise import Noise


@pytest.fixture(scope="module")
def cells(package):
    _, _, members, counting = package
    return members.cells(counting.shared(organisations=True), "")


def test_the_noise_moves_measures_of_the_whole_little(cells):
    """At 300 households, within what is to be held at 1,500."""
    rows = {row["maat"]: row for row in metingen_netwerk.errors(cells, "", draws=8)}
    for maat in metingen_netwerk.BOUNDS:
        assert 0 < rows[maat]["p95"] <= metingen_netwerk.BOUNDS[maat], maat
    assert rows["volgorde van sterkte (Spearman)"]["mediaan"] > 0.95


def test_the_noise_moves_what_regions_show_little(package):
    """Of twenty households few regions have three kinds; of the rest each shows what its noise allows."""
    _, _, members, counting = package
    cells = members.cells(counting.shared(organisations=True), "proeftuin")
    rows = {row["maat"]: row for row in metingen_netwerk.errors(cells, "proeftuin", draws=12)}
    assert rows["dichtheid_soorten"]["getoond"] >= 5
    for maat in set(rows) & set(metingen_netwerk.BOUNDS):
        assert rows[maat]["p95"] <= metingen_netwerk.BOUNDS[maat], maat
        assert abs(rows[maat]["vertekening"]) <= metingen_netwerk.BOUNDS[maat] / 2, maat


def test_more_noise_shows_in_the_measurement(cells, monkeypatch):
    few = metingen_netwerk.errors(cells, "", draws=6)
    monkeypatch.setattr(metingen_netwerk, "NOISE", Noise(12, 12.0, 2))
    many = metingen_netwerk.errors(cells, "", draws=6)
    for before, after in zip(few[2:5], many[2:5], strict=True):
        assert after["p95"] > before["p95"]


def test_unrelated_networks_are_found_related_as_often_as_chance_says(package):
    _, _, members, counting = package
    rows = metingen_netwerk.type_one(members.cells(counting.meetings(), ""), studies=60, permutations=39)
    assert [row["toets"] for row in rows] == ["QAP", "MRQAP"]
    assert all(row["fout van de eerste soort"] <= 0.15 for row in rows)


def test_related_networks_are_found_related(package):
    _, _, members, counting = package
    cells = members.cells(counting.meetings(), "")
    rows = metingen_netwerk.type_one(cells, studies=5, permutations=39, dealt=False)
    assert all(row["fout van de eerste soort"] == 1 for row in rows)
