"""The difference between two reports as tables, a page and a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from toekomstscenario_eval.document.document import Alinea, Block, Cel, Document, Kader, Kop, Tabel, Tekst
from toekomstscenario_eval.document.render_html import render_html

KOP = ("Resultaat", "Getal", "Soort", "Oud", "Nieuw", "Oorzaak", "Kenmerk")
_LET_OP = (
    "Wie twee rapporten naast elkaar legt, kan soms uitrekenen wat in één ervan verborgen is. Laat deze "
    "pagina daarom beoordelen door de eigenaar van de gegevens voordat u haar deelt."
)


def changes_table(rijen: Sequence[tuple[str, ...]]) -> Tabel:
    """Return each number that differs; `rijen` has the columns `KOP`."""
    return Tabel("Getallen die verschillen", KOP, tuple(tuple(map(Cel, rij)) for rij in rijen))


def causes_table(per_oorzaak: Mapping[str, int]) -> Tabel:
    """Return how many numbers differ by each cause."""
    rijen = tuple((Cel(oorzaak), Cel(str(n), rechts=True)) for oorzaak, n in per_oorzaak.items())
    return Tabel("Verschillen per oorzaak", ("Oorzaak", "Getallen"), rijen)


def context_table(anders: Sequence[tuple[str, str]]) -> Tabel:
    """Return what differs between the reports as a whole."""
    return Tabel("Wat er anders is", ("Soort", "Wat"), tuple((Cel(a), Cel(b)) for a, b in anders))


def changes_html(titel: str, samenvatting: str, tabellen: Sequence[Tabel]) -> str:
    """Return one page with the tables below each other."""
    blokken: list[Block] = [
        Alinea((Tekst(samenvatting),)),
        Kader("waarschuwing", "niet zomaar publiceren", (Alinea((Tekst(_LET_OP),)),)),
    ]
    for tabel in tabellen:
        blokken += [Kop(1, tabel.bijschrift), tabel]
    return render_html(Document(titel, "", (), "", False, (), tuple(blokken)))


def changes_csv(rijen: Sequence[tuple[str, ...]]) -> bytes:
    """Return the differing numbers as CSV (UTF-8)."""
    uit = io.StringIO()
    schrijver = csv.writer(uit, lineterminator="\n")
    schrijver.writerows([KOP, *rijen])
    return uit.getvalue().encode()
