"""Definitions of one indicator that may be public beside each other, and where two hardly differ.

What two definitions differ on follows from subtracting them. So in public a definition departs from the
default in one choice at most, and where it differs from one before it on too few households it shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis.expr.types as ir

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import BEFORE, FROM, PILOT, TOTAAL
from toekomstscenario_eval.summaries import phases
from toekomstscenario_eval.summaries.answers import answers, distances, of_rows
from toekomstscenario_eval.summaries.registry import Indicator, fill_params
from toekomstscenario_eval.types import SITE_KIND, Venster, Vraag


@dataclass(frozen=True)
class Definition:
    """One way to answer an indicator.

    Attributes
    ----------
    package : Package
        With the tables as it reads them.
    params : mapping
        All parameters.
    phase : str
        Population by the clock of the pilot; empty: all days.
    """

    package: Package
    params: Mapping[str, Any]
    phase: str = ""

    def is_same(self, other: Definition) -> bool:
        """Whether two definitions are one."""
        same = self.package is other.package and self.phase == other.phase
        return same and dict(self.params) == dict(other.params)

    def answers(self, what: Indicator, venster: Venster) -> ir.Table | None:
        """Return what every household brings, worked out once per package; None for a kind without cells."""
        key = self._key(what, venster)
        if key not in self.package.memory:
            vraag = Vraag(venster, self.package.peildatum, self.params)
            self._keep(key, answers(self.package, what, vraag, self.phase))
        found: ir.Table | None = self.package.memory[key]
        return found

    def remember(self, what: Indicator, venster: Venster, rows: ir.Table) -> None:
        """Keep what every household brings, of unit rows that the engine has anyway."""
        key = self._key(what, venster)
        if key not in self.package.memory:
            self._keep(key, of_rows(rows, what.card.kind))

    def _keep(self, key: tuple[str, ...], found: ir.Table | None) -> None:
        """Keep the answers to one indicator at a time: each is as long as there are households."""
        memory = self.package.memory
        for other in [k for k in memory if k[0] == key[0] and k[1] != key[1]]:
            del memory[other]
        memory[key] = found

    def _key(self, what: Indicator, venster: Venster) -> tuple[str, ...]:
        return ("antwoorden", what.id, str(sorted(self.params.items())), str(venster), self.phase)


def require_public(what: Indicator, asked: Definition, *, readings: int) -> None:
    """Refuse a definition that is not on the card, or departs from the default in more than one choice.

    Of all others it can be told beforehand how many households they differ on, whoever asks what.

    Parameters
    ----------
    readings : int
        How many choices are about how the tables are read.

    Raises
    ------
    GebruikFout
        When it may not be public.
    """
    other = {k: v for k, v in asked.params.items() if v != what.card.params[k].standaard}
    for naam, value in other.items():
        param = what.card.params[naam]
        known = (param.standaard, *param.keuzes, *param.redelijk)
        if value not in known:
            raise GebruikFout(
                f"deze waarde van '{naam}' is niet openbaar te maken",
                verwacht="een van " + ", ".join(str(k) for k in dict.fromkeys(known)),
                kreeg=str(value),
                herstel="kies een van deze waarden, of werk binnen met --intern",
            )
    many = len(other) + readings + bool(asked.phase)
    if many > 1:
        raise GebruikFout(
            "een definitie die in meer keuzes tegelijk afwijkt is niet openbaar te maken",
            verwacht="hooguit één keuze anders dan standaard (een fase telt als keuze)",
            kreeg=f"{many} keuzes anders",
            herstel="laat de andere keuzes weg, of werk binnen met --intern",
        )


def near(
    what: Indicator,
    asked: Definition,
    venster: Venster,
    fields: Sequence[str],
    *,
    plain: Package,
    readings: Sequence[Package] = (),
    threshold: int,
) -> dict[str, frozenset[str]]:
    """Return the groups of each breakdown in which a definition hardly differs from one before it.

    Before it come the population that leads, the default, the values that stand before it on the card, what
    was before the start, and then the other ways to read the tables: which of two definitions stands never
    depends on which was asked first.

    Parameters
    ----------
    plain : Package
        With the tables as they are read by default.
    readings : sequence of Package
        The same of the readings before this one.
    threshold : int
        Fewest households that two definitions must differ on.
    """
    out: dict[str, set[str]] = {}
    own = None
    for earlier in _before(what, asked, plain, readings):
        own = own if own is not None else asked.answers(what, venster)
        other = earlier.answers(what, venster)
        if own is None or other is None:
            continue
        found = distances(plain, own, other, fields, asked.phase)
        few = found[found["n"].gt(0) & found["n"].lt(threshold)]
        for per, groep in few[["uitsplitsing", "groep"]].itertuples(index=False):
            out.setdefault(str(per), set()).add(str(groep))
    if asked.phase and PILOT in out.get(SITE_KIND, ()):
        # The whole of a phase is that group: what may not stand there may not stand here.
        out.setdefault("", set()).add(TOTAAL)
    return {per: frozenset(groups) for per, groups in out.items()}


def _before(
    what: Indicator, asked: Definition, plain: Package, readings: Sequence[Package]
) -> Iterator[Definition]:
    """Yield the definitions before one, in a fixed order; see `near`."""
    for earlier in _in_order(what, plain, readings):
        if asked.is_same(earlier):
            return
        yield earlier


def _in_order(what: Indicator, plain: Package, readings: Sequence[Package]) -> Iterator[Definition]:
    default = Definition(plain, fill_params(what, {}))
    phased = not phases.lacking(plain)
    # The population that leads comes first.
    if phased:
        yield replace(default, phase=FROM)
    yield default
    for naam, param in what.card.params.items():
        for value in dict.fromkeys((*param.keuzes, *param.redelijk)):
            if value != default.params[naam]:
                yield replace(default, params={**default.params, naam: value})
    if phased:
        yield replace(default, phase=BEFORE)
    yield from (replace(default, package=reading) for reading in readings)
