"""Tables by kind of region: many indicators with the headline of each, or all estimands of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.explained import long_notes
from toekomstscenario_eval.blocks.leading import days_note, kinds, leading
from toekomstscenario_eval.blocks.observed_time import unequal_in_table
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell, reasons
from toekomstscenario_eval.blocks.whose import measured
from toekomstscenario_eval.document.document import Cel, Tabel
from toekomstscenario_eval.identity import COMPARISON, PILOT
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE_KIND, Result, Vorm

_HEADINGS = {PILOT: "Proeftuinen", COMPARISON: "Vergelijkings\u00adregio's", "": "Geheel"}
_HOUSEHOLDS = "Huishoudens"
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


def _spots(r: Result, columns: Sequence[str]) -> dict[str, dict[str, access.Row]]:
    """Return for each column (a kind of region, or empty text: the whole) the row of every estimand."""
    parts = {
        kind: access.rows(r, uitsplitsing=SITE_KIND if kind else "") for kind in columns if _has(r, kind)
    }
    groups = {kind: part[part["groep"].eq(kind)] if kind else part for kind, part in parts.items()}
    return {kind: {row["maat"]: row for row in access.records(part)} for kind, part in groups.items()}


def _has(r: Result, kind: str) -> bool:
    return not r.reden_nvt and (not kind or SITE_KIND in access.breakdowns(r))


def _columns(results: Sequence[Result]) -> list[str]:
    """Return the kinds of region that a table has columns of; of the whole where no kind stands apart."""
    found = [kind for r in results if not r.reden_nvt for kind in kinds(r)]
    return [kind for kind in _HEADINGS if kind in found] or [""]


def _headings(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(title for kind in columns for title in (_HEADINGS[kind], "95%-interval", _HOUSEHOLDS))


def _cells(
    found: Mapping[str, Mapping[str, access.Row]], columns: Sequence[str], maat: str, vorm: Vorm
) -> list[Cel]:
    """Return the figure, interval and households of an estimand in every column."""
    out: list[Cel] = []
    for kind in columns:
        row = found.get(kind, {}).get(maat)
        own = (
            (number_cell(row, vorm), interval_cell(row, vorm), count_cell(row, "n"))
            if row is not None
            else (Cel("geen", rechts=True),) * 3
        )
        out += own
    return out


def kinds_table(vrijgave: Release, key: str) -> Tabel:
    """Return all estimands of a result by kind of region, in the order of the card; never pooled.

    Of the whole where the result has one kind of region.
    """
    r = access.released(vrijgave, key)
    columns = _columns([r])
    found = _spots(r, columns)
    maten = r.card.maten_bij(r.params)
    rows = [row for part in found.values() for row in part.values()]
    when = days_note([r])
    # A stand is on a day, which is told with the regions that count on it.
    own = [] if r.card.op_een_dag and when else [f"{measured(r)}."]
    notes = [" ".join([*own, "Interval: 95%."]), *when]
    notes += long_notes((r, row) for row in rows)
    notes += reasons(r, pd.DataFrame(rows))
    return Tabel(
        f"{r.card.label}: alle maten" + (", naar soort regio" if columns != [""] else ""),
        ("Maat (eenheid)", *_headings(columns)),
        tuple(
            (Cel(f"{maat.label} ({maat.eenheid})"), *_cells(found, columns, naam, maat.vorm))
            for naam, maat in maten.items()
        ),
        tuple(notes),
    )


def _row(r: Result, columns: Sequence[str]) -> tuple[Cel, ...]:
    naam = access.headline(r)
    maat = r.card.maten_bij(r.params)[naam]
    label = Cel(f"{_name(r)} ({maat.eenheid})")
    if r.reden_nvt:
        return (label, *(Cel("nvt", rechts=True) for _ in _headings(columns)))
    return (label, *_cells(_spots(r, columns), columns, naam, maat.vorm))


def compact_table(vrijgave: Release, namen: Sequence[str], *, title: str, choices: bool = True) -> Tabel:
    """Return one row per result: its headline in each kind of region, with interval and households.

    Of proeftuinen from their start on where the release has that; see `leading`.

    Parameters
    ----------
    namen : sequence of str
        Names of results in the release; one that does not apply says so in its row.
    choices : bool
        Say below the table what was chosen where that decides what is counted.
    """
    results = [leading(vrijgave, naam) for naam in namen]
    columns = _columns(results)
    redenen = sorted({r.reden_nvt for r in results if r.reden_nvt})
    notes = ["Interval: 95%. Definities: zie het codeboek van het handboek.", *days_note(results)]
    told = [(r, row) for r in results for row in _headlines(r, columns)]
    notes += [*unequal_in_table(vrijgave, results), *long_notes(told)]
    chosen = [f"{_name(r)} ({words})" for r in results if (words := _choices(r))]
    if choices and chosen:
        notes.append(f"Keuzes: {'; '.join(chosen)}.")
    if redenen:
        notes.append(f"Nvt is niet van toepassing: {'; '.join(redenen)}.")
    if any(row["onderdrukt"] for _, row in told):
        notes.append("Niet getoond is niet nul: op deze plek is dit niet openbaar.")
    return Tabel(
        title,
        ("Indicator (eenheid)", *_headings(columns)),
        tuple(_row(r, columns) for r in results),
        tuple(notes),
    )


def _headlines(r: Result, columns: Sequence[str]) -> list[access.Row]:
    """Return the rows of a result that stand in a table."""
    if r.reden_nvt:
        return []
    naam = access.headline(r)
    return [part[naam] for part in _spots(r, columns).values() if naam in part]
