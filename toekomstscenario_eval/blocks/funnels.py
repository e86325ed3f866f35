"""Funnel plots as SVG: sites by size, between limits that narrow as the size grows."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from toekomstscenario_eval.blocks.sites import EXTENT, Sites
from toekomstscenario_eval.designs.funnel import NIVEAU
from toekomstscenario_eval.document.format import FORMS
from toekomstscenario_eval.document.theme import AREA, COLORS, GREY, HEIGHT, WIDTH, apart, axis, to_svg

_STAPPEN = 200


def funnel_chart(sites: Sites) -> str:
    """Return sites as dots around the target; only those outside a limit carry their name."""
    t, frame = sites.funnel, sites.tabel
    largest = float(frame["omvang"].max())
    x_as = np.linspace(largest / _STAPPEN, largest * 1.05, _STAPPEN)
    edge = {niveau: sites.limits(x_as, niveau) for niveau in t.buiten}
    # What the smallest site needs, not what the limits would be for a site of one household.
    small = np.array([float(frame["omvang"].min()) * 0.8])
    bounds = [g[0] for niveau in t.buiten for g in sites.limits(small, niveau)]
    shown = frame["schatting"].dropna().tolist()
    low, high = min(*bounds, *shown), max(*bounds, *shown)
    slack = 0.04 * (high - low)
    domein = [max(0.0, low - slack) if low >= 0 else low - slack, high + slack]
    if FORMS[sites.maat.vorm].deel:
        domein[1] = min(1.0, domein[1])
    vorm, title = axis(sites.maat, high)
    x = alt.X("omvang:Q", title=EXTENT[t.soort].capitalize(), axis=alt.Axis(format=",.4~g", tickCount=6),
              scale=alt.Scale(domain=[0, largest * 1.05], nice=False))  # fmt: skip
    y = alt.Y("y:Q", title=title, axis=alt.Axis(format=vorm, tickCount=6), scale=alt.Scale(domain=domein))
    layers: list[Any] = [
        *_limits(x_as, edge, x, y),
        *_target(sites.doel, sites.whole.lower(), x_as, x, y),
        *_points(sites, x, y),
    ]
    return to_svg(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT + 60))


def _limits(x_as: Any, edge: dict[float, tuple[Any, Any]], x: alt.X, y: alt.Y) -> list[Any]:
    layers: list[Any] = []
    under, above = edge[0.95]
    area = alt.Chart(pd.DataFrame({"omvang": x_as, "y": under, "hoog": above}))
    layers.append(area.mark_area(color=AREA, clip=True).encode(x=x, y=y, y2="hoog:Q"))
    for niveau, (low, high) in edge.items():
        dash = [5, 3] if niveau == 0.95 else [1, 0]
        for side in (low, high):
            line = alt.Chart(pd.DataFrame({"omvang": x_as, "y": side}))
            layers.append(
                line.mark_line(color=GREY, strokeWidth=1, strokeDash=dash, clip=True).encode(x=x, y=y)
            )
        einde = alt.Chart(pd.DataFrame({"omvang": [x_as[-1]], "y": [high[-1]]}))
        naam = einde.mark_text(align="left", dx=6, color=GREY)
        layers.append(naam.encode(x=x, y=y, text=alt.value(NIVEAU[niveau])))
    return layers


def _target(target: float, name: str, x_as: Any, x: alt.X, y: alt.Y) -> list[Any]:
    line = alt.Chart(pd.DataFrame({"omvang": [0.0, x_as[-1]], "y": [target, target]}))
    naam = alt.Chart(pd.DataFrame({"omvang": [x_as[-1]], "y": [target]})).mark_text(
        align="left", dx=6, color=GREY
    )
    return [
        line.mark_line(color=GREY, strokeWidth=1.5).encode(x=x, y=y),
        naam.encode(x=x, y=y, text=alt.value(name)),
    ]


def _points(sites: Sites, x: alt.X, y: alt.Y) -> list[Any]:
    t = sites.funnel
    namen = sites.tabel.assign(groep=sites.tabel["naam"])
    points = namen.assign(y=namen["schatting"], buiten=t.buiten[0.95])[
        ["groep", "omvang", "y", "buiten", "apart"]
    ]
    # A site whose count is too small for a share has a place within the limits or outside, but no dot.
    points = points[points["y"].notna()]
    other, points = points[points["apart"]], points[~points["apart"]]
    within, out = points[~points["buiten"]], points[points["buiten"]]
    dot = alt.Chart(within).mark_point(filled=True, size=70, color=COLORS[0], opacity=1)
    layers: list[Any] = [dot.encode(x=x, y=y)]
    if not other.empty:
        square = alt.Chart(other).mark_point(
            shape="square", filled=False, size=70, color=GREY, strokeWidth=2, opacity=1
        )
        layers.append(square.encode(x=x, y=y))
    if not out.empty:
        diamond = alt.Chart(out).mark_point(
            shape="diamond", filled=True, size=110, color=COLORS[1], opacity=1
        )
        reach = float(points["y"].max() - points["y"].min()) or 1.0
        namen = out.assign(y=apart(out["y"].tolist(), 0.05 * reach))
        naam = alt.Chart(namen).mark_text(align="right", dx=-9)
        layers += [diamond.encode(x=x, y=y), naam.encode(x=x, y=y, text="groep:N")]
    return layers
