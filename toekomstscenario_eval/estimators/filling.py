"""From summaries to the tables of a result: the same for exact ones and public ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from toekomstscenario_eval import estimators
from toekomstscenario_eval.compared_groups import Comparison
from toekomstscenario_eval.estimators.cells.group_cells import compared
from toekomstscenario_eval.frames import estimate, table
from toekomstscenario_eval.grids import ladder, middles
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.long_tables import PANEL, REEKS, SCHATTING, UITSLUITING
from toekomstscenario_eval.protection.public import OUTSIDE, PublicSummary
from toekomstscenario_eval.types import NIET, NUL, SITE, TOON, WEINIG, Card, Kind, Result, Summary

# Whether a place with enough households may still read as words: when few have what is counted.
_IN_WORDS: Mapping[Kind, bool] = {
    Kind.AANDEEL: True,
    Kind.AANTAL: False,
    Kind.DUUR: False,
    Kind.HERHAALD: False,
    Kind.SCORE: False,
    Kind.MATRIX: False,
    Kind.NETWERK: False,
    Kind.KENMERK: False,
    Kind.TELLING: False,
}
COUNTED = "telling, uit beschermde tellingen van huishoudens"
NO_HOUSEHOLD = "rijen zonder huishouden worden niet openbaar geteld"


def fill(
    result: Result,
    summaries: Mapping[str, Summary | PublicSummary],
    *,
    interval: str = "",
    strata: Mapping[str, str] | None = None,
    comparison: Comparison | None = None,
) -> Result:
    """Return the result with its estimates, by the breakdowns of the summaries (empty text: the whole).

    Parameters
    ----------
    strata : mapping
        The coarser groups that each site is a part of.
    comparison : Comparison
        Public groups to compare.
    """
    pieces = [
        estimators.estimate(summary, result.card, result.params, uitsplitsing=per, interval=interval)
        for per, summary in summaries.items()
        if per != OUTSIDE
    ]
    schattingen = pd.concat([s for s, _ in pieces], ignore_index=True)
    coarse = strata or {}
    stratum = [
        coarse.get(groep, "") if per == SITE else ""
        for per, groep in zip(schattingen["uitsplitsing"], schattingen["groep"], strict=True)
    ]
    out = replace(
        result,
        schattingen=schattingen.assign(stratum=stratum)[list(SCHATTING)],
        reeksen=pd.concat([r for _, r in pieces], ignore_index=True)[list(REEKS)],
    )
    if result.variant.instroom:
        # A panel has one figure of each region and period.
        first = next(iter(result.card.maten_bij(result.params)))
        own = out.schattingen[out.schattingen["maat"].eq(first)].reset_index(drop=True)
        table = _panel(result, first, summaries[SITE]) if SITE in summaries else out.paneel
        out = replace(out, schattingen=own, reeksen=out.reeksen.iloc[:0], paneel=table)
    public = {per: s for per, s in summaries.items() if isinstance(s, PublicSummary)}
    if OUTSIDE in public:
        out = replace(out, uitsluitingen=left_out(public[OUTSIDE]))
    if not public:
        return out
    out = replace(out, publiek=public)
    return compared(out, comparison) if comparison else out


def _panel(result: Result, first: str, summary: Summary | PublicSummary) -> pd.DataFrame:
    """Return the first estimand of every region and period, as `PANEL`.

    No display threshold: an estimate over many cells tells of none, and leaving out the low ones would
    bend it.
    """
    every = summary
    if isinstance(summary, PublicSummary) and _IN_WORDS[summary.kind]:
        every = replace(summary, drempel=0)
    rows, _ = estimators.estimate(every, result.card, result.params, uitsplitsing=SITE)
    own = rows[rows["maat"].eq(first) & rows["weergave"].eq(TOON)]
    # Where nobody was seen, or all, the spread is not known to be nothing.
    error = own["standaardfout"].where(own["standaardfout"] > 0)
    return own.assign(standaardfout=error)[list(PANEL)].reset_index(drop=True)


def _counts(public: PublicSummary) -> dict[tuple[str, str], tuple[int, float]]:
    """Return by period and name the households with at least one row, and all rows together."""
    steps = ladder(1, 0)
    values = dict(zip(steps, middles(steps), strict=True))
    lower = dict(zip(steps, (0.0, *middles(steps)[:-1]), strict=True))
    out: dict[tuple[str, str], tuple[int, float]] = {}
    for periode, naam, k, n in public.cellen[["periode", "naam", "k", "n"]].itertuples(index=False):
        households, units = out.get((periode, naam), (0, 0.0))
        out[periode, naam] = (n if k == 1 else households, units + n * (values[k] - lower[k]))
    return out


def left_out(public: PublicSummary) -> pd.DataFrame:
    """Return what was left out of the whole as `UITSLUITING`, with `weergave`; without what is zero."""
    rows = [
        {
            "uitsplitsing": "",
            "groep": TOTAAL,
            "periode": periode,
            "reden": naam,
            "aantal": units,
            "weergave": WEINIG if households < public.drempel else TOON,
        }
        for (periode, naam), (households, units) in sorted(_counts(public).items())
    ]
    return pd.DataFrame(rows, columns=[*UITSLUITING, "weergave"])


def facts(
    public: PublicSummary,
    card: Card,
    names: Sequence[tuple[str, str]],
    *,
    households: bool,
    without: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Return rows of `SCHATTING` for counts by name.

    Parameters
    ----------
    names : sequence of (breakdown, group)
        What is asked for; the group is the name of the cell.
    households : bool
        Count households; else rows.
    without : collection of str
        Names of rows that belong to no household, which have no public count.
    """
    refused = str(public.plekken["reden"].iloc[0])
    found = {naam: value for (_, naam), value in _counts(public).items()}
    rows = []
    for per, naam in names:
        n, units = found.get(naam, (0, 0.0))
        reason = NO_HOUSEHOLD if naam in without else refused
        shown = NIET if reason else NUL if n == 0 else WEINIG if n < public.drempel else TOON
        value = float(n if households else units)
        rows.append(
            estimate(
                "aantal",
                value if shown == TOON else float("nan"),
                eenheid=card.eenheid,
                methode=reason or COUNTED,
                n=0 if reason else n,
                teller=value if shown == TOON else float("nan"),
                spot=(per, naam, ""),
                weergave=shown,
            )
        )
    return rows


