"""The languages that a report can be in; the one list that commands and renderers follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toekomstscenario_eval.errors import GebruikFout, did_you_mean


@dataclass(frozen=True)
class Language:
    """A language: its name in Dutch, and the variety that a word processor checks spelling by."""

    naam: str
    variant: str


# What the software is written in; other languages are translations of it.
DUTCH = "nl"
LANGUAGES: Mapping[str, Language] = {
    DUTCH: Language("Nederlands", "nl-NL"),
    "en": Language("Engels", "en-GB"),
}


def check_language(language: str) -> None:
    """Raise GebruikFout on a language that does not exist."""
    if language not in LANGUAGES:
        raise GebruikFout(f"de taal '{language}' bestaat niet", herstel=did_you_mean(language, LANGUAGES))


def choice() -> str:
    """Return the choice of a language in words, for the help of a command."""
    other = [
        f"{c} voor een verslag in het {language.naam}" for c, language in LANGUAGES.items() if c != DUTCH
    ]
    return ", of ".join([DUTCH, *other])
