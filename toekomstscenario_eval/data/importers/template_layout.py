"""Where things stand in the template, for the one who writes it and the one who reads it."""

from __future__ import annotations

from dataclasses import dataclass

from toekomstscenario_eval.data.contract_words import coded, is_key
from toekomstscenario_eval.data.schema import Field, load_schema

READ_ME, MARK, LISTS = "Lees mij", "_tks", "_codes"
VERSION_LABEL = "versie van de gegevensafspraak"
# Row of the field names, as a person counts; explanation and example stand above it and are never read.
HEADER_ROW = 5
YES, NO = "ja", "nee"
EXAMPLE = "voorbeeld: "
PSEUDONYMS = "pseudoniemen"


@dataclass(frozen=True)
class PackageField:
    """A field of the package that is filled in on the first sheet: its key, its label and how to fill it."""

    key: str
    label: str
    explanation: str
    filling: str = "text"
    required: bool = True


PACKAGE_FIELDS = (
    PackageField("naam", "Korte naam", "Een naam zonder spaties, zoals proeftuin_noord."),
    PackageField("titel", "Titel", "Waar de gegevens over gaan, in een paar woorden."),
    PackageField("peildatum", "Peildatum", "De dag waarop de gegevens uit de registratie komen.", "date"),
    PackageField("begin", "Venster: eerste dag", "De eerste dag waarvan alles is vastgelegd.", "date"),
    PackageField(
        "eind", "Venster: dag na de laatste dag", "Meestal de peildatum. Deze dag telt niet mee.", "date"
    ),
    PackageField("bronnen", "Bronnen", "Uit welke registraties dit komt. Zet er een puntkomma tussen."),
    PackageField("contact", "Contact", "Wie vragen over deze gegevens beantwoordt: een functie of afdeling."),
    PackageField("eigenaar", "Eigenaar", "De organisatie die de gegevens bezit.", required=False),
    PackageField(
        "levering",
        "Naam van de levering",
        "Elke keer dezelfde naam. Zonder eigenaar en naam komt er geen openbaar verslag.",
        required=False,
    ),
    PackageField(
        PSEUDONYMS,
        "Zijn de sleutels pseudoniemen?",
        "ja: in de velden met _id staan al pseudoniemen. nee: het programma maakt ze bij het inlezen.",
        "choice",
    ),
)


def is_text(field: Field) -> bool:
    """Return whether a column holds text in the sheet, so that leading zeros stay."""
    return field.type == "string"


def choices(field: Field) -> tuple[str, ...]:
    """Return what a person can pick in the column of a field; empty: anything."""
    if field.codelijst is not None:
        return tuple(coded(c, label) for c, label in load_schema().codelists[field.codelijst].labels.items())
    return (YES, NO) if field.type == "boolean" else ()


def meant(field: Field) -> dict[str, str]:
    """Return what may stand in a column with choices, each with the code that is meant."""
    if field.type == "boolean":
        return {YES: "true", NO: "false", "true": "true", "false": "false"}
    out: dict[str, str] = {}
    for code, label in load_schema().codelists[field.codelijst or ""].labels.items():
        out |= {code: code, coded(code, label): code, coded(code, label).replace("–", "-"): code}
    return out


def example(field: Field) -> str:
    """Return an invented value for the row with the example."""
    if field.codelijst is not None or field.type == "boolean":
        return choices(field)[0]
    if is_key(field):
        return f"{field.naam[:3]}-001"
    kinds = {
        "date": "31-12-2024" if field.naam == "eind" else "01-03-2024",
        "year": "2012",
        "number": "3,5",
        "integer": "1",
    }
    return kinds.get(field.type, f"{field.naam} in woorden")
