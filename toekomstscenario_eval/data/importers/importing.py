"""Turn an export into a package by a mapping: the whole way, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from toekomstscenario_eval.data.connection import connect
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
from toekomstscenario_eval.data.importers.formats import format_of
from toekomstscenario_eval.data.importers.import_report import ImportVerslag
from toekomstscenario_eval.data.importers.judging import judge
from toekomstscenario_eval.data.importers.mapping import load_mapping
from toekomstscenario_eval.data.importers.mapping_model import ImportMapping
from toekomstscenario_eval.data.importers.own_keys import count_codes_outside, count_nobody
from toekomstscenario_eval.data.importers.partial import effects
from toekomstscenario_eval.data.importers.planned import count_planned, refuse_unknown_day
from toekomstscenario_eval.data.importers.source import read_source
from toekomstscenario_eval.data.importers.values import Rows
from toekomstscenario_eval.data.writing import write_package
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.types import Venster


def run_import(
    mapping: Path,
    source: Path,
    out: Path,
    *,
    fmt: str = "csv",
    secret_file: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> ImportVerslag:
    """Turn the export `source` into a package in the folder `out`, as `mapping` says.

    Parameters
    ----------
    mapping : Path
        YAML file in the mapping language (see docs/eigen-gegevens.md).
    source : Path
        File of one of the `formats`, with column names on its first line.
    out : Path
        Folder that does not exist yet or is empty.
    fmt : {"csv", "parquet"}
        Format of the files in the package.
    secret_file : Path, optional
        File of the key of the pseudonyms; without, the environment names it or holds the secret.
    progress : callable, optional
        Gets the name of each step (Dutch) when it starts.

    Raises
    ------
    InvoerFout
        When the mapping or the source cannot be used as they are; nothing is written then.
    UitvoerFout
        When the package cannot be written.
    """
    tell = progress or (lambda _: None)
    tell("mapping lezen")
    image = load_mapping(Path(mapping), format_of(Path(source)))
    refuse_unknown_day(image)
    pepper = secret(image, secret_file)
    con = connect()
    try:
        check_constants(con, image)
        tell("bron lezen")
        read = read_source(con, Path(source), image)
        every = Rows(clean(con, read, image, pepper), image)
        refuse_ambiguous(every)
        tell("rijen beoordelen")
        verdict = judge(con, every, read)
        tell("tabellen maken")
        built = {t.naam: build(verdict.rijen, t) for t in image.tabellen}
        translated, unknown = count_codes(verdict.rijen), count_unknown(every)
        beyond, planned = outside(verdict.rijen), count_planned(verdict.rijen)
        partial, nobody = effects(verdict.rijen), count_nobody(every)
        unknown += count_codes_outside(every)
    finally:
        con.disconnect()
    peildatum, venster = _period(image, built, mapping=Path(mapping))
    tell("pakket schrijven")
    package = write_package(
        Path(out),
        tables={naam: b.frame for naam, b in built.items()},
        naam=image.pakket.naam,
        title=image.pakket.titel,
        peildatum=peildatum,
        venster=venster,
        sources=image.pakket.bronnen,
        contact=image.pakket.contact,
        levering=image.pakket.levering,
        fmt=fmt,
    )
    return ImportVerslag(
        pakket=package,
        peildatum=peildatum,
        venster=venster,
        gelezen=read.rijen,
        written={naam: len(b.frame) for naam, b in built.items()},
        rows_apart=verdict.aantal_apart,
        apart=verdict.apart,
        outside_choice=beyond,
        translated=translated,
        onbekend=unknown,
        partial=partial,
        nobody=nobody,
        replaced=verdict.replaced,
        planned=planned,
    )


def _period(image: ImportMapping, built: Mapping[str, Built], *, mapping: Path) -> tuple[date, Venster]:
    """Return peildatum and window: from the mapping, or from the first and the last day in the tables."""
    first = [b.eerste for b in built.values() if b.eerste is not None]
    last = [b.after_last for b in built.values() if b.after_last is not None]
    if not first or not last:
        raise InvoerFout(
            "geen enkele rij van de bron levert een huishouden op",
            waar=f"{mapping.name}: tabellen > huishouden",
            herstel="controleer 'alleen' in de mapping",
        )
    # A day must be over to be observed whole, so the last day in the source lies before the peildatum.
    peildatum = image.pakket.peildatum or max(last)
    tomorrow = datetime.now().astimezone().date() + timedelta(days=1)
    if peildatum > tomorrow:
        raise InvoerFout(
            "de peildatum ligt in de toekomst",
            waar=f"{mapping.name}: pakket > peildatum",
            kreeg=peildatum.isoformat(),
            herstel="zet de datum van de export in de mapping; markeringen zoals 9999-12-31 horen bij 'leeg'",
        )
    if image.pakket.venster is not None:
        return peildatum, image.pakket.venster
    if min(first) >= peildatum:
        raise InvoerFout(
            "alle datums in de bron liggen op of na de peildatum",
            waar=f"{mapping.name}: pakket > peildatum",
            kreeg=peildatum.isoformat(),
            herstel="controleer de peildatum en de datumnotatie in de mapping",
        )
    return peildatum, Venster(min(first), peildatum)
