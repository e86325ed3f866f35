"""A template that was filled in, as a mapping: it is then imported as any other source.

What is known of the workbook (which sheets hold rows, how the codes were picked) is written in the mapping
language, so that the same rules and the same engine hold. No value of a cell goes into a message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from python_calamine import CalamineError, CalamineWorkbook

from toekomstscenario_eval.data.importers import template_layout as layout
from toekomstscenario_eval.data.schema import REQUIRED_TABLES, Field, TableSchema, load_schema
from toekomstscenario_eval.errors import InvoerFout

# Lines may be put in above the names of the fields; further down nobody looks for them.
_SEARCHED = 20
_OWN_KEYS = ("proeftuin_id", "organisatie_id", "schaal_item_id", "vraag_id")
Rows = list[list[Any]]


def is_template(path: Path) -> bool:
    """Return whether a file is a workbook made by `tks sjabloon`."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return False
    try:
        return layout.MARK in CalamineWorkbook.from_path(str(path)).sheet_names
    except (CalamineError, OSError, ValueError):
        return False


def template_yaml(path: Path) -> str:
    """Return the mapping of a template that was filled in, in the mapping language.

    Raises
    ------
    InvoerFout
        When it was made for another version of the contract, a yellow box is empty or wrong, a table that is
        always needed has no rows, or a sheet lacks the column of a required field. The message names sheet,
        cell and column, never what stands in it.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets: dict[str, Rows] = {
            n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names
        }
    except (CalamineError, OSError, ValueError):
        raise InvoerFout(
            "het sjabloon kan niet worden gelezen",
            waar=path.name,
            herstel="open het bestand in Excel en sla het opnieuw op als .xlsx",
        ) from None
    _check_version(path, sheets)
    package, makes_keys = _package(path, sheets)
    sources: dict[str, Any] = {}
    tables: dict[str, Any] = {}
    for naam, table in load_schema().tabellen.items():
        rows = sheets.get(naam, [])
        top = _heading(path, table, rows) if rows else 0
        body = [row for row in rows[top:] if any(_text(c) for c in row)]
        if not body:
            _refuse_missing(path, naam)
            continue
        heading = [_text(c) for c in rows[top - 1]]
        _check_columns(path, table, heading)
        fields = [f for f in table.fields if f.naam in heading]
        sources[naam] = {
            "bestand": path.name,
            "blad": naam,
            "kopregel": str(top),
            "kolommen": _keys(fields, makes_keys=makes_keys),
        }
        tables[naam] = _mapped(table, fields, body=body, heading=heading)
    text = {"pakket": package, "bronnen": sources, "tabellen": tables}
    return yaml.safe_dump(text, allow_unicode=True, sort_keys=False, width=1000)


def _text(cell: Any) -> str:
    """Return a cell as the source has it after cleaning."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _check_version(path: Path, sheets: Mapping[str, Rows]) -> None:
    mark = {_text(row[0]): _text(row[1]) for row in sheets.get(layout.MARK, []) if len(row) > 1}
    version, ours = mark.get(layout.VERSION_LABEL, ""), load_schema().versie
    if version == ours:
        return
    older = _ordered(version) < _ordered(ours)
    raise InvoerFout(
        f"dit sjabloon is van een {'oudere' if older else 'andere'} versie van de gegevensafspraak",
        waar=path.name,
        verwacht=ours,
        kreeg=version or "geen versie",
        herstel="maak met 'tks sjabloon --uit nieuw.xlsx' een nieuw sjabloon en zet de rijen daarin over"
        if older
        else "werk het programma bij, of maak met 'tks sjabloon' een nieuw sjabloon",
    )


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _package(path: Path, sheets: Mapping[str, Rows]) -> tuple[dict[str, Any], bool]:
    """Return what the first sheet says of the package, and whether the keys are still to be made."""
    spots = {
        _text(row[0]).removesuffix(" (mag leeg)"): (number, row[1] if len(row) > 1 else "")
        for number, row in enumerate(sheets.get(layout.READ_ME, []), start=1)
        if row
    }
    given: dict[str, str] = {}
    for entry in layout.PACKAGE_FIELDS:
        number, cell = spots.get(entry.label, (0, ""))
        given[entry.key] = _filled(
            entry, cell, where=f"{path.name}, blad {layout.READ_ME}, cel B{number or '?'}"
        )
    out: dict[str, Any] = {k: given[k] for k in ("naam", "titel", "peildatum")}
    out["waarneemvenster"] = {"begin": given["begin"], "eind": given["eind"]}
    out["bronnen"] = [part.strip() for part in given["bronnen"].split(";") if part.strip()]
    out["contact"] = given["contact"]
    if given["eigenaar"] and given["levering"]:
        out["levering"] = {"eigenaar": given["eigenaar"], "naam": given["levering"]}
    return out, given[layout.PSEUDONYMS] == layout.NO


