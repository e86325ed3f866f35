"""From a summary to the long tables of estimates; one module per kind does the numbers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

import pandas as pd

from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.estimators.cells.shown import refused
from toekomstscenario_eval.frames import table
from toekomstscenario_eval.long_tables import REEKS, SCHATTING
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.types import Card, Estimates, Kind, Summary

# The module that estimates one group (`estimate`) by one of its `INTERVALS`; None: counted, not estimated.
MODULES: Mapping[Kind, str | None] = {
    Kind.AANDEEL: "estimators.share",
    Kind.AANTAL: "estimators.count",
    Kind.DUUR: "estimators.duration",
    Kind.HERHAALD: "estimators.recurrent",
    Kind.SCORE: "estimators.score",
    Kind.MATRIX: "estimators.matrix",
    Kind.NETWERK: "estimators.networks.measures",
    Kind.KENMERK: "estimators.characteristic",
    Kind.TELLING: None,
}
# The same from published counts of households; None: not estimated from those.
PUBLIC_MODULES: Mapping[Kind, str | None] = {
    Kind.AANDEEL: "estimators.cells.share_cells",
    Kind.AANTAL: "estimators.cells.count_cells",
    Kind.DUUR: "estimators.cells.duration_cells",
    Kind.HERHAALD: "estimators.cells.recurrent_cells",
    Kind.SCORE: "estimators.cells.score_cells",
    Kind.MATRIX: "estimators.cells.matrix_cells",
    Kind.NETWERK: "estimators.cells.network_cells",
    Kind.KENMERK: "estimators.cells.characteristic_cells",
    Kind.TELLING: None,
}
_KEY = ["groep", "periode"]
_GETALLEN = {
    **dict.fromkeys(("schatting", "ondergrens", "bovengrens", "standaardfout", "teller"), "float64"),
    **dict.fromkeys(("noemer", "x", "waarde"), "float64"),
    **dict.fromkeys(("n", "gecensureerd"), "int64"),
}


# The estimates of one place from its rows, its number of households, the days of its window, and what else is
# known of it.
_Calculate = Callable[[pd.DataFrame, int, int, Mapping[str, float]], Estimates]


def estimate(
    summary: Summary | PublicSummary,
    card: Card,
    params: Mapping[str, Any],
    *,
    uitsplitsing: str,
    interval: str = "",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimate every group of a summary.

    Parameters
    ----------
    summary : Summary or PublicSummary
        Sufficient statistics, or published counts; every group with rows must stand in `groepen` or
        `plekken`. A group without rows gets rows of NaN that say why, and so does a place of which nothing
        is published: with its reason, and no series.
    card : Card
        Tells which estimands these `params` publish, and the horizon.
    uitsplitsing : str
        Goes into the column of that name; empty for the whole.
    interval : str
        One of `interval_choices(kind)`; empty for the first of them.

    Returns
    -------
    tuple of DataFrame
        Columns `SCHATTING` and `REEKS`, groups in the order of `groepen` or `plekken`.
    """
    maten = {k: m for k, m in card.maten_bij(params).items() if not (uitsplitsing and m.geheel)}
    extra: dict[str, Any] = {"maten": maten, "horizon": card.horizon}
    if interval:
        extra["interval"] = require_interval(
            summary.kind, interval, public=isinstance(summary, PublicSummary)
        )
    if isinstance(summary, PublicSummary):
        places, data = summary.plekken, summary.cellen
        calculate = _public(summary, card, extra)
    else:
        places, data = summary.groepen, summary.gegevens
        calculate = _exact(summary, card, extra)
    # In public it is one of the cells.
    effects = {} if isinstance(summary, PublicSummary) else dict(summary.effecten)
    reasons = places["reden"] if "reden" in places else [""] * len(places)
    caps = places["kap"] if "kap" in places else [0] * len(places)
    parts = {_key(k): part for k, part in data.groupby(_KEY, dropna=False, sort=False, observed=True)}
    columns = data.columns.difference(_KEY)
    schattingen: list[dict[str, Any]] = []
    reeksen: list[dict[str, Any]] = []
    rows = places[[*_KEY, "huishoudens"]].itertuples(index=False)
    for (groep, periode, number), reden, cap in zip(rows, reasons, caps, strict=True):
        # The number of a place of which nothing is published may be unknown.
        huishoudens = 0 if pd.isna(number) else int(number)
        if reden:
            out = Estimates(refused(maten, reden, huishoudens))
        else:
            part = parts.pop(_key((groep, periode)), data.iloc[:0])[columns]
            known = {"effect": effects[groep, periode]} if (groep, periode) in effects else {}
            out = calculate(part, huishoudens, int(cap), known)
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


