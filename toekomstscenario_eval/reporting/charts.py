"""Released numbers to SVG with Altair: colour-blind safe, readable in grey, uncertainty drawn."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from toekomstscenario_eval.types import Maat, Vorm

# Okabe and Ito's palette, darkest first so that it also reads in grey.
KLEUREN = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_BREEDTE, _GRIJS = 560, "#595959"
_KLEIN_AANDEEL = 0.06  # whole percentages would repeat along the axis
_MEESTE_OPSCHRIFTEN = 14  # more numbers above bars would run into each other
_LETTER = "DejaVu Sans, Verdana, sans-serif"
_KOMMA = {
    "decimal": ",",
    "thousands": ".",
    "grouping": [3],
    "currency": ["", " €"],
}


@cache
def _register_font() -> None:
    """Let the renderer measure text with the font that also goes into the PDF."""
    import matplotlib as mpl
    import vl_convert

    vl_convert.register_font_directory(str(Path(mpl.get_data_path()) / "fonts" / "ttf"))


def _config() -> dict[str, Any]:
    return {
        "font": _LETTER,
        "background": "white",
        "view": {"stroke": None},
        "locale": {"number": _KOMMA},
        "axis": {
            "labelFontSize": 11,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "labelColor": "#222222",
            "titleColor": "#222222",
            "gridColor": "#E3E3E3",
            "domainColor": _GRIJS,
            "tickColor": _GRIJS,
            "labelLimit": 320,
            "titlePadding": 8,
        },
    }


def to_svg(grafiek: alt.TopLevelMixin) -> str:
    """Return a chart as SVG, rendered without browser or network."""
    import vl_convert

    _register_font()
    spec = grafiek.to_dict()
    spec["config"] = _config()
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def _axis(maat: Maat, grootste: float) -> tuple[str, str]:
    if maat.vorm is Vorm.AANDEEL:
        return ".1%" if grootste < _KLEIN_AANDEEL else ".0%", f"{maat.label} ({maat.eenheid})"
    return ",.4~g", f"{maat.label} ({maat.eenheid})"


def dots(frame: pd.DataFrame, maat: Maat, lijn: float) -> str:
    """Return dots with intervals, one row per name in the order of the frame.

    Parameters
    ----------
    frame : DataFrame
        `naam, schatting, ondergrens, bovengrens, onderdrukt`; with a column `gekrompen` shrunken
        estimates are drawn as open diamonds.
    lijn : float
        Value of the whole, drawn as a dashed line (NaN: none).
    """
    vorm, titel = _axis(maat, float(frame[["schatting", "bovengrens"]].max().max()))
    namen = frame["naam"].tolist()
    getoond = frame[frame["schatting"].notna()]
    y = alt.Y("naam:N", sort=namen, title=None, scale=alt.Scale(domain=namen))
    nul = alt.Scale(zero=maat.vorm is Vorm.AANDEEL, nice=True)
    x = alt.X("schatting:Q", title=titel, axis=alt.Axis(format=vorm, tickCount=6), scale=nul)
    basis = alt.Chart(getoond)
    lagen: list[Any] = [
        basis.mark_rule(color=KLEUREN[0], strokeWidth=2).encode(
            x=alt.X("ondergrens:Q", title=titel), x2="bovengrens:Q", y=y
        ),
        basis.mark_point(color=KLEUREN[0], filled=True, size=70, opacity=1).encode(x=x, y=y),
    ]
    if "gekrompen" in frame:
        ruit = alt.Chart(frame[frame["gekrompen"].notna()])
        vorm_ruit = ruit.mark_point(shape="diamond", filled=False, size=90, color=KLEUREN[1], strokeWidth=1.6)
        lagen.append(vorm_ruit.encode(x=alt.X("gekrompen:Q", title=titel), y=y))
    weg = frame[frame["onderdrukt"]]
    if not weg.empty:
        tekst = alt.Chart(weg).mark_text(align="left", color=_GRIJS, fontStyle="italic", fontSize=10)
        lagen.append(tekst.encode(y=y, x=alt.value(6), text=alt.value("onderdrukt")))
    if not math.isnan(lijn):
        streep = alt.Chart(pd.DataFrame({"geheel": [lijn]}))
        lagen.append(streep.mark_rule(color=_GRIJS, strokeDash=[4, 3]).encode(x="geheel:Q"))
        naam = streep.mark_text(align="left", dx=4, dy=-6, color=_GRIJS, fontSize=10)
        lagen.append(naam.encode(x="geheel:Q", y=alt.value(0), text=alt.value("geheel")))
    return to_svg(alt.layer(*lagen).properties(width=_BREEDTE, height=max(60, 24 * len(namen))))


def curve(punten: pd.DataFrame) -> str:
    """Return curves with a shaded interval; lines join the published days, marked by dots.

    Parameters
    ----------
    punten : DataFrame
        `groep, x, waarde, ondergrens, bovengrens`, hidden points left out.
    """
    groepen = sorted(punten["groep"].unique().tolist())
    sleutel = alt.Legend(title=None, orient="top", labelFontSize=11, symbolSize=120) if groepen[1:] else None
    schaal = alt.Scale(domain=groepen, range=list(KLEUREN))
    kleur = alt.Color("groep:N", scale=schaal, legend=sleutel)
    vormen = alt.Shape("groep:N", scale=alt.Scale(domain=groepen), legend=sleutel)
    x = alt.X(
        "x:Q", title="Dagen sinds het begin", axis=alt.Axis(values=list(range(0, 3660, 30)), format=",.0f")
    )
    titel = "Deel dat nog loopt"
    y = alt.Y(
        "waarde:Q", title=titel, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5)
    )
    basis = alt.Chart(punten)
    band = basis.mark_area(opacity=0.18)
    lijn = basis.mark_line(strokeWidth=2)
    stip = basis.mark_point(filled=True, size=45, opacity=1)
    return to_svg(
        alt.layer(
            band.encode(x=x, y=alt.Y("ondergrens:Q", title=titel), y2="bovengrens:Q", color=kleur),
            lijn.encode(x=x, y=y, color=kleur),
            stip.encode(x=x, y=y, color=kleur, shape=vormen),
        ).properties(width=_BREEDTE, height=260)
    )


def bars(punten: pd.DataFrame, as_titel: str, *, liggend: bool) -> str:
    """Return bars of the share of households per class, each with its percentage.

    Parameters
    ----------
    punten : DataFrame
        `label, waarde`, in the order of drawing.
    """
    volgorde = punten["label"].tolist()
    waarde_as = alt.Axis(format=".0%", tickCount=5)
    klasse = {"sort": volgorde, "title": None if liggend else as_titel}
    titel = "Aandeel van de huishoudens"
    basis = alt.Chart(punten)
    if liggend:
        x, y = alt.X("waarde:Q", title=titel, axis=waarde_as), alt.Y("label:N", **klasse)
        tekst = basis.mark_text(align="left", dx=3, fontSize=10)
        hoogte = max(60, 22 * len(punten))
    else:
        as_x = alt.Axis(labelAngle=0, labelOverlap=True)
        x, y = alt.X("label:N", axis=as_x, **klasse), alt.Y("waarde:Q", title=titel, axis=waarde_as)
        tekst = basis.mark_text(dy=-6, fontSize=10)
        hoogte = 220
    lagen = [basis.mark_bar(color=KLEUREN[0], opacity=0.85).encode(x=x, y=y)]
    if liggend or len(punten) <= _MEESTE_OPSCHRIFTEN:
        lagen.append(tekst.encode(x=x, y=y, text=alt.Text("waarde:Q", format=".1%")))
    breedte = _BREEDTE - 180 if liggend else _BREEDTE
    return to_svg(alt.layer(*lagen).properties(width=breedte, height=hoogte))
