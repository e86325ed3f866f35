"""The difference between two reports as tables, a page and a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from toekomstscenario_eval.document.document import Alinea, Block, Cel, Document, Kop, Tabel, Tekst
from toekomstscenario_eval.document.render_html import render_html

HEADING = ("Resultaat", "Getal", "Soort", "Oud", "Nieuw", "Oorzaak", "Kenmerk")


def changes_table(rows: Sequence[tuple[str, ...]]) -> Tabel:
    """Return each number that differs; `rows` has the columns `HEADING`."""
    return Tabel("Getallen die verschillen", HEADING, tuple(tuple(map(Cel, row)) for row in rows))


def causes_table(per_cause: Mapping[str, int]) -> Tabel:
    """Return how many numbers differ by each cause."""
    rows = tuple((Cel(cause), Cel(str(n), rechts=True)) for cause, n in per_cause.items())
    return Tabel("Verschillen per oorzaak", ("Oorzaak", "Getallen"), rows)


def context_table(otherwise: Sequence[tuple[str, str]]) -> Tabel:
    """Return what differs between the reports as a whole."""
    return Tabel("Wat er anders is", ("Soort", "Wat"), tuple((Cel(a), Cel(b)) for a, b in otherwise))


def changes_html(title: str, summary: str, tables: Sequence[Tabel]) -> str:
    """Return one page with the tables below each other."""
    blocks: list[Block] = [Alinea((Tekst(summary),))]
    for table in tables:
        blocks += [Kop(1, table.bijschrift), table]
    return render_html(Document(title, "", (), "", False, (), tuple(blocks)))


def changes_csv(rows: Sequence[tuple[str, ...]]) -> bytes:
    """Return the differing numbers as CSV (UTF-8)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([HEADING, *rows])
    return out.getvalue().encode()
