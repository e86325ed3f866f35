"""12 Deviations from the plan."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Block
from toekomstscenario_eval.report.report import Report

TITEL = "12 Afwijkingen van het plan"


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return what the researcher wrote."""
    return rapport.tekst("afwijkingen")
