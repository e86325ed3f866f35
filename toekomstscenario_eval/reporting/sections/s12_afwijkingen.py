"""12 Deviations from the plan."""

from __future__ import annotations

from toekomstscenario_eval.reporting.document import Block
from toekomstscenario_eval.reporting.report import Report

TITEL = "12 Afwijkingen van het plan"


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return what the researcher wrote."""
    return rapport.tekst("afwijkingen")
