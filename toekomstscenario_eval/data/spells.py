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
_NEVER = date(9999, 12, 31)
# Only the year of birth is collected; mid-year is right on average for the 18th birthday.
_BIRTHDAY = (7, 1)
# Of one measure the institution (GI) that takes over registers the day after, whatever the reason says.
MARGIN = 1
# The end reason that says that the measure goes on elsewhere, and how many days may lie between by default:
# who hands over on a Friday is followed on Monday, and around holidays a week later.
OVERGEDRAGEN = "OV"
HANDOVER_GAP = 7


Keep = Callable[[ir.Table], ir.Table]
_KEEP: ContextVar[Keep | None] = ContextVar("bewaar", default=None)


@contextmanager
def keeping(keep: Keep) -> Iterator[None]:
    """Give every step that is `shared` to `keep`; go on with what it returns."""
    previous = _KEEP.set(keep)
    try:
        yield
    finally:
        _KEEP.reset(previous)


def shared(stap: ir.Table) -> ir.Table:
    """Say that many questions start from this step; see `keeping`."""
    keep = _KEEP.get()
    return keep(stap) if keep else stap


def dagen(start: ir.DateValue, stop: ir.DateValue) -> ir.IntegerValue:
    """Return the number of days in `[van, tot)`."""
    return cast(ir.IntegerValue, stop.delta(start, unit="day").cast("int64"))


def _closed(spells: ir.Table) -> ir.Table:
    """Give running spells a far end and leave out spells of zero days, which cover no day."""
    full = spells.mutate(eind=spells.eind.fill_null(ibis.literal(_NEVER)))
    return full.filter(full.begin < full.eind)


def _without(table: ir.Table, *gone: str) -> ir.Table:
    """Leave out columns. (What `drop` returns is computed anew at every place that a query uses it.)"""
    return table.select(*(k for k in table.columns if k not in gone))


def _reopen(spells: ir.Table) -> ir.Table:
    return spells.mutate(eind=spells.eind.nullif(ibis.literal(_NEVER)))


def merge(spells: ir.Table, keys: Sequence[str], *, gap: int = 0) -> ir.Table:
    """Join spells of the same keys that overlap, touch, or lie at most `gap` days apart.

    Parameters
    ----------
    spells : Table
        Columns `keys`, `begin`, `eind` (null: still running).
    gap : int
        Largest gap in days that still counts as one spell.

    Returns
    -------
    Table
        Columns `keys`, `begin`, `eind`; the spells of a key are disjoint.
    """
    shut = _closed(spells).select(*keys, "begin", "eind")
    per = shut.group_by(list(keys)).agg(begin=shut.begin.min(), eind=shut.eind.max(), aantal=shut.count())
    # Most keys have one spell: only the others need sorting, which is what takes the time.
    more = per.filter(per.aantal > 1).select(*keys)
    rest = shut.semi_join(more, [shut[k].identical_to(more[k]) for k in keys])
    single = per.filter(per.aantal == 1).select(*keys, "begin", "eind")
    return shared(_reopen(single.union(_islands(rest, keys, gap))))


def _islands(spells: ir.Table, keys: Sequence[str], gap: int) -> ir.Table:
    """Join closed spells of the same keys."""
    # One row per key and begin: without ties the running maximum does not depend on row order.
    unique = spells.group_by([*keys, "begin"]).agg(eind=lambda t: t.eind.max())
    previous = unique.mutate(
        vorig=unique.eind.max().over(ibis.window(group_by=list(keys), order_by="begin", rows=(None, -1)))
    )
    apart = ibis.or_(previous.vorig.isnull(), previous.begin > previous.vorig + ibis.interval(days=gap))
    return _together(previous.mutate(nieuw=apart.fill_null(True)), keys)


