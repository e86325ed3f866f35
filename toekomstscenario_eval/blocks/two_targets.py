"""Whom the interval of a figure over several regions is about: regions like these, or these households.

The interval over regions leads. Where it cannot be given, the reason stands in its place.
"""

from __future__ import annotations

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.sentence import sentence
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.designs._sites import compared
from toekomstscenario_eval.designs.over_regions import OverRegions, over_regions
from toekomstscenario_eval.document.document import Cel, Getal, Inline, Tabel, Tekst
from toekomstscenario_eval.document.format import interval, number, unit
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE_KIND, Maat, Result, Vorm

# Up to this many times as heavy regions weigh about the same.
_EVEN = 1.25
LIKE_THESE, THESE = "Regio's zoals deze", "Deze huishoudens in deze regio's"
_LOWER = "regio's zoals deze"


def both_targets(vrijgave: Release, key: str, kind: str, *, opening: str) -> tuple[Inline, ...]:
    """Return the headline of a kind of region for both targets, the one over regions first.

    `opening` says what figure of whom it is.
    """
    r = access.released(vrijgave, key)
    naam = access.headline(r)
    found = over_regions(r, kind, maat=naam)
    first = _first(vrijgave, r, found, opening=opening)
    if not found.reden:
        beside = sentence(vrijgave, key, per=SITE_KIND, groep=kind, opening=THESE).inhoud
        return (*first, Tekst(" "), *beside)
    if not _has_number(r, kind):
        return first
    why = Tekst(f" Voor regio's zoals deze is geen interval te geven: {found.reden}.")
    other = found if compared(r) == naam else over_regions(r, kind)
    if other.reden:
        return (*first, why)
    # Of a median there is none; the first figure of the card that has a standard error takes its place.
    maat = r.card.maten[other.naam]
    return (*first, why, Tekst(f" {maat.label} in regio's zoals deze: "), *_like_these(maat, other))


def first_target(vrijgave: Release, key: str, kind: str, *, opening: str) -> tuple[Inline, ...]:
    """Return the headline of a kind of region for the target that leads; see `both_targets`."""
    r = access.released(vrijgave, key)
    return _first(vrijgave, r, over_regions(r, kind, maat=access.headline(r)), opening=opening)


def _first(vrijgave: Release, r: Result, found: OverRegions, *, opening: str) -> tuple[Inline, ...]:
    if not found.reden:
        return (Tekst(f"{opening}, {_LOWER}: "), *_like_these(r.card.maten[found.naam], found))
    whose = f"{opening}, deze huishoudens in deze regio's" if _has_number(r, found.soort) else opening
    return sentence(vrijgave, r.sleutel, per=SITE_KIND, groep=found.soort, opening=whose).inhoud


def _has_number(r: Result, kind: str) -> bool:
    rows = access.rows(r, uitsplitsing=SITE_KIND, maat=access.headline(r))
    return bool(rows.loc[rows["groep"].eq(kind), "schatting"].notna().any())


def _like_these(maat: Maat, found: OverRegions) -> tuple[Inline, ...]:
    getal = found.made.id
    return (
        Getal(number(found.gemiddelde, maat.vorm), getal),
        Tekst(f"{unit(maat)} (95%-interval "),
        Getal(interval(found.ondergrens, found.bovengrens, maat.vorm), f"{getal}.interval"),
        Tekst(f"; {found.aantal} regio's)."),
    )


def targets_table(vrijgave: Release, key: str) -> Tabel | None:
    """Return the figure of each kind of region for both targets; None when there is none over regions."""
    r = access.released(vrijgave, key)
    naam = compared(r)
    maat, rows, notes, any_over = r.card.maten[naam], [], [], False
    for row in access.records(access.rows(r, uitsplitsing=SITE_KIND, maat=naam)):
        found = over_regions(r, row["groep"], maat=naam)
        any_over |= not found.reden
        if found.reden:
            notes.append(f"{row['naam']}: geen interval voor regio's zoals deze, want {found.reden}.")
        else:
            rows.append((Cel(row["naam"]), Cel(LIKE_THESE), *_over_cells(maat.vorm, found)))
            notes.append(_weights(row["naam"], found.verhouding))
        cells = number_cell(row, maat.vorm), interval_cell(row, maat.vorm)
        rows.append((Cel(row["naam"]), Cel(THESE), *cells, Cel("", rechts=True), count_cell(row, "n")))
    if not any_over:
        return None
    return Tabel(
        f"{maat.label} ({maat.eenheid}): voor wie het cijfer geldt",
        ("Soort regio", "Voor wie", maat.label, "95%-interval", "Regio's", "Huishoudens"),
        tuple(rows),
        (
            "In het gemiddelde over regio's telt een regio zwaarder naarmate haar cijfer zekerder is, en "
            "scheelt dat minder naarmate regio's meer verschillen. In het cijfer van deze huishoudens telt "
            "elk huishouden even zwaar; zijn interval zegt niets over andere regio's.",
            *notes,
        ),
    )


def _weights(naam: str, ratio: float) -> str:
    """Return how uneven regions weigh in the mean over them."""
    if ratio < _EVEN:
        return f"{naam}: in het gemiddelde over regio's telt elke regio ongeveer even zwaar."
    times = number(ratio, Vorm.GETAL)
    return (
        f"{naam}: in het gemiddelde over regio's telt de zwaarste regio ongeveer {times} keer zo zwaar als "
        "de lichtste."
    )


def _over_cells(vorm: Vorm, found: OverRegions) -> tuple[Cel, ...]:
    getal = found.made.id
    return (
        Cel(number(found.gemiddelde, vorm), getal, rechts=True),
        Cel(interval(found.ondergrens, found.bovengrens, vorm), f"{getal}.interval", rechts=True),
        Cel(str(found.aantal), rechts=True),
        Cel("", rechts=True),
    )
