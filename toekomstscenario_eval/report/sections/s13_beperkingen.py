"""13 Limits: those of the method, and those of this study."""

from __future__ import annotations

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.designs.group_difference import PROEFTUIN, VERGELIJKING
from toekomstscenario_eval.document.document import Block, Kop, Lijst, Tekst
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.types import SITE

TITLE = "13 Beperkingen"


def _sites(report: Report) -> str:
    """Say how many sites of either kind there are; nothing where the report has no figures by site."""
    kinds = {
        (row["groep"], kind)
        for r in report.vrijgave.resultaten
        for row in access.records(r.schattingen[r.schattingen["uitsplitsing"].eq(SITE)])
        for kind in str(row["stratum"]).split(" / ")
    }
    pilots, others = (sum(kind == one for _, kind in kinds) for one in (PROEFTUIN, VERGELIJKING))
    if not pilots or not others:
        return ""
    one = "proeftuin" if pilots == 1 else "proeftuinen"
    beside = "vergelijkingsregio" if others == 1 else "vergelijkingsregio's"
    return f"In deze gegevens zijn er {pilots} {one} en {others} {beside}. "


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the standing limits and the researcher's own."""
    vast = (
        f"{_sites(report)}Een verschil tussen regio's zegt weinig over de werkwijze zolang regio's ook in andere dingen "
        "verschillen.",
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
