"""One page first: the headline figures and what they do not say."""

from __future__ import annotations

from toekomstscenario_eval.reporting.certificate import alarm
from toekomstscenario_eval.reporting.document import Block, Inline, Kader, Kop, Lijst, Tekst
from toekomstscenario_eval.reporting.format import day, window
from toekomstscenario_eval.reporting.report import Report, paragraph
from toekomstscenario_eval.reporting.sentence import sentence

TITEL = "Samenvatting"


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the headline sentence of every indicator and the warnings that go with all of them."""
    zinnen: list[tuple[Inline, ...]] = [sentence(rapport.vrijgave, naam).inhoud for naam in rapport.kern]
    a = rapport.achtergrond
    open_ = rapport.plan.ontbreekt
    concept: tuple[Block, ...] = ()
    if open_:
        namen = ", ".join(naam.replace("_", " ") for naam in open_)
        concept = (
            Kader(
                "ontbreekt",
                f"{len(open_)} onderdeel" if len(open_) == 1 else f"{len(open_)} onderdelen",
                (paragraph(f"Nog niet geschreven: {namen}."),),
            ),
        )
    return (
        *concept,
        *alarm(rapport.certificaat),
        paragraph(
            f"Deze verantwoording gaat over het pakket '{a.titel}', waargenomen van {window(a.venster)},",
            f"met peildatum {day(a.peildatum)}. De kerncijfers zijn:",
        ),
        Lijst(tuple(zinnen)),
        Kop(2, "Wat deze cijfers niet zeggen"),
        Lijst(
            tuple(
                (Tekst(regel),)
                for regel in (
                    "Ze zeggen niet dat de werkwijze de oorzaak is van een verschil: regio's en gezinnen "
                    "verschillen in meer dan de werkwijze, en er zijn weinig proeftuinen.",
                    "Meer meldingen of maatregelen na verloop van tijd kan een teken van vertrouwen zijn, of "
                    "van beter registreren; het is niet vanzelf een verslechtering.",
                    "Verschillen in definitie en registratie maken vergelijken over jaren en regio's "
                    "onzeker. Elk cijfer hoort bij zijn definitie, eenheid en venster (hoofdstuk 5).",
                    "Een cijfer zonder verhaal is niet af. De cijfers zijn bedoeld om van te leren, niet om "
                    "mee af te rekenen; nergens staat een ranglijst.",
                )
            )
        ),
    )
