"""The template: an Excel workbook from the contract, filled in by people and read as any source."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from toekomstscenario_eval.data.contract_words import RULES, kind_words, limit_words, refers_to
from toekomstscenario_eval.data.importers import template_layout as layout
from toekomstscenario_eval.data.schema import REQUIRED_TABLES, Field, TableSchema, load_schema
from toekomstscenario_eval.errors import GebruikFout, UitvoerFout, did_you_mean, reason

# Excel's own limits.
_LAST_ROW, _MESSAGE = 1_048_576, 255
_DATE = "dd-mm-yyyy"
_INK, _PAPER, _REQUIRED, _INPUT = "#1F2A44", "#F3F5F9", "#1F3A6E", "#FFF8DC"
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": _INK},
    "heading": {"bold": True, "font_size": 12, "font_color": _INK},
    "plain": {"text_wrap": True, "valign": "top"},
    "explained": {"text_wrap": True, "valign": "top", "bg_color": _PAPER, "font_color": _INK},
    "example": {"italic": True, "valign": "top", "bg_color": _PAPER, "font_color": "#45506B"},
    "required": {"bold": True, "bg_color": _REQUIRED, "font_color": "#FFFFFF", "border": 1},
    "optional": {"bold": True, "bg_color": "#DDE3EF", "font_color": _INK, "border": 1},
    "text": {"num_format": "@"},
    "date": {"num_format": _DATE},
    "other": {},
    "input": {"bg_color": _INPUT, "border": 1, "text_wrap": True, "valign": "top", "num_format": "@"},
    "input_date": {"bg_color": _INPUT, "border": 1, "valign": "top", "num_format": _DATE, "align": "left"},
    "link": {"font_color": "#0B4FB3", "underline": 1, "valign": "top"},
}


def chosen_tables(names: Sequence[str]) -> tuple[TableSchema, ...]:
    """Return the tables of the template in the order of the contract, those always needed included.

    Raises
    ------
    GebruikFout
        When a name is no table of the contract.
    """
    known = load_schema().tabellen
    for naam in names:
        if naam not in known:
            raise GebruikFout(
                f"de tabel '{naam}' bestaat niet in de gegevensafspraak", herstel=did_you_mean(naam, known)
            )
    if not names:
        return tuple(known.values())
    wanted = {*names, *REQUIRED_TABLES}
    return tuple(t for naam, t in known.items() if naam in wanted)


def write_template(path: Path, tables: Sequence[str] = ()) -> Path:
    """Write the workbook to `path`, with a sheet for each of these tables (none: all), and return the path.

    The same contract gives the same bytes.

    Raises
    ------
    GebruikFout
        When a table is not in the contract, or the name does not end in `.xlsx`.
    UitvoerFout
        When the file is there already or cannot be written.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    chosen = chosen_tables(tables)
    check_new(path, ".xlsx", what="het sjabloon")
    book = Workbook(str(path))
    try:
        _fill(book, chosen)
        book.close()
    except (OSError, FileCreateError) as fout:
        cause = fout.__cause__ or fout.__context__ or (fout.args[0] if fout.args else fout)
        raise UitvoerFout(
            "het sjabloon kan niet worden geschreven",
            waar=str(path),
            kreeg=reason(cause) if isinstance(cause, OSError) else "",
            herstel="kies een map die bestaat en waarin u mag schrijven",
        ) from None
    return path


def check_new(path: Path, ending: str, *, what: str) -> None:
    """Refuse a place for a file that has another ending or is taken."""
    if path.suffix.lower() != ending:
        raise GebruikFout(
            f"de naam van {what} eindigt niet op {ending}",
            kreeg=path.name,
            herstel=f"kies een naam op {ending}",
        )
    if path.exists():
        raise UitvoerFout(
            f"{what} staat er al; het kan zijn ingevuld en wordt niet overschreven",
            waar=str(path),
            herstel="kies een andere naam, of verwijder het bestand zelf",
        )


