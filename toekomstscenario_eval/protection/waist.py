"""The waist: private summaries go in, public ones come out. Everything that leaves is drawn here, once.

A place (the whole, or one group of a breakdown) is drawn as a whole: in the epoch of the package, or it
shows what the register holds of it. What is asked anew at a place follows what that place does. Nothing here
depends on who asks, in which order, or when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

import numpy as np
import pandas as pd

from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.protection import epochs, risk, sizes
from toekomstscenario_eval.protection.keys import Secret
from toekomstscenario_eval.protection.policy import Policy
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, PublicSummary
from toekomstscenario_eval.protection.register import Draw, Entry, Grant, Place, Published
from toekomstscenario_eval.types import SITE_KIND, Kind, Summary

WHOLE: Place = ("", TOTAAL)
_EVERYBODY = "h"
_LATER = "deze plek toont de stand van een eerdere trekking, en toen is dit niet gevraagd"
_FEW = "minder dan {} huishoudens tellen mee"
_ALIKE = "deze definitie verschilt hier in minder dan {} huishoudens van een andere"
_GUESSED = "wie alles weet wat openbaar is, kan hier een klein aantal te goed raden"


class Reader(Protocol):
    """What is read of a register, whether it is open or as it was."""

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place that was drawn."""

    def draws(self, place: Place) -> tuple[Draw, ...]:
        """Return the draws of a place, the last one last."""

    def cells(self, recipe: str, place: Place, periode: str) -> Published | None:
        """Return what was last published, or None."""

    def exceptions(self, place: Place) -> tuple[Grant, ...]:
        """Return the owner's exceptions that this place has not used yet."""


Events = Callable[[date], Mapping[Place, int]]


@dataclass(frozen=True)
class Standing:
    """What a place does in this epoch.

    Attributes
    ----------
    n : published number of households
    stand : first day of the epoch that it shows
    fresh : whether what is asked anew may be drawn
    draw : the entry for the register when the place is drawn now
    reason : why nothing anew; empty when `fresh`
    """

    n: int
    stand: date
    fresh: bool
    draw: Draw | None = None
    reason: str = ""


