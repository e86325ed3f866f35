"""What the checks found, as a public report may tell it: nothing that a single household decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.summaries import fact_cells
from toekomstscenario_eval.types import Ernst, Finding, Status

_FACT = "bevindingen"
NOTHING_SHOWN = "geen bevinding, of bij enkele huishoudens"
# Of a rule that blocks: everybody can tell from the report that it found nothing.
NOTHING_FOUND = "geen bevinding, want anders was dit verslag er niet"


def public_findings(package: Package, findings: Sequence[Finding], release: Release) -> tuple[Finding, ...]:
    """Return the findings without numbers or rows, at least one for each rule.

    What is about households is told only as far as its published count tells it; so it stays the same until
    that count is drawn anew. What is about the files that were delivered, or about tables without
    households, keeps its status.
    """
    facts = release.resultaat(_FACT)
    shown = [name for summary in facts.publiek.values() for name in sorted(summary.cellen["naam"].unique())]
    return tuple(f for rule in checks.rules() for f in _of_rule(rule, package, findings, shown))


def _of_rule(
    rule: str, package: Package, findings: Sequence[Finding], shown: Sequence[str]
) -> Iterator[Finding]:
    mine = [f for f in findings if f.regel == rule]
    kept = [f for f in mine if _structural(package, f)]
    told = [
        *(replace(f, aantal=0, rijen=()) for f in kept),
        *filter(None, (_failed(rule, name) for name in shown)),
    ]
    yield from told
    # A rule that could not be asked anything says why; that it found nothing is said of one that could.
    if all(f.status is Status.NVT for f in told) and len(kept) < len(mine):
        what = checks.rules()[rule].regel
        text = NOTHING_FOUND if what.ernst is Ernst.FOUT else NOTHING_SHOWN
        yield Finding(rule, Status.GESLAAGD, what.ernst, what.titel, toelichting=text)


def _structural(package: Package, finding: Finding) -> bool:
    """Whether a finding says nothing about households: it is not about them, or its table is not there."""
    needed = dict(checks.rules()[finding.regel].regel.needed)
    if finding.status is Status.NVT:
        if finding.tabel:
            needed.setdefault(finding.tabel, (finding.kolom,) if finding.kolom else ())
        return bool(package.ontbreekt(needed))
    rule = checks.rules()[finding.regel].regel
    # That a rule found nothing stands at no table; what it asks about may be households.
    unclear = finding.status is Status.GESLAAGD and not needed and not rule.structure
    return not unclear and fact_cells.of_no_household(package, finding)


def _failed(rule: str, name: str) -> Finding | None:
    """Return the finding of a rule behind a published name; None when it is another rule's."""
    what = checks.rules()[rule].regel
    spot = name.removeprefix(what.titel)
    if spot == name or (spot and not (spot.startswith(" (") and spot.endswith(")"))):
        return None
    table, _, column = spot[2:-1].partition(".")
    return Finding(
        rule,
        Status.GEFAALD,
        what.ernst,
        what.titel,
        tabel=table,
        kolom=column,
        herstel=what.herstel,
        toelichting=what.uitleg,
    )
