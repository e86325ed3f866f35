"""One HTML file that works without network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toekomstscenario_eval.document.formats import Card

if TYPE_CHECKING:
    from toekomstscenario_eval.document.document import Document

CARD = Card(
    titel="Verantwoording (HTML)",
    what_for="lezen in een browser; dubbelklik om te openen",
    mediatype="text/html",
    entry="verantwoording",
    order=1,
)


def render(document: Document) -> bytes:
    """Return the document as HTML."""
    from toekomstscenario_eval.document.render_html import render_html

    return render_html(document).encode()
