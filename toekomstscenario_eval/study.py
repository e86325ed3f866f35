"""The conductor: the only file that knows the whole way from package to release."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from toekomstscenario_eval import estimators
from toekomstscenario_eval.blocks.card import card_output
from toekomstscenario_eval.data import checks, filled
from toekomstscenario_eval.data.example import example_package
from toekomstscenario_eval.data.package import Package, open_package
from toekomstscenario_eval.document.document import Output
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.filling import fill
from toekomstscenario_eval.frames import table
from toekomstscenario_eval.identity import Variant
from toekomstscenario_eval.long_tables import REEKS, SCHATTING, UITSLUITING
from toekomstscenario_eval.passage import Passage, public_facts
from toekomstscenario_eval.protection.policy import DEFAULT, Policy, load_policy
from toekomstscenario_eval.protection.public import OUTSIDE
from toekomstscenario_eval.resources import PACKAGE_VARIABLE
from toekomstscenario_eval.results import Release, bundle, identified
from toekomstscenario_eval.study_baseline import BaselineQuestions
from toekomstscenario_eval.study_groups import GroupQuestions
from toekomstscenario_eval.study_networks import NetworkQuestions
from toekomstscenario_eval.study_panels import PanelQuestions
from toekomstscenario_eval.study_public import Question
from toekomstscenario_eval.summaries import breakdowns, cohorts, engine, facts, phases, registry, teams
from toekomstscenario_eval.types import Card, Finding, Result, Venster

Progress = Callable[[str], None]


def _still(_: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Study(NetworkQuestions, GroupQuestions, BaselineQuestions, PanelQuestions):
    """A checked package: what notebooks and the command line work with.

    Public unless it was opened with `intern=True`: every number is then computed from protected counts, and
    may be shown anywhere. Exact numbers stay inside, and what shows them is marked.

    Attributes
    ----------
    pakket : Package
        In public as it was on the first day of its epoch.
    passage : Passage or None
        How it passes the waist; None inside.

    Examples
    --------
    >>> studie = Study.open()                                   # doctest: +SKIP
    >>> resultaat = studie.bereken("duo_duur", per="proeftuin")  # doctest: +SKIP
    """

    pakket: Package
    bevindingen: tuple[Finding, ...]
    beleid: Policy
    passage: Passage | None = None

    @classmethod
    def open(
        cls,
        pakket: Path | str | None = None,
        *,
        intern: bool = False,
        beleid: str = DEFAULT,
        sleutel: Path | str | None = None,
        voortgang: Progress = _still,
    ) -> Study:
        """Open and check a package.

        Without `pakket` the folder in the environment variable TKS_PAKKET is used, and without
        that the built-in example.

        Parameters
        ----------
        intern : bool
            Exact numbers, for who may see the data themselves; nothing of it may be published.
        beleid : str
            Name of the policy of protection.
        sleutel : path, optional
            The key of this delivery, when it is not where keys are kept; see `tks sleutel`.

        Raises
        ------
        InvoerFout, ControleFout
            When the package cannot be read, or a check blocks.
        OnthullingsFout
            In public, without the key of this delivery, or with a register that does not fit.
        """
        policy = load_policy(beleid)
        source = pakket or os.environ.get(PACKAGE_VARIABLE)
        if source is None:
            voortgang("Voorbeeldpakket klaarzetten")
        map_ = example_package() if source is None else Path(source)
        voortgang("Pakket openen")
        opened = open_package(map_)
        voortgang("Pakket controleren")
        findings = checks.check(opened)
        checks.require_fit(findings)
        voortgang("Sleutel en register" if not intern else "Intern: exacte cijfers")
        return cls.of(opened, findings, policy, intern=intern, sleutel=sleutel)

    @classmethod
    def of(
        cls,
        opened: Package,
        findings: tuple[Finding, ...],
        policy: Policy,
        *,
        intern: bool,
        sleutel: Path | str | None = None,
    ) -> Study:
        """Return the study of a package that is open and was checked; see `open`."""
        if intern:
            return cls(opened, findings, policy)
        passage = Passage.open(opened, policy, option=Path(sleutel) if sleutel else None)
        return cls(passage.package, findings, policy, passage)

    def shown(self, *results: Result) -> tuple[Result, ...]:
        """Return results that may be shown: the register knows of them."""
        if self.passage is not None:
            self.passage.commit(results)
        return results

    def bundel(self, *resultaten: Result) -> Release:
        """Return results as one release, for tables and figures that need more than one."""
        passage = self.passage
        if passage is None:
            return bundle(resultaten)
        stand = passage.waist.epoch.isoformat()
        return bundle(resultaten, policy=self.beleid.naam, rules=self.beleid.regels, stand=stand)

    def geef_vrij(self, *resultaten: Result) -> Release:
        """Refuse: what `bereken` returns is public already."""
        del resultaten
        raise GebruikFout(
            "geef_vrij bestaat niet meer",
            verwacht="een resultaat van bereken is al openbaar, en een tabel, figuur of zin toont het zo",
            herstel="laat geef_vrij weg; zet meer resultaten bij elkaar met studie.bundel(...); exacte "
            "cijfers, voor binnen, geeft Study.open(intern=True)",
        )

    def bereken(
        self,
        indicator: str,
        *,
        per: str | Sequence[str] = (),
        periode: str | None = None,
        van: date | str | None = None,
        tot: date | str | None = None,
        interval: str = "",
        fase: str = "",
        **params: Any,
    ) -> Result:
        """Compute one indicator: the whole, and split by each field in `per`.

        Parameters
        ----------
        indicator : str
            Id of the indicator; see `tks indicatoren`.
        per : str or sequence of str
            `proeftuin`, a field of proeftuin (`proeftuin_soort`) or of huishouden (`gezinsprofiel`).
        periode : str, optional
            `jaar`, `halfjaar` or `kwartaal`: repeat for each calendar part of the window.
        van, tot : date or ISO text, optional
            First day, and the day after the last day; default the window of the package.
        interval : str
            Another interval than usual: `clopper-pearson` for shares, `log-log` for durations,
            `overspreid` for counts (negative binomial; exact rates).
        fase : str
            `vanaf` or `voor`: only the days of proeftuinen from, or before, the start of their own, with
            comparison regions beside them by `proeftuin_soort` and `proeftuin`; default all days.
        **params
            Parameters of the indicator.

        Returns
        -------
        Result
            With `reden_nvt` filled when tables that it needs were not delivered, or nothing of its kind is
            public.
        """
        fields = (per,) if isinstance(per, str) else tuple(dict.fromkeys(per))
        return self.shown(self.computed(indicator, fields, periode, (van, tot), interval, params, fase=fase))[
            0
        ]

    def computed(
        self,
        indicator: str,
        fields: Sequence[str] = (),
        periode: str | None = None,
        bounds: tuple[date | str | None, date | str | None] = (None, None),
        interval: str = "",
        params: Mapping[str, Any] | None = None,
        definition: Variant | None = None,
        readings: Sequence[Package] = (),
        fase: str = "",
    ) -> Result:
        """Return what `bereken` returns, before the register knows of it: for who commits many at once.

        `definition` names one of the multiverse, and `readings` are the packages of the ways to read the
        tables that come before it.
        """
        return self._compute(
            indicator, tuple(fields), (), periode, bounds, interval, params or {}, definition, readings, fase
        )[0]

    def _compute(
        self,
        indicator: str,
        fields: tuple[str, ...],
        added: tuple[str, ...],
        periode: str | None,
        bounds: tuple[date | str | None, date | str | None],
        interval: str,
        params: Mapping[str, Any],
        definition: Variant | None = None,
        readings: Sequence[Package] = (),
        fase: str = "",
        cohort: tuple[str, int] | None = None,
        reason: str = "",
    ) -> tuple[Result, pd.DataFrame]:
        """Compute an indicator by `fields`, unless there is a `reason` not to.

        Also return the summary crossed with the fields `added`.
        """
        what = registry.find(indicator)
        completed = registry.fill_params(what, params)
        venster = self._window(*bounds)
        own_venster = (venster.begin, venster.eind) if venster != self.pakket.venster else None
        if interval:
            estimators.require_interval(what.card.kind, interval, public=not self.intern)
        phases.require(self.pakket, fase)
        plain = definition or Variant(periode or "", own_venster, interval)
        variant = replace(plain, fase=fase, instroom=cohort)
        reden = reason or self.missing(what.card)
        s, r, u = (table((), columns) for columns in (SCHATTING, REEKS, UITSLUITING))
        out = Result(
            what.id,
            what.card,
            completed,
            venster,
            s,
            r,
            u,
            reden_nvt=reden,
            variant=variant,
            labels=breakdowns.labels(),
            intern=self.intern,
            regios=phases.regions(self.pakket, venster, fase),
            starts=cohorts.starts(self.pakket) if cohort else {},
        )
        if reden:
            return identified(out), pd.DataFrame()
        if self.passage is not None:
            public = self._public(self.passage, what, out, fields, periode, interval, readings)
            return identified(public), pd.DataFrame()
        parts = engine.summarise(
            self.pakket,
            what,
            params=completed,
            venster=venster,
            per=tuple(dict.fromkeys((*fields, *added))),
            periode=periode,
            phase=fase,
            team_from=teams.told(self.pakket.ontbreekt, self.beleid.ontwerpeffect_vanaf),
            cohort=cohort,
        )
        per = {"": parts.totaal, **{field: parts.per[field] for field in fields}}
        strata = breakdowns.strata(self.pakket, fields)
        exact = fill(out, per, interval=interval, strata=strata)
        return identified(replace(exact, uitsluitingen=parts.uitsluitingen)), parts.crossed

    def _public(
        self,
        passage: Passage,
        what: registry.Indicator,
        out: Result,
        fields: tuple[str, ...],
        periode: str | None,
        interval: str,
        readings: Sequence[Package],
    ) -> Result:
        """Fill in a result from protected summaries."""
        passage.require_fields(fields)
        found = Question(passage, self.pakket, what, out, fields, periode, readings).summaries()
        public = {name: found[name] for name in ("", *fields, OUTSIDE) if name in found}
        return fill(out, public, interval=interval, strata=breakdowns.strata(self.pakket, fields))

    def missing(self, card: Card) -> str:
        """Return what a card needs and the package lacks; empty when nothing."""
        if self.passage is not None:
            return self.passage.missing(card)
        return self.pakket.ontbreekt(card.tabellen, card.komt_voor) or filled.empty(
            self.pakket, card.tabellen
        )

    def feiten(self) -> tuple[Result, ...]:
        """Return the counts about the package itself: rows, findings, empty fields, who is seen."""
        if self.passage is not None:
            return self.shown(*public_facts(self.passage, self.bevindingen))
        return tuple(
            identified(replace(r, intern=True)) for r in facts.all_facts(self.pakket, self.bevindingen)
        )

    def _window(self, start: date | str | None, stop: date | str | None) -> Venster:
        own = self.pakket.venster
        return Venster(_as_date(start, own.begin, "van"), _as_date(stop, own.eind, "tot"))


def kaart(indicator: str) -> Output:
    """Show the definition of an indicator in a notebook; GebruikFout when there is none of that id."""
    what = registry.find(indicator)
    return card_output(what.id, what.card)


def _as_date(waarde: date | str | None, otherwise: date, naam: str) -> date:
    if waarde is None:
        return otherwise
    try:
        return waarde if isinstance(waarde, date) else date.fromisoformat(waarde)
    except ValueError:
        raise GebruikFout(
            f"'{naam}' is geen bestaande datum", verwacht="JJJJ-MM-DD", kreeg=str(waarde)
        ) from None
