"""Development over whole calendar periods, by kind of region; part periods are left out, and that is said."""

from __future__ import annotations

from itertools import pairwise
from math import isnan

import pandas as pd

from toekomstscenario_eval.blocks import access, charts
from toekomstscenario_eval.blocks.alt_text import dots_alt
from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.leading import kinds
from toekomstscenario_eval.blocks.table import estimates_table
from toekomstscenario_eval.blocks.whose import KINDS, about, begun, pools
from toekomstscenario_eval.document.document import Alinea, Block, Figuur, Getal, Inline, Tekst
from toekomstscenario_eval.document.format import interval, number, sentence_start
from toekomstscenario_eval.identity import PILOT
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE_KIND, Result

_BEFORE_TOO = "ook hun dagen voor de start"


def _by_kind(r: Result) -> list[tuple[str, pd.DataFrame]]:
    """Return the headline of every period for each kind of region; of the whole where that pools none."""
    maat = access.headline(r)
    if not pools(r):
        return [("", access.rows(r, uitsplitsing="", maat=maat))]
    there = kinds(r)
    rows = access.rows(r, uitsplitsing=SITE_KIND, maat=maat) if there else pd.DataFrame()
    return [(kind, rows[rows["groep"].eq(kind)]) for kind in there]


def years(vrijgave: Release, key: str) -> list[Block]:
    """Return the figure by period, each kind of region apart; nothing where they can not be told apart."""
    r = access.released(vrijgave, key)
    parts = _by_kind(r)
    if len(parts) < 2:
        return [figure(vrijgave, r.sleutel, maat=access.headline(r))] if parts and not pools(r) else []
    maat = r.card.maten[access.headline(r)]
    named = [part.assign(naam=part["periode"] + f", {KINDS[kind][1]}") for kind, part in parts]
    columns = ["naam", "schatting", "ondergrens", "bovengrens", "onderdrukt", "leest"]
    frame = pd.concat(named, ignore_index=True)[columns]
    caption = about(f"{maat.label} per {r.variant.periode} en soort regio, met 95%-interval", r, SITE_KIND)
    return [
        Figuur(
            caption,
            dots_alt(frame, maat, float("nan"), f"{r.variant.periode} en soort regio"),
            charts.dots(frame, maat, float("nan")),
            estimates_table(vrijgave, r.sleutel, uitsplitsing=SITE_KIND, maat=access.headline(r)),
        )
    ]


def years_sentence(vrijgave: Release, key: str) -> list[Alinea]:
    """Return the headline in each period with its interval, for each kind of region with two or more shown.

    Each says whose days count, and whether intervals of one period and the next overlap: without uncertainty
    every difference would read as a jump.
    """
    r = access.released(vrijgave, key)
    out = []
    for kind, part in _by_kind(r):
        shown = part[~part["onderdrukt"].astype(bool) & part["schatting"].notna() & part["periode"].ne("")]
        if len(shown) < 2:
            continue
        rows = access.records(shown)
        every = part.loc[part["periode"].ne(""), "periode"].nunique()
        gone = every - len(shown)
        unseen = f" Van {gone} van de {every} perioden is geen cijfer te zien." if gone else ""
        told = (text for text in (f" {_overlap(rows)}", unseen) if text.strip())
        out.append(Alinea((*_about(r, kind), *_figures(r, rows), *map(Tekst, told))))
    return out


def _about(r: Result, kind: str) -> tuple[Inline, ...]:
    """Return whom a series is about, of what, and on which day where it is a stand."""
    who = sentence_start(KINDS[kind][1]) if kind else ""
    if kind == PILOT:
        who += f", {begun(r) if r.card.op_een_dag else _BEFORE_TOO}"
    what = r.card.maten[access.headline(r)]
    day = f", op de laatste dag van elk {r.variant.periode}" if r.card.op_een_dag else ""
    first = (Tekst(f"{who}: "),) if who else ()
    return *first, Tekst(f"{what.label} "), Tekst(f"({what.eenheid}{day}): ")


def _figures(r: Result, rows: list[access.Row]) -> tuple[Inline, ...]:
    vorm, parts = r.card.maten[access.headline(r)].vorm, list[Inline]()
    for rank, row in enumerate(rows):
        before = "" if rank == 0 else "; " if rank < len(rows) - 1 else " en "
        spread = interval(row["ondergrens"], row["bovengrens"], vorm)
        parts += [
            *((Tekst(before),) if before else ()),
            Tekst(f"{row['periode']} "),
            Getal(number(row["schatting"], vorm), row["getal_id"]),
        ]
        if spread:
            parts += [Tekst(" (95%-interval "), Getal(spread, access.trace(row, "interval")), Tekst(")")]
    return (*parts, Tekst("."))


def _overlap(rows: list[access.Row]) -> str:
    """Return which periods have an interval apart from that of the one before; only what is known."""
    pairs = [(a, b) for a, b in pairwise(rows) if _known(a) and _known(b)]
    apart = [
        f"{a['periode']} – {b['periode']}"
        for a, b in pairs
        if a["bovengrens"] < b["ondergrens"] or b["bovengrens"] < a["ondergrens"]
    ]
    if apart:
        return f"Intervallen die elkaar niet overlappen: {'; '.join(apart)}."
    return (
        "De intervallen overlappen: een sprong is niet aangetoond, en ook niet uitgesloten." if pairs else ""
    )


def _known(row: access.Row) -> bool:
    return not (isnan(row["ondergrens"]) or isnan(row["bovengrens"]))
