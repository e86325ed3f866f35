"""12 Deviations from the plan."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Block
from toekomstscenario_eval.report.report import Report

TITLE = "12 Afwijkingen van het plan"


def blocks(report: Report) -> tuple[Block, ...]:
    """Return what the researcher wrote."""
    return report.tekst("afwijkingen")
