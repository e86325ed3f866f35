"""Regions over time as lines: a line a wave, the comparison regions beside them, and where each wave
began."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from toekomstscenario_eval.document.format import FORMS
from toekomstscenario_eval.document.theme import COLORS, DASHES, GREY, HEIGHT, VORMEN, WIDTH, axis, to_svg
from toekomstscenario_eval.types import Maat


def lines(frame: pd.DataFrame, maat: Maat, names: Sequence[str]) -> str:
    """Return the lines as SVG.

    Parameters
    ----------
    frame : DataFrame
        `naam, periode, schatting, ondergrens, bovengrens, na` (whether the period lies after the start).
    names : sequence of str
        The lines in order.
    """
    shape, title = axis(maat, float(frame["bovengrens"].max()))
    scale = alt.Scale(zero=FORMS[maat.vorm].deel, nice=True)
    periods = sorted(frame["periode"].unique())
    x = alt.X("periode:N", sort=periods, title="Periode van instroom", axis=alt.Axis(labelAngle=0))
    y = alt.Y("schatting:Q", title=title, axis=alt.Axis(format=shape, tickCount=6), scale=scale)
    domain = list(names)
    legend = alt.Legend(title=None, orient="top", columns=2, labelLimit=260, symbolStrokeWidth=2)

    def scaled(marks: Sequence[object], turn: int = 0) -> alt.Scale:
        """Give each line a mark; in a second round of colours dash and shape are other ones."""
        chosen = [marks[(i + turn * (i // len(marks))) % len(marks)] for i in range(len(domain))]
        return alt.Scale(domain=domain, range=chosen)

    color = alt.Color("naam:N", scale=scaled(COLORS), legend=legend)
    dash = alt.StrokeDash("naam:N", scale=scaled(DASHES, 1), legend=legend)
    form = alt.Shape("naam:N", scale=scaled(VORMEN, 1), legend=legend)
    base = alt.Chart(frame)
    late = frame[frame["na"]]
    layers = [
        base.mark_rule(opacity=0.45, strokeWidth=1).encode(
            x=x, y=alt.Y("ondergrens:Q", scale=scale), y2="bovengrens:Q", color=color
        ),
        base.mark_line(strokeWidth=2).encode(x=x, y=y, color=color, strokeDash=dash),
        base.mark_point(size=45, fill="white", filled=False).encode(x=x, y=y, color=color, shape=form),
        alt.Chart(late).mark_point(size=45, filled=True, opacity=1).encode(x=x, y=y, color=color, shape=form),
    ]
    note = alt.Chart(pd.DataFrame({"i": [0]})).mark_text(align="right", color=GREY)
    words = alt.value("gevuld: na de start")
    layers.append(note.encode(x=alt.value(WIDTH - 6), y=alt.value(HEIGHT - 8), text=words))
    return to_svg(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT))
