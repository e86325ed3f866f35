"""The conductor: the only file that knows the whole way from package to release."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd

from toekomstscenario_eval import estimators
from toekomstscenario_eval.blocks.card import card_output
from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.example import example_package
from toekomstscenario_eval.data.package import Package, open_package
from toekomstscenario_eval.disclosure.ledger import Grootboek
from toekomstscenario_eval.disclosure.ledger import load as load_ledger
from toekomstscenario_eval.disclosure.policy import STANDAARD, Policy, load_policy
from toekomstscenario_eval.disclosure.release import Release, release
from toekomstscenario_eval.document.document import Uitvoer
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.estimators import toetsen
from toekomstscenario_eval.estimators.networks import graphs
from toekomstscenario_eval.estimators.networks import results as netwerkanalyse
from toekomstscenario_eval.frames import table
from toekomstscenario_eval.identity import ONBEKEND, Variant
from toekomstscenario_eval.resources import PAKKET_VARIABELE
from toekomstscenario_eval.summaries import engine, facts, registry
from toekomstscenario_eval.summaries.ties import NetworkTables
from toekomstscenario_eval.types import (
    REEKS,
    SCHATTING,
    SITE,
    SITE_KIND,
    UITSLUITING,
    Finding,
    Result,
    Summary,
    Venster,
)

Voortgang = Callable[[str], None]


def _still(_: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Study:
    """A checked package with a disclosure policy: what notebooks and the command line work with.

    Examples
    --------
    >>> studie = Study.open()                                   # doctest: +SKIP
    >>> resultaat = studie.bereken("duo_duur", per="proeftuin")  # doctest: +SKIP
    >>> vrijgave = studie.geef_vrij(resultaat)                   # doctest: +SKIP
    """

    pakket: Package
    bevindingen: tuple[Finding, ...]
    beleid: Policy
    eerder: tuple[Grootboek, ...] = ()

    @classmethod
    def open(
        cls,
        pakket: Path | str | None = None,
        *,
        beleid: str = STANDAARD,
        eerder: Sequence[Path | str] = (),
        voortgang: Voortgang = _still,
    ) -> Study:
        """Open and check a package.

        Without `pakket` the folder in the environment variable TKS_PAKKET is used, and without
        that the built-in example.

        Every release is decided against the earlier reports in the folders `eerder`.

        Raises
        ------
        InvoerFout, ControleFout
            When the package cannot be read, or a check blocks.
        OnthullingsFout
            When the ledger of an earlier report cannot be read.
        """
        drempels = load_policy(beleid)
        boeken = tuple(load_ledger(pad) for pad in eerder)
        bron = pakket or os.environ.get(PAKKET_VARIABELE)
        if bron is None:
            voortgang("Voorbeeldpakket klaarzetten")
        map_ = example_package() if bron is None else Path(bron)
        voortgang("Pakket openen")
        geopend = open_package(map_)
        voortgang("Pakket controleren")
        bevindingen = checks.controleer(geopend)
        checks.eis_geschikt(bevindingen)
        return cls(geopend, bevindingen, drempels, boeken)

    def bereken(
        self,
        indicator: str,
        *,
        per: str | Sequence[str] = (),
        periode: str | None = None,
        van: date | str | None = None,
        tot: date | str | None = None,
        interval: str = "",
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
        **params
            Parameters of the indicator.

        Returns
        -------
        Result
            Unreleased; with `reden_nvt` filled when tables that it needs were not delivered.
        """
        velden = (per,) if isinstance(per, str) else tuple(per)
        return self._compute(indicator, velden, (), periode, (van, tot), interval, params)[0]

    def toets(
        self,
        indicator: str,
        *,
        naar: str = SITE_KIND,
        groepen: Sequence[str] = (),
        binnen: str = "gezinsprofiel",
        per: Sequence[str] = (),
        van: date | str | None = None,
        tot: date | str | None = None,
        **params: Any,
    ) -> Result:
        """Compute one indicator and compare its groups: `bereken`, with tests and differences added.

        Durations get a log-rank test (also within strata; Gray's with competing ends), the difference in
        restricted mean and a Cox model with regions as clusters; scores a mixed model with a random
        effect of the region. For shares and counts `tks.verschil` shows what follows from the groups.

        Parameters
        ----------
        naar : str
            Breakdown whose groups are compared.
        groepen : sequence of str
            Compare these groups only, by code or label; default all that are known.
        binnen : str
            Breakdown that a stratified test holds equal; empty for none.
        per : sequence of str
            Other breakdowns to compute. That by proeftuin is always computed: it is the cluster.
        van, tot, **params
            As for `bereken`.
        """
        velden = tuple(dict.fromkeys((naar, *per, SITE)))
        strata = (binnen,) if binnen and binnen not in (naar, SITE) else ()
        uit, gekruist = self._compute(indicator, velden, strata, None, (van, tot), "", params)
        if uit.reden_nvt or not toetsen.vergelijkbaar(uit.card.kind):
            return uit
        namen = sorted(set(gekruist[naar]) - {ONBEKEND})
        gekozen = [uit.labels.code(naar, groep) for groep in groepen]
        for groep, code in zip(groepen, gekozen, strict=True):
            if code not in namen:
                bekend = sorted(uit.labels.texts(naar, namen))
                raise GebruikFout(f"'{naar}' heeft geen groep '{groep}'", herstel=bedoelt_u(groep, bekend))
        deel = gekruist[gekruist[naar].isin(gekozen or namen)].rename(
            columns=dict.fromkeys(strata, "stratum")
        )
        deel = deel.assign(groep=deel[naar], cluster=deel[SITE])
        return replace(uit, toetsen=toetsen.toets(deel, uit.card, uit.params, naar=naar))

    def _compute(
        self,
        indicator: str,
        velden: tuple[str, ...],
        erbij: tuple[str, ...],
        periode: str | None,
        grenzen: tuple[date | str | None, date | str | None],
        interval: str,
        params: Mapping[str, Any],
    ) -> tuple[Result, pd.DataFrame]:
        """Compute an indicator by `velden`; also return the summary crossed with the fields `erbij`."""
        wat = registry.find(indicator)
        ingevuld = registry.fill_params(wat, params)
        venster = self._window(*grenzen)
        eigen_venster = (venster.begin, venster.eind) if venster != self.pakket.venster else None
        if interval:
            estimators.eis_interval(wat.card.kind, interval)
        variant = Variant(periode or "", eigen_venster, interval)
        reden = self.pakket.ontbreekt(wat.card.tabellen, wat.card.komt_voor)
        if reden:
            return _empty(wat, ingevuld, venster, reden, variant), pd.DataFrame()
        delen = engine.summarise(
            self.pakket,
            wat,
            params=ingevuld,
            venster=venster,
            per=tuple(dict.fromkeys((*velden, *erbij))),
            periode=periode,
        )
        per = {veld: delen.per[veld] for veld in velden}
        ramen = [_estimate(wat, ingevuld, d, veld, interval) for veld, d in {"": delen.totaal, **per}.items()]
        schattingen = pd.concat([s for s, _ in ramen], ignore_index=True)
        grof = engine.strata(self.pakket, velden)
        stratum = [
            grof.get(groep, "") if uitsplitsing == SITE else ""
            for uitsplitsing, groep in zip(schattingen["uitsplitsing"], schattingen["groep"], strict=True)
        ]
        uit = Result(
            wat.id,
            wat.card,
            ingevuld,
            venster,
            schattingen.assign(stratum=stratum)[list(SCHATTING)],
            pd.concat([r for _, r in ramen], ignore_index=True),
            delen.uitsluitingen,
            variant=variant,
            labels=engine.labels(),
        )
        return uit, delen.gekruist

    def feiten(self) -> tuple[Result, ...]:
        """Return the counts about the package itself: rows, findings, empty fields, who is seen."""
        return facts.all_facts(self.pakket, self.bevindingen)

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
            Unreleased; give them to `geef_vrij` together.
        """
        return netwerkanalyse.analyse(self._networks(van, tot), periode=periode, seed=seed)

    def netwerkstructuur(
        self,
        van: date | str | None = None,
        tot: date | str | None = None,
        *,
        band: str = "huishouden",
    ) -> Result:
        """Return only the structure out of `netwerkanalyse`; with `band="overleg"` that of who meets."""
        return netwerkanalyse.structure(self._networks(van, tot), band=band)

    def geef_vrij(self, *resultaten: Result) -> Release:
        """Decide on results together; give everything that one report shows in one call."""
        return release(resultaten, beleid=self.beleid, eerder=self.eerder)

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
            and `na_elkaar` (share without overlap). Unreleased: the exporters refuse to show the
            graph or anything computed from it.

        Raises
        ------
        GebruikFout
            When `per` or `band` is unknown, or tables that a network needs were not delivered.
        """
        return graphs.graph(self._networks(van, tot), per=per, band=band)

    def netwerken(
        self, periode: str, *, per: str = "organisatie_soort", band: str = "huishouden"
    ) -> dict[str, nx.Graph]:
        """Return the network of each part of the window (`jaar`, `halfjaar`, `kwartaal`) by its label."""
        delen = self._networks(None, None).parts(periode)
        return {naam: graphs.graph(deel, per=per, band=band) for naam, deel in delen.items()}

    def _networks(self, van: date | str | None, tot: date | str | None) -> NetworkTables:
        return NetworkTables(self.pakket, self._window(van, tot))

    def _window(self, van: date | str | None, tot: date | str | None) -> Venster:
        eigen = self.pakket.venster
        return Venster(_as_date(van, eigen.begin, "van"), _as_date(tot, eigen.eind, "tot"))


def kaart(indicator: str) -> Uitvoer:
    """Show the definition of an indicator in a notebook; GebruikFout when there is none of that id."""
    wat = registry.find(indicator)
    return card_output(wat.id, wat.card)


def _as_date(waarde: date | str | None, anders: date, naam: str) -> date:
    if waarde is None:
        return anders
    try:
        return waarde if isinstance(waarde, date) else date.fromisoformat(waarde)
    except ValueError:
        raise GebruikFout(
            f"'{naam}' is geen bestaande datum", verwacht="JJJJ-MM-DD", kreeg=str(waarde)
        ) from None


def _estimate(
    wat: registry.Indicator,
    params: Mapping[str, Any],
    samenvatting: Summary,
    uitsplitsing: str,
    interval: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    return estimators.schat(samenvatting, wat.card, params, uitsplitsing=uitsplitsing, interval=interval)


def _empty(
    wat: registry.Indicator, params: Mapping[str, Any], venster: Venster, reden: str, variant: Variant
) -> Result:
    s, r, u = (table((), kolommen) for kolommen in (SCHATTING, REEKS, UITSLUITING))
    return Result(wat.id, wat.card, params, venster, s, r, u, reden_nvt=reden, variant=variant)
