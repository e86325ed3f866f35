"""One question at the waist: from an indicator to its protected summaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.definitions import Definition, near, require_public
from toekomstscenario_eval.identity import FROM, PILOT, Variant
from toekomstscenario_eval.passage import Passage
from toekomstscenario_eval.protection.drawing import no_cells
from toekomstscenario_eval.protection.public import OUTSIDE, PublicSummary
from toekomstscenario_eval.summaries import breakdowns, engine, phases, teams
from toekomstscenario_eval.summaries.registry import Indicator
from toekomstscenario_eval.types import SITE, SITE_KIND, Result


@dataclass(frozen=True)
class Question:
    """What is asked of an indicator in public.

    Attributes
    ----------
    package : Package
        With the tables as this definition reads them.
    out : Result
        Parameters, window and variant.
    fields : tuple of str
        Breakdowns that are asked; those of the policy are judged with them.
    readings : sequence of Package
        The same as `package` of the ways to read the tables before it.
    """

    passage: Passage
    package: Package
    what: Indicator
    out: Result
    fields: tuple[str, ...]
    periode: str | None
    readings: Sequence[Package] = ()

    def summaries(self) -> dict[str, PublicSummary]:
        """Return the protected summaries by breakdown, and what was left out of the whole."""
        found = self._judged()
        beside = [per for per in phases.BESIDE if per in self.fields]
        if not (self.out.variant.fase and beside):
            return found
        # Comparison regions keep the calendar: they show what they show without the phase, no more.
        plain = replace(self.out, variant=replace(self.out.variant, fase=""))
        calendar = replace(self, out=plain)._judged()
        return found | {
            per: found[per].beside(calendar[per], phases.beside(self.package, per)) for per in beside
        }

    def _judged(self) -> dict[str, PublicSummary]:
        """Return the same of one population; worked out once per package."""
        self.passage.require_fields(self.fields)
        # Another interval, or a split by period, is the same question; so is a definition that its choices
        # tell, and not the way in which the tables are read.
        reading = self.package is not self.passage.package
        own = self.out.variant
        variant = Variant(definitie=own.definitie if reading else None, fase=own.fase, instroom=own.instroom)
        asked = replace(self.out, variant=variant).sleutel
        recipe = "|".join((asked, self.what.card.versie, self.passage.window(self.out.venster)))
        # All that may ever be asked is judged together: what leaves never depends on what was asked first. In
        # one order, so that another selection of it is the same question.
        may = self.passage.fields
        if own.instroom:
            # Once more by profile or region would be one split of small groups too many.
            may = tuple(field for field in phases.BESIDE if field in may)
        judged = tuple(dict.fromkeys((*may, *self.fields)))
        key = ("beschermd", recipe, self.periode or "", *judged)
        if key not in self.package.memory:
            self.package.memory[key] = self._drawn(recipe, judged)
        found: dict[str, PublicSummary] = self.package.memory[key]
        return found

    def _drawn(self, recipe: str, judged: tuple[str, ...]) -> dict[str, PublicSummary]:
        passage, out, phase = self.passage, self.out, self.out.variant.fase
        asked = Definition(self.package, out.params, phase)
        require_public(self.what, asked, readings=int(self.package is not passage.package))
        cohort = out.variant.instroom
        ends = (
            passage.cohort_ends(out.venster, cohort) if cohort else passage.periods(out.venster, self.periode)
        )
        kind, leads = self.what.card.kind, self._leads()
        # What is too small to be shown is not computed.
        large = tuple(field for field in judged if passage.waist.shows(kind, field, leads))
        days = (
            dict.fromkeys(ends, cohort[1])
            if cohort
            else engine.days_of(self.package, out.venster, self.periode)
        )
        none = engine.nothing(kind, days)
        per = dict.fromkeys(("", *judged), none)
        alike: dict[str, frozenset[str]] = {}
        gone: pd.DataFrame | None = no_cells()
        if large or passage.waist.shows(kind, "", leads):
            parts = engine.summarise(
                self.package,
                self.what,
                params=out.params,
                venster=out.venster,
                per=large,
                periode=self.periode,
                keys=passage.keys,
                phase=phase,
                # From how many on it is published is decided by published numbers.
                team_from=teams.told(passage.lacks, 0),
                seen=None if cohort else lambda rows: asked.remember(self.what, out.venster, rows),
                cohort=cohort,
            )
            # A panel has one definition, and shares no period with any other figure.
            alike = (
                {}
                if cohort
                else near(
                    self.what,
                    asked,
                    out.venster,
                    passage.fields,
                    plain=passage.package,
                    readings=self.readings,
                    threshold=passage.waist.policy.drempel,
                )
            )
            per |= {"": parts.totaal, **{field: parts.per[field] for field in large}}
            gone = parts.gone
        apart = {field: phases.beside(self.package, field) for field in judged} if phase else {}
        step = self.what.card.stap
        kinds = breakdowns.strata(self.package, (SITE, SITE_KIND))
        found = passage.waist.protect(
            recipe,
            per,
            stap=step,
            ends=ends,
            near=alike,
            apart=apart,
            leads=leads,
            phase=bool(phase),
            kinds=kinds,
        )
        outside = {} if gone is None else {OUTSIDE: passage.outside(recipe, gone, ends, phase=bool(phase))}
        return found | outside

    def _leads(self) -> dict[str, frozenset[str]] | None:
        """Return the groups in which this is the population that leads; None: everywhere.

        Proeftuinen lead from their start on, and comparison regions by the calendar.
        """
        phase = self.out.variant.fase
        pilots = PILOT in phases.regions(self.package, self.out.venster)
        if phase == FROM or not pilots or phases.lacking(self.package):
            return None
        return {} if phase else {field: phases.beside(self.package, field) for field in phases.BESIDE}