def _fill(book: Any, tables: Sequence[TableSchema]) -> None:
    # Of the day on which it is made nothing is told: the same contract is the same file.
    book.set_properties(
        {
            "title": "Sjabloon voor gegevens van proeftuinen",
            "comments": f"Gegevensafspraak versie {load_schema().versie}",
            "created": datetime(2020, 1, 1, tzinfo=UTC),
        }
    )
    styles = {naam: book.add_format(dict(how)) for naam, how in _FORMATS.items()}
    _read_me(book.add_worksheet(layout.READ_ME), tables, styles)
    for table in tables:
        _table_sheet(book.add_worksheet(table.naam), table, styles)
    _lists(book, tables)
    mark = book.add_worksheet(layout.MARK)
    mark.write_row(0, 0, [layout.VERSION_LABEL, load_schema().versie])
    mark.hide()


def _read_me(sheet: Any, tables: Sequence[TableSchema], styles: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 46)
    sheet.set_column(2, 2, 70)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write(0, 0, "Lees mij: zo vult u dit bestand in", styles["title"])
    row = 2
    for line in _steps():
        sheet.write_string(row, 0, line)  # runs on over the empty cells beside it
        row += 1
    row += 1
    sheet.write(row, 0, "Over dit pakket: vul de gele vakken in", styles["heading"])
    for entry in layout.PACKAGE_FIELDS:
        row += 1
        sheet.write(row, 0, entry.label + ("" if entry.required else " (mag leeg)"), styles["plain"])
        date_like = entry.filling == "date"
        sheet.write_blank(row, 1, None, styles["input_date" if date_like else "input"])
        sheet.write(row, 2, entry.explanation, styles["plain"])
        sheet.set_row(row, 32 if len(entry.explanation) > 68 else 17)
        rule = _date_rule() if date_like else {"validate": "any"}
        if entry.filling == "choice":
            rule = {"validate": "list", "source": [layout.YES, layout.NO], **_wrong("Kies ja of nee.")}
        sheet.data_validation(row, 1, row, 1, rule | _prompt(entry.label, entry.explanation))
    row += 2
    sheet.write(row, 0, "De bladen van dit bestand", styles["heading"])
    for table in tables:
        row += 1
        sheet.write_url(
            row, 0, f"internal:'{table.naam}'!A{layout.HEADER_ROW + 1}", styles["link"], table.naam
        )
        needed = "Altijd nodig." if table.naam in REQUIRED_TABLES else "Leeg laten mag."
        sheet.write(row, 1, needed, styles["plain"])
        sheet.write(row, 2, f"{table.titel}. Eén rij is {table.wording}.", styles["plain"])
        sheet.set_row(row, 32 if len(table.titel) + len(table.wording) > 55 else 17)


def _steps() -> tuple[str, ...]:
    header = layout.HEADER_ROW
    return (
        "1. Vul eerst de gele vakken op dit blad in.",
        f"2. Elk blad is een tabel. Schrijf uw rijen onder de namen in rij {header}. Een blad dat u leeg "
        "laat, telt als niet geleverd.",
        f"3. Boven rij {header} staat wat elk veld betekent, met een voorbeeld. Die regels worden niet "
        "ingelezen: laat ze staan.",
        "4. Een donkere naam is een verplicht veld: vul het in elke rij. Een lichte naam mag leeg blijven.",
        "5. Bij een veld met een lijst kiest u een regel. U mag ook alleen de code schrijven.",
        "6. Zet nooit een naam, een adres of een burgerservicenummer in dit bestand.",
        "7. Stuur het bestand veilig op. De ontvanger leest het in met: tks importeer sjabloon.xlsx "
        "--uit pakket",
        *(f"• {rule}" for rule in RULES),
    )


