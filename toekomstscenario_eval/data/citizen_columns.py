r"""Which columns of a table hold citizen service numbers: judged by how many numbers pass the test of eleven.

A random number passes once in eleven times, so one number says nothing and a column says much. In each
column all groups of eight or nine digits are looked at, as a whole value or within text, each different
number once: n of them, of which k pass. By chance k is binomial (n, 1/11). The column is refused when

* so many passing would happen by chance in less than one of 100,000 columns (`_CHANCE`), among the numbers of
  nine digits or among all; or
* the column holds nothing but such numbers, three or four different ones, and all pass (7 in 10,000 for
  three); or
* one passing number calls itself a BSN (`BSN: ...`), or the name of the column does.

What this finds and what it refuses wrongly, from `tests/data/test_citizen_columns.py`: a column of BSN only
is refused from three different ones on; among N other numbers of nine digits, nine in ten mixtures are
found from 14 BSN on for N = 30, 23 for N = 100, 59 for N = 1,000, 181 for N = 10,000 and about 1.9 *
sqrt(N) beyond; half of that number is missed nearly always. Among other values than numbers of nine digits
five are enough. Random and consecutive numbers, dates, telephone numbers and the person numbers of
Statistics Netherlands (RIN) stay: fewer than one in 50,000 such columns is refused. Numbers that follow
each other by a fixed step above ten are less even: up to 2 in 100 such columns are refused. One or two BSN
without a name or word beside them are not told from chance. Fiscal numbers of organisations (RSIN) come
from the same series and are refused too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from toekomstscenario_eval.citizen_number import (
    BY_CHANCE,
    DATE,
    DECIMALS,
    DOUBLED,
    FILLERS,
    HIGHEST,
    LABELLED,
    LOWEST,
    RUN,
    SIGNS,
    WEIGHTS,
    says_so,
)
from toekomstscenario_eval.data.parsing import ROW

_CHANCE = 1e-5
_FEW = 3
_SHOWN = 5
_SHORTEST = 8
_ISO_LENGTH = 10


@dataclass(frozen=True)
class Found:
    """What a column holds: never the numbers themselves.

    Attributes
    ----------
    aantal : int
        Rows with a passing number.
    rijen : tuple of int
        The first of these rows.
    numbers, passing : int
        Different numbers of eight or nine digits, and how many pass the test of eleven.
    """

    aantal: int
    rijen: tuple[int, ...]
    numbers: int
    passing: int

    def __str__(self) -> str:
        chance = f"{self.numbers * BY_CHANCE:.1f}".replace(".", ",")
        return (
            f"{_told(self.aantal, 'rij', 'rijen')}; van "
            f"{_told(self.numbers, 'getal', 'verschillende getallen')} van acht of negen cijfers "
            f"{'doorstaat' if self.passing == 1 else 'doorstaan'} {self.passing} de elfproef, "
            f"en bij toeval zou dat {chance} zijn"
        )


@ibis.udf.scalar.builtin(name="regexp_extract_all")  # type: ignore[untyped-decorator, unused-ignore]
def _every(text: dt.string, pattern: dt.string, group: dt.int64) -> dt.Array[dt.string]:
    """Return what the group of the pattern holds, each time that the pattern fits."""


def find_bsn(t: ir.Table, names: Mapping[str, str] | None = None) -> dict[str, Found]:
    """Return the columns that hold BSN, with what was found.

    Parameters
    ----------
    t : ibis.Table
        Has the row number `_rij`; the other columns may be text or numbers.
    names : mapping of str to str, optional
        How a column is called in the delivery, where it has another name in `t`.
    """
    columns = [k for k in t.columns if k != ROW]
    # This one scan rules out nearly every column; a date or a yes-or-no cannot be a number at all.
    counts = {
        str(i): t.count(where=_may_hold(t[k]))
        for i, k in enumerate(columns)
        if not (t[k].type().is_temporal() or t[k].type().is_boolean() or t[k].type().is_nested())
    }
    possible = t.aggregate(**counts).to_pyarrow().to_pylist()[0] if counts else {}
    out = {}
    for i, column in enumerate(columns):
        if possible.get(str(i), 0):
            found = _judge(t, column, named=says_so((names or {}).get(column, column)))
            if found is not None:
                out[column] = found
    return out


def _may_hold(column: ir.Column) -> ir.BooleanValue:
    if column.type().is_numeric():
        return column.between(LOWEST, HIGHEST + 0.5).fill_null(False)
    text = column.cast("string")
    # The length and the signs of a date are cheap to look at and spare most values the pattern.
    long = text.length()
    dashes = (text.substr(4, 1) == "-") & (text.substr(7, 1) == "-")
    iso = dashes & ((long == _ISO_LENGTH) | (text.substr(10, 1) == "T") | (text.substr(13, 1) == ":"))
    bare = (
        (long == _SHORTEST) & text.between("19", "21") & (text.substr(4, 1) < "2") & (text.substr(6, 1) < "4")
    )
    can = (long >= _SHORTEST) & ~iso & ~bare
    return can.ifelse(text.re_search(rf"(?:[0-9][{SIGNS}]{{0,3}}){{7}}[0-9]"), False).fill_null(False)


def _numbers(t: ir.Table, column: str) -> ir.Table:
    """Return row, number and whether it is written with nine digits, of all that the column holds."""
    chosen = t.filter(_may_hold(t[column]))
    text = chosen.select(ROW, w=chosen[column].cast("string"))
    text = text.mutate(w=text.w.re_replace(DECIMALS, r"\1").re_replace(*DOUBLED))
    runs = text.select(ROW, r=_every(text.w, RUN, 1).unnest())
    bare = runs.select(ROW, d=runs.r.re_replace("[^0-9]", ""))
    bare = bare.filter(~((bare.d.length() == _SHORTEST) & bare.d.re_search(DATE)))
    read = bare.select(ROW, nine=bare.d.length() > _SHORTEST, n=bare.d.cast("int64"))
    return read.filter((read.n >= LOWEST) & read.n.notin(FILLERS))


def _passes(number: ir.IntegerValue) -> ir.BooleanValue:
    total = sum(weight * ((number // 10 ** (8 - i)) % 10) for i, weight in enumerate(WEIGHTS))
    return total % 11 == 0


def _judge(t: ir.Table, column: str, *, named: bool) -> Found | None:
    numbers = _numbers(t, column)
    # Different numbers, because one that happens to pass may fill a whole column.
    each = numbers.group_by("n").aggregate(nine=numbers.nine.any(), keer=numbers.count())
    each = each.mutate(ok=_passes(each.n))
    told = each.aggregate(
        n=each.count(),
        k=each.ok.sum(),
        n_nine=each.count(where=each.nine),
        k_nine=each.ok.sum(where=each.nine),
        rijen=each.keer.sum(where=each.ok),
    )
    row = {k: int(v or 0) for k, v in told.to_pyarrow().to_pylist()[0].items()}
    n, k = row["n"], row["k"]
    if not k or not (
        named
        or unlikely(k, n)
        or unlikely(row["k_nine"], row["n_nine"])
        or (k == n >= _FEW and _nothing_else(t, column))
        or _labelled(t, column)
    ):
        return None
    rows = numbers.filter(_passes(numbers.n)).select(ROW).distinct()
    first = rows.order_by(ROW).limit(_SHOWN).to_pyarrow()[ROW].to_pylist()
    return Found(int(rows.count().execute()), tuple(first), n, k)


def unlikely(passing: int, numbers: int) -> bool:
    """Return whether so many passing numbers cannot be chance."""
    if passing <= numbers * BY_CHANCE:
        return False
    from scipy.special import bdtrc

    return bool(bdtrc(passing - 1, numbers, BY_CHANCE) <= _CHANCE)


def _nothing_else(t: ir.Table, column: str) -> bool:
    """Return whether every filled value is a number of eight or nine digits, and not part of a text."""
    text = t[column].cast("string").strip()
    bare = text.re_replace(DECIMALS, r"\1").re_replace(rf"[{SIGNS}]", "")
    other = (text != "") & ~bare.re_search(r"^[A-Za-z:]{0,6}[0-9]{8,9}$")
    return not t.filter(other.fill_null(False)).limit(1).count().execute()


def _labelled(t: ir.Table, column: str) -> bool:
    """Return whether a passing number calls itself a BSN."""
    if t[column].type().is_numeric():
        return False
    text = t[column].cast("string")
    chosen = t.select(ROW, **{column: text}).filter(text.re_search(LABELLED).fill_null(False))
    own = chosen.mutate(**{column: chosen[column].re_extract(LABELLED, 1)})
    numbers = _numbers(own, column)
    return bool(numbers.filter(_passes(numbers.n)).limit(1).count().execute())


def _told(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
