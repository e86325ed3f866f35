"""14 How to make the same numbers again."""

from __future__ import annotations

from toekomstscenario_eval.reporting.document import Block, Cel, Code, Tabel
from toekomstscenario_eval.reporting.report import Report, paragraph

TITEL = "14 Reproduceren"


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the command, the versions and where the manifest is."""
    a = rapport.achtergrond
    return (
        paragraph("Dezelfde gegevens geven met dezelfde versies dezelfde getallen. De opdracht was:"),
        Code(a.opdracht),
        Tabel(
            "Gebruikte versies",
            ("Onderdeel", "Versie"),
            tuple((Cel(naam), Cel(versie)) for naam, versie in a.versies.items()),
        ),
        paragraph(
            "Naast dit verslag staat een manifest (manifest.json) met het controlegetal van elk bestand, de",
            "parameters en elk getal met zijn kenmerk en definitie.",
        ),
    )
