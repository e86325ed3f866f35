"""How a text file is laid out: its encoding, its separator and the line with the column names.

What the mapping names is taken as it says; the rest is found in the file and told to the user.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from toekomstscenario_eval.data.importers.formats._heading import find_heading
from toekomstscenario_eval.data.text_file import SEPARATORS, Seen, look
from toekomstscenario_eval.errors import InvoerFout

AUTOMATIC = "automatisch"
CHARACTER_SETS = ("utf-8", "windows-1252", "utf-16")
_SAMPLE = 1 << 18
_RECORDS = 200
_LONGEST_NAME = 131_072
_DECLARED = re.compile(r'\ufeff?"?sep=(.)"?[\r\n]', re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"-?\d+,\d+")
_PLAIN_NUMBER = re.compile(r"-?\d+")


@dataclass(frozen=True)
class Layout:
    """How a file is laid out.

    `encoding` is as Python calls it; `heading` are the names, None when there is no line of a table;
    `before` are the lines above the names and `through` the last line of them; `body` are the first rows.
    """

    encoding: str
    separator: str
    heading: tuple[str, ...] | None
    before: int
    through: int
    body: tuple[tuple[str, ...], ...]
    seen: Seen
    gezien: tuple[str, ...]

    @property
    def char(self) -> str:
        """The separator itself."""
        return SEPARATORS[self.separator]

    @property
    def decimal_comma(self) -> tuple[str, ...]:
        """The columns in which every filled value of the first rows is a number, some with a comma."""
        out = []
        for naam, *values in zip(self.heading or (), *self.body, strict=False):
            filled = [v.strip() for v in values if v.strip()]
            comma = [bool(_COMMA_NUMBER.fullmatch(v)) for v in filled]
            if any(comma) and all(
                c or _PLAIN_NUMBER.fullmatch(v) for c, v in zip(comma, filled, strict=True)
            ):
                out.append(naam)
        return tuple(out)


def find_encoding(path: Path, wanted: str) -> tuple[str, Seen]:
    """Return the encoding of a file and what its bytes tell; the one that is wanted when one is.

    Raises
    ------
    InvoerFout
        When it is none of those that are known.
    """
    if wanted != AUTOMATIC:
        return wanted, look(path, wanted)
    with path.open("rb") as file:
        first = file.read(_SAMPLE)
    if first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16", look(path, "utf-16")
    for encoding in (*_without_mark(first), "utf-8", "windows-1252"):
        seen = look(path, encoding)
        if not seen.fout:
            return encoding, seen
    raise InvoerFout(
        "de codering van de bron is niet te herkennen",
        waar=f"{path.name}, regel {seen.fout}",
        verwacht=", ".join(CHARACTER_SETS),
        herstel="sla het bestand op als CSV UTF-8",
    )


def _without_mark(first: bytes) -> tuple[str, ...]:
    """Return which UTF-16 a text without a byte order mark is: nearly every other byte is then zero."""
    half = max(len(first) // 2, 1)
    if first[1::2].count(0) > 0.7 * half:
        return ("utf-16-le",)
    return ("utf-16-be",) if first[::2].count(0) > 0.7 * half else ()


def find_layout(path: Path, options: Mapping[str, str], namen: Sequence[str]) -> Layout:
    """Return the layout of a file, by the options of the mapping and what the file shows."""
    encoding, seen = find_encoding(path, options["codering"])
    sample = "" if seen.fout else _sample(path, encoding)
    told = []
    if options["codering"] == AUTOMATIC and not (seen.ascii and encoding == "utf-8"):
        told.append(f"Codering: {encoding}.")
    declared = _DECLARED.match(sample)
    start = sample[: declared.end()].count("\n") or int(bool(declared)) if declared else 0
    separator = options["scheidingsteken"]
    if separator == AUTOMATIC:
        separator = _named(path, declared[1]) if declared else _find_separator(sample, namen)
        told.append(f"Scheidingsteken: {separator}.")
    if declared:
        told.append("De eerste regel (sep=) zegt welk scheidingsteken er is; hij telt niet als rij.")
    if not sample.strip():
        return Layout(encoding, separator, (), 0, 0, (), seen, tuple(told))
    lines, records = _records(sample, SEPARATORS[separator])
    if declared:
        lines, records = lines[1:], records[1:]
    place = find_heading(records, namen, wanted=_wanted(lines, options.get("kopregel", "")))
    # The limit of the csv module is shared by the whole process: another library may have lifted it.
    if place is None or any(len(k) > _LONGEST_NAME for k in records[place]):
        return Layout(encoding, separator, None, start, start, (), seen, tuple(told))
    before, through = lines[place]
    if (above := sum(any(r) for r in records[:place])) > 0:
        told.append(
            f"Kolomnamen staan op regel {before + 1}; {above} gevulde regels erboven zijn overgeslagen."
        )
    body = tuple(map(tuple, records[place + 1 :]))
    return Layout(encoding, separator, tuple(records[place]), before, through, body, seen, tuple(told))


def _sample(path: Path, encoding: str) -> str:
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    # It may stop within a character, which is refused later on.
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        return file.read(_SAMPLE)


def _named(path: Path, char: str) -> str:
    for naam, known in SEPARATORS.items():
        if known == char:
            return naam
    raise InvoerFout(
        "de eerste regel van de bron noemt een scheidingsteken dat niet wordt gelezen",
        waar=f"{path.name}, regel 1",
        verwacht=", ".join(SEPARATORS),
        herstel="sla het bestand op met een puntkomma als scheidingsteken",
    )


def _records(sample: str, char: str) -> tuple[list[tuple[int, int]], list[list[str]]]:
    """Return the first records, each with the line before it and its last line; blank lines are none."""
    lines: list[tuple[int, int]] = []
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=char)
    last = 0
    try:
        for record in reader:
            if record:
                lines.append((last, reader.line_num))
                records.append(record)
            last = reader.line_num
            if len(records) >= _RECORDS:
                break
        else:
            if len(sample) == _SAMPLE and len(records) > 1:  # the last one may have been cut
                lines.pop()
                records.pop()
    except csv.Error:  # a value beyond the limit: what came before it still tells
        pass
    return lines, records


def _find_separator(sample: str, namen: Sequence[str]) -> str:
    """Return the separator by which a line holds most names, or by which lines are most alike."""
    known = set(namen)

    def score(naam: str) -> tuple[int, float, int]:
        _, records = _records(sample, SEPARATORS[naam])
        if not records:
            return 0, 0.0, 0
        width, often = Counter(map(len, records)).most_common(1)[0]
        hits = max(len(known & set(r)) for r in records)
        return hits, often / len(records) if width > 1 else 0.0, width

    return max(SEPARATORS, key=score)


def _wanted(lines: Sequence[tuple[int, int]], heading_line: str) -> int | None:
    """Return which record begins on the line that the mapping names; -1 when none does."""
    if heading_line in ("", AUTOMATIC):
        return None
    if not heading_line.isdecimal() or not int(heading_line):
        raise InvoerFout(
            "'kopregel' is geen regelnummer",
            waar="de mapping: bron > kopregel",
            verwacht="het nummer van de regel met kolomnamen, zoals 3",
        )
    return next((i for i, (before, _) in enumerate(lines) if before + 1 == int(heading_line)), -1)