def sizes(public: PublicSummary, card: Card, expected: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return rows of `SCHATTING` with the households of every place of a breakdown, and of those expected.

    A group that is expected and was not seen reads as one of which zero was drawn, unless none is shown.
    """
    rows = []
    spots = list(public.plekken[["groep", "huishoudens", "reden"]].itertuples(index=False, name=None))
    unseen = spots[0][2] if spots and all(reason for *_, reason in spots) else ""
    spots += [(groep, 0, unseen) for groep in expected if groep not in set(public.plekken["groep"])]
    for groep, n, reason in sorted(spots):
        shown = NIET if reason else NUL if n == 0 else WEINIG if n < public.drempel else TOON
        value = float(n) if shown == TOON else float("nan")
        rows.append(
            estimate(
                "aantal",
                value,
                eenheid=card.eenheid,
                methode=reason or COUNTED,
                n=int(n),
                teller=value,
                spot=(public.uitsplitsing, groep, ""),
                weergave=shown,
            )
        )
    return rows


def is_bare(kind: Kind) -> bool:
    """Whether public counts of this kind are shown as they are, not estimated from."""
    return estimators.PUBLIC_MODULES[kind] is None


def counted(result: Result, rows: Sequence[Mapping[str, Any]], public: Mapping[str, PublicSummary]) -> Result:
    """Return a result of bare counts with these rows."""
    return replace(result, schattingen=table(rows, SCHATTING), publiek=public)
