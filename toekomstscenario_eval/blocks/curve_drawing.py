"""Curves over time as SVG: shaded interval, names at the line ends, numbers at risk under the axis."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from toekomstscenario_eval.document.format import FORMS, number
from toekomstscenario_eval.document.theme import (
    COLORS,
    DASHES,
    GREY,
    HEIGHT,
    OPACITY,
    VORMEN,
    WIDTH,
    apart,
    to_svg,
)
from toekomstscenario_eval.types import Vorm

_MAX_COLUMNS = 7
_YEAR = 366
_UNDER, _LINE = 62, 17  # pixels under the axis where the numbers at risk begin; per group
_FONT_HEIGHT = 15 / HEIGHT
NONE = "–"


def curve(
    points: pd.DataFrame,
    title: str = "Deel dat nog loopt",
    *,
    least: int,
    vorm: Vorm = Vorm.AANDEEL,
    risk: bool = True,
) -> str:
    """Return curves with a shaded interval; lines join the published days, marked by dots.

    Parameters
    ----------
    points : DataFrame
        `groep, x, waarde, ondergrens, bovengrens, n, onderdrukt`; hidden points are left out of the
        curve, and a dash stands for their number at risk.
    title : what the height is
    least : the number at risk under which only that it is under it is written
    vorm : a share, from 0 to 1, or a number, from 0
    risk : numbers at risk for each group; else once, for all of them together
    """
    groepen = sorted(points["groep"].unique().tolist())
    shown = points[~points["onderdrukt"] & points["waarde"].notna()]

    def per_groep(channel: Any, field: str, waarden: tuple[Any, ...]) -> Any:
        schaal = alt.Scale(domain=groepen, range=list(waarden[: len(groepen)]))
        return channel(f"{field}:N", scale=schaal, legend=None)

    color = per_groep(alt.Color, "groep", COLORS)
    last = float((shown if len(shown) else points)["x"].max())
    stap = 30 if last <= _YEAR else 90
    dagen = alt.Axis(values=list(range(0, 3660, stap)), format=",.0f", labelOverlap=True)
    points = points[points["x"] <= last]
    x = alt.X("x:Q", title="Dagen sinds het begin", axis=dagen, scale=alt.Scale(domain=[0, last], nice=False))
    aandeel = FORMS[vorm].deel
    as_ = alt.Axis(format=".0%" if aandeel else "~g", tickCount=5)
    # Survival begins at everything; other shares may all be small.
    top = shown["bovengrens"].max()
    highest = 1.0 if risk or not top > 0 else min(1.0, math.ceil(10 * top) / 10)
    schaal = alt.Scale(domain=[0, highest]) if aandeel else alt.Scale(zero=True)
    y = alt.Y("waarde:Q", title=title, scale=schaal, axis=as_)
    base = alt.Chart(shown)
    layers = [
        base.mark_area(opacity=OPACITY).encode(
            x=x, y=alt.Y("ondergrens:Q", title=title), y2="bovengrens:Q", color=color
        ),
        base.mark_line(strokeWidth=2).encode(
            x=x, y=y, color=color, strokeDash=per_groep(alt.StrokeDash, "groep", DASHES)
        ),
        base.mark_point(filled=True, size=45, opacity=1).encode(
            x=x, y=y, color=color, shape=per_groep(alt.Shape, "groep", VORMEN)
        ),
    ]
    if groepen[1:]:
        layers.append(_names(shown, x, y, highest))
    if not risk:
        points = points[points["groep"].isin(groepen[:1])].assign(groep="")
    layers += _at_risk(points, groepen if risk else [""], x, least)
    return to_svg(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT))


def _names(shown: pd.DataFrame, x: alt.X, y: alt.Y, highest: float) -> Any:
    """Write the name of each group at the end of its line; `highest` is the top of the axis."""
    einden = shown.sort_values("x").groupby("groep", as_index=False).last()
    einden = einden.assign(waarde=apart(einden["waarde"].tolist(), _FONT_HEIGHT * highest))
    return alt.Chart(einden).mark_text(align="left", dx=8).encode(x=x, y=y, text="groep:N")


def _at_risk(points: pd.DataFrame, groepen: list[str], x: alt.X, least: int) -> list[Any]:
    """Write the numbers at risk under the axis, a row for each group; those under `least` as such."""
    dagen = sorted(points["x"].unique().tolist())
    choose = dagen[:: max(1, -(-len(dagen) // _MAX_COLUMNS))]
    heading = alt.Chart(pd.DataFrame({"i": [0]})).mark_text(align="left", color=GREY, fontStyle="italic")
    layers: list[Any] = [
        heading.encode(
            x=alt.value(0), y=alt.value(HEIGHT + _UNDER - _LINE), text=alt.value("Nog onder waarneming")
        )
    ]
    for spot, groep in enumerate(groepen):
        height = alt.value(HEIGHT + _UNDER + _LINE * spot)
        part = points[points["groep"].eq(groep) & points["x"].isin(choose)]
        texts = [
            NONE if gone or n != n else f"< {least}" if n < least else number(n, Vorm.TELLING)
            for n, gone in zip(part["n"], part["onderdrukt"], strict=True)
        ]
        digits = alt.Chart(part.assign(tekst=texts)[["x", "tekst"]]).mark_text()
        layers.append(digits.encode(x=x, y=height, text="tekst:N"))
        naam = alt.Chart(pd.DataFrame({"naam": [groep]})).mark_text(align="right")
        layers.append(naam.encode(x=alt.value(-28), y=height, text="naam:N"))
    return layers
