"""Exporters for nbconvert: an executed notebook through the gate to the formats of a report.

Used as `jupyter nbconvert --to verantwoording notitie.ipynb`, and by the export menu of JupyterLab.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any, ClassVar

from nbconvert.exporters import Exporter
from traitlets.config import Application

from toekomstscenario_eval.document.formats import Format, all_formats
from toekomstscenario_eval.document.gate import document_from_notebook
from toekomstscenario_eval.errors import TksFout


def _command_line() -> bool:
    """Whether this process is the command `jupyter nbconvert` (importing its class would be circular)."""
    return Application.initialized() and Application.instance().name == "jupyter-nbconvert"


class DocumentExporter(Exporter):  # type: ignore[misc]  # nbconvert has no types
    """What every format shares: preprocessing, the gate, and how a refusal is told."""

    formaat: ClassVar[Format]

    def _file_extension_default(self) -> str:
        return self.formaat.extension

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[bytes, dict[str, Any]]:
        """Return the rendered notebook and the resources of nbconvert.

        Raises
        ------
        OnthullingsFout, UitvoerFout, GebruikFout
            When the notebook may not, or cannot, become a document.
        """
        copy, sources = super().from_notebook_node(nb, resources, **kw)
        try:
            return self.formaat.render(document_from_notebook(copy)), sources
        except TksFout as fout:
            if not _command_line():
                raise
            # On the command line: the message without a traceback, and no output file.
            sys.stderr.write(f"{fout.tekst()}\n")
            raise SystemExit(fout.exitcode) from fout


@cache
def exporter(fmt: str) -> type[DocumentExporter]:
    """Return the exporter of a format; named after it, such as `HtmlExporter`."""
    found = all_formats()[fmt]
    features = {
        "__doc__": sys.modules[found.render.__module__].__doc__,
        "__module__": __name__,
        "export_from_notebook": found.card.titel,
        "output_mimetype": found.card.mediatype,
        "formaat": found,
    }
    return type(_class_name(fmt), (DocumentExporter,), features)


def _class_name(fmt: str) -> str:
    return f"{fmt.capitalize()}Exporter"


def __getattr__(naam: str) -> type[DocumentExporter]:
    """Return an exporter by the name of its class: the entry points in `pyproject.toml` name these."""
    for fmt in all_formats():
        if naam == _class_name(fmt):
            return exporter(fmt)
    raise AttributeError(f"module {__name__!r} has no attribute {naam!r}")
