"""JSON and TOML from files that people and programs hand in: the one place that parses them.

What the parsers of Python let through, or fall over on, is refused here with a reason that names no value:
nesting without end, numbers without end, keys that occur twice, what is not a number (NaN, Infinity) and half
characters. YAML is read in `structured_yaml`, which asks for the same.
"""

from __future__ import annotations

import errno
import json
import math
import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

DEEPEST = 100  # levels; ours have ten at most
LARGEST = 1 << 28  # bytes
_LONGEST_NUMBER = 300  # digits, for a larger one is no decimal number of the machine


FORM = "de opmaak klopt niet"


T = TypeVar("T")


class Malformed(ValueError):
    """Text that is not what its ending says; `reason` in Dutch, `line` from 1 (0: unknown)."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


def read_bytes(path: Path) -> bytes:
    """Return what a file holds; OSError when there is none, also for a name that no file can have."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except ValueError:  # a NUL or half a character in the name
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), repr(str(path))) from None
    if len(content) > LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8, with or without its mark; OSError or UnicodeDecodeError."""
    return read_bytes(path).decode("utf-8-sig")


def from_json(text: str | bytes, *, any_text: bool = False) -> Any:
    """Return what JSON holds; `Malformed` when it is none, or has what does not belong in it.

    With `any_text` its texts may hold NUL: they came from data and name no file.
    """
    return parsed(lambda: _json(text, any_text))


def from_toml(text: str) -> dict[str, Any]:
    """Return what TOML holds; `Malformed` when it is none, or has what does not belong in it."""
    out: dict[str, Any] = parsed(lambda: tomllib.loads(text))
    _check(out)
    return out


def parsed(parse: Callable[[], T]) -> T:
    """Return what a parser makes of a text; `Malformed` for all that it may raise on one."""
    try:
        return parse()
    except Malformed:
        raise
    except RecursionError:
        raise Malformed("het is te diep genest") from None
    except json.JSONDecodeError as fout:
        raise Malformed(FORM, fout.lineno) from None
    except (ValueError, OverflowError, TypeError, AttributeError, KeyError, IndexError):
        # The parsers raise these on numbers, dates and signs that cannot be.
        raise Malformed(FORM) from None


def _json(text: str | bytes, any_text: bool) -> Any:
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    out = json.loads(
        text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_number, parse_int=_integer
    )
    # Only an escape can bring half a character, and only so many brackets so many levels.
    if "\\u" in text or text.count("[") + text.count("{") > DEEPEST:
        _check(out, nul=any_text)
    return out


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        raise Malformed("een sleutel staat er twee keer in")
    return out


def _no_number(_: str) -> float:
    raise Malformed("NaN en Infinity zijn geen getallen")


def _number(digits: str) -> float:
    out = float(digits)
    if not math.isfinite(out):
        raise Malformed("een getal is te groot")
    return out


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise Malformed("een getal is te groot")
    return int(digits)


def _check(content: Any, *, nul: bool = False) -> None:
    """Refuse what is too deep, half characters and what is no number, wherever it stands."""
    level, depth = [content], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise Malformed("het is te diep genest")
        level = [part for item in level for part in _parts(item, nul)]


def _parts(item: Any, nul: bool) -> Iterator[Any]:
    if isinstance(item, dict):
        yield from item
        yield from item.values()
    elif isinstance(item, list):
        yield from item
    elif isinstance(item, str):
        check_text(item, nul=nul)
    elif isinstance(item, float) and not math.isfinite(item):
        raise Malformed("NaN en Infinity zijn geen getallen")
    elif isinstance(item, int) and abs(item) >= 10**_LONGEST_NUMBER:
        raise Malformed("een getal is te groot")


def check_text(text: str, line: int = 0, *, nul: bool = False) -> None:
    """Refuse half characters in a text, and NUL unless it may stand there."""
    if ("\0" in text and not nul) or any("\ud800" <= c <= "\udfff" for c in text):
        raise Malformed("er staat een half of een onzichtbaar teken in", line)
