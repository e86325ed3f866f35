"""Result numbers to SVG with Altair: dots, bars and boxes; uncertainty is always drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from toekomstscenario_eval.document.format import FORMS
from toekomstscenario_eval.document.theme import COLORS, FADED, GREY, INK, ROW, WIDTH, axis, to_svg
from toekomstscenario_eval.types import Maat

_MAX_LEGENDS = 14  # more numbers above bars would run into each other
_LETTER = 7.0  # how wide a letter of a label is at most
_APART = 5  # between the observed and the shrunken figure of one row


def dots(
    frame: pd.DataFrame,
    maat: Maat,
    line: float,
    *,
    line_naam: str = "geheel",
    tie: tuple[float, float] | None = None,
    zero: bool | None = None,
) -> str:
    """Return dots with intervals, one row per name in the order of the frame.

    Parameters
    ----------
    frame : DataFrame
        `naam, schatting, ondergrens, bovengrens, onderdrukt`; with `gekrompen, krimp_onder,
        krimp_boven` shrunken estimates are drawn below, as open diamonds with a thin interval.
    line : float
        Value of the whole, drawn as a dashed line (NaN: none), with its name above it.
    tie : tuple of float, optional
        Prediction interval for a new row, shaded.
    zero : bool, optional
        Whether the axis holds zero; by default only that of a share.
    """
    columns = [k for k in ("schatting", "bovengrens", "krimp_boven") if k in frame]
    vorm, title = axis(maat, float(frame[columns].max().max()))
    namen = frame["naam"].tolist()
    shrink = "gekrompen" in frame
    y = alt.Y("naam:N", sort=namen, title=None, scale=alt.Scale(domain=namen))
    schaal = alt.Scale(zero=FORMS[maat.vorm].deel if zero is None else zero, nice=True)
    as_ = alt.Axis(format=vorm, tickCount=6)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", title=title, axis=as_, scale=schaal)

    layers: list[Any] = [*_tie(tie, x)]
    base = alt.Chart(frame[frame["schatting"].notna()])
    higher = -_APART if shrink else 0
    layers += [
        base.mark_rule(color=COLORS[0], strokeWidth=2, yOffset=higher).encode(
            x=x("ondergrens"), x2="bovengrens:Q", y=y
        ),
        base.mark_point(color=COLORS[0], filled=True, size=70, opacity=1, yOffset=higher).encode(
            x=x("schatting"), y=y
        ),
    ]
    if shrink:
        diamond = alt.Chart(frame[frame["gekrompen"].notna()])
        thin = diamond.mark_rule(color=COLORS[1], strokeWidth=1, yOffset=_APART)
        open_ = diamond.mark_point(
            shape="diamond", fill="white", filled=False, size=70, color=COLORS[1], strokeWidth=1.6,
            opacity=1, yOffset=_APART,
        )  # fmt: skip
        layers.append(thin.encode(x=x("krimp_onder"), x2="krimp_boven:Q", y=y))
        layers.append(open_.encode(x=x("gekrompen"), y=y))
    gone = frame[frame["onderdrukt"]]
    if not gone.empty:
        text = alt.Chart(gone).mark_text(align="left", color=GREY, fontStyle="italic")
        layers.append(text.encode(y=y, x=alt.value(6), text=alt.value("niet getoond")))
    layers += _line(line, line_naam, x)
    if shrink:
        layers += _key()
    height = max(60, (ROW + (6 if shrink else 0)) * len(namen))
    return to_svg(alt.layer(*layers).properties(width=WIDTH, height=height))


def _tie(tie: tuple[float, float] | None, x: Any) -> list[Any]:
    if tie is None or not all(map(math.isfinite, tie)):
        return []
    area = alt.Chart(pd.DataFrame({"laag": [tie[0]], "hoog": [tie[1]]}))
    return [area.mark_rect(color=FADED, opacity=0.6).encode(x=x("laag"), x2="hoog:Q")]


def _line(line: float, naam: str, x: Any) -> list[Any]:
    if math.isnan(line):
        return []
    dash = alt.Chart(pd.DataFrame({"lijn": [line]}))
    return [
        dash.mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=x("lijn")),
        dash.mark_text(align="left", dx=4, dy=-6, color=GREY).encode(
            x=x("lijn"), y=alt.value(0), text=alt.value(naam)
        ),
    ]


def _key() -> list[Any]:
    """Say above the rows what the two marks are."""
    spot = pd.DataFrame({"i": [0]})
    out: list[Any] = []
    for left, vorm, color, text in (
        (6, "circle", COLORS[0], "zoals waargenomen, met 95%-interval"),
        (266, "diamond", COLORS[1], "naar het midden getrokken, met 95%-interval"),
    ):
        char = alt.Chart(spot).mark_point(
            shape=vorm, filled=vorm == "circle", color=color, size=70, strokeWidth=1.6, opacity=1
        )
        out.append(char.encode(x=alt.value(left), y=alt.value(-28)))
        naam = alt.Chart(spot).mark_text(align="left")
        out.append(naam.encode(x=alt.value(left + 10), y=alt.value(-28), text=alt.value(text)))
    return out


def told(labels: Sequence[str]) -> list[str]:
    """Return the labels that fit under bars beside each other; the last always, as it may hold all beyond."""
    if not labels:
        return []
    band, last = WIDTH / len(labels), len(labels) - 1
    wide = [_LETTER * len(label) + _LETTER for label in labels]
    step = max(1, math.ceil(max(wide[:-1], default=0.0) / band))
    fits = [i for i in range(0, last, step) if (last - i) * band >= (wide[i] + wide[last]) / 2]
    return [labels[i] for i in (*fits, last)]


def bars(points: pd.DataFrame, as_title: str, *, landscape: bool) -> str:
    """Return bars of the share of households per class, each with its percentage.

    Parameters
    ----------
    points : DataFrame
        `label, waarde, ondergrens, bovengrens`, in the order of drawing; an interval takes the place
        of the percentage above the bar.
    """
    order = points["label"].tolist()
    waarde_as = alt.Axis(format=".0%", tickCount=5)
    class_ = {"sort": order, "title": None if landscape else as_title}
    title = "Aandeel van de huishoudens"
    base = alt.Chart(points)
    if landscape:
        x, y = alt.X("waarde:Q", title=title, axis=waarde_as), alt.Y("label:N", **class_)
        text = base.mark_text(align="left", dx=3)
        height = max(60, 22 * len(points))
    else:
        as_x = alt.Axis(labelAngle=0, values=told(order), labelOverlap=False)
        x, y = alt.X("label:N", axis=as_x, **class_), alt.Y("waarde:Q", title=title, axis=waarde_as)
        text = base.mark_text(dy=-6)
        height = 220
    layers = [base.mark_bar(color=COLORS[0], opacity=0.85).encode(x=x, y=y)]
    if points["ondergrens"].notna().any():
        limit = {"y": alt.Y("ondergrens:Q", title=title), "y2": "bovengrens:Q", "x": x}
        if landscape:
            limit = {"x": alt.X("ondergrens:Q", title=title), "x2": "bovengrens:Q", "y": y}
        layers.append(alt.Chart(points[points["ondergrens"].notna()]).mark_rule(color=INK).encode(**limit))
    elif landscape or len(points) <= _MAX_LEGENDS:
        layers.append(text.encode(x=x, y=y, text=alt.Text("waarde:Q", format=".1%")))
    width = WIDTH - 180 if landscape else WIDTH
    return to_svg(alt.layer(*layers).properties(width=width, height=height))
