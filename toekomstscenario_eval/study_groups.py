"""The questions about differences between groups that a study answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from toekomstscenario_eval.compared_groups import Comparison
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.estimators import group_tests
from toekomstscenario_eval.estimators.cells.group_cells import compared
from toekomstscenario_eval.identity import PILOT, UNKNOWN
from toekomstscenario_eval.passage import Passage
from toekomstscenario_eval.results import identified
from toekomstscenario_eval.summaries import breakdowns
from toekomstscenario_eval.summaries.phases import BESIDE
from toekomstscenario_eval.types import SITE, SITE_KIND, Result


class GroupQuestions:
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
        fase: str = "",
    ) -> tuple[Result, pd.DataFrame]:
        raise NotImplementedError

    def toets(
        self,
        indicator: str,
        *,
        naar: str = SITE_KIND,
        groepen: Sequence[str] = (),
        binnen: str = "gezinsprofiel",
        per: Sequence[str] = (),
        van: date | str | None = None,
        tot: date | str | None = None,
        fase: str = "",
        **params: Any,
    ) -> Result:
        """Compute one indicator and compare its groups: `bereken`, with tests and differences added.

        Durations get a log-rank test (also within strata; Gray's with competing ends), the difference in
        restricted mean and a Cox model with regions as clusters; scores a mixed model with a random effect
        of the region. All of these count households or lean on many regions: they are too sure for a
        conclusion about proeftuinen. The difference that leads has the region as its unit; `tks.verschil`
        shows it first, for every kind that has figures of all regions.

        In public everything follows from the protected counts: on a grid of days, with the noise, and for
        groups that are large enough. A stratified test, and regions as clusters, need groups and strata that
        are properties of regions; otherwise the row says why it is not there. Of kinds without tests from
        public counts there are none.

        Parameters
        ----------
        naar : str
            Breakdown whose groups are compared.
        groepen : sequence of str
            Compare these groups only, by code or label; default all that are known.
        binnen : str
            Breakdown that a stratified test holds equal; empty for none.
        per : sequence of str
            Other breakdowns to compute. That by proeftuin is computed wherever it may be: it is the cluster.
        van, tot, fase, **params
            As for `bereken`.
        """
        return self.shown(
            self.tested(
                indicator, naar, groepen, binnen=binnen, per=per, bounds=(van, tot), params=params, fase=fase
            )
        )[0]

    def tested(
        self,
        indicator: str,
        naar: str = SITE_KIND,
        groepen: Sequence[str] = (),
        *,
        binnen: str = "gezinsprofiel",
        per: Sequence[str] = (),
        bounds: tuple[date | str | None, date | str | None] = (None, None),
        params: Mapping[str, Any] | None = None,
        fase: str = "",
    ) -> Result:
        """Return what `toets` returns, before the register knows of it: for who commits many at once."""
        sites = (SITE,) if self.passage is None or SITE in self.passage.fields else ()
        fields = tuple(dict.fromkeys((*per, naar, *sites)))
        strata = (binnen,) if binnen and binnen not in (naar, SITE) else ()
        for naam in strata:
            # In public a stratum is not always computed by.
            breakdowns.groups(self.pakket, naam)
        out, crossed = self._compute(indicator, fields, strata, None, bounds, "", params or {}, fase=fase)
        if out.reden_nvt:
            return out
        at = out.schattingen["uitsplitsing"].eq(naar)
        namen = sorted(set(out.schattingen.loc[at, "groep"]) - {UNKNOWN})
        chosen = [out.labels.code(naar, groep) for groep in groepen]
        for groep, code in zip(groepen, chosen, strict=True):
            if code not in namen:
                known = sorted(out.labels.texts(naar, namen))
                raise GebruikFout(f"'{naar}' heeft geen groep '{groep}'", herstel=did_you_mean(groep, known))
        if len(set(chosen)) == 1:
            known = sorted(out.labels.texts(naar, namen))
            raise GebruikFout(
                "één groep is niet te vergelijken",
                verwacht=f"twee of meer groepen van '{naar}': {', '.join(known)}",
                kreeg=", ".join(groepen),
                herstel="noem nog een groep, of noem er geen: dan doen alle groepen mee",
            )
        if self.passage is not None:
            comparison = Comparison(naar, tuple(sorted(chosen)), "".join(strata), self._sites(naar, *strata))
            return identified(compared(out, comparison))
        if not group_tests.comparable(out.card.kind):
            return out
        crossed = self._counting(crossed, naar, fase)
        part = crossed[crossed[naar].isin(chosen or namen)].rename(columns=dict.fromkeys(strata, "stratum"))
        part = part.assign(groep=part[naar], cluster=part[SITE])
        return identified(replace(out, toetsen=group_tests.toets(part, out.card, out.params, naar=naar)))

    def _counting(self, crossed: pd.DataFrame, naar: str, fase: str) -> pd.DataFrame:
        """Return the rows of regions that count in a breakdown; see `Cells.groups_by`."""
        if not fase or naar in BESIDE:
            return crossed
        kinds = breakdowns.strata(self.pakket, (SITE, SITE_KIND))
        return crossed[crossed[SITE].map(kinds).eq(PILOT)]

    def _sites(self, *fields: str) -> dict[str, dict[str, str]]:
        """Return the group by site of every field that is a property of sites and may be public."""
        allowed = self.passage.fields if self.passage else ()
        own = [naam for naam in fields if naam.startswith(f"{SITE}_") and naam in allowed]
        return {naam: breakdowns.strata(self.pakket, (SITE, naam)) for naam in own}
