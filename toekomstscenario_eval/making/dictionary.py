"""The data dictionary for suppliers: every table and code list of the contract, as a tagged PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from toekomstscenario_eval.data.contract_words import RULES, kind_words, limit_words, refers_to
from toekomstscenario_eval.data.importers.template import check_new, chosen_tables
from toekomstscenario_eval.data.schema import REQUIRED_TABLES, CodeList, Field, TableSchema, load_schema
from toekomstscenario_eval.document.document import Alinea, Block, Cel, Document, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.document.render_typst import render_pdf
from toekomstscenario_eval.files import write_new


def dictionary(tables: Sequence[str] = (), *, day: str = "") -> Document:
    """Return the dictionary of these tables (none: all), dated `day` (JJJJ-MM-DD; empty: today)."""
    schema = load_schema()
    chosen = chosen_tables(tables)
    used = {f.codelijst for t in chosen for f in t.fields if f.codelijst is not None}
    lists = [c for naam, c in schema.codelists.items() if naam in used]
    blocks: list[Block] = [
        Kop(1, "Wat voor alle tabellen geldt"),
        Lijst(tuple((Tekst(rule),) for rule in RULES)),
        Kop(1, "De tabellen"),
    ]
    for table in chosen:
        blocks += _table(table)
    blocks += [
        Kop(1, "De codelijsten"),
        _text(
            "Een veld met een codelijst bevat alleen deze codes, precies zo geschreven. "
            "Voorloopnullen horen erbij: 01 is iets anders dan 1."
        ),
    ]
    for codelist in lists:
        blocks += [Kop(2, codelist.naam), _codes(codelist)]
    return Document(
        titel="Gegevenswoordenboek",
        ondertitel=f"Voor wie gegevens levert. Gegevensafspraak versie {schema.versie}.",
        auteurs=(),
        datum=day or datetime.now(UTC).date().isoformat(),
        concept=False,
        vrijgaven=(),
        blokken=tuple(blocks),
    )


def write_dictionary(path: Path, tables: Sequence[str] = ()) -> Path:
    """Write the dictionary as PDF to a file that is not there yet, and return its path."""
    check_new(path, ".pdf", what="het woordenboek")
    write_new(path, render_pdf(dictionary(tables)), mode=0o644)
    return path


def _text(text: str) -> Alinea:
    return Alinea((Tekst(text),))


def _table(table: TableSchema) -> list[Block]:
    needed = "Deze tabel is altijd nodig." if table.naam in REQUIRED_TABLES else "Deze tabel mag ontbreken."
    return [
        Kop(2, table.naam),
        _text(
            f"{table.titel}. Eén rij is {table.wording}. {needed} Sleutel: {' en '.join(table.sleutel)}. "
            "Geen twee rijen hebben dezelfde sleutel."
        ),
        Tabel(
            f"De velden van {table.naam}",
            ("Veld", "Wat erin staat", "Soort", "Verplicht", "Waarvoor"),
            tuple(_row(field, table) for field in table.fields),
        ),
    ]


def _row(field: Field, table: TableSchema) -> tuple[Cel, ...]:
    # A long name may break where no letter is lost: the column is narrow.
    listed = (field.codelijst or "").replace("_", "_\u200b")
    kind = f"code uit {listed}" if listed else kind_words(field)
    target = refers_to(field, table)
    parts = [kind, *limit_words(field)] + ([f"komt voor in {target}"] if target else [])
    texts = (field.naam, field.wording, "; ".join(parts), "ja" if field.required else "nee", field.doel)
    return tuple(Cel(text) for text in texts)


def _codes(codelist: CodeList) -> Tabel:
    heading = tuple(naam.capitalize() for naam in codelist.kolommen)
    rows = tuple(tuple(Cel(row[k]) for k in codelist.kolommen) for row in codelist.rijen)
    return Tabel(f"De codes van {codelist.naam}", heading, rows)
