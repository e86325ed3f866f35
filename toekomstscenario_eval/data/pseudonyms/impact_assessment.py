"""The skeleton of a data protection impact assessment, with what the program knows filled in.

The headings are the four parts that AVG art. 35(7) asks for. What only the organisation can say is marked.
"""

from __future__ import annotations

from toekomstscenario_eval.data.pseudonyms.column_rules import KEEP, REMOVE
from toekomstscenario_eval.data.pseudonyms.pseudonym import KINDS
from toekomstscenario_eval.data.pseudonyms.removal_report import RemovalReport

_FILL = "**vul in:**"


def skeleton(report: RemovalReport) -> str:
    """Return the skeleton as Markdown."""
    parts = (_processing(report), _necessity(report), _risks(report), _measures(report), _rest())
    return "\n".join(line for part in parts for line in (*part, ""))


def _processing(report: RemovalReport) -> list[str]:
    rows = [f"| {c.naam} | {c.woorden} |" for c in report.kolommen]
    return [
        f"# Gegevensbeschermingseffectbeoordeling: levering {report.uit}",
        "",
        "Dit is een begin. Wat het programma weet, is ingevuld. Waar *vul in* staat, moet uw "
        "organisatie iets",
        "zeggen. Leg het geheel voor aan de functionaris gegevensbescherming (AVG art. 35 lid 2).",
        "",
        "## 1 De verwerking en haar doelen (AVG art. 35 lid 7 onder a)",
        "",
        f"- Verwerkingsverantwoordelijke en leverancier: {_FILL} organisatie, contact",
        f"- Ontvanger: {_FILL} wie, en wie daar bij de gegevens kan",
        f"- Doel: {_FILL} welke vraag van de evaluatie hiermee wordt beantwoord",
        f"- Van wie: kinderen en gezinnen in de jeugdbescherming; {_FILL} regio, periode, hoe gekozen",
        f"- Omvang: {report.rijen} rijen, {report.risico.aantal} keer een {report.risico.eenheid}",
        f"- Grondslag: {_FILL} bijvoorbeeld Jeugdwet art. 7.3.12, AVG art. 9 lid 2 onder j en "
        "art. 89, UAVG art. 24",
        f"- Bewaartermijn en vernietiging: {_FILL} bij leverancier en ontvanger",
        "",
        "| kolom | wat ermee is gedaan |",
        "|---|---|",
        *rows,
    ]


def _necessity(report: RemovalReport) -> list[str]:
    gone = [c.naam for c in report.kolommen if c.wat == REMOVE]
    stays = [c.naam for c in report.kolommen if c.wat in ("", KEEP)]
    return [
        "## 2 Noodzaak en evenredigheid (AVG art. 35 lid 7 onder b)",
        "",
        f"- Weggelaten: {', '.join(gone) or 'geen enkele kolom'}",
        *(f"- Kolom {naam} gaat ongewijzigd mee. {_FILL} waarvoor is zij nodig?" for naam in stays),
        f"- Kan het met minder: {_FILL} minder kolommen, minder jaren, grovere datums, alleen tellingen",
        f"- Waarom geen toestemming wordt gevraagd: {_FILL}",
        f"- Hoe gezinnen worden ingelicht en bezwaar kunnen maken: {_FILL}",
    ]


def _risks(report: RemovalReport) -> list[str]:
    risk = report.risico
    if risk.kolommen:
        alone = (
            f"Wie van iemand {', '.join(risk.kolommen)} kent, vindt {risk.alone} van de {risk.aantal} keer "
            f"één {risk.eenheid}."
        )
    else:
        alone = f"{_FILL} het programma heeft niets geteld; noem met --risico wat anderen van iemand weten."
    free = [c.naam for c in report.kolommen if c.lijkt]
    return [
        "## 3 Risico's voor kinderen en gezinnen (AVG art. 35 lid 7 onder c)",
        "",
        f"- Herkenning. {alone} {_FILL} hoe erg is dat voor wie het overkomt, en hoe groot is de kans?",
        f"- Kolommen die meer kunnen zeggen dan bedoeld: {', '.join(free) or 'geen gezien'}. "
        f"{_FILL} bekeken door",
        "- Koppeling. Hetzelfde kind heeft bij elke leverancier en in elke levering hetzelfde "
        "pseudoniem. Dat is",
        f"  de bedoeling, en het maakt ook dat meer bij elkaar komt. {_FILL} weegt dat op?",
        "- De sleutel. Wie de sleutel heeft, kan van een bekend nummer het pseudoniem maken en "
        "zo iemand zoeken.",
        f"  {_FILL} wie heeft hem, waar staat hij, wat gebeurt er als hij uitlekt?",
        f"- Gevolgen voor gezinnen als het misgaat: {_FILL} stigma, veiligheid, vertrouwen in hulp",
    ]


def _measures(report: RemovalReport) -> list[str]:
    kinds = [c.naam for c in report.kolommen if c.wat in (*KINDS, "bsn")]
    return [
        "## 4 Maatregelen (AVG art. 35 lid 7 onder d)",
        "",
        "- Pseudoniemen met een geheime sleutel (HMAC-SHA-256) in: "
        f"{', '.join(kinds) or 'geen kolom'}. Gepseudonimiseerde",
        "  gegevens blijven persoonsgegevens (AVG overweging 26).",
        f"- De sleutel (vingerafdruk {report.vingerafdruk}) blijft bij de leveranciers. De "
        "ontvanger heeft hem niet.",
        "- Cijfers gaan alleen naar buiten na bescherming, met een andere sleutel, die alleen de "
        "eigenaar heeft.",
        f"- Het bestand is te herkennen aan SHA-256 {report.sha256}.",
        f"- Vervoer en opslag: {_FILL} langs welke weg, versleuteld hoe, wie heeft toegang, hoe "
        "wordt dat gelogd",
        f"- Afspraken: {_FILL} overeenkomst, geheimhouding, verbod op herleiden, melden van een datalek",
    ]


def _rest() -> list[str]:
    return [
        "## Advies en vaststelling",
        "",
        f"- Advies van de functionaris gegevensbescherming (AVG art. 35 lid 2): {_FILL}",
        f"- Mening van gezinnen of hun vertegenwoordigers (AVG art. 35 lid 9): {_FILL}",
        f"- Blijft er een hoog risico, dan eerst naar de Autoriteit Persoonsgegevens (AVG art. 36): {_FILL}",
        f"- Vastgesteld door, op, en opnieuw te bekijken op: {_FILL}",
    ]
