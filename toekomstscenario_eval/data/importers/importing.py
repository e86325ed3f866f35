"""Turn exports into a package by a mapping: the whole way, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from toekomstscenario_eval.data.importers.adding import existing
from toekomstscenario_eval.data.importers.building import Built
from toekomstscenario_eval.data.importers.formats import is_address
from toekomstscenario_eval.data.importers.import_plan import files_of, load_plan
from toekomstscenario_eval.data.importers.import_report import ImportVerslag, SourceAccount
from toekomstscenario_eval.data.importers.one_source import (
    NotUsable,
    SourceResult,
    Wishes,
    import_source,
)
from toekomstscenario_eval.data.importers.package_info import PackageInfo
from toekomstscenario_eval.data.importers.quarantine import Refused, write_quarantine
from toekomstscenario_eval.data.importers.redelivered import Replaced
from toekomstscenario_eval.data.importers.stacking import Orphans, Part, stack
from toekomstscenario_eval.data.writing import write_package
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.types import Levering, Venster


def run_import(
    mapping: Path,
    source: str | Path | Sequence[str | Path],
    out: Path,
    *,
    fmt: str = "csv",
    add_to: Path | None = None,
    quarantine: Path | None = None,
    secret_file: Path | None = None,
    with_values: bool = False,
    progress: Callable[[str], None] | None = None,
) -> ImportVerslag:
    """Turn exports into a package in the folder `out`, as `mapping` says.

    Parameters
    ----------
    mapping : Path
        YAML file in the mapping language (see docs/eigen-gegevens.md).
    source : path, or sequence of paths
        Files of the `formats`; without any, the mapping says which files beside it are meant.
    out : Path
        Folder that does not exist yet or is empty.
    fmt : {"csv", "parquet"}
        Format of the files in the package.
    add_to : Path, optional
        Package whose tables count too; it stays as it is.
    quarantine : Path, optional
        Folder for the rows that are set aside; by default that of the first file.
    secret_file : Path, optional
        File of the key of the pseudonyms; without, the environment names it or holds the secret.
    with_values : bool
        Whether the quarantine shows the values that are wrong.
    progress : callable, optional
        Gets the name of each step (Dutch) when it starts.

    Raises
    ------
    InvoerFout
        When the mapping or a source cannot be used as they are; no package is written then, only the
        quarantine of the rows that are to blame.
    UitvoerFout
        When the package or the quarantine cannot be written.
    """
    tell = progress or (lambda _: None)
    tell("mapping lezen")
    mapping = Path(mapping)
    plan = load_plan(mapping, adding=add_to is not None)
    named = [source] if isinstance(source, str | Path) else list(source)
    files = files_of(plan, [str(f) for f in named], beside=mapping.parent)
    folder, stem = _where(next(iter(files.values()))[0], quarantine)
    before = existing(add_to) if add_to is not None else None
    starts = _starts(before.tables if before else {})
    results: list[SourceResult] = []
    for one in plan.sources:
        if not one.tables:  # only there to look things up in
            continue
        try:
            results.append(
                import_source(
                    plan, one, files, starts=starts, wishes=Wishes(secret_file, with_values), tell=tell
                )
            )
        except NotUsable as fout:
            written = write_quarantine([r.refused for r in results] + [fout.refused], folder, stem)
            raise _with_quarantine(fout.fault, written) from None
    parts = _parts(results, before.tables if before else {})
    several = len(results) > 1 or before is not None
    stacked = stack(parts, references=several)
    results, refused = _with_orphans(results, stacked.orphans)
    peildatum, venster = _period(plan.pakket, [b.built for r in results for b in r.parts], mapping=mapping)
    tell("pakket schrijven")
    levering = _levering(plan.pakket.levering, before.levering if before else None)
    package = write_package(
        Path(out),
        tables=stacked.tables,
        naam=plan.pakket.naam,
        title=plan.pakket.titel,
        peildatum=peildatum,
        venster=venster,
        sources=tuple(dict.fromkeys((*(before.bronnen if before else ()), *plan.pakket.bronnen))),
        contact=plan.pakket.contact,
        levering=levering,
        fmt=fmt,
    )
    return _report(
        results,
        package=package,
        peildatum=peildatum,
        venster=venster,
        written={naam: len(t) for naam, t in stacked.tables.items()},
        merged=stacked.merged,
        orphans=stacked.orphans,
        quarantine=write_quarantine(refused, folder, stem),
    )


def _where(first: str, quarantine: Path | None) -> tuple[Path, str]:
    """Return the folder of the quarantine, and how its files begin: beside the first file of all."""
    if is_address(first):
        return quarantine or Path(), "databank"
    return quarantine or Path(first).parent, Path(first).stem


def _report(results: Sequence[SourceResult], *, package: Path, **rest: object) -> ImportVerslag:
    return ImportVerslag(
        pakket=package,
        sources=tuple(SourceAccount(r.naam, r.account, r.refused.files, r.gezien) for r in results),
        gelezen=sum(r.account.gelezen for r in results),
        rows_apart=sum(r.account.geweigerd for r in results),
        apart=tuple(a for r in results for a in r.apart),
        outside_choice=_added(r.outside_choice for r in results),
        translated=tuple(t for r in results for t in r.translated),
        onbekend=tuple(o for r in results for o in r.onbekend),
        partial=tuple(p for r in results for p in r.partial),
        nobody=tuple(n for r in results for n in r.nobody),
        replaced=sum((r.replaced for r in results), Replaced()),
        planned=_added(r.planned for r in results),
        **rest,  # type: ignore[arg-type]
    )


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    out: dict[str, int] = {}
    for one in counts:
        for key, n in one.items():
            out[key] = out.get(key, 0) + n
    return out


def _starts(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    """Return from where numbered keys count on: beyond every number that the keys of a package end in."""
    out: dict[str, int] = {}
    for naam, frame in tables.items():
        key = f"{naam}_id"
        if key in frame.columns:
            numbers = frame[key].astype("string").str.extract(re.compile(r"(\d{1,15})$"))[0].dropna()
            out[naam] = int(numbers.astype("int64").max()) if len(numbers) else 0
    return out


def _parts(results: Sequence[SourceResult], before: Mapping[str, pd.DataFrame]) -> dict[str, list[Part]]:
    out: dict[str, list[Part]] = {
        naam: [Part(frame, -1, np.full(len(frame), -1), apart=False)] for naam, frame in before.items()
    }
    for place, result in enumerate(results):
        for one in result.parts:
            frame, rows = one.built.frame, one.built.rows
            behind = np.full(len(frame), -1) if rows is None else rows
            out.setdefault(one.tabel, []).append(Part(frame, place, behind, result.apart_allowed))
    return out


def _with_orphans(
    results: list[SourceResult], orphans: Sequence[Orphans]
) -> tuple[list[SourceResult], list[Refused]]:
    """Move rows that name an absent key to what was refused, in the account and in the quarantine."""
    out = [
        r.without_orphans([o for o in orphans if place in o.rows], place) for place, r in enumerate(results)
    ]
    return out, [r.refused for r in out]


def _with_quarantine(fault: InvoerFout, written: Sequence[Path]) -> InvoerFout:
    if not written:
        return fault
    where = "alle rijen staan in " + " en ".join(p.name for p in written) + f" ({written[0].parent})"
    return InvoerFout(
        fault.wat,
        waar=fault.waar,
        verwacht=fault.verwacht,
        kreeg=fault.kreeg,
        herstel=f"{fault.herstel}; {where}" if fault.herstel else where,
    )


def _levering(own: Levering | None, before: Levering | None) -> Levering | None:
    """Return the delivery line; one that goes on keeps the print of its secret."""
    if own is None:
        return before
    same = before is not None and (own.eigenaar, own.naam) == (before.eigenaar, before.naam)
    return before if same else own


def _period(info: PackageInfo, built: Sequence[Built], *, mapping: Path) -> tuple[date, Venster]:
    """Return peildatum and window: from the mapping, or from the first and the last day in the tables."""
    first = [b.eerste for b in built if b.eerste is not None]
    last = [b.after_last for b in built if b.after_last is not None]
    if not first or not last:
        raise InvoerFout(
            "geen enkele rij van de bron levert een huishouden op",
            waar=f"{mapping.name}: tabellen > huishouden",
            herstel="controleer 'alleen' in de mapping",
        )
    # A day must be over to be observed whole, so the last day in the source lies before the peildatum.
    peildatum = info.peildatum or max(last)
    tomorrow = datetime.now().astimezone().date() + timedelta(days=1)
    if peildatum > tomorrow:
        raise InvoerFout(
            "de peildatum ligt in de toekomst",
            waar=f"{mapping.name}: pakket > peildatum",
            kreeg=peildatum.isoformat(),
            herstel="zet de datum van de export in de mapping; markeringen zoals 9999-12-31 horen bij 'leeg'",
        )
    if info.venster is not None:
        return peildatum, info.venster
    if min(first) >= peildatum:
        raise InvoerFout(
            "alle datums in de bron liggen op of na de peildatum",
            waar=f"{mapping.name}: pakket > peildatum",
            kreeg=peildatum.isoformat(),
            herstel="controleer de peildatum en de datumnotatie in de mapping",
        )
    return peildatum, Venster(min(first), peildatum)
