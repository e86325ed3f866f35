"""One page first: the headline figures and what they do not say."""

from __future__ import annotations

from collections.abc import Mapping

from toekomstscenario_eval.blocks.by_phase import headline
from toekomstscenario_eval.blocks.certificate import alarm
from toekomstscenario_eval.blocks.leading import leading
from toekomstscenario_eval.blocks.region_difference import difference_sentence
from toekomstscenario_eval.document.document import Block, Inline, Kader, Kop, Lijst, Tekst
from toekomstscenario_eval.document.format import day, window
from toekomstscenario_eval.report.deviations import EXPLORATORY, unplanned
from toekomstscenario_eval.report.report import Report, paragraph, sentence_by_sentence
from toekomstscenario_eval.report.sections.s03_verloop import flow
from toekomstscenario_eval.report.sections.s08_wie_niet import not_seen
from toekomstscenario_eval.types import Card

TITLE = "Samenvatting"
NOT = (
    "Niet of de werkwijze de oorzaak is. Er is niet geloot wie met de werkwijze begon, regio's en gezinnen "
    "verschillen in meer dan de werkwijze, en er zijn weinig proeftuinen.",
    "Niet of het beter of slechter gaat met gezinnen als er meer wordt gemeld. Meer meldingen kunnen een teken "
    "zijn van vertrouwen, of van beter registreren.",
    "Niet of jaren en regio's gelijk zijn. Registratie en definities verschillen. Elk cijfer hoort bij zijn "
    "definitie, eenheid en venster.",
    "Niet wie het goed doet. Een cijfer zonder verhaal is niet af. De cijfers zijn er om van te leren, niet om "
    "op af te rekenen. Nergens staat een ranglijst.",
)


def _concept(report: Report) -> tuple[Block, ...]:
    open_, claims = report.plan.ontbreekt, report.plan.overstated
    out: list[Block] = []
    if open_:
        title = f"{len(open_)} onderdeel" if len(open_) == 1 else f"{len(open_)} onderdelen"
        namen = ", ".join(naam.replace("_", " ") for naam in open_)
        out.append(Kader("ontbreekt", title, (paragraph(f"Nog niet geschreven: {namen}."),)))
    if claims:
        fields = ", ".join(dict.fromkeys(passage.veld.replace("_", " ") for passage, _ in claims))
        explanation = paragraph(f"Te herschrijven, want meer dan de cijfers kunnen dragen: {fields}.")
        title = "1 zin die te veel zegt" if len(claims) == 1 else f"{len(claims)} zinnen die te veel zeggen"
        out.append(Kader("ontbreekt", title, (explanation,)))
    return tuple(out)


def _seen(report: Report) -> tuple[Block, ...]:
    """Return in sentences how much came in, and who is not in it."""
    course = flow(report.plan.verloop)
    sentences = [f"{course.removesuffix('.')} (hoofdstuk 3)."] if course else []
    if gone := not_seen(report):
        sentences += [*gone, "Meer daarover staat in hoofdstuk 8."]
    return (sentence_by_sentence(sentences),) if sentences else ()


def answers(
    report: Report, cards: Mapping[str, Card] | None = None, *, short: bool = False
) -> tuple[tuple[Inline, ...], ...]:
    """Return question and answer for every headline (by default those in front), as items of a list.

    What was not in the locked plan is marked, but for `cards` of which that is said above them.
    A short answer leaves out what a table beside it has, and why there is no difference.
    """
    return tuple(
        (
            Tekst(f"{card.vraag}\n", "vet"),
            *(_mark(report, naam) if cards is None else ()),
            *headline(report.vrijgave, naam, short=short).inhoud,
            *_difference(report, naam, short=short),
        )
        for naam, card in (report.in_front if cards is None else cards).items()
    )


def _mark(report: Report, naam: str) -> tuple[Inline, ...]:
    return (Tekst(f"{EXPLORATORY}. ", "cursief"),) if unplanned(report, naam) else ()


def _difference(report: Report, naam: str, *, short: bool) -> tuple[Inline, ...]:
    """Return the difference of the kinds of region, of the population of the headline."""
    r = leading(report.vrijgave, naam)
    found = () if r.reden_nvt else difference_sentence(report.vrijgave, r.sleutel, warn=not short)
    if not found or (short and all(isinstance(part, Tekst) for part in found)):
        return ()
    return (Tekst(" "), *found)


def _not_chosen(report: Report) -> tuple[Block, ...]:
    """Return the headlines with a chapter that were not among the chosen outcomes."""
    rest = {naam: card for naam, card in report.kern.items() if naam not in report.in_front}
    if not rest:
        return ()
    return (paragraph("Niet vooraf gekozen, en daarom verkennend:"), Lijst(answers(report, rest)))


def blocks(report: Report) -> tuple[Block, ...]:
    """Return question and answer for every headline, who is seen, and what the figures do not say."""
    a = report.background
    return (
        *alarm(report.certificaat),
        *_concept(report),
        paragraph(
            f"Deze verantwoording gaat over '{a.titel}'. De gegevens lopen van {window(a.venster)}, met",
            f"peildatum {day(a.peildatum)}. De belangrijkste uitkomsten zijn:",
        ),
        Lijst(answers(report)),
        *_not_chosen(report),
        *_seen(report),
        Kop(2, "Wat deze cijfers niet zeggen"),
        Lijst(tuple((Tekst(line),) for line in NOT)),
    )
