"""The published counts of a network at one place, and what is worked out from them once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from toekomstscenario_eval import tie_names as names
from toekomstscenario_eval.estimators.cells.nested import Nested, nested
from toekomstscenario_eval.estimators.cells.shown import Shown
from toekomstscenario_eval.estimators.cells.tie_levels import Level, levels
from toekomstscenario_eval.estimators.intervals import NAN
from toekomstscenario_eval.estimators.networks import analysis, brokerage, clustering, qap
from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import Least
from toekomstscenario_eval.tie_names import DOMAIN, KIND, ORGANISATION

# Fewer nodes make no network to speak of.
LEAST_NODES = 3
# Which part of the pairs around households the organisations must have that are counted.
_LEAST_PART = 0.5
_TOO_FEW = "minder dan de helft van wat organisaties delen, is van organisaties met genoeg huishoudens"
_PERMUTATIONS = 500
# What is shown of a measure, and what it was divided from and by.
Told = tuple[Shown, float, float]


def told(shown: Shown, teller: float = NAN, noemer: float = NAN) -> Told:
    """Return what is shown, without numerator and denominator where it has none."""
    return shown, teller, noemer


@dataclass(frozen=True)
class Counts:
    """The published counts of one place."""

    cells: pd.DataFrame
    huishoudens: int
    noise: Noise
    threshold: int
    least: Least
    cap: int
    meetings: bool = field(default=False)

    @cached_property
    def untold(self) -> dict[str, str]:
        """The measures of what is not seen here at all, with the reason; not of what may be too small."""
        seen = set(self.cells.loc[self.cells["n"] > 0, "naam"])
        # However few their households: what is too small for a figure was counted all the same.
        nodes = [rest for what, *rest in map(names.parts_of, seen) if what == names.NODE]
        kinds = {node[1] for node in nodes if node[0] == KIND}
        # A part has no nodes that are domains: there a domain is that of its kinds, if these have one.
        domains = {n[1] for n in nodes if n[0] == DOMAIN} or {d for n in nodes if n[0] == KIND for d in n[2:]}
        # A network of which no node was counted has too few of them, not one.
        return names.untold(
            2 if names.ACROSS in seen else len(domains) or 2,
            len(kinds) or 2,
            face=bool(seen & {names.FACES, names.REACH, names.NOT_REACHED}),
            public=True,
        )

    def nested(self, naam: str, steps: tuple[int, ...] = ladder(1, 0)) -> Nested:
        """Return households with at least k of what a name counts."""
        return nested(self.cells, naam, steps, self.noise.v)

    @cached_property
    def levels(self) -> Mapping[str, Level]:
        """The levels of the network."""
        return levels(self.cells, self.least.tie, meetings=self.meetings)

    def level(self, naam: str, least: int = LEAST_NODES) -> Level | str:
        """Return a level with enough nodes; otherwise why not."""
        found = self.levels.get(naam)
        if found is None or len(found.nodes) < least:
            return "te weinig knopen met genoeg huishoudens"
        # Of organisations with few households no count leaves; of the rest a network says nothing then.
        pairs = self.nested(names.PAIRS).sum()
        if naam == ORGANISATION and found.weights(names.SHARED).sum() / 2 < _LEAST_PART * pairs:
            return (
                "minder dan de helft van wat organisaties delen, is van organisaties met genoeg huishoudens"
            )
        return found

    @cached_property
    def roles(self) -> tuple[dict[str, float], int] | str:
        """Parts of the open triads of organisations by role, and their number; or why there are none."""
        net = self.level(ORGANISATION)
        if isinstance(net, str):
            return net
        if clustering.triples(clustering.outward(net.matrix)) > clustering.MAX_TRIPLES:
            return "niet berekend: te veel drietallen om te tellen"
        return brokerage.role_parts(net.matrix, net.domains)

    @cached_property
    def chance(self) -> qap.Qap:
        """How ties between organisations go with being of two domains."""
        net = self.level(ORGANISATION)
        if isinstance(net, str):
            return qap.Qap({}, NAN, 0, 0, net)
        return analysis.chance_of_domains(net.weights(), net.domains)

    @cached_property
    def meeting(self) -> tuple[qap.Qap, qap.Qap]:
        """QAP and MRQAP of who meets on who shares households: logarithms of 1 + the published households."""
        net = self.level(ORGANISATION)
        if isinstance(net, str):
            none = qap.Qap({}, NAN, 0, 0, net)
            return none, none
        y, x = np.log1p(net.weights(names.MEETING)), np.log1p(net.weights(names.SHARED))
        same = np.asarray(net.domains[:, None] == net.domains[None, :], dtype=np.float64)
        np.fill_diagonal(same, 0)
        explained = {"huishoudens": x, "zelfde_domein": same}
        return (
            qap.qap(y, x, permutations=_PERMUTATIONS),
            qap.mrqap(y, explained, permutations=_PERMUTATIONS),
        )

    @property
    def ties(self) -> str:
        """From which count on a tie is one, in words."""
        return f"banden van ten minste {self.least.tie} huishoudens"
