"""The mapping language: how the columns of an export become the tables of the contract."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from toekomstscenario_eval import structured_yaml
from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.importers.mapping_model import (
    AMSTERDAM,
    APART,
    AS_WRITTEN,
    BEGIN,
    EMPTY,
    END,
    FILLED,
    MIDDLE,
    NOT_AFTER,
    NOTATION,
    OPEN,
    REFUSE,
    TOGETHER,
    ImportMapping,
    Origin,
    Period,
    SourceColumn,
    TableMapping,
    behind,
)
from toekomstscenario_eval.data.importers.package_info import PackageInfo
from toekomstscenario_eval.data.importers.profile import with_profile
from toekomstscenario_eval.data.importers.redelivered import deliveries
from toekomstscenario_eval.data.importers.special import (
    empty_start,
    if_empty,
    nobody,
)
from toekomstscenario_eval.data.importers.template_reading import is_template, template_yaml
from toekomstscenario_eval.data.pseudonyms.pseudonym import MADE, PSEUDONYM, UNCHANGED
from toekomstscenario_eval.data.schema import Field, load_schema
from toekomstscenario_eval.data.yaml_node import Node, Place, Wording, chosen, flag, load_yaml, texts
from toekomstscenario_eval.errors import InvoerFout, did_you_mean

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
        sleutel=block["sleutel"].choice((*MADE, UNCHANGED)) if "sleutel" in block else "",
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
    block = node.block(("bron", "per", "alleen", "periode", "kolommen"), needed=("kolommen",))
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


# What is said of a source beside how its columns are read.
OF_SOURCE = ("bestand", "uit_bestandsnaam", "erbij")


def load_root(path: Path) -> Node:
    """Read a mapping as a tree, completed by the profile that it names; InvoerFout when it is none.

    A template that was filled in is a mapping too: of its own sheets.
    """
    if is_template(path):
        tree = structured_yaml.yaml_tree(template_yaml(path))
        root = None if tree is None else Node(tree, Place(path.name, 1))
    else:
        root, _ = load_yaml(path, _WORDS)
    if root is None:
        raise InvoerFout("de mapping is leeg", waar=path.name, herstel="begin met docs/voorbeelden")
    return with_profile(root)


def source_mapping(
    root: Node,
    node: Node,
    tables: Iterable[tuple[str, Node]],
    *,
    fmt: str,
    info: PackageInfo,
    given: Collection[str] = (),
    shared: Collection[str] = (),
) -> ImportMapping:
    """Return how one source of a mapping is read and which tables it fills.

    `given` are columns that do not stand in the source itself: from the names of its files, or looked up.
    `shared` are columns described for all sources together: they need not occur in this one.
    """
    options = formats.find(fmt).OPTIONS
    known = (*options, *OF_SOURCE)
    known += ("datumnotatie", "decimaalteken", "leeg", "onleesbare_rijen", "kolommen", "levering")
    source = node.block(known)
    notation = chosen(source, "datumnotatie", NOTATION)
    empty = texts(source, "leeg")
    described = source["kolommen"].block() if "kolommen" in source else {}
    columns = {n: _source_column(n, k, notation=notation, empty=empty) for n, k in described.items()}
    used = [(k, described[n].plek) for n, c in columns.items() if n not in shared for k in behind(c)]
    found: list[TableMapping] = []
    for naam, place in tables:
        table, added = _table(naam, place)
        found.append(table)
        used += added
    redelivered = deliveries(source["levering"]) if "levering" in source else None
    used += [(k, source["levering"].plek) for k in (redelivered.columns if redelivered else ())]
    used += [(k, spot) for n, spot in used if n in shared for k in behind(columns[n])]
    for naam, _ in used:
        columns.setdefault(naam, SourceColumn(naam, notation, leeg=empty))
    order = list(load_schema().tabellen)
    found.sort(key=lambda t: order.index(t.naam))
    _check_keys(found, columns, root)
    _check_ends(found, columns, root.block()["tabellen"])
    return ImportMapping(
        pakket=info,
        formaat=fmt,
        options={naam: _option(source, naam, choices) for naam, choices in options.items()},
        decimaalteken=chosen(source, "decimaalteken", ("punt", "komma")) if "decimaalteken" in source else "",
        apart=chosen(source, "onleesbare_rijen", (REFUSE, APART)) == APART,
        kolommen=columns,
        tabellen=tuple(found),
        levering=redelivered,
        used=tuple(used),
        given=frozenset(given),
    )
