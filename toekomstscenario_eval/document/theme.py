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
KLEUREN = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
STREPEN = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4], [1, 3])
VORMEN = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
INKT, GRIJS, VAAL, VLAK = "#222222", "#595959", "#E3E3E3", "#EAF2F8"
BREEDTE, HOOGTE, RIJ = 560, 260, 24
GEWOON, KLEIN = 11, 11
DOORZICHT = 0.18
_KLEIN_AANDEEL = 0.06  # whole percentages would repeat along the axis
# Checking a specification against its schema takes longer than drawing it; the tests do.
VALIDEER = False
LETTER = "DejaVu Sans, Verdana, sans-serif"
_KOMMA = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " €"]}


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
        "locale": {"number": _KOMMA},
        "text": {"fontSize": KLEIN, "color": INKT},
        "axis": {
            "labelFontSize": GEWOON,
            "titleFontSize": GEWOON,
            "titleFontWeight": "normal",
            "labelColor": INKT,
            "titleColor": INKT,
            "gridColor": VAAL,
            "domainColor": GRIJS,
            "tickColor": GRIJS,
            "labelLimit": 320,
            "titlePadding": 8,
        },
    }


def to_svg(grafiek: alt.TopLevelMixin) -> str:
    """Return a chart as SVG, rendered without browser or network."""
    import vl_convert

    _register_font()
    spec = grafiek.to_dict(validate=VALIDEER)
    spec["config"] = _config()
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def axis(maat: Maat, grootste: float) -> tuple[str, str]:
    """Return number format and title of the axis of an estimand."""
    gewoon, klein = FORMS[maat.vorm].as_
    # A label that says the unit needs none behind it.
    dubbel = maat.eenheid.lower() in maat.label.lower() or not unit(maat)
    titel = maat.label if dubbel else f"{maat.label} ({maat.eenheid})"
    return klein if grootste < _KLEIN_AANDEEL else gewoon, titel


def apart(hoogten: Sequence[float], tussen: float) -> list[float]:
    """Return the heights moved as little as needed to lie at least `tussen` apart, in the same order."""
    volgorde = sorted(range(len(hoogten)), key=lambda i: (hoogten[i], i))
    plaats = [hoogten[i] for i in volgorde]
    for _ in range(len(plaats)):
        for i in range(1, len(plaats)):
            tekort = tussen - (plaats[i] - plaats[i - 1])
            if tekort > 0:
                plaats[i - 1] -= tekort / 2
                plaats[i] += tekort / 2
    uit = [0.0] * len(plaats)
    for i, hoogte in zip(volgorde, plaats, strict=True):
        uit[i] = hoogte
    return uit
