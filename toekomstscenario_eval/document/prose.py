"""Text that people type, searched for what could point to a family.

Typed text does not pass release: no rule can judge a story. What has the shape of a personal datum,
or of a count too small to publish, is refused with its place; other typed numbers are reported.
A message never repeats what was found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from toekomstscenario_eval import citizen_number

# Counts below this are not typed in prose either; the thresholds of release are in the policy.
SMALLER_THAN = 10

_NUMERAL = "twee|drie|vier|vijf|zes|zeven|acht|negen"
_WHO = (
    r"gezin(?:nen|netje)?|huishoudens?|kind(?:eren|je|jes)?|ouders?|moeders?|vaders?|jongeren?|jongens?|meisjes?|"
    r"baby'?s?|peuters?|kleuters?|tieners?|pubers?|broers?|broertjes?|zus(?:sen|jes?)?|cliënten?|casussen|casus"
)
_ROL = r"[Mm]oeder|[Vv]ader|[Zz]oon(?:tje)?|[Dd]ochter(?:tje)?|[Jj]ongen|[Mm]eisje|[Bb]roer(?:tje)?|[Zz]us(?:je)?|[Oo]ma|[Oo]pa|[Kk]ind"
_MONTH = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_DATUM = rf"(?:\d{{1,2}}[-/. ]\d{{1,2}}[-/. ](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d|\d{{1,2}}\s+(?:{_MONTH})\s+(?:19|20)\d\d)"

# What is found -> pattern. The patterns run on the text as typed, so a line end counts as a space.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "een geboortedatum",
        re.compile(
            rf"(?i)\b(?:geboren|geb\.|geboortedatum|jarig|verjaardag)[^.!?]{{0,40}}?{_DATUM}|"
            rf"\b(?:{_ROL.lower()}|jongere|baby)\s*\(?\s*{_DATUM}"
        ),
    ),
    (
        "een veld met een persoonsgegeven",
        re.compile(
            r"(?i)\b(?:voornaam|achternaam|roepnaam|meisjesnaam|geboortedatum|bsn|burgerservicenummer|"
            r"cli[eë]ntnummer|dossiernummer|zaaknummer|woonadres|adres|telefoonnummer)\s*[:=]\s*\S"
        ),
    ),
    (
        "de naam van een gezinslid",
        re.compile(
            rf"\b(?:{_ROL})\s+[A-Z][a-zà-ÿ]{{2,}}\b|\b(?:genaamd|heet|noemen\s+we)\s+[A-Z][a-zà-ÿ]{{2,}}\b"
        ),
    ),
    (
        "een kenmerk van een huishouden of persoon",
        re.compile(
            r"(?i)\b(?:huishouden|gezin|persoon|kind|dossier|zaak|casus|cli[eë]nt)(?:_id|nummer|nr\.?)?"
            r"\s*[:=#]?\s*(?:[a-z]{1,4}[-_]?\d{3,}|\d{5,})\b"
        ),
    ),
    ("een postcode", re.compile(r"\b[1-9]\d{3}\s?(?!MB|KB|GB|EN|DE)[A-Z]{2}\b")),
    (
        "een mobiel telefoonnummer",
        re.compile(r"\b(?:06|\+31\s?6)[-\s]?\d{4}\s?\d{4}\b|\b06(?:[-\s]?\d\d){4}\b"),
    ),
)
_SMALL = re.compile(
    rf"(?<![\d.,:/–-])\b(?P<telling>\d+|{_NUMERAL})\s+(?:van\s+de\s+(?:[\d.]+\s+)?)?(?:[a-zà-ÿ]+\s+)?(?:{_WHO})\b(?!-)",
    re.IGNORECASE,
)
_GETAL = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*%?(?![\w])")
# A percentage is another number than the same without its sign.
_PLAIN = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
_AT_DATUM = re.compile(
    rf"{_DATUM}|\b(?:{_MONTH})\s+(?:19|20)\d\d\b|\b(?:19|20)\d\d\b|artikel\s+[\d.]+", re.IGNORECASE
)


@dataclass(frozen=True)
class Passage:
    """Text as typed, with the field and the line of the file it starts at."""

    veld: str
    tekst: str
    regel: int


@dataclass(frozen=True)
class Objection:
    """What a text may not hold, and on which line of the text it stands (the first is 0)."""

    soort: str
    regel: int
    herstel: str


_PERSOON = "haal het weg; een verhaal is samengesteld uit meer gezinnen en verwijst naar niemand"
_AANTAL = (
    "schrijf 'enkele' of laat het getal weg; mag het blijven staan, schrijf het dan in onderzoek.yaml en zet de "
    "woorden letter voor letter bij 'kleine_aantallen'"
)


def _squeeze(text: str) -> str:
    return " ".join(text.lower().split())


def objections(text: str, *, allowed: Collection[str] = ()) -> Iterator[Objection]:
    """Yield what the text may not hold, in order of kind.

    Parameters
    ----------
    text : str
        Text as typed, lines included.
    allowed : collection of str
        Phrases with a small count that the researcher has judged, letter for letter.
    """
    good = {_squeeze(part) for part in allowed}
    for found in citizen_number.typed(text):
        yield Objection("een burgerservicenummer", _line(text, found), _PERSOON)
    for soort, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield Objection(soort, _line(text, found), _PERSOON)
    for found in _SMALL.finditer(text):
        telling = found["telling"]
        small = not telling.isdigit() or 0 < int(telling) < SMALLER_THAN
        if small and not any(
            _squeeze(found.group()) in part or part in _squeeze(found.group()) for part in good
        ):
            yield Objection("een klein aantal gezinnen of mensen", _line(text, found), _AANTAL)


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start())


def tokens(text: str) -> set[str]:
    """Return the words with a digit in them: what could be a key from the data."""
    return {word for word in re.findall(r"[\w-]*\d[\w-]*", text) if len(word) >= 4}


def _value(number: str) -> float | None:
    """Return what a number as typed is worth, in Dutch signs; None when that is not plain."""
    if not _PLAIN.fullmatch(number):
        return None
    return float(number.replace(".", "").replace(",", "."))


def typed_numbers(passages: Sequence[Passage], *, known: Collection[float] = ()) -> dict[str, int]:
    """Count per field the numbers typed by hand; dates, years, articles of law and what is `known` aside."""
    out: dict[str, int] = {}
    for passage in passages:
        found = _GETAL.findall(_AT_DATUM.sub(" ", passage.tekst))
        aantal = sum(_value(number) not in known for number in found)
        if aantal:
            out[passage.veld] = out.get(passage.veld, 0) + aantal
    return out
