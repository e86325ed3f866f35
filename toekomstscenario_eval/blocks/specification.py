"""The specification curve: all definitions from low to high, and under each which choices it makes.

References
----------
Simonsohn, Simmons and Nelson (2020), doi:10.1038/s41562-020-0912-z
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from toekomstscenario_eval.blocks.alt_text import hidden
from toekomstscenario_eval.blocks.multiverse_table import (
    Multiverse,
    definitions,
    influence_table,
    multiverse,
    multiverse_sentence,
    multiverse_table,
    value_label,
)
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.document.document import Figuur, Uitvoer, platte_tekst
from toekomstscenario_eval.document.format import sentence_case
from toekomstscenario_eval.document.theme import BREEDTE, GRIJS, INKT, KLEUREN, VAAL, axis, to_svg
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import STANDAARD
from toekomstscenario_eval.types import Card

_BOVEN, _RIJ = 200, 17


def _curve(m: Multiverse, frame: pd.DataFrame, x: alt.X) -> Any:
    vorm, titel = axis(m.maat, float(frame[["schatting", "bovengrens"]].max().max()))
    as_ = alt.Axis(format=vorm, tickCount=5)
    y = alt.Y("schatting:Q", title=titel, axis=as_, scale=alt.Scale(zero=False, nice=True))
    punt, gewoon = frame[~frame["gewoon"]], frame[frame["gewoon"]]
    dik = max(1.0, min(3.0, 200 / len(frame)))
    lagen: list[Any] = [
        alt.Chart(frame)
        .mark_rule(color=KLEUREN[0], opacity=0.35, strokeWidth=dik)
        .encode(x=x, y=alt.Y("ondergrens:Q", title=titel, axis=as_), y2="bovengrens:Q"),
        alt.Chart(punt).mark_point(filled=True, color=KLEUREN[0], size=14, opacity=1).encode(x=x, y=y),
    ]
    if not gewoon.empty:
        lagen += [
            alt.Chart(gewoon).mark_rule(color=GRIJS, strokeDash=[4, 3]).encode(y=y),
            alt.Chart(gewoon)
            .mark_point(shape="diamond", filled=True, color=KLEUREN[1], size=110, opacity=1)
            .encode(x=x, y=y),
            alt.Chart(gewoon)
            .mark_text(align="left", dx=6, color=INKT)
            .encode(x=alt.value(BREEDTE), y=y, text=alt.value(STANDAARD)),
        ]
    return alt.layer(*lagen).properties(width=BREEDTE, height=_BOVEN)


def _choices(m: Multiverse, card: Card, frame: pd.DataFrame, x: alt.X) -> Any:
    """Return a row for each value of each choice, with a mark under every definition that chose it."""
    rijen, namen = [], []
    for keuze, waarden in m.waarden.items():
        eigen = frame["keuzes"].map(lambda k, keuze=keuze: k.get(keuze, STANDAARD))
        for waarde in waarden:
            naam = f"{keuze.replace('_', ' ')}: {value_label(card, keuze, waarde)}"
            namen.append(naam)
            rijen += [{"plek": p, "keuze": naam} for p in frame["plek"][eigen.eq(waarde).to_numpy()]]
    eerste = [f"{k.replace('_', ' ')}: {value_label(card, k, w[0])}" for k, w in m.waarden.items()]
    y = alt.Y(
        "keuze:N",
        sort=namen,
        title=None,
        scale=alt.Scale(domain=namen),
        axis=alt.Axis(ticks=False, domain=False),
    )
    streepjes = alt.Chart(pd.DataFrame(rijen)).mark_tick(
        color=INKT, thickness=max(1.0, min(4.0, 0.7 * BREEDTE / len(frame))), height=10
    )
    scheiding = alt.Chart(pd.DataFrame({"keuze": eerste})).mark_rule(color=VAAL, yOffset=-_RIJ / 2)
    grafiek = alt.layer(scheiding.encode(y=y), streepjes.encode(x=x, y=y))
    return grafiek.properties(width=BREEDTE, height=_RIJ * len(namen))


def specification_figure(vrijgave: Release, indicator: str) -> Figuur | None:
    """Return the specification curve of an indicator; None with fewer than two definitions shown."""
    m = multiverse(vrijgave, indicator)
    zin = multiverse_sentence(vrijgave, indicator)
    if m is None or zin is None:
        return None
    card = definitions(vrijgave, indicator)[0].card
    frame = m.getoond.reset_index(drop=True)
    frame = frame.assign(plek=range(len(frame)), gewoon=frame["label"].eq(STANDAARD))
    x = alt.X("plek:Q", axis=None, scale=alt.Scale(domain=[-1, len(frame)], nice=False))
    velden = ["plek", "schatting", "ondergrens", "bovengrens", "gewoon"]
    delen = [_curve(m, frame[velden], x)]
    if m.waarden:
        delen.append(_choices(m, card, frame, x))
    return Figuur(
        f"{m.maat.label} onder {len(frame)} definities, van laag naar hoog, elk met 95%-interval; eronder "
        "welke keuzes elke definitie maakt",
        f"Specificatiecurve: {sentence_case(platte_tekst(zin.inhoud))}{hidden(len(m.rijen) - len(frame))}",
        to_svg(alt.vconcat(*delen, spacing=12)),
        multiverse_table(vrijgave, indicator),
    )


def multiversum(vrijgave: Release, indicator: str) -> Uitvoer:
    """Show in a notebook how much of a figure depends on choices that others could have made.

    Parameters
    ----------
    vrijgave : Release
        The answer of `Study.geef_vrij` to the results of `definities`; anything else is refused.
    indicator : str
        Id of the indicator.

    Raises
    ------
    GebruikFout
        When fewer than two definitions of this indicator in the release have a number.
    """
    fig, zin = specification_figure(vrijgave, indicator), multiverse_sentence(vrijgave, indicator)
    if fig is None or zin is None:
        raise GebruikFout(
            f"van {indicator} zijn geen definities te vergelijken",
            verwacht="een vrijgave met ten minste twee definities die getoond mogen worden",
            herstel=f"vrijgave = studie.geef_vrij(*tks.definities(studie, '{indicator}'))",
        )
    tabel = influence_table(vrijgave, indicator)
    return Uitvoer((fig, zin, *((tabel,) if tabel else ())), vrijgave.id)
