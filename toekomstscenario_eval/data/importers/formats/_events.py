"""Event logs: one row per step with a begin and an end, from the events that start and complete it.

Within a case, a step and (where the log has one) an instance, each completion ends the oldest start that
is still open. A start without completion is work that runs on: its end stays empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from toekomstscenario_eval.errors import InvoerFout, did_you_mean

if TYPE_CHECKING:
    from toekomstscenario_eval.data.importers.formats import Delivery

LOOSE, PAIRS = "los", "paren"
BEGIN, END = "begin", "eind"
# The columns that say what an event is, by option, with their names in the XES standard.
COLUMNS = {
    "zaak": "case:concept:name",
    "stap": "concept:name",
    "exemplaar": "concept:instance",
    "overgang": "lifecycle:transition",
    "moment": "time:timestamp",
}
OPTIONS: dict[str, tuple[str, ...]] = {
    "gebeurtenissen": (LOOSE, PAIRS),
    **dict.fromkeys(COLUMNS, ()),
}
_START = "start"
_ENDS = ("complete", "ate_abort", "pi_abort", "withdraw")
_MOMENTS = (
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d-%m-%Y",
    "%Y%m%d",
)


def wanted(options: Mapping[str, str]) -> bool:
    """Return whether the mapping asks for pairs."""
    return options.get("gebeurtenissen") == PAIRS


def _named(options: Mapping[str, str]) -> dict[str, str]:
    return {role: options.get(role) or naam for role, naam in COLUMNS.items()}


def before_pairing(namen: Sequence[str], options: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names that the source must have for the mapping to find its own after pairing."""
    own = _named(options)
    return tuple(
        dict.fromkeys((*(n for n in namen if n not in (BEGIN, END)), own["overgang"], own["moment"]))
    )


