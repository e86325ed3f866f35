"""1 Why this study, and what it asks."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Block, Kop
from toekomstscenario_eval.report.report import Report, paragraph

TITLE = "1 Aanleiding en vraag"


def blocks(report: Report) -> tuple[Block, ...]:
    """Return what the researcher wrote about reason and questions."""
    who = report.plan.organisatie
    execution = (paragraph(f"Dit onderzoek is uitgevoerd door {who}."),) if who else ()
    return (*report.tekst("aanleiding"), *execution, Kop(2, "Vragen"), *report.tekst("vragen"))
