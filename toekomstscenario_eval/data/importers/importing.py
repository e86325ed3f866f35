"""Turn an export into a package by a mapping: the whole way, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from toekomstscenario_eval.data.connection import connect
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
from toekomstscenario_eval.data.importers.judging import judge
from toekomstscenario_eval.data.importers.mapping import ImportMapping, load_mapping
from toekomstscenario_eval.data.importers.report import ImportVerslag
from toekomstscenario_eval.data.importers.source import read_source
from toekomstscenario_eval.data.importers.values import Rows
from toekomstscenario_eval.data.writing import schrijf_pakket
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.types import Venster


def importeer(
    mapping: Path,
    bron: Path,
    uit: Path,
    *,
    formaat: str = "csv",
    voortgang: Callable[[str], None] | None = None,
) -> ImportVerslag:
    """Turn the export `bron` into a package in the folder `uit`, as `mapping` says.

    Parameters
    ----------
    mapping : Path
        YAML file in the mapping language (see docs/eigen-gegevens.md).
    bron : Path
        File of one of the `formats`, with column names on its first line.
    uit : Path
        Folder that does not exist yet or is empty.
    formaat : {"csv", "parquet"}
        Format of the files in the package.
    voortgang : callable, optional
        Gets the name of each step (Dutch) when it starts.

    Raises
    ------
    InvoerFout
        When the mapping or the source cannot be used as they are; nothing is written then.
    UitvoerFout
        When the package cannot be written.
    """
    meld = voortgang or (lambda _: None)
    meld("mapping lezen")
    afbeelding = load_mapping(Path(mapping), format_of(Path(bron)))
    geheim = secret(afbeelding)
    con = connect()
    try:
        check_constants(con, afbeelding)
        meld("bron lezen")
        gelezen = read_source(con, Path(bron), afbeelding)
        alle = Rows(clean(con, gelezen, afbeelding, geheim), afbeelding)
        meld("rijen beoordelen")
        oordeel = judge(con, alle, gelezen)
        meld("tabellen maken")
        gebouwd = {t.naam: build(oordeel.rijen, t) for t in afbeelding.tabellen}
        vertaald, onbekend = count_codes(oordeel.rijen), count_unknown(alle)
        buiten = outside(oordeel.rijen)
    finally:
        con.disconnect()
    peildatum, venster = _period(afbeelding, gebouwd, mapping=Path(mapping))
    meld("pakket schrijven")
    pakket = schrijf_pakket(
        Path(uit),
        tabellen={naam: b.frame for naam, b in gebouwd.items()},
        naam=afbeelding.pakket.naam,
        titel=afbeelding.pakket.titel,
        peildatum=peildatum,
        venster=venster,
        bronnen=afbeelding.pakket.bronnen,
        contact=afbeelding.pakket.contact,
        formaat=formaat,
    )
    return ImportVerslag(
        pakket=pakket,
        peildatum=peildatum,
        venster=venster,
        gelezen=gelezen.rijen,
        geschreven={naam: len(b.frame) for naam, b in gebouwd.items()},
        rijen_apart=oordeel.aantal_apart,
        apart=oordeel.apart,
        buiten_keuze=buiten,
        vertaald=vertaald,
        onbekend=onbekend,
    )


def _period(
    afbeelding: ImportMapping, gebouwd: Mapping[str, Built], *, mapping: Path
) -> tuple[date, Venster]:
    """Return peildatum and window: from the mapping, or from the first and the last day in the tables."""
    eerste = [b.eerste for b in gebouwd.values() if b.eerste is not None]
    laatste = [b.na_laatste for b in gebouwd.values() if b.na_laatste is not None]
    if not eerste or not laatste:
        raise InvoerFout(
            "geen enkele rij van de bron levert een huishouden op",
            waar=f"{mapping.name}: tabellen > huishouden",
            herstel="controleer 'alleen' in de mapping",
        )
    # A day must be over to be observed whole, so the last day in the source lies before the peildatum.
    peildatum = afbeelding.pakket.peildatum or max(laatste)
    morgen = datetime.now().astimezone().date() + timedelta(days=1)
    if peildatum > morgen:
        raise InvoerFout(
            "de peildatum ligt in de toekomst",
            waar=f"{mapping.name}: pakket > peildatum",
            kreeg=peildatum.isoformat(),
            herstel="zet de datum van de export in de mapping; markeringen zoals 9999-12-31 horen bij 'leeg'",
        )
    if afbeelding.pakket.venster is not None:
        return peildatum, afbeelding.pakket.venster
    if min(eerste) >= peildatum:
        raise InvoerFout(
            "alle datums in de bron liggen op of na de peildatum",
            waar=f"{mapping.name}: pakket > peildatum",
            kreeg=peildatum.isoformat(),
            herstel="controleer de peildatum en de datumnotatie in de mapping",
        )
    return peildatum, Venster(min(eerste), peildatum)
