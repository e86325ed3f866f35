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
from toekomstscenario_eval.disclosure.policy import load_policy
from toekomstscenario_eval.making import multiverse
from toekomstscenario_eval.making.workers import Hulp, both
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import SITE, SITE_KIND, Result

_KLEIN = 7_000_000  # rows of the package; above this the engine keeps two cores busy by itself
_NETWERK = "samenwerkingsnetwerk"
_UITSPLITSINGEN = (SITE, SITE_KIND, "gezinsprofiel")
# Queries are built from very many small objects, hardly any of them garbage that only a round finds.
_RONDE = 100_000


@dataclass(frozen=True)
class Taak:
    """One result to compute: a question to `Study`, or a definition of the multiverse.

    `toets`: with tests between the groups (`Study.toets`), else without (`Study.bereken`).
    """

    indicator: str
    vraag: Mapping[str, Any] = field(default_factory=dict)
    definitie: multiverse.Specification | None = None
    toets: bool = False

    def run(self, studie: Study) -> tuple[Result, ...]:
        """Compute the result; unreleased."""
        if self.definitie is not None:
            return tuple(multiverse.run(studie, self.indicator, [self.definitie]))
        vraag = studie.toets if self.toets else studie.bereken
        return (vraag(self.indicator, **self.vraag),)


@dataclass(frozen=True)
class Netwerktaak:
    """The network analysis of the whole window, or of each period."""

    periode: str | None = None

    def run(self, studie: Study) -> tuple[Result, ...]:
        """Compute the results; unreleased."""
        return studie.netwerkanalyse(periode=self.periode)


def tasks(studie: Study, indicatoren: Collection[str] | None = None) -> list[Taak | Netwerktaak]:
    """Return what the report shows: all of the core indicators, the headline of the others, networks.

    The two longest tasks stand at the ends, where two processes begin.

    Parameters
    ----------
    indicatoren : collection of str, optional
        Only these; the networks go with `samenwerkingsnetwerk`.
    """
    namen = registry.all_indicators() if indicatoren is None else indicatoren
    netwerk = _NETWERK in namen
    uit: list[Taak | Netwerktaak] = [Netwerktaak()] if netwerk else []
    for wat in registry.all_indicators().values():
        if wat.id not in namen:
            continue
        ontbreekt = studie.pakket.ontbreekt(wat.card.tabellen, wat.card.komt_voor)
        if not wat.card.kern:
            uit.append(Taak(wat.id, {"per": SITE_KIND}))
            uit += [] if ontbreekt else _side_by_side(wat)
            continue
        uit.append(Taak(wat.id, {"per": _UITSPLITSINGEN}, toets=True))
        if ontbreekt:
            continue
        uit.append(Taak(wat.id, {"periode": "jaar"}))
        for naam, param in wat.card.params.items():
            anders = [keuze for keuze in param.keuzes if keuze != param.standaard]
            uit += [Taak(wat.id, {"per": SITE_KIND, naam: keuze}) for keuze in anders]
        uit += [Taak(wat.id, {}, spec) for spec in multiverse.one_at_a_time(studie, wat.id)]
    return [*uit, Netwerktaak("jaar")] if netwerk else uit


def _side_by_side(wat: registry.Indicator) -> list[Taak]:
    """Return the whole for the other values of the parameter that the report draws side by side."""
    naam = wat.card.naast_elkaar
    if not naam:
        return []
    param = wat.card.params[naam]
    return [Taak(wat.id, {naam: keuze}) for keuze in param.keuzes if keuze != param.standaard]


@contextmanager
def _fewer_rounds() -> Iterator[None]:
    """Let Python look for garbage less often."""
    gewoon = gc.get_threshold()
    gc.set_threshold(_RONDE, *gewoon[1:])
    try:
        yield
    finally:
        gc.set_threshold(*gewoon)


def run(studie: Study, taken: Sequence[Taak | Netwerktaak], hulp: Hulp = None) -> list[Result]:
    """Compute the tasks, in their order; together with the helper where that pays."""
    rijen = sum(b.rijen for b in studie.pakket.bestanden.values())
    if hulp is not None and rijen > _KLEIN:
        hulp.shutdown(wait=False, cancel_futures=True)  # it would only hold memory
        hulp = None
    if hulp is not None:
        _one_thread(studie)
    with _fewer_rounds():
        delen = both(
            hulp,
            taken,
            hier=lambda taak: taak.run(studie),
            daar=_help,
            eerst=lambda h: h.submit(_open, studie.pakket.map, studie.beleid.naam),
        )
    return [r for deel in delen for r in deel]


def _one_thread(studie: Study) -> None:
    """Give each of the two engines one core: with two each they wait for each other."""
    studie.pakket.con.raw_sql("SET threads = 1")


_STUDIE: list[Study] = []


def load() -> None:
    """Do nothing: to get here, a helper loads this module and what it needs."""


def _open(map_: Path, beleid: str) -> None:
    """Open the package in the helper; it was checked before."""
    gc.set_threshold(_RONDE, *gc.get_threshold()[1:])
    _STUDIE.append(Study(open_package(map_), (), load_policy(beleid)))
    _one_thread(_STUDIE[0])


def _help(taak: Taak | Netwerktaak) -> tuple[Result, ...]:
    return taak.run(_STUDIE[0])
