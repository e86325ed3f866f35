"""The questions about networks that a study answers: of collaboration, meetings and hand-overs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import networkx as nx

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.estimators.networks import graphs, network_results
from toekomstscenario_eval.identity import INSIDE_MARK
from toekomstscenario_eval.passage import Passage
from toekomstscenario_eval.results import identified
from toekomstscenario_eval.summaries.ties import NetworkTables
from toekomstscenario_eval.types import Kind, Result, Venster


class NetworkQuestions:
    """Methods of `Study`, which has the package and how it passes the waist (None inside)."""

    pakket: Package
    passage: Passage | None

    @property
    def intern(self) -> bool:
        """Whether the numbers are exact, and stay inside."""
        return self.passage is None

    def _window(self, start: date | str | None, stop: date | str | None) -> Venster:
        raise NotImplementedError

    def netwerkanalyse(
        self,
        van: date | str | None = None,
        tot: date | str | None = None,
        *,
        periode: str | None = None,
        seed: int = 0,
    ) -> tuple[Result, ...]:
        """Analyse the networks of collaboration: structure, comparison, and who meets.

        Parameters
        ----------
        van, tot : date or ISO text, optional
            First day, and the day after the last day; default the window of the package.
        periode : str, optional
            `jaar`, `halfjaar` or `kwartaal`: structure and pictures of each part instead.
        seed : int
            Of everything that draws: null models, permutations, communities.

        Returns
        -------
        tuple of Result
            In public each says why it holds nothing.
        """
        found = network_results.analyse(
            self._networks(van, tot), periode=periode, seed=seed, refusal=self._no_network()
        )
        return tuple(identified(replace(r, intern=self.intern)) for r in found)

    def netwerkstructuur(
        self,
        van: date | str | None = None,
        tot: date | str | None = None,
        *,
        band: str = "huishouden",
    ) -> Result:
        """Return only the structure out of `netwerkanalyse`; with `band="overleg"` that of who meets."""
        found = network_results.structure(self._networks(van, tot), tie=band, refusal=self._no_network())
        return identified(replace(found, intern=self.intern))

    def netwerk(
        self,
        van: date | str | None = None,
        tot: date | str | None = None,
        *,
        per: str = "organisatie_soort",
        band: str = "huishouden",
    ) -> nx.Graph:
        """Return a network of collaboration as a networkx graph for analysis in hand.

        Parameters
        ----------
        van, tot : date or ISO text, optional
            First day, and the day after the last day; default the window of the package. For one
            date give the day itself and the next.
        per : str
            What a node is: `organisatie_soort`, `domein`, `organisatie` or `professional`.
        band : str
            What ties: `huishouden` (sharing one), `overleg` (sitting in one), or `overdracht`
            (handing a household over; then the graph is directed, from who leaves to who comes).

        Returns
        -------
        networkx.Graph or, for `overdracht`, its subclass DiGraph
            Nodes are codes of kinds and domains (with their label in `naam`), or numbers that follow
            from the data and stand for no person outside them. They carry `huishoudens` (or
            `overleggen`) and, as far as they are smaller, `organisatie`, `soort`, `domein`: those with
            most households; professionals also `organisaties`, how many they work for.
            Ties by household carry `gedeeld` (households shared), `newman` (the same, less for
            households with many), `dagen` (days together); by meeting `overleggen`; hand-overs
            `aantal`, `huishoudens`, `dagen` (median between leaving and coming, negative: overlap)
            and `na_elkaar` (share without overlap). Exact, and marked so in `graph.graph["mark"]`: the
            exporters refuse to show the graph or anything computed from it.

        Raises
        ------
        GebruikFout
            When `per` or `band` is unknown, or tables that a network needs were not delivered.
        OnthullingsFout
            In public: a graph of exact ties stays inside.
        """
        self._require_inside()
        return _marked(graphs.graph(self._networks(van, tot), per=per, tie=band))

    def netwerken(
        self, periode: str, *, per: str = "organisatie_soort", band: str = "huishouden"
    ) -> dict[str, nx.Graph]:
        """Return the network of each part of the window (`jaar`, `halfjaar`, `kwartaal`) by its label."""
        self._require_inside()
        parts = self._networks(None, None).parts(periode)
        return {naam: _marked(graphs.graph(part, per=per, tie=band)) for naam, part in parts.items()}

    def _no_network(self) -> str:
        """Return why there is no network in public; empty inside."""
        return self.passage.refusal(Kind.NETWERK) if self.passage is not None else ""

    def _require_inside(self) -> None:
        if reden := self._no_network():
            raise OnthullingsFout(reden, herstel="open het pakket met Study.open(intern=True)")

    def _networks(self, start: date | str | None, stop: date | str | None) -> NetworkTables:
        return NetworkTables(self.pakket, self._window(start, stop))


def _marked(graph: nx.Graph) -> nx.Graph:
    """Mark a new graph as exact: what is written of it says so."""
    graph.graph["mark"] = INSIDE_MARK
    return graph
