"""A report in English: what the software writes is translated by one catalogue, the researcher's words stay.

The catalogue (`english.toml`, `english_definitions.toml` for what the cards of indicators say, and
`english_designs.toml` for what designs over time say) holds text
for text; `{}` stands for what varies, which is translated in turn.
Text that the catalogue lacks stays Dutch and is marked so, for a screen reader must know how to say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, replace
from functools import cache, partial
from itertools import compress
from operator import not_
from pathlib import Path
from typing import Any, TypeAlias

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.document.languages import DUTCH
from toekomstscenario_eval.document.nodes import Code, Tekst, Verwijzing

Patterns: TypeAlias = tuple[tuple[re.Pattern[str], str], ...]
FILES = tuple(
    Path(__file__).with_name(n) for n in ("english.toml", "english_definitions.toml", "english_designs.toml")
)
# Text in Dutch within a document in English, while it is being rendered.
_DUTCH: ContextVar[frozenset[str]] = ContextVar("nederlands", default=frozenset())
_LANGUAGE: ContextVar[str] = ContextVar("taal", default=DUTCH)
_GETAL = re.compile(r"[\s\d.,%–?()+\u2212<\u2264-]*\d[\s\d.,%–?()+\u2212<\u2264-]*")
# Between two sentences. Where an abbreviation ends there, its part is not in the catalogue, and the text as a
# whole is looked up.
_NEXT = re.compile(r"(?<=[.?!]) (?=[A-Z0-9])")
# What may stand around a text that the catalogue holds: first signs alone, then brackets and quotes too.
_EDGES = (
    re.compile(r"^(?P<voor>[\s;,]*)(?P<kern>.*?)(?P<na>[\s:;,.(]*)$", re.DOTALL),
    re.compile(r"^(?P<voor>[\s(:;,.'\"]*)(?P<kern>.*?)(?P<na>[\s():;,.'\"]*)$", re.DOTALL),
)
_SVG_TEXT = re.compile(r"(?<=>)([^<>]+)(?=</text>)")
# Fields of nodes that hold no words for a reader.
_NO_WORDS = {"sleutel", "id", "getal_id", "url", "stijl", "soort", "svg"}


@contextmanager
def rendering(language: str, dutch: frozenset[str]) -> Iterator[None]:
    """Let renderers know, in this block, the language of the document and which texts stayed Dutch."""
    mark, language_mark = _DUTCH.set(dutch), _LANGUAGE.set(language)
    try:
        yield
    finally:
        _DUTCH.reset(mark)
        _LANGUAGE.reset(language_mark)


def word(text: str) -> str:
    """Return a text of a template in the language of the document that is being rendered."""
    # A number in a text that was translated before would turn back.
    done = _LANGUAGE.get() == DUTCH or not any(char.isalpha() for char in text)
    return text if done else translate(text) or text


def is_dutch(text: str) -> bool:
    """Whether this text must be marked as Dutch."""
    return text in _DUTCH.get()


@cache
def _catalogue() -> tuple[dict[str, str], Patterns, Patterns]:
    """Return the fixed texts, and the patterns of several sentences and of one, each the longest first."""
    source: dict[str, str] = {}
    for file in FILES:
        source |= structured_text.from_toml(structured_text.read_text(file))["teksten"]
    vast = {k: v for k, v in source.items() if "{}" not in k}
    patterns = sorted(((k, v) for k, v in source.items() if "{}" in k), key=lambda p: -len(p[0]))
    several = [_NEXT.search(dutch) is not None for dutch, _ in patterns]
    made = [(_pattern(dutch), english) for dutch, english in patterns]
    return vast, tuple(compress(made, several)), tuple(compress(made, map(not_, several)))


def _pattern(text: str) -> re.Pattern[str]:
    """Return what matches a text with `{}`; of signs alone the last one counts, as in `a (b) (c)`."""
    what = "(.+?)" if any(char.isalpha() for char in text) else "(.+)"
    return re.compile(what.join(map(re.escape, text.split("{}"))), re.DOTALL)


def _number(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


def _sentence_by_sentence(text: str) -> str | None:
    """Return the English of a text of more sentences, when the catalogue has each of them."""
    sentences = _NEXT.split(text)
    parts = [translate(sentence) for sentence in sentences] if len(sentences) > 1 else [None]
    return None if None in parts else " ".join(map(str, parts))


def _by_pattern(text: str, patterns: Patterns) -> str | None:
    """Return the English by the first pattern that fits."""
    for pattern, english in patterns:
        if found := pattern.fullmatch(text):
            parts = [translate(part) for part in found.groups()]
            # A pattern of signs alone says nothing by itself: then every part must be known.
            if None in parts and not any(char.isalpha() for char in english.replace("{}", "")):
                continue
            return english.format(*(d or g for d, g in zip(parts, found.groups(), strict=True)))
    return None


@cache
def translate(text: str) -> str | None:
    """Return the English for a text of the software, or None when the catalogue lacks it."""
    vast, several, one = _catalogue()
    if text in vast:
        return vast[text]
    if not any(char.isalpha() for char in text):
        return _number(text) if _GETAL.fullmatch(text) else text
    for way in (
        partial(_by_pattern, patterns=several),
        _sentence_by_sentence,
        partial(_by_pattern, patterns=one),
    ):
        if (english := way(text)) is not None:
            return english
    for vorm in _EDGES:
        edge = vorm.match(text)
        core = translate(edge["kern"]) if edge and edge["kern"] not in ("", text) else None
        if edge and core is not None:
            return f"{edge['voor']}{core}{edge['na']}"
    return None


@dataclass
class _Translator:
    """Walks the nodes, and remembers what stayed Dutch."""

    nederlands: set[str] = field(default_factory=set)

    def text(self, words: str) -> str:
        if not words.strip():
            return words
        english = translate(words)
        if english is None:
            self.nederlands.add(words)
            return words
        return english

    def walk(self, part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(self.walk(under) for under in part)
        if isinstance(part, Code) or (isinstance(part, Tekst) and part.stijl == "code"):
            return part
        if isinstance(part, str):
            return self.text(part)
        if not hasattr(part, "__dataclass_fields__"):
            return part
        otherwise = {
            v.name: self.walk(getattr(part, v.name)) for v in fields(part) if v.name not in _NO_WORDS
        }
        if isinstance(getattr(part, "svg", None), str):
            otherwise["svg"] = _SVG_TEXT.sub(lambda t: translate(t[1]) or t[1], part.svg)
        if isinstance(part, Verwijzing) and part.url.startswith("#"):
            # The heading it points at has another anchor now.
            return Tekst(otherwise["tekst"])
        return replace(part, **otherwise)


def in_english(blocks: Any) -> tuple[Any, frozenset[str]]:
    """Return the blocks in English, and the texts in them that stayed Dutch."""
    translator = _Translator()
    out = translator.walk(blocks)
    return out, frozenset(translator.nederlands)
