"""Released numbers to SVG with Altair: dots, bars and boxes; uncertainty is always drawn."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from toekomstscenario_eval.document.format import FORMS
from toekomstscenario_eval.document.theme import BREEDTE, GRIJS, INKT, KLEUREN, RIJ, VAAL, axis, to_svg
from toekomstscenario_eval.types import Maat

_MEESTE_OPSCHRIFTEN = 14  # more numbers above bars would run into each other
_UIT_ELKAAR = 5  # between the observed and the shrunken figure of one row


def dots(
    frame: pd.DataFrame,
    maat: Maat,
    lijn: float,
    *,
    lijn_naam: str = "geheel",
    band: tuple[float, float] | None = None,
    nul: bool | None = None,
) -> str:
    """Return dots with intervals, one row per name in the order of the frame.

    Parameters
    ----------
    frame : DataFrame
        `naam, schatting, ondergrens, bovengrens, onderdrukt`; with `gekrompen, krimp_onder,
        krimp_boven` shrunken estimates are drawn below, as open diamonds with a thin interval.
    lijn : float
        Value of the whole, drawn as a dashed line (NaN: none), with its name above it.
    band : tuple of float, optional
        Prediction interval for a new row, shaded.
    nul : bool, optional
        Whether the axis holds zero; by default only that of a share.
    """
    kolommen = [k for k in ("schatting", "bovengrens", "krimp_boven") if k in frame]
    vorm, titel = axis(maat, float(frame[kolommen].max().max()))
    namen = frame["naam"].tolist()
    krimp = "gekrompen" in frame
    y = alt.Y("naam:N", sort=namen, title=None, scale=alt.Scale(domain=namen))
    schaal = alt.Scale(zero=FORMS[maat.vorm].deel if nul is None else nul, nice=True)
    as_ = alt.Axis(format=vorm, tickCount=6)

    def x(veld: str) -> alt.X:
        return alt.X(f"{veld}:Q", title=titel, axis=as_, scale=schaal)

    lagen: list[Any] = [*_band(band, x)]
    basis = alt.Chart(frame[frame["schatting"].notna()])
    hoger = -_UIT_ELKAAR if krimp else 0
    lagen += [
        basis.mark_rule(color=KLEUREN[0], strokeWidth=2, yOffset=hoger).encode(
            x=x("ondergrens"), x2="bovengrens:Q", y=y
        ),
        basis.mark_point(color=KLEUREN[0], filled=True, size=70, opacity=1, yOffset=hoger).encode(
            x=x("schatting"), y=y
        ),
    ]
    if krimp:
        ruit = alt.Chart(frame[frame["gekrompen"].notna()])
        dun = ruit.mark_rule(color=KLEUREN[1], strokeWidth=1, yOffset=_UIT_ELKAAR)
        open_ = ruit.mark_point(
            shape="diamond", fill="white", filled=False, size=70, color=KLEUREN[1], strokeWidth=1.6,
            opacity=1, yOffset=_UIT_ELKAAR,
        )  # fmt: skip
        lagen.append(dun.encode(x=x("krimp_onder"), x2="krimp_boven:Q", y=y))
        lagen.append(open_.encode(x=x("gekrompen"), y=y))
    weg = frame[frame["onderdrukt"]]
    if not weg.empty:
        tekst = alt.Chart(weg).mark_text(align="left", color=GRIJS, fontStyle="italic")
        lagen.append(tekst.encode(y=y, x=alt.value(6), text=alt.value("onderdrukt")))
    lagen += _line(lijn, lijn_naam, x)
    if krimp:
        lagen += _key()
    hoogte = max(60, (RIJ + (6 if krimp else 0)) * len(namen))
    return to_svg(alt.layer(*lagen).properties(width=BREEDTE, height=hoogte))


def _band(band: tuple[float, float] | None, x: Any) -> list[Any]:
    if band is None or not all(map(math.isfinite, band)):
        return []
    vlak = alt.Chart(pd.DataFrame({"laag": [band[0]], "hoog": [band[1]]}))
    return [vlak.mark_rect(color=VAAL, opacity=0.6).encode(x=x("laag"), x2="hoog:Q")]


def _line(lijn: float, naam: str, x: Any) -> list[Any]:
    if math.isnan(lijn):
        return []
    streep = alt.Chart(pd.DataFrame({"lijn": [lijn]}))
    return [
        streep.mark_rule(color=GRIJS, strokeDash=[4, 3]).encode(x=x("lijn")),
        streep.mark_text(align="left", dx=4, dy=-6, color=GRIJS).encode(
            x=x("lijn"), y=alt.value(0), text=alt.value(naam)
        ),
    ]


def _key() -> list[Any]:
    """Say above the rows what the two marks are."""
    plek = pd.DataFrame({"i": [0]})
    uit: list[Any] = []
    for links, vorm, kleur, tekst in (
        (6, "circle", KLEUREN[0], "zoals waargenomen, met 95%-interval"),
        (266, "diamond", KLEUREN[1], "naar het midden getrokken, met 95%-interval"),
    ):
        teken = alt.Chart(plek).mark_point(
            shape=vorm, filled=vorm == "circle", color=kleur, size=70, strokeWidth=1.6, opacity=1
        )
        uit.append(teken.encode(x=alt.value(links), y=alt.value(-28)))
        naam = alt.Chart(plek).mark_text(align="left")
        uit.append(naam.encode(x=alt.value(links + 10), y=alt.value(-28), text=alt.value(tekst)))
    return uit


def bars(punten: pd.DataFrame, as_titel: str, *, liggend: bool) -> str:
    """Return bars of the share of households per class, each with its percentage.

    Parameters
    ----------
    punten : DataFrame
        `label, waarde, ondergrens, bovengrens`, in the order of drawing; an interval takes the place
        of the percentage above the bar.
    """
    volgorde = punten["label"].tolist()
    waarde_as = alt.Axis(format=".0%", tickCount=5)
    klasse = {"sort": volgorde, "title": None if liggend else as_titel}
    titel = "Aandeel van de huishoudens"
    basis = alt.Chart(punten)
    if liggend:
        x, y = alt.X("waarde:Q", title=titel, axis=waarde_as), alt.Y("label:N", **klasse)
        tekst = basis.mark_text(align="left", dx=3)
        hoogte = max(60, 22 * len(punten))
    else:
        as_x = alt.Axis(labelAngle=0, labelOverlap=True)
        x, y = alt.X("label:N", axis=as_x, **klasse), alt.Y("waarde:Q", title=titel, axis=waarde_as)
        tekst = basis.mark_text(dy=-6)
        hoogte = 220
    lagen = [basis.mark_bar(color=KLEUREN[0], opacity=0.85).encode(x=x, y=y)]
    if punten["ondergrens"].notna().any():
        grens = {"y": alt.Y("ondergrens:Q", title=titel), "y2": "bovengrens:Q", "x": x}
        if liggend:
            grens = {"x": alt.X("ondergrens:Q", title=titel), "x2": "bovengrens:Q", "y": y}
        lagen.append(alt.Chart(punten[punten["ondergrens"].notna()]).mark_rule(color=INKT).encode(**grens))
    elif liggend or len(punten) <= _MEESTE_OPSCHRIFTEN:
        lagen.append(tekst.encode(x=x, y=y, text=alt.Text("waarde:Q", format=".1%")))
    breedte = BREEDTE - 180 if liggend else BREEDTE
    return to_svg(alt.layer(*lagen).properties(width=breedte, height=hoogte))
