"""8 Who is not seen: suppliers, regions, profiles and domains, against the plan."""

from __future__ import annotations

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.sentence import sentence
from toekomstscenario_eval.blocks.table import number_cell
from toekomstscenario_eval.document.document import Block, Cel, Kop, Tabel
from toekomstscenario_eval.report.plan import Supplier
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import Vorm

TITEL = "8 Wie zien we niet"
# Result -> what its rows are called, and the field of the plan that names who should be there.
_TABELLEN = {
    "huishoudens_per_proeftuin": ("Proeftuin of regio", ""),
    "huishoudens_per_gezinsprofiel": ("Gezinsprofiel", "gezinsprofielen"),
    "huishoudens_per_soort_organisatie": ("Soort organisatie", "soorten_organisatie"),
}
_ONBEKEND = "niet bekend"


def _rows(rapport: Report, sleutel: str) -> list[access.Row]:
    r = rapport.vrijgave.resultaat(sleutel)
    return [rij for u in access.breakdowns(r) for rij in access.records(access.rows(r, uitsplitsing=u))]


def _planned(rapport: Report, veld: str) -> tuple[str, ...]:
    namen: tuple[str, ...] = getattr(rapport.plan, veld) if veld else ()
    return namen


def absent(rapport: Report) -> list[str]:
    """Return who should be there and is not: a zero in the release, and a supplier that delivered none."""
    weg = []
    for sleutel, (_, veld) in _TABELLEN.items():
        if rapport.has(sleutel):
            gepland = _planned(rapport, veld)
            weg += [
                rij["naam"]
                for rij in _rows(rapport, sleutel)
                if rij["schatting"] == 0 and (not gepland or rij["groep"] in gepland)
            ]
    weg += [f"{s.naam} (leverde geen casussen)" for s in rapport.plan.aanleveraars if s.geleverd == 0]
    return weg


def _suppliers(lijst: tuple[Supplier, ...]) -> tuple[Block, ...]:
    if not lijst:
        return ()

    def cel(aantal: int | None) -> Cel:
        return Cel(_ONBEKEND if aantal is None else str(aantal), rechts=True)

    return (
        Tabel(
            "Wie casussen zouden aanleveren, en wie dat deden",
            ("Aanleveraar", "Gepland", "Geleverd", "Reden"),
            tuple((Cel(s.naam), cel(s.gepland), cel(s.geleverd), Cel(s.reden or "geen")) for s in lijst),
            ("Bron: opgave van de onderzoekers (onderzoek.yaml).",),
        ),
    )


def _table(rapport: Report, sleutel: str) -> Tabel:
    kop, veld = _TABELLEN[sleutel]
    gepland = _planned(rapport, veld)
    rijen = []
    for rij in _rows(rapport, sleutel):
        plan = (Cel("ja" if rij["groep"] in gepland else "nee"),) if gepland else ()
        gezien = "onderdrukt" if rij["onderdrukt"] else "nee" if rij["schatting"] == 0 else "ja"
        rijen.append((Cel(rij["naam"]), *plan, Cel(gezien), number_cell(rij, Vorm.TELLING)))
    onderdrukt = any(rij["onderdrukt"] for rij in _rows(rapport, sleutel))
    return Tabel(
        rapport.vrijgave.resultaat(sleutel).card.label,
        (kop, *(("In het plan",) if gepland else ()), "Gezien", "Huishoudens"),
        tuple(rijen),
        ("Onderdrukt is niet nul: het getal is te klein om te tonen, of beschermt een ander.",)
        if onderdrukt
        else (),
    )


def _absent(rapport: Report) -> tuple[Block, ...]:
    """Return who was not seen; what was not delivered cannot tell, and says why."""
    weg = absent(rapport)
    namen = {r.sleutel for r in rapport.vrijgave.resultaten if r.reden_nvt}
    blind = tuple(sentence(rapport.vrijgave, sleutel) for sleutel in _TABELLEN if sleutel in namen)
    if weg:
        niet_gezien = paragraph(
            f"Wel verwacht, en niet gezien: {', '.join(weg)}. Over deze gezinnen en organisaties zegt dit verslag niets.",
            "Ook een vergelijking tussen regio's kan erdoor vertekend zijn.",
        )
        return (niet_gezien, *blind)
    return blind or (
        paragraph("Van elke regio, elk gezinsprofiel en elke soort organisatie uit het plan is iets gezien."),
    )


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the researcher's words, the suppliers, and the counts against the plan, zero included."""
    return (
        *rapport.tekst("wie_niet"),
        *_suppliers(rapport.plan.aanleveraars),
        Kop(2, "Wat de gegevens laten zien"),
        paragraph(
            "Nul betekent hier: in dit pakket niet gezien. Dat kan komen doordat deze gezinnen of organisaties",
            "er niet waren, of doordat niemand ze aanleverde.",
        ),
        *_absent(rapport),
        *(_table(rapport, sleutel) for sleutel in _TABELLEN if rapport.has(sleutel)),
    )
