"""12 Deviations from the plan: what the researcher wrote, and each one that the program found."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Block, Cel, Kop, Tabel
from toekomstscenario_eval.report.deviations import deviations
from toekomstscenario_eval.report.report import Report, paragraph

TITLE = "12 Afwijkingen van het plan"


def _found(report: Report) -> tuple[Block, ...]:
    """Return every deviation from the locked plan, found by laying the report beside it."""
    if report.plan.locked is None:
        return ()
    heading = Kop(2, "Naast het vastgelegde plan gelegd")
    found = deviations(report)
    if not found:
        return (heading, paragraph("Dit verslag doet wat in het vastgelegde plan staat, en niets daarnaast."))
    return (
        heading,
        Tabel(
            "Afwijkingen van het vastgelegde plan",
            ("Wat", "Gepland", "Gedaan"),
            tuple((Cel(d.part), Cel(d.planned), Cel(d.done)) for d in found),
            ("Gevonden door het plan naast dit verslag te leggen. Wat niet gepland was, is verkennend.",),
        ),
    )


def blocks(report: Report) -> tuple[Block, ...]:
    """Return what the researcher wrote, what the program found, and sentences that stand with a reason."""
    return (*report.tekst("afwijkingen"), *_found(report), *_exceptions(report))


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
