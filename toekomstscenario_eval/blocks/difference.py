"""Differences between two groups of a released result; both groups must have been shown."""

from __future__ import annotations

import math

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.wording import name
from toekomstscenario_eval.designs.verschil import (
    PROEFTUIN,
    VERGELIJKING,
    Difference,
    SiteDifference,
    by_site,
    differences,
    of_groups,
    of_sites,
)
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.document.document import Alinea, Cel, Tabel, Tekst, Uitvoer
from toekomstscenario_eval.document.format import (
    LEEG,
    field,
    interval,
    number,
    of_unit,
    probability,
    sentence_start,
)
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.types import SITE_KIND, Maat, Vorm

_UNIT = {"verhouding": ""}
_NIET_GELOOT = (
    "De groepen zijn niet door loting bepaald. Een kleine p-waarde zegt dat toeval alleen het verschil niet "
    "verklaart, niet waardoor het komt. Huishoudens in één regio lijken op elkaar: waar de regio de eenheid "
    "is, telt het aantal regio's, en dat is klein. Toetsen die perioden als onafhankelijk tellen, vinden te "
    "snel iets."
)


def differences_table(
    vrijgave: Release, sleutel: str, *, per: str = SITE_KIND, a: str = PROEFTUIN, b: str = VERGELIJKING
) -> Tabel | None:
    """Return group `a` minus group `b` for each estimand with an interval, or None when there is none.

    Raises
    ------
    GebruikFout
        When the result was not split by `per`.
    """
    r = access.released(vrijgave, sleutel)
    access.rows(r, uitsplitsing=per)
    rijen = [
        _row(v, r.card.maten[naam], of_groups(r, naam, v, bronnen, per=per).id)
        for naam, v, bronnen in differences(r, per=per, a=a, b=b)
    ]
    if not rijen:
        return None
    return Tabel(
        f"{r.card.label}: verschil naar {field(per).lower()}, {name(r, per, a)} min {name(r, per, b)}",
        ("Maat", "Verschil", "95%-interval", "Hedges' g"),
        tuple(rijen),
        (
            "Over het hele venster; bij een aandeel in procentpunten. Een beschrijving: de groepen zijn niet "
            "door loting bepaald.",
        ),
    )


def comparisons_table(
    vrijgave: Release, sleutel: str, *, per: str = SITE_KIND, a: str = PROEFTUIN, b: str = VERGELIJKING
) -> Tabel | None:
    """Return the tests between groups that were computed, and the difference with sites as units.

    None when there is neither.
    """
    r = access.released(vrijgave, sleutel)
    deel = r.toetsen[r.toetsen["uitsplitsing"].eq(per)]
    rijen = [_test_row(rij) for rij in access.records(deel)]
    noten = [_NIET_GELOOT]
    if methoden := dict.fromkeys(m for m in deel["methode"] if m):
        noten.append(f"Methode: {'; '.join(methoden)}.")
    if regios := by_site(r, per=per, a=a, b=b):
        v, bronnen = regios
        getal = of_sites(access.headline(r), v, bronnen).id
        rijen.append(_site_row(v, r.card.maten[access.headline(r)], getal))
        noten.append(
            f"Regio als eenheid: {name(r, per, a)} ({v.aantal[0]} getoonde regio's) min {name(r, per, b)} "
            f"({v.aantal[1]}), elke regio even zwaar; t-toets volgens Welch."
        )
    if not rijen:
        return None
    if deel["onderdrukt"].any():
        noten.append(
            "Onderdrukt: een groep waarop de toets rust is te klein om te tonen. Onderdrukt is niet nul."
        )
    wie = ", ".join(name(r, per, groep) for groep in next(iter(deel["groepen"]), (a, b)))
    return Tabel(
        f"{r.card.label}: toetsen naar {field(per).lower()} ({wie})",
        ("Toets", "Uitkomst", "95%-interval", "Toetsgrootheid", "Vrijheidsgraden", "p-waarde"),
        tuple(rijen),
        tuple(noten),
    )


