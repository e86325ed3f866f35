"""The questions about regions over time that a study answers: panels of flows, for designs that compare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.passage import COHORT_DAYS, Passage
from toekomstscenario_eval.summaries import cohorts, phases, registry
from toekomstscenario_eval.types import Result

_PERIOD = "kwartaal"
_NO_PANEL = "deze soort indicator heeft geen cijfer per regio en instroomperiode"
_NO_SMALL = "bij dit beleid blijven kleine cellen weg: een paneel zonder die cellen geeft een scheef beeld"
_TOO_SMALL = "bij zo weinig huishoudens is geen cijfer per instroomperiode openbaar"


class PanelQuestions:
    """Methods of `Study`, which has the package and how it passes the waist (None inside)."""

    pakket: Package
    passage: Passage | None

    def shown(self, *results: Result) -> tuple[Result, ...]:
        """Return results that may be shown; see `Study`."""
        raise NotImplementedError

    def _compute(
        self,
        indicator: str,
        fields: tuple[str, ...],
        added: tuple[str, ...],
        periode: str | None,
        bounds: tuple[date | str | None, date | str | None],
        interval: str,
        params: Mapping[str, Any],
        *,
        cohort: tuple[str, int] | None = None,
        reason: str = "",
    ) -> tuple[Result, pd.DataFrame]:
        raise NotImplementedError

    def paneel(self, indicator: str, *, periode: str = "", dagen: int | None = None, **params: Any) -> Result:
        """Compute one indicator for every region and calendar period of entry, for designs over time.

        A household counts in the period in which it entered, with the first `dagen` days from its entry on:
        no household stands in two periods, and all are seen equally long.

        Parameters
        ----------
        indicator : str
            Id of a share or a count of households; see `tks indicatoren`.
        periode : str
            `maand`, `kwartaal`, `halfjaar` or `jaar`. In public one is possible at each size: half-years from
            100 households on, quarters from 1,500.
        dagen : int, optional
            Default 90, in public no other.
        **params
            Parameters of the indicator.

        Returns
        -------
        Result
            The first estimand of the indicator; with `reden_nvt` when there is no panel of it.
        """
        return self.shown(self.panelled(indicator, periode, dagen, params))[0]

    def panelled(
        self,
        indicator: str,
        periode: str = "",
        days: int | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Result:
        """Return what `paneel` returns, before the register knows of it: for who commits many at once."""
        what, own = registry.find(indicator), params or {}
        cohort, reason = self._cohort(periode, days), ""
        if not cohorts.HAS_PANEL[what.card.kind]:
            reason = _NO_PANEL
        elif self.passage is not None and not self.passage.waist.policy.cellen_onder_drempel:
            reason = _NO_SMALL
        elif self.passage is not None and self.passage.cohort is None:
            reason = _TOO_SMALL
        elif self.passage is not None:
            require_default(what, own)
        out, _ = self._compute(
            indicator, phases.BESIDE, (), None, (None, None), "", own, cohort=cohort, reason=reason
        )
        return out

    def _cohort(self, periode: str, days: int | None) -> tuple[str, int]:
        """Return the period and the days of a panel: as asked, or as they are at this size in public.

        Raises
        ------
        GebruikFout
            In public for any other than the one that is possible.
        """
        public = self.passage.cohort if self.passage is not None else None
        usual = public or (_PERIOD, COHORT_DAYS)
        asked = (periode or usual[0], usual[1] if days is None else days)
        if public and asked != public:
            raise GebruikFout(
                "dit paneel is niet openbaar te maken",
                verwacht=f"instroom per {public[0]}, eerste {public[1]} dagen",
                kreeg=f"instroom per {asked[0]}, eerste {asked[1]} dagen",
                herstel="laat periode en dagen weg, of werk binnen met --intern",
            )
        return asked


def require_default(what: registry.Indicator, params: Mapping[str, Any]) -> None:
    """Refuse a panel by another choice than the default of the card: it would be drawn beside that one."""
    filled = registry.fill_params(what, params)
    for naam, param in what.card.params.items():
        if filled[naam] != param.standaard:
            raise GebruikFout(
                f"een openbaar paneel kent alleen de standaardwaarde van '{naam}'",
                verwacht=str(param.standaard),
                kreeg=str(filled[naam]),
                herstel="laat de keuze weg, of werk binnen met --intern",
            )
