"""A tagged PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from toekomstscenario_eval.document.formats import Card

if TYPE_CHECKING:
    from toekomstscenario_eval.document.document import Document

CARD = Card(
    titel="Verantwoording (PDF)",
    what_for="printen, mailen en bewaren; ook te lezen met een schermlezer",
    mediatype="application/pdf",
    entry="verantwoording_pdf",
    order=2,
)


def render(document: Document) -> bytes:
    """Return the document as PDF."""
    from toekomstscenario_eval.document.render_typst import render_pdf

    # PDF/A asks for a date; a notebook without one gets the day of exporting.
    today = datetime.now(UTC).date().isoformat()
    return render_pdf(replace(document, datum=document.datum or today))