def _together(spells: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Join every closed spell that is not `nieuw` to the one of its keys before it."""
    so_far = ibis.window(group_by=list(keys), order_by="begin", rows=(None, 0))
    island = spells.mutate(eiland=spells.nieuw.cast("int64").sum().over(so_far))
    joined = island.group_by([*keys, "eiland"]).agg(
        begin=lambda t: t.begin.min(), eind=lambda t: t.eind.max()
    )
    return joined.select(*keys, "begin", "eind")


def last_reasons(rows: ir.Table, *keys: str) -> ir.Table:
    """Return per `keys` and `eind` what was registered as the reason of that end of a measure.

    `reden` is the one reason on which all rows agree, leaving transfers aside (null: none, or more
    than one); `overgedragen` says that nothing but a transfer was registered.
    """
    shut = rows.filter(rows.begin < rows.eind)
    real = shut.mutate(echt=shut.reden_einde.nullif(OVERGEDRAGEN))
    per_eind = real.group_by([*keys, "eind"]).agg(
        redenen=real.echt.nunique(),
        eerste=real.echt.min(),
        over=(real.reden_einde == OVERGEDRAGEN).fill_null(False).any(),
    )
    return per_eind.select(
        *keys,
        "eind",
        reden=ibis.cases((per_eind.redenen == 1, per_eind.eerste), else_=ibis.null("string")),
        overgedragen=(per_eind.redenen == 0) & per_eind.over,
    )


def stitch(rows: ir.Table, keys: Sequence[str], *, gap: int) -> ir.Table:
    """Join the spells of a measure: what one institution hands over goes on at the next.

    Spells of the same keys that overlap, touch or lie `MARGIN` days apart are one measure, and so are those
    up to `gap` days apart when nothing but a transfer was registered as the reason of the first one's end.

    Parameters
    ----------
    rows : Table
        Columns `keys`, `begin`, `eind` (null: still running) and `reden_einde`.
    gap : int
        Largest number of days between a transfer and its sequel; below `MARGIN` it holds for every spell.

    Returns
    -------
    Table
        Columns `keys`, `begin`, `eind`; the spells of a key are disjoint.
    """
    near = merge(rows.select(*keys, "begin", "eind"), keys, gap=min(MARGIN, gap))
    closing = last_reasons(rows, *keys).filter(ibis._.overgedragen).select(*keys, door="eind")
    same = [near[k].identical_to(closing[k]) for k in keys]
    marked = near.left_join(closing, [*same, near.eind == closing.door]).select(*near.columns, "door")
    order = ibis.window(group_by=list(keys), order_by="begin")
    follows = (marked.begin <= marked.door.lag().over(order) + ibis.interval(days=gap)).fill_null(False)
    shut = marked.mutate(nieuw=~follows, eind=marked.eind.fill_null(ibis.literal(_NEVER)))
    return shared(_reopen(_together(shut, keys)))


def intersect(left: ir.Table, right: ir.Table, on: str) -> ir.Table:
    """Return the days that a spell of `left` and one of `right` with the same `on` have in common.

    Other columns of both sides are kept; they must have different names.
    """
    one = _closed(left)
    two = _closed(right).rename(begin_rechts="begin", eind_rechts="eind")
    pair = one.join(two, [one[on] == two[on], one.begin < two.eind_rechts, two.begin_rechts < one.eind])
    cut = pair.mutate(
        begin=ibis.greatest(pair.begin, pair.begin_rechts), eind=ibis.least(pair.eind, pair.eind_rechts)
    )
    return _reopen(_without(cut, "begin_rechts", "eind_rechts", f"{on}_right"))


def with_window(rows: ir.Table, vraag: Vraag) -> ir.Table:
    """Add to rows of households (`huishouden_id`) the window in which each is seen: `venster_begin`, `grens`.

    `grens` is the day at which observation stops: the end of the window, never after the peildatum.
    """
    if vraag.vensters is None:
        return rows.mutate(venster_begin=ibis.literal(vraag.venster.begin), grens=ibis.literal(vraag.grens))
    at = rows.join(vraag.vensters, "huishouden_id")
    return _without(
        at.mutate(grens=ibis.least(at.venster_eind, ibis.literal(vraag.peildatum))), "venster_eind"
    )


def present(huishouden: ir.Table, vraag: Vraag) -> ir.Table:
    """Return the part of each household's stay inside the window: `huishouden_id, van, tot`.

    Households without a day in the window are absent. `tot` is the day observation stops: the end
    of the stay, the end of the window or the peildatum, whichever comes first.
    """
    at = with_window(huishouden, vraag)
    part = at.select(
        "huishouden_id",
        van=ibis.greatest(at.begin, at.venster_begin),
        tot=ibis.least(at.eind.fill_null(at.grens), at.grens),
    )
    return part.filter(part.van < part.tot)


def clip(spells: ir.Table, aanwezig: ir.Table) -> ir.Table:
    """Cut spells to the observed stay of their household.

    Adds `van`, `tot` (the observed part, at least one day), and `geeindigd`: the end was seen, that
    is, it lies no later than the day observation stops. An end on the edge of the window counts
    in the window that it closes, not in the next one.
    """
    at = spells.join(aanwezig.rename(van_huis="van", tot_huis="tot"), "huishouden_id")
    part = at.mutate(
        van=ibis.greatest(at.begin, at.van_huis),
        tot=ibis.least(at.eind.fill_null(ibis.literal(_NEVER)), at.tot_huis),
        geeindigd=(at.eind <= at.tot_huis).fill_null(False),
    )
    return _without(part.filter(part.van < part.tot), "van_huis", "tot_huis")


def running_on(spells: ir.Table, day: ir.DateValue) -> ir.Table:
    """Return the spells that cover `day`."""
    return spells.filter(spells.begin <= day, (spells.eind > day) | spells.eind.isnull())


def most_at_once(spells: ir.Table, key: str) -> ir.Table:
    """Return the key and `hoogste`: the largest number of spells of a key on one day.

    `spells` has the columns `van` and `tot`; the spells of one actor must be merged first. On a day
    who leaves goes before who comes, so that nobody counts beside their successor.
    """
    added = spells.select(key, dag=spells.van, verschil=ibis.literal(1, "int64"))
    off = spells.select(key, dag=spells.tot, verschil=ibis.literal(-1, "int64"))
    both = added.union(off)
    order = ibis.window(group_by=key, order_by=["dag", "verschil"], rows=(None, 0))
    state = both.mutate(stand=both.verschil.sum().over(order))
    return state.group_by(key).agg(hoogste=lambda t: t.stand.max().cast("int64"))


def is_child(persoon: ir.Table, day: ir.DateValue) -> ir.BooleanValue:
    """Return whether each person is under 18 on `day`; null when the year of birth is unknown.

    Only the year is known: the birthday is taken to be 1 July.
    """
    age = age_in_years(persoon.geboortejaar, day)
    return cast(ir.BooleanValue, (age < 18) & (persoon.geboortejaar <= day.year()))


def age_in_years(year: ir.IntegerValue, day: ir.DateValue) -> ir.IntegerValue:
    """Return the age of who was born in `year` on `day`: 0 in that year, negative before, null when unknown.

    Only the year is known: the birthday is taken to be 1 July.
    """
    month, first = _BIRTHDAY
    before = (day.month() < month) | ((day.month() == month) & (day.day() < first))
    years = day.year() - year.cast("int32")
    return cast(ir.IntegerValue, ibis.ifelse(before & (years > 0), years - 1, years).cast("int64"))


def childhood(persoon: ir.Table) -> ir.Table:
    """Return the persons with a known year of birth with `begin`, `eind`: the days of `is_child`.

    Persons whose year of birth is unknown are absent: on no day is it known that they are a child.
    """
    known = persoon.filter(persoon.geboortejaar.notnull())
    year = known.geboortejaar.cast("int32")
    return known.mutate(begin=ibis.date(year, 1, 1), eind=ibis.date(year + 18, *_BIRTHDAY))


def next_begin(spells: ir.Table, key: str) -> ir.Table:
    """Add `volgende`: the first day of the next spell of the same key (null: there is none).

    The spells of a key must be disjoint, as `merge` returns them.
    """
    return spells.mutate(volgende=spells.begin.lead().over(ibis.window(group_by=key, order_by="begin")))


def successors(seen: ir.Table, members: ir.Table, node: str, *, interval: int, overlap: int) -> ir.Table:
    """Return who comes when a node leaves a household: `huishouden_id`, `node`, `tot`, `doel`, `komt`.

    Another node that came later, and is there after that or comes then. It comes with the first person who
    was not with the node that leaves: nobody hands over to themselves.

    Parameters
    ----------
    seen : Table
        The departures: `huishouden_id`, `node`, `van`, `tot`.
    members : Table
        `huishouden_id`, `node`, `persoon`, `van`, `tot`: spells of persons at nodes, inside the stay, with
        `sinds`, the first day of the stretch of their node that they are a part of.
    interval, overlap : int
        How many days after, and before, the departure the other may come.
    """
    departure = seen.select("huishouden_id", node, "van", "tot")
    coming = members.view().select("huishouden_id", "persoon", "sinds", doel=node, komt="van", blijft="tot")
    pair = departure.join(coming, "huishouden_id")
    pair = pair.filter(pair[node] != pair.doel, pair.blijft > pair.van)
    own = departure.join(
        members.view().select("huishouden_id", node, "persoon", "sinds"), ["huishouden_id", node]
    )
    own = own.filter(own.sinds == own.van).select("huishouden_id", node, "van", "persoon").distinct()
    others = pair.anti_join(own, ["huishouden_id", node, "van", "persoon"])
    arrival = others.group_by(["huishouden_id", node, "van", "tot", "doel", "sinds"]).agg(
        komt=others.komt.min(), blijft=others.blijft.max()
    )
    follows = arrival.filter(
        arrival.komt > arrival.van,
        arrival.blijft > arrival.tot,
        arrival.komt >= (arrival.tot - ibis.interval(days=overlap)).cast("date"),
        arrival.komt <= (arrival.tot + ibis.interval(days=interval)).cast("date"),
    )
    return follows.select("huishouden_id", node, "tot", "doel", "komt")


def with_stretch(persons: ir.Table, seen: ir.Table, node: str) -> ir.Table:
    """Return spells of persons at nodes with `sinds`: the first day of the stretch of the node around it."""
    stretch = seen.select("huishouden_id", node, sinds="van", eerst="van", laatst="tot")
    at = persons.join(stretch, ["huishouden_id", node])
    inside = at.filter(at.van >= at.eerst, at.van < at.laatst)
    return inside.select("huishouden_id", node, "persoon", "van", "tot", "sinds")
