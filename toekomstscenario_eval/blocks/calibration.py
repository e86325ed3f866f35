"""How often a design was right in invented worlds of which the truth is known: a table and a figure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt
import pandas as pd

from toekomstscenario_eval.designs._calibration import Calibrated
from toekomstscenario_eval.designs._worlds import Setting
from toekomstscenario_eval.document.document import Block, Cel, Document, Figuur, Kop, Tabel
from toekomstscenario_eval.document.format import EMPTY, FORMS, number
from toekomstscenario_eval.document.render_html import render_html
from toekomstscenario_eval.document.theme import COLORS, DASHES, GREY, VORMEN, WIDTH, to_svg
from toekomstscenario_eval.types import Vorm

Z = 1.959963984540054
HEADING = (
    "Echte verandering",
    "Vertekening",
    "Interval bevat de waarheid",
    "Vindt een verandering",
    "Breedte van het interval",
    "Zonder schatting",
)
HOLDS, FINDS = "interval bevat de waarheid", "vindt een verandering"
_HEIGHT = 220
_ABOUT = (
    "Achter elk deel staat hoe ver het door het aantal werelden kan afwijken (95%). Een goed interval bevat "
    "de waarheid in 95% van de werelden; een goede toets vindt zonder verandering in hooguit 5% er een.",
)
_FOUND = {
    True: "Gevonden: de p-waarde van het ontwerp is hooguit 0,05.",
    False: "Gevonden: nul ligt buiten het interval, want dit ontwerp heeft hier geen toets.",
}


def calibration_table(label: str, rows: Sequence[Calibrated], vorm: Vorm, notes: Sequence[str] = ()) -> Tabel:
    """Return what a design did at each effect, with the error of a finite number of worlds.

    Parameters
    ----------
    label : what the design is called
    vorm : how a change reads
    notes : what the worlds are like
    """
    lines = tuple(
        (
            Cel(number(row.effect, vorm), rechts=True),
            *(
                Cel(text, rechts=True)
                for text in (
                    give_or_take(row.bias, row.bias_error, vorm),
                    give_or_take(row.coverage, row.coverage_error, Vorm.AANDEEL),
                    give_or_take(row.found, row.found_error, Vorm.AANDEEL),
                    number(row.width, vorm),
                    number(1 - row.estimated / row.worlds, Vorm.AANDEEL),
                )
            ),
        )
        for row in rows
    )
    known = [row for row in rows if row.estimated]
    said = [*_ABOUT, *notes, *dict.fromkeys(_FOUND[row.tested] for row in known)]
    said += dict.fromkeys(f"Zonder schatting meestal omdat: {row.reason}." for row in rows if row.reason)
    if any(row.unbounded for row in rows):
        most = max(row.unbounded / row.estimated for row in known)
        said.append(f"In hooguit {number(most, Vorm.AANDEEL)} van de werelden had het interval geen grens.")
    worlds = number(rows[0].worlds, Vorm.TELLING)
    return Tabel(f"{label}: ijking in {worlds} werelden", HEADING, lines, tuple(said))


def described(setting: Setting, vorm: Vorm) -> str:
    """Return in one sentence what the worlds are like; `vorm` is how a change reads."""
    said = [
        f"{sum(setting.waves)} proeftuinen in golven van {'/'.join(map(str, setting.waves))}, naast "
        f"{setting.comparison} vergelijkingsregio's",
        f"instroom in {setting.periods} perioden (per {setting.periode})",
        f"{number(setting.households, Vorm.TELLING)} huishoudens",
        f"regio's {'ongelijk' if setting.unequal > 1 else 'gelijk'} van omvang",
        f"{'met' if setting.noise else 'zonder'} ruis in de tellingen",
    ]
    if setting.trend:
        said.append(f"in alle regio's elk jaar een verandering van {number(setting.trend, vorm)}")
    if setting.drift:
        said.append(f"in proeftuinen vanaf de start {number(setting.drift, Vorm.AANDEEL)} meer geregistreerd")
    if setting.spread:
        said.append(
            f"de verandering verschilt tussen proeftuinen (standaarddeviatie {number(setting.spread, vorm)})"
        )
    return f"Werelden: {'; '.join(said)}."


def calibration_page(table: Tabel, figure: Figuur | None) -> str:
    """Return one page with the table and the figure."""
    blocks: list[Block] = [Kop(1, table.bijschrift), table]
    if figure is not None:
        blocks += [Kop(1, figure.bijschrift), figure]
    return render_html(Document(table.bijschrift, "", (), "", False, (), tuple(blocks)))


def give_or_take(value: float, error: float, vorm: Vorm) -> str:
    """Return a number with how far it may be off by the number of worlds."""
    if math.isnan(value):
        return EMPTY
    first, second = number(value, vorm), number(Z * error, vorm)
    unit = second.partition(" ")[1:]
    return f"{first.removesuffix(''.join(unit))} \u00b1 {second}"


def calibration_figure(label: str, rows: Sequence[Calibrated], vorm: Vorm) -> Figuur | None:
    """Return how often the interval holds the truth and a change is found; None without any estimate."""
    points = pd.DataFrame(
        [
            {"naam": naam, "x": row.effect, "waarde": value, "fout": error}
            for row in rows
            for naam, value, error in (
                (HOLDS, row.coverage, row.coverage_error),
                (FINDS, row.found, row.found_error),
            )
            if row.estimated
        ]
    )
    if points.empty:
        return None
    caption = f"{label}: hoe vaak het interval de waarheid bevat en een verandering wordt gevonden"
    return Figuur(
        caption,
        curves_alt(caption, points, vorm),
        drawing(points, vorm),
        calibration_table(label, rows, vorm),
    )


def drawing(points: pd.DataFrame, vorm: Vorm) -> str:
    """Return parts of worlds by the size of the real change, a line for each name, as SVG.

    Parameters
    ----------
    points : DataFrame
        `naam, x, waarde, fout`, in the order of drawing.
    """
    names = list(dict.fromkeys(points["naam"]))
    ends = points.assign(
        onder=(points["waarde"] - Z * points["fout"]).clip(0, 1),
        boven=(points["waarde"] + Z * points["fout"]).clip(0, 1),
    )

    def by_name(channel: type, values: Sequence[object]) -> object:
        scale = alt.Scale(domain=names, range=[values[i % len(values)] for i in range(len(names))])
        return channel(
            "naam:N", scale=scale, legend=alt.Legend(orient="top", title=None, labelLimit=WIDTH, columns=1)
        )

    scaled, unit, form = (
        (100, " (procentpunt)", ".1f") if FORMS[vorm].as_[0].endswith("%") else (1, "", ",.4~g")
    )
    ends = ends.assign(x=ends["x"] * scaled)
    x_axis = alt.Axis(format=form, values=sorted({*ends["x"]}))
    x = alt.X("x:Q", title=f"Echte verandering{unit}", axis=x_axis)
    parts = alt.Axis(format=".0%", values=[0, 0.05, 0.25, 0.5, 0.75, 0.95], labelOverlap=False)
    y = alt.Y("waarde:Q", title="Deel van de werelden", axis=parts, scale=alt.Scale(domain=[0, 1]))
    color, base = by_name(alt.Color, COLORS), alt.Chart(ends)
    lines = alt.Chart(pd.DataFrame({"waarde": [0.05, 0.95]})).mark_rule(color=GREY, strokeDash=[4, 3])
    layers = [
        lines.encode(y=y),
        base.mark_line(strokeWidth=2).encode(
            x=x, y=y, color=color, strokeDash=by_name(alt.StrokeDash, DASHES)
        ),
        base.mark_rule(strokeWidth=1.5).encode(x=x, y=alt.Y("onder:Q"), y2="boven:Q", color=color),
        base.mark_point(filled=True, size=55, opacity=1).encode(
            x=x, y=y, color=color, shape=by_name(alt.Shape, VORMEN)
        ),
    ]
    return to_svg(alt.layer(*layers).properties(width=WIDTH, height=_HEIGHT))


def curves_alt(caption: str, points: pd.DataFrame, vorm: Vorm) -> str:
    """Describe each line by its first and last point."""
    said = [f"{caption}."]
    for naam, line in points.groupby("naam", sort=False):
        ends = line.iloc[[0, -1]] if len(line) > 1 else line
        at = (
            f"{number(row['waarde'], Vorm.AANDEEL)} bij {number(row['x'], vorm)}"
            for _, row in ends.iterrows()
        )
        said.append(f"{naam}: {' en '.join(at)}.")
    return " ".join(said)
