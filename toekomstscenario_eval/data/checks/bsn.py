"""No column holds citizen service numbers (BSN)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.checks._support import delivered, filled, smallest
from toekomstscenario_eval.data.checks._vorm import FIRST, Case, Rule, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een kolom bevat burgerservicenummers",
    ernst=Ernst.FOUT,
    uitleg="Het gebruik van het BSN vraagt een wettelijke grondslag (UAVG art. 46), die onderzoek niet "
    "heeft. Een pakket "
    "met het BSN wordt daarom geweigerd, ook in een kolom die niemand gebruikt.",
    herstel="vervang het BSN bij de bron door een pseudoniem met een geheime sleutel, verwijder dit bestand "
    "en meld het "
    "aan de functionaris gegevensbescherming",
)
# Random numbers of nine digits pass the test once in eleven times.
_AT_LEAST = 5
_PART = 0.5
_NAAM = re.compile(r"(^|[^a-z])bsn|bsn([^a-z]|$|nummer|nr)|burgerservice|sofi.?n(umme)?r")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_UNKNOWN = (0, 999999999)
_VORM = r"^(\d{8,9}(\.0+)?|\d{3,4}[. ]\d{2}[. ]\d{3})$"

# Numbers made for testing: they pass the test and were never issued.
_VALID = ("999990019", "999990020", "999990032", "999990044", "999990056", "999990068")


def _persons(column: str, waarden: tuple[str, ...]) -> str:
    return f"persoon_id | {column}\n" + "\n".join(f"k{i} | {w}" for i, w in enumerate(waarden))


CASES = (
    Case(
        "nummers die de proef niet doorstaan, en vulwaarden",
        {
            "persoon": _persons(
                "notitie", ("123456789", "999999999", "000000000", "20240101", "", "111111111", "k1", "k2")
            )
        },
    ),
    Case("te weinig nummers om iets te zeggen", {"persoon": _persons("notitie", _VALID[:4])}),
    Case(
        "nummers in een kolom die de gegevensafspraak niet kent, ook als kommagetal",
        {"persoon": _persons("notitie", ("", *_VALID[:4], "999999999", "999990056.0", "iets anders"))},
        (("persoon", "notitie", 5, (2, 3, 4, 5, 7)),),
    ),
    Case(
        "een kolom die zo heet, ook als zij leeg is",
        {"persoon": "persoon_id | BSN_kind\nk1 |"},
        (("persoon", "BSN_kind", 1, ()),),
    ),
)


def toetsen(package: Package) -> Iterator[Telling]:
    """Look for numbers that pass the eleven-test in every column, known or not, and at its name."""
    for table in delivered(package):
        for column, (aantal, rows) in find_bsn(package.raw[table.naam]).items():
            naam = bool(_NAAM.search(column.casefold()))
            yield Telling(
                table.naam,
                column,
                max(aantal, int(naam)),
                rows,
                verwacht="pseudoniemen; een ruw BSN wordt geweigerd",
            )


def find_bsn(t: ir.Table) -> dict[str, tuple[int, tuple[int, ...]]]:
    """Return for each column how many BSN it holds and their first rows; zero when too few to say.

    `t` has the row number `_rij`; the other columns may be text or numbers.
    """
    columns = [k for k in t.columns if k != ROW]
    # This one scan rules out nearly every column; a date or a yes-or-no cannot be a number at all.
    maten = {
        str(i): t.count(where=_looks_like_bsn(t[k]))
        for i, k in enumerate(columns)
        if not (t[k].type().is_temporal() or t[k].type().is_boolean())
    }
    possible = t.aggregate(**maten).to_pyarrow().to_pylist()[0] if maten else {}
    return {
        column: _count(t, column) if possible.get(str(i), 0) >= _AT_LEAST else (0, ())
        for i, column in enumerate(columns)
    }


def _looks_like_bsn(column: ir.Column) -> ir.BooleanValue:
    raw = column.cast("string")
    text = raw.strip()
    # The first character (a digit, or white space before it), the length and a dash are cheap to look
    # at, in that order, and spare most values the pattern: keys and codes, and dates as text.
    can = text.length().between(8, 16) & ~text.contains("-")
    seems = can.ifelse(text.re_search(_VORM), False)
    if column.type().is_numeric():
        # Eight or nine digits before the point.
        return column.between(10_000_000, 999_999_999.5).ifelse(seems, False)
    return (raw < ":").ifelse(seems, False)


def _count(t: ir.Table, column: str) -> tuple[int, tuple[int, ...]]:
    """Return how many BSN a column holds, and the first rows; none when they are too few to say so.

    Numbers that lost their zero, became a float or are written with dots or spaces count too.
    """
    text = t.select(ROW, w=t[column].cast("string").strip())
    bare = text.w.re_replace(r"^(\d{8,9})\.0+$", r"\1").re_replace("[. ]", "")
    number = ibis.cases((_looks_like_bsn(text.w), bare.try_cast("int64")), else_=ibis.null("int64"))
    read = text.mutate(n=number)
    total = sum(weight * ((read.n // 10 ** (8 - i)) % 10) for i, weight in enumerate(_WEIGHTS))
    trial = read.mutate(bsn=((read.n > 0) & (total % 11 == 0)).fill_null(False))
    # Different values, because one date that happens to pass the test may fill a whole column.
    out = trial.aggregate(
        gevuld=trial.w.nunique(where=filled(trial.w) & trial.n.notin(_UNKNOWN).fill_null(True)),
        verschillend=trial.n.nunique(where=trial.bsn),
        aantal=trial.bsn.sum(),
        rijen=smallest(trial[ROW], FIRST, where=trial.bsn),
    )
    row = out.to_pyarrow().to_pylist()[0]
    if row["verschillend"] < max(_AT_LEAST, _PART * row["gevuld"]):
        return 0, ()
    return row["aantal"], tuple(row["rijen"])
