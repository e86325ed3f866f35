"""1 Why this study, and what it asks."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Block, Kop
from toekomstscenario_eval.report.report import Report, paragraph

TITEL = "1 Aanleiding en vraag"


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return what the researcher wrote about reason and questions."""
    wie = rapport.plan.organisatie
    uitvoering = (paragraph(f"Dit onderzoek is uitgevoerd door {wie}."),) if wie else ()
    return (*rapport.tekst("aanleiding"), *uitvoering, Kop(2, "Vragen"), *rapport.tekst("vragen"))
