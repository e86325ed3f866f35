"""The account of a source: every row that was read is used, translated, refused, replaced or not chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis

from toekomstscenario_eval.data.importers.judging import Judged
from toekomstscenario_eval.data.importers.mapping_model import TableMapping
from toekomstscenario_eval.data.importers.values import Rows


@dataclass(frozen=True)
class Account:
    """Rows of one source; the five add up to what was read.

    Attributes
    ----------
    gebruikt : int
        Rows in the package as they were delivered.
    vertaald : int
        Rows in the package of which a value was replaced: a code by another, a partial date by a day, a first
        day that was not delivered, a planned end by none.
    geweigerd : int
        Rows set aside; they stand in the quarantine.
    vervangen : int
        Rows that another row of the same record took the place of.
    not_chosen : int
        Rows that no table takes, as `alleen` says.
    """

    gelezen: int
    gebruikt: int
    vertaald: int
    geweigerd: int
    vervangen: int
    not_chosen: int

    def __str__(self) -> str:
        parts = [
            f"{n} {naam}"
            for naam, n in (
                ("gebruikt zoals geleverd", self.gebruikt),
                ("vertaald", self.vertaald),
                ("apart gezet", self.geweigerd),
                ("vervangen", self.vervangen),
                ("door geen tabel gekozen", self.not_chosen),
            )
        ]
        return f"{self.gelezen} {'rij' if self.gelezen == 1 else 'rijen'} gelezen = " + " + ".join(parts)


def account(read: int, verdict: Judged) -> Account:
    """Return the account of a source.

    Raises
    ------
    ArithmeticError
        When the parts do not add up: a fault in this program, never in the data.
    """
    rows = verdict.rijen
    chosen: Any = ibis.literal(False)
    changed: Any = ibis.literal(False)
    for table in rows.mapping.tabellen:
        mine = rows.selected(table)
        chosen = chosen | mine
        changed = changed | (mine & _changed(rows, table))
    marked = rows.tabel.select(gekozen=chosen, anders=(chosen & changed).fill_null(False))
    counted = marked.aggregate(
        n=marked.count(), gekozen=marked.gekozen.sum(), anders=marked.anders.sum()
    ).to_pyarrow()
    n, taken, translated = (int(counted[k][0].as_py() or 0) for k in ("n", "gekozen", "anders"))
    out = Account(
        gelezen=read,
        gebruikt=taken - translated,
        vertaald=translated,
        geweigerd=verdict.aantal_apart,
        vervangen=verdict.replaced.aantal,
        not_chosen=n - taken,
    )
    if out.gelezen != n + out.geweigerd + out.vervangen:
        raise ArithmeticError("de rijen van een bron tellen niet op")
    return out


def _changed(rows: Rows, table: TableMapping) -> Any:
    """Return whether a value of the row stands in the table otherwise than it was delivered."""
    changed: Any = rows.start_unknown(table)
    for source in table.fields.values():
        if source.vertaling:
            text = rows.text(source.waarde)
            for code, target in source.vertaling.items():
                if code and code != target:
                    changed = changed | (text == code)
                elif not code:
                    changed = changed | text.isnull()
    if table.periode is not None:
        for column in (*table.periode.van, *table.periode.tot):
            if rows.has_bounds(column):
                first, last = rows.bounds(column)
                changed = changed | (first != last)
        if table.periode.planned is not None:
            written = rows.written_last_day(table.periode)
            changed = changed | (written.notnull() & rows.last_day(table).isnull())
    return changed.fill_null(False)
