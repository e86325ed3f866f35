"""From a summary to the long tables of estimates; one module per kind does the numbers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from importlib import import_module
from typing import Any, cast

import pandas as pd

from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.frames import table
from toekomstscenario_eval.types import REEKS, SCHATTING, Card, Estimates, Kind, Summary

# The module that estimates one group (`schat`) by one of its `INTERVALLEN`; None: counted, not estimated.
MODULES: Mapping[Kind, str | None] = {
    Kind.AANDEEL: "estimators.aandeel",
    Kind.AANTAL: "estimators.aantal",
    Kind.DUUR: "estimators.duur",
    Kind.HERHAALD: "estimators.herhaald",
    Kind.SCORE: "estimators.score",
    Kind.MATRIX: "estimators.matrix",
    Kind.NETWERK: "estimators.networks.measures",
    Kind.TELLING: None,
}
_SLEUTEL = ["groep", "periode"]
_GETALLEN = {
    **dict.fromkeys(("schatting", "ondergrens", "bovengrens", "teller", "noemer", "x", "waarde"), "float64"),
    **dict.fromkeys(("n", "gecensureerd"), "int64"),
}


def schat(
    summary: Summary,
    card: Card,
    params: Mapping[str, Any],
    *,
    uitsplitsing: str,
    interval: str = "",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimate every group of a summary.

    Parameters
    ----------
    summary : Summary
        Sufficient statistics; every group in `gegevens` must stand in `groepen`. A group without
        rows in `gegevens` gets rows of NaN that say why.
    card : Card
        Tells which estimands these `params` publish, and the horizon.
    uitsplitsing : str
        Goes into the column of that name; empty for the whole.
    interval : str
        One of `intervallen(kind)`; empty for the first of them.

    Returns
    -------
    tuple of DataFrame
        Columns `SCHATTING` and `REEKS`, groups in the order of `groepen`.
    """
    reken = _controleer(summary, card).schat
    extra = {"interval": eis_interval(summary.kind, interval)} if interval else {}
    maten = card.maten_bij(params)
    gegevens = summary.gegevens
    delen = {
        _sleutel(k): deel for k, deel in gegevens.groupby(_SLEUTEL, dropna=False, sort=False, observed=True)
    }
    kolommen = gegevens.columns.difference(_SLEUTEL)
    schattingen: list[dict[str, Any]] = []
    reeksen: list[dict[str, Any]] = []
    for groep, periode, huishoudens in summary.groepen[[*_SLEUTEL, "huishoudens"]].itertuples(index=False):
        deel = delen.pop(_sleutel((groep, periode)), gegevens.iloc[:0])
        uit = cast(
            Estimates,
            reken(deel[kolommen], huishoudens=int(huishoudens), maten=maten, horizon=card.horizon, **extra),
        )
        vast = {"uitsplitsing": uitsplitsing, "groep": groep, "periode": periode}
        schattingen += [{**rij, **vast} for rij in uit.schattingen]
        reeksen += [{**rij, **vast} for rij in uit.reeksen]
    if delen:
        raise GebruikFout(
            "de samenvatting bevat gegevens van groepen die niet bij de groepen staan",
            waar="kolommen groep en periode van de samenvatting",
            kreeg=f"{len(delen)} groep(en) te veel",
        )
    return _tabel(schattingen, SCHATTING), _tabel(reeksen, REEKS)


def intervallen(kind: Kind) -> tuple[str, ...]:
    """Return the kinds of interval to choose from, the default first; empty when there is no choice."""
    module = _module(kind)
    return module.INTERVALLEN if module else ()


def eis_interval(kind: Kind, naam: str) -> str:
    """Return `naam` when it is an interval of this kind; GebruikFout otherwise."""
    keuzes = intervallen(kind)
    if naam not in keuzes:
        raise GebruikFout(
            f"het interval '{naam}' bestaat niet bij de soort {kind.value}",
            verwacht=", ".join(keuzes) or "geen keuze: deze soort heeft één interval",
            kreeg=naam,
            herstel=bedoelt_u(naam, keuzes) if keuzes else "laat het interval weg",
        )
    return naam


def _module(kind: Kind) -> Any:
    naam = MODULES[kind]
    return import_module(f"toekomstscenario_eval.{naam}") if naam else None


def _controleer(summary: Summary, card: Card) -> Any:
    """Return the module that estimates this summary; refuse a summary that cannot be estimated."""
    module = _module(summary.kind)
    if module is None:
        raise GebruikFout(
            f"de soort {summary.kind.value} heeft geen schatter per groep",
            verwacht="een samenvatting van de soort " + ", ".join(k.value for k, m in MODULES.items() if m),
            kreeg=summary.kind.value,
            herstel="een telling wordt niet geschat",
        )
    if summary.kind is not card.kind:
        raise GebruikFout(
            "de samenvatting en de definitiekaart zijn van een andere soort",
            verwacht=card.kind.value,
            kreeg=summary.kind.value,
        )
    if summary.groepen.duplicated(_SLEUTEL).any():
        raise GebruikFout(
            "een groep staat er meer dan één keer in",
            waar="kolommen groep en periode van de groepen",
            verwacht="één rij per groep en periode",
        )
    return module


def _sleutel(waarden: Any) -> tuple[Hashable, ...]:
    """Return a key in which every missing value is None: NaN is not equal to itself."""
    return tuple(None if pd.isna(w) else w for w in waarden)


def _tabel(rijen: list[dict[str, Any]], kolommen: tuple[str, ...]) -> pd.DataFrame:
    return table(rijen, kolommen).astype({k: soort for k, soort in _GETALLEN.items() if k in kolommen})
