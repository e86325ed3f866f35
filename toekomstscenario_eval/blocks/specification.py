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
    ranged,
    value_label,
)
from toekomstscenario_eval.document.document import Figuur, Output, flat_text
from toekomstscenario_eval.document.format import sentence_case
from toekomstscenario_eval.document.theme import COLORS, FADED, GREY, INK, WIDTH, axis, to_svg
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import DEFAULT
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import Card

_ABOVE, _ROW = 200, 17


def _curve(m: Multiverse, frame: pd.DataFrame, x: alt.X) -> Any:
    vorm, title = axis(m.maat, float(frame[["schatting", "bovengrens"]].max().max()))
    as_ = alt.Axis(format=vorm, tickCount=5)
    y = alt.Y("schatting:Q", title=title, axis=as_, scale=alt.Scale(zero=False, nice=True))
    point, plain = frame[~frame["gewoon"]], frame[frame["gewoon"]]
    thick = max(1.0, min(3.0, 200 / len(frame)))
    layers: list[Any] = [
        alt.Chart(frame)
        .mark_rule(color=COLORS[0], opacity=0.35, strokeWidth=thick)
        .encode(x=x, y=alt.Y("ondergrens:Q", title=title, axis=as_), y2="bovengrens:Q"),
        alt.Chart(point).mark_point(filled=True, color=COLORS[0], size=14, opacity=1).encode(x=x, y=y),
    ]
    if not plain.empty:
        layers += [
            alt.Chart(plain).mark_rule(color=GREY, strokeDash=[4, 3]).encode(y=y),
            alt.Chart(plain)
            .mark_point(shape="diamond", filled=True, color=COLORS[1], size=110, opacity=1)
            .encode(x=x, y=y),
            alt.Chart(plain)
            .mark_text(align="left", dx=6, color=INK)
            .encode(x=alt.value(WIDTH), y=y, text=alt.value(DEFAULT)),
        ]
    return alt.layer(*layers).properties(width=WIDTH, height=_ABOVE)


def _choices(m: Multiverse, card: Card, frame: pd.DataFrame, x: alt.X) -> Any:
    """Return a row for each value of each choice, with a mark under every definition that chose it."""
    rows, namen = [], []
    for choice, waarden in m.waarden.items():
        own = frame["keuzes"].map(lambda k, choice=choice: k.get(choice, DEFAULT))
        for waarde in waarden:
            naam = f"{choice.replace('_', ' ')}: {value_label(card, choice, waarde)}"
            namen.append(naam)
            rows += [{"plek": p, "keuze": naam} for p in frame["plek"][own.eq(waarde).to_numpy()]]
    first = [f"{k.replace('_', ' ')}: {value_label(card, k, w[0])}" for k, w in m.waarden.items()]
    y = alt.Y(
        "keuze:N",
        sort=namen,
        title=None,
        scale=alt.Scale(domain=namen),
        axis=alt.Axis(ticks=False, domain=False),
    )
    dashes = alt.Chart(pd.DataFrame(rows)).mark_tick(
        color=INK, thickness=max(1.0, min(4.0, 0.7 * WIDTH / len(frame))), height=10
    )
    separation = alt.Chart(pd.DataFrame({"keuze": first})).mark_rule(color=FADED, yOffset=-_ROW / 2)
    chart = alt.layer(separation.encode(y=y), dashes.encode(x=x, y=y))
    return chart.properties(width=WIDTH, height=_ROW * len(namen))


def specification_figure(vrijgave: Release, indicator: str) -> Figuur | None:
    """Return the specification curve of an indicator; None with fewer than two definitions shown."""
    m = multiverse(vrijgave, indicator)
    if m is None or len(m.getoond) < 2:
        return None
    card = definitions(vrijgave, indicator)[0].card
    frame = m.getoond.reset_index(drop=True)
    frame = frame.assign(plek=range(len(frame)), gewoon=frame["label"].eq(DEFAULT))
    x = alt.X("plek:Q", axis=None, scale=alt.Scale(domain=[-1, len(frame)], nice=False))
    fields = ["plek", "schatting", "ondergrens", "bovengrens", "gewoon"]
    parts = [_curve(m, frame[fields], x)]
    if m.waarden:
        parts.append(_choices(m, card, frame, x))
    return Figuur(
        f"{m.maat.label} onder {len(frame)} definities, van laag naar hoog, elk met 95%-interval; eronder "
        "welke keuzes elke definitie maakt",
        f"Specificatiecurve: {sentence_case(flat_text(ranged(m)))}{hidden(len(m.rijen) - len(frame))}",
        to_svg(alt.vconcat(*parts, spacing=12)),
        multiverse_table(vrijgave, indicator),
    )


def multiversum(vrijgave: Release, indicator: str) -> Output:
    """Show in a notebook how much of a figure depends on choices that others could have made.

    Parameters
    ----------
    vrijgave : Release
        The answer of `Study.bundel` to the results of `definities`; anything else is refused.
    indicator : str
        Id of the indicator.

    Raises
    ------
    GebruikFout
        When fewer than two definitions of this indicator in the release have a number.
    """
    fig, sentence = specification_figure(vrijgave, indicator), multiverse_sentence(vrijgave, indicator)
    if fig is None or sentence is None:
        raise GebruikFout(
            f"van {indicator} zijn geen definities te vergelijken",
            verwacht="een bundel met ten minste twee definities die getoond mogen worden",
            herstel=f"bundel = studie.bundel(*tks.definities(studie, '{indicator}'))",
        )
    table = influence_table(vrijgave, indicator)
    return Output((fig, sentence, *((table,) if table else ())), vrijgave.id)
