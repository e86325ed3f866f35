"""Exporters for nbconvert: an executed notebook through the gate to the formats of a report.

Used as `jupyter nbconvert --to verantwoording notitie.ipynb`, and by the export menu of JupyterLab.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import PurePath
from typing import Any, ClassVar

from nbconvert.exporters import Exporter
from traitlets.config import Application

from toekomstscenario_eval.document.formats import Format, all_formats
from toekomstscenario_eval.document.gate import document_from_notebook
from toekomstscenario_eval.errors import TksFout
from toekomstscenario_eval.identity import INSIDE, INSIDE_PREFIX, inside_name


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
            document = document_from_notebook(copy)
            if document.intern:
                self._inside(sources)
            return self.formaat.render(document), sources
        except TksFout as fout:
            if not _command_line():
                raise
            # On the command line: the message without a traceback, and no output file.
            sys.stderr.write(f"{fout.tekst()}\n")
            raise SystemExit(fout.exitcode) from fout

    def _inside(self, sources: dict[str, Any]) -> None:
        """See to it that the file of exact numbers is named so, as far as an exporter has a say in that."""
        if "unique_key" in sources:
            # The command line names the file by this.
            naam = PurePath(sources["unique_key"])
            sources["unique_key"] = str(naam.with_name(inside_name(naam.name)))
        elif not sources["metadata"]["name"].startswith(INSIDE_PREFIX):
            # JupyterLab names it by the notebook, and takes the end from here.
            sources["output_extension"] = f".{INSIDE}{self.file_extension}"


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
