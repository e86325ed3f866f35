"""The mapping language: how the columns of an export become the tables of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.importers.package_info import PackageInfo, package_info
from toekomstscenario_eval.data.importers.profile import with_profile
from toekomstscenario_eval.data.importers.redelivered import Deliveries, deliveries
from toekomstscenario_eval.data.importers.special import (
    EmptyStart,
    IfEmpty,
    Nobody,
    empty_start,
    if_empty,
    nobody,
)
from toekomstscenario_eval.data.schema import REQUIRED_TABLES, Field, TableSchema, load_schema
from toekomstscenario_eval.data.yaml_node import Node, Place, Wording, chosen, flag, load_yaml, texts
from toekomstscenario_eval.errors import InvoerFout, did_you_mean

NOTATION = ("iso", "jjjjmmdd", "dd-mm-jjjj")
FILLED = "gevuld"
REFUSE, APART, EMPTY, MIDDLE = "weigeren", "apart", "leeg", "midden"
BEGIN, END = "begin", "eind"
OPEN, NOT_AFTER = "open", "niet_na_peildatum"
PSEUDONYM, UNCHANGED = "pseudoniem", "ongewijzigd"
AMSTERDAM, AS_WRITTEN, TOGETHER = "Europe/Amsterdam", "zoals_geschreven", "samen"
_NOTATION = ("datumnotatie", "gedeeltelijk", "ongeboren", "leeg", "heel_getal", "vul_aan", "spaties")
_OF_COLUMN = (*_NOTATION, "sleutel", "tijdzone", "sleutel_vorm", "samen", "codes", "geen_persoon")
_WORDS = Wording(
    naam="de mapping",
    weg="bestaat niet",
    onleesbaar="kan niet worden gelezen",
    verwacht="een YAML-bestand dat zegt hoe de bron een pakket wordt",
    pad="controleer het pad; een uitgewerkt voorbeeld staat in docs/voorbeelden",
    utf8="sla het bestand op als UTF-8",
    vorm="let op inspringen (spaties, geen tabs) en zet namen met een dubbele punt erin "
    "tussen aanhalingstekens",
)


@dataclass(frozen=True)
class SourceColumn:
    """How one column of the source is read, the same wherever it is used."""

    naam: str
    notation: str
    gedeeltelijk: str = REFUSE
    ongeboren: str = REFUSE
    leeg: tuple[str, ...] = ()
    heel_getal: bool = False
    vul_aan: int = 0
    spaties: str = ""
    sleutel: str = ""
    tijdzone: str = ""
    sleutel_vorm: str = ""
    samen: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    nobody: Nobody | None = None


def behind(column: SourceColumn) -> tuple[str, ...]:
    """Return the columns that are read for one column: itself, its parts, and what tells persons apart."""
    return (column.naam, *column.samen, *(column.nobody.columns if column.nobody else ()))


@dataclass(frozen=True)
class Origin:
    """Where the value of one field comes from: a column, a constant or a numbered key."""

    soort: str
    waarde: str
    plek: Place
    vertaling: Mapping[str, str] | None = None
    onbekend: str = REFUSE
    jaar: bool = False
    als_leeg: IfEmpty | None = None


@dataclass(frozen=True)
class Period:
    """Which dates make a spell; `open_als_leeg` is the column whose emptiness means still running.

    `over` names those of the `per` columns that share one spell; empty: every row has its own.
    Where `planned` stands (None: nowhere) an end after the peildatum is a plan, and the spell runs.
    """

    van: tuple[str, ...]
    tot: tuple[str, ...]
    laatste_dag_telt_mee: bool
    open_als_leeg: str
    over: tuple[str, ...]
    planned: Place | None = None
    empty_start: EmptyStart | None = None


@dataclass(frozen=True)
class TableMapping:
    """How the rows of one table arise; `per` is None for one row per source row."""

    naam: str
    per: tuple[str, ...] | None
    alleen: Mapping[str, tuple[str, ...] | None]
    periode: Period | None
    fields: Mapping[str, Origin]

    @property
    def schema(self) -> TableSchema:
        """The table in the contract."""
        return load_schema().tabellen[self.naam]


@dataclass(frozen=True)
class ImportMapping:
    """A whole mapping, checked against the contract. `used` lists source columns with their place.

    `options` are those of the format of the source, each with its value; without a word on it
    `decimaalteken` is empty.
    """

    pakket: PackageInfo
    formaat: str
    options: Mapping[str, str]
    decimaalteken: str
    apart: bool
    kolommen: Mapping[str, SourceColumn]
    tabellen: tuple[TableMapping, ...]
    levering: Deliveries | None
    used: tuple[tuple[str, Place], ...] = field(repr=False)

    @property
    def namen(self) -> tuple[str, ...]:
        """The columns in use, each once, in the order of the mapping."""
        return tuple(dict.fromkeys(naam for naam, _ in self.used))

    @property
    def own(self) -> tuple[str, ...]:
        """Those that stand in the source: not the ones put together from others."""
        return tuple(naam for naam in self.namen if not self.kolommen[naam].samen)

    @property
    def as_datum(self) -> frozenset[str]:
        """The source columns that are read as dates."""
        periods = [t.periode for t in self.tabellen if t.periode is not None]
        dates = {
            b.waarde
            for t in self.tabellen
            for n, b in t.fields.items()
            if b.soort == "kolom" and t.schema.veld(n).type == "date"
        }
        started = {p.empty_start.kolom for p in periods if p.empty_start is not None}
        return frozenset(dates.union(started, *((*p.van, *p.tot) for p in periods)))

    @property
    def as_year(self) -> frozenset[str]:
        """The source columns of which only the year is taken."""
        return frozenset(b.waarde for t in self.tabellen for b in t.fields.values() if b.jaar)


def _source_column(naam: str, node: Node, *, notation: str, empty: tuple[str, ...]) -> SourceColumn:
    block = node.block(_OF_COLUMN)
    return SourceColumn(
        naam=naam,
        notation=chosen(block, "datumnotatie", tuple(dict.fromkeys((notation, *NOTATION)))),
        gedeeltelijk=chosen(block, "gedeeltelijk", (REFUSE, EMPTY, MIDDLE, BEGIN, END)),
        ongeboren=chosen(block, "ongeboren", (REFUSE, EMPTY)),
        leeg=empty + texts(block, "leeg"),
        heel_getal=flag(block, "heel_getal"),
        vul_aan=block["vul_aan"].number(start=1, stop=64) if "vul_aan" in block else 0,
        spaties=block["spaties"].choice(("_", "-", ".")) if "spaties" in block else "",
        sleutel=block["sleutel"].choice((PSEUDONYM, UNCHANGED)) if "sleutel" in block else "",
        tijdzone=block["tijdzone"].choice((AMSTERDAM, AS_WRITTEN)) if "tijdzone" in block else "",
        sleutel_vorm=block["sleutel_vorm"].choice((TOGETHER, AS_WRITTEN)) if "sleutel_vorm" in block else "",
        samen=texts(block, "samen"),
        codes=texts(block, "codes"),
        nobody=nobody(block["geen_persoon"]) if "geen_persoon" in block else None,
    )


def _origin(entry: Field, node: Node) -> Origin:
    known = ("kolom", "vast", "nummer", "vertaling", "onbekende_code", "jaar_uit_datum", "als_leeg")
    block = node.block(known)
    soorten = [s for s in ("kolom", "vast", "nummer") if s in block]
    if len(soorten) != 1:
        raise node.refuse(
            "een veld heeft precies één herkomst nodig",
            expected="'kolom' (uit de bron), 'vast' (altijd hetzelfde) of 'nummer' (een volgnummer)",
            got=" en ".join(soorten) or "geen van de drie",
        )
    soort = soorten[0]
    extra = [k for k in block if k not in soorten]
    if soort != "kolom" and extra:
        raise block[extra[0]].refuse(f"'{extra[0]}' hoort alleen bij 'kolom'", remedy="haal de regel weg")
    if soort == "nummer" and not entry.naam.endswith("_id"):
        raise block[soort].refuse("'nummer' maakt sleutels, en dit veld is geen sleutel")
    if "jaar_uit_datum" in block and entry.type != "year":
        raise block["jaar_uit_datum"].refuse("'jaar_uit_datum' hoort alleen bij een veld met een jaartal")
    translation = None
    if "vertaling" in block:
        translation = {code: _code(entry, target) for code, target in block["vertaling"].block().items()}
    if soort == "vast":
        _code(entry, block["vast"])
    unknown = REFUSE
    if "onbekende_code" in block:
        unknown = block["onbekende_code"].choice((REFUSE, APART, EMPTY))
        if translation is None and entry.codelijst is None:
            raise block["onbekende_code"].refuse("'onbekende_code' hoort bij een vertaling of een codelijst")
        if unknown == EMPTY and entry.required:
            raise block["onbekende_code"].refuse(
                "dit veld mag niet leeg blijven", remedy="kies weigeren of apart"
            )
    return Origin(
        soort=soort,
        waarde=block[soort].filled(),
        plek=block[soort].plek,
        vertaling=translation,
        onbekend=unknown,
        jaar=flag(block, "jaar_uit_datum"),
        als_leeg=if_empty(block["als_leeg"], lambda n: _code(entry, n)) if "als_leeg" in block else None,
    )


def _code(entry: Field, node: Node) -> str:
    """Return a value of a field as written in the mapping, checked against its code list."""
    waarde = node.filled()
    if entry.codelijst is not None:
        codes = load_schema().codelists[entry.codelijst].codes
        if waarde not in codes:
            raise node.refuse(
                f"'{waarde}' staat niet in de codelijst {entry.codelijst}", remedy=did_you_mean(waarde, codes)
            )
    return waarde


def _period(node: Node) -> Period:
    block = node.block(
        ("van", "tot", "laatste_dag_telt_mee", "open_als_leeg", "over", NOT_AFTER, "van_leeg"),
        needed=("van", "tot", "laatste_dag_telt_mee"),
    )
    return Period(
        block["van"].items(),
        block["tot"].items(),
        block["laatste_dag_telt_mee"].yes(),
        block["open_als_leeg"].filled() if "open_als_leeg" in block else "",
        block["over"].items() if "over" in block else (),
        block[NOT_AFTER].plek if chosen(block, NOT_AFTER, (AS_WRITTEN, OPEN)) == OPEN else None,
        empty_start(block["van_leeg"]) if "van_leeg" in block else None,
    )


def _only(node: Node) -> dict[str, tuple[str, ...] | None]:
    return {
        column: None if choice.scalar and choice.filled() == FILLED else choice.items()
        for column, choice in node.block().items()
    }


def _table(naam: str, node: Node) -> tuple[TableMapping, list[tuple[str, Place]]]:
    tables = load_schema().tabellen
    if naam not in tables:
        raise node.refuse(
            f"de tabel '{naam}' bestaat niet in de gegevensafspraak", remedy=did_you_mean(naam, tables)
        )
    schema = tables[naam]
    block = node.block(("per", "alleen", "periode", "kolommen"), needed=("kolommen",))
    namen = [v.naam for v in schema.fields]
    has_periode = "begin" in namen
    if ("periode" in block) != has_periode:
        raise node.refuse(
            f"de tabel {naam} heeft {'een' if has_periode else 'geen'} begin en eind",
            remedy=f"{'vul' if has_periode else 'haal'} 'periode' {'aan' if has_periode else 'weg'}",
        )
    loose = [n for n in namen if not (has_periode and n in ("begin", "eind"))]
    columns = block["kolommen"].block(loose)
    for entry in schema.fields:
        if entry.required and entry.naam in loose and entry.naam not in columns:
            raise block["kolommen"].refuse(
                f"het veld '{entry.naam}' ontbreekt; het is verplicht in de tabel {naam}",
                remedy=f"zeg waar '{entry.naam}' vandaan komt",
            )
    fields = {n: _origin(schema.veld(n), k) for n, k in columns.items()}
    periode = _period(block["periode"]) if "periode" in block else None
    if periode is not None and periode.empty_start is not None:
        marks = [v.naam for v in schema.fields if v.type == "boolean" and v.naam not in columns]
        if periode.empty_start.merk not in marks:
            raise block["periode"].refuse(
                f"'merk' noemt geen ja-of-nee-veld van de tabel {naam} dat nog vrij is",
                expected=" of ".join(marks) or "een andere tabel: deze heeft zo'n veld niet",
                remedy=did_you_mean(periode.empty_start.merk, marks) if marks else "haal 'van_leeg' weg",
            )
    only = _only(block["alleen"]) if "alleen" in block else {}
    per = block["per"].items() if "per" in block else None
    if periode is not None and not set(periode.over) <= set(per or ()):
        raise block["periode"].refuse(
            "'over' noemt een kolom die niet bij 'per' staat",
            remedy="noem bij 'over' alleen kolommen van 'per', of haal 'over' weg",
        )
    used = [(k, block["per"].plek) for k in per or ()]
    used += [(k, choice.plek) for k, choice in (block["alleen"].block() if "alleen" in block else {}).items()]
    for key, waarde in (block["periode"].block() if "periode" in block else {}).items():
        if key not in ("laatste_dag_telt_mee", NOT_AFTER, "van_leeg"):
            used += [(k, waarde.plek) for k in waarde.items()]
    if periode is not None and periode.empty_start is not None:
        used.append((periode.empty_start.kolom, block["periode"].plek))
    used += [(o.waarde, o.plek) for o in fields.values() if o.soort == "kolom"]
    used += [(o.als_leeg.gevuld, o.plek) for o in fields.values() if o.als_leeg is not None]
    return TableMapping(naam, per, only, periode, fields), used


def _check_ends(tables: Sequence[TableMapping], columns: Mapping[str, SourceColumn], root: Node) -> None:
    """Refuse an end date that may become empty: an ended spell would seem to run on."""
    for table in tables:
        for naam in table.periode.tot if table.periode else ():
            how = columns[naam]
            if EMPTY in (how.gedeeltelijk, how.ongeboren):
                raise root.refuse(
                    "een onvolledige einddatum mag niet leeg worden: de periode lijkt dan nog te lopen",
                    expected=f"bij bron > kolommen > {naam}: {REFUSE} of {MIDDLE}",
                    remedy=f"'{naam}' is de 'tot' van de tabel {table.naam}; kies een andere regel",
                )


def _check_keys(tables: Sequence[TableMapping], columns: Mapping[str, SourceColumn], root: Node) -> None:
    """Refuse a key from the source for which nobody said whether it still points at a person."""
    for table in tables:
        for naam, source in table.fields.items():
            if source.soort == "kolom" and naam.endswith("_id") and not columns[source.waarde].sleutel:
                raise Node(root.bron, source.plek).refuse(
                    f"voor de sleutel '{naam}' is niet gezegd of de bron al pseudoniemen bevat",
                    expected=f"bij bron > kolommen > {source.waarde}: 'sleutel: {PSEUDONYM}' (het programma "
                    f"maakt ze) of 'sleutel: {UNCHANGED}' (de bron bevat ze al)",
                    remedy="voeg die regel toe; kies bij twijfel pseudoniem",
                )


def _option(source: Mapping[str, Node], naam: str, choices: Sequence[str]) -> str:
    """Return an option of the format: one of its choices, or any text when it has none."""
    if choices:
        return chosen(source, naam, choices)
    return source[naam].filled() if naam in source else ""


def load_mapping(path: Path, fmt: str = formats.DEFAULT) -> ImportMapping:
    """Read and check a mapping for a source of this format.

    Raises
    ------
    InvoerFout
        With the line and the place of the first fault.
    """
    options = formats.find(fmt).OPTIONS
    root, _ = load_yaml(path, _WORDS)
    if root is None:
        raise InvoerFout("de mapping is leeg", waar=path.name, herstel="begin met docs/voorbeelden")
    root = with_profile(root)
    parts = root.block(("pakket", "bron", "tabellen"), needed=("pakket", "bron", "tabellen"))
    known = (*options, "datumnotatie", "decimaalteken", "leeg", "onleesbare_rijen", "kolommen", "levering")
    source = parts["bron"].block(known)
    notation = chosen(source, "datumnotatie", NOTATION)
    empty = texts(source, "leeg")
    described = source["kolommen"].block() if "kolommen" in source else {}
    columns = {n: _source_column(n, k, notation=notation, empty=empty) for n, k in described.items()}
    used = [(k, described[n].plek) for n, c in columns.items() for k in behind(c)]
    tables: list[TableMapping] = []
    block = parts["tabellen"].block(needed=REQUIRED_TABLES)
    for naam, node in block.items():
        table, added = _table(naam, node)
        tables.append(table)
        used += added
    redelivered = deliveries(source["levering"]) if "levering" in source else None
    used += [(k, source["levering"].plek) for k in (redelivered.columns if redelivered else ())]
    for naam, _ in used:
        columns.setdefault(naam, SourceColumn(naam, notation, leeg=empty))
    order = list(load_schema().tabellen)
    tables.sort(key=lambda t: order.index(t.naam))
    _check_keys(tables, columns, root)
    _check_ends(tables, columns, parts["tabellen"])
    return ImportMapping(
        pakket=package_info(parts["pakket"]),
        formaat=fmt,
        options={naam: _option(source, naam, choices) for naam, choices in options.items()},
        decimaalteken=chosen(source, "decimaalteken", ("punt", "komma")) if "decimaalteken" in source else "",
        apart=chosen(source, "onleesbare_rijen", (REFUSE, APART)) == APART,
        kolommen=columns,
        tabellen=tuple(tables),
        levering=redelivered,
        used=tuple(used),
    )
