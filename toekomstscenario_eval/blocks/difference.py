"""Differences between two groups of a released result; both groups must have been shown."""

from __future__ import annotations

import math

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.observed_time import unequal_days
from toekomstscenario_eval.blocks.region_difference import (
    TESTS_TOO_SURE,
    TOO_SURE,
    in_time,
    is_of_regions,
    region_blocks,
)
from toekomstscenario_eval.designs.group_difference import (
    PROEFTUIN,
    TOO_FEW,
    VERGELIJKING,
    Difference,
    differences,
    of_groups,
)
from toekomstscenario_eval.document.document import Alinea, Block, Cel, Output, Tabel, Tekst
from toekomstscenario_eval.document.format import (
    EMPTY,
    field,
    interval,
    number,
    of_difference,
    of_unit,
    probability,
    sentence_start,
)
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.series import NO_PART
from toekomstscenario_eval.types import SITE_KIND, Maat, Result, Vorm

_UNIT = {"verhouding": ""}
# What the reason says of a group that may not be shown.
HIDDEN_GROUP = "niet getoond"
_WHOLE = (
    "Een mediaan en een percentiel van aantallen zijn hele getallen. Een interval kan daardoor bij het "
    "verschil zelf eindigen."
)
_NOT_DRAWN = (
    "De groepen zijn niet door loting bepaald. Een kleine p-waarde zegt dat toeval alleen het verschil niet "
    "verklaart, niet waardoor het komt. Huishoudens in één regio lijken op elkaar: toetsen die huishoudens "
    "of perioden als onafhankelijk tellen, vinden te snel iets."
)


def difference_blocks(
    vrijgave: Release, key: str, *, per: str = SITE_KIND, a: str = PROEFTUIN, b: str = VERGELIJKING
) -> tuple[Block, ...]:
    """Return everything about the difference of two groups: first what has the region as its unit."""
    pair = {"per": per, "a": a, "b": b}
    found = (differences_table(vrijgave, key, **pair), comparisons_table(vrijgave, key, **pair))
    plain = tuple(table for table in found if table)
    return *region_blocks(vrijgave, key, followed=bool(plain), **pair), *plain


def differences_table(
    vrijgave: Release, key: str, *, per: str = SITE_KIND, a: str = PROEFTUIN, b: str = VERGELIJKING
) -> Tabel | None:
    """Return group `a` minus group `b` for each estimand with an interval, or None when there is none.

    Raises
    ------
    GebruikFout
        When the result was not split by `per`.
    """
    r = access.released(vrijgave, key)
    access.rows(r, uitsplitsing=per)
    made = list(differences(r, per=per, a=a, b=b))
    rows = [
        _row(v, r.card.maten[naam], of_groups(r, naam, v, sources, per=per).id) for naam, v, sources in made
    ]
    if not rows:
        return None
    shown = [naam for naam, v, _ in made if not v.reden]
    return Tabel(
        f"{r.card.label}: verschil{_over(per)} naar {field(per).lower()}, "
        f"{in_time(r, per, a)} min {in_time(r, per, b)}",
        ("Maat", "Verschil", "95%-interval", "Hedges' g"),
        tuple(rows),
        (
            "Een beschrijving: de groepen zijn niet door loting bepaald.",
            *((TOO_SURE,) if is_of_regions(per) else ()),
            *(
                f"{r.card.maten[naam].label}: {_none(v)}, want {v.reden}."
                for naam, v, _ in made
                if v.reden and HIDDEN_GROUP not in v.reden
            ),
            *((_WHOLE,) if any(_touches(v) for _, v, _ in made) else ()),
            *filter(None, [unequal_days(vrijgave, r, shown, per=per)]),
        ),
    )


def _none(v: Difference) -> str:
    """Return what stands in place of a difference: not shown, or nothing to be known."""
    return HIDDEN_GROUP if v.reden == TOO_FEW else EMPTY


def _touches(v: Difference) -> bool:
    """Whether an interval ends at its estimate: that happens where both are whole numbers."""
    return not v.reden and v.schatting in (v.ondergrens, v.bovengrens)


def comparisons_table(
    vrijgave: Release, key: str, *, per: str = SITE_KIND, a: str = PROEFTUIN, b: str = VERGELIJKING
) -> Tabel | None:
    """Return the tests between groups that were computed, or None when there are none."""
    r = access.released(vrijgave, key)
    part = r.toetsen[r.toetsen["uitsplitsing"].eq(per)]
    rows = [_test_row(row) for row in access.records(part) if row["toets"] != NO_PART]
    if not rows:
        return None
    notes = [TESTS_TOO_SURE if is_of_regions(per) else _NOT_DRAWN]
    if methoden := dict.fromkeys(m for m in part["methode"] if m):
        notes.append(f"Methode: {'; '.join(methoden)}.")
    if part["onderdrukt"].any():
        notes.append(
            "Niet getoond: een groep waarop de toets rust is te klein om te tonen. Niet getoond is niet nul."
        )
    who = ", ".join(in_time(r, per, groep) for groep in next(iter(part["groepen"]), (a, b)))
    return Tabel(
        f"{r.card.label}: toetsen{_over(per)} naar {field(per).lower()} ({who})",
        ("Toets", "Uitkomst", "95%-interval", "Toetsgrootheid", "Vrijheidsgraden", "p-waarde"),
        tuple(rows),
        tuple(notes),
    )


