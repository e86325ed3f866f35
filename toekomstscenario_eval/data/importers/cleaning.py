"""How a column of the source is read: empty markers, lost zeros, date notations, pseudonyms.

Each column yields its value and, beside it, the reason why a value could not be read (null: it could).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.importers.mapping import EMPTY, MIDDLE, ImportMapping, SourceColumn
from toekomstscenario_eval.data.importers.source import Source
from toekomstscenario_eval.data.importers.zones import dutch_day, refuse_unsaid
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.data.pseudonyms import pseudonym_key
from toekomstscenario_eval.data.pseudonyms.pseudonym import MADE, pseudonym
from toekomstscenario_eval.errors import InvoerFout

_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)? ?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?"
_ISO = rf"^(\d{{4}}-\d{{2}}-\d{{2}}){_TIME}$"
_NL = rf"^(\d{{1,2}})[-/](\d{{1,2}})[-/](\d{{4}}){_TIME}$"
_UNBORN = "99999999"
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
        fits = waarde.re_search(r"^-?\d+(?:[.,]0*)?$")
        reden = ibis.ifelse(waarde.notnull() & ~fits, "geen geheel getal", reden)
        waarde = ibis.ifelse(fits, waarde.re_extract(r"^(-?\d+)", 1), waarde)
    if how.vul_aan:
        too_long = waarde.length() > how.vul_aan
        reden = ibis.ifelse(too_long, f"langer dan {how.vul_aan} tekens", reden)
        waarde = ibis.ifelse(too_long, waarde, waarde.lpad(how.vul_aan, "0"))
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
    middle = ibis.ifelse(
        iso.substr(5, 2) == "00", iso.left(4) + ibis.literal("-07-01"), iso.left(8) + ibis.literal("15")
    ).try_cast("date")
    holds_middle = partial & (how.gedeeltelijk == MIDDLE) & middle.notnull()
    may_empty = (partial & (how.gedeeltelijk == EMPTY)) | (unborn & (how.ongeboren == EMPTY))
    waarde = ibis.cases((exists, datum), (holds_middle, middle), else_=ibis.null("date"))
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
    return iso.re_search(r"^(?:19|20)\d{2}-(?:00-00|(?:0[1-9]|1[0-2])-00)$").fill_null(False)


def _unborn(words: ir.StringValue, notation: str) -> Any:
    if notation != "jjjjmmdd":
        return ibis.literal(False)
    return (words == _UNBORN).fill_null(False)


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
        read = text(source.kolom(naam), mapping.kolommen[naam])
        out |= {f"t_{i}": read.waarde, f"r_{i}": read.reden}
        if mapping.kolommen[naam].spaties:
            _refuse_merged(source.kolom(naam), mapping.kolommen[naam])
    tidy = con.create_table("schoon", source.tabel.select(**out))
    for i, naam in enumerate(mapping.namen):
        if mapping.kolommen[naam].sleutel in MADE:
            tidy = _with_pseudonyms(con, tidy, i, pepper, kind=MADE[mapping.kolommen[naam].sleutel])
        else:
            tidy = tidy.mutate(**{f"p_{i}": tidy[f"t_{i}"]})
    read_table = con.create_table("gelezen", tidy.mutate(**_dates(tidy, mapping)))
    for naam in ("bron", "schoon"):
        con.raw_sql(f"DROP TABLE {naam}")
    return read_table


def _dates(tidy: ir.Table, mapping: ImportMapping) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for naam in mapping.as_datum:
        i = mapping.namen.index(naam)
        refuse_unsaid(tidy[f"t_{i}"], mapping.kolommen[naam])
        this_day = day(tidy[f"t_{i}"], mapping.kolommen[naam])
        out |= {f"d_{i}": this_day.waarde, f"dr_{i}": this_day.reden}
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


def _refuse_merged(raw: ir.Column, how: SourceColumn) -> None:
    """Refuse when replacing spaces would make one key of two."""
    without = SourceColumn(
        how.naam, how.notation, leeg=how.leeg, heel_getal=how.heel_getal, vul_aan=how.vul_aan
    )
    table = raw.as_table().select(voor=text(raw, without).waarde, na=text(raw, how).waarde)
    telling = table.aggregate(voor=table.voor.nunique(), na=table.na.nunique()).to_pyarrow()
    if telling["voor"][0].as_py() != telling["na"][0].as_py():
        raise InvoerFout(
            "met 'spaties' vallen verschillende waarden samen",
            waar=f"kolom '{how.naam}' van de bron",
            kreeg=f"'spaties: {how.spaties}'",
            herstel="kies een ander teken, of maak er pseudoniemen van zonder 'spaties'",
        )
