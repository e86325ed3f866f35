"""9 Experiential knowledge: which, how collected, what it changed."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Block
from toekomstscenario_eval.report.report import Report

TITLE = "9 Ervaringskennis"


def blocks(report: Report) -> tuple[Block, ...]:
    """Return what the researcher wrote."""
    return report.tekst("ervaringskennis")
