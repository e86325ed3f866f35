"""Many indicators in one table: the headline of each, for the whole and per kind of region."""

from __future__ import annotations

from collections.abc import Sequence

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.explained import long_notes, outside, outside_note
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.document.document import Cel, Tabel
from toekomstscenario_eval.document.format import sentence_case
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE_KIND, Result

_GROEPEN = ("proeftuin", "vergelijking")
_NO_CHOICE = ("alle", "meest_gebruikt", 0)
_OWN_WORD = 5  # shorter words say nothing about what is counted


def _label(card: str, maat: str) -> str:
    """Return the label of the estimand, after that of the indicator when they share no word."""
    words = {word.strip(":,()") for word in card.lower().split() if len(word) >= _OWN_WORD}
    own = any(word in maat.lower() for word in words) or maat == card
    return maat if own else f"{card}: {maat}"


def _name(r: Result) -> str:
    return _label(r.card.label, r.card.maten_bij(r.params)[access.headline(r)].label)


def _choices(r: Result) -> str:
    """Return what was chosen where a choice decides what is counted: a scale, a step, a threshold.

    What leaves nothing out, and a bound of nothing, say no more than the name does.
    """
    told = {k: v for k, v in r.params.items() if v not in _NO_CHOICE}
    return ", ".join(f"{k} = {v}".replace("_", " ") for k, v in told.items())


def _places(r: Result) -> tuple[access.Row, list[access.Row]]:
    """Return the headline of the whole, and of each kind of region there is."""
    naam = access.headline(r)
    per = [SITE_KIND] if SITE_KIND in access.breakdowns(r) else []
    parts = [row for u in per for row in access.records(access.rows(r, uitsplitsing=u, maat=naam))]
    return access.records(access.rows(r, uitsplitsing="", maat=naam))[0], parts


def _row(r: Result) -> tuple[Cel, ...]:
    maat = r.card.maten_bij(r.params)[access.headline(r)]
    label = f"{_name(r)} ({maat.eenheid})"
    if r.reden_nvt:
        empty = Cel("nvt", rechts=True)
        return (Cel(label), empty, empty, empty, empty, empty)
    row, parts = _places(r)
    per_groep = {part["groep"]: part for part in parts}
    side = [
        number_cell(per_groep[g], maat.vorm) if g in per_groep else Cel("geen", rechts=True) for g in _GROEPEN
    ]
    return (
        Cel(label),
        number_cell(row, maat.vorm),
        interval_cell(row, maat.vorm),
        *side,
        count_cell(row, "n"),
    )


def compact_table(vrijgave: Release, namen: Sequence[str], *, title: str) -> Tabel:
    """Return one row per result: headline estimate with interval, and the two kinds of region.

    Parameters
    ----------
    namen : sequence of str
        Names of results in the release; one that does not apply says so in its row.
    """
    results = [access.released(vrijgave, naam) for naam in namen]
    redenen = sorted({r.reden_nvt for r in results if r.reden_nvt})
    notes = ["Interval: 95%, bij het geheel. Definities: zie het codeboek van het handboek."]
    places = {r.sleutel: _places(r) for r in results if not r.reden_nvt}
    notes += outside_note(
        sentence_case(r.card.maten[places[r.sleutel][0]["maat"]].label)
        for r in results
        if r.sleutel in places and outside(r, *places[r.sleutel])
    )
    notes += long_notes(
        (r, row)
        for r in results
        if r.sleutel in places
        for row in (places[r.sleutel][0], *places[r.sleutel][1])
    )
    if chosen := [f"{_name(r)} ({choices})" for r in results if (choices := _choices(r))]:
        notes.append(f"Keuzes: {'; '.join(chosen)}.")
    if redenen:
        notes.append(f"Nvt is niet van toepassing: {'; '.join(redenen)}.")
    if any(r.schattingen["onderdrukt"].any() for r in results if not r.reden_nvt):
        notes.append("Niet getoond is niet nul: op deze plek is dit niet openbaar.")
    return Tabel(
        title,
        (
            "Indicator (eenheid)",
            "Geheel",
            "95%-interval",
            "Proeftuinen",
            "Vergelijkings\u00adregio's",
            "Huishoudens",
        ),
        tuple(_row(r) for r in results),
        tuple(notes),
    )
