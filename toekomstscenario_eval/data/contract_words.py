"""The contract in words for who fills it in: one place for the codebook, the template and the dictionary."""

from __future__ import annotations

from toekomstscenario_eval.data.schema import Field, TableSchema, load_schema

_KIND = {
    "string": "tekst",
    "date": "datum",
    "year": "jaartal",
    "number": "getal",
    "integer": "geheel getal",
    "boolean": "ja of nee",
}
_LIMIT = {
    "minimum": "ten minste {}",
    "maximum": "hooguit {}",
    "minLength": "ten minste {} tekens",
    "maxLength": "hooguit {} tekens",
    "unique": "elke waarde één keer",
}
# What holds for all tables, a sentence or two each; plain text.
RULES = (
    "Een periode loopt van begin tot eind. De dag in eind telt niet meer mee: "
    "het is de dag na de laatste dag.",
    "Een lege eind betekent: het loopt nog op de peildatum. Leeg is hier dus niet hetzelfde als onbekend.",
    "Een veld dat op _id eindigt, is een sleutel: een pseudoniem, nooit een naam of een BSN.",
    "U hoeft niet elke tabel te leveren. Wat zonder een tabel niet kan worden berekend, heet dan "
    "niet van toepassing.",
    "Bij elk veld staat waarvoor het dient. Lever niet wat niemand gebruikt.",
)


def key_pattern() -> str:
    """Return the pattern of a key: that of the first key of the contract."""
    first = next(iter(load_schema().tabellen.values()))
    return str(first.veld(first.sleutel[0]).constraints["pattern"])


def is_key(field: Field) -> bool:
    """Return whether a field holds a key."""
    return field.constraints.get("pattern") == key_pattern()


def kind_words(field: Field) -> str:
    """Return in a few words what a field holds."""
    if field.codelijst is not None:
        return "code uit een lijst"
    return "sleutel" if is_key(field) else _KIND[field.type]


def limit_words(field: Field) -> tuple[str, ...]:
    """Return what a field asks besides its kind and being filled."""
    out = []
    for naam, waarde in field.constraints.items():
        if naam == "pattern" and not is_key(field):
            out.append(f"vorm {waarde}")
        elif naam not in ("pattern", "required"):
            out.append(_LIMIT[naam].format(waarde))
    return tuple(out)


def refers_to(field: Field, table: TableSchema) -> str:
    """Return the table in which the value of a field must occur, or an empty text."""
    return next((link.tabel for link in table.references if link.kolom == field.naam), "")


def coded(code: str, label: str) -> str:
    """Return a code with its label, as a person picks it from a list."""
    return f"{code} – {label}"
