"""Finds the rules, asks the engine their questions in as few scans as possible, makes findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

import ibis.expr.types as ir

from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.checks._support import repeated, smallest
from toekomstscenario_eval.data.checks._vorm import FIRST, Case, Nvt, Rule, Telling, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.resources import modules
from toekomstscenario_eval.types import Finding, Status

Put = Callable[[Package], Iterator[Toets | Telling | Nvt]]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class RuleFile:
    """A rule as found: id (file name), rule, worked cases and the function that asks its questions."""

    id: str
    regel: Rule
    gevallen: tuple[Case, ...]
    toetsen: Put


@dataclass(frozen=True)
class Answer:
    """Answer to one question: violations, first rows, and how many rows were looked at."""

    aantal: int
    rijen: tuple[int, ...]
    bekeken: int


@dataclass(frozen=True)
class Crashed:
    """A question or rule that crashed; only the kind of error, for its text may hold data."""

    soort: str


@cache
def rules() -> Mapping[str, RuleFile]:
    """Return every rule by id, in alphabetical order."""
    return {
        naam: RuleFile(naam, module.RULE, module.CASES, module.toetsen) for naam, module in modules(checks)
    }


def check(package: Package, *, progress: Tell | None = None) -> tuple[Finding, ...]:
    """Check a package against every rule.

    Parameters
    ----------
    package : Package
        An opened package.
    progress : callable, optional
        Called with a short Dutch text before each step.

    Returns
    -------
    tuple of Finding
        At least one per rule, rules in alphabetical order: geslaagd, gefaald (one per table and
        column), niet van toepassing with the reason, or fout when the rule itself crashed.
    """
    return run(package, tuple(rules().values()), progress=progress)


def run(package: Package, rules: Sequence[RuleFile], *, progress: Tell | None = None) -> tuple[Finding, ...]:
    """Check a package against these rules."""
    progress = progress or _silent
    posed = {r.id: _ask(r, package, progress) for r in rules}
    vragen = [v for listing in posed.values() if not isinstance(listing, Crashed) for v in listing]
    answers = _answer([v for v in vragen if isinstance(v, Toets)], progress)
    return tuple(f for r in rules for f in _findings(r, posed[r.id], answers))


def failing(package: Package, findings: Sequence[Finding]) -> Iterator[tuple[Finding, ir.Table]]:
    """Yield each failed finding with the rows of its table that it is about; not those without rows."""
    for finding in findings:
        if finding.status is not Status.GEFAALD or finding.tabel not in package.tabellen:
            continue
        posed = _ask(rules()[finding.regel], package, _silent)
        spot = (finding.tabel, finding.kolom)
        vragen = [] if isinstance(posed, Crashed) else [v for v in posed if isinstance(v, Toets)]
        hits = [_violations(v) for v in vragen if (v.tabel, v.kolom) == spot]
        if hits:
            at = reduce(lambda a, b: a.union(b), hits).distinct()
            yield finding, package.tabellen[finding.tabel].semi_join(at, ROW)


def _violations(vraag: Toets) -> ir.Table:
    rows = repeated(vraag.rijen, vraag.duplicate) if vraag.duplicate else vraag.rijen
    hit = rows if vraag.violation is None else rows.filter(vraag.violation.fill_null(False))
    return hit.select(ROW)


def _silent(text: str) -> None:
    del text


def _ask(file: RuleFile, package: Package, progress: Tell) -> tuple[Toets | Telling | Nvt, ...] | Crashed:
    progress(f"regel {file.id}")
    reden = package.ontbreekt(file.regel.needed)
    if reden:
        return (Nvt(reden),)
    try:
        return tuple(file.toetsen(package))
    except Exception as fout:  # noqa: BLE001 - a crash is reported as the status fout, which blocks
        return Crashed(type(fout).__name__)


def _answer(vragen: Sequence[Toets], progress: Tell) -> dict[int, Answer | Crashed]:
    """Return the answer to each question by its `id()`, in one scan per set of rows."""
    per_source: dict[object, list[Toets]] = {}
    for vraag in vragen:
        per_source.setdefault((vraag.rijen.op(), vraag.duplicate), []).append(vraag)
    out: dict[int, Answer | Crashed] = {}
    for groep in per_source.values():
        progress(f"tabel {groep[0].tabel}: {len(groep)} vragen")
        out.update(zip(map(id, groep), _scan(groep), strict=True))
    return out


def _scan(groep: Sequence[Toets]) -> list[Answer | Crashed]:
    """Answer questions on the same rows; when the scan fails, each apart, so that one cannot hide others."""
    try:
        row = _count(groep)
    except Exception as fout:  # noqa: BLE001 - a crash is reported as the status fout, which blocks
        if len(groep) == 1:
            return [Crashed(type(fout).__name__)]
        return [_scan([vraag])[0] for vraag in groep]
    return [
        Answer(row[f"aantal_{i}"], tuple(row[f"rijen_{i}"] or ()), row["bekeken"]) for i in range(len(groep))
    ]


def _count(groep: Sequence[Toets]) -> dict[str, Any]:
    """Return how many rows were looked at, and of each question the violations and their first rows."""
    rows = groep[0].rijen
    if groep[0].duplicate:
        rows = repeated(rows, groep[0].duplicate)
    maten: dict[str, ir.Scalar] = {"bekeken": rows.count()}
    for i, vraag in enumerate(groep):
        where = vraag.violation
        maten[f"aantal_{i}"] = rows.count(where=where)
        maten[f"rijen_{i}"] = smallest(rows[ROW], FIRST, where=where)
    row: dict[str, Any] = rows.aggregate(**maten).to_pyarrow().to_pylist()[0]
    return row


def _findings(
    file: RuleFile,
    posed: tuple[Toets | Telling | Nvt, ...] | Crashed,
    answers: Mapping[int, Answer | Crashed],
) -> Iterator[Finding]:
    if isinstance(posed, Crashed):
        yield _crashed(file, posed)
        return
    asked, verdicts = 0, []
    for vraag in posed:
        if isinstance(vraag, Nvt):
            verdicts.append(_finding(file, Status.NVT, vraag, remarks=vraag.reden))
            continue
        answer = answers[id(vraag)] if isinstance(vraag, Toets) else _counted(vraag)
        if isinstance(answer, Crashed):
            verdicts.append(_crashed(file, answer, vraag))
        elif answer.aantal:
            verdicts.append(_failed(file, vraag, answer))
        # No rows to look at is no answer; a question whose rows are the violations needs none.
        asked += not isinstance(answer, Crashed) and (
            answer.bekeken > 0 or (isinstance(vraag, Toets) and vraag.violation is None)
        )
    yield from verdicts
    if all(v.status is Status.NVT for v in verdicts):
        if asked:
            vragen = "1 vraag" if asked == 1 else f"{asked} vragen"
            yield _finding(file, Status.GESLAAGD, None, remarks=f"{vragen} gesteld, geen overtreding")
        elif not verdicts:
            yield _finding(file, Status.NVT, None, remarks="er zijn geen rijen om te toetsen")


def _counted(vraag: Telling) -> Answer:
    return Answer(vraag.aantal, vraag.rijen, 1)


def _finding(file: RuleFile, status: Status, vraag: Toets | Telling | Nvt | None, *, remarks: str) -> Finding:
    return Finding(
        regel=file.id,
        status=status,
        ernst=file.regel.ernst,
        titel=file.regel.titel,
        tabel=vraag.tabel if vraag else "",
        kolom=vraag.kolom if vraag else "",
        toelichting=remarks,
    )


def _failed(file: RuleFile, vraag: Toets | Telling, answer: Answer) -> Finding:
    rule = file.regel
    extra = vraag.toelichting if isinstance(vraag, Telling) else ""
    return Finding(
        regel=file.id,
        status=Status.GEFAALD,
        ernst=rule.ernst,
        titel=rule.titel,
        tabel=vraag.tabel,
        kolom=vraag.kolom,
        aantal=answer.aantal,
        rijen=answer.rijen,
        verwacht=vraag.verwacht,
        herstel=vraag.herstel or rule.herstel,
        toelichting=extra or rule.uitleg,
    )


def _crashed(file: RuleFile, fout: Crashed, vraag: Toets | Telling | None = None) -> Finding:
    return Finding(
        regel=file.id,
        status=Status.FOUT,
        ernst=file.regel.ernst,
        titel=file.regel.titel,
        tabel=vraag.tabel if vraag else "",
        kolom=vraag.kolom if vraag else "",
        herstel="lever het bestand opnieuw; blijft het, meld het dan bij de makers van toekomstscenario-eval",
        toelichting=f"de controle liep zelf vast ({fout.soort}), dus er is niets vastgesteld",
    )
