"""Development over whole calendar periods, by kind of region; part periods are left out, and that is said."""

from __future__ import annotations

import pandas as pd

from toekomstscenario_eval.blocks import access, charts
from toekomstscenario_eval.blocks.alt_text import dots_alt
from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.leading import kinds
from toekomstscenario_eval.blocks.table import estimates_table
from toekomstscenario_eval.blocks.whose import KINDS, about, pools
from toekomstscenario_eval.document.document import Alinea, Block, Figuur, Getal, Inline, Tekst
from toekomstscenario_eval.document.format import number, sentence_start
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE_KIND, Result


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
    """Return the headline in each period, in order, for each kind of region with two or more shown."""
    r = access.released(vrijgave, key)
    what = r.card.maten[access.headline(r)]
    out = []
    for kind, part in _by_kind(r):
        shown = part[~part["onderdrukt"].astype(bool) & part["schatting"].notna() & part["periode"].ne("")]
        if len(shown) < 2:
            continue
        who = KINDS[kind][1] if kind else ""
        parts: list[Inline] = [Tekst(f"{sentence_start(who)}: ")] if who else []
        parts += [Tekst(f"{what.label} "), Tekst(f"({what.eenheid}): ")]
        for rank, row in enumerate(access.records(shown)):
            before = "" if rank == 0 else "; " if rank < len(shown) - 1 else " en "
            parts += [
                *((Tekst(before),) if before else ()),
                Tekst(f"{row['periode']} "),
                Getal(number(row["schatting"], what.vorm), row["getal_id"]),
            ]
        parts.append(Tekst("."))
        every = part.loc[part["periode"].ne(""), "periode"].nunique()
        if gone := every - len(shown):
            parts.append(Tekst(f" Van {gone} van de {every} perioden is geen cijfer te zien."))
        out.append(Alinea(tuple(parts)))
    return out
