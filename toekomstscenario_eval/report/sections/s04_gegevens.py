"""4 The data: sources, window, hashes, findings, missing values, exclusions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from toekomstscenario_eval.blocks import access, whose
from toekomstscenario_eval.blocks.table import counts_table, exclusions_table, number_cell
from toekomstscenario_eval.blocks.views import VIEWS
from toekomstscenario_eval.document.document import Block, Cel, Definities, Kader, Kop, Tabel, Tekst
from toekomstscenario_eval.document.format import day, window
from toekomstscenario_eval.report.report import Background, Report, paragraph
from toekomstscenario_eval.types import NUL, Card, Finding, Status, Vorm

TITLE = "4 Gegevens"
_KEYED = "{}, van de levering waaruit is getrokken; alleen wie de sleutel heeft, kan haar narekenen"
_SHARE_OF = "aandeel van de "
_SHIFTED = (
    "Ook deze aantallen zijn met toeval verschoven (hoofdstuk 11). Zij kunnen iets verschillen van het aantal dat de "
    "bron zelf noemt."
)
_FOUND = (
    "Geen bevinding betekent dat de regel is toegepast en niets vond; een regel die niet kon worden toegepast heet "
    "niet van toepassing. Niets is hersteld of weggelaten."
)
_FOUND_PUBLIC = (
    "Geslaagd betekent: geen bevinding, of bij enkele huishoudens; wat bij enkele huishoudens speelt, wordt niet "
    "openbaar. Een regel die niet kon worden toegepast heet niet van toepassing. Niets is hersteld of weggelaten."
)


def _description(a: Background) -> Definities:
    items = (
        ("Pakket", f"{a.titel} ({a.pakket})"),
        ("Waarneemvenster", window(a.venster)),
        ("Peildatum", f"{day(a.peildatum)}: wat dan geen einde heeft, loopt nog"),
        ("Bronnen", "; ".join(a.bronnen) or "niet opgegeven in het pakket"),
        ("Contact", a.contact or "niet opgegeven in het pakket"),
        ("Gegevensafspraak", f"versie {a.schema_versie}"),
        *((("Vingerafdruk", _KEYED.format(a.vingerafdruk[:16])),) if a.vingerafdruk else ()),
    )
    return Definities(tuple((term, (Tekst(explanation),)) for term, explanation in items))


def _counts(report: Report, key: str, per: str) -> dict[str, access.Row]:
    """Return the released counts under `key` by the name of their row."""
    if not report.has(key):
        return {}
    rows = access.rows(report.vrijgave.resultaat(key), uitsplitsing=per)
    return {str(row["groep"]): row for row in access.records(rows)}


def _files(report: Report) -> Tabel:
    rows = _counts(report, "geleverde_rijen", "tabel")
    hashed = report.vrijgave.intern
    note = "Controlegetal: de eerste zestien tekens van SHA-256; het hele getal staat in het manifest."
    return Tabel(
        "Geleverde bestanden",
        ("Tabel", "Bestand", "Rijen", *(("Controlegetal",) if hashed else ())),
        tuple(
            (
                Cel(b.tabel),
                Cel(b.pad),
                number_cell(rows[b.tabel], Vorm.TELLING) if b.tabel in rows else Cel("geen", rechts=True),
                *((Cel(b.sha256[:16]),) if hashed else ()),
            )
            for b in report.background.bestanden
        ),
        (note,) if hashed else (_SHIFTED,),
    )


def _empty(report: Report) -> tuple[Block, ...]:
    """Return the fields with empty values, what empty means there, and how many fields have none."""
    fields = _counts(report, "lege_velden", "veld")
    hidden = sum(bool(row["onderdrukt"]) for row in fields.values())
    full = [naam for naam, row in fields.items() if row["weergave"] == NUL or row["schatting"] == 0]
    empty = {naam: row for naam, row in fields.items() if naam not in full}
    but = "" if report.vrijgave.intern else ", of op enkele huishoudens na"
    introduction = paragraph(
        f"Van {len(fields)} velden die leeg mogen zijn, zijn er {len(full)} overal gevuld{but}.",
        *([f"Van {hidden} velden is niet getoond of zij leeg zijn."] if hidden else []),
        "Een leeg einde is geen ontbrekende waarde: die periode loopt nog op de peildatum. Lege waarden zijn nergens",
        "ingevuld; een eenheid die daardoor niet telt, staat bij 'Buiten de telling'.",
    )
    if not empty:
        return (introduction,)

    def meaning(naam: str) -> str:
        column = naam.partition(".")[2]
        return {"eind": "loopt nog", "reden_einde": "loopt nog, of niet vastgelegd"}.get(
            column, "niet vastgelegd"
        )

    return (
        introduction,
        Tabel(
            "Lege velden",
            ("Tabel en veld", "Lege rijen", "Wat leeg betekent"),
            tuple(
                (Cel(naam), number_cell(row, Vorm.TELLING), Cel(meaning(naam))) for naam, row in empty.items()
            ),
            ("Niet getoond: deze rijen horen bij geen huishouden, en worden niet openbaar geteld.",)
            if any(row["onderdrukt"] for row in empty.values())
            else (),
        ),
    )


def verdicts(findings: Sequence[Finding]) -> dict[str, Status]:
    """Return the outcome of every rule, whatever the number of places where it was applied: the worst one."""
    states: dict[str, set[Status]] = {}
    for b in findings:
        states.setdefault(b.regel, set()).add(b.status)
    order = (Status.FOUT, Status.GEFAALD, Status.GESLAAGD, Status.NVT)
    return {rule: next(s for s in order if s in found) for rule, found in states.items()}


def _planned_checks(report: Report) -> tuple[Block, ...]:
    """Return the checks that the plan names, each with its outcome."""
    if not report.plan.controles:
        return ()
    outcome = verdicts(report.background.bevindingen)
    titles = {b.regel: b.titel for b in reversed(report.background.bevindingen)}
    rows = [
        (Cel(titles.get(line, line.replace("_", " "))), Cel(outcome.get(line, Status.NVT).value))
        for line in report.plan.controles
    ]
    return (
        Tabel(
            "Controles uit het plan",
            ("Waarop is gecontroleerd", "Uitkomst"),
            tuple(rows),
            (
                "Geslaagd: de regel is toegepast en vond niets."
                if report.vrijgave.intern
                else "Geslaagd: geen bevinding, of bij enkele huishoudens.",
            ),
        ),
    )


def _checks(report: Report) -> tuple[Block, ...]:
    findings = report.background.bevindingen
    outcome = verdicts(findings)
    count = Counter(outcome.values())
    out: list[Block] = [
        paragraph(
            f"Het pakket is getoetst met {len(outcome)} regels. Uitkomst:",
            ", ".join(f"{status.value} {count[status]}" for status in Status) + ".",
            _FOUND if report.vrijgave.intern else _FOUND_PUBLIC,
        )
    ]
    if report.has("bevindingen"):
        out.append(counts_table(report.vrijgave, "bevindingen", heading="Waarschuwing en plaats"))
        explanation = {b.titel: b.herstel for b in findings if b.status is Status.GEFAALD and b.herstel}
        if explanation:
            items = tuple((title, (Tekst(remedy),)) for title, remedy in sorted(explanation.items()))
            out += [paragraph("Wat een volgende levering beter maakt:"), Definities(items)]
    return tuple(out)


def _counted(card: Card) -> str:
    """Return what an indicator leaves out: units of its share, spells, or else households or children."""
    if VIEWS[card.kind].bare:
        return next(iter(card.maten.values())).eenheid.removeprefix(_SHARE_OF)
    if VIEWS[card.kind].curves:
        return re.split(r" \(|[:;,]", card.eenheid)[0]
    return "kinderen" if card.eenheid.startswith("kind") else "huishoudens"


def _exclusions(report: Report) -> Block:
    """Return what each indicator left out and why, in one table."""
    together: dict[tuple[str, ...], list[str]] = {}
    first: dict[tuple[str, ...], tuple[Cel, ...]] = {}
    about: dict[str, None] = {}
    for naam, card in report.measuring.items():
        table = exclusions_table(report.vrijgave, naam)
        about |= dict.fromkeys(whose.notes(report.vrijgave.resultaat(naam)) if table else ())
        for row in table.rijen if table else ():
            cells = (*row, Cel(_counted(card)))
            read = tuple(cell.getoond for cell in cells)
            first.setdefault(read, cells)
            together.setdefault(read, []).append(card.label)
    if not together:
        but = "." if report.vrijgave.intern else ", op enkele huishoudens na."
        everything = paragraph(f"Elke eenheid telt bij elke indicator mee{but}")
        return Kader("info", "Niets buiten de telling", (everything,))
    rows = sorted(together.items(), key=lambda pair: (pair[0][0], pair[0][-2]))
    return Tabel(
        "Eenheden buiten de telling, met de reden",
        ("Reden", "Aantal", "Eenheid", "Bij"),
        tuple((*first[read], Cel("; ".join(at))) for read, at in rows),
        tuple(about),
    )


def blocks(report: Report) -> tuple[Block, ...]:
    """Return what was delivered, how it was checked, what is empty and what was left out."""
    return (
        *report.tekst("gegevens_toelichting"),
        Kop(2, "Herkomst"),
        _description(report.background),
        paragraph(whose.DELIVERED),
        _files(report),
        Kop(2, "Kwaliteit"),
        *_checks(report),
        *_planned_checks(report),
        Kop(2, "Ontbrekende waarden"),
        *_empty(report),
        Kop(2, "Buiten de telling"),
        _exclusions(report),
    )
