"""Several parts of a table under each other, and references that must find what they name.

A key that several parts deliver is one row: what one part leaves empty another may fill. Where they say
different things about the same key nobody knows which is right, so it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.errors import InvoerFout

_REMEDY = (
    "zet onder bron 'onleesbare_rijen: apart': zulke rijen blijven dan buiten het pakket en worden geteld"
)


@dataclass(frozen=True)
class Part:
    """Rows of one table from one source; `rows` are the rows of the source behind them, -1 for none.

    `source` is the place of the source in the mapping, -1 for the package that is added to.
    """

    frame: pd.DataFrame
    source: int
    rows: np.ndarray
    apart: bool


@dataclass(frozen=True)
class Orphans:
    """Rows that name a key which nobody delivered, set aside; `rows` per source are rows of that source."""

    tabel: str
    kolom: str
    named_table: str
    aantal: int
    rows: Mapping[int, np.ndarray]

    def __str__(self) -> str:
        return (
            f"tabel {self.tabel}, kolom {self.kolom}: {self.aantal} "
            f"{'rij noemt' if self.aantal == 1 else 'rijen noemen'} een sleutel die niet in de tabel "
            f"{self.named_table} staat"
        )


@dataclass(frozen=True)
class Stacked:
    """The tables of the package, how many rows were one with another part, and what found no key."""

    tables: Mapping[str, pd.DataFrame]
    merged: Mapping[str, int]
    orphans: tuple[Orphans, ...]


def stack(parts: Mapping[str, Sequence[Part]], *, references: bool) -> Stacked:
    """Return every table as one; with `references` every key that is named must be there.

    Raises
    ------
    InvoerFout
        When parts contradict each other on one key, or rows name a key that nobody delivered.
    """
    tables: dict[str, pd.DataFrame] = {}
    merged: dict[str, int] = {}
    behind: dict[str, pd.DataFrame] = {}
    for naam, several in parts.items():
        frame, origin, n = _one_table(naam, several)
        tables[naam], behind[naam] = frame, origin
        if n:
            merged[naam] = n
    orphans = _set_orphans_aside(tables, behind, parts) if references else ()
    return Stacked(tables, merged, orphans)


def _one_table(naam: str, parts: Sequence[Part]) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    frame = pd.concat([p.frame for p in parts], ignore_index=True) if len(parts) > 1 else parts[0].frame
    origin = pd.DataFrame(
        {
            "source": np.concatenate([np.full(len(p.frame), p.source) for p in parts]),
            "row": np.concatenate([p.rows for p in parts]),
        }
    )
    key = list(load_schema().tabellen[naam].sleutel)
    if len(parts) == 1 or not key or not set(key) <= set(frame.columns):
        return frame, origin, 0
    double = frame.duplicated(key, keep=False)
    if not double.any():
        return frame, origin, 0
    rest = frame[double]
    grouped = rest.groupby(key, sort=False, dropna=False)
    different = (grouped.nunique() > 1).any()
    clash = [str(k) for k in different.index[different]]
    if clash:
        n = int((grouped[clash].nunique() > 1).any(axis=1).sum())
        raise InvoerFout(
            "bronnen zeggen verschillende dingen over dezelfde sleutel",
            waar=f"tabel {naam}, kolom {', '.join(clash)}",
            kreeg=f"{n} {'sleutel' if n == 1 else 'sleutels'}",
            herstel="laat elke kolom uit één bron komen, of verbeter de bron die niet klopt",
        )
    # The first that is filled; they say the same.
    together = grouped.first().reset_index()[list(frame.columns)]
    kept = pd.concat([frame[~double], together], ignore_index=True)
    firsts = ~rest.duplicated(key)
    order = pd.concat([origin[~double], origin[double][firsts.to_numpy()]], ignore_index=True)
    return kept, order, int(double.sum() - len(together))


def _set_orphans_aside(
    tables: dict[str, pd.DataFrame],
    behind: dict[str, pd.DataFrame],
    parts: Mapping[str, Sequence[Part]],
) -> tuple[Orphans, ...]:
    """Take rows out that name an absent key, until none is left; a row taken out may leave others without."""
    out: list[Orphans] = []
    again = True
    while again:
        again = False
        for naam, column, other in _references(tables):
            values = tables[naam][column]
            lost = (values.notna() & ~values.isin(tables[other][column])).to_numpy()
            if not lost.any():
                continue
            found = _orphans(naam, column, other, lost, behind[naam])
            if not all(p.apart for p in parts[naam]):
                raise InvoerFout(
                    "verwijzingen kloppen niet tussen de bronnen",
                    waar=f"tabel {naam}, kolom {column}",
                    kreeg=str(found),
                    herstel=f"lever de tabel {other} vollediger; of " + _REMEDY,
                )
            out.append(found)
            tables[naam] = tables[naam][~lost].reset_index(drop=True)
            behind[naam] = behind[naam][~lost].reset_index(drop=True)
            again = True
    return tuple(out)


def _references(tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    return [
        (naam, ref.kolom, ref.tabel)
        for naam in tables
        for ref in load_schema().tabellen[naam].references
        if ref.tabel in tables and ref.kolom in tables[naam].columns
    ]


def _orphans(naam: str, column: str, other: str, lost: np.ndarray, behind: pd.DataFrame) -> Orphans:
    gone = behind[lost]
    rows = {
        int(s): np.unique(gone["row"][gone["source"] == s].to_numpy())
        for s in gone["source"][gone["row"] >= 0].unique()
    }
    return Orphans(naam, column, other, int(lost.sum()), rows)