@dataclass(frozen=True)
class Waist:
    """How one package passes in one epoch. Reads the register as it was; `protect` returns what to add."""

    secret: Secret = field(repr=False)
    policy: Policy
    epoch: date
    register: Reader = field(repr=False)
    standings: Mapping[Place, Standing] = field(repr=False)
    kinds_of_region: int = 1

    @classmethod
    def make(
        cls,
        secret: Secret,
        policy: Policy,
        register: Reader,
        *,
        epoch: date,
        package: str,
        places: pd.DataFrame,
        events: Events,
    ) -> Waist:
        """Decide for every place whether it is drawn anew.

        Parameters
        ----------
        package : str
            Keyed hash of the package.
        places : DataFrame
            `uitsplitsing`, `groep`, `n`, `sleutel`: the whole, and every group of every breakdown.
        events : callable
            Returns for a day how many households of each place have a dated event from that day on.
        """
        drawn = policy.ruis.draw(
            places["n"].to_numpy(dtype=np.int64), secret.uniforms(places["sleutel"].to_numpy(), epoch)
        )
        here = zip(places["uitsplitsing"], places["groep"], drawn, strict=True)
        # A place that is gone from the data shows what it showed, as any other.
        n = {place: 0 for place in register.places} | {(per, groep): int(k) for per, groep, k in here}
        previous = register.draws(WHOLE)
        whole = previous[-1].huishoudens if previous else n[WHOLE]
        since = {day: events(day) for day in {d[-1].epoch for p in n if (d := register.draws(p))}}
        standings = {}
        for place, count in sorted(n.items()):
            draws = register.draws(place)
            moved = since[draws[-1].epoch].get(place, 0) if draws else 0
            most = sizes.most_draws(per=place[0], whole_n=whole, policy=policy)
            standings[place] = _standing(
                place, register, count, epoch=epoch, package=package, moved=moved, most=most, policy=policy
            )
        seen = {place: s for place, s in standings.items() if s.n > 0}
        regions = sum(per == SITE_KIND for per, _ in seen)
        return cls(secret, policy, epoch, register, seen, max(1, regions))

    @property
    def n(self) -> int:
        """Published number of households of the whole."""
        return self.standings[WHOLE].n if WHOLE in self.standings else 0

    def protect(
        self,
        recipe: str,
        summaries: Mapping[str, Summary],
        *,
        stap: int = 1,
        ends: Mapping[str, date] | None = None,
        near: Mapping[str, frozenset[str]] | None = None,
    ) -> dict[str, PublicSummary]:
        """Return the public summary of one question by each breakdown (empty text: the whole).

        Parameters
        ----------
        recipe : str
            Indicator, version, choices and window.
        ends : mapping
            The day after the last of each period, of windows that close.
        near : mapping
            By breakdown the groups in which the definition differs from another by too few households.
        """
        found = {
            per: self._passed(recipe, per, summary, stap, ends or {}, (near or {}).get(per, frozenset()))
            for per, summary in summaries.items()
        }
        return self._not_guessed(found)

    def _passed(
        self,
        recipe: str,
        per: str,
        summary: Summary,
        stap: int,
        ends: Mapping[str, date],
        near: frozenset[str],
    ) -> PublicSummary:
        found = _Found.of(summary, self)
        rows: list[tuple[Any, ...]] = []
        kept: list[Published] = []
        for place, periode, kap in self._spots(per, summary):
            cells, reason = self._cells(recipe, place, periode, found, ends.get(periode), near)
            n, stand, closed = 0, "", False
            if cells:
                n, stand, closed = cells.huishoudens, cells.epoch.isoformat(), cells.gesloten
                kept += [] if reason else [cells]
            rows.append((place[1], periode, n, stand, kap, closed, reason))
        plekken = pd.DataFrame(rows, columns=list(PLEKKEN))
        return PublicSummary(
            summary.kind, self._table(kept), plekken, self.policy.ruis, recipe, per, stap, self.policy.drempel
        )

    def entries(self, summaries: Iterable[PublicSummary], register: Reader) -> list[Entry]:
        """Return what the register must get before these summaries are shown."""
        cells: list[Published] = []
        for summary in summaries:
            cells += [c for c in _published(summary) if register.cells(c.recept, c.plek, c.periode) != c]
        at = dict.fromkeys(c.plek for c in cells)
        draws = [s.draw for place in at if (s := self.standings.get(place)) and s.draw]
        new = [draw for draw in draws if not any(d.epoch == draw.epoch for d in register.draws(draw.plek))]
        return [*new, *dict.fromkeys(cells)]

    def _spots(self, per: str, summary: Summary) -> Iterator[tuple[Place, str, int]]:
        """Yield each place that is seen in public, with each period and its days: never who is in the data."""
        columns = ["periode", "kap"] if "kap" in summary.groepen.columns else ["periode"]
        periods = summary.groepen[columns].drop_duplicates("periode").itertuples(index=False)
        days = [(str(periode), int(*rest) if rest else 0) for periode, *rest in periods]
        for place in self.standings:
            if place[0] == per:
                yield from ((place, periode, kap) for periode, kap in days)

    def _cells(
        self,
        recipe: str,
        place: Place,
        periode: str,
        found: _Found,
        end: date | None,
        near: frozenset[str],
    ) -> tuple[Published | None, str]:
        """Return what a place has of a recipe, copied or drawn now, and the reason when it is not shown."""
        reason = sizes.refusal(
            kind=found.kind,
            per=place[0],
            place_n=self.standings[place].n,
            whole_n=self.n,
            policy=self.policy,
            kinds_of_region=self.kinds_of_region,
        )
        if reason:
            return None, reason
        standing = self.standings[place]
        stored = self.register.cells(recipe, place, periode)
        if stored is None or not (stored.gesloten or stored.epoch == standing.stand):
            if not standing.fresh:
                return None, standing.reason or _LATER
            if place[1] in near:
                return None, _ALIKE.format(self.policy.drempel)
            closed = end is not None and epochs.closed(end, self.epoch)
            part = found.at(place[1], periode)
            columns = (tuple(part.cells["naam"]), *(tuple(map(int, part.cells[k])) for k in ("x", "k", "n")))
            stored = Published(recipe, place, periode, self.epoch, part.n, closed, *columns)
        if found.kind is Kind.TELLING:
            return stored, ""
        if stored.huishoudens < self.policy.drempel:
            return stored, _FEW.format(self.policy.drempel)
        # Who counts does something; a place without cells had them left out when it was drawn.
        return stored, "" if stored.naam else _GUESSED

    def _table(self, kept: Sequence[Published]) -> pd.DataFrame:
        pieces = [
            pd.DataFrame({"naam": c.naam, "x": c.x, "k": c.k, "n": c.n}).assign(
                groep=c.plek[1], periode=c.periode
            )
            for c in kept
            if c.naam
        ]
        if not pieces:
            return _no_cells()
        table = pd.concat(pieces, ignore_index=True)[list(CELLEN)]
        if self.policy.cellen_onder_drempel:
            return table
        return table[table["n"] >= self.policy.drempel].reset_index(drop=True)

    def _not_guessed(self, summaries: dict[str, PublicSummary]) -> dict[str, PublicSummary]:
        """Leave out the places of which a small count can be guessed too well."""
        drop = risk.drop_order(summaries, self.policy)
        for per in dict.fromkeys(per for per, *_ in drop):
            summary, gone = summaries[per], [spot for name, *spot in drop if name == per]
            at, inside = (
                pd.MultiIndex.from_frame(t[["groep", "periode"]]).isin([tuple(spot) for spot in gone])
                for t in (summary.plekken, summary.cellen)
            )
            reasons = summary.plekken["reden"].where(~at, _GUESSED)
            summaries = summaries | {
                per: replace(
                    summary,
                    plekken=summary.plekken.assign(reden=reasons),
                    cellen=summary.cellen[~inside].reset_index(drop=True),
                )
            }
        return summaries


