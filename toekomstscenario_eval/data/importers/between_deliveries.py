"""How a registration changed between two deliveries: what was said before, and is said differently now.

A record that was still running is expected in the next delivery of the same supplier. Where it is not there,
and a new one differs from it in one column of the key, that column was changed; otherwise it vanished.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir


@dataclass(frozen=True)
class Drift:
    """Records of one supplier in one period, beside its next delivery.

    Attributes
    ----------
    periode, volgende : str
        The delivery and the one after it.
    records : int
        Records in the first.
    again : int
        Those that are in the next one too.
    other_end, reopened : int
        Those of `again` that had ended: now on another day, or not at all.
    vanished : int
        Records that still ran, and are not in the next one.
    other_key : mapping of str to int
        Records that still ran and are in the next one with another value in one column of the key.
    """

    leverancier: str
    periode: str
    volgende: str
    records: int
    again: int
    other_end: int
    reopened: int
    vanished: int
    other_key: Mapping[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """All records of which something else was said later."""
        return self.other_end + self.reopened + self.vanished + sum(self.other_key.values())

    def __str__(self) -> str:
        who = f"{self.leverancier}, " if self.leverancier else ""
        part = f"{100 * self.changed / self.records:.1f}".replace(".", ",")
        what = [
            f"{n} {words}"
            for words, n in (
                ("met een ander einde", self.other_end),
                ("weer open", self.reopened),
                ("verdwenen", self.vanished),
                *((f"met een andere '{column}'", n) for column, n in self.other_key.items()),
            )
            if n
        ]
        return (
            f"registratiedrift {who}{self.periode} naar {self.volgende}: {self.records} gegevens, "
            f"{self.again} opnieuw geleverd, {self.changed} gewijzigd ({part}%)"
            + (": " + ", ".join(what) if what else "")
        )


def drift(rows: ir.Table, keys: Mapping[str, str]) -> tuple[Drift, ...]:
    """Return the drift per supplier and period.

    Parameters
    ----------
    rows : ibis Table
        Rows of the latest version of each delivery: `_leverancier`, `_periode`, `_dicht` (has ended),
        `_einde` (last day), and the columns of `keys`.
    keys : mapping of str to str
        Columns of `rows` that make a record, each with its name in the source.
    """
    names = list(keys)
    filled = rows.select(
        wie=rows["_leverancier"].fill_null(""),
        periode=rows["_periode"],
        dicht=rows["_dicht"],
        einde=rows["_einde"],
        **{k: rows[k].fill_null("") for k in names},
    ).filter(lambda t: t.periode.notnull())
    records = filled.group_by(["wie", "periode", *names]).aggregate(
        dicht=filled.dicht.any(), einde=filled.einde.max()
    )
    periods = records.select("wie", "periode").distinct()
    after = ibis.window(group_by="wie", order_by="periode")
    periods = periods.mutate(volgende=periods.periode.lead().over(after)).filter(
        lambda t: t.volgende.notnull()
    )
    here = records.join(periods, ["wie", "periode"])
    later = _renamed(records, names)
    side = here.left_join(
        later,
        [
            here.wie == later.wie_,
            here.volgende == later.periode_,
            *(here[k] == later[f"{k}_"] for k in names),
        ],
    )
    seen = side.wie_.notnull()
    ended = seen & side.dicht
    gone = ~seen & ~side.dicht
    counts = (
        side.group_by(["wie", "periode", "volgende"])
        .aggregate(
            records=side.count(),
            again=seen.sum(),
            other_end=(ended & side.dicht_ & (side.einde != side.einde_)).sum(),
            reopened=(ended & ~side.dicht_).sum(),
            gone=gone.sum(),
        )
        .order_by(["wie", "periode"])
        .to_pyarrow()
        .to_pylist()
    )
    lost = side.filter(gone).select("wie", "periode", "volgende", *names)
    fresh = _fresh(records, periods, names)
    moved = {k: _moved(lost, fresh, k, names) for k in names}
    return tuple(_one(row, moved, keys) for row in counts)


def _renamed(records: ir.Table, names: Sequence[str]) -> ir.Table:
    return records.select(**{f"{k}_": records[k] for k in ("wie", "periode", "dicht", "einde", *names)})


def _fresh(records: ir.Table, periods: ir.Table, names: Sequence[str]) -> ir.Table:
    """Return the records that are in a delivery and were not in the one before."""
    now = records.join(periods.select(wie="wie", vorige="periode", periode="volgende"), ["wie", "periode"])
    before = _renamed(records, names)
    return now.anti_join(
        before,
        [now.wie == before.wie_, now.vorige == before.periode_, *(now[k] == before[f"{k}_"] for k in names)],
    )


def _moved(lost: ir.Table, fresh: ir.Table, column: str, names: Sequence[str]) -> dict[tuple[str, str], int]:
    """Count the lost records that came back with another value in one column, per supplier and period."""
    others = [k for k in names if k != column]
    new = _renamed(fresh.mutate(dicht=True, einde=ibis.null("date")), names)
    found = lost.semi_join(
        new,
        [lost.wie == new.wie_, lost.volgende == new.periode_, *(lost[k] == new[f"{k}_"] for k in others)],
    )
    counted = found.group_by(["wie", "periode"]).aggregate(n=found.count()).to_pyarrow().to_pylist()
    return {(row["wie"], row["periode"]): int(row["n"]) for row in counted}


def _one(
    row: Mapping[str, Any], moved: Mapping[str, Mapping[tuple[str, str], int]], keys: Mapping[str, str]
) -> Drift:
    place = (row["wie"], row["periode"])
    left = int(row["gone"] or 0)
    other: dict[str, int] = {}
    for column, naam in keys.items():
        n = min(moved[column].get(place, 0), left)  # each lost record counts once
        if n:
            other[naam] = n
            left -= n
    return Drift(
        row["wie"],
        row["periode"],
        row["volgende"],
        int(row["records"]),
        int(row["again"] or 0),
        int(row["other_end"] or 0),
        int(row["reopened"] or 0),
        left,
        other,
    )
