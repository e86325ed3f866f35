"""The plan of an import: which sources a mapping has, which files they are, and which tables they fill.

A mapping without `bronnen` has one source. With `bronnen` every source has a name, completes what `bron`
says, and every table (or every part of a table) names the source that it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.importers.mapping import load_root, source_mapping
from toekomstscenario_eval.data.importers.mapping_model import ImportMapping
from toekomstscenario_eval.data.importers.package_info import PackageInfo, package_info
from toekomstscenario_eval.data.importers.profile import merge
from toekomstscenario_eval.data.schema import REQUIRED_TABLES
from toekomstscenario_eval.data.yaml_node import Node, Place, texts
from toekomstscenario_eval.errors import InvoerFout, did_you_mean


@dataclass(frozen=True)
class Lookup:
    """Columns of another source, found by equal values; `op` maps a column here to one there."""

    bron: str
    op: Mapping[str, str]
    kolommen: tuple[str, ...]
    plek: Place


@dataclass(frozen=True)
class SourcePlan:
    """One source: which files it is, what their names tell, and which tables it fills.

    `naam` is empty for the only source of a mapping. `from_name` are columns whose value the name of the
    file holds, each with a regular expression of one group. `shared` are columns that `bron` describes for
    all sources.
    """

    naam: str
    files: tuple[str, ...]
    from_name: Mapping[str, re.Pattern[str]]
    looked_up: tuple[Lookup, ...]
    node: Node
    tables: tuple[tuple[str, Node], ...]
    shared: tuple[str, ...] = ()

    @property
    def given(self) -> tuple[str, ...]:
        """The columns that do not stand in the files themselves."""
        return (*self.from_name, *(k for lookup in self.looked_up for k in lookup.kolommen))


@dataclass(frozen=True)
class ImportPlan:
    """A whole mapping: what the package will say, and its sources in the order of the mapping."""

    pakket: PackageInfo
    sources: tuple[SourcePlan, ...]
    root: Node

    def mapping(self, source: SourcePlan, fmt: str) -> ImportMapping:
        """Return how a source is read when its files have this format."""
        return source_mapping(
            self.root,
            source.node,
            source.tables,
            fmt=fmt,
            info=self.pakket,
            given=source.given,
            shared=source.shared,
        )


def load_plan(path: Path, *, adding: bool = False) -> ImportPlan:
    """Read a mapping; with `adding` an existing package may hold the required tables.

    Raises
    ------
    InvoerFout
        With the line and the place of the first fault.
    """
    root = load_root(path)
    parts = root.block(("pakket", "bron", "bronnen", "tabellen"), needed=("pakket", "tabellen"))
    tables = parts["tabellen"].block(needed=() if adding else REQUIRED_TABLES)
    if "bronnen" not in parts:
        if "bron" not in parts:
            raise root.refuse("'bron' ontbreekt", remedy="vul 'bron' aan")
        found = [_source("", parts["bron"], tuple(_only_source(tables)))]
    else:
        found = list(_sources(parts, tables))
    return ImportPlan(package_info(parts["pakket"]), tuple(found), root)


def _only_source(tables: Mapping[str, Node]) -> Iterator[tuple[str, Node]]:
    for naam, node in tables.items():
        for part in _parts(node):
            if "bron" in part.block():
                raise part.block()["bron"].refuse(
                    "een tabel noemt een bron, en de mapping heeft er maar één",
                    remedy="haal de regel weg, of beschrijf de bronnen onder 'bronnen'",
                )
            yield naam, part


def _sources(parts: Mapping[str, Node], tables: Mapping[str, Node]) -> Iterator[SourcePlan]:
    described = parts["bronnen"].block()
    of_source: dict[str, list[tuple[str, Node]]] = {naam: [] for naam in described}
    for naam, node in tables.items():
        for part in _parts(node):
            block = part.block()
            if "bron" not in block:
                raise part.refuse(
                    f"bij de tabel {naam} staat niet uit welke bron zij komt",
                    expected="bron: " + " of ".join(described),
                    remedy="noem de bron",
                )
            source = block["bron"].filled()
            if source not in described:
                raise block["bron"].refuse(
                    f"de bron '{source}' staat niet onder 'bronnen'", remedy=did_you_mean(source, described)
                )
            of_source[source].append((naam, part))
    for naam, node in described.items():
        whole = node
        if "bron" in parts:  # what is said of all sources holds where a source says nothing itself
            whole = Node(merge(parts["bron"].bron, node.bron), node.plek)
        shared = tuple(_described(parts["bron"]) - _described(node)) if "bron" in parts else ()
        plan = replace(_source(naam, whole, tuple(of_source[naam])), shared=shared)
        for lookup in plan.looked_up:
            if lookup.bron not in described or lookup.bron == naam:
                raise InvoerFout(
                    f"de bron '{lookup.bron}' staat niet onder 'bronnen'",
                    waar=str(lookup.plek),
                    herstel=did_you_mean(lookup.bron, [n for n in described if n != naam]),
                )
        yield plan
    used = {lookup.bron for n, k in described.items() for lookup in _found_elsewhere(k)}
    for naam, found in of_source.items():
        if not found and naam not in used:
            raise described[naam].refuse(
                f"geen tabel gebruikt de bron '{naam}'", remedy="noem haar bij een tabel, of haal haar weg"
            )


def _described(node: Node) -> set[str]:
    block = node.block()
    return set(block["kolommen"].block()) if "kolommen" in block else set()


def _parts(node: Node) -> tuple[Node, ...]:
    """Return the parts of a table: a list has several, a block is one."""
    return node.parts() if isinstance(node.bron, yaml.SequenceNode) else (node,)


def _source(naam: str, node: Node, tables: tuple[tuple[str, Node], ...]) -> SourcePlan:
    block = node.block()
    return SourcePlan(naam, texts(block, "bestand"), _from_name(block), _found_elsewhere(node), node, tables)


def _from_name(block: Mapping[str, Node]) -> dict[str, re.Pattern[str]]:
    out: dict[str, re.Pattern[str]] = {}
    for column, node in (block["uit_bestandsnaam"].block() if "uit_bestandsnaam" in block else {}).items():
        try:
            out[column] = re.compile(node.filled())
        except re.error:
            raise node.refuse("dit patroon is niet te lezen", remedy=_PATTERN) from None
        if out[column].groups != 1:
            raise node.refuse("dit patroon heeft niet precies één paar haakjes", remedy=_PATTERN)
    return out


_PATTERN = "zet haakjes om het deel van de bestandsnaam dat telt, zoals 'GI_(.+)_2023'"


def _found_elsewhere(node: Node) -> tuple[Lookup, ...]:
    block = node.block()
    if "erbij" not in block:
        return ()
    out: list[Lookup] = []
    for part in _parts(block["erbij"]):
        keys = ("bron", "op", "kolommen")
        one = part.block(keys, needed=keys)
        op = {here: there.filled() for here, there in one["op"].block().items()}
        out.append(Lookup(one["bron"].filled(), op, one["kolommen"].items(), part.plek))
    return tuple(out)


def files_of(plan: ImportPlan, named: Sequence[str], *, beside: Path) -> dict[str, tuple[str, ...]]:
    """Return the files of each source, in order: those that are named, or those beside the mapping.

    Parameters
    ----------
    named : sequence of str
        Files (or addresses of databases) from the command line; empty: `bestand` says which.
    beside : Path
        Folder of the mapping.

    Raises
    ------
    InvoerFout
        When a source has no file, or a file has no source.
    """
    out = {s.naam: _own_files(s, plan, named, beside) for s in plan.sources}
    taken = {file for files in out.values() for file in files}
    for file in named:
        if file not in taken:
            raise InvoerFout(
                "geen bron van de mapping noemt dit bestand",
                waar=formats.shown(file),
                verwacht=", ".join(p for s in plan.sources for p in s.files),
                herstel="noem het bij 'bestand' van een bron, of laat het weg",
            )
    for source in plan.sources:
        if not out[source.naam]:
            raise InvoerFout(
                f"voor de bron '{source.naam}' is er geen bestand"
                if source.naam
                else "er is geen bronbestand",
                waar=str(source.node.plek),
                verwacht=" of ".join(source.files) or "een bestand achter de mapping op de opdrachtregel",
                herstel="noem het bestand achter de mapping, of verbeter 'bestand'",
            )
    return out


def _own_files(source: SourcePlan, plan: ImportPlan, named: Sequence[str], beside: Path) -> tuple[str, ...]:
    if not source.files:
        return tuple(named) if len(plan.sources) == 1 else ()
    found: list[str] = []
    for pattern in source.files:
        if formats.is_address(pattern):
            found.append(pattern)
        elif named:
            found += [f for f in named if fnmatchcase(Path(f).name, pattern)]
        else:
            found += _beside(beside, pattern)
    return tuple(dict.fromkeys(found))


def _beside(folder: Path, pattern: str) -> list[str]:
    """Return the files of a folder whose name fits; a file with exactly that name goes before a pattern."""
    exact = folder / pattern
    if exact.is_file():
        return [str(exact)]
    inner = (folder / pattern).parent
    if not inner.is_dir():
        return []
    return sorted(str(f) for f in inner.iterdir() if fnmatchcase(f.name, Path(pattern).name))