def _test_row(rij: access.Row) -> tuple[Cel, ...]:
    label = Cel(sentence_start(rij["toets"]))
    if rij["onderdrukt"]:
        return (label, *(Cel("", rechts=True, onderdrukt=True) for _ in range(5)))
    vorm = of_unit(rij["eenheid"])
    uitkomst = (
        ""
        if math.isnan(rij["schatting"])
        else number(rij["schatting"], vorm) + _UNIT.get(rij["eenheid"], f" {rij['eenheid']}")
    )
    grootheid = "" if math.isnan(rij["statistiek"]) else number(rij["statistiek"], Vorm.GETAL)
    spreiding = interval(rij["ondergrens"], rij["bovengrens"], vorm)
    df = "" if math.isnan(rij["df"]) else number(rij["df"], Vorm.GETAL)
    p = "" if math.isnan(rij["p"]) else probability(rij["p"])
    return (
        label,
        _cell(uitkomst, access.trace(rij)),
        _cell(spreiding, access.trace(rij, "interval")),
        _cell(grootheid, access.trace(rij, "statistiek" if uitkomst else "")),
        _cell(df, access.trace(rij, "df")),
        _cell(p, access.trace(rij, "p")),
    )


def _cell(tekst: str, getal: str) -> Cel:
    """Return a cell that traces its number, or says that there is none."""
    return Cel(tekst, getal, rechts=True) if tekst else Cel("geen", rechts=True)


def _site_row(v: SiteDifference, maat: Maat, getal: str) -> tuple[Cel, ...]:
    return (
        Cel(f"{maat.label}, regio als eenheid"),
        _cell(number(v.schatting, maat.vorm), getal),
        _cell(interval(v.ondergrens, v.bovengrens, maat.vorm), f"{getal}.interval"),
        _cell(number(v.t, Vorm.GETAL), f"{getal}.statistiek"),
        _cell(number(v.df, Vorm.GETAL), f"{getal}.df"),
        _cell(probability(v.p), f"{getal}.p"),
    )


def _row(v: Difference, maat: Maat, getal: str) -> tuple[Cel, ...]:
    label, vorm = maat.label, maat.vorm
    if v.reden:
        weg = "onderdrukt" in v.reden
        cel = Cel("" if weg else LEEG, rechts=True, onderdrukt=weg)
        return (Cel(label), cel, Cel("geen", rechts=True), Cel("niet van toepassing", rechts=True))
    g = Cel("niet van toepassing", rechts=True)
    if not math.isnan(v.hedges_g):
        spreiding = interval(v.g_ondergrens, v.g_bovengrens, Vorm.GETAL)
        g = Cel(f"{number(v.hedges_g, Vorm.GETAL)} ({spreiding})", f"{getal}.hedges_g", rechts=True)
    return (
        Cel(label),
        Cel(number(v.schatting, vorm), getal, rechts=True),
        Cel(interval(v.ondergrens, v.bovengrens, vorm), f"{getal}.interval", rechts=True),
        g,
    )


def verschil(
    vrijgave: Release, sleutel: str, *, per: str = SITE_KIND, a: str = PROEFTUIN, b: str = VERGELIJKING
) -> Uitvoer:
    """Show in a notebook how much two groups differ: group `a` minus group `b`.

    Parameters
    ----------
    vrijgave : Release
        The answer of `Study.geef_vrij`; anything else is refused.
    sleutel : str
        Name of the result, such as `professionals_per_huishouden`.
    per : str
        A breakdown that was computed.
    a, b : str
        Two groups of that breakdown, by code or label.

    Raises
    ------
    GebruikFout
        When the result is split by period, or lacks the breakdown or one of the groups.
    """
    r = access.released(vrijgave, sleutel)
    deel = access.rows(r, uitsplitsing=per)
    if deel["periode"].any():
        raise GebruikFout(
            f"van {sleutel} is geen verschil te maken",
            verwacht="een resultaat over het hele venster",
            kreeg="een resultaat per periode",
            herstel="bereken de indicator nog eens, zonder 'periode'",
        )
    codes = [r.labels.code(per, naam) for naam in (a, b)]
    for naam, code in zip((a, b), codes, strict=True):
        if code not in deel["groep"].to_numpy():
            raise GebruikFout(
                f"{sleutel} heeft bij '{per}' geen groep '{naam}'",
                herstel=bedoelt_u(naam, deel["naam"].unique()),
            )
    paar = {"per": per, "a": codes[0], "b": codes[1]}
    tabellen = [maak(vrijgave, sleutel, **paar) for maak in (differences_table, comparisons_table)]
    geen = Alinea((Tekst(f"{r.card.label}: geen maat heeft in deze groepen een interval om te tonen."),))
    return Uitvoer(tuple(tabel for tabel in tabellen if tabel) or (geen,), vrijgave.id)
