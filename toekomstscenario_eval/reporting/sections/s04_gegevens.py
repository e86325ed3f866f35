"""4 The data: sources, window, hashes, findings, missing values, exclusions."""

from __future__ import annotations

from collections import Counter

from toekomstscenario_eval.reporting.document import Block, Cel, Definities, Kader, Kop, Tabel, Tekst
from toekomstscenario_eval.reporting.format import day, window
from toekomstscenario_eval.reporting.report import Background, Report, paragraph
from toekomstscenario_eval.reporting.table import counts_table, exclusions_table
from toekomstscenario_eval.types import Status

TITEL = "4 Gegevens"


def _description(a: Background) -> Definities:
    items = (
        ("Pakket", f"{a.titel} ({a.pakket})"),
        ("Waarneemvenster", window(a.venster)),
        ("Peildatum", f"{day(a.peildatum)}: wat dan geen einde heeft, loopt nog"),
        ("Bronnen", "; ".join(a.bronnen) or "niet opgegeven in het pakket"),
        ("Contact", a.contact or "niet opgegeven in het pakket"),
        ("Gegevensafspraak", f"versie {a.schema_versie}"),
    )
    return Definities(tuple((term, (Tekst(uitleg),)) for term, uitleg in items))


def _files(a: Background) -> Tabel:
    return Tabel(
        "Geleverde bestanden met hun controlegetal (SHA-256)",
        ("Tabel", "Bestand", "Controlegetal"),
        tuple((Cel(b.tabel), Cel(b.pad), Cel(b.sha256[:16])) for b in a.bestanden),
        ("De eerste zestien tekens; het hele controlegetal staat in het manifest.",),
    )


def _checks(rapport: Report) -> tuple[Block, ...]:
    bevindingen = rapport.achtergrond.bevindingen
    tel = Counter(b.status for b in bevindingen)
    regels = len({b.regel for b in bevindingen})
    uit: list[Block] = [
        paragraph(
            f"Het pakket is getoetst met {regels} regels. Uitkomst:",
            ", ".join(f"{status.value} {tel[status]}" for status in Status) + ".",
            "Geen bevinding betekent dat de regel is toegepast en niets vond; een regel die niet kon worden",
            "toegepast heet niet van toepassing. Niets is hersteld of weggelaten.",
        )
    ]
    if rapport.has("bevindingen"):
        uit.append(counts_table(rapport.vrijgave, "bevindingen", kop="Waarschuwing en plaats"))
        uitleg = {b.titel: b.herstel for b in bevindingen if b.status is Status.GEFAALD and b.herstel}
        if uitleg:
            items = tuple((titel, (Tekst(herstel),)) for titel, herstel in sorted(uitleg.items()))
            uit += [paragraph("Wat een volgende levering beter maakt:"), Definities(items)]
    return tuple(uit)


def _exclusions(rapport: Report) -> Block:
    """Return what each indicator left out and why, in one table."""
    rijen = []
    for naam, kaart in rapport.achtergrond.kaarten.items():
        tabel = exclusions_table(rapport.vrijgave, naam)
        rijen += [(Cel(kaart.label), *rij) for rij in tabel.rijen] if tabel else []
    if not rijen:
        return Kader(
            "info", "Niets buiten de telling", (paragraph("Elke eenheid telt bij elke indicator mee."),)
        )
    return Tabel("Eenheden buiten de telling, met de reden", ("Indicator", "Reden", "Aantal"), tuple(rijen))


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return what was delivered, how it was checked, what is empty and what was left out."""
    return (
        *rapport.tekst("gegevens_toelichting"),
        Kop(2, "Herkomst"),
        _description(rapport.achtergrond),
        _files(rapport.achtergrond),
        counts_table(rapport.vrijgave, "geleverde_rijen", kop="Tabel"),
        Kop(2, "Kwaliteit"),
        *_checks(rapport),
        Kop(2, "Ontbrekende waarden"),
        counts_table(rapport.vrijgave, "lege_velden", kop="Tabel en veld"),
        Kop(2, "Buiten de telling"),
        _exclusions(rapport),
    )
