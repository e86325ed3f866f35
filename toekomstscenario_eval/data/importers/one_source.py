"""One source: its files read, its rows judged, its tables built, and every row accounted for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from toekomstscenario_eval.data.connection import connect
from toekomstscenario_eval.data.importers.accounting import Account, account
from toekomstscenario_eval.data.importers.amounts import refuse_ambiguous
from toekomstscenario_eval.data.importers.building import (
    Built,
    build,
    check_constants,
    count_codes,
    count_unknown,
    outside,
)
from toekomstscenario_eval.data.importers.cleaning import clean, secret
from toekomstscenario_eval.data.importers.formats import format_of, shown
from toekomstscenario_eval.data.importers.import_plan import ImportPlan, SourcePlan
from toekomstscenario_eval.data.importers.import_report import (
    Numberless,
    SetAside,
    Translated,
    Unknown,
)
from toekomstscenario_eval.data.importers.judging import Collected, judge
from toekomstscenario_eval.data.importers.mapping_model import ImportMapping
from toekomstscenario_eval.data.importers.own_keys import count_codes_outside, count_nobody
from toekomstscenario_eval.data.importers.partial import PartialDates, effects
from toekomstscenario_eval.data.importers.planned import count_planned, refuse_unknown_day
from toekomstscenario_eval.data.importers.quarantine import Refused
from toekomstscenario_eval.data.importers.redelivered import Replaced
from toekomstscenario_eval.data.importers.source import Raw, read_files, read_source
from toekomstscenario_eval.data.importers.stacking import Orphans
from toekomstscenario_eval.data.importers.values import Rows
from toekomstscenario_eval.errors import InvoerFout


@dataclass(frozen=True)
class BuiltPart:
    """A table that a source fills, or a part of it."""

    tabel: str
    built: Built


@dataclass(frozen=True)
class SourceResult:
    """What one source gave."""

    naam: str
    apart_allowed: bool
    account: Account
    parts: tuple[BuiltPart, ...]
    refused: Refused
    apart: tuple[SetAside, ...]
    outside_choice: Mapping[str, int]
    translated: tuple[Translated, ...]
    onbekend: tuple[Unknown, ...]
    partial: tuple[PartialDates, ...]
    nobody: tuple[Numberless, ...]
    replaced: Replaced
    planned: Mapping[str, int]
    gezien: tuple[str, ...]

    def without_orphans(self, orphans: Sequence[Orphans], place: int) -> SourceResult:
        """Return the same with rows that name an absent key refused; `place` is that of the source."""
        if not orphans:
            return self
        lines = [self.refused.rows]
        for one in orphans:
            extra: dict[str, Any] = {
                "rij": pa.array(one.rows[place], pa.int64()),
                "kolom": pa.repeat(one.kolom, len(one.rows[place])),
                "reden": pa.repeat(
                    f"de sleutel staat niet in de tabel {one.named_table}", len(one.rows[place])
                ),
            }
            if "waarde" in self.refused.rows.column_names:
                extra["waarde"] = pa.nulls(len(one.rows[place]), pa.string())
            lines.append(pa.table(extra).cast(self.refused.rows.schema))
        gone = len(np.unique(np.concatenate([one.rows[place] for one in orphans])))
        used = self.account
        # Rows that were used first, as far as they go: which of them were translated is no longer known.
        plain = min(gone, used.gebruikt)
        moved = replace(
            used,
            gebruikt=used.gebruikt - plain,
            vertaald=used.vertaald - (gone - plain),
            geweigerd=used.geweigerd + gone,
        )
        return replace(self, account=moved, refused=replace(self.refused, rows=pa.concat_tables(lines)))


@dataclass(frozen=True)
class Wishes:
    """What the user asked for besides the mapping.

    Attributes
    ----------
    secret_file : Path, optional
        File of the key of the pseudonyms.
    with_values : bool
        Whether the quarantine shows the values that are wrong.
    """

    secret_file: Path | None = None
    with_values: bool = False


class NotUsable(Exception):
    """A source that cannot be used as it is; carries its quarantine."""

    def __init__(self, fault: InvoerFout, refused: Refused) -> None:
        super().__init__(str(fault))
        self.fault, self.refused = fault, refused


def one_format(files: Sequence[str]) -> str:
    """Return the format of the files of one source; InvoerFout when they differ."""
    found = {format_of(f) for f in files}
    if len(found) > 1:
        raise InvoerFout(
            "de bestanden van één bron hebben verschillende formaten",
            waar=", ".join(shown(f) for f in files),
            kreeg=", ".join(sorted(found)),
            herstel="maak er twee bronnen van, elk met een eigen naam onder 'bronnen'",
        )
    return found.pop()


def import_source(
    plan: ImportPlan,
    source: SourcePlan,
    files: Mapping[str, tuple[str, ...]],
    *,
    starts: dict[str, int],
    wishes: Wishes,
    tell: Callable[[str], None],
) -> SourceResult:
    """Turn the files of a source into (parts of) tables.

    `starts` says, per table, from where numbered keys count on; it is brought up to date.

    Raises
    ------
    InvoerFout
        When the files or the mapping cannot be used.
    NotUsable
        The same for the rows in them.
    """
    which = f" {source.naam}" if source.naam else ""
    image = plan.mapping(source, one_format(files[source.naam]))
    refuse_unknown_day(image)
    pepper = secret(image, wishes.secret_file)
    others = {k.bron: _other(plan, k.bron, files, (*k.op.values(), *k.kolommen)) for k in source.looked_up}
    con = connect()
    try:
        check_constants(con, image)
        tell(f"bron{which} lezen")
        read = read_source(con, files[source.naam], image, plan=source, others=others)
        every = Rows(clean(con, read, image, pepper), image)
        refuse_ambiguous(every)
        tell(f"rijen{which} beoordelen")
        collected = Collected(with_values=wishes.with_values)
        try:
            verdict = judge(con, every, read, collected)
        except InvoerFout as fout:
            raise NotUsable(fout, Refused(collected.table(), read.files)) from None
        tell(f"tabellen{which} maken")
        parts: list[BuiltPart] = []
        for table in image.tabellen:
            start = starts.get(table.naam, 0)
            parts.append(BuiltPart(table.naam, build(verdict.rijen, table, start)))
            starts[table.naam] = start + read.rijen
        return SourceResult(
            naam=source.naam,
            apart_allowed=image.apart,
            account=account(read.rijen, verdict),
            parts=tuple(parts),
            refused=Refused(collected.table(), read.files),
            apart=verdict.apart,
            outside_choice=outside(verdict.rijen),
            translated=count_codes(verdict.rijen),
            onbekend=count_unknown(every) + count_codes_outside(every),
            partial=effects(verdict.rijen),
            nobody=count_nobody(every),
            replaced=verdict.replaced,
            planned=count_planned(verdict.rijen),
            gezien=read.gezien,
        )
    finally:
        con.disconnect()


def _other(plan: ImportPlan, naam: str, files: Mapping[str, tuple[str, ...]], wanted: Sequence[str]) -> Raw:
    """Read a source in which values are looked up, as it stands."""
    source = next(s for s in plan.sources if s.naam == naam)
    image: ImportMapping = plan.mapping(source, one_format(files[naam]))
    return read_files(files[naam], image, source, wanted)
