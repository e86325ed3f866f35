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

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.data import reading
from toekomstscenario_eval.data.connection import connect, shrink
from toekomstscenario_eval.data.parsing import typed
from toekomstscenario_eval.data.schema import REQUIRED_TABLES, load_schema
from toekomstscenario_eval.data.standing import find_superseded, without
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, did_you_mean, reason
from toekomstscenario_eval.files import write_over
from toekomstscenario_eval.types import Levering, Venster

DESCRIPTION = "datapackage.json"
COMPLETE = "volledig"
_CELLS = 120_000_000  # of the steps kept; a text takes 16 bytes in the engine and a date 4


@dataclass(frozen=True)
class File:
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
        Typed tables of the contract that the package holds, with the row number `_rij`, as delivered.
    superseded : mapping of str to ibis Table
        The row numbers of records that another one took the place of; see `standing`.
    raw : mapping of str to ibis Table
        The same tables as delivered, for the checks.
    peildatum : date
        Extraction date: spells without an end are still running on it.
    venster : Venster
        Observation window; never reaches beyond the peildatum.
    complete : frozenset of str
        Tables declared to hold everything that there was: what does not occur in them is zero, not unknown.
    memory : dict
        What the engine worked out once about the households of this package; a copy with other
        tables needs one of its own.
    levering : Levering, optional
        The delivery line, whose secret protects what leaves; without it nothing is published.
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
    raw: Mapping[str, ir.Table] = field(repr=False)
    bestanden: Mapping[str, File] = field(repr=False)
    superseded: Mapping[str, ir.Table] = field(default_factory=dict, repr=False)
    levering: Levering | None = None
    complete: frozenset[str] = frozenset()
    memory: dict[tuple[str, ...], Any] = field(default_factory=dict, repr=False, compare=False)
    stappen: dict[str, tuple[ir.Table, int]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def records(self) -> Mapping[str, ir.Table]:
        """The tables that calculations read: without the records that another one took the place of."""
        return without(self.tabellen, self.superseded)

    @property
    def content(self) -> bytes:
        """What the files hold, by the hash of each; differs as soon as one byte of a file does."""
        return "".join(f"{naam}\x1f{f.sha256}\n" for naam, f in sorted(self.bestanden.items())).encode()

    def once(self, stap: ir.Table) -> ir.Table:
        """Return the same rows as `stap`, worked out once and kept in the engine while they are in use.

        What a step asks is its identity, so that a copy of the package with other tables shares it.
        """
        kept = stap.cache()  # of the same question the engine returns the same table
        naam = kept.op().name
        previous = self.stappen.pop(naam, None)
        cells = previous[1] if previous else len(stap.columns) * _length(self.con, naam)
        self.stappen[naam] = (kept, cells)
        while len(self.stappen) > 1 and sum(n for _, n in self.stappen.values()) > _CELLS:
            ouder = list(self.stappen)[:-1]
            # Small steps cost as much work as large ones, and hardly any place.
            self.stappen.pop(next((s for s in ouder if self.stappen[s][1] > _CELLS // 10), ouder[0]))
        return kept

    def forget(self) -> None:
        """Give back what the engine kept of earlier questions; a later one works it out again."""
        self.stappen.clear()
        self.memory.clear()
        shrink(self.con)

    def ontbreekt(
        self,
        needed: Mapping[str, tuple[str, ...]],
        comes_before: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    ) -> str:
        """Return what was not delivered of the needed tables, columns and codes (empty: nothing).

        Parameters
        ----------
        needed : mapping of table to columns
        comes_before : mapping of (table, column) to codes that must occur at least once, optional
            Unless the table was declared complete: what does not occur in it was zero.
        """
        parts, comes_before = [], comes_before or {}
        asks = {table: [*columns] for table, columns in needed.items()}
        for table, column in comes_before:
            asks.setdefault(table, []).append(column)
        for table, columns in asks.items():
            if table not in self.tabellen:
                parts.append(f"de tabel {table} is niet geleverd")
                continue
            gone = [k for k in dict.fromkeys(columns) if k not in self.raw[table].columns]
            if gone:
                parts.append(f"in de tabel {table} is niet geleverd: {', '.join(gone)}")
        if not parts:
            for (table, column), codes in comes_before.items():
                if table in self.complete:
                    continue
                found = set(self.tabellen[table].select(column).distinct().execute()[column])
                if gone := [code for code in codes if code not in found]:
                    parts.append(f"in {table}.{column} komt niet voor: {', '.join(gone)}")
        return "; ".join(parts)


def _length(con: Backend, table: str) -> int:
    return int(con.raw_sql(f'SELECT count(*) FROM "{table}"').fetchall()[0][0])


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _describe(map_: Path) -> dict[str, Any]:
    """Read and check the description of the package."""
    if not map_.is_dir():
        raise InvoerFout(
            "de map met het pakket bestaat niet",
            waar=str(map_),
            verwacht=f"een map met {DESCRIPTION} en een bestand per tabel",
            herstel="controleer het pad, of maak een voorbeeldpakket met: tks voorbeeld MAP",
        )
    path = map_ / DESCRIPTION
    if not path.is_file():
        raise InvoerFout(
            f"{DESCRIPTION} ontbreekt",
            waar=str(map_),
            herstel="maak het bestand met: tks importeer, of neem dat van een voorbeeldpakket over, "
            "zonder 'levering'",
        )
    try:
        source = structured_text.from_json(structured_text.read_bytes(path))
    except OSError as fout:
        raise InvoerFout(
            f"{DESCRIPTION} kan niet worden gelezen", waar=str(path), kreeg=reason(fout)
        ) from None
    except structured_text.Malformed as fout:
        spot = f", regel {fout.line}" if fout.line else ""
        raise InvoerFout(
            f"{DESCRIPTION} is geen geldige JSON in UTF-8",
            waar=f"{path}{spot}",
            kreeg="" if fout.reason == structured_text.FORM else fout.reason,
            herstel="controleer komma's, aanhalingstekens en de codering van het bestand",
        ) from None
    if not isinstance(source, dict):
        raise InvoerFout(f"{DESCRIPTION} is geen JSON-object", waar=str(path))
    return source


def _needed(source: Mapping[str, Any], key: str, path: Path, soort: type, expected: str) -> Any:
    waarde = source.get(key)
    if not isinstance(waarde, soort) or not waarde:
        raise InvoerFout(
            f"'{key}' ontbreekt of heeft de verkeerde vorm",
            waar=str(path),
            verwacht=expected,
            herstel=f"vul '{key}' aan in {DESCRIPTION}",
        )
    return waarde


def _date(source: Mapping[str, Any], key: str, path: Path) -> date:
    text = _needed(source, key, path, str, "een datum als JJJJ-MM-DD")
    try:
        # Python reads other notations too; the agreement knows one.
        return date.fromisoformat(text if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else "")
    except ValueError:
        raise InvoerFout(
            f"'{key}' is geen bestaande datum",
            waar=str(path),
            verwacht="een datum als JJJJ-MM-DD",
            herstel=f"verbeter '{key}' in {DESCRIPTION}",
        ) from None


def _levering(source: Mapping[str, Any], path: Path) -> Levering | None:
    if "levering" not in source:
        return None
    block = source["levering"]
    parts = [block.get(k, "") for k in ("eigenaar", "naam", "sleutel")] if isinstance(block, dict) else []
    if not all(isinstance(p, str) for p in parts) or not all(p.strip() for p in parts[:2]) or not parts:
        raise InvoerFout(
            "'levering' heeft de verkeerde vorm",
            waar=str(path),
            verwacht="een object met 'eigenaar' en 'naam', en 'sleutel' zodra die is gemaakt",
            herstel=f"verbeter 'levering' in {DESCRIPTION}",
        )
    if parts[2] and not re.fullmatch("[0-9a-f]{16}", parts[2]):
        raise InvoerFout(
            "de vingerafdruk van de sleutel heeft de verkeerde vorm",
            waar=f"{path}, 'levering' > 'sleutel'",
            verwacht="zestien cijfers en letters a-f, zoals tks sleutel maak ze schrijft",
            herstel=f"neem de vingerafdruk over uit een eerder pakket van deze levering, of haal haar weg en "
            f"doe: tks sleutel maak {path.parent}",
        )
    return Levering(*parts)


def read_levering(map_: Path) -> Levering | None:
    """Return the delivery line of a package, without opening its tables; None when it names none."""
    return _levering(_describe(map_), map_ / DESCRIPTION)


def write_fingerprint(map_: Path, fingerprint: str) -> None:
    """Name the secret in the description of a package; the rest of it stays as it is."""
    source = _describe(map_)
    source["levering"]["sleutel"] = fingerprint
    text = json.dumps(source, ensure_ascii=False, indent=2) + "\n"
    write_over(map_ / DESCRIPTION, text.encode())


def _titles(source: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return the titles of an optional list such as 'sources'."""
    listing = source.get(key)
    pieces = listing if isinstance(listing, list) else []
    return tuple(str(s["title"]) for s in pieces if isinstance(s, dict) and s.get("title"))


def _check_version(source: Mapping[str, Any], path: Path) -> None:
    own = load_schema().versie
    version = _needed(source, "schema_versie", path, str, "het versienummer van de gegevensafspraak")
    if version.split(".")[0] != own.split(".")[0]:
        raise InvoerFout(
            "het pakket volgt een andere versie van de gegevensafspraak",
            waar=f"{path}, 'schema_versie'",
            verwacht=f"versie {own.split('.')[0]}.x",
            kreeg=f"versie {version}",
            herstel="lever het pakket opnieuw volgens de nieuwe afspraak, of gebruik de versie van "
            "toekomstscenario-eval die erbij hoort",
        )


def _resources(source: Mapping[str, Any], map_: Path, path: Path) -> dict[str, Path]:
    """Return the file of each table, after checking names, paths and presence."""
    known = load_schema().tabellen
    out: dict[str, Path] = {}
    for source_table in _needed(
        source, "resources", path, list, "een lijst van tabellen met 'name' en 'path'"
    ):
        naam = source_table.get("name") if isinstance(source_table, dict) else None
        file = source_table.get("path") if isinstance(source_table, dict) else None
        if not isinstance(naam, str) or not isinstance(file, str):
            raise InvoerFout("een tabel in 'resources' mist 'name' of 'path'", waar=str(path))
        if naam not in known:
            raise InvoerFout(
                f"de tabel '{naam}' bestaat niet in de gegevensafspraak",
                waar=f"{path}, 'resources'",
                herstel=did_you_mean(naam, known),
            )
        target = (map_ / file).resolve()
        if not target.is_relative_to(map_.resolve()):
            raise InvoerFout(
                f"het bestand van de tabel {naam} ligt buiten het pakket",
                waar=f"{path}, 'resources'",
                herstel="zet het bestand in de map van het pakket",
            )
        if not target.is_file():
            raise InvoerFout(
                f"het bestand van de tabel {naam} ontbreekt",
                waar=str(map_ / file),
                herstel=f"lever het bestand, of haal de tabel weg uit {DESCRIPTION}",
            )
        if naam in out:
            raise InvoerFout(f"de tabel {naam} staat twee keer in 'resources'", waar=str(path))
        out[naam] = target
    for naam in REQUIRED_TABLES:
        if naam not in out:
            raise InvoerFout(
                f"de tabel {naam} ontbreekt",
                waar=f"{path}, 'resources'",
                verwacht="in elk pakket staan ten minste: " + ", ".join(REQUIRED_TABLES),
                herstel=f"lever de tabel {naam} en noem haar in {DESCRIPTION}",
            )
    return out


def open_package(map_: Path | str) -> Package:
    """Open the package in folder `map_` as lazy tables on DuckDB.

    Raises
    ------
    InvoerFout
        When the description or a file cannot be read, or the schema version differs.
    """
    map_ = Path(map_)
    path = map_ / DESCRIPTION
    source = _describe(map_)
    _check_version(source, path)
    peildatum = _date(source, "peildatum", path)
    periode = _needed(source, "waarneemvenster", path, dict, "een object met 'begin' en 'eind'")
    try:
        venster = Venster(_date(periode, "begin", path), min(_date(periode, "eind", path), peildatum))
    except GebruikFout as fout:
        raise InvoerFout(
            fout.wat,
            waar=f"{path}, 'waarneemvenster'",
            verwacht="een eind na het begin, en een begin voor de peildatum",
            herstel=f"verbeter 'waarneemvenster' of 'peildatum' in {DESCRIPTION}",
        ) from None
    con = connect()
    raw, tables, files = {}, {}, {}
    for naam, target in _resources(source, map_, path).items():
        read = reading.read(con, naam, target)
        raw[naam] = read.tabel
        schema = load_schema().tabellen[naam]
        expression = typed(read.tabel, schema)
        # A delivery in text is parsed once; Parquet stays where it is.
        tables[naam] = con.create_table(naam, expression) if read.tekst else expression
        files[naam] = File(
            target.relative_to(map_.resolve()).as_posix(),
            _hash(target),
            target.stat().st_size,
            int(read.tabel.count().execute()),
            read.onleesbaar,
            read.onleesbare_regels,
        )
    return Package(
        map=map_,
        naam=str(_needed(source, "name", path, str, "een korte naam")),
        titel=str(source.get("title") or source["name"]),
        peildatum=peildatum,
        venster=venster,
        bronnen=_titles(source, "sources"),
        contact="; ".join(_titles(source, "contributors")),
        con=con,
        tabellen=tables,
        raw=raw,
        bestanden=files,
        superseded=find_superseded(con, tables),
        levering=_levering(source, path),
        complete=_complete(source, path),
    )


def _complete(source: Mapping[str, Any], path: Path) -> frozenset[str]:
    """Return the tables that the description declares complete: none of what there was is missing."""
    out = set()
    for table in source["resources"]:
        said = table.get(COMPLETE, False)
        if not isinstance(said, bool):
            raise InvoerFout(
                f"'{COMPLETE}' heeft de verkeerde vorm",
                waar=f"{path}, 'resources', tabel {table['name']}",
                verwacht="true als alles wat er was in de tabel staat, anders false",
                herstel=f"verbeter '{COMPLETE}' in {DESCRIPTION}",
            )
        if said:
            out.add(str(table["name"]))
    return frozenset(out)
