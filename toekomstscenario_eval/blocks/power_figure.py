"""The chance to find a difference as a curve: by formula a line, by simulation points with their error."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from toekomstscenario_eval.document.format import FORMS
from toekomstscenario_eval.document.theme import (
    COLORS,
    DASHES,
    GREY,
    HEIGHT,
    VORMEN,
    WIDTH,
    to_svg,
)
from toekomstscenario_eval.types import Vorm


def power_curve(lines: pd.DataFrame, points: pd.DataFrame, wanted: float, title: str, vorm: Vorm) -> str:
    """Return the chance against the size of the difference.

    Parameters
    ----------
    lines : DataFrame
        `naam, verschil, kans`: by formula, many differences for each name.
    points : DataFrame
        `naam, verschil, kans, ondergrens, bovengrens`: by simulation; may have no rows.
    wanted : float
        The chance that is asked for, drawn as a dashed line.
    title : str
        What the difference is, under the axis.
    vorm : Vorm
        How a difference reads.
    """
    names = lines["naam"].unique().tolist()

    def by_name(channel: Any, values: tuple[Any, ...]) -> Any:
        schaal = alt.Scale(domain=names, range=list(values[: len(names)]))
        return channel("naam:N", scale=schaal, legend=None)

    plain, small = FORMS[vorm].as_
    far = float(lines["verschil"].max())
    as_x = alt.Axis(format=small if far < 0.1 else plain, tickCount=7)
    x = alt.X("verschil:Q", title=title, axis=as_x, scale=alt.Scale(domain=[0, far], nice=False))
    y = alt.Y(
        "kans:Q",
        title="Kans om het te vinden",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    color = by_name(alt.Color, COLORS)
    asked = alt.Chart(pd.DataFrame({"kans": [wanted]})).mark_rule(color=GREY, strokeDash=[4, 3])
    layers: list[Any] = [
        asked.encode(y=y),
        alt.Chart(lines)
        .mark_line(strokeWidth=2)
        .encode(x=x, y=y, color=color, strokeDash=by_name(alt.StrokeDash, DASHES)),
    ]
    if len(points):
        base = alt.Chart(points)
        layers += [
            base.mark_rule(strokeWidth=1).encode(
                x=x,
                y=alt.Y("ondergrens:Q", title="Kans om het te vinden"),
                y2="bovengrens:Q",
                color=color,
            ),
            base.mark_point(filled=True, size=45, opacity=1).encode(
                x=x, y=y, color=color, shape=by_name(alt.Shape, VORMEN)
            ),
        ]
    layers += _key(names, marked=len(points) > 0)
    return to_svg(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT))


def _key(names: list[str], *, marked: bool) -> list[Any]:
    """Name each line under the axis, with its dash and colour, and its mark where there are points."""
    out: list[Any] = []
    for i, naam in enumerate(names):
        left, under = 10 + (i % 2) * 290, HEIGHT + 56 + (i // 2) * 20
        spot = pd.DataFrame({"i": [0]})
        line = alt.Chart(spot).mark_rule(color=COLORS[i], strokeDash=DASHES[i], strokeWidth=2)
        out.append(line.encode(x=alt.value(left), x2=alt.value(left + 34), y=alt.value(under)))
        if marked:
            mark = alt.Chart(spot).mark_point(
                shape=VORMEN[i], filled=True, color=COLORS[i], size=45, opacity=1
            )
            out.append(mark.encode(x=alt.value(left + 17), y=alt.value(under)))
        text = alt.Chart(spot).mark_text(align="left")
        out.append(text.encode(x=alt.value(left + 44), y=alt.value(under), text=alt.value(naam)))
    return out
