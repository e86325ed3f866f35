"""A Word file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toekomstscenario_eval.document.formats import Card

if TYPE_CHECKING:
    from toekomstscenario_eval.document.document import Document

CARD = Card(
    titel="Verantwoording (Word)",
    what_for="verder bewerken in Word",
    mediatype="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    entry="verantwoording_docx",
    order=3,
)


def render(document: Document) -> bytes:
    """Return the document as DOCX."""
    from toekomstscenario_eval.document.render_docx import render_docx

    return render_docx(document)
