"""A report in English: what the software writes is translated by one catalogue, the researcher's words stay.

The catalogue (`english.toml`, and `english_definitions.toml` for what the cards of indicators say) holds text
for text; `{}` stands for what varies, which is translated in turn.
Text that the catalogue lacks stays Dutch and is marked so, for a screen reader must know how to say it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from toekomstscenario_eval.document.languages import DUTCH
from toekomstscenario_eval.document.nodes import Code, Tekst, Verwijzing

BESTANDEN = tuple(Path(__file__).with_name(n) for n in ("english.toml", "english_definitions.toml"))
# Text in Dutch within a document in English, while it is being rendered.
_NEDERLANDS: ContextVar[frozenset[str]] = ContextVar("nederlands", default=frozenset())
_TAAL: ContextVar[str] = ContextVar("taal", default=DUTCH)
_GETAL = re.compile(r"[\s\d.,%–?()+-]*\d[\s\d.,%–?()+-]*")
# What may stand around a text that the catalogue holds: first signs alone, then brackets and quotes too.
_RANDEN = (
    re.compile(r"^(?P<voor>[\s;,]*)(?P<kern>.*?)(?P<na>[\s:;,.(]*)$", re.DOTALL),
    re.compile(r"^(?P<voor>[\s(:;,.'\"]*)(?P<kern>.*?)(?P<na>[\s():;,.'\"]*)$", re.DOTALL),
)
_SVG_TEKST = re.compile(r"(?<=>)([^<>]+)(?=</text>)")
# Fields of nodes that hold no words for a reader.
_GEEN_WOORDEN = {"sleutel", "id", "getal_id", "url", "stijl", "soort", "svg"}


@contextmanager
def rendering(taal: str, nederlands: frozenset[str]) -> Iterator[None]:
    """Let renderers know, in this block, the language of the document and which texts stayed Dutch."""
    merk, taalmerk = _NEDERLANDS.set(nederlands), _TAAL.set(taal)
    try:
        yield
    finally:
        _NEDERLANDS.reset(merk)
        _TAAL.reset(taalmerk)


def word(tekst: str) -> str:
    """Return a text of a template in the language of the document that is being rendered."""
    # A number in a text that was translated before would turn back.
    klaar = _TAAL.get() == DUTCH or not any(teken.isalpha() for teken in tekst)
    return tekst if klaar else translate(tekst) or tekst


def is_dutch(tekst: str) -> bool:
    """Whether this text must be marked as Dutch."""
    return tekst in _NEDERLANDS.get()


@cache
def _catalogue() -> tuple[dict[str, str], tuple[tuple[re.Pattern[str], str], ...]]:
    """Return the fixed texts, and the patterns with the longest first."""
    bron: dict[str, str] = {}
    for bestand in BESTANDEN:
        bron |= tomllib.loads(bestand.read_text(encoding="utf-8"))["teksten"]
    vast = {k: v for k, v in bron.items() if "{}" not in k}
    patronen = sorted(((k, v) for k, v in bron.items() if "{}" in k), key=lambda p: -len(p[0]))
    return vast, tuple((_pattern(nederlands), engels) for nederlands, engels in patronen)


def _pattern(tekst: str) -> re.Pattern[str]:
    """Return what matches a text with `{}`; of signs alone the last one counts, as in `a (b) (c)`."""
    wat = "(.+?)" if any(teken.isalpha() for teken in tekst) else "(.+)"
    return re.compile(wat.join(map(re.escape, tekst.split("{}"))), re.DOTALL)


def _number(tekst: str) -> str:
    return tekst.translate(str.maketrans(",.", ".,"))


@cache
def translate(tekst: str) -> str | None:
    """Return the English for a text of the software, or None when the catalogue lacks it."""
    vast, patronen = _catalogue()
    if tekst in vast:
        return vast[tekst]
    if not any(teken.isalpha() for teken in tekst):
        return _number(tekst) if _GETAL.fullmatch(tekst) else tekst
    for patroon, engels in patronen:
        if gevonden := patroon.fullmatch(tekst):
            delen = [translate(deel) for deel in gevonden.groups()]
            # A pattern of signs alone says nothing by itself: then every part must be known.
            if None in delen and not any(teken.isalpha() for teken in engels.replace("{}", "")):
                continue
            return engels.format(*(d or g for d, g in zip(delen, gevonden.groups(), strict=True)))
    for vorm in _RANDEN:
        rand = vorm.match(tekst)
        kern = translate(rand["kern"]) if rand and rand["kern"] not in ("", tekst) else None
        if rand and kern is not None:
            return f"{rand['voor']}{kern}{rand['na']}"
    return None


@dataclass
class _Translator:
    """Walks the nodes, and remembers what stayed Dutch."""

    nederlands: set[str] = field(default_factory=set)

    def text(self, tekst: str) -> str:
        if not tekst.strip():
            return tekst
        engels = translate(tekst)
        if engels is None:
            self.nederlands.add(tekst)
            return tekst
        return engels

    def walk(self, deel: Any) -> Any:
        if isinstance(deel, tuple):
            return tuple(self.walk(onder) for onder in deel)
        if isinstance(deel, Code) or (isinstance(deel, Tekst) and deel.stijl == "code"):
            return deel
        if isinstance(deel, str):
            return self.text(deel)
        if not hasattr(deel, "__dataclass_fields__"):
            return deel
        anders = {
            v.name: self.walk(getattr(deel, v.name)) for v in fields(deel) if v.name not in _GEEN_WOORDEN
        }
        if isinstance(getattr(deel, "svg", None), str):
            anders["svg"] = _SVG_TEKST.sub(lambda t: translate(t[1]) or t[1], deel.svg)
        if isinstance(deel, Verwijzing) and deel.url.startswith("#"):
            # The heading it points at has another anchor now.
            return Tekst(anders["tekst"])
        return replace(deel, **anders)


def in_english(blokken: Any) -> tuple[Any, frozenset[str]]:
    """Return the blocks in English, and the texts in them that stayed Dutch."""
    vertaler = _Translator()
    uit = vertaler.walk(blokken)
    return uit, frozenset(vertaler.nederlands)
