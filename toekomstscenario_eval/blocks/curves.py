"""Curves over time as SVG: shaded interval, names at the line ends, numbers at risk under the axis."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from toekomstscenario_eval.document.format import FORMS, number
from toekomstscenario_eval.document.theme import (
    BREEDTE,
    DOORZICHT,
    GRIJS,
    HOOGTE,
    KLEUREN,
    STREPEN,
    VORMEN,
    apart,
    to_svg,
)
from toekomstscenario_eval.types import Vorm

_MEESTE_KOLOMMEN = 7
_JAAR = 366
_ONDER, _REGEL = 62, 17  # pixels under the axis where the numbers at risk begin; per group
_LETTERHOOGTE = 15 / HOOGTE
GEEN = "–"


def curve(
    punten: pd.DataFrame, titel: str = "Deel dat nog loopt", *, vorm: Vorm = Vorm.AANDEEL, risico: bool = True
) -> str:
    """Return curves with a shaded interval; lines join the published days, marked by dots.

    Parameters
    ----------
    punten : DataFrame
        `groep, x, waarde, ondergrens, bovengrens, n, onderdrukt`; hidden points are left out of the
        curve, and a dash stands for their number at risk.
    titel : what the height is
    vorm : a share, from 0 to 1, or a number, from 0
    risico : numbers at risk for each group; else once, for all of them together
    """
    groepen = sorted(punten["groep"].unique().tolist())
    getoond = punten[~punten["onderdrukt"] & punten["waarde"].notna()]

    def per_groep(kanaal: Any, veld: str, waarden: tuple[Any, ...]) -> Any:
        schaal = alt.Scale(domain=groepen, range=list(waarden[: len(groepen)]))
        return kanaal(f"{veld}:N", scale=schaal, legend=None)

    kleur = per_groep(alt.Color, "groep", KLEUREN)
    laatste = float((getoond if len(getoond) else punten)["x"].max())
    stap = 30 if laatste <= _JAAR else 90
    dagen = alt.Axis(values=list(range(0, 3660, stap)), format=",.0f", labelOverlap=True)
    punten = punten[punten["x"] <= laatste]
    x = alt.X(
        "x:Q", title="Dagen sinds het begin", axis=dagen, scale=alt.Scale(domain=[0, laatste], nice=False)
    )
    aandeel = FORMS[vorm].deel
    as_ = alt.Axis(format=".0%" if aandeel else "~g", tickCount=5)
    # Survival begins at everything; other shares may all be small.
    hoogste = 1.0 if risico else min(1.0, math.ceil(10 * getoond["bovengrens"].max()) / 10)
    schaal = alt.Scale(domain=[0, hoogste]) if aandeel else alt.Scale(zero=True)
    y = alt.Y("waarde:Q", title=titel, scale=schaal, axis=as_)
    basis = alt.Chart(getoond)
    lagen = [
        basis.mark_area(opacity=DOORZICHT).encode(
            x=x, y=alt.Y("ondergrens:Q", title=titel), y2="bovengrens:Q", color=kleur
        ),
        basis.mark_line(strokeWidth=2).encode(
            x=x, y=y, color=kleur, strokeDash=per_groep(alt.StrokeDash, "groep", STREPEN)
        ),
        basis.mark_point(filled=True, size=45, opacity=1).encode(
            x=x, y=y, color=kleur, shape=per_groep(alt.Shape, "groep", VORMEN)
        ),
    ]
    if groepen[1:]:
        lagen.append(_names(getoond, x, y, hoogste))
    if not risico:
        punten = punten[punten["groep"].eq(groepen[0])].assign(groep="")
    lagen += _at_risk(punten, groepen if risico else [""], x)
    return to_svg(alt.layer(*lagen).properties(width=BREEDTE, height=HOOGTE))


def _names(getoond: pd.DataFrame, x: alt.X, y: alt.Y, hoogste: float) -> Any:
    """Write the name of each group at the end of its line; `hoogste` is the top of the axis."""
    einden = getoond.sort_values("x").groupby("groep", as_index=False).last()
    einden = einden.assign(waarde=apart(einden["waarde"].tolist(), _LETTERHOOGTE * hoogste))
    return alt.Chart(einden).mark_text(align="left", dx=8).encode(x=x, y=y, text="groep:N")


def _at_risk(punten: pd.DataFrame, groepen: list[str], x: alt.X) -> list[Any]:
    """Write the numbers at risk under the axis, a row for each group."""
    dagen = sorted(punten["x"].unique().tolist())
    kies = dagen[:: max(1, -(-len(dagen) // _MEESTE_KOLOMMEN))]
    kop = alt.Chart(pd.DataFrame({"i": [0]})).mark_text(align="left", color=GRIJS, fontStyle="italic")
    lagen: list[Any] = [
        kop.encode(
            x=alt.value(0), y=alt.value(HOOGTE + _ONDER - _REGEL), text=alt.value("Nog onder waarneming")
        )
    ]
    for plek, groep in enumerate(groepen):
        hoogte = alt.value(HOOGTE + _ONDER + _REGEL * plek)
        deel = punten[punten["groep"].eq(groep) & punten["x"].isin(kies)]
        teksten = [
            GEEN if weg or n != n else number(n, Vorm.TELLING)
            for n, weg in zip(deel["n"], deel["onderdrukt"], strict=True)
        ]
        cijfers = alt.Chart(deel.assign(tekst=teksten)[["x", "tekst"]]).mark_text()
        lagen.append(cijfers.encode(x=x, y=hoogte, text="tekst:N"))
        naam = alt.Chart(pd.DataFrame({"naam": [groep]})).mark_text(align="right")
        lagen.append(naam.encode(x=alt.value(-28), y=hoogte, text="naam:N"))
    return lagen
