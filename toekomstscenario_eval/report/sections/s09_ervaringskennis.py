"""9 Experiential knowledge: which, how collected, what it changed."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Block
from toekomstscenario_eval.report.report import Report

TITEL = "9 Ervaringskennis"


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return what the researcher wrote."""
    return rapport.tekst("ervaringskennis")
