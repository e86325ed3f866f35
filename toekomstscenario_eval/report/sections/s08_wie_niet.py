"""8 Who is not seen: suppliers, regions, profiles and domains, against the plan."""

from __future__ import annotations

from toekomstscenario_eval.blocks import access, whose
from toekomstscenario_eval.blocks.sentence import sentence
from toekomstscenario_eval.blocks.table import number_cell
from toekomstscenario_eval.document.document import Block, Cel, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.document.format import sentence_case
from toekomstscenario_eval.report.plan import Supplier
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import NUL, Vorm

TITLE = "8 Wie zien we niet"
# Result -> what its rows are called, the field of the plan that names who should be there, and each of them.
_TABLES = {
    "huishoudens_per_proeftuin": ("Proeftuin of regio", "", "elke regio"),
    "huishoudens_per_gezinsprofiel": ("Gezinsprofiel", "gezinsprofielen", "elk gezinsprofiel"),
    "huishoudens_per_soort_organisatie": (
        *("Soort organisatie", "soorten_organisatie", "elke soort organisatie"),
    ),
}
_UNKNOWN = "niet bekend"


def _rows(report: Report, key: str) -> list[access.Row]:
    r = report.vrijgave.resultaat(key)
    return [row for u in access.breakdowns(r) for row in access.records(access.rows(r, uitsplitsing=u))]


def _planned(report: Report, field: str) -> tuple[str, ...]:
    namen: tuple[str, ...] = getattr(report.plan, field) if field else ()
    return namen


def _is_zero(row: access.Row) -> bool:
    """Whether nobody was seen, or in public perhaps a single one."""
    return bool(row["schatting"] == 0 or row["weergave"] == NUL)


def absent(report: Report) -> dict[str, list[str]]:
    """Return by what they are who should be there and is not: a zero in the release."""
    out: dict[str, list[str]] = {}
    for key, (heading, field, _) in _TABLES.items():
        if report.has(key):
            planned = _planned(report, field)
            gone = [
                f"{row['naam']} ({row['leest']})" if row["weergave"] == NUL else row["naam"]
                for row in _rows(report, key)
                if _is_zero(row) and (not planned or row["groep"] in planned)
            ]
            out |= {sentence_case(heading): gone} if gone else {}
    return out


def not_seen(report: Report) -> list[str]:
    """Return in sentences who was hardly seen, each kind apart, and who delivered nothing."""
    lines = [
        f"Niet of nauwelijks gezien, {kind}: {', '.join(gone)}." for kind, gone in absent(report).items()
    ]
    silent = [s.naam for s in report.plan.aanleveraars if s.geleverd == 0]
    return [*lines, *([f"Geen casussen aangeleverd: {', '.join(silent)}."] if silent else [])]


def seen(report: Report) -> list[str]:
    """Return sentences on who was seen: of all of a kind that should be there, or that it is not to be told."""
    out = []
    for key, (_, field, each) in _TABLES.items():
        if not report.has(key):
            continue
        planned = _planned(report, field)
        rows = [row for row in _rows(report, key) if not planned or row["groep"] in planned]
        who = f"{each} uit het plan" if planned else each
        if hidden := dict.fromkeys(str(row["methode"]) for row in rows if row["onderdrukt"]):
            out.append(f"Niet van {who} is te zeggen of er iets is gezien: {'; '.join(hidden)}.")
        elif rows and not any(map(_is_zero, rows)):
            out.append(f"Van {who} is iets gezien.")
    return out


def _suppliers(listing: tuple[Supplier, ...]) -> tuple[Block, ...]:
    if not listing:
        return ()

    def cell(aantal: int | None) -> Cel:
        return Cel(_UNKNOWN if aantal is None else str(aantal), rechts=True)

    return (
        Tabel(
            "Wie casussen zouden aanleveren, en wie dat deden",
            ("Aanleveraar", "Gepland", "Geleverd", "Reden"),
            tuple((Cel(s.naam), cell(s.gepland), cell(s.geleverd), Cel(s.reden or "geen")) for s in listing),
            ("Bron: opgave van de onderzoekers (onderzoek.yaml).",),
        ),
    )


def _table(report: Report, key: str) -> Tabel:
    heading, field, _ = _TABLES[key]
    planned = _planned(report, field)
    rows = []
    for row in _rows(report, key):
        plan = (Cel("ja" if row["groep"] in planned else "nee"),) if planned else ()
        seen = "niet getoond" if row["onderdrukt"] else (row["leest"] or "nee") if _is_zero(row) else "ja"
        rows.append((Cel(row["naam"]), *plan, Cel(seen), number_cell(row, Vorm.TELLING)))
    suppressed = any(row["onderdrukt"] for row in _rows(report, key))
    return Tabel(
        report.vrijgave.resultaat(key).card.label,
        (heading, *(("In het plan",) if planned else ()), "Gezien", "Huishoudens"),
        tuple(rows),
        ("Niet getoond is niet nul: op deze plek is dit niet openbaar.",) if suppressed else (),
    )


def _absent(report: Report) -> tuple[Block, ...]:
    """Return who was not seen; what was not delivered cannot tell, and says why."""
    gone = not_seen(report)
    namen = {r.sleutel for r in report.vrijgave.resultaten if r.reden_nvt}
    blind = tuple(sentence(report.vrijgave, key) for key in _TABLES if key in namen)
    told = tuple(map(paragraph, seen(report)))
    if not gone:
        return (*told, *blind)
    closing = paragraph(
        "Over deze gezinnen en organisaties zegt dit verslag niets of weinig. Ook een vergelijking tussen regio's kan",
        "erdoor vertekend zijn.",
    )
    return (Lijst(tuple((Tekst(line),) for line in gone)), closing, *told, *blind)


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the researcher's words, the suppliers, and the counts against the plan, zero included."""
    return (
        *report.tekst("wie_niet"),
        *_suppliers(report.plan.aanleveraars),
        Kop(2, "Wat de gegevens laten zien"),
        paragraph(
            "Nul of enkele betekent hier: in dit pakket niet of nauwelijks gezien. Dat kan komen doordat deze gezinnen of organisaties",
            "er niet waren, of doordat niemand ze aanleverde.",
        ),
        *_absent(report),
        paragraph(whose.DELIVERED),
        *(_table(report, key) for key in _TABLES if report.has(key)),
    )
