"""2 The design as planned."""

from __future__ import annotations

from toekomstscenario_eval.reporting.document import Block
from toekomstscenario_eval.reporting.report import Report

TITEL = "2 Opzet zoals gepland"


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return what the researcher planned."""
    return rapport.tekst("opzet")
