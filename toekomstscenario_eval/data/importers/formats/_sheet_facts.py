"""What the values of a sheet do not tell: hidden columns and rows, cells in error, formulas not counted.

The library that reads values gives an empty cell for an error and for a formula without an outcome; both
are looked up in the file itself, so that neither passes as empty.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from toekomstscenario_eval.data.importers.formats import _known
from toekomstscenario_eval.data.importers.formats._cells import UNREADABLE
from toekomstscenario_eval.errors import InvoerFout

# Cells up to the last filled one; the library needs memory for each, filled or not.
_MOST_CELLS = 100_000_000
_MOST_BYTES = 1 << 32
_CHUNK = 1 << 23
_P = rb"(?:\w+:)?"
_ROW_END = re.compile(rb"</" + _P + rb"row>")
_CELL = re.compile(
    rb"<" + _P + rb'c((?:\s+[\w:]+="[^"]*")*)\s*>((?:(?!</' + _P + rb"c>).)*)</" + _P + rb"c>", re.DOTALL
)
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')
_KIND = re.compile(rb'\st="(\w+)"')
_VALUE = re.compile(rb"<" + _P + rb"v(?:\s[^>]*)?>([^<]+)<")
_COLUMN = re.compile(rb"<" + _P + rb"col\s[^>]*>")
_HIDDEN = re.compile(rb'\shidden="(?:1|true)"')
_HIDDEN_ROW = re.compile(rb"<" + _P + rb'row\s[^>]*hidden="(?:1|true)"')
_FORMULA = re.compile(rb"<" + _P + rb"f[\s/>]")


@dataclass
class Facts:
    """What was found; places are (row, column) from 0.

    `untold` when this kind of workbook does not show it; `from_1904` when its days count from 1904.
    """

    hidden_columns: list[int] = field(default_factory=list)
    hidden_rows: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncounted: list[tuple[int, int]] = field(default_factory=list)
    untold: bool = False
    from_1904: bool = False

    def mark(self, rows: list[list[Any]]) -> None:
        """Write errors and what was not counted into the rows, where the library left them empty."""
        marks = {**dict.fromkeys(self.uncounted, UNREADABLE), **self.errors}
        for (row, col), text in marks.items():
            if row < len(rows) and col < len(rows[row]) and rows[row][col] in ("", None):
                rows[row][col] = text


def facts_of(path: Path, sheet: str) -> Facts:
    """Return the facts on a sheet; InvoerFout when it cannot be read or would not fit in memory."""
    first = _known.begin(path, 8)
    if first.startswith(b"PK") and path.suffix.lower() not in (".ods", ".xlsb"):
        try:
            with zipfile.ZipFile(path) as packed:
                return _packed_facts(path, packed, sheet)
        except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, EOFError):
            raise _known.damaged(path, "Excel") from None
        except (zlib.error, etree.LxmlError):
            raise _known.damaged(path, "Excel") from None
    if first.startswith(b"\xd0\xcf"):
        return _old_facts(path, sheet)
    return Facts(untold=True)


def _packed_facts(path: Path, packed: zipfile.ZipFile, sheet: str) -> Facts:
    if sum(i.file_size for i in packed.infolist()) > _MOST_BYTES:
        raise _too_large(path)
    part, from_1904 = _part_of(packed, sheet)
    facts = Facts(from_1904=from_1904, untold=not part)
    if not part or part not in packed.namelist():
        return facts
    last_row, last_col = 0, 0
    columns: set[bytes] = set()
    with packed.open(part) as file:
        for number, chunk in enumerate(_chunks(file)):
            if not number:
                facts.hidden_columns.extend(_hidden_columns(chunk))
            if b"hidden=" in chunk:
                facts.hidden_rows += len(_HIDDEN_ROW.findall(chunk))
            places = _PLACE.findall(chunk)
            columns.update(c for c, _ in places)
            last_row = max(last_row, int(places[-1][1])) if places else last_row
            if b't="e"' in chunk or _FORMULA.search(chunk):
                _note_cells(chunk, facts)
    last_col = max((_number(c) for c in columns), default=-1) + 1
    if last_row * last_col > _MOST_CELLS:
        raise _too_large(path)
    return facts


def _part_of(packed: zipfile.ZipFile, sheet: str) -> tuple[str, bool]:
    """Return which file in the workbook holds a sheet, and whether its days count from 1904."""
    book = _parsed(packed, "xl/workbook.xml")
    targets = {r.get("Id"): r.get("Target") for r in _parsed(packed, "xl/_rels/workbook.xml.rels")}
    from_1904 = any(p.get("date1904") in ("1", "true") for p in book.iter("{*}workbookPr"))
    for found in book.iter("{*}sheet"):
        if found.get("name") == sheet:
            link = next((v for k, v in found.attrib.items() if str(k).endswith("}id")), "")
            target = targets.get(link) or ""
            return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"), from_1904
    return "", from_1904


def _parsed(packed: zipfile.ZipFile, part: str) -> etree._Element:
    return etree.fromstring(packed.read(part), etree.XMLParser(resolve_entities=False, no_network=True))


def _chunks(file: Any) -> Iterator[bytes]:
    """Yield a sheet in pieces that end with a row."""
    rest = b""
    while piece := file.read(_CHUNK):
        rest += piece
        end = rest.rfind(b"row>") + 4
        if end > 4:
            yield rest[:end]
            rest = rest[end:]
        elif len(rest) > _MOST_BYTES:
            return
    if rest:
        yield rest


def _hidden_columns(top: bytes) -> Iterator[int]:
    for column in _COLUMN.findall(top[: top.find(b"sheetData")] if b"sheetData" in top else top):
        first, last = re.search(rb'\smin="(\d+)"', column), re.search(rb'\smax="(\d+)"', column)
        if _HIDDEN.search(column) and first and last:
            yield from range(int(first[1]) - 1, min(int(last[1]), _known.MOST_COLUMNS))


def _note_cells(chunk: bytes, facts: Facts) -> None:
    for attributes, inside in _CELL.findall(chunk):
        place, kind = _PLACE.search(attributes), _KIND.search(attributes)
        if not place:
            continue
        at = (int(place[2]) - 1, _number(place[1]))
        value = _VALUE.search(inside)
        if kind and kind[1] == b"e":
            facts.errors[at] = value[1].decode("utf-8", "replace") if value else UNREADABLE
        elif _FORMULA.search(inside) and not value and not (kind and kind[1] == b"str"):
            facts.uncounted.append(at)


def _number(letters: bytes) -> int:
    """Return the place of a column from its letters: A is 0."""
    out = 0
    for letter in letters:
        out = out * 26 + letter - 64
    return out - 1


def _old_facts(path: Path, sheet: str) -> Facts:
    """Return the facts on a sheet of an .xls file."""
    import io

    import xlrd

    try:
        book = xlrd.open_workbook(path, formatting_info=True, on_demand=True, logfile=io.StringIO())
        found = book.sheet_by_name(sheet)
    except Exception:  # noqa: BLE001 - that library throws whatever its parser meets
        return Facts(untold=True)
    names = xlrd.error_text_from_code
    errors = {
        (r, c): names.get(found.cell_value(r, c), UNREADABLE)
        for r in range(found.nrows)
        for c, kind in enumerate(found.row_types(r))
        if kind == xlrd.XL_CELL_ERROR
    }
    return Facts(
        hidden_columns=sorted(i for i, info in found.colinfo_map.items() if info.hidden),
        hidden_rows=sum(bool(info.hidden) for info in found.rowinfo_map.values()),
        errors=errors,
        from_1904=bool(book.datemode),
    )


def _too_large(path: Path) -> InvoerFout:
    return InvoerFout(
        "het werkblad is te groot om te lezen",
        waar=path.name,
        verwacht=f"hoogstens {_MOST_CELLS} cellen tot en met de laatste gevulde",
        herstel="verwijder losse cellen ver buiten de tabel, of lever de tabel als CSV",
    )
