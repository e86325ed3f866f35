"""The only interval arithmetic of the package: half-open spells `[begin, eind)` of days.

A null `eind` means: still running. Every function gives the same answer for spells in any row
order, for identical spells, and for a spell that was split in two at an inner date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import cast

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.types import Vraag

# Stands for "no end known" inside a calculation; never leaves this module.
_NOOIT = date(9999, 12, 31)
# Only the year of birth is collected; mid-year is right on average for the 18th birthday.
_VERJAARDAG = (7, 1)


Bewaar = Callable[[ir.Table], ir.Table]
_BEWAAR: ContextVar[Bewaar | None] = ContextVar("bewaar", default=None)


@contextmanager
def keeping(bewaar: Bewaar) -> Iterator[None]:
    """Give every step that is `shared` to `bewaar`; go on with what it returns."""
    vorige = _BEWAAR.set(bewaar)
    try:
        yield
    finally:
        _BEWAAR.reset(vorige)


def shared(stap: ir.Table) -> ir.Table:
    """Say that many questions start from this step; see `keeping`."""
    bewaar = _BEWAAR.get()
    return bewaar(stap) if bewaar else stap


def dagen(van: ir.DateValue, tot: ir.DateValue) -> ir.IntegerValue:
    """Return the number of days in `[van, tot)`."""
    return cast(ir.IntegerValue, tot.delta(van, unit="day").cast("int64"))


def _closed(spells: ir.Table) -> ir.Table:
    """Give running spells a far end and leave out spells of zero days, which cover no day."""
    vol = spells.mutate(eind=spells.eind.fill_null(ibis.literal(_NOOIT)))
    return vol.filter(vol.begin < vol.eind)


def _without(tabel: ir.Table, *weg: str) -> ir.Table:
    """Leave out columns. (What `drop` returns is computed anew at every place that a query uses it.)"""
    return tabel.select(*(k for k in tabel.columns if k not in weg))


def _reopen(spells: ir.Table) -> ir.Table:
    return spells.mutate(eind=spells.eind.nullif(ibis.literal(_NOOIT)))


def merge(spells: ir.Table, sleutels: Sequence[str], *, onderbreking: int = 0) -> ir.Table:
    """Join spells of the same keys that overlap, touch, or lie at most `onderbreking` days apart.

    Parameters
    ----------
    spells : Table
        Columns `sleutels`, `begin`, `eind` (null: still running).
    onderbreking : int
        Largest gap in days that still counts as one spell.

    Returns
    -------
    Table
        Columns `sleutels`, `begin`, `eind`; the spells of a key are disjoint.
    """
    dicht = _closed(spells).select(*sleutels, "begin", "eind")
    per = dicht.group_by(list(sleutels)).agg(
        begin=dicht.begin.min(), eind=dicht.eind.max(), aantal=dicht.count()
    )
    # Most keys have one spell: only the others need sorting, which is what takes the time.
    meer = per.filter(per.aantal > 1).select(*sleutels)
    rest = dicht.semi_join(meer, [dicht[k].identical_to(meer[k]) for k in sleutels])
    enkel = per.filter(per.aantal == 1).select(*sleutels, "begin", "eind")
    return shared(_reopen(enkel.union(_islands(rest, sleutels, onderbreking))))


def _islands(spells: ir.Table, sleutels: Sequence[str], onderbreking: int) -> ir.Table:
    """Join closed spells of the same keys."""
    # One row per key and begin: without ties the running maximum does not depend on row order.
    uniek = spells.group_by([*sleutels, "begin"]).agg(eind=lambda t: t.eind.max())
    vorige = uniek.mutate(
        vorig=uniek.eind.max().over(ibis.window(group_by=list(sleutels), order_by="begin", rows=(None, -1)))
    )
    nieuw = vorige.mutate(
        nieuw=ibis.or_(vorige.vorig.isnull(), vorige.begin > vorige.vorig + ibis.interval(days=onderbreking))
        .fill_null(True)
        .cast("int64")
    )
    eiland = nieuw.mutate(
        eiland=nieuw.nieuw.sum().over(ibis.window(group_by=list(sleutels), order_by="begin", rows=(None, 0)))
    )
    samen = eiland.group_by([*sleutels, "eiland"]).agg(
        begin=lambda t: t.begin.min(), eind=lambda t: t.eind.max()
    )
    return samen.select(*sleutels, "begin", "eind")


def intersect(links: ir.Table, rechts: ir.Table, op: str) -> ir.Table:
    """Return the days that a spell of `links` and one of `rechts` with the same `op` have in common.

    Other columns of both sides are kept; they must have different names.
    """
    een = _closed(links)
    twee = _closed(rechts).rename(begin_rechts="begin", eind_rechts="eind")
    paar = een.join(twee, [een[op] == twee[op], een.begin < twee.eind_rechts, twee.begin_rechts < een.eind])
    snede = paar.mutate(
        begin=ibis.greatest(paar.begin, paar.begin_rechts), eind=ibis.least(paar.eind, paar.eind_rechts)
    )
    return _reopen(_without(snede, "begin_rechts", "eind_rechts", f"{op}_right"))


def present(huishouden: ir.Table, vraag: Vraag) -> ir.Table:
    """Return the part of each household's stay inside the window: `huishouden_id, van, tot`.

    Households without a day in the window are absent. `tot` is the day observation stops: the end
    of the stay, the end of the window or the peildatum, whichever comes first.
    """
    grens = ibis.literal(vraag.grens)
    deel = huishouden.select(
        "huishouden_id",
        van=ibis.greatest(huishouden.begin, ibis.literal(vraag.venster.begin)),
        tot=ibis.least(huishouden.eind.fill_null(grens), grens),
    )
    return deel.filter(deel.van < deel.tot)


def clip(spells: ir.Table, aanwezig: ir.Table) -> ir.Table:
    """Cut spells to the observed stay of their household.

    Adds `van`, `tot` (the observed part, at least one day), and `geeindigd`: the end was seen, that
    is, it lies no later than the day observation stops. An end on the edge of the window counts
    in the window that it closes, not in the next one.
    """
    bij = spells.join(aanwezig.rename(van_huis="van", tot_huis="tot"), "huishouden_id")
    deel = bij.mutate(
        van=ibis.greatest(bij.begin, bij.van_huis),
        tot=ibis.least(bij.eind.fill_null(ibis.literal(_NOOIT)), bij.tot_huis),
        geeindigd=(bij.eind <= bij.tot_huis).fill_null(False),
    )
    return _without(deel.filter(deel.van < deel.tot), "van_huis", "tot_huis")


def running_on(spells: ir.Table, dag: date) -> ir.Table:
    """Return the spells that cover `dag`."""
    op = ibis.literal(dag)
    return spells.filter(spells.begin <= op, (spells.eind > op) | spells.eind.isnull())


def most_at_once(spells: ir.Table, sleutel: str) -> ir.Table:
    """Return `sleutel, hoogste`: the largest number of spells of a key on one day.

    `spells` has the columns `van` and `tot`; the spells of one actor must be merged first. On a day
    who leaves goes before who comes, so that nobody counts beside their successor.
    """
    erbij = spells.select(sleutel, dag=spells.van, verschil=ibis.literal(1, "int64"))
    eraf = spells.select(sleutel, dag=spells.tot, verschil=ibis.literal(-1, "int64"))
    beide = erbij.union(eraf)
    volgorde = ibis.window(group_by=sleutel, order_by=["dag", "verschil"], rows=(None, 0))
    stand = beide.mutate(stand=beide.verschil.sum().over(volgorde))
    return stand.group_by(sleutel).agg(hoogste=lambda t: t.stand.max().cast("int64"))


def is_child(persoon: ir.Table, dag: date) -> ir.BooleanValue:
    """Return whether each person is under 18 on `dag`; null when the year of birth is unknown.

    Only the year is known: the birthday is taken to be 1 July.
    """
    laatste_jaar = dag.year - 18 + (0 if (dag.month, dag.day) < _VERJAARDAG else 1)
    return cast(ir.BooleanValue, (persoon.geboortejaar >= laatste_jaar) & (persoon.geboortejaar <= dag.year))


def childhood(persoon: ir.Table) -> ir.Table:
    """Return the persons with a known year of birth with `begin`, `eind`: the days of `is_child`.

    Persons whose year of birth is unknown are absent: on no day is it known that they are a child.
    """
    bekend = persoon.filter(persoon.geboortejaar.notnull())
    jaar = bekend.geboortejaar.cast("int32")
    return bekend.mutate(begin=ibis.date(jaar, 1, 1), eind=ibis.date(jaar + 18, *_VERJAARDAG))


def next_begin(spells: ir.Table, sleutel: str) -> ir.Table:
    """Add `volgende`: the first day of the next spell of the same key (null: there is none).

    The spells of a key must be disjoint, as `merge` returns them.
    """
    return spells.mutate(volgende=spells.begin.lead().over(ibis.window(group_by=sleutel, order_by="begin")))
