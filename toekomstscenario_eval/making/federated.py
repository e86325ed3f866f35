"""Protected summaries of several owners as one release: designs read it as that of one package.

Regions stand side by side, each with the counts that its owner published: a comparison between regions is the
one that a package of all of them would give. Totals are sums of the published counts of regions, whose noise
adds: they are not the counts that would have been drawn of all households together. A total of which one
region is not published, is not given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from toekomstscenario_eval.errors import GebruikFout, InvoerFout, did_you_mean
from toekomstscenario_eval.estimators.filling import fill
from toekomstscenario_eval.frames import table, tuples
from toekomstscenario_eval.identity import COMPARISON, PILOT, TOTAAL
from toekomstscenario_eval.long_tables import REEKS, SCHATTING, UITSLUITING
from toekomstscenario_eval.making.summary_sets import Region, SummarySet, read_sets
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, PublicSummary
from toekomstscenario_eval.results import Release, bundle
from toekomstscenario_eval.types import SITE, SITE_KIND, Kind, Result

# Whether all cells of a kind are counts of households, so that those of regions add up. A duration has its
# design effect among them; of a scale and of a network no figure of the whole follows from sums.
ADDS: Mapping[Kind, bool] = {
    Kind.AANDEEL: True,
    Kind.AANTAL: True,
    Kind.DUUR: False,
    Kind.HERHAALD: True,
    Kind.SCORE: True,
    Kind.MATRIX: False,
    Kind.NETWERK: False,
    Kind.KENMERK: True,
    Kind.TELLING: False,
}
_NOTHING = "de eigenaar van deze regio publiceert dit niet"
_NO_SUM = "van deze soort indicator tellen de cijfers van regio's niet op"


def samenvoegen(*paths: Path | str) -> Release:
    """Put the protected summaries of several owners together, without anybody's rows.

    Tables, figures, sentences and comparisons take what this returns.

    Parameters
    ----------
    *paths : path
        Folders that `tks samenvatting` wrote, of one owner each.

    Returns
    -------
    Release
        Every indicator of the summaries by region; one that a summary lacks says so in `reden_nvt`.

    Raises
    ------
    InvoerFout
        When a folder is no summary or was changed, differs from the others in window, epoch, definition or
        policy, or a region is in two of them.

    Examples
    --------
    >>> samen = samenvoegen("oost", "west", "zuid")             # doctest: +SKIP
    """
    return joined(read_sets(paths))


def joined(sets: Sequence[SummarySet]) -> Release:
    """Return the release of summaries that fit together; the order in which they are given is no matter."""
    ordered = sorted(sets, key=lambda one: [r.naam for r in one.regios])
    questions: dict[tuple[object, ...], list[_Part]] = {}
    for one in ordered:
        for r in one.vrijgave.resultaten:
            questions.setdefault(_question(r), []).append(_Part(one, r))
    results = [_result(parts, ordered) for _, parts in sorted(questions.items(), key=lambda q: str(q[0]))]
    if not results:
        raise InvoerFout(
            "in de samenvattingen staat geen enkele indicator",
            waar=", ".join(one.bron for one in ordered),
            herstel="maak ze met 'tks samenvatting --indicator NAAM'",
        )
    first = ordered[0].vrijgave
    return bundle(results, policy=first.beleid, rules=first.regels, stand=first.stand)


def panel_key(release: Release, indicator: str) -> str:
    """Return the name of the panel of an indicator; GebruikFout when the summaries have none."""
    panels = {r.indicator: r.sleutel for r in release.resultaten if r.variant.instroom}
    if indicator not in panels:
        raise GebruikFout(
            f"van '{indicator}' staat in deze samenvattingen geen paneel",
            herstel=did_you_mean(indicator, panels) if panels else "vraag de eigenaren om een nieuwe",
        )
    return panels[indicator]


def absent(r: Result) -> list[str]:
    """Return in Dutch which regions have no count at all in a result, each with the reason of its owner."""
    if SITE not in r.publiek:
        return []
    places = r.publiek[SITE].plekken
    shown = set(places.loc[places["reden"].eq(""), "groep"])
    gone = places[~places["groep"].isin(shown)].drop_duplicates("groep")
    return [f"{groep}: {reason}" for groep, reason in tuples(gone, ("groep", "reden"))]


@dataclass(frozen=True)
class _Part:
    """What one owner publishes of a question."""

    owner: SummarySet
    result: Result

    @property
    def alone(self) -> bool:
        """Whether there is one region in its package: then the count of its kind is that of the region."""
        return sum(self.result.regios.values()) == 1

    def places(self, region: Region) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """Return the cells and places of a region; None when its owner has none."""
        public = self.result.publiek
        own = _of(public[SITE], region.naam) if SITE in public else None
        if own is not None and own[1]["reden"].eq("").any():
            return own
        kind = _of(public[SITE_KIND], region.soort) if self.alone and SITE_KIND in public else None
        return own if kind is None else (kind[0].assign(groep=region.naam), kind[1].assign(groep=region.naam))


def _of(summary: PublicSummary, groep: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    cells, places = (t[t["groep"].eq(groep)] for t in (summary.cellen, summary.plekken))
    return (cells, places) if len(places) else None


def _question(r: Result) -> tuple[object, ...]:
    """Return what is asked; of panels the same whatever the size of the package made the period."""
    plain = replace(r.variant, instroom=None)
    return r.indicator, tuple(sorted(r.params.items())), str(plain), r.variant.instroom is not None


def _result(parts: Sequence[_Part], sets: Sequence[SummarySet]) -> Result:
    """Return one question of all owners."""
    shown = [p for p in parts if SITE in p.result.publiek]
    first = (shown or parts)[0].result
    regions = [region for one in sets for region in one.regios]
    plain = replace(
        first,
        schattingen=table((), SCHATTING),
        reeksen=table((), REEKS),
        uitsluitingen=table((), UITSLUITING),
        toetsen=first.toetsen.iloc[:0],
        vergelijking=None,
        publiek={},
        reden_nvt=_why_not(parts, shown, sets),
        regios={k: n for k in (PILOT, COMPARISON) if (n := sum(p.result.regios.get(k, 0) for p in parts))},
        starts=dict(sorted(start for p in parts for start in p.result.starts.items())),
    )
    if plain.reden_nvt:
        return plain
    by_owner = {p.owner.bron: p for p in parts}
    owned = [(region, by_owner[one.bron]) for one in sets for region in one.regios]
    sites = _sites(first.publiek[SITE], owned)
    public = _totals(sites, regions, phase=first.variant.fase) | {SITE: sites}
    strata: dict[str, str] = {}
    for part in parts:
        rows = part.result.schattingen
        strata |= dict(tuples(rows[rows["uitsplitsing"].eq(SITE)], ("groep", "stratum")))
    strata |= {r.naam: r.soort for r in regions if not strata.get(r.naam)}
    return fill(plain, public, interval=first.variant.interval, strata=strata)


def _why_not(parts: Sequence[_Part], shown: Sequence[_Part], sets: Sequence[SummarySet]) -> str:
    """Return why owners cannot be put together for a question; empty when they can."""
    asked = {p.owner.bron for p in parts}
    if gone := [one.bron for one in sets if one.bron not in asked]:
        return f"niet elke samenvatting heeft deze indicator; hij ontbreekt in {', '.join(gone)}"
    if not shown:
        return "; ".join(dict.fromkeys(p.result.reden_nvt for p in parts if p.result.reden_nvt)) or _NOTHING
    periods = {p.result.variant.instroom: p.owner.bron for p in shown}
    if len(periods) > 1:
        each = ", ".join(f"per {entered[0]} in {at}" for entered, at in periods.items() if entered)
        return f"de panelen zijn niet even fijn: instroom {each}"
    return ""


def _sites(like: PublicSummary, owned: Sequence[tuple[Region, _Part]]) -> PublicSummary:
    """Return the regions of all owners side by side; one of which nothing is published says so."""
    cells, places = [], []
    spots = like.plekken[["periode", "kap"]].drop_duplicates("periode")
    for region, part in owned:
        found = part.places(region)
        if found is None:
            reason = part.result.reden_nvt or _NOTHING
            places.append(
                spots.assign(groep=region.naam, huishoudens=0, stand="", gesloten=False, reden=reason)
            )
            continue
        cells.append(found[0])
        places.append(found[1])
    return replace(like, cellen=_together(cells, CELLEN), plekken=_together(places, PLEKKEN))


def _together(pieces: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Return pieces as one table, groups in alphabetical order."""
    full = [piece[list(columns)] for piece in pieces if len(piece)]
    if not full:
        return pd.DataFrame({k: pd.Series(dtype="int64" if k in ("x", "k", "n") else "str") for k in columns})
    every: pd.DataFrame = pd.concat(full, ignore_index=True)
    return every.sort_values("groep", kind="stable", ignore_index=True)


