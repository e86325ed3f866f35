"""13 Limits: those of the method, and those of this study."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Block, Kop, Lijst, Tekst
from toekomstscenario_eval.report.report import Report

TITLE = "13 Beperkingen"


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the standing limits and the researcher's own."""
    vast = (
        "Elf proeftuinen zijn weinig. Een verschil tussen regio's zegt weinig over de werkwijze zolang regio's ook in "
        "andere dingen verschillen.",
        "Alleen wat is geregistreerd telt mee. Een professional, overleg of maatregel buiten de registratie bestaat "
        "voor deze cijfers niet.",
        "Van leden van een huishouden is alleen het geboortejaar bekend; leeftijden zijn daardoor tot op een half jaar "
        "onzeker.",
        "Intervallen drukken alleen toevalsspreiding uit, geen fouten in registratie of selectie.",
    )
    return (
        *report.tekst("beperkingen"),
        Kop(2, "Beperkingen van elke analyse met deze gegevens"),
        Lijst(tuple((Tekst(line),) for line in vast)),
    )
