"""2 The design as planned, and which of the figures were planned."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Alinea, Block, Cel, Inline, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.document.format import day
from toekomstscenario_eval.report.deviations import labels
from toekomstscenario_eval.report.locked_plan import Locked, lines
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import Result

TITLE = "2 Opzet zoals gepland"
_GONE = "weggelaten uit dit verslag"
_HASH = "Controlegetal: de eerste zestien tekens van SHA-256; het hele getal staat in het manifest."
_LATE = "Dat is na de peildatum van de gegevens: het plan kan zijn gemaakt met kennis van wat er in staat."


def _plan(report: Report) -> tuple[Block, ...]:
    """Return when the plan was locked and what it says, or that there is none."""
    locked = report.plan.locked
    if locked is None:
        return (
            paragraph(
                "Er is geen plan vastgelegd. Lees daarom alle cijfers als verkennend: wie veel uitkomsten bekijkt,",
                "vindt altijd wel een verschil.",
            ),
        )
    chain = tuple(_when(lock) for lock in locked.chain)
    late = report.background.peildatum < locked.datum
    rows = tuple((Cel(part), Cel(text)) for part, text in lines(locked.planned, labels(report)))
    return (
        *chain,
        *((paragraph(_LATE),) if late else ()),
        Tabel("Het vastgelegde plan", ("Onderdeel", "Gepland"), rows, (_HASH,)),
    )


def _when(lock: Locked) -> Alinea:
    again = "opnieuw " if lock.earlier else ""
    words: tuple[Inline, ...] = (
        Tekst(f"Het plan is {again}vastgelegd op {day(lock.datum)}, met controlegetal "),
        Tekst(lock.sha256[:16], "code"),
        Tekst("."),
    )
    return Alinea((*words, Tekst(" Reden: "), Tekst(lock.reden)) if lock.reden else words)


def _outcomes(report: Report) -> tuple[Block, ...]:
    """Return which outcomes were chosen beforehand, and whether they could be computed."""
    chosen = report.plan.chosen_beforehand
    if not chosen:
        return ()
    gone = report.background.omitted
    redenen = {r.sleutel: _computed(r) for r in report.vrijgave.resultaten}
    redenen |= dict.fromkeys(gone, f"nee: {_GONE}")
    named = labels(report)
    rows = tuple((Cel(named[naam]), Cel(redenen.get(naam, "ja"))) for naam in chosen if naam in named)
    return (
        Tabel("Uitkomsten die vooraf waren gekozen", ("Uitkomst", "Berekend"), rows),
        paragraph(_not_chosen(len(report.measuring.keys() - set(chosen)))),
    )


def _computed(r: Result) -> str:
    """Return whether a result was computed, and when not one of its numbers may be shown: why."""
    if r.reden_nvt:
        return f"nee: {r.reden_nvt}"
    if r.schattingen.empty or not r.schattingen["onderdrukt"].all():
        return "ja"
    return f"ja, maar nergens getoond: {r.schattingen['methode'].iloc[0]}"


def _not_chosen(number: int) -> str:
    if number == 0:
        return "Alle indicatoren in dit verslag waren vooraf gekozen."
    if number == 1:
        return "De andere indicator in dit verslag was niet vooraf gekozen. Die is verkennend."
    return f"De andere {number} indicatoren in dit verslag waren niet vooraf gekozen. Zij zijn verkennend."


def _limited(report: Report) -> tuple[Block, ...]:
    """Return which indicators the researcher left out of the report."""
    cards, gone = report.background.kaarten, report.background.omitted
    if not gone:
        return ()
    return (
        Kop(2, "Wat dit verslag weglaat"),
        paragraph(
            f"De onderzoeker beperkte dit verslag tot {len(cards)} van de {len(cards) + len(gone)} indicatoren.",
            "Vraag waarom, en leid niets af uit wat ontbreekt. Niet berekend zijn:",
        ),
        Lijst(tuple((Tekst(label),) for label in gone.values())),
    )


def blocks(report: Report) -> tuple[Block, ...]:
    """Return what the researcher planned, the outcomes chosen beforehand, and what was left out."""
    chosen = (Kop(2, "Vooraf gekozen uitkomsten"), *_plan(report), *_outcomes(report))
    return (*report.tekst("opzet"), *chosen, *_limited(report))
