"""The outcome of the checks as a page for the one who delivers the data (not for publication)."""

from __future__ import annotations

from collections.abc import Sequence

from toekomstscenario_eval.document.document import Alinea, Block, Cel, Document, Kader, Kop, Tabel, Tekst
from toekomstscenario_eval.document.render_html import render_html
from toekomstscenario_eval.types import Finding, Status


def _cells(b: Finding) -> tuple[Cel, ...]:
    spot = ".".join(part for part in (b.tabel, b.kolom) if part)
    rows = ", ".join(map(str, b.rijen))
    explanation = "; ".join(part for part in (b.verwacht, b.herstel, b.toelichting) if part)
    return (
        Cel(b.titel),
        Cel(b.ernst.value if b.status is Status.GEFAALD else b.status.value),
        Cel(spot or "hele pakket"),
        Cel(str(b.aantal), rechts=True),
        Cel(rows or "geen"),
        Cel(explanation or "geen"),
    )


def _table(title: str, findings: Sequence[Finding]) -> tuple[Block, ...]:
    if not findings:
        return ()
    heading = ("Regel", "Uitkomst", "Plaats", "Rijen", "Eerste rijnummers", "Verwacht en herstel")
    return (Kop(1, title), Tabel(title, heading, tuple(map(_cells, findings))))


def check_html(title: str, findings: Sequence[Finding]) -> str:
    """Return one HTML page with every finding, what blocks first."""
    block = [b for b in findings if b.blokkeert]
    warning = [b for b in findings if b.status is Status.GEFAALD and not b.blokkeert]
    rest = [b for b in findings if b.status in (Status.GESLAAGD, Status.NVT)]
    verdict = "niet geschikt voor analyse" if block else "geschikt voor analyse"
    text = (
        f"Het pakket is {verdict}: {len(block)} keer blokkerend, {len(warning)} waarschuwingen. "
        "Rijnummers tellen vanaf de eerste rij na de kop. Deze pagina is voor wie de gegevens levert, en is "
        "niet bedoeld om te publiceren."
    )
    blocks: tuple[Block, ...] = (
        Kader("waarschuwing" if block else "info", "Oordeel", (Alinea((Tekst(text),)),)),
        *_table("Wat eerst hersteld moet worden", block),
        *_table("Waarschuwingen", warning),
        *_table("Geslaagd of niet van toepassing", rest),
    )
    return render_html(
        Document(f"Controle van {title}", "Toets aan de gegevensafspraak", (), "", False, (), blocks)
    )
