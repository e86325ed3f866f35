"""One page first: the headline figures and what they do not say."""

from __future__ import annotations

from toekomstscenario_eval.blocks.certificate import alarm
from toekomstscenario_eval.blocks.sentence import sentence
from toekomstscenario_eval.document.document import Block, Inline, Kader, Kop, Lijst, Tekst
from toekomstscenario_eval.document.format import day, window
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.report.sections.s03_verloop import totals
from toekomstscenario_eval.report.sections.s08_wie_niet import absent

TITEL = "Samenvatting"
NIET = (
    "Niet of de werkwijze de oorzaak is. Er is niet geloot wie met de werkwijze begon, regio's en gezinnen "
    "verschillen in meer dan de werkwijze, en er zijn weinig proeftuinen.",
    "Niet of het beter of slechter gaat met gezinnen als er meer wordt gemeld. Meer meldingen kunnen een teken "
    "zijn van vertrouwen, of van beter registreren.",
    "Niet of jaren en regio's gelijk zijn. Registratie en definities verschillen. Elk cijfer hoort bij zijn "
    "definitie, eenheid en venster.",
    "Niet wie het goed doet. Een cijfer zonder verhaal is niet af. De cijfers zijn er om van te leren, niet om "
    "op af te rekenen. Nergens staat een ranglijst.",
)


def _concept(rapport: Report) -> tuple[Block, ...]:
    open_ = rapport.plan.ontbreekt
    if not open_:
        return ()
    titel = f"{len(open_)} onderdeel" if len(open_) == 1 else f"{len(open_)} onderdelen"
    namen = ", ".join(naam.replace("_", " ") for naam in open_)
    return (Kader("ontbreekt", titel, (paragraph(f"Nog niet geschreven: {namen}."),)),)


def _seen(rapport: Report) -> tuple[Block, ...]:
    """Return in two sentences how much came in, and who is not in it."""
    zinnen = []
    if rapport.plan.verloop:
        gepland, _, _, opgenomen = totals(rapport.plan.verloop)
        if gepland is not None and opgenomen is not None:
            zinnen.append(f"Van de {gepland} geplande casussen zijn er {opgenomen} opgenomen (hoofdstuk 3).")
    if weg := absent(rapport):
        zinnen.append(f"Niet gezien: {', '.join(weg)} (hoofdstuk 8).")
    return (paragraph(*zinnen),) if zinnen else ()


def answers(rapport: Report) -> tuple[tuple[Inline, ...], ...]:
    """Return question and answer for every headline, as items of a list."""
    return tuple(
        (Tekst(f"{kaart.vraag}\n", "vet"), *sentence(rapport.vrijgave, naam).inhoud)
        for naam, kaart in rapport.voorop.items()
    )


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return question and answer for every headline, who is seen, and what the figures do not say."""
    a = rapport.achtergrond
    return (
        *alarm(rapport.certificaat),
        *_concept(rapport),
        paragraph(
            f"Deze verantwoording gaat over '{a.titel}'. De gegevens lopen van {window(a.venster)}, met",
            f"peildatum {day(a.peildatum)}. De belangrijkste uitkomsten zijn:",
        ),
        Lijst(answers(rapport)),
        *_seen(rapport),
        Kop(2, "Wat deze cijfers niet zeggen"),
        Lijst(tuple((Tekst(regel),) for regel in NIET)),
    )
