"""Which published counts lie inside others: those with more of it, by an earlier day, with a higher value.

For who reads the public files and takes one count from another. Knows what the names mean, as the handbook
says it; nothing comes from the package.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

Spot = tuple[str, int, int]
# What goes by day, x or earlier; by value, x or more (below zero x or less); and what only the whole has.
BY_DAY, OF_WHOLE = ("einde_", "begin", "gebeurd"), "geheel|"
VALUES = re.compile(r"(a|w|v|d|som|spreiding|(item|afwijking)_\d+)(_onder)?$")
# Households of a node have its ties, those of a tie are there on the same day or come without overlap.
NODES = {"knoop": "deelt", "tafel": "overleg"}
TIES = {"deelt": "samen", "overdracht": "estafette"}


def of_whole(spot: Spot) -> bool:
    """Whether only the whole has a count, so that groups say nothing of it."""
    return spot[0].startswith(OF_WHOLE)


class Inside:
    """The counts `(naam, x, k)` of one question, and which lie inside others."""

    def __init__(self, spots: Iterable[Spot]) -> None:
        self.spots = sorted(spots)

    def of(self, spot: Spot) -> Iterator[Spot]:
        """Yield the counts next to this one that lie inside it."""
        naam, x, k = spot
        same = [s for s in self.by_name[naam] if s[2] == k]
        by_value = k == 1 and VALUES.match(naam) is not None
        if naam.startswith(BY_DAY):
            yield from [s for s in same if s[1] < x][-1:]
        elif by_value:
            yield from [s for s in same if s[1] > x][:1]
        if not by_value and not naam.startswith("einde_"):
            yield from [s for s in self.by_name[naam] if s[1] == x and s[2] > k][:1]
        yield from self._tied(naam)

    def _tied(self, naam: str) -> Iterator[Spot]:
        whole, what, level, *ends = _parts(naam)
        if what in TIES:
            yield from self.by_name.get(naam.replace(what, TIES[what], 1), ())
        elif what in NODES:
            yield from self.ties.get((whole, NODES[what], level, ends[0]), ())

    @cached_property
    def by_name(self) -> dict[str, list[Spot]]:
        """The counts by name, in order of value or day and then of how many."""
        out: dict[str, list[Spot]] = {}
        for spot in self.spots:
            out.setdefault(spot[0], []).append(spot)
        return out

    @cached_property
    def ties(self) -> dict[tuple[str, ...], list[Spot]]:
        """The ties of each node."""
        out: dict[tuple[str, ...], list[Spot]] = {}
        for spot in self.spots:
            whole, what, level, *ends = _parts(spot[0])
            for end in ends if what in NODES.values() else ():
                out.setdefault((whole, what, level, end), []).append(spot)
        return out


def _parts(naam: str) -> tuple[str, ...]:
    """Return whether only the whole has a count, what it counts, and of ties the level and what ties."""
    whole = OF_WHOLE if naam.startswith(OF_WHOLE) else ""
    what, *rest = naam.removeprefix(OF_WHOLE).split("|")
    return whole, what, *(rest or [""])
