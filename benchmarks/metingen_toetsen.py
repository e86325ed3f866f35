"""Tests between groups from published counts, beside the exact ones: level, power and coverage.

    python benchmarks/metingen.py toetsen

Studies are made up with a fixed seed: spells of a constant hazard, one of each household, censored at random;
half of the households in each of two groups. Of each the same tests are done from published counts and from
the spells. Without a difference the part that finds one has to be 5%, with one it has to be near the exact
one. With regions as units these differ by a factor, which a log-rank test does not know of; the exact error
of Cox is then robust (Lin and Wei), and beside it stands the same random effect from true counts.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.estimators.cells_groups import measure as measure_tests

# Studies: of households, of regions without a difference (for the level), and with one.
SEED, TIMES, REGIONS_TIMES, REGIONS_POWER = 20261130, 2000, 500, 100
# Households, a ratio that the exact log-rank test finds in about four of five studies, and how many studies
# more: of 103 households three in ten have groups large enough for a test.
SIZES = ((103, 2.0, 3), (300, 1.5, 1), (1500, 1.2, 1))
TWO_CAUSES = (1 / 500, 1 / 900)
SPLITS = ((7, 7), (11, 3))
BETWEEN = (0.0, 0.2)
Row = dict[str, object]


def households(times: int = TIMES) -> list[Row]:
    """Return the tests with households as units, without and with a difference."""
    ways = (("alle eindes", (1 / 450,)), ("een van twee eindes", TWO_CAUSES))
    return [
        {"onderzoeken": more * times, **row}
        for way, hazards in ways
        for n, other, more in SIZES
        for ratio in (1.0, other)
        for row in measure_tests(way, n, ratio, more * times, SEED, hazards=hazards, first=0.5)
    ]


def regions(times: int = REGIONS_TIMES, power: int = REGIONS_POWER) -> list[Row]:
    """Return the tests with fourteen regions as units or in strata."""
    return [
        {"regio's": f"{split[0]} en {split[1]}", "spreiding": between, "onderzoeken": studies, **row}
        for n, other in ((300, 1.7), (1500, 1.3))
        for split in SPLITS
        for between in BETWEEN
        for ratio, studies in ((1.0, times), (other, power))
        for row in measure_tests("regio's", n, ratio, studies, SEED, split=split, between=between)
    ]


def measure() -> dict[str, list[Row]]:
    """Return the tables for `metingen.py`."""
    return {
        "Toetsen uit openbare tellingen, huishoudens als eenheid": households(),
        "Toetsen met veertien regio's als eenheid": regions(),
    }
