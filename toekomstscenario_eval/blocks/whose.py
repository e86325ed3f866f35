"""Whom a result is about, in words: which regions, and which of their days.

A number over proeftuinen and comparison regions together answers nobody's question: a report shows it
nowhere, and where somebody asks for it, it says what it is.
"""

from __future__ import annotations

from toekomstscenario_eval.designs import breakdowns, rows
from toekomstscenario_eval.document.format import day, last_day, window
from toekomstscenario_eval.identity import BEFORE, COMPARISON, FROM, PHASES, PILOT, TOTAAL
from toekomstscenario_eval.periods import days_of
from toekomstscenario_eval.types import SITE, SITE_KIND, Result

KINDS = {PILOT: ("proeftuin", "proeftuinen"), COMPARISON: ("vergelijkingsregio", "vergelijkingsregio's")}
POOLED = "alle regio's samen, alle dagen"
POOLED_STAND = "alle regio's samen"
_POOLED_NOTE = (
    "Over alle regio's samen, proeftuinen en vergelijkingsregio's, en alle dagen van het venster, ook die "
    "voor de start van een proeftuin."
)
_POOLED_STAND = "Over alle regio's samen, proeftuinen en vergelijkingsregio's."
_NOT_BEGUN = "Ook van proeftuinen die nog niet waren begonnen."
# Of a stand, which has one day: of which proeftuinen, by phase.
_ON_THE_DAY = {
    FROM: "alleen wie op die dag was begonnen",
    BEFORE: "op de laatste dag voor hun start",
    "": "ook wie nog niet was begonnen",
}
_ALL_DAYS = "Over alle dagen van het venster, ook die voor de start van een proeftuin."
_PART = (
    "Een proeftuin die in een {} begon, is in dat {} maar een deel van de dagen gezien: vergelijk die niet "
    "zonder meer met een heel."
)
DELIVERED = (
    "De tellingen hieronder gaan over alles wat is geleverd: alle regio's samen, en bij een proeftuin ook "
    "wat voor haar start ligt."
)


def pools(r: Result, per: str = "") -> bool:
    """Whether a group of this breakdown (empty text: the whole) holds regions of more than one kind."""
    return per not in (SITE, SITE_KIND) and not r.variant.fase and len(r.regios) > 1


def apart(r: Result, per: str) -> bool:
    """Whether the groups of a breakdown are regions of more than one kind, which have no whole together."""
    return per in (SITE, SITE_KIND) and len(r.regios) > 1


def leading_spot(r: Result) -> tuple[str, str]:
    """Return the breakdown and group that stand for a result: the whole, or where that pools, proeftuinen."""
    kinds = rows(r, uitsplitsing=SITE_KIND)["groep"] if pools(r) and SITE_KIND in breakdowns(r) else ()
    if PILOT in set(kinds):
        return SITE_KIND, PILOT
    return "", TOTAAL


def whose(r: Result) -> str:
    """Return in words whom the whole of a result is about; empty where there is nothing to tell apart."""
    if r.variant.fase:
        return f"{KINDS[PILOT][1]}, {begun(r) if r.card.op_een_dag else PHASES[r.variant.fase]}"
    pooled = POOLED_STAND if r.card.op_een_dag else POOLED
    return pooled if pools(r) else ""


def about(text: str, r: Result, per: str = "") -> str:
    """Return a caption with whom it is about, where that can be more than one thing."""
    if per in (SITE, SITE_KIND):
        return f"{text}. Proeftuinen: {days(r)}" if PILOT in r.regios else text
    who = whose(r)
    return f"{text}. Over: {who}" if who else text


def begun(r: Result) -> str:
    """Return in words which proeftuinen count in a stand."""
    return _ON_THE_DAY[r.variant.fase]


def days(r: Result) -> str:
    """Return in words which days of proeftuinen count; of a stand, which proeftuinen."""
    if r.card.op_een_dag:
        return begun(r)
    return f"alleen de dagen {PHASES[r.variant.fase]}" if r.variant.fase else "alle dagen van het venster"


def moment(r: Result, periode: str = "") -> str:
    """Return in words the day on which a stand was measured: that of its period or of its phase."""
    if not periode and r.variant.periode:
        return f"op de laatste dag van elk {r.variant.periode}"
    of_all = f"op {day(last_day(days_of(periode) if periode else r.venster))}"
    if r.variant.fase != BEFORE:
        return of_all
    if periode:
        return f"{of_all}, of op de laatste dag voor de start van de eigen proeftuin als die eerder was"
    beside = f"; in vergelijkingsregio's {of_all}" if COMPARISON in r.regios else ""
    return f"op de laatste dag voor de start van de eigen proeftuin{beside}"


def measured(r: Result) -> str:
    """Return when something was measured, as a sentence begins: in a window, or of a stand which day."""
    return f"Stand {moment(r)}" if r.card.op_een_dag else f"Venster: {window(r.venster)}"


def notes(r: Result, per: str = "", *, whole: bool = False) -> list[str]:
    """Return what a table says of whom it is about; `whole`: the whole stands in it too."""
    if r.variant.fase and r.card.op_een_dag:
        return [f"{'Van proeftuinen' if per in (SITE, SITE_KIND) else 'Alleen proeftuinen,'} {begun(r)}."]
    if r.variant.fase and per not in (SITE, SITE_KIND):
        return [f"Alleen proeftuinen: de dagen {PHASES[r.variant.fase]}.", *_parts(r)]
    if r.variant.fase and PILOT in r.regios:
        beside = "; vergelijkingsregio's over het hele venster" if COMPARISON in r.regios else ""
        return [f"Alleen de dagen {PHASES[r.variant.fase]}{beside}.", *_parts(r)]
    if pools(r, per):
        return [_POOLED_STAND if r.card.op_een_dag else _POOLED_NOTE]
    if whole and pools(r):
        return [f"Geheel: {whose(r)}."]
    if PILOT not in r.regios:
        return []
    return [_NOT_BEGUN if r.card.op_een_dag else _ALL_DAYS]


def _parts(r: Result) -> list[str]:
    """Return that a phase may hold part of a period only, where there are periods."""
    return [_PART.format(*[r.variant.periode] * 2)] if r.variant.periode else []


def some(r: Result, kind: str) -> str:
    """Return the regions of a kind in words, with how many there are where that is known."""
    many = r.regios.get(kind, 0) if r.regios else _seen(r, kind)
    one, more = KINDS[kind]
    return f"{many or ''} {one if many == 1 else more}".strip()


def _seen(r: Result, kind: str) -> int:
    """Return how many regions of a kind stand in a result."""
    s = r.schattingen[r.schattingen["uitsplitsing"].eq(SITE)]
    # A site may be a part of more than one coarser group.
    at = [kind in str(stratum).split(" / ") for stratum in s["stratum"]]
    return int(s.loc[at, "groep"].nunique())
