"""Differences between two groups of a released result; both groups must have been shown."""

from __future__ import annotations

import math

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.wording import name
from toekomstscenario_eval.designs.group_difference import (
    PROEFTUIN,
    VERGELIJKING,
    Difference,
    SiteDifference,
    by_site,
    differences,
    of_groups,
    of_sites,
)
from toekomstscenario_eval.document.document import Alinea, Cel, Output, Tabel, Tekst
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
# With fewer sites of one kind than this a comparison of sites rests on hardly anything.
_FEW_SITES = 5
_NOT_DRAWN = (
    "De groepen zijn niet door loting bepaald. Een kleine p-waarde zegt dat toeval alleen het verschil niet "
    "verklaart, niet waardoor het komt. Huishoudens in één regio lijken op elkaar: waar de regio de eenheid "
    "is, telt het aantal regio's, en dat is klein. Toetsen die perioden als onafhankelijk tellen, vinden te "
    "snel iets."
)


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
    return Tabel(
        f"{r.card.label}: verschil naar {field(per).lower()}, {name(r, per, a)} min {name(r, per, b)}",
        ("Maat", "Verschil", "95%-interval", "Hedges' g"),
        tuple(rows),
        (
            "Over het hele venster. Een beschrijving: de groepen zijn niet door loting bepaald.",
            *(
                f"{r.card.maten[naam].label}: {EMPTY}, want {v.reden}."
                for naam, v, _ in made
                if v.reden and HIDDEN_GROUP not in v.reden
            ),
            *((_WHOLE,) if any(_touches(v) for _, v, _ in made) else ()),
        ),
    )


def _touches(v: Difference) -> bool:
    """Whether an interval ends at its estimate: that happens where both are whole numbers."""
    return not v.reden and v.schatting in (v.ondergrens, v.bovengrens)


def comparisons_table(
    vrijgave: Release, key: str, *, per: str = SITE_KIND, a: str = PROEFTUIN, b: str = VERGELIJKING
) -> Tabel | None:
    """Return the tests between groups that were computed, and the difference with sites as units.

    None when there is neither.
    """
    r = access.released(vrijgave, key)
    part = r.toetsen[r.toetsen["uitsplitsing"].eq(per)]
    rows = [_test_row(row) for row in access.records(part) if row["toets"] != NO_PART]
    notes = [_NOT_DRAWN]
    if methoden := dict.fromkeys(m for m in part["methode"] if m):
        notes.append(f"Methode: {'; '.join(methoden)}.")
    if regios := by_site(r, per=per, a=a, b=b):
        v, sources = regios
        getal = of_sites(r, access.headline(r), v, sources).id
        rows.append(_site_row(v, r.card.maten[access.headline(r)], getal))
        notes.append(
            f"Regio als eenheid: {name(r, per, a)} ({v.aantal[0]} getoonde regio's) min {name(r, per, b)} "
            f"({v.aantal[1]}), elke regio even zwaar; t-toets volgens Welch, nooit nauwer dan de "
            "onzekerheid van de regio's zelf."
        )
        notes += _warnings(r, v, per=per, a=a, b=b)
    if not rows:
        return None
    if part["onderdrukt"].any():
        notes.append(
            "Niet getoond: een groep waarop de toets rust is te klein om te tonen. Niet getoond is niet nul."
        )
    who = ", ".join(name(r, per, groep) for groep in next(iter(part["groepen"]), (a, b)))
    return Tabel(
        f"{r.card.label}: toetsen naar {field(per).lower()} ({who})",
        ("Toets", "Uitkomst", "95%-interval", "Toetsgrootheid", "Vrijheidsgraden", "p-waarde"),
        tuple(rows),
        tuple(notes),
    )


def _warnings(r: Result, v: SiteDifference, *, per: str, a: str, b: str) -> list[str]:
    """Return what a reader must know first: few sites of a kind, a difference that points the other way."""
    out, least = [], min(v.aantal)
    if least < _FEW_SITES:
        who = name(r, per, (a, b)[v.aantal.index(least)])
        out.append(
            f"Let op: van de soort '{who}' doen maar {least} regio's mee. Hun gemiddelde hangt sterk af "
            "van elke regio apart."
        )
    naam = access.headline(r)
    both = next((d for key, d, _ in differences(r, per=per, a=a, b=b) if key == naam and not d.reden), None)
    if both is not None and both.schatting * v.schatting < 0:
        vorm = of_difference(r.card.maten[naam].vorm)
        out.append(
            f"Let op: over alle huishoudens samen is het verschil {number(both.schatting, vorm)}, met de "
            f"regio als eenheid {number(v.schatting, vorm)}. Die wijzen een andere kant op: trek hieruit "
            "geen conclusie over welke groep hoger ligt."
        )
    return out


def no_tests(vrijgave: Release, key: str) -> str:
    """Return why there is no test between groups that were asked to be compared."""
    r = access.released(vrijgave, key)
    why = r.vergelijking.reden if r.vergelijking else ""
    why = why or "deze soort indicator heeft er geen, of van te weinig regio's is een getal te zien"
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


def _site_row(v: SiteDifference, maat: Maat, getal: str) -> tuple[Cel, ...]:
    vorm = of_difference(maat.vorm)
    return (
        Cel(f"{maat.label}, regio als eenheid"),
        _cell(number(v.schatting, vorm), getal),
        _cell(interval(v.ondergrens, v.bovengrens, vorm), f"{getal}.interval"),
        _cell(number(v.t, Vorm.GETAL), f"{getal}.statistiek"),
        _cell(number(v.df, Vorm.GETAL), f"{getal}.df"),
        _cell(probability(v.p), f"{getal}.p"),
    )


def _row(v: Difference, maat: Maat, getal: str) -> tuple[Cel, ...]:
    label, vorm = maat.label, of_difference(maat.vorm)
    if v.reden:
        gone = HIDDEN_GROUP in v.reden
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
    tables = [make(release, key, **pair) for make in (differences_table, comparisons_table)]
    no = Alinea((Tekst(f"{r.card.label}: geen maat heeft in deze groepen een interval om te tonen."),))
    asked = r.vergelijking is not None and tables[-1] is None
    without = (Alinea((Tekst(no_tests(release, key)),)),) if asked else ()
    return Output((*(tuple(table for table in tables if table) or (no,)), *without), release.id)
