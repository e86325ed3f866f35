"""How networks pass the waist: from the ties of a package to results made of published counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pandas as pd

from toekomstscenario_eval.estimators.filling import fill
from toekomstscenario_eval.estimators.networks import network_cards, network_results
from toekomstscenario_eval.estimators.networks.compared import OVERLEG, VERGELIJKING
from toekomstscenario_eval.estimators.networks.rows import NONE, result
from toekomstscenario_eval.identity import Variant
from toekomstscenario_eval.passage import Passage
from toekomstscenario_eval.protection.drawing import no_cells
from toekomstscenario_eval.protection.public import OUTSIDE
from toekomstscenario_eval.results import identified
from toekomstscenario_eval.summaries.engine import nothing
from toekomstscenario_eval.summaries.phases import regions
from toekomstscenario_eval.summaries.tie_cells import Counting, Members, organisations
from toekomstscenario_eval.summaries.ties import NetworkTables
from toekomstscenario_eval.types import SITE, SITE_KIND, Card, Result

# Each network that is split is split by these, as far as the policy allows.
FIELDS = (SITE_KIND, SITE, "gezinsprofiel", "proeftuin_regio")
_COMPARED = (
    "netwerken van regio's worden alleen binnen getoetst: de toets rust op professionals en huishoudens elk "
    "apart"
)


@dataclass(frozen=True)
class PublicNetworks:
    """The networks of one window of a package, as they may be shown."""

    passage: Passage
    source: NetworkTables

    def shared(self, periode: str | None = None) -> Result:
        """Return the network of sharing households, of the whole window or of each part of it."""
        card = network_cards.TIME if periode else network_cards.NETWERK
        reason = network_results.reason(self.source)
        return self._result(network_results.NETWERK, card, reason, periode)

    def meetings(self, periode: str | None = None) -> Result:
        """Return who meets about a household."""
        reason = network_results.reason(self.source) or self.source.missing(network_cards.OVERLEG.tabellen)
        return self._result(OVERLEG, network_cards.OVERLEG, reason, periode, meetings=True)

    def compared(self) -> Result:
        """Return the comparison of sites, that is made inside only."""
        reason = network_results.reason(self.source) or _COMPARED
        return identified(result(self.source, VERGELIJKING, network_cards.VERGELIJKING, [], [], reden=reason))

    def _result(
        self, naam: str, card: Card, reason: str, periode: str | None, *, meetings: bool = False
    ) -> Result:
        variant = Variant(periode=periode) if periode else self.source.variant
        out = result(self.source, naam, card, [], [], reden=reason, variant=variant)
        out = replace(out, regios=regions(self.source.pakket, self.source.venster))
        if reason:
            return identified(out)
        p = self.passage
        # Another split by period is the same question.
        recipe = "|".join((naam, card.versie, p.window(self.source.venster)))
        ends = p.periods(self.source.venster, periode)
        fields = () if meetings else tuple(f for f in FIELDS if f in p.fields)
        if not any(p.waist.shows(card.kind, per) for per in ("", *fields)):
            return self._too_small(out, recipe, fields, periode, ends)
        parts = self._counting(periode) if periode else self._whole
        members = Members.of(self.source.pakket, p.keys, fields)
        counted = {
            label: one.meetings() if meetings else one.shared(organisations=periode is None)
            for label, one in parts.items()
        }
        days = {label: one.source.days for label, one in parts.items()}
        found = p.waist.protect(recipe, members.summaries(counted, days, fields), ends=ends)
        gone = [members.cells(one.nobody(NONE), "").assign(periode=k) for k, one in parts.items()]
        public = {**found, OUTSIDE: p.outside(recipe, pd.concat(gone, ignore_index=True), ends)}
        return identified(fill(out, public, strata=self.source.strata(fields)))

    def _too_small(
        self, out: Result, recipe: str, fields: Sequence[str], periode: str | None, ends: Mapping[str, date]
    ) -> Result:
        """Return a network of which nothing may be shown, without computing it."""
        p, source = self.passage, self.source
        sources = source.parts(periode) if periode else {"": source}
        none = nothing(out.card.kind, {label: part.days for label, part in sources.items()})
        found = p.waist.protect(recipe, dict.fromkeys(("", *fields), none), ends=ends)
        return identified(
            fill(out, {**found, OUTSIDE: p.outside(recipe, no_cells(), ends)}, strata=source.strata(fields))
        )

    @cached_property
    def _whole(self) -> Mapping[str, Counting]:
        return self._counting(None)

    def _counting(self, periode: str | None) -> Mapping[str, Counting]:
        """Return what households count in the window, or in each part of it."""
        package = self.source.pakket
        numbers = organisations(package)
        known = self.passage.waist.secret.codes(numbers["organisatie_id"].astype(str).tolist())
        codes = dict(zip(numbers["organisatie"].tolist(), known, strict=True))
        sources = self.source.parts(periode) if periode else {"": self.source}
        out = {}
        for label, source in sources.items():
            data, together = network_results.load(source)
            out[label] = Counting(source, data.banden, data.naast, data.reach, together, codes)
        return out
