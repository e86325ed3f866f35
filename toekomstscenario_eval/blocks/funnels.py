"""Funnel plots as SVG: sites by size, between limits that narrow as the size grows."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from toekomstscenario_eval.blocks.sites import OMVANG, Sites
from toekomstscenario_eval.designs.trechter import NIVEAU
from toekomstscenario_eval.document.format import FORMS
from toekomstscenario_eval.document.theme import BREEDTE, GRIJS, HOOGTE, KLEUREN, VLAK, apart, axis, to_svg

_STAPPEN = 200


def funnel_chart(sites: Sites) -> str:
    """Return sites as dots around the target; only those outside a limit carry their name."""
    t, frame = sites.trechter, sites.tabel
    grootste = float(frame["omvang"].max())
    x_as = np.linspace(grootste / _STAPPEN, grootste * 1.05, _STAPPEN)
    rand = {niveau: sites.limits(x_as, niveau) for niveau in t.buiten}
    # What the smallest site needs, not what the limits would be for a site of one household.
    klein = np.array([float(frame["omvang"].min()) * 0.8])
    grenzen = [g[0] for niveau in t.buiten for g in sites.limits(klein, niveau)]
    laag = min(*grenzen, float(frame["schatting"].min()))
    hoog = max(*grenzen, float(frame["schatting"].max()))
    speling = 0.04 * (hoog - laag)
    domein = [max(0.0, laag - speling) if laag >= 0 else laag - speling, hoog + speling]
    if FORMS[sites.maat.vorm].deel:
        domein[1] = min(1.0, domein[1])
    vorm, titel = axis(sites.maat, hoog)
    x = alt.X("omvang:Q", title=OMVANG[t.soort].capitalize(), axis=alt.Axis(format=",.4~g", tickCount=6),
              scale=alt.Scale(domain=[0, grootste * 1.05], nice=False))  # fmt: skip
    y = alt.Y("y:Q", title=titel, axis=alt.Axis(format=vorm, tickCount=6), scale=alt.Scale(domain=domein))
    lagen: list[Any] = [*_limits(x_as, rand, x, y), *_target(sites.doel, x_as, x, y), *_points(sites, x, y)]
    return to_svg(alt.layer(*lagen).properties(width=BREEDTE, height=HOOGTE + 60))


def _limits(x_as: Any, rand: dict[float, tuple[Any, Any]], x: alt.X, y: alt.Y) -> list[Any]:
    lagen: list[Any] = []
    onder, boven = rand[0.95]
    vlak = alt.Chart(pd.DataFrame({"omvang": x_as, "y": onder, "hoog": boven}))
    lagen.append(vlak.mark_area(color=VLAK, clip=True).encode(x=x, y=y, y2="hoog:Q"))
    for niveau, (laag, hoog) in rand.items():
        streep = [5, 3] if niveau == 0.95 else [1, 0]
        for kant in (laag, hoog):
            lijn = alt.Chart(pd.DataFrame({"omvang": x_as, "y": kant}))
            lagen.append(
                lijn.mark_line(color=GRIJS, strokeWidth=1, strokeDash=streep, clip=True).encode(x=x, y=y)
            )
        einde = alt.Chart(pd.DataFrame({"omvang": [x_as[-1]], "y": [hoog[-1]]}))
        naam = einde.mark_text(align="left", dx=6, color=GRIJS)
        lagen.append(naam.encode(x=x, y=y, text=alt.value(NIVEAU[niveau])))
    return lagen


def _target(doel: float, x_as: Any, x: alt.X, y: alt.Y) -> list[Any]:
    lijn = alt.Chart(pd.DataFrame({"omvang": [0.0, x_as[-1]], "y": [doel, doel]}))
    naam = alt.Chart(pd.DataFrame({"omvang": [x_as[-1]], "y": [doel]})).mark_text(
        align="left", dx=6, color=GRIJS
    )
    return [
        lijn.mark_line(color=GRIJS, strokeWidth=1.5).encode(x=x, y=y),
        naam.encode(x=x, y=y, text=alt.value("geheel")),
    ]


def _points(sites: Sites, x: alt.X, y: alt.Y) -> list[Any]:
    t = sites.trechter
    namen = sites.tabel.assign(groep=sites.tabel["naam"])
    punten = namen.assign(y=namen["schatting"], buiten=t.buiten[0.95])[["groep", "omvang", "y", "buiten"]]
    binnen, uit = punten[~punten["buiten"]], punten[punten["buiten"]]
    stip = alt.Chart(binnen).mark_point(filled=True, size=70, color=KLEUREN[0], opacity=1)
    lagen: list[Any] = [stip.encode(x=x, y=y)]
    if not uit.empty:
        ruit = alt.Chart(uit).mark_point(shape="diamond", filled=True, size=110, color=KLEUREN[1], opacity=1)
        bereik = float(punten["y"].max() - punten["y"].min()) or 1.0
        namen = uit.assign(y=apart(uit["y"].tolist(), 0.05 * bereik))
        naam = alt.Chart(namen).mark_text(align="right", dx=-9)
        lagen += [ruit.encode(x=x, y=y), naam.encode(x=x, y=y, text="groep:N")]
    return lagen
