"""Text that people type, searched for what could point to a family.

Typed text does not pass release: no rule can judge a story. What has the shape of a personal datum,
or of a count too small to publish, is refused with its place; other typed numbers are reported.
A message never repeats what was found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

# Counts below this are not typed in prose either; the thresholds of release are in the policy.
KLEINER_DAN = 10

_GEWICHTEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_TELWOORD = "twee|drie|vier|vijf|zes|zeven|acht|negen"
_WIE = (
    r"gezin(?:nen|netje)?|huishoudens?|kind(?:eren|je|jes)?|ouders?|moeders?|vaders?|jongeren?|jongens?|meisjes?|"
    r"baby'?s?|peuters?|kleuters?|tieners?|pubers?|broers?|broertjes?|zus(?:sen|jes?)?|cliënten?|casussen|casus"
)
_ROL = r"[Mm]oeder|[Vv]ader|[Zz]oon(?:tje)?|[Dd]ochter(?:tje)?|[Jj]ongen|[Mm]eisje|[Bb]roer(?:tje)?|[Zz]us(?:je)?|[Oo]ma|[Oo]pa|[Kk]ind"
_MAAND = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_DATUM = rf"(?:\d{{1,2}}[-/. ]\d{{1,2}}[-/. ](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d|\d{{1,2}}\s+(?:{_MAAND})\s+(?:19|20)\d\d)"

# What is found -> pattern. The patterns run on the text as typed, so a line end counts as a space.
_PATRONEN: tuple[tuple[str, re.Pattern[str]], ...] = (
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
_NUMMER = re.compile(r"(?<![\d.,-])\d{3,4}[. ]?\d{2}[. ]?\d{3}(?![\d.,-]*\d)")
_KLEIN = re.compile(
    rf"(?<![\d.,:/–-])\b(?P<telling>\d+|{_TELWOORD})\s+(?:van\s+de\s+(?:[\d.]+\s+)?)?(?:[a-zà-ÿ]+\s+)?(?:{_WIE})\b(?!-)",
    re.IGNORECASE,
)
_GETAL = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*%?(?![\w])")
_BIJ_DATUM = re.compile(
    rf"{_DATUM}|\b(?:{_MAAND})\s+(?:19|20)\d\d\b|\b(?:19|20)\d\d\b|artikel\s+[\d.]+", re.IGNORECASE
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


def _is_bsn(cijfers: str) -> bool:
    """Whether digits pass the test of eleven, and are no filler."""
    kaal = re.sub(r"\D", "", cijfers).zfill(9)
    return len(set(kaal)) > 1 and sum(g * int(c) for g, c in zip(_GEWICHTEN, kaal, strict=True)) % 11 == 0


def _squeeze(tekst: str) -> str:
    return " ".join(tekst.lower().split())


def objections(tekst: str, *, toegestaan: Collection[str] = ()) -> Iterator[Objection]:
    """Yield what the text may not hold, in order of kind.

    Parameters
    ----------
    tekst : str
        Text as typed, lines included.
    toegestaan : collection of str
        Phrases with a small count that the researcher has judged, letter for letter.
    """
    goed = {_squeeze(deel) for deel in toegestaan}
    for gevonden in _NUMMER.finditer(tekst):
        if _is_bsn(gevonden.group()):
            yield Objection("een burgerservicenummer", _line(tekst, gevonden), _PERSOON)
    for soort, patroon in _PATRONEN:
        for gevonden in patroon.finditer(tekst):
            yield Objection(soort, _line(tekst, gevonden), _PERSOON)
    for gevonden in _KLEIN.finditer(tekst):
        telling = gevonden["telling"]
        klein = not telling.isdigit() or 0 < int(telling) < KLEINER_DAN
        if klein and not any(
            _squeeze(gevonden.group()) in deel or deel in _squeeze(gevonden.group()) for deel in goed
        ):
            yield Objection("een klein aantal gezinnen of mensen", _line(tekst, gevonden), _AANTAL)


def _line(tekst: str, gevonden: re.Match[str]) -> int:
    return tekst.count("\n", 0, gevonden.start())


def tokens(tekst: str) -> set[str]:
    """Return the words with a digit in them: what could be a key from the data."""
    return {woord for woord in re.findall(r"[\w-]*\d[\w-]*", tekst) if len(woord) >= 4}


def typed_numbers(passages: Sequence[Passage]) -> dict[str, int]:
    """Count per field the numbers typed by hand; dates, years and articles of law aside."""
    uit: dict[str, int] = {}
    for passage in passages:
        aantal = len(_GETAL.findall(_BIJ_DATUM.sub(" ", passage.tekst)))
        if aantal:
            uit[passage.veld] = uit.get(passage.veld, 0) + aantal
    return uit