def _over(per: str) -> str:
    """Return that households are the unit, where regions are what is compared."""
    return " over huishoudens" if is_of_regions(per) else ""


def no_tests(vrijgave: Release, key: str) -> str:
    """Return why there is no test between groups that were asked to be compared."""
    r = access.released(vrijgave, key)
    why = r.vergelijking.reden if r.vergelijking else ""
    if not why and SITE_KIND in access.breakdowns(r):
        found = access.rows(r, uitsplitsing=SITE_KIND, maat=access.headline(r))
        if found.loc[found["n"].gt(0), "groep"].nunique() < 2:
            why = "er is maar één soort regio met huishoudens"
    why = why or "deze soort indicator heeft er geen"
    return f"{r.card.label}: geen toets, want {why}."


def _test_row(row: access.Row) -> tuple[Cel, ...]:
    label = Cel(sentence_start(row["toets"]))
    if row["onderdrukt"]:
        return (label, *(Cel("", rechts=True, onderdrukt=True) for _ in range(5)))
    vorm = of_unit(row["eenheid"])
    outcome = (
        ""
        if math.isnan(row["schatting"])
        else number(row["schatting"], vorm) + _UNIT.get(row["eenheid"], f" {row['eenheid']}")
    )
    quantity = "" if math.isnan(row["statistiek"]) else number(row["statistiek"], Vorm.GETAL)
    spread = interval(row["ondergrens"], row["bovengrens"], vorm)
    df = "" if math.isnan(row["df"]) else number(row["df"], Vorm.GETAL)
    p = "" if math.isnan(row["p"]) else probability(row["p"])
    return (
        label,
        _cell(outcome, access.trace(row)),
        _cell(spread, access.trace(row, "interval")),
        _cell(quantity, access.trace(row, "statistiek" if outcome else "")),
        _cell(df, access.trace(row, "df")),
        _cell(p, access.trace(row, "p")),
    )


def _cell(text: str, getal: str) -> Cel:
    """Return a cell that traces its number, or says that there is none."""
    return Cel(text, getal, rechts=True) if text else Cel("geen", rechts=True)


def _row(v: Difference, maat: Maat, getal: str) -> tuple[Cel, ...]:
    label, vorm = maat.label, of_difference(maat.vorm)
    if v.reden:
        gone = HIDDEN_GROUP in v.reden or v.reden == TOO_FEW
        cell = Cel("" if gone else EMPTY, rechts=True, onderdrukt=gone)
        return (Cel(label), cell, Cel("geen", rechts=True), Cel("niet van toepassing", rechts=True))
    g = Cel("niet van toepassing", rechts=True)
    if not math.isnan(v.hedges_g):
        spread = interval(v.g_ondergrens, v.g_bovengrens, Vorm.GETAL)
        g = Cel(f"{number(v.hedges_g, Vorm.GETAL)} ({spread})", f"{getal}.hedges_g", rechts=True)
    return (
        Cel(label),
        Cel(number(v.schatting, vorm), getal, rechts=True),
        Cel(interval(v.ondergrens, v.bovengrens, vorm), f"{getal}.interval", rechts=True),
        g,
    )


def verschil(
    vrijgave: Release | Result,
    sleutel: str = "",
    *,
    per: str = SITE_KIND,
    a: str = PROEFTUIN,
    b: str = VERGELIJKING,
) -> Output:
    """Show in a notebook how much two groups differ: group `a` minus group `b`.

    Parameters
    ----------
    vrijgave : Result or Release
        The answer of `Study.bereken` or `Study.bundel`; anything else is refused.
    sleutel : str
        Name of the result in a bundle, such as `professionals_per_huishouden`.
    per : str
        A breakdown that was computed.
    a, b : str
        Two groups of that breakdown, by code or label.

    Raises
    ------
    GebruikFout
        When the result is split by period, or lacks the breakdown or one of the groups.
    """
    release, key = access.shown(vrijgave, sleutel)
    r = access.released(release, key)
    part = access.rows(r, uitsplitsing=per)
    if part["periode"].any():
        raise GebruikFout(
            f"van {key} is geen verschil te maken",
            verwacht="een resultaat over het hele venster",
            kreeg="een resultaat per periode",
            herstel="bereken de indicator nog eens, zonder 'periode'",
        )
    codes = [r.labels.code(per, naam) for naam in (a, b)]
    for naam, code in zip((a, b), codes, strict=True):
        if code not in part["groep"].to_numpy():
            raise GebruikFout(
                f"{key} heeft bij '{per}' geen groep '{naam}'",
                herstel=did_you_mean(naam, part["naam"].unique()),
            )
    pair = {"per": per, "a": codes[0], "b": codes[1]}
    blocks = difference_blocks(release, key, **pair)
    no = Alinea((Tekst(f"{r.card.label}: geen maat heeft in deze groepen een interval om te tonen."),))
    asked = r.vergelijking is not None and comparisons_table(release, key, **pair) is None
    without = (Alinea((Tekst(no_tests(release, key)),)),) if asked else ()
    return Output((*(blocks or (no,)), *without), release.id)
