"""The flow diagram: all text is there, safe, and inside the drawing."""

from __future__ import annotations

import itertools
import re

from toekomstscenario_eval.blocks.flowchart import Step, flow_svg
from toekomstscenario_eval.document.svg import svg_objection

STAPPEN = [
    Step("Gepland", "75"),
    Step(
        "Aangeleverd",
        "53",
        "22 niet aangeleverd",
        ("weinig tijd bij de teams in het halfjaar & later",),
    ),
    Step("Opgenomen", "niet bekend"),
]


def test_every_step_and_every_loss_is_drawn():
    svg = flow_svg(STAPPEN)
    assert svg_objection(svg) == ""
    teksten = re.findall(r">([^<]+)</text>", svg)
    assert teksten[:2] == ["Gepland", "75"]
    assert "22 niet aangeleverd" in teksten
    assert "niet bekend" in teksten
    assert " ".join(teksten).count("weinig tijd bij de teams") == 1
    assert svg.count("stroke-dasharray") == 1


def test_boxes_stay_inside_and_apart():
    svg = flow_svg(STAPPEN)
    breed, hoog = map(float, re.search(r'width="([\d.]+)" height="([\d.]+)"', svg).groups())
    vakken = [
        tuple(map(float, v))
        for v in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', svg)
    ]
    assert all(x + b <= breed and y + h <= hoog for x, y, b, h in vakken)
    stappen = sorted(v for v in vakken if v[0] == vakken[0][0])
    assert all(een[1] + een[3] < twee[1] for een, twee in itertools.pairwise(stappen))
