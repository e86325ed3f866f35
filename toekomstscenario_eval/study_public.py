"""One question at the waist: from an indicator to its protected summaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toekomstscenario_eval import definitions
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.identity import Variant
from toekomstscenario_eval.passage import Passage
from toekomstscenario_eval.protection.public import OUTSIDE, PublicSummary
from toekomstscenario_eval.summaries import engine, phases
from toekomstscenario_eval.summaries.registry import Indicator
from toekomstscenario_eval.types import Result


def summaries(
    passage: Passage,
    package: Package,
    what: Indicator,
    out: Result,
    fields: tuple[str, ...],
    periode: str | None,
    readings: Sequence[Package],
) -> dict[str, PublicSummary]:
    """Return the protected summaries of a question by breakdown, and what was left out of the whole.

    Parameters
    ----------
    package : Package
        With the tables as this definition reads them.
    out : Result
        The question: parameters, window and variant.
    fields : tuple of str
        Breakdowns that are asked; those of the policy are judged with them.
    readings : sequence of Package
        The same as `package` of the ways to read the tables before it.
    """
    found = _judged(passage, package, what, out, fields, periode, readings)
    if not out.variant.fase:
        return found
    # Comparison regions keep the calendar: they show what they show without the phase, no more.
    plain = replace(out, variant=replace(out.variant, fase=""))
    calendar = _judged(passage, package, what, plain, fields, periode, readings)
    both = {per: phases.beside(package, per) for per in phases.BESIDE if per in found}
    return found | {per: found[per].beside(calendar[per], groups) for per, groups in both.items()}


def _judged(
    passage: Passage,
    package: Package,
    what: Indicator,
    out: Result,
    fields: tuple[str, ...],
    periode: str | None,
    readings: Sequence[Package],
) -> dict[str, PublicSummary]:
    """Return the same of one population; worked out once per package."""
    passage.require_fields(fields)
    # Another interval, or a split by period, is the same question.
    variant = Variant(definitie=out.variant.definitie, fase=out.variant.fase)
    asked = replace(out, variant=variant).sleutel
    recipe = "|".join((asked, what.card.versie, passage.window(out.venster)))
    # All that may ever be asked is judged together: what leaves never depends on what was asked first.
    judged = tuple(dict.fromkeys((*fields, *passage.fields)))
    key = ("beschermd", recipe, periode or "", *judged)
    if key not in package.memory:
        package.memory[key] = _drawn(passage, package, what, out, recipe, judged, periode, readings)
    found: dict[str, PublicSummary] = package.memory[key]
    return found


def _drawn(
    passage: Passage,
    package: Package,
    what: Indicator,
    out: Result,
    recipe: str,
    judged: tuple[str, ...],
    periode: str | None,
    readings: Sequence[Package],
) -> dict[str, PublicSummary]:
    phase = out.variant.fase
    asked = definitions.Definition(package, out.params, phase)
    definitions.require_public(what, asked, readings=int(package is not passage.package))
    ends = passage.periods(out.venster, periode)
    near = definitions.near(
        what,
        asked,
        out.venster,
        passage.fields,
        plain=passage.package,
        readings=readings,
        threshold=passage.waist.policy.drempel,
    )
    parts = engine.summarise(
        package,
        what,
        params=out.params,
        venster=out.venster,
        per=judged,
        periode=periode,
        keys=passage.keys,
        phase=phase,
    )
    per = {"": parts.totaal, **{field: parts.per[field] for field in judged}}
    apart = {field: phases.beside(package, field) for field in judged} if phase else {}
    found = passage.waist.protect(recipe, per, stap=what.card.stap, ends=ends, near=near, apart=apart)
    return found | ({} if parts.gone is None else {OUTSIDE: passage.outside(recipe, parts.gone, ends)})
