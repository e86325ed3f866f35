"""How a column of the source is read: empty markers, lost zeros, date notations, pseudonyms.

Each column yields its value and, beside it, the reason why a value could not be read (null: it could).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.importers.alike import fold, refuse_alike, refuse_merged, stages
from toekomstscenario_eval.data.importers.mapping_model import (
    BEGIN,
    EMPTY,
    END,
    MIDDLE,
    TOGETHER,
    ImportMapping,
    SourceColumn,
)
from toekomstscenario_eval.data.importers.own_keys import with_own_keys
from toekomstscenario_eval.data.importers.partial import PATTERN, spread
from toekomstscenario_eval.data.importers.source import Source
from toekomstscenario_eval.data.importers.special import UNBORN
from toekomstscenario_eval.data.importers.zones import dutch_day, refuse_unsaid
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.data.pseudonyms import pseudonym_key
from toekomstscenario_eval.data.pseudonyms.pseudonym import MADE, pseudonym

_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)? ?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?"
_ISO = rf"^(\d{{4}}-\d{{2}}-\d{{2}}){_TIME}$"
_NL = rf"^(\d{{1,2}})[-/](\d{{1,2}})[-/](\d{{4}}){_TIME}$"
# Outside these years a date is a typing error or a marker such as 9999-12-31, never an event.
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class Read:
    """A value expression, and the reason (text expression) where it could not be read."""

    waarde: Any
    reden: Any


def text(column: ir.Column, how: SourceColumn) -> Read:
    """Return the column as clean text: no spaces at the edges, empty markers null, zeros restored."""
    bare = column.strip()
    waarde = ibis.ifelse(bare.isin(["", *how.leeg]), ibis.null("string"), bare)
    reden: Any = ibis.null("string")
    if how.heel_getal:
        # Of `1.000` nobody sees whether it is one or a thousand; other zeros after a mark are decimals.
        fits = waarde.re_search(r"^-?\d+(?:[.,](?:0{0,2}|0{4,}))?$")
        thousand = waarde.re_search(r"^-?\d+[.,]\d{3}$")
        reden = ibis.cases(
            (waarde.notnull() & thousand, "drie cijfers na een punt of komma: een duizendtal of decimalen"),
            (waarde.notnull() & ~fits, "geen geheel getal"),
            else_=reden,
        )
        waarde = ibis.ifelse(fits, waarde.re_extract(r"^(-?\d+)", 1), waarde)
    if how.vul_aan:
        too_long = waarde.length() > how.vul_aan
        reden = ibis.ifelse(too_long, f"langer dan {how.vul_aan} tekens", reden)
        waarde = ibis.ifelse(too_long, waarde, waarde.lpad(how.vul_aan, "0"))
    if how.sleutel_vorm == TOGETHER:
        waarde = fold(waarde)
    if how.spaties:
        waarde = waarde.re_replace(r"\s+", how.spaties)
    return Read(waarde, reden)


def day(words: ir.StringValue, how: SourceColumn) -> Read:
    """Return clean text as a date in the notation of the column.

    Of a moment with a time zone the calendar date as written counts, not the date in UTC; of one in UTC that
    in Amsterdam when the column says so.
    """
    iso = _as_iso(words, how.notation)
    partial, unborn = _partial(words, how.notation), _unborn(words, how.notation)
    datum = dutch_day(words, iso.try_cast("date"), how)
    exists = datum.notnull() & datum.year().between(_FIRST_YEAR, _LAST_YEAR)
    stands_in = spread(iso).get(how.gedeeltelijk, ibis.null("date"))
    holds_middle = partial & stands_in.notnull()
    may_empty = (partial & (how.gedeeltelijk == EMPTY)) | (unborn & (how.ongeboren == EMPTY))
    waarde = ibis.cases((exists, datum), (holds_middle, stands_in), else_=ibis.null("date"))
    reden = ibis.cases(
        (words.isnull() | exists | holds_middle | may_empty, ibis.null("string")),
        (unborn, "een datum van een ongeboren kind (99999999)"),
        (partial, "een gedeeltelijke datum: dag of maand is 00"),
        else_=f"geen bestaande datum in de notatie {how.notation} tussen {_FIRST_YEAR} en {_LAST_YEAR}",
    )
    return Read(waarde, reden)


def year(words: ir.StringValue, how: SourceColumn) -> Read:
    """Return the year (as text) of clean text that holds a date; of a partial date the year is known."""
    this_day = day(words, how)
    known = _partial(words, how.notation)
    this_year = ibis.ifelse(
        known, _as_iso(words, how.notation).left(4), this_day.waarde.year().cast("string")
    )
    return Read(this_year, ibis.ifelse(known, ibis.null("string"), this_day.reden))


def _as_iso(words: ir.StringValue, notation: str) -> Any:
    """Return the candidate JJJJ-MM-DD; null where the text does not have the notation."""
    nothing = ibis.null("string")
    if notation == "jjjjmmdd":
        parts = [words.substr(0, 4), words.substr(4, 2), words.substr(6, 2)]
        return ibis.ifelse(words.re_search(r"^\d{8}$"), _join(parts), nothing)
    if notation == "dd-mm-jjjj":
        parts = [words.re_extract(_NL, 3), *(words.re_extract(_NL, i).lpad(2, "0") for i in (2, 1))]
        return ibis.ifelse(words.re_search(_NL), _join(parts), nothing)
    return ibis.ifelse(words.re_search(_ISO), words.re_extract(_ISO, 1), nothing)


def _join(parts: Sequence[Any]) -> Any:
    return parts[0] + ibis.literal("-") + parts[1] + ibis.literal("-") + parts[2]


def _partial(words: ir.StringValue, notation: str) -> Any:
    iso = _as_iso(words, notation)
    return iso.re_search(PATTERN).fill_null(False)


def _bounds(words: ir.StringValue, how: SourceColumn, day: Any) -> dict[str, Any]:
    """Return the first and the last day that a date may be: itself, unless it is partial."""
    partial, days = _partial(words, how.notation), spread(_as_iso(words, how.notation))
    return {"dv": ibis.ifelse(partial, days[BEGIN], day), "dl": ibis.ifelse(partial, days[END], day)}


def _unborn(words: ir.StringValue, notation: str) -> Any:
    if notation != "jjjjmmdd":
        return ibis.literal(False)
    return (words == UNBORN).fill_null(False)


def secret(mapping: ImportMapping, file: Path | None = None) -> bytes:
    """Return the secret of the pseudonyms, of the file that is named or of the environment.

    Empty when the mapping makes none; InvoerFout when there is none, or it is too short.
    """
    if not any(k.sleutel in MADE for k in mapping.kolommen.values()):
        return b""
    key = pseudonym_key.find(option=file, environ=os.environ, needed_by="de mapping vraagt om pseudoniemen")
    return key.waarde


def clean(con: Backend, source: Source, mapping: ImportMapping, pepper: bytes) -> ir.Table:
    """Materialise the columns in use, read once whatever the number of tables that use them.

    Per column, numbered by its place in `mapping.namen`: `t_` clean text, `p_` text or pseudonym, `r_` reason
    if unreadable; for dates `d_` and `dr_`, for years out of dates `j_` and `jr_`, value and reason.
    """
    out: dict[str, Any] = {ROW: source.tabel[ROW]}
    for i, naam in enumerate(mapping.namen):
        read = _read(source, mapping, naam)
        out |= {f"t_{i}": read.waarde, f"r_{i}": read.reden}
        for less, more in stages(mapping.kolommen[naam]) if naam in mapping.own else ():
            raw = source.kolom(naam)
            refuse_merged(text(raw, less).waarde, text(raw, more).waarde, more)
    tidy = con.create_table("schoon", source.tabel.select(**out))
    for i, naam in enumerate(mapping.namen):
        how = mapping.kolommen[naam]
        # A sign in the place of spaces hides that only they differ.
        raw = text(source.kolom(naam), replace(how, spaties="")).waarde if how.spaties else tidy[f"t_{i}"]
        refuse_alike(raw, how)
    for i, naam in enumerate(mapping.namen):
        if mapping.kolommen[naam].sleutel in MADE:
            tidy = _with_pseudonyms(con, tidy, i, pepper, kind=MADE[mapping.kolommen[naam].sleutel])
        else:
            tidy = tidy.mutate(**{f"p_{i}": tidy[f"t_{i}"]})
    tidy = with_own_keys(tidy, mapping)
    read_table = con.create_table("gelezen", tidy.mutate(**_dates(tidy, mapping)))
    for naam in ("bron", "schoon"):
        con.raw_sql(f"DROP TABLE {naam}")
    return read_table


def _read(source: Source, mapping: ImportMapping, naam: str) -> Read:
    """Return a column as clean text; one put together from others is empty where one of them is."""
    how = mapping.kolommen[naam]
    if not how.samen:
        return text(source.kolom(naam), how)
    parts = [text(source.kolom(k), mapping.kolommen[k]).waarde for k in how.samen]
    together = parts[0]
    for part in parts[1:]:
        together = together + ibis.literal("-") + part
    return Read(together, ibis.null("string"))


def _dates(tidy: ir.Table, mapping: ImportMapping) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for naam in mapping.as_datum:
        i = mapping.namen.index(naam)
        refuse_unsaid(tidy[f"t_{i}"], mapping.kolommen[naam])
        this_day = day(tidy[f"t_{i}"], mapping.kolommen[naam])
        out |= {f"d_{i}": this_day.waarde, f"dr_{i}": this_day.reden}
        if mapping.kolommen[naam].gedeeltelijk in (BEGIN, MIDDLE, END):
            bounds = _bounds(tidy[f"t_{i}"], mapping.kolommen[naam], this_day.waarde)
            out |= {f"{k}_{i}": v for k, v in bounds.items()}
    for naam in mapping.as_year:
        i = mapping.namen.index(naam)
        refuse_unsaid(tidy[f"t_{i}"], mapping.kolommen[naam])
        this_year = year(tidy[f"t_{i}"], mapping.kolommen[naam])
        out |= {f"j_{i}": this_year.waarde, f"jr_{i}": this_year.reden}
    return out


def _with_pseudonyms(con: Backend, tidy: ir.Table, i: int, pepper: bytes, *, kind: str) -> ir.Table:
    column = f"t_{i}"
    waarden = tidy.select(column).distinct().filter(tidy[column].notnull()).to_pyarrow()[column].to_pylist()
    keys = pa.table(
        {
            f"w_{i}": pa.array(waarden, pa.string()),
            f"p_{i}": pa.array([pseudonym(w, pepper, kind) for w in waarden], pa.string()),
        }
    )
    table = con.create_table(f"pseudoniem_{i}", ibis.memtable(keys))
    return tidy.left_join(table, tidy[column] == table[f"w_{i}"]).drop(f"w_{i}")