def _filled(entry: layout.PackageField, cell: Any, *, where: str) -> str:
    expected = {"date": "een datum zoals 01-03-2024", "choice": "ja of nee"}.get(entry.filling, "een tekst")
    text = _text(cell)
    if not text and not entry.required:
        return ""
    if entry.filling == "date":
        text = _day(cell)
    elif entry.filling == "choice" and text not in (layout.YES, layout.NO):
        text = ""
    if not text:
        raise InvoerFout(
            f"'{entry.label}' is niet goed ingevuld",
            waar=where,
            verwacht=expected,
            herstel="vul het gele vak in op het blad Lees mij",
        )
    return text


def _day(cell: Any) -> str:
    """Return a cell with a day as JJJJ-MM-DD; empty when it holds none."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    for notation in ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(_text(cell), notation).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    return ""


def _refuse_missing(path: Path, naam: str) -> None:
    if naam in REQUIRED_TABLES:
        raise InvoerFout(
            f"het blad {naam} heeft geen rijen, en die tabel is altijd nodig",
            waar=f"{path.name}, blad {naam}",
            herstel="schrijf de rijen onder de namen van de velden",
        )


def _heading(path: Path, table: TableSchema, rows: Rows) -> int:
    """Return the row of the field names, as a person counts."""
    keys = set(table.sleutel)
    for number, row in enumerate(rows[:_SEARCHED], start=1):
        if keys <= {_text(cell) for cell in row}:
            return number
    raise InvoerFout(
        "de regel met de namen van de velden ontbreekt",
        waar=f"{path.name}, blad {table.naam}",
        verwacht=f"rij {layout.HEADER_ROW} met {', '.join(f.naam for f in table.fields)}",
        herstel="zet die regel terug, of begin met een nieuw sjabloon",
    )


def _check_columns(path: Path, table: TableSchema, heading: Sequence[str]) -> None:
    for field in table.fields:
        if field.required and field.naam not in heading:
            raise InvoerFout(
                f"de kolom '{field.naam}' ontbreekt; zij is verplicht",
                waar=f"{path.name}, blad {table.naam}",
                herstel="zet de kolom terug, of begin met een nieuw sjabloon",
            )


def _keys(fields: Sequence[Field], *, makes_keys: bool) -> dict[str, Any]:
    return {
        f.naam: {"sleutel": "pseudoniem" if makes_keys and f.naam not in _OWN_KEYS else "ongewijzigd"}
        for f in fields
        if f.naam.endswith("_id")
    }


def _mapped(table: TableSchema, fields: Sequence[Field], *, body: Rows, heading: list[str]) -> dict[str, Any]:
    names = {f.naam for f in fields}
    out: dict[str, Any] = {"bron": table.naam}
    spell = "begin" in names
    if spell:
        until = "eind" if "eind" in names else "begin"
        out["periode"] = {"van": "begin", "tot": until, "laatste_dag_telt_mee": "nee"}
    columns: dict[str, Any] = {}
    for field in fields:
        if spell and field.naam in ("begin", "eind"):
            continue
        columns[field.naam] = {"kolom": field.naam}
        if layout.choices(field):
            place = heading.index(field.naam)
            seen = {_text(row[place]) for row in body if len(row) > place}
            # Only what is in the sheet and known: the engine refuses the rest, with its row.
            picked = {text: code for text, code in layout.meant(field).items() if text in seen}
            if picked:
                columns[field.naam]["vertaling"] = picked
    out["kolommen"] = columns
    return out
