"""What a report computes, as a list of tasks, and who does them: this process, or two at once.

Most of the time of a small package goes into writing the queries, which one process does with one
core. A second process then takes half of the tasks. On a large package the engine keeps all cores
busy by itself, and a second one would only take memory.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.designs import DESCRIBES
from toekomstscenario_eval.identity import BEFORE, FROM
from toekomstscenario_eval.making import multiverse
from toekomstscenario_eval.making.workers import Support, both
from toekomstscenario_eval.periods import has_whole
from toekomstscenario_eval.protection.policy import Policy
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import cohorts, phases, registry
from toekomstscenario_eval.types import SITE, SITE_KIND, Result

_SMALL = 7_000_000  # rows of the package; above this the engine keeps two cores busy by itself
_NETWERK = "samenwerkingsnetwerk"
# How the regions are told apart, and then the subgroups: of every report, and of a locked plan.
_REGIONS, _SUBGROUPS = (SITE, SITE_KIND), ("gezinsprofiel",)
# Queries are built from very many small objects, hardly any of them garbage that only a round finds.
_ROUND = 100_000


@dataclass(frozen=True)
class Task:
    """One result to compute: a question to `Study`, or a definition of the multiverse.

    `toets`: with tests between the groups (`Study.toets`), else without (`Study.bereken`).
    """

    indicator: str
    vraag: Mapping[str, Any] = field(default_factory=dict)
    definitie: multiverse.Specification | None = None
    toets: bool = False

    def run(self, study: Study) -> tuple[Result, ...]:
        """Compute the result."""
        if self.definitie is not None:
            return tuple(multiverse.run(study, self.indicator, [self.definitie]))
        if self.toets:
            return (study.tested(self.indicator, **self.vraag),)
        vraag = dict(self.vraag)
        per, periode, phase = vraag.pop("per", ()), vraag.pop("periode", None), vraag.pop("fase", "")
        fields = (per,) if isinstance(per, str) else tuple(per)
        return (study.computed(self.indicator, fields, periode, params=vraag, fase=phase),)


@dataclass(frozen=True)
class NetworkTask:
    """The network analysis of the whole window, or of each period."""

    periode: str | None = None

    def run(self, study: Study) -> tuple[Result, ...]:
        """Compute the results."""
        return study.computed_networks(periode=self.periode)


@dataclass(frozen=True)
class PanelTask:
    """The panel of an indicator by period of entry, for designs over time."""

    indicator: str

    def run(self, study: Study) -> tuple[Result, ...]:
        """Compute the result."""
        return (study.panelled(self.indicator),)


AnyTask = Task | NetworkTask | PanelTask


def tasks(
    study: Study,
    indicators: Collection[str] | None = None,
    outcomes: Collection[str] = (),
    subgroups: Collection[str] = (),
) -> list[AnyTask]:
    """Return what the report shows: all of core and chosen ones, the headline of the others, networks.

    The two longest tasks stand at the ends, where two processes begin.

    Parameters
    ----------
    indicators : collection of str, optional
        Only these; the networks go with `samenwerkingsnetwerk`.
    outcomes : collection of str
        Those that the researcher chose beforehand: each gets a chapter, as a core indicator does.
    subgroups : collection of str
        Breakdowns that the researcher chose beforehand, beside those of every report.
    """
    namen = registry.all_indicators() if indicators is None else indicators
    netwerk, phased = _NETWERK in namen, not phases.lacking(study.pakket)
    whole_years = has_whole(study.pakket.venster, "jaar", study.pakket.peildatum)
    out: list[AnyTask] = [NetworkTask()] if netwerk else []
    for what in registry.all_indicators().values():
        if what.id not in namen:
            continue
        if DESCRIBES[what.card.kind] and what.id not in outcomes:
            out += [Task(what.id, {"per": per, "fase": phase}) for per, phase in study.baseline_questions()]
            continue
        missing = study.missing(what.card)
        if not what.card.kern and what.id not in outcomes:
            out += [Task(what.id, {"per": SITE_KIND, "fase": FROM})] if phased and not missing else []
            out.append(Task(what.id, {"per": SITE_KIND}))
            out += [] if missing else _side_by_side(what)
            continue
        phases_apart = phased and not missing
        lead: dict[str, Any] = {"per": tuple(dict.fromkeys((*_REGIONS, *_SUBGROUPS, *subgroups)))}
        lead |= {"fase": FROM} if phases_apart else {}
        out.append(Task(what.id, lead, toets=True))
        out += [Task(what.id, {"per": SITE_KIND})] if phases_apart else []
        if missing:
            continue
        out += [Task(what.id, {"per": SITE_KIND, "periode": "jaar"})] if whole_years else []
        out += [Task(what.id, {"per": SITE_KIND, "fase": BEFORE})] if phased else []
        for naam, param in what.card.params.items():
            otherwise = [choice for choice in param.keuzes if choice != param.standaard]
            out += [Task(what.id, {"per": SITE_KIND, naam: choice}) for choice in otherwise]
        out += [Task(what.id, {}, spec) for spec in multiverse.one_at_a_time(study, what.id)]
    out += _panels(study, namen, outcomes) if phased else []
    return [*out, NetworkTask("jaar")] if netwerk and whole_years else out


def _panels(study: Study, namen: Collection[str], outcomes: Collection[str]) -> list[PanelTask]:
    """Return the panels of the outcomes that were chosen beforehand, or of the core when none were."""
    return [
        PanelTask(what.id)
        for what in registry.all_indicators().values()
        if what.id in namen
        and (what.id in outcomes if outcomes else what.card.kern)
        and cohorts.HAS_PANEL[what.card.kind]
        and not study.missing(what.card)
    ]


def _side_by_side(what: registry.Indicator) -> list[Task]:
    """Return the kinds of region for the other values of the parameter that the report draws side by side."""
    naam = what.card.naast_elkaar
    if not naam:
        return []
    param = what.card.params[naam]
    return [
        Task(what.id, {"per": SITE_KIND, naam: choice})
        for choice in param.keuzes
        if choice != param.standaard
    ]


@contextmanager
def _fewer_rounds() -> Iterator[None]:
    """Let Python look for garbage less often."""
    plain = gc.get_threshold()
    gc.set_threshold(_ROUND, *plain[1:])
    try:
        yield
    finally:
        gc.set_threshold(*plain)


def run(
    study: Study,
    tasks: Sequence[AnyTask],
    support: Support = None,
    sleutel: Path | str | None = None,
) -> list[Result]:
    """Compute the tasks, in their order; together with the helper where that pays.

    The register does not know of the answers yet; see `Study.shown`.
    """
    rows = sum(b.rijen for b in study.pakket.bestanden.values())
    if support is not None and rows > _SMALL:
        support.shutdown(wait=False, cancel_futures=True)  # it would only hold memory
        support = None
    if support is not None:
        _one_thread(study)
    with _fewer_rounds():
        parts = both(
            support,
            tasks,
            here=lambda task: task.run(study),
            there=_help,
            first=lambda h: h.submit(_open, study.pakket.map, study.beleid, study.intern, sleutel),
        )
    return [r for part in parts for r in part]


def _one_thread(study: Study) -> None:
    """Give each of the two engines one core: with two each they wait for each other."""
    study.pakket.con.raw_sql("SET threads = 1")


_STUDY: list[Study] = []


def load() -> None:
    """Do nothing: to get here, a helper loads this module and what it needs."""


def _open(map_: Path, policy: Policy, intern: bool, sleutel: Path | str | None) -> None:
    """Open the package in the helper; it was checked before."""
    gc.set_threshold(_ROUND, *gc.get_threshold()[1:])
    _STUDY.append(Study.of(open_package(map_), (), policy, intern=intern, sleutel=sleutel))
    _one_thread(_STUDY[0])


def _help(task: AnyTask) -> tuple[Result, ...]:
    return task.run(_STUDY[0])
