"""What remains after pseudonyms: how many persons stand alone on what others may know of them.

Year of birth, sex, municipality and month are no secret to neighbours, colleagues or a newspaper. Whoever
knows these of somebody who stands alone in the file finds the rest of the row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.connection import quote
from toekomstscenario_eval.data.pseudonyms.column_rules import BSN, MONTH, MUNICIPALITY, QUARTER, YEAR
from toekomstscenario_eval.data.pseudonyms.pseudonym import KINDS

_COARSE = (YEAR, QUARTER, MONTH, MUNICIPALITY)
_KNOWN = re.compile(
    r"^(geslacht|sekse|gender|geboortejaar|gemeente(code|naam)?|woonplaats|wijk|nationaliteit)$"
)
# Groups of so many; the last without end.
CLASSES = ((1, 1), (2, 4), (5, 9), (10, None))


@dataclass(frozen=True)
class Risk:
    """How many units share what others may know of them.

    Attributes
    ----------
    eenheid : str
        Who is counted: persoon, huishouden or rij.
    kolommen : tuple of str
        The columns that others may know; none: nothing was counted.
    aantal : int
        Units in the file.
    klassen : mapping of str to int
        Units by the size of the smallest group that they are in.
    without : mapping of str to int
        Per column how many would stand alone if it were left out.
    """

    eenheid: str
    kolommen: tuple[str, ...]
    aantal: int
    klassen: Mapping[str, int]
    without: Mapping[str, int]

    @property
    def alone(self) -> int:
        """Units that stand alone."""
        return self.klassen.get(class_name(*CLASSES[0]), 0)


def class_name(start: int, stop: int | None) -> str:
    """Return the words for groups of a size."""
    return (
        f"{start} of meer" if stop is None else str(start) if start == stop else f"{start} tot en met {stop}"
    )


def known_columns(actions: Mapping[str, str], extra: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that others may know, of those that leave."""
    return tuple(
        naam
        for naam, action in actions.items()
        if action in _COARSE
        or naam in extra
        or (_KNOWN.match(naam.casefold()) and action not in (BSN, *KINDS))
    )


def remaining_risk(con: Backend, work: Path, actions: Mapping[str, str], extra: Sequence[str]) -> Risk:
    """Count in the file as it will leave, whose columns are named by number, in the order of `actions`."""
    order = list(actions)
    known = known_columns(actions, extra)
    unit, column = "rij", ""
    for kind in KINDS[:2]:
        of_kind = [n for n, a in actions.items() if a == kind or (a == BSN and kind == KINDS[0])]
        if of_kind:
            unit, column = kind, f"k{order.index(of_kind[0])}"
            break
    who = f"coalesce({column}, 'rij ' || file_row_number)" if column else "file_row_number"
    source = f"(SELECT *, {who} AS wie FROM read_parquet({quote(str(work))}, file_row_number = true))"
    total = int(con.con.execute(f"SELECT count(DISTINCT wie) FROM {source}").fetchall()[0][0])

    def sizes(names: Sequence[str]) -> dict[str, int]:
        columns = [f"k{order.index(n)}" for n in names] or ["1"]
        listed = ", ".join(columns)
        cases = " ".join(f"WHEN k <= {stop} THEN {i}" for i, (_, stop) in enumerate(CLASSES) if stop)
        query = (
            f"WITH d AS (SELECT DISTINCT wie, {listed} FROM {source}), "
            f"g AS (SELECT wie, count(*) OVER (PARTITION BY {listed}) AS n FROM d), "
            f"p AS (SELECT wie, min(n) AS k FROM g GROUP BY wie) "
            f"SELECT CASE {cases} ELSE {len(CLASSES) - 1} END AS i, count(*) FROM p GROUP BY i"
        )
        counted = dict(con.con.execute(query).fetchall())
        return {class_name(*c): int(counted.get(i, 0)) for i, c in enumerate(CLASSES)}

    if not known:
        return Risk(unit, (), total, {}, {})
    one = class_name(*CLASSES[0])
    without = {n: sizes([o for o in known if o != n])[one] for n in known}
    return Risk(unit, known, total, sizes(known), without)