def _published(summary: PublicSummary) -> Iterator[Published]:
    """Yield the entries of a public summary; what shows nothing has none."""
    parts = {
        (str(g), str(p)): part for (g, p), part in summary.cellen.groupby(["groep", "periode"], sort=False)
    }
    rows = summary.plekken[summary.plekken["stand"].ne("")]
    for groep, periode, n, stand, _, closed, _ in rows.itertuples(index=False):
        part = parts.get((groep, periode), _no_cells())
        columns = (tuple(part["naam"]), *(tuple(map(int, part[k])) for k in ("x", "k", "n")))
        yield Published(
            summary.recept,
            (summary.uitsplitsing, groep),
            periode,
            date.fromisoformat(stand),
            int(n),
            bool(closed),
            *columns,
        )


def _standing(
    place: Place,
    register: Reader,
    n: int,
    *,
    epoch: date,
    package: str,
    moved: int,
    most: int,
    policy: Policy,
) -> Standing:
    draws = register.draws(place)
    grants = register.exceptions(place)
    decision = epochs.decide(
        draws=draws,
        epoch=epoch,
        published_n=draws[-1].huishoudens if draws else n,
        events=moved,
        v=most,
        exception=bool(grants),
        policy=policy,
    )
    if decision.draw:
        used = grants[0].kenmerk if grants and draws else ""
        return Standing(n, epoch, True, Draw(place, epoch, n, package, used))
    last = draws[-1]
    reason = _LATER if decision.stand != epoch else epochs.other_package(last, package)
    return Standing(last.huishoudens, decision.stand, not reason, None, reason)


@dataclass(frozen=True)
class _Part:
    n: int
    cells: pd.DataFrame


@dataclass(frozen=True)
class _Found:
    """The cells of a summary with their drawn counts; zeros are gone."""

    kind: Kind
    by_spot: Mapping[tuple[str, str], pd.DataFrame]

    @classmethod
    def of(cls, summary: Summary, waist: Waist) -> _Found:
        table = summary.cellen
        if table is None or table.empty:
            return cls(summary.kind, {})
        u = waist.secret.uniforms(table["sleutel"].to_numpy(dtype=np.uint64), waist.epoch)
        drawn = waist.policy.ruis.draw(table["n"].to_numpy(dtype=np.int64), u)
        public = table.assign(n=drawn).drop(columns="sleutel")
        public = public[public["n"] > 0].sort_values(["naam", "x", "k"], kind="stable")
        parts = public.groupby(["groep", "periode"], sort=False)
        return cls(summary.kind, {(str(g), str(p)): part for (g, p), part in parts})

    def at(self, groep: str, periode: str) -> _Part:
        part = self.by_spot.get((groep, periode))
        if part is None:
            return _Part(0, _no_cells())
        everybody = part["naam"].eq(_EVERYBODY)
        return _Part(int(part.loc[everybody, "n"].sum()), part[~everybody])


def _no_cells() -> pd.DataFrame:
    types = {"x": "int64", "k": "int64", "n": "int64"}
    return pd.DataFrame({k: pd.Series(dtype=types.get(k, "str")) for k in CELLEN})
