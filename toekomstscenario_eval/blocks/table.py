"""Tables of released results."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from toekomstscenario_eval.blocks import access, whose
from toekomstscenario_eval.blocks.count_words import HOUSEHOLDS, few, threshold, words
from toekomstscenario_eval.blocks.explained import long_notes, outside, outside_note
from toekomstscenario_eval.blocks.views import VIEWS
from toekomstscenario_eval.document.document import Cel, Output, Tabel
from toekomstscenario_eval.document.format import (
    EMPTY,
    field,
    interval,
    number,
    of_method,
    sentence_case,
    window,
)
from toekomstscenario_eval.periods import left_out
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import Kind, Maat, Result, Vorm

# How the note begins that says why something is not shown.
HIDDEN = "Niet getoond"
_SUPPRESSED = Cel("", rechts=True, onderdrukt=True)


def number_cell(row: access.Row, vorm: Vorm) -> Cel:
    """Return the cell of an estimate, traceable when a number stands in it."""
    if row["onderdrukt"]:
        return _SUPPRESSED
    if row.get("leest"):
        return Cel(row["leest"], access.trace(row), rechts=True)
    text = of_method(row["schatting"], vorm, str(row["methode"]))
    # Only a number that stands there can be traced.
    return Cel(text, "" if text == EMPTY else row["getal_id"], rechts=True)


def interval_cell(row: access.Row, vorm: Vorm) -> Cel:
    """Return the cell of a 95% interval."""
    if row["onderdrukt"]:
        return _SUPPRESSED
    text = "" if row.get("leest") else interval(row["ondergrens"], row["bovengrens"], vorm)
    return Cel(text or "geen", access.trace(row, "interval") if text else "", rechts=True)


def count_cell(row: access.Row, column: str) -> Cel:
    """Return the cell of a count in column `column`."""
    # Of who reads "minder dan", only of how many: other counts of the row would tell the number.
    if row["onderdrukt"] or (row.get("leest") and column != "n"):
        return _SUPPRESSED
    text = number(row[column], Vorm.TELLING)
    return Cel(text, "" if text == EMPTY else access.trace(row, column), rechts=True)


def _methods(rows: pd.DataFrame) -> str:
    """Return the methods behind the rows that are shown, each part once."""
    parts = (
        part for methode in rows.loc[~rows["onderdrukt"], "methode"] for part in str(methode).split("; ")
    )
    return "; ".join(dict.fromkeys(parts))


def _choices(result: Result) -> str:
    """Return the parameter values that differ from the default, as words."""
    card = result.card.params
    otherwise = [f"{k} = {v}" for k, v in result.params.items() if v != card[k].standaard]
    return ", ".join(otherwise).replace("_", " ")


def _notes(result: Result, rows: pd.DataFrame, *, methode: bool) -> tuple[str, ...]:
    notes = []
    if choice := _choices(result):
        notes.append(f"Keuze: {choice}.")
    spots = list(dict.fromkeys(rows["uitsplitsing"]))
    notes += whose.notes(result, spots[0] if spots else "", whole="" in spots[1:])
    if VIEWS[result.card.kind].geschat:
        notes += parts_left_out(result)
        perioden = rows["periode"].ne("").any()
        # Periods stand in the table; on which of their days a stand was measured does not.
        when = "" if perioden and not result.card.op_een_dag else f"{whose.measured(result)}. "
        notes.append(f"{when}Interval: 95%.")
        if methode and (methoden := _methods(rows)):
            notes.append(f"Methode: {methoden}.")
    notes += long_notes((result, row) for row in access.records(rows))
    notes += reasons(result, rows)
    return tuple(notes)


def parts_left_out(result: Result) -> list[str]:
    """Return which days stand in no period, for they are no whole one; nothing without periods."""
    if not (periode := result.variant.periode):
        return []
    gone = left_out(result.venster, periode, set(result.schattingen["periode"]))
    return [f"Weggelaten, want geen heel {periode}: {' en '.join(map(window, gone))}."] if gone else []


def reasons(result: Result, rows: pd.DataFrame) -> list[str]:
    """Return why something is not shown; where estimands have reasons of their own, which has which."""
    gone = rows[rows["onderdrukt"].astype(bool)]
    if gone.empty:
        return []
    by_reason = {str(reason): part["maat"] for reason, part in gone.groupby("methode", sort=False)}
    if len(by_reason) == 1 or gone["maat"].nunique() == 1:
        return [f"{HIDDEN}: {'; '.join(by_reason)}."]
    return [
        f"{HIDDEN}: {', '.join(result.card.maten[m].label for m in dict.fromkeys(maten))}. Reden: {reason}."
        for reason, maten in by_reason.items()
    ]


def _name_cells(row: access.Row, *, groepen: bool, perioden: bool) -> list[Cel]:
    parts = []
    if groepen:
        parts.append(row["naam"])
    if perioden:
        parts.append(row["periode"])
    if parts and row["stand"]:
        parts[-1] += f" ({row['stand']})"
    return [Cel(part) for part in parts]


def estimates_table(vrijgave: Release, key: str, *, uitsplitsing: str = "", maat: str | None = None) -> Tabel:
    """Return one estimand by group: estimate, interval, households, units.

    The whole stands below the groups, computed over everybody; not below regions or their kinds, where it
    would pool what stands apart.
    """
    r = access.released(vrijgave, key)
    maat = maat or access.headline(r)
    what = r.card.maten[maat]
    table = access.rows(r, uitsplitsing=uitsplitsing, maat=maat)
    if uitsplitsing and not whose.apart(r, uitsplitsing):
        table = pd.concat([table, access.rows(r, uitsplitsing="", maat=maat)])
    rows = access.records(table)
    perioden = any(row["periode"] for row in rows)
    groepen = bool(uitsplitsing) or not perioden
    heading = [field(uitsplitsing)] if groepen else []
    heading += ["Periode"] if perioden else []
    titles, figures = figure_columns(rows, r.card.kind, what)
    return Tabel(
        f"{what.label} ({what.eenheid})" + (f", per {field(uitsplitsing).lower()}" if uitsplitsing else ""),
        (*heading, *titles),
        tuple(
            (*_name_cells(row, groepen=groepen, perioden=perioden), *cells)
            for row, cells in zip(rows, figures, strict=True)
        ),
        (*_notes(r, table, methode=True), *_whole_outside(r, rows)),
    )


def figure_columns(
    rows: Sequence[access.Row], kind: Kind, maat: Maat
) -> tuple[tuple[str, ...], list[tuple[Cel, ...]]]:
    """Return the headings of what an estimand shows, and for each row the estimate, interval and counts."""
    extra = [c for c in VIEWS[kind].kolommen if not as_households(rows, c[1], maat)]
    cells = [
        (
            number_cell(row, maat.vorm),
            interval_cell(row, maat.vorm),
            count_cell(row, "n"),
            *(count_cell(row, column) for _, column in extra),
        )
        for row in rows
    ]
    return (maat.label, "95%-interval", "Huishoudens", *(title for title, _ in extra)), cells


def as_households(rows: Sequence[access.Row], column: str, maat: Maat) -> bool:
    """Whether a count repeats that of households: of a share of households, or the same number on every row.

    In public the units of such a share are drawn apart, and would differ by one or a few.
    """
    if column == "noemer" and maat.eenheid == f"aandeel van de {HOUSEHOLDS}":
        return True
    return all(row[column] == row["n"] for row in rows if not (row["onderdrukt"] or row.get("leest")))


def _whole_outside(r: Result, rows: list[access.Row]) -> tuple[str, ...]:
    """Return why the whole lies outside its groups, where it does."""
    wholes = [row for row in rows if not row["uitsplitsing"]]
    out = [
        " ".join(filter(None, (sentence_case(r.card.maten[whole["maat"]].label), whole["periode"])))
        for whole in wholes
        if outside(r, whole, [x for x in rows if x["uitsplitsing"] and x["periode"] == whole["periode"]])
    ]
    return outside_note(out)


def overview_table(vrijgave: Release, key: str, *, maten: Sequence[str] = ()) -> Tabel:
    """Return all estimands of the whole (or those in `maten`), one row each, in the order of the card."""
    r = access.released(vrijgave, key)
    part = access.rows(r, uitsplitsing="")
    part = part[part["maat"].isin(maten)] if maten else part
    order = {maat: i for i, maat in enumerate(r.card.maten)}
    rows = []
    for row in sorted(access.records(part), key=lambda x: (x["periode"], order[x["maat"]])):
        maat = r.card.maten[row["maat"]]
        rows.append(
            (
                Cel(maat.label + (f", {row['periode']}" if row["periode"] else "")),
                number_cell(row, maat.vorm),
                interval_cell(row, maat.vorm),
                Cel(maat.eenheid),
                count_cell(row, "n"),
            )
        )
    return Tabel(
        f"{r.card.label}: gegevens" if maten else f"{r.card.label}: alle maten, geheel",
        ("Maat", "Schatting", "95%-interval", "Eenheid", "Huishoudens"),
        tuple(rows),
        _notes(r, part, methode=len(rows) == 1),
    )


def curve_table(
    r: Result, points: pd.DataFrame, heading: tuple[str, str], vorm: Vorm, notes: tuple[str, ...] = ()
) -> Tabel:
    """Return the points of curves: name, day, value, interval and the number under observation.

    Parameters
    ----------
    points : DataFrame
        Points as released, in the order of the table; `groep` names the curve.
    heading : heads of the columns of the name and of the value
    """

    least = few(r)

    def cells(row: access.Row) -> tuple[Cel, ...]:
        begin = (Cel(row["groep"]), Cel(f"{row['x']:.0f}", rechts=True))
        if row["onderdrukt"]:
            return (*begin, *(_SUPPRESSED,) * 3)
        waarde = Cel(number(row["waarde"], vorm), access.trace(row), rechts=True)
        n = Cel(f"minder dan {least}", rechts=True) if row["n"] < least else count_cell(row, "n")
        return (*begin, waarde, interval_cell(row, vorm), n)

    return Tabel(
        f"{r.card.label}: gegevens achter de curve",
        (heading[0], "Dag", heading[1], "95%-interval", "Onder waarneming"),
        tuple(cells(row) for row in access.records(points)),
        notes,
    )


def exclusions_table(vrijgave: Release, key: str) -> Tabel | None:
    """Return what was left out of the whole and why, or None when nothing was."""
    r = access.released(vrijgave, key)
    gone = r.uitsluitingen[r.uitsluitingen["uitsplitsing"].eq("")]
    if gone.empty:
        return None
    perioden = bool(gone["periode"].any())
    rows = tuple(
        (
            Cel(str(row["reden"])),
            *((Cel(row["periode"]),) if perioden else ()),
            Cel(words(row, least=threshold(r), of=False), access.trace(row), rechts=True)
            if row["weergave"]
            else Cel(number(row["aantal"], Vorm.TELLING), access.trace(row), rechts=True),
        )
        for row in access.records(gone.assign(n=gone["aantal"]).sort_values(["reden", "periode"]))
    )
    heading = ("Reden", *(("Periode",) if perioden else ()), "Aantal")
    return Tabel(f"{r.card.label}: buiten de telling", heading, rows)


def counts_table(vrijgave: Release, key: str, *, heading: str) -> Tabel:
    """Return a table of bare counts (kind TELLING)."""
    r = access.released(vrijgave, key)
    uitsplitsingen = access.breakdowns(r)
    parts = [access.rows(r, uitsplitsing=u) for u in uitsplitsingen]
    whole = access.named(r, r.schattingen[r.schattingen["uitsplitsing"].eq("")])
    everything = pd.concat([*parts, whole])
    rows = access.records(everything)
    return Tabel(
        r.card.label,
        (heading, f"Aantal {r.card.maten[access.headline(r)].eenheid}"),
        tuple((Cel(row["naam"]), number_cell(row, Vorm.TELLING)) for row in rows),
        _notes(r, everything, methode=False),
    )


def tabel(vrijgave: Release | Result, sleutel: str = "", *, per: str = "", maat: str | None = None) -> Output:
    """Show a table in a notebook: one estimand by group, or all estimands of the whole.

    Parameters
    ----------
    vrijgave : Result or Release
        The answer of `Study.bereken` or `Study.bundel`; anything else is refused.
    sleutel : str
        Name of the result in a bundle, such as `duo_duur`.
    per : str
        A breakdown that was computed; empty for the whole.
    maat : str, optional
        Which estimand; default the headline. Without `per` and `maat` all estimands are shown.
    """
    release, key = access.shown(vrijgave, sleutel)
    if not per and maat is None:
        block = overview_table(release, key)
    else:
        block = estimates_table(release, key, uitsplitsing=per, maat=maat)
    return Output((block,), release.id)
