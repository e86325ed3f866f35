"""Sentences about released results: estimate, interval, n, and what it does not say."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.count_words import HOUSEHOLDS
from toekomstscenario_eval.blocks.whose import days, some, whose
from toekomstscenario_eval.blocks.wording import name
from toekomstscenario_eval.document.document import Alinea, Getal, Inline, Output, Tekst
from toekomstscenario_eval.document.format import (
    EMPTY,
    field,
    interval,
    number,
    of_method,
    sentence_case,
    sentence_start,
    unit,
)
from toekomstscenario_eval.identity import COMPARISON, PILOT, TOTAAL
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE_KIND, Result, Vorm

_NO_RANKING = " Dit is geen ranglijst."


def sentence(
    vrijgave: Release,
    key: str,
    *,
    maat: str | None = None,
    per: str = "",
    groep: str = TOTAAL,
    opening: str = "",
) -> Alinea:
    """Return one sentence with the estimate, its interval and the number of households.

    `opening` stands before the figure in place of the label and the group.
    """
    r = access.released(vrijgave, key)
    if r.reden_nvt:
        return Alinea((Tekst(f"{r.card.label}: niet van toepassing, want {r.reden_nvt}."),))
    maat = maat or access.headline(r)
    what = r.card.maten[maat]
    rows = access.rows(r, uitsplitsing=per, maat=maat)
    rows = rows[rows["groep"].eq(groep)]
    whole = whose(r)
    who = f" ({whole})" if whole else ""
    if groep != TOTAAL:
        who = f" ({field(per).lower()}: {name(r, per, groep)})"
    opening = opening or f"{what.label}{who}"
    if len(rows) != 1:
        return Alinea((Tekst(f"{opening}: voor deze groep is geen enkel getal berekend."),))
    row = rows.iloc[0]
    if row["onderdrukt"]:
        return Alinea((Tekst(f"{opening}: niet getoond ({row['methode']})."),))
    if row["leest"]:
        return Alinea(
            (
                Tekst(f"{opening}: "),
                Getal(row["leest"], access.trace(row)),
                Tekst("." if HOUSEHOLDS in row["leest"] else f" {HOUSEHOLDS}."),
            )
        )
    text = of_method(row["schatting"], what.vorm, str(row["methode"]))
    if text == EMPTY:
        return Alinea((Tekst(f"{opening}: niet te bepalen ({row['methode']})."),))
    spread = interval(row["ondergrens"], row["bovengrens"], what.vorm)
    parts: list[Inline] = [
        Tekst(f"{opening}: "),
        Getal(text, row["getal_id"]),
        Tekst(f"{unit(what)} ("),
    ]
    if spread:
        parts += [Tekst("95%-interval "), Getal(spread, access.trace(row, "interval")), Tekst("; ")]
    parts += [Getal(number(row["n"], Vorm.TELLING), access.trace(row, "n")), Tekst(" huishoudens).")]
    return Alinea(tuple(parts))


def headline_sentence(vrijgave: Release, key: str) -> Alinea:
    """Return the sentence of each kind of region, and of the whole where there is one kind, or none is shown.

    Kinds of region are never pooled where they stand apart.
    """
    r = access.released(vrijgave, key)
    if r.reden_nvt or SITE_KIND not in access.breakdowns(r):
        return sentence(vrijgave, key)
    rows = access.rows(r, uitsplitsing=SITE_KIND, maat=access.headline(r))
    if len(r.regios) < 2:
        return sentence(vrijgave, key)
    label = r.card.maten[access.headline(r)].label
    if rows["onderdrukt"].all():
        # What is shown of nobody is about nobody in particular.
        return sentence(vrijgave, key, opening=label)
    openings = {PILOT: f"{label} in {some(r, PILOT)}, {days(r)}", COMPARISON: f"In {some(r, COMPARISON)}"}
    parts: list[Inline] = []
    for groep, opening in openings.items():
        if rows["groep"].eq(groep).any():
            parts += [Tekst(" ")] if parts else []
            opening = opening if groep == PILOT or parts else f"{label}, {opening.lower()}"
            parts += sentence(vrijgave, key, per=SITE_KIND, groep=groep, opening=opening).inhoud
    return Alinea(tuple(parts))


def zin(
    vrijgave: Release | Result,
    sleutel: str = "",
    *,
    maat: str | None = None,
    per: str = "",
    groep: str = TOTAAL,
) -> Output:
    """Show one sentence in a notebook; see `sentence`. A group may be named by its code or its label."""
    release, key = access.shown(vrijgave, sleutel)
    groep = access.released(release, key).labels.code(per, groep)
    return Output((sentence(release, key, maat=maat, per=per, groep=groep),), release.id)


def overlapping(shown: pd.DataFrame) -> tuple[int, int]:
    """Return how many pairs of rows have intervals that share a value, and how many pairs have both."""
    bounds = shown[["ondergrens", "bovengrens"]].dropna().itertuples(index=False)
    pairs = [max(a[0], b[0]) <= min(a[1], b[1]) for a, b in combinations(bounds, 2)]
    return sum(pairs), len(pairs)


def _overlap(shown: pd.DataFrame) -> tuple[Inline, ...]:
    """Say how often the intervals overlap; without two of them there is nothing to say."""
    both, pairs = overlapping(shown)
    if not pairs:
        return ()
    how = {0: "in geen enkel paar", pairs: "in elk paar"}.get(both, f"in {both} van de {pairs} paren")
    return (Tekst(f" De intervallen overlappen {how}."),)


def range_sentence(vrijgave: Release, key: str, *, per: str, maat: str | None = None) -> Alinea | None:
    """Return a sentence on the lowest and highest group, or None with fewer than two that are shown.

    It says so when not all are shown: then it is no range over the groups.
    """
    r = access.released(vrijgave, key)
    maat = maat or access.headline(r)
    what = r.card.maten[maat]
    rows = access.rows(r, uitsplitsing=per, maat=maat)
    shown = rows[~rows["onderdrukt"] & rows["schatting"].notna()].sort_values(["schatting", "naam"])
    if len(shown) < 2:
        return None
    low, high = shown.iloc[0], shown.iloc[-1]
    gone, by = len(rows) - len(shown), f"per {field(per).lower()}"
    label = sentence_case(what.label)
    # What is not seen may lie beyond what is: a range without this would be read as one over all.
    of_all = f"Van {len(shown)} van de {len(rows)} groepen is een cijfer te zien. Daar"
    least, most = (number(row["schatting"], what.vorm) for row in (low, high))
    ends: tuple[Inline, ...] = (Getal(least, low["getal_id"]), Tekst(f".{_NO_RANKING}"))
    if least != most:
        top = Getal(most, high["getal_id"])
        ends = (ends[0], Tekst(f" ({low['naam']}) tot "), top, Tekst(f" ({high['naam']}).{_NO_RANKING}"))
    verb = ("is", "steeds ") if least == most else ("loopt", "van ")
    opening = f"{of_all} {verb[0]} {label} {by}" if gone else f"{sentence_start(by)} {verb[0]} {label}"
    return Alinea(
        (
            Tekst(f"{opening} {verb[1]}"),
            *ends,
            *((Tekst(" Bij de andere kan het lager of hoger zijn."),) if gone else ()),
            *_overlap(shown),
        )
    )
