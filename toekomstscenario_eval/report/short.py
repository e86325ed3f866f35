"""The short version: two pages with the headline figures, who is not seen, and what they do not say."""

from __future__ import annotations

from toekomstscenario_eval.blocks.overview import compact_table
from toekomstscenario_eval.document.document import Alinea, Block, Kader, Kop, Lijst, Tekst
from toekomstscenario_eval.document.format import day, window
from toekomstscenario_eval.report.report import Report, paragraph, sentence_by_sentence
from toekomstscenario_eval.report.sections.s00_samenvatting import NOT, answers
from toekomstscenario_eval.report.sections.s03_verloop import flow
from toekomstscenario_eval.report.sections.s04_gegevens import verdicts
from toekomstscenario_eval.report.sections.s08_wie_niet import not_seen, seen
from toekomstscenario_eval.types import Status

_NO_FLOW = "Hoeveel casussen gepland en opgenomen waren, is niet bekend."


def _quality(report: Report) -> Alinea:
    findings = report.background.bevindingen
    outcome = verdicts(findings).values()
    applied = sum(status is not Status.NVT for status in outcome)
    found = sum(status in (Status.GEFAALD, Status.FOUT) for status in outcome)
    protected = (
        "De cijfers zijn exact, en alleen voor binnen."
        if report.vrijgave.intern
        else "De cijfers zijn berekend uit tellingen van huishoudens, elk met toeval een klein beetje verschoven. Zo is geen "
        "gezin te vinden. Groepen tellen daardoor niet precies op tot het geheel."
    )
    return paragraph(
        f"De gegevens zijn getoetst met {applied} regels; bij {found} regels was er iets op te merken.",
        protected,
    )


def short_blocks(report: Report) -> tuple[Block, ...]:
    """Return the blocks of the short version; its length does not depend on what the researcher wrote."""
    a = report.background
    gone = not_seen(report)
    open_ = report.plan.ontbreekt
    concept = (Kader("ontbreekt", f"{len(open_)} onderdelen van het verslag", ()),) if len(open_) > 1 else ()
    return (
        *concept,
        paragraph(
            f"Dit is de korte versie van de verantwoording over '{a.titel}'. De gegevens lopen van",
            f"{window(a.venster)}, met peildatum {day(a.peildatum)}. Definities, methoden en beperkingen staan in de",
            "volledige verantwoording.",
        ),
        Kop(1, "Belangrijkste uitkomsten"),
        Lijst(answers(report, short=True)),
        Kop(1, "Kwaliteit en privacy"),
        _quality(report),
        Kop(1, "Proeftuinen en vergelijkingsregio's"),
        compact_table(
            report.vrijgave,
            list(report.in_front),
            title="Kerncijfers naar soort regio, voor deze huishoudens in deze regio's",
            choices=False,
        ),
        Kop(1, "Wie we niet zien"),
        sentence_by_sentence([flow(report.plan.verloop) or _NO_FLOW, *gone, *seen(report)]),
        Kop(1, "Wat deze cijfers niet zeggen"),
        Lijst(tuple((Tekst(line),) for line in NOT)),
    )
