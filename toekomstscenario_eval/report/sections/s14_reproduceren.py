"""14 How to make the same numbers again."""

from __future__ import annotations

from toekomstscenario_eval.blocks.certificate import certificate_blocks
from toekomstscenario_eval.document.document import Block, Cel, Code, Kop, Tabel
from toekomstscenario_eval.identity import inside_name
from toekomstscenario_eval.report.origin import origin
from toekomstscenario_eval.report.report import Report, paragraph

TITLE = "14 Reproduceren"
# What stands beside the report, and what stands behind the tables that a number was made from.
_INSIDE = (
    "Naast dit verslag staat een manifest ({}) met het controlegetal van elk bestand, de parameters en elk "
    "getal met zijn kenmerk en definitie.",
    "; achter elke tabel van de gegevens staat het begin van het controlegetal van haar bestand.",
)
_DRAWN = (
    "Huishoudens, teller en noemer hebben elk hun eigen ruis: ook waar elk huishouden één keer telt, kunnen huishoudens en "
    "noemer iets verschillen."
)
_PUBLIC = (
    "Naast dit verslag staat een manifest ({}) met de parameters en elk getal met zijn kenmerk en definitie. "
    "In de map 'openbaar' staan de beschermde tellingen waaruit elk getal is berekend. De opdracht 'tks reproduceer MAP' "
    "rekent elk getal daaruit na; de gegevens of de sleutel zijn daar niet voor nodig.",
    ".",
)


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the command, the versions and where the manifest is."""
    a = report.background
    manifest = inside_name("manifest.json") if report.vrijgave.intern else "manifest.json"
    beside, behind = _INSIDE if report.vrijgave.intern else _PUBLIC
    return (
        paragraph("Dezelfde gegevens geven met dezelfde versies dezelfde getallen. De opdracht was:"),
        Code(a.opdracht),
        Tabel(
            "Gebruikte versies",
            ("Onderdeel", "Versie"),
            tuple((Cel(naam), Cel(version)) for naam, version in a.versies.items()),
        ),
        paragraph(beside.format(manifest)),
        Kop(2, "Certificaat: twee keer berekend"),
        *certificate_blocks(report.certificaat),
        Kop(2, "Herkomst van elk getal"),
        paragraph(
            "Elk getal uit de gegevens heeft een kenmerk. In de HTML-versie leidt het getal naar zijn regel hieronder;",
            "met de terugknop gaat u terug naar waar u las. De opdracht 'tks herleid KENMERK MAP' toont hetzelfde uit",
            f"het manifest, en meer. Alle getallen komen uit vrijgave {report.vrijgave.id}{behind}",
        ),
        *(() if report.vrijgave.intern else (paragraph(_DRAWN),)),
        origin(report),
    )
