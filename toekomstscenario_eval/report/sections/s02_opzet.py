"""2 The design as planned, and which of the figures were planned."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Block, Cel, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import Result

TITLE = "2 Opzet zoals gepland"
_GONE = "weggelaten uit dit verslag"


def _outcomes(report: Report) -> tuple[Block, ...]:
    """Return which outcomes were chosen beforehand, and whether they could be computed."""
    chosen = report.plan.uitkomsten
    if not chosen:
        return (
            paragraph(
                "De onderzoeker heeft niet vastgelegd welke uitkomsten vooraf waren gekozen. Lees daarom alle",
                "cijfers als verkennend: wie veel uitkomsten bekijkt, vindt altijd wel een verschil.",
            ),
        )
    cards, gone = report.background.kaarten, report.background.omitted
    redenen = {r.sleutel: _computed(r) for r in report.vrijgave.resultaten}
    redenen |= dict.fromkeys(gone, f"nee: {_GONE}")
    labels = {naam: card.label for naam, card in cards.items()} | dict(gone)
    rows = tuple((Cel(labels[naam]), Cel(redenen.get(naam, "ja"))) for naam in chosen if naam in labels)
    return (
        Tabel("Uitkomsten die vooraf waren gekozen", ("Uitkomst", "Berekend"), rows),
        paragraph(_not_chosen(len(report.measuring.keys() - set(chosen)))),
    )


def _computed(r: Result) -> str:
    """Return whether a result was computed, and when not one of its numbers may be shown: why."""
    if r.reden_nvt:
        return f"nee: {r.reden_nvt}"
    if r.schattingen.empty or not r.schattingen["onderdrukt"].all():
        return "ja"
    return f"ja, maar nergens getoond: {r.schattingen['methode'].iloc[0]}"


def _not_chosen(number: int) -> str:
    if number == 0:
        return "Alle indicatoren in dit verslag waren vooraf gekozen."
    if number == 1:
        return "De andere indicator in dit verslag was niet vooraf gekozen. Die is verkennend."
    return f"De andere {number} indicatoren in dit verslag waren niet vooraf gekozen. Zij zijn verkennend."


def _limited(report: Report) -> tuple[Block, ...]:
    """Return which indicators the researcher left out of the report."""
    cards, gone = report.background.kaarten, report.background.omitted
    if not gone:
        return ()
    return (
        Kop(2, "Wat dit verslag weglaat"),
        paragraph(
            f"De onderzoeker beperkte dit verslag tot {len(cards)} van de {len(cards) + len(gone)} indicatoren.",
            "Vraag waarom, en leid niets af uit wat ontbreekt. Niet berekend zijn:",
        ),
        Lijst(tuple((Tekst(label),) for label in gone.values())),
    )


def blocks(report: Report) -> tuple[Block, ...]:
    """Return what the researcher planned, the outcomes chosen beforehand, and what was left out."""
    chosen = (Kop(2, "Vooraf gekozen uitkomsten"), *_outcomes(report))
    return (*report.tekst("opzet"), *chosen, *_limited(report))
