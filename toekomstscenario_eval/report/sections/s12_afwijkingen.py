"""12 Deviations from the plan, and sentences that the researcher lets stand with a reason."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Block, Cel, Kop, Tabel
from toekomstscenario_eval.report.report import Report, paragraph

TITLE = "12 Afwijkingen van het plan"


def blocks(report: Report) -> tuple[Block, ...]:
    """Return what the researcher wrote."""
    return (*report.tekst("afwijkingen"), *_exceptions(report))


def _exceptions(report: Report) -> tuple[Block, ...]:
    exceptions = report.plan.uitzonderingen_taal
    if not exceptions:
        return ()
    return (
        Kop(2, "Zinnen die de onderzoeker laat staan"),
        paragraph(
            "Deze zinnen beweren meer dan een vergelijking in dit verslag kan dragen. De reden is van de onderzoeker.",
        ),
        Tabel(
            "Zinnen met een reden", ("Zin", "Reden"), tuple((Cel(e.zin), Cel(e.reden)) for e in exceptions)
        ),
    )
