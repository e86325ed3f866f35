"""The questions about networks that a study answers: of collaboration, meetings and hand-overs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import networkx as nx

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.estimators.cells.network_graph import public_graph
from toekomstscenario_eval.estimators.networks import graphs, network_results
from toekomstscenario_eval.identity import INSIDE_MARK
from toekomstscenario_eval.passage import Passage
from toekomstscenario_eval.public_networks import PublicNetworks
from toekomstscenario_eval.results import identified
from toekomstscenario_eval.summaries.phases import regions
from toekomstscenario_eval.summaries.ties import NetworkTables
from toekomstscenario_eval.tie_names import ORGANISATION
from toekomstscenario_eval.types import Result, Venster


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

    def shown(self, *results: Result) -> tuple[Result, ...]:
        """See `Study.shown`."""
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
            In public from counts of households; what needs professionals as persons is not shown.
        """
        return self.shown(*self.computed_networks(van, tot, periode=periode, seed=seed))

    def computed_networks(
        self,
        van: date | str | None = None,
        tot: date | str | None = None,
        *,
        periode: str | None = None,
        seed: int = 0,
    ) -> tuple[Result, ...]:
        """Return what `netwerkanalyse` returns, before the register knows of it."""
        source = self._networks(van, tot)
        if self.passage is not None:
            public = PublicNetworks(self.passage, source)
            if periode is not None:
                return (public.shared(periode),)
            return public.shared(), public.compared(), public.meetings()
        found = network_results.analyse(source, periode=periode, seed=seed)
        return tuple(self._exact(source, r) for r in found)

    def netwerkstructuur(
        self,
        van: date | str | None = None,
        tot: date | str | None = None,
        *,
        band: str = "huishouden",
    ) -> Result:
        """Return only the structure out of `netwerkanalyse`; with `band="overleg"` that of who meets."""
        network_results.check_tie(band)
        source = self._networks(van, tot)
        if self.passage is not None:
            public = PublicNetworks(self.passage, source)
            return self.shown(public.meetings() if band == "overleg" else public.shared())[0]
        return self._exact(source, network_results.structure(source, tie=band))

    def _exact(self, source: NetworkTables, r: Result) -> Result:
        """Return a result that stays inside, with whom it is about."""
        regios = regions(self.pakket, source.venster)
        return identified(replace(r, intern=True, regios=regios))

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
            In public nodes and ties of enough households, with published counts; see
            `estimators.cells.network_graph.public_graph`.

        Raises
        ------
        GebruikFout
            When `per` or `band` is unknown, or tables that a network needs were not delivered.
        OnthullingsFout
            In public of professionals, who are persons, and when so few households have no network.
        """
        graphs.check(per, band)
        source = self._networks(van, tot)
        if self.passage is None:
            return _marked(graphs.graph(source, per=per, tie=band))
        level = _public_level(per)
        public = PublicNetworks(self.passage, source)
        result = self.shown(public.meetings() if band == "overleg" else public.shared())[0]
        return _graphs(result, level, band)[""]

    def netwerken(
        self, periode: str, *, per: str = "organisatie_soort", band: str = "huishouden"
    ) -> dict[str, nx.Graph]:
        """Return the network of each part of the window (`jaar`, `halfjaar`, `kwartaal`) by its label."""
        graphs.check(per, band)
        source = self._networks(None, None)
        if self.passage is None:
            parts = source.parts(periode)
            return {naam: _marked(graphs.graph(part, per=per, tie=band)) for naam, part in parts.items()}
        level = _public_level(per)
        if level == ORGANISATION:
            raise OnthullingsFout(
                "organisaties staan niet in een openbaar netwerk per periode: de banden zijn te dun",
                herstel="kies per='domein' of per='organisatie_soort', of open met Study.open(intern=True)",
            )
        public = PublicNetworks(self.passage, source)
        result = public.meetings(periode) if band == "overleg" else public.shared(periode)
        return _graphs(self.shown(result)[0], level, band)

    def _networks(self, start: date | str | None, stop: date | str | None) -> NetworkTables:
        return NetworkTables(self.pakket, self._window(start, stop))


def _marked(graph: nx.Graph) -> nx.Graph:
    """Mark a new graph as exact: what is written of it says so."""
    graph.graph["mark"] = INSIDE_MARK
    return graph


def _public_level(per: str) -> str:
    """Return the level of the ties of a node; professionals are refused."""
    level = graphs.NODES[per]
    if level == "professional":
        raise OnthullingsFout(
            "een netwerk van professionals is niet openbaar te maken: professionals zijn personen",
            verwacht="organisatie_soort, domein of organisatie",
            herstel="kies een ander niveau, of werk binnen: Study.open(intern=True)",
        )
    return level


def _graphs(result: Result, level: str, tie: str) -> dict[str, nx.Graph]:
    """Return the published network of each period of a result; of one without periods under an empty text."""
    reason = result.reden_nvt
    if not reason:
        places = result.publiek[""].plekken
        shown = places[places["reden"].eq("")]
        reason = "" if len(shown) else "".join(places["reden"].head(1)) or "er zijn geen huishoudens"
    if reason:
        raise OnthullingsFout(
            f"dit netwerk is niet openbaar te maken: {reason}",
            herstel="werk binnen: open het pakket met Study.open(intern=True)",
        )
    summary, labels = result.publiek[""], result.labels
    return {
        periode: public_graph(summary, level=level, tie=tie, labels=labels, periode=periode)
        for periode in shown["periode"]
    }
