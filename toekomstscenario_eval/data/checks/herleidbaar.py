"""No column holds names, addresses, dates of birth or other direct identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Telling, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een kolom bevat gegevens die rechtstreeks naar iemand te herleiden zijn",
    ernst=Ernst.FOUT,
    uitleg="Voor onderzoek worden pseudoniemen en het geboortejaar gebruikt, nooit naam, adres of "
    "geboortedatum.",
    herstel="verwijder de kolom bij de bron en lever het bestand opnieuw; verwijder ook dit bestand",
)
_WORDS = frozenset(
    (
        "naam",
        "name",
        "voornaam",
        "achternaam",
        "roepnaam",
        "geboortenaam",
        "tussenvoegsel",
        "voorletters",
        "initialen",
        "geboortedatum",
        "geboortedag",
        "adres",
        "straat",
        "straatnaam",
        "huisnummer",
        "postcode",
        "telefoon",
        "telefoonnummer",
        "mobiel",
        "email",
        "mail",
        "emailadres",
        "iban",
        "rekeningnummer",
    )
)
_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}"

CASES = (
    Case(
        "de naam van een proeftuin mag; een functie met een apenstaart is geen adres",
        {
            "proeftuin": "proeftuin_id | naam\np1 | Noord",
            "professional": "professional_id | functie | achtergrond\na | coach @ school | x",
        },
    ),
    Case(
        "kolommen met namen en adressen, en een e-mailadres in een vrij veld",
        {
            "persoon": "persoon_id | geboortedatum | naam_moeder | E-mail\nk1 | 2010-01-01 | x | y",
            "professional": "professional_id | functie\na | jeugdhulp\nb | post@voorbeeld.nl",
        },
        (
            ("persoon", "geboortedatum", 1, ()),
            ("persoon", "naam_moeder", 1, ()),
            ("persoon", "E-mail", 1, ()),
            ("professional", "functie", 1, (2,)),
        ),
    ),
)


def toetsen(package: Package) -> Iterator[Telling | Toets]:
    """Look at the names of columns outside the contract, and for e-mail addresses in every column of text."""
    for table in delivered(package):
        known = {v.naam for v in table.fields}
        t = package.raw[table.naam]
        for column in t.columns:
            if column not in known and column != ROW and _identifies(column):
                yield Telling(table.naam, column, 1, verwacht="geen kolom met zo'n naam")
            elif t[column].type().is_string():
                # The at sign is cheap to look for and spares nearly all rows the pattern.
                match = t[column].contains("@").ifelse(t[column].re_search(_EMAIL), False)
                yield Toets(table.naam, column, t, match, verwacht="geen e-mailadressen")


def _identifies(column: str) -> bool:
    """Return whether a word of the column name, or the whole without separators, names an identifier."""
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column).casefold())
    return bool(_WORDS & {*words, "".join(words)})
