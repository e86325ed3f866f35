"""One indicator for each value of a parameter: steps of the chain as a flow, scales of a score as dots."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from toekomstscenario_eval.blocks import access, charts
from toekomstscenario_eval.blocks.alt_text import hidden
from toekomstscenario_eval.blocks.table import as_households, count_cell, interval_cell, number_cell
from toekomstscenario_eval.blocks.views import VIEWS
from toekomstscenario_eval.blocks.whose import KINDS, days, leading_spot, whose
from toekomstscenario_eval.document.document import Cel, Figuur, Tabel
from toekomstscenario_eval.document.format import FORMS, interval, number, sentence_case
from toekomstscenario_eval.document.theme import AREA, COLORS, GREY, INK, WIDTH, axis, to_svg
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import Maat, Result

_STAP, _PANE, _PANE_HEIGHT, _LEFT = 52, 190, 36, 216


def _results(vrijgave: Release, indicator: str, param: str) -> list[tuple[str, Result]]:
    """Return value and result in the order of the card, all other choices by default."""
    out = []
    for r in access.required(vrijgave).resultaten:
        if r.indicator != indicator or r.variant or r.reden_nvt:
            continue
        card = r.card.params
        if param not in card:
            raise GebruikFout(f"{indicator} heeft geen keuze '{param}'", herstel=did_you_mean(param, card))
        if all(w == card[p].standaard for p, w in r.params.items() if p != param):
            out.append((card[param].keuzes.index(r.params[param]), str(r.params[param]), r))
    return [(waarde, r) for _, waarde, r in sorted(out, key=lambda x: x[0])]


def side_by_side(vrijgave: Release, indicator: str, *, beside: str) -> Figuur | None:
    """Return the headline for each value of parameter `beside` in the release; None with fewer than two.

    Durations are drawn as steps that follow each other, in the order of the card.

    Raises
    ------
    GebruikFout
        When the indicator has no such parameter.
    """
    pairs = _results(vrijgave, indicator, beside)
    if len(pairs) < 2:
        return None
    card = pairs[0][1].card
    naam = access.headline(pairs[0][1])
    maat = card.maten[naam]
    per, groep = leading_spot(pairs[0][1])
    rows = pd.DataFrame([{**_row(r, naam, per, groep), "naam": _words(waarde)} for waarde, r in pairs])
    who = KINDS[groep][1] if per else whose(pairs[0][1])
    # The default of a chain is the chain as a whole: it comes last, below the steps.
    chain = VIEWS[card.kind].chain
    if chain:
        whole = rows["naam"].eq(_words(str(card.params[beside].standaard)))
        rows = pd.concat([rows[~whole], rows[whole]], ignore_index=True)
        svg = _flow(rows, maat, whole=bool(whole.any()))
    else:
        svg = charts.dots(
            rows,
            maat,
            0.0 if FORMS[maat.vorm].verandering else float("nan"),
            line_naam="geen verandering",
            zero=True,
        )
    caption = f"{maat.label} per {beside}, met 95%-interval" + (
        ": stappen van boven naar onder" if chain else ""
    )
    return Figuur(
        f"{caption}. Over: {who}, {days(pairs[0][1])}"
        if per
        else f"{caption}. Over: {who}"
        if who
        else caption,
        _alt(rows, maat, beside, chain=chain),
        svg,
        _table(rows, maat, beside, chain=chain),
    )


def _row(r: Result, maat: str, per: str, groep: str) -> access.Row:
    """Return the row of one group; of proeftuinen where the whole would pool kinds of region."""
    rows = access.rows(r, uitsplitsing=per, maat=maat)
    return access.records(rows[rows["groep"].eq(groep)])[0]


def _words(waarde: str) -> str:
    text = waarde.replace("_vt", " door Veilig Thuis").replace("_", " ")
    return text[:1].upper() + text[1:]


def _alt(rows: pd.DataFrame, maat: Maat, beside: str, *, chain: bool) -> str:
    soort = "Stroomschema" if chain else "Stippengrafiek met 95%-intervallen"
    parts = [f"{soort}: {sentence_case(maat.label)} per {beside}, in {maat.eenheid}."]
    for row in access.records(rows[~rows["onderdrukt"].astype(bool)]):
        between = "" if row["leest"] else interval(row["ondergrens"], row["bovengrens"], maat.vorm)
        parts.append(
            f"{row['naam']}: {row['leest'] or number(row['schatting'], maat.vorm)}"
            + (f" (interval {between})." if between else ".")
        )
    return " ".join(parts) + hidden(int(rows["onderdrukt"].sum()))


def _table(rows: pd.DataFrame, maat: Maat, beside: str, *, chain: bool) -> Tabel:
    extra = (
        (("Perioden", "noemer"),) if chain and not as_households(access.records(rows), "noemer", maat) else ()
    )
    return Tabel(
        f"{maat.label} per {beside} ({maat.eenheid})",
        (_words(beside), maat.label, "95%-interval", "Huishoudens", *(title for title, _ in extra)),
        tuple(
            (
                Cel(row["naam"]),
                number_cell(row, maat.vorm),
                interval_cell(row, maat.vorm),
                count_cell(row, "n"),
                *(count_cell(row, column) for _, column in extra),
            )
            for row in access.records(rows)
        ),
    )


def _flow(rows: pd.DataFrame, maat: Maat, *, whole: bool) -> str:
    """Boxes below each other with arrows; beside each the duration with its interval."""
    height = _STAP * len(rows)
    _, title = axis(maat, 0)
    schaal = alt.Scale(range=[_LEFT, WIDTH], zero=True, nice=True)
    frame = rows.assign(
        midden=[_STAP * i + _STAP / 2 for i in range(len(rows))],
        aantal=[_spells(row) for row in access.records(rows)],
        getal=rows["schatting"].map(lambda s: number(s, maat.vorm)),
    )
    y_schaal = alt.Scale(domain=[0, height], range=[0, height], nice=False)
    y = alt.Y("midden:Q", axis=None, scale=y_schaal)
    as_ = alt.Axis(format=",.4~g", tickCount=6)
    x = alt.X("schatting:Q", title=title, scale=schaal, axis=as_)
    shown = alt.Chart(frame[frame["schatting"].notna()])
    layers = [
        *_boxes(frame, y, y_schaal, arrows=len(frame) - (2 if whole else 1)),
        shown.mark_rule(color=COLORS[0], strokeWidth=2).encode(
            x=alt.X("ondergrens:Q", title=title, scale=schaal, axis=as_), x2="bovengrens:Q", y=y
        ),
        shown.mark_point(color=COLORS[0], filled=True, size=70, opacity=1).encode(x=x, y=y),
        shown.mark_text(dy=-12).encode(x=x, y=y, text="getal:N"),
    ]
    return to_svg(alt.layer(*layers).properties(width=WIDTH, height=height))


def _spells(row: access.Row) -> str:
    """Return of how many spells a step is, or that this is not shown."""
    cell = count_cell(row, "noemer")
    return cell.getoond if cell.onderdrukt else f"{cell.getoond} perioden"


def _boxes(frame: pd.DataFrame, y: alt.Y, y_schaal: alt.Scale, *, arrows: int) -> list[Any]:
    half = _PANE_HEIGHT / 2
    panes = frame.assign(boven=frame["midden"] - half, onder=frame["midden"] + half)
    base = alt.Chart(panes)
    layers: list[Any] = [
        base.mark_rect(fill=AREA, stroke=COLORS[0], cornerRadius=4).encode(
            x=alt.value(0),
            x2=alt.value(_PANE),
            y=alt.Y("boven:Q", axis=None, scale=y_schaal),
            y2="onder:Q",
        ),
        base.mark_text(align="left", dy=-7, color=INK).encode(x=alt.value(10), y=y, text="naam:N"),
        base.mark_text(align="left", dy=8, color=GREY).encode(x=alt.value(10), y=y, text="aantal:N"),
    ]
    if arrows > 0:
        start = panes.head(arrows)
        point = alt.Chart(start.assign(midden=start["onder"] + (_STAP - _PANE_HEIGHT) / 2))
        layers.append(
            point.mark_point(shape="triangle-down", filled=True, color=GREY, size=90, opacity=1).encode(
                x=alt.value(_PANE / 2), y=y
            )
        )
    return layers
