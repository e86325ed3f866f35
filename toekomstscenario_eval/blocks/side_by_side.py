"""One indicator for each value of a parameter: steps of the chain as a flow, scales of a score as dots."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from toekomstscenario_eval.blocks import access, charts
from toekomstscenario_eval.blocks.alt_text import hidden
from toekomstscenario_eval.blocks.kinds import VIEWS
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.document.document import Cel, Figuur, Tabel
from toekomstscenario_eval.document.format import FORMS, interval, number, sentence_case
from toekomstscenario_eval.document.theme import BREEDTE, GRIJS, INKT, KLEUREN, VLAK, axis, to_svg
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.types import Maat

_STAP, _VAK, _VAKHOOGTE, _LINKS = 52, 190, 36, 216


def _results(vrijgave: Release, indicator: str, param: str) -> list[tuple[str, Released]]:
    """Return value and result in the order of the card, all other choices by default."""
    uit = []
    for r in access.required(vrijgave).resultaten:
        if r.indicator != indicator or r.variant or r.reden_nvt:
            continue
        kaart = r.card.params
        if param not in kaart:
            raise GebruikFout(f"{indicator} heeft geen keuze '{param}'", herstel=bedoelt_u(param, kaart))
        if all(w == kaart[p].standaard for p, w in r.params.items() if p != param):
            uit.append((kaart[param].keuzes.index(r.params[param]), str(r.params[param]), r))
    return [(waarde, r) for _, waarde, r in sorted(uit, key=lambda x: x[0])]


def side_by_side(vrijgave: Release, indicator: str, *, naast: str) -> Figuur | None:
    """Return the headline for each value of parameter `naast` in the release; None with fewer than two.

    Durations are drawn as steps that follow each other, in the order of the card.

    Raises
    ------
    GebruikFout
        When the indicator has no such parameter.
    """
    paren = _results(vrijgave, indicator, naast)
    if len(paren) < 2:
        return None
    card = paren[0][1].card
    naam = access.headline(paren[0][1])
    maat = card.maten[naam]
    rijen = pd.DataFrame(
        [
            {**access.records(access.rows(r, uitsplitsing="", maat=naam))[0], "naam": _words(waarde)}
            for waarde, r in paren
        ]
    )
    # The default of a chain is the chain as a whole: it comes last, below the steps.
    keten = VIEWS[card.kind].keten
    if keten:
        heel = rijen["naam"].eq(_words(str(card.params[naast].standaard)))
        rijen = pd.concat([rijen[~heel], rijen[heel]], ignore_index=True)
        svg = _flow(rijen, maat, heel=bool(heel.any()))
    else:
        svg = charts.dots(
            rijen,
            maat,
            0.0 if FORMS[maat.vorm].verandering else float("nan"),
            lijn_naam="geen verandering",
            nul=True,
        )
    return Figuur(
        f"{maat.label} per {naast}, met 95%-interval" + (": stappen van boven naar onder" if keten else ""),
        _alt(rijen, maat, naast, keten=keten),
        svg,
        _table(rijen, maat, naast, keten=keten),
    )


def _words(waarde: str) -> str:
    tekst = waarde.replace("_vt", " door Veilig Thuis").replace("_", " ")
    return tekst[:1].upper() + tekst[1:]


def _alt(rijen: pd.DataFrame, maat: Maat, naast: str, *, keten: bool) -> str:
    soort = "Stroomschema" if keten else "Stippengrafiek met 95%-intervallen"
    delen = [f"{soort}: {sentence_case(maat.label)} per {naast}, in {maat.eenheid}."]
    for rij in access.records(rijen[~rijen["onderdrukt"].astype(bool)]):
        tussen = interval(rij["ondergrens"], rij["bovengrens"], maat.vorm)
        delen.append(
            f"{rij['naam']}: {number(rij['schatting'], maat.vorm)}"
            + (f" (interval {tussen})." if tussen else ".")
        )
    return " ".join(delen) + hidden(int(rijen["onderdrukt"].sum()))


def _table(rijen: pd.DataFrame, maat: Maat, naast: str, *, keten: bool) -> Tabel:
    extra = (("Perioden", "noemer"),) if keten else ()
    return Tabel(
        f"{maat.label} per {naast} ({maat.eenheid})",
        (_words(naast), maat.label, "95%-interval", "Huishoudens", *(titel for titel, _ in extra)),
        tuple(
            (
                Cel(rij["naam"]),
                number_cell(rij, maat.vorm),
                interval_cell(rij, maat.vorm),
                count_cell(rij, "n"),
                *(count_cell(rij, kolom) for _, kolom in extra),
            )
            for rij in access.records(rijen)
        ),
    )


def _flow(rijen: pd.DataFrame, maat: Maat, *, heel: bool) -> str:
    """Boxes below each other with arrows; beside each the duration with its interval."""
    hoogte = _STAP * len(rijen)
    _, titel = axis(maat, 0)
    schaal = alt.Scale(range=[_LINKS, BREEDTE], zero=True, nice=True)
    frame = rijen.assign(
        midden=[_STAP * i + _STAP / 2 for i in range(len(rijen))],
        aantal=[count_cell(rij, "noemer").getoond for rij in access.records(rijen)],
        getal=rijen["schatting"].map(lambda s: number(s, maat.vorm)),
    )
    frame["aantal"] += frame["onderdrukt"].map({True: "", False: " perioden"})
    y_schaal = alt.Scale(domain=[0, hoogte], range=[0, hoogte], nice=False)
    y = alt.Y("midden:Q", axis=None, scale=y_schaal)
    as_ = alt.Axis(format=",.4~g", tickCount=6)
    x = alt.X("schatting:Q", title=titel, scale=schaal, axis=as_)
    getoond = alt.Chart(frame[frame["schatting"].notna()])
    lagen = [
        *_boxes(frame, y, y_schaal, pijlen=len(frame) - (2 if heel else 1)),
        getoond.mark_rule(color=KLEUREN[0], strokeWidth=2).encode(
            x=alt.X("ondergrens:Q", title=titel, scale=schaal, axis=as_), x2="bovengrens:Q", y=y
        ),
        getoond.mark_point(color=KLEUREN[0], filled=True, size=70, opacity=1).encode(x=x, y=y),
        getoond.mark_text(dy=-12).encode(x=x, y=y, text="getal:N"),
    ]
    return to_svg(alt.layer(*lagen).properties(width=BREEDTE, height=hoogte))


def _boxes(frame: pd.DataFrame, y: alt.Y, y_schaal: alt.Scale, *, pijlen: int) -> list[Any]:
    half = _VAKHOOGTE / 2
    vakken = frame.assign(boven=frame["midden"] - half, onder=frame["midden"] + half)
    basis = alt.Chart(vakken)
    lagen: list[Any] = [
        basis.mark_rect(fill=VLAK, stroke=KLEUREN[0], cornerRadius=4).encode(
            x=alt.value(0),
            x2=alt.value(_VAK),
            y=alt.Y("boven:Q", axis=None, scale=y_schaal),
            y2="onder:Q",
        ),
        basis.mark_text(align="left", dy=-7, color=INKT).encode(x=alt.value(10), y=y, text="naam:N"),
        basis.mark_text(align="left", dy=8, color=GRIJS).encode(x=alt.value(10), y=y, text="aantal:N"),
    ]
    if pijlen > 0:
        van = vakken.head(pijlen)
        punt = alt.Chart(van.assign(midden=van["onder"] + (_STAP - _VAKHOOGTE) / 2))
        lagen.append(
            punt.mark_point(shape="triangle-down", filled=True, color=GRIJS, size=90, opacity=1).encode(
                x=alt.value(_VAK / 2), y=y
            )
        )
    return lagen