def _exact(summary: Summary, card: Card, extra: Mapping[str, Any]) -> _Calculate:
    module = _check(summary.kind, card, summary.groepen, MODULES)
    return lambda part, huishoudens, _, known: module.estimate_group(
        part, huishoudens=huishoudens, **known, **extra
    )


def _public(summary: PublicSummary, card: Card, extra: Mapping[str, Any]) -> _Calculate:
    module = _check(summary.kind, card, summary.plekken, PUBLIC_MODULES)
    least = summary.vanaf
    policy = {
        "noise": summary.ruis,
        "step": summary.stap,
        "threshold": summary.drempel,
        "least": least if summary.uitsplitsing else replace(least, tie=least.tie_whole),
    }
    return lambda part, huishoudens, cap, _: module.estimate_group(
        part, huishoudens=huishoudens, cap=cap, **policy, **extra
    )


def interval_choices(kind: Kind, *, public: bool = False) -> tuple[str, ...]:
    """Return the kinds of interval to choose from, the default first; empty when there is no choice."""
    module = _module(kind, PUBLIC_MODULES if public else MODULES)
    return module.INTERVALS if module else ()


def require_interval(kind: Kind, naam: str, *, public: bool = False) -> str:
    """Return `naam` when it is an interval of this kind; GebruikFout otherwise."""
    choices = interval_choices(kind, public=public)
    if naam not in choices:
        raise GebruikFout(
            f"het interval '{naam}' bestaat niet bij de soort {kind.value}",
            verwacht=", ".join(choices) or "geen keuze: deze soort heeft één interval",
            kreeg=naam,
            herstel=did_you_mean(naam, choices) if choices else "laat het interval weg",
        )
    return naam


def _module(kind: Kind, modules: Mapping[Kind, str | None] = MODULES) -> Any:
    naam = modules[kind]
    return import_module(f"toekomstscenario_eval.{naam}") if naam else None


def _check(kind: Kind, card: Card, places: pd.DataFrame, modules: Mapping[Kind, str | None]) -> Any:
    """Return the module that estimates a summary; refuse a summary that cannot be estimated."""
    module = _module(kind, modules)
    if module is None:
        raise _no_module(kind, modules)
    if kind is not card.kind:
        raise GebruikFout(
            "de samenvatting en de definitiekaart zijn van een andere soort",
            verwacht=card.kind.value,
            kreeg=kind.value,
        )
    if places.duplicated(_KEY).any():
        raise GebruikFout(
            "een groep staat er meer dan één keer in",
            waar="kolommen groep en periode van de groepen",
            verwacht="één rij per groep en periode",
        )
    return module


def _no_module(kind: Kind, modules: Mapping[Kind, str | None]) -> GebruikFout:
    public = modules is PUBLIC_MODULES
    return GebruikFout(
        f"de soort {kind.value} heeft geen schatter "
        + ("uit beschermde tellingen" if public else "per groep"),
        verwacht="een samenvatting van de soort " + ", ".join(k.value for k, m in modules.items() if m),
        kreeg=kind.value,
        herstel="reken deze soort binnen, met --intern"
        if public and MODULES[kind]
        else "een telling wordt niet geschat",
    )


def _key(waarden: Any) -> tuple[Hashable, ...]:
    """Return a key in which every missing value is None: NaN is not equal to itself."""
    return tuple(None if pd.isna(w) else w for w in waarden)


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    return table(rows, columns).astype({k: soort for k, soort in _GETALLEN.items() if k in columns})
