"""Sentences that claim more than a comparison without a lot can bear: cause, significance, league table.

The words stand as data in `claims_nl.toml` and `claims_en.toml`, each pattern with why it is there. A
sentence is judged clause by clause; what is asked, denied to be known, hoped for, or told by a family is no
claim. It finds wordings, not meanings: see the handbook for how many it misses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.document.document import Alinea, Definities, Figuur, Kop, Lijst, Tabel, all_nodes
from toekomstscenario_eval.document.languages import DUTCH, LANGUAGES
from toekomstscenario_eval.document.nodes import Inline, Kader
from toekomstscenario_eval.types import Claim

# Signs of emphasis are spaces, and there is one kind of apostrophe; every sign stays where it is.
_SIGNS = str.maketrans({"*": " ", "_": " ", "`": " ", "’": "'", "‘": "'", "\u00a0": " "})
# Ends of sentences: a full stop is one only before what can start a sentence.
_ENDS = re.compile(
    r"(?<=[.!])[\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9À-Þ])|(?<=[?;])[\"')\]]*\s+|\n\s*\n\s*(?:[-+•#]+\s+)?|\n\s*(?:[-+•#]+|\d+\.)\s+"
)
_WORD = re.compile(r"[a-zà-ÿ]+")
# The groups of words for what is evaluated; a pattern with one of them needs it.
_SUBJECT = ("proef", "plan", "duo", "onderwerp")
_GAP = re.compile(r"<(\d+)>")


@dataclass(frozen=True)
class Overstatement:
    """What a sentence claims, by which words, on which line of the text (the first is 0)."""

    soort: Claim
    woorden: str
    regel: int
    zin: str

    def stands_in(self, judged: str) -> bool:
        """Whether this is the sentence that someone judged, letter for letter, or part of it."""
        own, known = _squeeze(self.zin), _squeeze(judged)
        return bool(own and known) and (own in known or (known in own and _squeeze(self.woorden) in known))

    @property
    def told(self) -> str:
        """What is claimed and by which words, in Dutch."""
        return f"'{self.woorden}' beweert {NAMES[self.soort]}"

    @property
    def herstel(self) -> str:
        """What to write instead, in Dutch."""
        return REMEDY[self.soort]


REMEDY = {
    Claim.OORZAAK: "schrijf wat er te zien is ('sinds de start daalde ...'), en waardoor als vraag",
    Claim.SIGNIFICANTIE: "noem het verschil met zijn interval, en laat 'significant' en 'bewezen' weg",
    Claim.RANGLIJST: "noem van waar tot waar regio's uiteenlopen, zonder te zeggen wie het beter doet",
}
NAMES = {
    Claim.OORZAAK: "een oorzaak",
    Claim.SIGNIFICANTIE: "significantie of bewijs",
    Claim.RANGLIJST: "een ranglijst",
}


def _squeeze(text: str) -> str:
    return " ".join(text.translate(_SIGNS).lower().split()).strip(" .!\"'")


@dataclass(frozen=True)
class _Pattern:
    """Words that claim; `beside` must be in the same clause too. `subject`: it names what is evaluated."""

    soort: Claim
    words: re.Pattern[str]
    beside: re.Pattern[str] | None
    subject: bool


@dataclass(frozen=True)
class _Honest:
    """Words by which a clause claims nothing: before its end, or `anywhere` from there on."""

    soorten: frozenset[Claim]
    words: re.Pattern[str]
    anywhere: bool


@dataclass(frozen=True)
class _Language:
    common: frozenset[str]
    subject: re.Pattern[str]
    turns: re.Pattern[str]
    innocent: re.Pattern[str]
    patterns: tuple[_Pattern, ...]
    honest: tuple[_Honest, ...]


@cache
def _language(code: str) -> _Language:
    """Return the words of a language, compiled."""
    file = Path(__file__).with_name(f"claims_{code}.toml")
    source = structured_text.from_toml(structured_text.read_text(file))
    named: dict[str, str] = {}
    for naam, text in source["woorden"].items():
        named[naam] = f"(?:{_fill(text, named)})"

    def made(text: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{_fill(text, named)})(?!\w)", re.IGNORECASE)

    def pattern(entry: dict[str, Any]) -> _Pattern:
        words, beside = entry["woorden"], entry.get("naast")
        named_subject = any(f"{{{naam}}}" in words for naam in _SUBJECT)
        return _Pattern(Claim(entry["soort"]), made(words), made(beside) if beside else None, named_subject)

    def honest(entry: dict[str, Any]) -> _Honest:
        kinds = frozenset(map(Claim, entry.get("soorten", Claim)))
        return _Honest(kinds, made(entry["woorden"]), entry.get("overal", False))

    return _Language(
        frozenset(source["gewone_woorden"].split()),
        made("|".join(f"{{{naam}}}" for naam in _SUBJECT)),
        re.compile(rf"[,:]?\s+(?=(?:{source['wendingen']})\b)", re.IGNORECASE),
        made("|".join(source["onschuldig"])),
        tuple(map(pattern, source["bewering"])),
        tuple(map(honest, source["eerlijk"])),
    )


def _fill(text: str, named: dict[str, str]) -> str:
    """Return a pattern with `{name}` filled in, `<n>` as up to n words, and a space as any white space."""
    for naam, words in named.items():
        text = text.replace(f"{{{naam}}}", words)
    return _GAP.sub(r"(?:\\S+\\s+){0,\1}?", text).replace(" ?", r"\s*").replace(" ", r"\s+")


def _which(sentence: str, default: str) -> str:
    """Return the language of a sentence by its commonest words; the default where that does not tell."""
    words = _WORD.findall(sentence.lower())
    score = {code: sum(w in _language(code).common for w in words) for code in LANGUAGES}
    best = max(score.values())
    return default if score[default] == best else next(c for c, n in score.items() if n == best)


def overstated(text: str, *, allowed: Collection[str] = (), language: str = DUTCH) -> Iterator[Overstatement]:
    """Yield what a text claims and may not, at most once per kind and clause.

    Parameters
    ----------
    text : str
        Text as typed, lines included.
    allowed : collection of str
        Kinds of claim (`Claim`) that the text may hold, such as those of the card of a design.
    language : str
        Language of a sentence that does not tell its own.
    """
    plain, start = text.translate(_SIGNS), 0
    for end in [*(found.span() for found in _ENDS.finditer(plain)), (len(plain), len(plain))]:
        for found in _in_sentence(plain[start : end[0]], allowed, language):
            line = text.count("\n", 0, start + found.regel)
            yield replace(found, regel=line)
        start = end[1]


def _in_sentence(sentence: str, allowed: Collection[str], default: str) -> Iterator[Overstatement]:
    """Yield the claims of one sentence; `regel` is the place in it."""
    if not sentence.strip() or sentence.rstrip("\"') \n").endswith("?"):
        return
    words = _language(_which(sentence, default))
    masked = words.innocent.sub(lambda found: "·" * len(found[0]), sentence)
    start = 0
    for turn in [*(found.start() for found in words.turns.finditer(masked)), len(masked)]:
        clause = masked[start:turn]
        told: set[Claim] = set()
        # Most clauses name nothing that is evaluated: half of the patterns need not be tried.
        subject = words.subject.search(clause) is not None
        for pattern in words.patterns:
            if pattern.subject and not subject:
                continue
            found = pattern.words.search(clause)
            if found is None or pattern.soort in told or pattern.soort in allowed:
                continue
            if pattern.beside is not None and pattern.beside.search(clause) is None:
                continue
            if not _is_honest(words.honest, pattern.soort, clause, found.end(), masked[start:]):
                told.add(pattern.soort)
                said = " ".join(found[0].split()).strip(" ,;:(")
                yield Overstatement(pattern.soort, said, start + found.start(), " ".join(sentence.split()))
        start = turn


def _is_honest(honest: Iterable[_Honest], soort: Claim, clause: str, end: int, rest: str) -> bool:
    return any(
        (first := h.words.search(rest if h.anywhere else clause)) and (h.anywhere or first.start() < end)
        for h in honest
        if soort in h.soorten
    )


def overstated_in(
    blocks: object, *, allowed: Collection[str] = (), language: str = DUTCH
) -> list[Overstatement]:
    """Return what a reader sees in blocks of a document that claims more than `allowed`."""
    return [found for text in _read(blocks) for found in overstated(text, allowed=allowed, language=language)]


def _read(blocks: object) -> Iterator[str]:
    """Yield every text of blocks by which something can be claimed."""

    def flat(content: tuple[Inline, ...]) -> str:
        return "".join(part.tekst for part in content)

    for node in all_nodes(blocks):
        if isinstance(node, Kop):
            yield node.tekst
        elif isinstance(node, Alinea):
            yield flat(node.inhoud)
        elif isinstance(node, Lijst):
            yield from map(flat, node.items)
        elif isinstance(node, Definities):
            yield from (flat(explanation) for _, explanation in node.items)
        elif isinstance(node, Kader):
            yield node.titel
        elif isinstance(node, Figuur):
            yield from (node.bijschrift, node.alt)
        elif isinstance(node, Tabel):
            yield from (node.bijschrift, *node.noten)
            yield from (cell.tekst for row in node.rijen for cell in row if not cell.onderdrukt)
