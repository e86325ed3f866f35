"""Exporters for nbconvert: an executed notebook through the gate to HTML, PDF or DOCX.

Used as `jupyter nbconvert --to verantwoording notitie.ipynb`, and by the export menu of JupyterLab.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from nbconvert.exporters import Exporter
from traitlets.config import Application

from toekomstscenario_eval.document.document import Document
from toekomstscenario_eval.document.gate import document_uit_notebook
from toekomstscenario_eval.errors import TksFout


def _opdrachtregel() -> bool:
    """Whether this process is the command `jupyter nbconvert` (importing its class would be circular)."""
    return Application.initialized() and Application.instance().name == "jupyter-nbconvert"


class _DocumentExporter(Exporter):  # type: ignore[misc]  # nbconvert has no types
    """What the three formats share: preprocessing, the gate, and how a refusal is told."""

    bestandssoort: ClassVar[str]

    def _file_extension_default(self) -> str:
        return self.bestandssoort

    def render(self, document: Document) -> str | bytes:
        """Return the document in the format of this exporter."""
        raise NotImplementedError

    def from_notebook_node(
        self, nb: Any, resources: Any = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """Return the rendered notebook and the resources of nbconvert.

        Raises
        ------
        OnthullingsFout, UitvoerFout, GebruikFout
            When the notebook may not, or cannot, become a document.
        """
        kopie, bronnen = super().from_notebook_node(nb, resources, **kw)
        try:
            return self.render(document_uit_notebook(kopie)), bronnen
        except TksFout as fout:
            if not _opdrachtregel():
                raise
            # On the command line: the message without a traceback, and no output file.
            sys.stderr.write(f"{fout.tekst()}\n")
            raise SystemExit(fout.exitcode) from fout


class HtmlExporter(_DocumentExporter):
    """One HTML file that works without network."""

    export_from_notebook = "Verantwoording (HTML)"
    output_mimetype = "text/html"
    bestandssoort = ".html"

    def render(self, document: Document) -> str:
        """Return the document as HTML."""
        from toekomstscenario_eval.document.render_html import render_html

        return render_html(document)


class PdfExporter(_DocumentExporter):
    """A tagged PDF."""

    export_from_notebook = "Verantwoording (PDF)"
    output_mimetype = "application/pdf"
    bestandssoort = ".pdf"

    def render(self, document: Document) -> bytes:
        """Return the document as PDF."""
        from toekomstscenario_eval.document.render_typst import render_pdf

        # PDF/A asks for a date; a notebook without one gets the day of exporting.
        vandaag = datetime.now(UTC).date().isoformat()
        return render_pdf(replace(document, datum=document.datum or vandaag))


class DocxExporter(_DocumentExporter):
    """A Word file."""

    export_from_notebook = "Verantwoording (Word)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    bestandssoort = ".docx"

    def render(self, document: Document) -> bytes:
        """Return the document as DOCX."""
        from toekomstscenario_eval.document.render_docx import render_docx

        return render_docx(document)