def after_pairing(heading: Sequence[str], options: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the columns once events are pairs.

    Raises
    ------
    InvoerFout
        When a column that pairing needs is not there.
    """
    own = _named(options)
    for role in ("zaak", "stap", "overgang", "moment"):
        if any(heading) and own[role] not in heading:
            raise InvoerFout(
                f"de bron heeft geen kolom '{own[role]}', en die is nodig om gebeurtenissen te paren",
                waar=f"de mapping: bron > {role}",
                herstel=did_you_mean(own[role], [k for k in heading if k]),
            )
    for naam in (BEGIN, END):
        if naam in heading:
            raise InvoerFout(
                f"de bron heeft zelf al een kolom '{naam}'",
                waar="de mapping: bron > gebeurtenissen",
                herstel="laat 'gebeurtenissen' weg: de rijen zijn al stappen met een begin en een eind",
            )
    gone = (own["overgang"], own["moment"])
    return (*(k for k in heading if k not in gone), BEGIN, END)


def pair(delivery: Delivery, options: Mapping[str, str]) -> Delivery:
    """Return the steps of a log; their numbers are those of the event that is first of a step."""
    import duckdb

    own = _named(options)
    heading = delivery.kolommen
    place = {role: heading.index(naam) for role, naam in own.items() if naam in heading}
    table = delivery.whole().rename_columns([f"c{i}" for i in range(len(heading))])
    kept = [i for i, k in enumerate(heading) if k not in (own["overgang"], own["moment"])]
    con = duckdb.connect()
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.register("gebeurtenis", _numbered(table, delivery))
        con.execute(_events_sql(place))
        steps = con.execute(_steps_sql(kept)).to_arrow_table()
        counts = con.execute(_COUNTS).fetchone() or ()
        others = con.execute(_OTHERS).fetchall()
    finally:
        con.close()
    names = (*(heading[i] for i in kept), BEGIN, END)
    return replace(
        delivery,
        kolommen=names,
        tabel=steps.drop(["nr"]).rename_columns([str(i) for i in range(len(names))]),
        gezien=(*delivery.gezien, *_told(counts, others)),
        numbers=steps["nr"].combine_chunks(),
    )


def _numbered(table, delivery: Delivery):  # type: ignore[no-untyped-def]
    import numpy as np
    import pyarrow as pa

    if delivery.numbers is not None:
        return table.append_column("nr", delivery.numbers)
    every = np.arange(1, table.num_rows + len(delivery.onleesbaar) + 1, dtype=np.int64)
    read = np.setdiff1d(every, np.asarray(delivery.onleesbaar, dtype=np.int64), assume_unique=True)
    return table.append_column("nr", pa.array(read))


def _events_sql(place: Mapping[str, int]) -> str:
    """Return the query that finds of each event which step it belongs to.

    In time order within a case, step and instance, a completion finds nothing open when the completions
    so far exceed the starts by more than ever before; the others end the starts one by one, oldest first.
    """
    what = f"lower(trim(c{place['overgang']}))"
    when = f"trim(c{place['moment']})"
    who = ", ".join(f"c{place[r]}" for r in ("zaak", "stap", "exemplaar") if r in place)
    at = f"coalesce(try_cast({when} AS TIMESTAMPTZ), try_strptime({when}, {list(_MOMENTS)!r})::TIMESTAMPTZ)"
    return f"""
CREATE TABLE gezien AS WITH soort AS (
  SELECT *, coalesce({what} = '{_START}', false) AS begint, coalesce({what} IN {_ENDS}, false) AS eindigt,
    {when} AS moment, dense_rank() OVER (ORDER BY {who}) AS wie, {at} AS tijd,
    begint AND tijd IS NOT NULL AS is_start, eindigt AND tijd IS NOT NULL AS is_eind FROM gebeurtenis
), stand AS (
  SELECT *, count_if(is_start) OVER w AS s, count_if(is_eind) OVER w AS e FROM soort
  WINDOW w AS (PARTITION BY wie ORDER BY tijd NULLS FIRST, nr ROWS UNBOUNDED PRECEDING)
), los AS (
  SELECT *, greatest(0, max(e - s) OVER w) AS u, e - greatest(0, max(e - s) OVER w) AS m FROM stand
  WINDOW w AS (PARTITION BY wie ORDER BY tijd NULLS FIRST, nr ROWS UNBOUNDED PRECEDING)
)
SELECT *, is_eind AND u > coalesce(lag(u) OVER (PARTITION BY wie ORDER BY tijd NULLS FIRST, nr), 0) AS alleen
FROM los"""


def _steps_sql(kept: Sequence[int]) -> str:
    both = ", ".join(f"coalesce(nullif(a.c{i}, ''), b.c{i}, '') AS c{i}" for i in kept)
    one = ", ".join(f"c{i}" for i in kept)
    return f"""
SELECT * FROM (
  SELECT {both}, a.moment AS begin_, coalesce(b.moment, '') AS eind_, a.nr AS nr
  FROM (SELECT * FROM gezien WHERE is_start) a
  LEFT JOIN (SELECT * FROM gezien WHERE is_eind AND NOT alleen) b ON a.wie = b.wie AND a.s = b.m
  UNION ALL
  SELECT {one}, '' AS begin_, moment AS eind_, nr FROM gezien WHERE alleen
  UNION ALL
  SELECT {one}, if(begint, moment, '') AS begin_, if(eindigt, moment, '') AS eind_, nr
  FROM gezien WHERE (begint OR eindigt) AND tijd IS NULL
) ORDER BY nr"""


_COUNTS = """
SELECT count(*), count_if(is_eind AND NOT alleen), count_if(is_start) - count_if(is_eind AND NOT alleen),
  count_if(alleen), count_if((begint OR eindigt) AND tijd IS NULL) FROM gezien"""
_OTHERS = "SELECT count(*) FROM gezien WHERE NOT begint AND NOT eindigt HAVING count(*) > 0"


def _told(counts: Sequence[int], others: Sequence[Sequence[int]]) -> tuple[str, ...]:
    events, pairs, running, ends, wrong = counts
    out = [
        f"{events} gebeurtenissen werden {pairs + running + ends + wrong} stappen: {pairs} met "
        "begin en eind, "
        f"{running} die nog lopen (zonder eind), {ends} met alleen een eind."
    ]
    if wrong:
        out.append(f"{wrong} gebeurtenissen met een moment dat leeg of niet te lezen is, vormen geen paar.")
    if others:
        out.append(
            f"{others[0][0]} gebeurtenissen die niets beginnen of afmaken (zoals plannen of pauzeren) "
            "zijn weggelaten."
        )
    return tuple(out)
