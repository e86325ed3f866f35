"""From a summary to the long tables of estimates; one module per kind does the numbers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from importlib import import_module
from typing import Any, cast

import pandas as pd

from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.frames import table
from toekomstscenario_eval.types import REEKS, SCHATTING, Card, Estimates, Kind, Summary

# The module that estimates one group (`estimate`) by one of its `INTERVALS`; None: counted, not estimated.
MODULES: Mapping[Kind, str | None] = {
    Kind.AANDEEL: "estimators.share",
    Kind.AANTAL: "estimators.count",
    Kind.DUUR: "estimators.duration",
    Kind.HERHAALD: "estimators.recurrent",
    Kind.SCORE: "estimators.score",
    Kind.MATRIX: "estimators.matrix",
    Kind.NETWERK: "estimators.networks.measures",
    Kind.TELLING: None,
}
_KEY = ["groep", "periode"]
_GETALLEN = {
    **dict.fromkeys(("schatting", "ondergrens", "bovengrens", "teller", "noemer", "x", "waarde"), "float64"),
    **dict.fromkeys(("n", "gecensureerd"), "int64"),
}


def estimate(
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
        One of `interval_choices(kind)`; empty for the first of them.

    Returns
    -------
    tuple of DataFrame
        Columns `SCHATTING` and `REEKS`, groups in the order of `groepen`.
    """
    calculate = _check(summary, card).estimate_group
    extra = {"interval": require_interval(summary.kind, interval)} if interval else {}
    maten = card.maten_bij(params)
    data = summary.gegevens
    parts = {_key(k): part for k, part in data.groupby(_KEY, dropna=False, sort=False, observed=True)}
    columns = data.columns.difference(_KEY)
    schattingen: list[dict[str, Any]] = []
    reeksen: list[dict[str, Any]] = []
    for groep, periode, huishoudens in summary.groepen[[*_KEY, "huishoudens"]].itertuples(index=False):
        part = parts.pop(_key((groep, periode)), data.iloc[:0])
        out = cast(
            Estimates,
            calculate(
                part[columns], huishoudens=int(huishoudens), maten=maten, horizon=card.horizon, **extra
            ),
        )
        vast = {"uitsplitsing": uitsplitsing, "groep": groep, "periode": periode}
        schattingen += [{**row, **vast} for row in out.schattingen]
        reeksen += [{**row, **vast} for row in out.reeksen]
    if parts:
        raise GebruikFout(
            "de samenvatting bevat gegevens van groepen die niet bij de groepen staan",
            waar="kolommen groep en periode van de samenvatting",
            kreeg=f"{len(parts)} groep(en) te veel",
        )
    return _table(schattingen, SCHATTING), _table(reeksen, REEKS)


def interval_choices(kind: Kind) -> tuple[str, ...]:
    """Return the kinds of interval to choose from, the default first; empty when there is no choice."""
    module = _module(kind)
    return module.INTERVALS if module else ()


def require_interval(kind: Kind, naam: str) -> str:
    """Return `naam` when it is an interval of this kind; GebruikFout otherwise."""
    choices = interval_choices(kind)
    if naam not in choices:
        raise GebruikFout(
            f"het interval '{naam}' bestaat niet bij de soort {kind.value}",
            verwacht=", ".join(choices) or "geen keuze: deze soort heeft één interval",
            kreeg=naam,
            herstel=did_you_mean(naam, choices) if choices else "laat het interval weg",
        )
    return naam


def _module(kind: Kind) -> Any:
    naam = MODULES[kind]
    return import_module(f"toekomstscenario_eval.{naam}") if naam else None


def _check(summary: Summary, card: Card) -> Any:
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
    if summary.groepen.duplicated(_KEY).any():
        raise GebruikFout(
            "een groep staat er meer dan één keer in",
            waar="kolommen groep en periode van de groepen",
            verwacht="één rij per groep en periode",
        )
    return module


def _key(waarden: Any) -> tuple[Hashable, ...]:
    """Return a key in which every missing value is None: NaN is not equal to itself."""
    return tuple(None if pd.isna(w) else w for w in waarden)


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    return table(rows, columns).astype({k: soort for k, soort in _GETALLEN.items() if k in columns})
