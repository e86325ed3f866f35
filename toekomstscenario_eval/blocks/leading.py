"""Which result leads: that of proeftuinen from their start on, with comparison regions beside them."""

from __future__ import annotations

from dataclasses import replace

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.whose import begun, moment
from toekomstscenario_eval.identity import BEFORE, COMPARISON, FROM, PHASES, PILOT
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE_KIND, Result

_FROM_START = f"alleen hun dagen {PHASES[FROM]}"
_ALL_DAYS = "ook hun dagen voor de start"


def in_phase(vrijgave: Release, key: str, phase: str) -> Result | None:
    """Return the same question in a phase; None when the release does not have it, or it does not apply."""
    own = access.released(vrijgave, key)
    asked = replace(own, variant=replace(own.variant, fase=phase)).sleutel
    found = next((r for r in vrijgave.resultaten if r.sleutel == asked), None)
    return None if found is None or found.reden_nvt else found


def leading(vrijgave: Release, key: str) -> Result:
    """Return the result that leads: of proeftuinen from their start on, with comparison regions beside them.

    Without phases in the release, or where nothing of it applies, the result itself.
    """
    own = access.released(vrijgave, key)
    found = None if own.reden_nvt or own.variant.fase else in_phase(vrijgave, key, FROM)
    return own if found is None or SITE_KIND not in access.breakdowns(found) else found


def kinds(r: Result) -> list[str]:
    """Return the kinds of region that stand beside each other in a result, proeftuinen first."""
    if SITE_KIND not in access.breakdowns(r):
        return []
    there = set(access.rows(r, uitsplitsing=SITE_KIND)["groep"])
    return [kind for kind in (PILOT, COMPARISON) if kind in there]


def days_note(results: list[Result]) -> list[str]:
    """Return which days of proeftuinen count in a table of these results; of a stand, on which day it is."""
    told = [r for r in results if PILOT in r.regios and not r.reden_nvt]
    stands = [r for r in told if r.card.op_een_dag]
    others = [r for r in told if not r.card.op_een_dag]
    return [*_days(others), *_stands(stands, named=bool(others))]


def _days(told: list[Result]) -> list[str]:
    late = [r for r in told if r.variant.fase == FROM]
    if not told:
        return []
    if len(late) == len(told):
        return [f"Proeftuinen: {_FROM_START}. Vergelijkingsregio's: het hele venster."]
    if not late:
        return [f"Proeftuinen: {_ALL_DAYS}."]
    other = "; ".join(r.card.label for r in told if r not in late)
    return [f"Proeftuinen: {_FROM_START}; bij deze indicatoren {_ALL_DAYS}: {other}."]


def _stands(stands: list[Result], *, named: bool) -> list[str]:
    """Return the day of every stand, and which proeftuinen count on it; `named`: others stand beside them."""
    of: dict[str, list[str]] = {}
    for r in stands:
        own = "" if r.variant.fase == BEFORE else f", van proeftuinen {begun(r)}"
        text = f"Stand {moment(r)}{own}"
        of.setdefault(text, []).append(r.card.label)
    return [
        f"{text}: {'; '.join(labels)}." if named or len(of) > 1 else f"{text}." for text, labels in of.items()
    ]