def _table_sheet(sheet: Any, table: TableSchema, styles: Mapping[str, Any]) -> None:
    header = layout.HEADER_ROW - 1
    sheet.write(0, 0, f"{table.titel}: één rij is {table.wording}", styles["heading"])
    sheet.set_row(1, 62)
    sheet.set_row(2, 32)
    for column, field in enumerate(table.fields):
        sheet.set_column(
            column, column, _width(field, table), styles["date" if field.type == "date" else _cells(field)]
        )
        sheet.write_string(1, column, field.wording, styles["explained"])
        sheet.write_string(2, column, _demand(field, table), styles["explained"])
        sheet.write_string(3, column, layout.EXAMPLE + layout.example(field), styles["example"])
        sheet.write_string(header, column, field.naam, styles["required" if field.required else "optional"])
        sheet.write_comment(
            header,
            column,
            f"{field.wording}.\nWaarvoor: {field.doel}.\n{_demand(field, table)}.",
            {"author": "tks", "x_scale": 2, "y_scale": 1.4},
        )
        rule = _rule(field) | _prompt(field.naam, f"{field.wording}. Waarvoor: {field.doel}.")
        sheet.data_validation(header + 1, column, _LAST_ROW - 1, column, rule)
    sheet.freeze_panes(header + 1, 1)
    sheet.autofilter(header, 0, header + 1, len(table.fields) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)


def _cells(field: Field) -> str:
    return "text" if layout.is_text(field) else "other"


def _width(field: Field, table: TableSchema) -> int:
    choices = layout.choices(field)
    longest = max((len(c) for c in choices), default=0)
    example = len(layout.EXAMPLE + layout.example(field))
    demand = math.ceil(len(_demand(field, table)) / 1.7)
    return min(
        52, max(len(field.naam) + 6, math.ceil(len(field.wording) / 3.4), example + 1, longest, demand)
    )


def _demand(field: Field, table: TableSchema) -> str:
    target = refers_to(field, table)
    parts = ["verplicht" if field.required else "mag leeg", kind_words(field), *limit_words(field)]
    return "; ".join(parts + ([f"staat ook op het blad {target}"] if target else []))


def _wrong(text: str) -> dict[str, Any]:
    return {"error_title": "Dit past niet", "error_message": text}


def _prompt(title: str, text: str) -> dict[str, Any]:
    message = text if len(text) <= _MESSAGE else text[: _MESSAGE - 1] + "…"
    return {"input_title": title[:32], "input_message": message}


def _date_rule() -> dict[str, Any]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": date(1900, 1, 1),
        "maximum": date(2100, 12, 31),
        **_wrong("Vul een datum in, zoals 01-03-2024."),
    }


def _rule(field: Field) -> dict[str, Any]:
    """Return what a cell of this field may hold."""
    least, most = field.constraints.get("minimum"), field.constraints.get("maximum")
    if field.type == "date":
        return _date_rule()
    if field.codelijst is not None:
        # A code alone is right too, and a list cannot say so: what is not in it is told, not refused.
        return {
            "validate": "list",
            "source": f"={_list_name(field.codelijst)}",
            "error_type": "warning",
            **_wrong("Kies een regel uit de lijst, of schrijf alleen de code."),
        }
    if field.type == "boolean":
        return {"validate": "list", "source": [layout.YES, layout.NO], **_wrong("Kies ja of nee.")}
    if field.type in ("integer", "year", "number"):
        return {
            "validate": "decimal" if field.type == "number" else "integer",
            "criteria": "between",
            "minimum": -1e9 if least is None else least,
            "maximum": 1e9 if most is None else most,
            **_wrong(f"Vul een {kind_words(field)} in. {'; '.join(limit_words(field))}".strip()),
        }
    if (longest := field.constraints.get("maxLength")) is not None:
        wrong = _wrong(f"Hoogstens {longest} tekens.")
        return {"validate": "length", "criteria": "<=", "value": longest, **wrong}
    return {"validate": "any"}


def _list_name(codelist: str) -> str:
    return f"lijst_{codelist}"


def _lists(book: Any, tables: Sequence[TableSchema]) -> None:
    """Write the code lists on a sheet of their own that nobody needs to see."""
    sheet = book.add_worksheet(layout.LISTS)
    fields = {f.codelijst: f for t in tables for f in t.fields if f.codelijst is not None}
    for column, (naam, field) in enumerate(fields.items()):
        picks = layout.choices(field)
        sheet.write_column(0, column, [naam, *picks])
        letters = _letters(column)
        book.define_name(_list_name(naam), f"='{layout.LISTS}'!${letters}$2:${letters}${len(picks) + 1}")
    sheet.hide()


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))
