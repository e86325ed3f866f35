"""Comparisons, one design per file, made from released numbers only: what is hidden plays no part.

Where a result is public, shares of sites are compared by their protected counts with the table of noise in
the likelihood; every other comparison rests on estimates whose interval has the noise in it already.

A file holds its numbers, a card (the question it answers, what it assumes, what it cannot say) and `make`,
which yields what the manifest, the trace and the report need. A description of how groups differ, not of why.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

import pandas as pd

from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.identity import Labels, Variant
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.resources import modules
from toekomstscenario_eval.types import Card, Claim, Kind, Vorm

# Whether a kind says who the households are: its groups are put beside each other, and compared by designs of
# their own; no outcome is among them.
DESCRIBES: Mapping[Kind, bool] = {
    Kind.AANDEEL: False,
    Kind.AANTAL: False,
    Kind.DUUR: False,
    Kind.HERHAALD: False,
    Kind.SCORE: False,
    Kind.MATRIX: False,
    Kind.NETWERK: False,
    Kind.KENMERK: True,
    Kind.TELLING: False,
}


class Released(Protocol):
    """What a design sees of a released result: its definition, and its estimates."""

    @property
    def card(self) -> Card:
        """The definition card."""

    @property
    def labels(self) -> Labels:
        """The words of its codes."""

    @property
    def params(self) -> Mapping[str, Any]:
        """The parameter values."""

    @property
    def schattingen(self) -> pd.DataFrame:
        """Columns `SCHATTING` with `getal_id` and `onderdrukt`."""

    @property
    def toetsen(self) -> pd.DataFrame:
        """Tests between groups that were computed, with the codes of these in `groepen`."""

    @property
    def publiek(self) -> Mapping[str, PublicSummary]:
        """The protected cells by breakdown (empty text: the whole); empty when the result is exact."""

    @property
    def variant(self) -> Variant:
        """What tells it apart; of a panel the period of entry."""

    @property
    def starts(self) -> Mapping[str, str]:
        """Of a panel the day on which the pilot of each region started; empty for a comparison region."""

    @property
    def paneel(self) -> pd.DataFrame:
        """Of a panel the figure of each region and period; see `long_tables.PANEL`."""


@dataclass(frozen=True)
class Design:
    """What is to be known of a design.

    Attributes
    ----------
    label, vraag : what it is called, and the question it answers
    assumption, grens : what it assumes, and what it cannot say
    claims : what its own text may claim; without any it only describes
    per : the breakdown whose groups it compares
    order : its place among the designs of that breakdown
    describes : whether it compares who the households are, and no outcomes
    panel : whether it compares regions over time, by a panel of flows
    code : the Dutch name by which users ask for it
    beside : in Dutch, of a design over time, what a change is set against
    needs : another breakdown that must be there too
    methode : what the chapter on methods says of it; a design without it is told where its numbers stand
    """

    label: str
    vraag: str
    assumption: str
    grens: str
    per: str
    order: int
    methode: str = ""
    claims: frozenset[Claim] = frozenset()
    describes: bool = False
    panel: bool = False
    code: str = ""
    beside: str = ""
    needs: str = ""


@dataclass(frozen=True)
class Made:
    """A number that a design makes, with what belongs to it.

    Attributes
    ----------
    naam, bronnen : its name and the ids of the released numbers that it was made from; by these it has an id
    soort : what it is, in words
    maat : the estimand whose label and form it has
    waarden : `schatting`, `ondergrens`, `bovengrens`, and numbers of its own
    vormen : how the numbers of its own read, where that is not as the estimand does
    """

    naam: str
    soort: str
    maat: str
    bronnen: tuple[str, ...]
    waarden: Mapping[str, Any]
    vormen: Mapping[str, Vorm] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Name of the number, by which it can be traced."""
        return derived_id(self.naam, self.bronnen)


@dataclass(frozen=True)
class Found:
    """A design as found: name (that of the file), card, and the function that makes its numbers.

    `effect` is of a design over time: what it makes of a panel, and `details` what that is made of; see
    `_effect`.
    """

    naam: str
    card: Design
    make: Callable[[Released], Iterator[Made]]
    effect: Any = None
    details: Any = None

    @property
    def code(self) -> str:
        """The name by which users ask for it."""
        return self.card.code or self.naam


@cache
def all_designs() -> Mapping[str, Found]:
    """Return every design by name, in the order in which a report shows them."""
    found = [
        Found(
            naam, module.CARD, module.make, getattr(module, "effect", None), getattr(module, "details", None)
        )
        for naam, module in modules(sys.modules[__name__])
    ]
    return {f.naam: f for f in sorted(found, key=lambda f: (f.card.order, f.naam))}


def by_code() -> dict[str, Found]:
    """Return every design by the name that users know it by, in order."""
    return {d.code: d for d in all_designs().values()}


def find(code: str) -> Found:
    """Return a design by its code; GebruikFout when there is none."""
    known = by_code()
    if code not in known:
        raise GebruikFout(f"het ontwerp '{code}' bestaat niet", herstel=did_you_mean(code, known))
    return known[code]


def over_time() -> list[Found]:
    """Return the designs that compare regions over time, in order."""
    return [d for d in all_designs().values() if d.card.panel and d.effect is not None]


def fitting(r: Released, per: str) -> list[Found]:
    """Return the designs that compare the groups of a breakdown of this result, in order."""
    asks = (per, DESCRIBES[r.card.kind], r.variant.instroom is not None)
    return [d for d in all_designs().values() if (d.card.per, d.card.describes, d.card.panel) == asks]


def derived_id(naam: str, sources: Sequence[str]) -> str:
    """Name a number that is made from released numbers by these."""
    return "a" + hashlib.sha256("\x1f".join([naam, *sources]).encode()).hexdigest()[:12]


def headline(r: Released) -> str:
    """Return the id of the first estimand of a result."""
    return str(next(iter(r.card.maten_bij(r.params))))


def breakdowns(r: Released) -> list[str]:
    """Return the breakdowns of a result in the order of computing (the whole left out)."""
    return [u for u in r.schattingen["uitsplitsing"].unique().tolist() if u]


def rows(r: Released, *, uitsplitsing: str, maat: str | None = None) -> pd.DataFrame:
    """Return the estimates of one breakdown, groups and periods in alphabetical order."""
    table = r.schattingen
    choice = table["uitsplitsing"].eq(uitsplitsing)
    if maat is not None:
        choice &= table["maat"].eq(maat)
    return table[choice].sort_values(["periode", "groep"], kind="stable")
