"""2 The design as planned, and which of the figures were planned."""

from __future__ import annotations

from toekomstscenario_eval.reporting.document import Block, Cel, Kop, Tabel
from toekomstscenario_eval.reporting.report import Report, paragraph

TITEL = "2 Opzet zoals gepland"


def _outcomes(rapport: Report) -> tuple[Block, ...]:
    """Return which outcomes were chosen beforehand, and whether they could be computed."""
    gekozen = rapport.plan.uitkomsten
    if not gekozen:
        return (
            paragraph(
                "De onderzoeker heeft niet vastgelegd welke uitkomsten vooraf waren gekozen. Lees daarom alle",
                "cijfers als verkennend: wie veel uitkomsten bekijkt, vindt altijd wel een verschil.",
            ),
        )
    kaarten = rapport.achtergrond.kaarten
    redenen = {r.sleutel: r.reden_nvt for r in rapport.vrijgave.resultaten}
    rijen = tuple(
        (Cel(kaarten[naam].label), Cel(f"nee: {redenen[naam]}" if redenen.get(naam) else "ja"))
        for naam in gekozen
        if naam in kaarten
    )
    return (
        Tabel("Uitkomsten die vooraf waren gekozen", ("Uitkomst", "Berekend"), rijen),
        paragraph(
            f"De andere {len(kaarten) - len(rijen)} indicatoren in dit verslag waren niet vooraf gekozen. Zij zijn",
            "verkennend.",
        ),
    )


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return what the researcher planned, and the outcomes chosen beforehand."""
    return (*rapport.tekst("opzet"), Kop(2, "Vooraf gekozen uitkomsten"), *_outcomes(rapport))
