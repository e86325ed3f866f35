"""Drawings of networks: nothing written over anything else, and nothing outside the page."""

from __future__ import annotations

import itertools
import math
import re

import pytest

from toekomstscenario_eval.blocks.network_panels import Flow, flows, multiples
from toekomstscenario_eval.blocks.network_svg import Node, Tie, node_link, relay_legend, wide_as

NAMES = ["Lokale hulp", "Zorg", "Veiligheid", "Ervaring en eigen kring", "Overig"]
NODES = [Node(naam, naam, 0.5, naam) for naam in NAMES]
# Every style that a key explains: side by side, in between, in relay, and not told.
PARTS = (0.9, 0.5, 0.1, math.nan)
TIES = [Tie(a, b, 0.5, PARTS[(a + b) % 4], "band") for a, b in itertools.combinations(range(len(NODES)), 2)]
_TEXT = re.compile(r'<text x="([\d.]+)" y="([\d.]+)" font-size="(\d+)" text-anchor="(\w+)"[^>]*>([^<]*)<')
_LINE = re.compile(r'<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)"')


def panels(n):
    return multiples(NODES, [(str(2020 + i), TIES, dict(enumerate(NODES))) for i in range(n)])


def streams():
    both = itertools.product(range(len(NAMES)), repeat=2)
    return flows(NAMES, NAMES, [Flow(a, b, 0.04, PARTS[(a + b) % 4], "stroom") for a, b in both])


DRAWINGS = {
    "knopen": lambda: node_link(NODES, TIES),
    "knopen met korte namen": lambda: node_link([Node(n[:4], n, 0.5, n) for n in NAMES], TIES),
    "stromen": streams,
    **{f"tijd {n}": (lambda n=n: panels(n)) for n in (1, 2, 3, 4)},
}


def written(svg):
    """Yield the left, right and line of every text that stands level, and of every line of a key."""
    for x, y, size, anchor, words in _TEXT.findall(svg):
        wide = wide_as(words, int(size))
        left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        yield left, left + wide, float(y)
    for x1, y, x2 in _LINE.findall(svg):
        yield float(x1), float(x2), float(y) + 4


@pytest.mark.parametrize("naam", DRAWINGS)
def test_nothing_is_written_over_anything_else(naam):
    svg = DRAWINGS[naam]()
    marks = list(dict.fromkeys(written(svg)))
    assert len(marks) > len(NAMES)
    for (l1, r1, y1), (l2, r2, y2) in itertools.combinations(marks, 2):
        # Grain lies on the line that it is of.
        assert abs(y1 - y2) > 3 or r1 <= l2 or r2 <= l1 or (l1, r1) == (l2, r2), (l1, r1, l2, r2)
    wide = float(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    assert min(left for left, *_ in marks) >= 0
    assert max(right for _, right, _ in marks) <= wide


def test_the_key_has_every_style_and_only_what_is_shown():
    assert sum("niet getoond" in p for p in relay_legend(0, 0, PARTS)) == 1
    assert not any("niet getoond" in p for p in relay_legend(0, 0, PARTS[:3]))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_panels_take_the_page_and_say_what_their_width_is(n):
    """Fewer periods are drawn larger, in the middle of their part of the page."""
    svg = panels(n)
    xs = [float(x) for x in re.findall(r'<path class="b [^>]*d="M([\d.]+) ', svg)]
    ends = [float(x) for x in re.findall(r'Q[\d.]+ [\d.]+ ([\d.]+) [\d.]+"', svg)]
    places = sorted({*xs, *ends})
    assert places[0] + places[-1] == pytest.approx(720, abs=1)
    radius = (places[-1] - places[0] - 720 * (n - 1) / n) / 2
    assert radius > 0.65 * min(120, 720 / n / 2)
    assert "in elke periode op dezelfde schaal" in svg


def test_each_panel_has_its_own_sizes_and_titles():
    """Of one domain all shapes are circles: how far one is above the smallest goes by its own year."""
    years = {"2024": 0.25, "2025": 1.0}
    boxes = [
        (year, TIES, {i: Node(naam, "d", part, f"{naam} {year}") for i, naam in enumerate(NAMES)})
        for year, part in years.items()
    ]
    svg = multiples([Node(naam, "d", 1.0, naam) for naam in NAMES], boxes)
    radii = {title: float(r) for r, title in re.findall(r'r="([\d.]+)"[^>]*/><title>([^<]*)</title>', svg)}
    assert set(radii) == {f"{naam} {year}" for naam in NAMES for year in years}
    for naam in NAMES:
        assert radii[f"{naam} 2025"] - 3 == pytest.approx(2 * (radii[f"{naam} 2024"] - 3))
    assert "grootte van de vorm: huishoudens, in elke periode op dezelfde schaal" in svg
