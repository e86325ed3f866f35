"""4 The data: sources, window, hashes, findings, missing values, exclusions."""

from __future__ import annotations

from collections import Counter

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.table import counts_table, exclusions_table, number_cell
from toekomstscenario_eval.document.document import Block, Cel, Definities, Kader, Kop, Tabel, Tekst
from toekomstscenario_eval.document.format import day, window
from toekomstscenario_eval.report.report import Background, Report, paragraph
from toekomstscenario_eval.types import Finding, Status, Vorm

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


def _counts(rapport: Report, sleutel: str, per: str) -> dict[str, access.Row]:
    """Return the released counts under `sleutel` by the name of their row."""
    if not rapport.has(sleutel):
        return {}
    rijen = access.rows(rapport.vrijgave.resultaat(sleutel), uitsplitsing=per)
    return {str(rij["groep"]): rij for rij in access.records(rijen)}


def _files(rapport: Report) -> Tabel:
    rijen = _counts(rapport, "geleverde_rijen", "tabel")
    return Tabel(
        "Geleverde bestanden",
        ("Tabel", "Bestand", "Rijen", "Controlegetal"),
        tuple(
            (
                Cel(b.tabel),
                Cel(b.pad),
                number_cell(rijen[b.tabel], Vorm.TELLING) if b.tabel in rijen else Cel("geen", rechts=True),
                Cel(b.sha256[:16]),
            )
            for b in rapport.achtergrond.bestanden
        ),
        ("Controlegetal: de eerste zestien tekens van SHA-256; het hele getal staat in het manifest.",),
    )


def _empty(rapport: Report) -> tuple[Block, ...]:
    """Return the fields with empty values, what empty means there, and how many fields have none."""
    velden = _counts(rapport, "lege_velden", "veld")
    leeg = {naam: rij for naam, rij in velden.items() if rij["onderdrukt"] or rij["schatting"]}
    inleiding = paragraph(
        f"Van {len(velden)} velden die leeg mogen zijn, zijn er {len(velden) - len(leeg)} overal gevuld. Een leeg",
        "einde is geen ontbrekende waarde: die periode loopt nog op de peildatum. Lege waarden zijn nergens",
        "ingevuld; een eenheid die daardoor niet telt, staat bij 'Buiten de telling'.",
    )
    if not leeg:
        return (inleiding,)

    def betekenis(naam: str) -> str:
        kolom = naam.partition(".")[2]
        return {"eind": "loopt nog", "reden_einde": "loopt nog, of niet vastgelegd"}.get(
            kolom, "niet vastgelegd"
        )

    return (
        inleiding,
        Tabel(
            "Lege velden",
            ("Tabel en veld", "Leeg", "Wat leeg betekent"),
            tuple(
                (Cel(naam), number_cell(rij, Vorm.TELLING), Cel(betekenis(naam)))
                for naam, rij in leeg.items()
            ),
            ("Onderdrukt is niet nul: het getal is te klein om te tonen.",)
            if any(rij["onderdrukt"] for rij in leeg.values())
            else (),
        ),
    )


def _planned_checks(rapport: Report) -> tuple[Block, ...]:
    """Return the checks that the plan names, each with its outcome."""
    if not rapport.plan.controles:
        return ()
    uitslag: dict[str, list[Finding]] = {}
    for b in rapport.achtergrond.bevindingen:
        uitslag.setdefault(b.regel, []).append(b)
    rijen = []
    for regel in rapport.plan.controles:
        deel = uitslag.get(regel, [])
        staten = {b.status for b in deel}
        status = next((s for s in (Status.FOUT, Status.GEFAALD, Status.GESLAAGD) if s in staten), Status.NVT)
        rijen.append((Cel(deel[0].titel if deel else regel), Cel(regel), Cel(status.value)))
    return (
        Tabel(
            "Controles uit het plan",
            ("Waarop is gecontroleerd", "Regel", "Uitkomst"),
            tuple(rijen),
            ("Geslaagd: de regel is toegepast en vond niets.",),
        ),
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
    samen: dict[tuple[Cel, ...], list[str]] = {}
    for naam, kaart in rapport.achtergrond.kaarten.items():
        tabel = exclusions_table(rapport.vrijgave, naam)
        for rij in tabel.rijen if tabel else ():
            samen.setdefault(rij, []).append(kaart.label)
    if not samen:
        return Kader(
            "info", "Niets buiten de telling", (paragraph("Elke eenheid telt bij elke indicator mee."),)
        )
    rijen = sorted(samen.items(), key=lambda paar: (paar[0][0].tekst, paar[0][-1].tekst))
    return Tabel(
        "Eenheden buiten de telling, met de reden",
        ("Reden", "Aantal", "Bij"),
        tuple((*rij, Cel("; ".join(bij))) for rij, bij in rijen),
    )


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return what was delivered, how it was checked, what is empty and what was left out."""
    return (
        *rapport.tekst("gegevens_toelichting"),
        Kop(2, "Herkomst"),
        _description(rapport.achtergrond),
        _files(rapport),
        Kop(2, "Kwaliteit"),
        *_checks(rapport),
        *_planned_checks(rapport),
        Kop(2, "Ontbrekende waarden"),
        *_empty(rapport),
        Kop(2, "Buiten de telling"),
        _exclusions(rapport),
    )
