"""The visual language of all figures: colours, sizes, letter, Dutch numbers, and how they become SVG.

Colours are told apart by the colour-blind, and never carry a meaning alone: shape, dash or a label
beside the mark says the same, so that a print in grey reads as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt

from toekomstscenario_eval.document.format import FORMS, unit
from toekomstscenario_eval.types import Maat

# Okabe and Ito's palette, darkest first so that it also reads in grey.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4], [1, 3])
VORMEN = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
INK, GREY, FADED, AREA = "#222222", "#595959", "#E3E3E3", "#EAF2F8"
WIDTH, HEIGHT, ROW = 560, 260, 24
PLAIN, SMALL = 11, 11
OPACITY = 0.18
_SMALL_AANDEEL = 0.06  # whole percentages would repeat along the axis
# Checking a specification against its schema takes longer than drawing it; the tests do.
VALIDATE = False
LETTER = "DejaVu Sans, Verdana, sans-serif"
_COMMA = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " €"]}


@cache
def _register_font() -> None:
    """Let the renderer measure text with the font that also goes into the PDF."""
    import matplotlib as mpl
    import vl_convert

    vl_convert.register_font_directory(str(Path(mpl.get_data_path()) / "fonts" / "ttf"))


def _config() -> dict[str, Any]:
    return {
        "font": LETTER,
        "background": "white",
        "view": {"stroke": None},
        "locale": {"number": _COMMA},
        "text": {"fontSize": SMALL, "color": INK},
        "axis": {
            "labelFontSize": PLAIN,
            "titleFontSize": PLAIN,
            "titleFontWeight": "normal",
            "labelColor": INK,
            "titleColor": INK,
            "gridColor": FADED,
            "domainColor": GREY,
            "tickColor": GREY,
            "labelLimit": 320,
            "titlePadding": 8,
        },
    }


def to_svg(chart: alt.TopLevelMixin) -> str:
    """Return a chart as SVG, rendered without browser or network."""
    import vl_convert

    _register_font()
    spec = chart.to_dict(validate=VALIDATE)
    spec["config"] = _config()
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def axis(maat: Maat, largest: float) -> tuple[str, str]:
    """Return number format and title of the axis of an estimand."""
    plain, small = FORMS[maat.vorm].as_
    # A label that says the unit needs none behind it.
    duplicate = maat.eenheid.lower() in maat.label.lower() or not unit(maat)
    title = maat.label if duplicate else f"{maat.label} ({maat.eenheid})"
    return small if largest < _SMALL_AANDEEL else plain, title


def apart(heights: Sequence[float], between: float) -> list[float]:
    """Return the heights moved as little as needed to lie at least `between` apart, in the same order."""
    order = sorted(range(len(heights)), key=lambda i: (heights[i], i))
    place = [heights[i] for i in order]
    for _ in range(len(place)):
        for i in range(1, len(place)):
            shortfall = between - (place[i] - place[i - 1])
            if shortfall > 0:
                place[i - 1] -= shortfall / 2
                place[i] += shortfall / 2
    out = [0.0] * len(place)
    for i, height in zip(order, place, strict=True):
        out[i] = height
    return out