def _totals(sites: PublicSummary, regions: Sequence[Region], *, phase: str) -> dict[str, PublicSummary]:
    """Return the whole and the kinds of region as sums over regions, with the noise of as many counts.

    In a phase comparison regions keep the calendar, and are no part of the whole. One noise stands for all
    kinds: that of the kind with most regions, so that no interval is too narrow.
    """
    whole = [r.naam for r in regions if not phase or r.soort != COMPARISON]
    kinds = {
        kind: [r.naam for r in regions if r.soort == kind] for kind in sorted({r.soort for r in regions})
    }
    return {
        "": _summed(sites, {TOTAAL: whole}, ""),
        SITE_KIND: _summed(sites, kinds, SITE_KIND),
    }


def _summed(sites: PublicSummary, groups: Mapping[str, Sequence[str]], per: str) -> PublicSummary:
    pieces = [_sum(sites, groep, names) for groep, names in groups.items()]
    most = max(1, *(len(names) for names in groups.values()))
    noise = sites.ruis
    return replace(
        sites,
        cellen=_together([cells for cells, _ in pieces], CELLEN),
        plekken=_together([places for _, places in pieces], PLEKKEN),
        ruis=Noise(noise.d * most, noise.v * most, noise.js),
        uitsplitsing=per,
    )


def _sum(sites: PublicSummary, groep: str, names: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cells and places of regions together; none in a period that one of them does not show."""
    cells, places = (t[t["groep"].isin(names)] for t in (sites.cellen, sites.plekken))
    rows = []
    for periode, part in places.groupby("periode", sort=False):
        refused = int(part["reden"].ne("").sum())
        reason = f"van {refused} van de {len(part)} regio's is dit niet openbaar" if refused else ""
        reason = reason or ("" if ADDS[sites.kind] else _NO_SUM)
        rows.append(
            {
                "groep": groep,
                "periode": periode,
                "huishoudens": 0 if reason else int(part["huishoudens"].sum()),
                "stand": "" if reason else part["stand"].max(),
                "kap": int(part["kap"].max()),
                "gesloten": bool(part["gesloten"].all()),
                "reden": reason,
            }
        )
    open_ = [str(row["periode"]) for row in rows if not row["reden"]]
    spot = ["periode", "naam", "x", "k"]
    summed = cells[cells["periode"].isin(open_)].groupby(spot, as_index=False, sort=True)["n"].sum()
    found = pd.DataFrame(rows, columns=list(PLEKKEN))
    return summed.assign(groep=groep)[list(CELLEN)], found
