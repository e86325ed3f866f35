"""XES: an event log in XML; one row per event, or per step when events are paired."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa
from lxml import etree

from toekomstscenario_eval.data.importers.formats import (
    CheckNames,
    Delivery,
    Part,
    Source,
    _events,
    _known,
    readable,
)
from toekomstscenario_eval.data.importers.formats._cells import number_text, texts
from toekomstscenario_eval.errors import InvoerFout

WHAT = "een XES-gebeurtenissenlog"
EXTENSIONS = (".xes", ".xes.gz")
OPTIONS = dict(_events.OPTIONS)
_FAILURES = (etree.LxmlError, OSError, ValueError, EOFError, zlib.error, UnicodeError)
_KINDS = ("string", "date", "int", "float", "boolean", "id")


def read(path: Source, options: Mapping[str, str], *, namen: Sequence[str], check: CheckNames) -> Delivery:
    """Read the events with their own attributes and, as `case:...`, those of their case."""
    del namen  # the names of the attributes are known at once
    path = Path(path)
    heading, table = _load(path)
    paired = _events.wanted(options)
    check(_events.after_pairing(heading, options) if paired else heading)
    delivery = Delivery(heading, table, first_row=1)
    return _events.pair(delivery, options) if paired else delivery


def contents(path: Source) -> tuple[Part, ...]:
    """Return the log as the one table that it holds."""
    path = Path(path)
    heading, table = _load(path)
    return (Part(path.name, table.num_rows, len(heading)),)


def _load(path: Path) -> tuple[tuple[str, ...], pa.Table]:
    _known.refuse_absent(path)
    packed = _known.begin(path, 2) == b"\x1f\x8b"
    if not packed:
        _known.refuse_other(path, "xes", readable=readable())
    columns: dict[str, list[str | None]] = {}
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            rows = _events_of(path, cast(IO[bytes], file), columns)
    except _FAILURES:  # the words of the library may hold a value
        raise _known.damaged(path, "XES") from None
    for values in columns.values():
        values.extend([None] * (rows - len(values)))
    heading = tuple(columns)
    arrays = [texts(columns[naam]) for naam in heading]
    return heading, pa.table(arrays, names=[str(i) for i in range(len(heading))])


def _events_of(path: Path, file: IO[Any], columns: dict[str, list[str | None]]) -> int:
    """Add every event to the columns; return how many there are. Nothing outside the file is read."""
    case: dict[str, str] = {}
    rows = 0
    first = True
    for action, element in etree.iterparse(
        file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    ):
        if first:
            first = False
            if element.getroottree().docinfo.doctype:
                raise _doctype(path)
            if etree.QName(element).localname != "log":
                raise _known.damaged(path, "XES")
        tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if action == "start" or tag not in ("trace", "event", *_KINDS):
            case = {} if action == "start" and tag == "trace" else case
            continue
        parent = element.getparent()
        above = etree.QName(parent).localname if parent is not None else ""
        if tag in _KINDS and above == "trace":
            case[f"case:{element.get('key', '')}"] = _value(tag, element)
        elif tag == "event":
            event = {c.get("key", ""): _value(etree.QName(c).localname, c) for c in element.iterchildren("*")}
            for naam, value in {**case, **event}.items():
                _known.refuse_wide(path, len(columns))
                values = columns.setdefault(naam, [])
                values.extend([None] * (rows - len(values)))
                values.append(value)
            rows += 1
        if tag in ("event", "trace"):
            element.clear()
            while element.getprevious() is not None and parent is not None and tag == "trace":
                del parent[0]
    return rows


def _value(kind: str, element: Any) -> str:
    text = str(element.get("value", ""))
    if kind == "float":
        try:
            return number_text(float(text))
        except ValueError:
            return text
    return text


def _doctype(path: Path) -> InvoerFout:
    return InvoerFout(
        "de bron bevat een DOCTYPE, en dat is in een log niet nodig",
        waar=path.name,
        herstel="haal de DOCTYPE weg, of maak de export opnieuw",
    )
