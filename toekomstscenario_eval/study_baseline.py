"""The question who the households are, that a study answers with the baseline table."""

from __future__ import annotations

from collections.abc import Sequence

from toekomstscenario_eval.blocks.baseline import baseline_blocks
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.designs import DESCRIBES
from toekomstscenario_eval.document.document import Output
from toekomstscenario_eval.identity import BEFORE, FROM
from toekomstscenario_eval.passage import Passage
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.summaries import phases, registry
from toekomstscenario_eval.types import SITE, SITE_KIND, Result


class BaselineQuestions:
    """Methods of `Study`, which has the package and how it passes the waist (None inside)."""

    pakket: Package
    passage: Passage | None

    def computed(self, indicator: str, fields: Sequence[str] = (), *, fase: str = "") -> Result:
        """See `Study.computed`."""
        raise NotImplementedError

    def shown(self, *results: Result) -> tuple[Result, ...]:
        """See `Study.shown`."""
        raise NotImplementedError

    def bundel(self, *resultaten: Result) -> Release:
        """See `Study.bundel`."""
        raise NotImplementedError

    def basistabel(self) -> Output:
        """Show who the households are: proeftuinen before and from their start, and comparison regions.

        Without start dates proeftuinen are shown over the whole window.
        """
        release = self.bundel(*self.shown(*self.computed_baseline()))
        return Output(baseline_blocks(release), release.id)

    def computed_baseline(self) -> tuple[Result, ...]:
        """Return what the baseline table shows, before the register knows of it."""
        return tuple(
            self.computed(naam, fields, fase=phase)
            for naam, what in registry.all_indicators().items()
            if DESCRIBES[what.card.kind]
            for fields, phase in self.baseline_questions()
        )

    def baseline_questions(self) -> list[tuple[tuple[str, ...], str]]:
        """Return the breakdowns and the phase of everything that the baseline table asks of a characteristic.

        Of a whole that is too small for breakdowns the headline populations only.
        """
        if phases.lacking(self.pakket):
            return [((SITE, SITE_KIND), "")]
        asked: list[tuple[tuple[str, ...], str]] = [((SITE, SITE_KIND), FROM)]
        if self.passage is None or self.passage.breaks_down:
            asked.append(((SITE_KIND,), BEFORE))
        return asked
