"""The outcome of the checks as a page for the one who delivers the data (not for publication)."""

from __future__ import annotations

from collections.abc import Sequence

from toekomstscenario_eval.document.document import Alinea, Block, Cel, Document, Kader, Kop, Tabel, Tekst
from toekomstscenario_eval.document.render_html import render_html
from toekomstscenario_eval.types import Finding, Status


def _cells(b: Finding) -> tuple[Cel, ...]:
    plek = ".".join(deel for deel in (b.tabel, b.kolom) if deel)
    rijen = ", ".join(map(str, b.rijen))
    uitleg = "; ".join(deel for deel in (b.verwacht, b.herstel, b.toelichting) if deel)
    return (
        Cel(b.titel),
        Cel(b.ernst.value if b.status is Status.GEFAALD else b.status.value),
        Cel(plek or "hele pakket"),
        Cel(str(b.aantal), rechts=True),
        Cel(rijen or "geen"),
        Cel(uitleg or "geen"),
    )


def _table(titel: str, bevindingen: Sequence[Finding]) -> tuple[Block, ...]:
    if not bevindingen:
        return ()
    kop = ("Regel", "Uitkomst", "Plaats", "Rijen", "Eerste rijnummers", "Verwacht en herstel")
    return (Kop(1, titel), Tabel(titel, kop, tuple(map(_cells, bevindingen))))


def check_html(titel: str, bevindingen: Sequence[Finding]) -> str:
    """Return one HTML page with every finding, what blocks first."""
    blok = [b for b in bevindingen if b.blokkeert]
    waarschuwing = [b for b in bevindingen if b.status is Status.GEFAALD and not b.blokkeert]
    rest = [b for b in bevindingen if b.status in (Status.GESLAAGD, Status.NVT)]
    oordeel = "niet geschikt voor analyse" if blok else "geschikt voor analyse"
    tekst = (
        f"Het pakket is {oordeel}: {len(blok)} keer blokkerend, {len(waarschuwing)} waarschuwingen. "
        "Rijnummers tellen vanaf de eerste rij na de kop. Deze pagina is voor wie de gegevens levert, en is "
        "niet bedoeld om te publiceren."
    )
    blokken: tuple[Block, ...] = (
        Kader("waarschuwing" if blok else "info", "Oordeel", (Alinea((Tekst(tekst),)),)),
        *_table("Wat eerst hersteld moet worden", blok),
        *_table("Waarschuwingen", waarschuwing),
        *_table("Geslaagd of niet van toepassing", rest),
    )
    return render_html(
        Document(f"Controle van {titel}", "Toets aan de gegevensafspraak", (), "", False, (), blokken)
    )
