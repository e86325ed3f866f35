"""2 The design as planned, and which of the figures were planned."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Block, Cel, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.report.report import Report, paragraph

TITEL = "2 Opzet zoals gepland"
_WEG = "weggelaten uit dit verslag"


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
    kaarten, weg = rapport.achtergrond.kaarten, rapport.achtergrond.weggelaten
    redenen = {r.sleutel: r.reden_nvt for r in rapport.vrijgave.resultaten} | dict.fromkeys(weg, _WEG)
    labels = {naam: kaart.label for naam, kaart in kaarten.items()} | dict(weg)
    rijen = tuple(
        (Cel(labels[naam]), Cel(f"nee: {redenen[naam]}" if redenen.get(naam) else "ja"))
        for naam in gekozen
        if naam in labels
    )
    anders = len(kaarten.keys() - set(gekozen))
    return (
        Tabel("Uitkomsten die vooraf waren gekozen", ("Uitkomst", "Berekend"), rijen),
        paragraph(
            f"De andere {anders} indicatoren in dit verslag waren niet vooraf gekozen. Zij zijn",
            "verkennend.",
        ),
    )


def _limited(rapport: Report) -> tuple[Block, ...]:
    """Return which indicators the researcher left out of the report."""
    kaarten, weg = rapport.achtergrond.kaarten, rapport.achtergrond.weggelaten
    if not weg:
        return ()
    return (
        Kop(2, "Wat dit verslag weglaat"),
        paragraph(
            f"De onderzoeker beperkte dit verslag tot {len(kaarten)} van de {len(kaarten) + len(weg)} indicatoren.",
            "Vraag waarom, en leid niets af uit wat ontbreekt. Niet berekend zijn:",
        ),
        Lijst(tuple((Tekst(label),) for label in weg.values())),
    )


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return what the researcher planned, the outcomes chosen beforehand, and what was left out."""
    gekozen = (Kop(2, "Vooraf gekozen uitkomsten"), *_outcomes(rapport))
    return (*rapport.tekst("opzet"), *gekozen, *_limited(rapport))
