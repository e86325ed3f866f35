"""What a report did otherwise than the locked plan says, and what in it was not in that plan."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.leading import leading
from toekomstscenario_eval.designs import by_code
from toekomstscenario_eval.document.document import Alinea, Inline, Tekst
from toekomstscenario_eval.document.format import day
from toekomstscenario_eval.report.locked_plan import (
    EVERY_DAY,
    NOT_IN_FILE,
    NOT_PLANNED,
    PARTS,
    Deviation,
    Planned,
    differences,
    said,
)
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.types import SITE, SITE_KIND, Result

EXPLORATORY = "Verkennend (niet in het vastgelegde plan)"
_NOT_DONE = "niet gedaan"
# How the regions are told apart in every report: these are no subgroups.
_REGIONS = {SITE, SITE_KIND}


def labels(report: Report) -> dict[str, str]:
    """Return the label of every indicator, also of those left out of the report."""
    a = report.background
    return {naam: card.label for naam, card in a.kaarten.items()} | dict(a.omitted)


def _computed(report: Report, naam: str) -> list[Result]:
    """Return the results of an indicator that have numbers, or places for them."""
    results = report.vrijgave.resultaten
    return [r for r in results if r.indicator == naam and not r.reden_nvt and not r.schattingen.empty]


def _designs(report: Report, naam: str) -> set[str]:
    """Return the designs that made a number of an indicator; those that say who is there are none."""
    keys = {r.sleutel for r in _computed(report, naam)}
    used = {d for row in report.afgeleid if row["resultaat"] in keys for d in row["ontwerpen"]}
    return {code for code in used if not by_code()[code].card.describes}


def _subgroups(report: Report, naam: str) -> set[str]:
    return {per for r in _computed(report, naam) for per in access.breakdowns(r)}


def deviations(report: Report) -> list[Deviation]:
    """Return everything that the report did otherwise than the locked plan; without a lock nothing."""
    if report.plan.locked is None:
        return []
    plan = report.plan.locked.planned
    return [
        *_texts(report, plan),
        *_indicators(report, plan),
        *_lists(report, plan),
        *_window(report, plan),
        *_population(report, plan),
        *_anew(report),
    ]


def _texts(report: Report, plan: Planned) -> Iterator[Deviation]:
    """Yield the question and the decision rule where the file now has others: a report cannot tell."""
    for naam in ("vraag", "beslisregel"):
        planned, now = getattr(plan, naam), getattr(report.plan.planned or Planned(), naam)
        if planned != now:
            yield Deviation(PARTS[naam].label, planned, now or NOT_IN_FILE)


def _indicators(report: Report, plan: Planned) -> Iterator[Deviation]:
    named, label = labels(report), PARTS["indicatoren"].label
    for naam in plan.indicatoren:
        if not _computed(report, naam):
            yield Deviation(label, named.get(naam, naam), _why_not(report, naam))
    more = [n for n in report.measuring if n not in plan.indicatoren and _computed(report, n)]
    if more:
        yield Deviation(label, NOT_PLANNED, "; ".join(named[naam] for naam in more))


def _why_not(report: Report, naam: str) -> str:
    if naam in report.background.omitted:
        return "weggelaten uit dit verslag"
    if naam not in report.background.kaarten:
        return "bestaat niet in deze versie van het programma"
    reasons = [r.reden_nvt for r in report.vrijgave.resultaten if r.indicator == naam and r.reden_nvt]
    return f"niet berekend: {reasons[0]}" if reasons else "niet berekend"


def _lists(report: Report, plan: Planned) -> Iterator[Deviation]:
    """Yield the designs and subgroups that were planned and not used, or the other way round."""
    for naam, used, plain in (
        ("ontwerpen", _designs, set[str]()),
        ("subgroepen", _subgroups, _REGIONS),
    ):
        own = {item for indicator in plan.indicatoren for item in used(report, indicator)}
        every = {item for indicator in report.measuring for item in used(report, indicator)}
        planned = getattr(plan, naam)
        for item in (x for x in planned if x not in own):
            yield Deviation(PARTS[naam].label, said(naam, item, {}), _NOT_DONE)
        for item in sorted((own | every) - plain - set(planned)):
            yield Deviation(PARTS[naam].label, NOT_PLANNED, said(naam, item, {}))


def _window(report: Report, plan: Planned) -> Iterator[Deviation]:
    done = report.background.venster
    if plan.venster is not None and plan.venster != done:
        yield Deviation(PARTS["venster"].label, said("venster", plan.venster, {}), said("venster", done, {}))


def _population(report: Report, plan: Planned) -> Iterator[Deviation]:
    """Yield the planned indicators of which the figures in front are about others."""
    for naam in plan.indicatoren:
        if not _computed(report, naam):
            continue
        done = leading(report.vrijgave, naam).variant.fase or EVERY_DAY
        if done != plan.populatie:
            what = f"{PARTS['populatie'].label} bij {labels(report)[naam]}"
            yield Deviation(what, said("populatie", plan.populatie, {}), said("populatie", done, {}))


def _anew(report: Report) -> Iterator[Deviation]:
    """Yield what each later lock changed of the one before it."""
    for lock in report.plan.locked.chain if report.plan.locked else ():
        if lock.earlier is None:
            continue
        for change in differences(lock.earlier.planned, lock.planned, labels(report)):
            what = f"{change.part}, plan opnieuw vastgelegd op {day(lock.datum)}"
            yield Deviation(what, change.planned, change.done)


def unplanned(report: Report, naam: str) -> bool:
    """Whether there is a locked plan, and an indicator is not in it."""
    locked = report.plan.locked
    return locked is not None and naam not in locked.planned.indicatoren


def exploratory(report: Report, naam: str, *, over_time: bool = False) -> tuple[Alinea, ...]:
    """Return in one line what of an indicator was not in the locked plan: all of it, or which parts.

    Designs over time have a heading of their own, apart from all other designs and the subgroups.
    """
    locked = report.plan.locked
    if locked is None:
        return ()
    if unplanned(report, naam):
        return (marked(),)
    groups = set() if over_time else _subgroups(report, naam) - _REGIONS - set(locked.planned.subgroepen)
    more = _designs(report, naam) - set(locked.planned.ontwerpen)
    designs = [code for code in more if by_code()[code].card.panel == over_time]
    parts = [
        *(("subgroepen", item) for item in sorted(groups)),
        *(("ontwerpen", item) for item in sorted(designs)),
    ]
    return (marked([said(what, item, {}) for what, item in parts]),) if parts else ()


def marked(parts: list[str] | None = None) -> Alinea:
    """Return the one mark of what was not planned, with what it is about where that is not all of it."""
    if not parts:
        return Alinea((Tekst(f"{EXPLORATORY}.", "cursief"),))
    words: list[Inline] = [Tekst(f"{EXPLORATORY}: ", "cursief")]
    for part in parts:
        words += [Tekst(part), Tekst("; ")]
    return Alinea((*words[:-1], Tekst(".")))
