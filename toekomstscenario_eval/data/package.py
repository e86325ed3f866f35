"""Open a package of proeftuin data: metadata, files with their hashes, lazy tables."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data import reading
from toekomstscenario_eval.data.connection import connect, shrink
from toekomstscenario_eval.data.parsing import typed
from toekomstscenario_eval.data.schema import VERPLICHTE_TABELLEN, load_schema
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, bedoelt_u
from toekomstscenario_eval.types import Venster

BESCHRIJVING = "datapackage.json"
_CELLEN = 120_000_000  # of the steps kept; a text takes 16 bytes in the engine and a date 4


@dataclass(frozen=True)
class Bestand:
    """A delivered file: path within the package, hash, size, rows read and unreadable lines."""

    pad: str
    sha256: str
    bytes: int
    rijen: int
    onleesbaar: int
    onleesbare_regels: tuple[int, ...]


@dataclass(frozen=True)
class Package:
    """A package of proeftuin data.

    Attributes
    ----------
    tabellen : mapping of str to ibis Table
        Typed tables of the contract that the package holds, with the row number `_rij`.
    ruw : mapping of str to ibis Table
        The same tables as delivered, for the checks.
    peildatum : date
        Extraction date: spells without an end are still running on it.
    venster : Venster
        Observation window; never reaches beyond the peildatum.
    geheugen : dict
        What the engine worked out once about the households of this package; a copy with other
        tables needs one of its own.
    stappen : dict
        Tables that stay in the engine with their number of cells, most recently used last; see `once`.
    """

    map: Path
    naam: str
    titel: str
    peildatum: date
    venster: Venster
    bronnen: tuple[str, ...]
    contact: str
    con: Backend = field(repr=False)
    tabellen: Mapping[str, ir.Table] = field(repr=False)
    ruw: Mapping[str, ir.Table] = field(repr=False)
    bestanden: Mapping[str, Bestand] = field(repr=False)
    geheugen: dict[tuple[str, ...], Any] = field(default_factory=dict, repr=False, compare=False)
    stappen: dict[str, tuple[ir.Table, int]] = field(default_factory=dict, repr=False, compare=False)

    def once(self, stap: ir.Table) -> ir.Table:
        """Return the same rows as `stap`, worked out once and kept in the engine while they are in use.

        What a step asks is its identity, so that a copy of the package with other tables shares it.
        """
        bewaard = stap.cache()  # of the same question the engine returns the same table
        naam = bewaard.op().name
        vorig = self.stappen.pop(naam, None)
        cellen = vorig[1] if vorig else len(stap.columns) * _length(self.con, naam)
        self.stappen[naam] = (bewaard, cellen)
        while len(self.stappen) > 1 and sum(n for _, n in self.stappen.values()) > _CELLEN:
            ouder = list(self.stappen)[:-1]
            # Small steps cost as much work as large ones, and hardly any place.
            self.stappen.pop(next((s for s in ouder if self.stappen[s][1] > _CELLEN // 10), ouder[0]))
        return bewaard

    def forget(self) -> None:
        """Give back what the engine kept of earlier questions; a later one works it out again."""
        self.stappen.clear()
        self.geheugen.clear()
        shrink(self.con)

    def ontbreekt(
        self,
        nodig: Mapping[str, tuple[str, ...]],
        komt_voor: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    ) -> str:
        """Return what was not delivered of the needed tables, columns and codes (empty: nothing).

        Parameters
        ----------
        nodig : mapping of table to columns
        komt_voor : mapping of (table, column) to codes that must occur at least once, optional
        """
        delen, komt_voor = [], komt_voor or {}
        vraagt = {tabel: [*kolommen] for tabel, kolommen in nodig.items()}
        for tabel, kolom in komt_voor:
            vraagt.setdefault(tabel, []).append(kolom)
        for tabel, kolommen in vraagt.items():
            if tabel not in self.tabellen:
                delen.append(f"de tabel {tabel} is niet geleverd")
                continue
            weg = [k for k in dict.fromkeys(kolommen) if k not in self.ruw[tabel].columns]
            if weg:
                delen.append(f"in de tabel {tabel} is niet geleverd: {', '.join(weg)}")
        if not delen:
            for (tabel, kolom), codes in komt_voor.items():
                gevonden = set(self.tabellen[tabel].select(kolom).distinct().execute()[kolom])
                if weg := [code for code in codes if code not in gevonden]:
                    delen.append(f"in {tabel}.{kolom} komt niet voor: {', '.join(weg)}")
        return "; ".join(delen)


def _length(con: Backend, tabel: str) -> int:
    return int(con.raw_sql(f'SELECT count(*) FROM "{tabel}"').fetchall()[0][0])


def _hash(pad: Path) -> str:
    with pad.open("rb") as bestand:
        return hashlib.file_digest(bestand, "sha256").hexdigest()


def _describe(map_: Path) -> dict[str, Any]:
    """Read and check the description of the package."""
    if not map_.is_dir():
        raise InvoerFout(
            "de map met het pakket bestaat niet",
            waar=str(map_),
            verwacht=f"een map met {BESCHRIJVING} en een bestand per tabel",
            herstel="controleer het pad, of maak een voorbeeldpakket met: tks voorbeeld MAP",
        )
    pad = map_ / BESCHRIJVING
    if not pad.is_file():
        raise InvoerFout(
            f"{BESCHRIJVING} ontbreekt",
            waar=str(map_),
            herstel="maak het bestand met: tks importeer, of neem dat van een voorbeeldpakket over",
        )
    try:
        bron = json.loads(pad.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as fout:
        plek = f", regel {fout.lineno}" if isinstance(fout, json.JSONDecodeError) else ""
        raise InvoerFout(
            f"{BESCHRIJVING} is geen geldige JSON in UTF-8",
            waar=f"{pad}{plek}",
            herstel="controleer komma's, aanhalingstekens en de codering van het bestand",
        ) from None
    if not isinstance(bron, dict):
        raise InvoerFout(f"{BESCHRIJVING} is geen JSON-object", waar=str(pad))
    return bron


def _needed(bron: Mapping[str, Any], sleutel: str, pad: Path, soort: type, verwacht: str) -> Any:
    waarde = bron.get(sleutel)
    if not isinstance(waarde, soort) or not waarde:
        raise InvoerFout(
            f"'{sleutel}' ontbreekt of heeft de verkeerde vorm",
            waar=str(pad),
            verwacht=verwacht,
            herstel=f"vul '{sleutel}' aan in {BESCHRIJVING}",
        )
    return waarde


def _date(bron: Mapping[str, Any], sleutel: str, pad: Path) -> date:
    tekst = _needed(bron, sleutel, pad, str, "een datum als JJJJ-MM-DD")
    try:
        # Python reads other notations too; the agreement knows one.
        return date.fromisoformat(tekst if re.fullmatch(r"\d{4}-\d{2}-\d{2}", tekst) else "")
    except ValueError:
        raise InvoerFout(
            f"'{sleutel}' is geen bestaande datum",
            waar=str(pad),
            verwacht="een datum als JJJJ-MM-DD",
            herstel=f"verbeter '{sleutel}' in {BESCHRIJVING}",
        ) from None


def _titles(bron: Mapping[str, Any], sleutel: str) -> tuple[str, ...]:
    """Return the titles of an optional list such as 'sources'."""
    lijst = bron.get(sleutel)
    stukken = lijst if isinstance(lijst, list) else []
    return tuple(str(s["title"]) for s in stukken if isinstance(s, dict) and s.get("title"))


def _check_version(bron: Mapping[str, Any], pad: Path) -> None:
    eigen = load_schema().versie
    versie = _needed(bron, "schema_versie", pad, str, "het versienummer van de gegevensafspraak")
    if versie.split(".")[0] != eigen.split(".")[0]:
        raise InvoerFout(
            "het pakket volgt een andere versie van de gegevensafspraak",
            waar=f"{pad}, 'schema_versie'",
            verwacht=f"versie {eigen.split('.')[0]}.x",
            kreeg=f"versie {versie}",
            herstel="lever het pakket opnieuw volgens de nieuwe afspraak, of gebruik de versie van "
            "toekomstscenario-eval die erbij hoort",
        )


def _resources(bron: Mapping[str, Any], map_: Path, pad: Path) -> dict[str, Path]:
    """Return the file of each table, after checking names, paths and presence."""
    bekend = load_schema().tabellen
    uit: dict[str, Path] = {}
    for bron_tabel in _needed(bron, "resources", pad, list, "een lijst van tabellen met 'name' en 'path'"):
        naam = bron_tabel.get("name") if isinstance(bron_tabel, dict) else None
        bestand = bron_tabel.get("path") if isinstance(bron_tabel, dict) else None
        if not isinstance(naam, str) or not isinstance(bestand, str):
            raise InvoerFout("een tabel in 'resources' mist 'name' of 'path'", waar=str(pad))
        if naam not in bekend:
            raise InvoerFout(
                f"de tabel '{naam}' bestaat niet in de gegevensafspraak",
                waar=f"{pad}, 'resources'",
                herstel=bedoelt_u(naam, bekend),
            )
        doel = (map_ / bestand).resolve()
        if not doel.is_relative_to(map_.resolve()):
            raise InvoerFout(
                f"het bestand van de tabel {naam} ligt buiten het pakket",
                waar=f"{pad}, 'resources'",
                herstel="zet het bestand in de map van het pakket",
            )
        if not doel.is_file():
            raise InvoerFout(
                f"het bestand van de tabel {naam} ontbreekt",
                waar=str(map_ / bestand),
                herstel=f"lever het bestand, of haal de tabel weg uit {BESCHRIJVING}",
            )
        if naam in uit:
            raise InvoerFout(f"de tabel {naam} staat twee keer in 'resources'", waar=str(pad))
        uit[naam] = doel
    for naam in VERPLICHTE_TABELLEN:
        if naam not in uit:
            raise InvoerFout(
                f"de tabel {naam} ontbreekt",
                waar=f"{pad}, 'resources'",
                verwacht="in elk pakket staan ten minste: " + ", ".join(VERPLICHTE_TABELLEN),
                herstel=f"lever de tabel {naam} en noem haar in {BESCHRIJVING}",
            )
    return uit


def open_package(map_: Path | str) -> Package:
    """Open the package in folder `map_` as lazy tables on DuckDB.

    Raises
    ------
    InvoerFout
        When the description or a file cannot be read, or the schema version differs.
    """
    map_ = Path(map_)
    pad = map_ / BESCHRIJVING
    bron = _describe(map_)
    _check_version(bron, pad)
    peildatum = _date(bron, "peildatum", pad)
    periode = _needed(bron, "waarneemvenster", pad, dict, "een object met 'begin' en 'eind'")
    try:
        venster = Venster(_date(periode, "begin", pad), min(_date(periode, "eind", pad), peildatum))
    except GebruikFout as fout:
        raise InvoerFout(
            fout.wat,
            waar=f"{pad}, 'waarneemvenster'",
            verwacht="een eind na het begin, en een begin voor de peildatum",
            herstel=f"verbeter 'waarneemvenster' of 'peildatum' in {BESCHRIJVING}",
        ) from None
    con = connect()
    ruw, tabellen, bestanden = {}, {}, {}
    for naam, doel in _resources(bron, map_, pad).items():
        gelezen = reading.read(con, naam, doel)
        ruw[naam] = gelezen.tabel
        schema = load_schema().tabellen[naam]
        uitdrukking = typed(gelezen.tabel, schema)
        # A delivery in text is parsed once; Parquet stays where it is.
        tabellen[naam] = con.create_table(naam, uitdrukking) if gelezen.tekst else uitdrukking
        bestanden[naam] = Bestand(
            doel.relative_to(map_.resolve()).as_posix(),
            _hash(doel),
            doel.stat().st_size,
            int(gelezen.tabel.count().execute()),
            gelezen.onleesbaar,
            gelezen.onleesbare_regels,
        )
    return Package(
        map=map_,
        naam=str(_needed(bron, "name", pad, str, "een korte naam")),
        titel=str(bron.get("title") or bron["name"]),
        peildatum=peildatum,
        venster=venster,
        bronnen=_titles(bron, "sources"),
        contact="; ".join(_titles(bron, "contributors")),
        con=con,
        tabellen=tabellen,
        ruw=ruw,
        bestanden=bestanden,
    )
