"""Exact numbers on disk: in a folder and under names that can not be taken for public ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from toekomstscenario_eval import structured_text
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.identity import INSIDE, INSIDE_MARK, OPEN_FOLDER, inside_name
from toekomstscenario_eval.provenance.archive import Content


def folder(out: Path, *, intern: bool) -> Path:
    """Return a folder, when exact numbers (`intern`), or public ones, may be written in it.

    Raises
    ------
    OnthullingsFout
        When exact numbers would come in a folder `openbaar`, or public ones in a folder `intern`.
    """
    whole = out.resolve()
    if intern and OPEN_FOLDER in whole.parts:
        raise OnthullingsFout(
            f"exacte cijfers komen nooit in een map '{OPEN_FOLDER}'",
            waar=str(out),
            herstel="kies met --uit een andere map, of laat --intern weg",
        )
    if not intern and whole.name == INSIDE:
        raise OnthullingsFout(
            f"openbare cijfers komen niet in de map '{INSIDE}', tussen de exacte",
            waar=str(out),
            herstel="kies met --uit een andere map",
        )
    return out


def report_folder(out: Path, *, intern: bool) -> Path:
    """Return where in `out` a report goes: one with exact numbers beside public files, never among them."""
    return folder(out / INSIDE if intern and out.resolve().name != INSIDE else out, intern=intern)


def named(files: Mapping[str, Content]) -> dict[str, Content]:
    """Return files of a report with exact numbers under names that say so.

    Raises
    ------
    OnthullingsFout
        When a file among them is one that is published.
    """
    for naam in files:
        if naam.startswith((f"{OPEN_FOLDER}/", "vrijgave.")):
            raise OnthullingsFout(
                "een openbaar bestand hoort bij een intern verslag",
                waar=naam,
                herstel="maak een openbaar verslag, zonder --intern",
            )
    return {inside_name(naam): content for naam, content in files.items()}


def csv_with_mark(content: bytes) -> bytes:
    """Return a CSV file with the mark as its last column."""
    heading, *rows = csv.reader(io.StringIO(content.decode()))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [[*heading, "mark"], *([*row, INSIDE_MARK] for row in rows)]
    )
    return out.getvalue().encode()


def require_mode(written: bytes, *, intern: bool) -> None:
    """Refuse a report whose numbers are not of the kind that was asked for: it would get the wrong name."""
    if structured_text.from_json(written)["intern"] is not intern:
        raise OnthullingsFout(
            "het verslag heeft andere cijfers dan gevraagd",
            verwacht="exacte cijfers" if intern else "beschermde cijfers",
            herstel="gebruik het notebook dat bij deze versie hoort",
        )
