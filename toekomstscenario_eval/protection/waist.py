"""The waist: private summaries go in, public ones come out. Everything that leaves is drawn here, once.

A place (the whole, or one group of a breakdown) is drawn as a whole: in the epoch of the package, or it
shows what the register holds of it. What is asked anew at a place follows what that place does. Nothing here
depends on who asks, in which order, or when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.protection import epochs, risk, sizes
from toekomstscenario_eval.protection.keys import Secret
from toekomstscenario_eval.protection.policy import Policy
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, PublicSummary
from toekomstscenario_eval.protection.register import Draw, Entry, Place, Published, View
from toekomstscenario_eval.types import SITE_KIND, Kind, Summary

WHOLE: Place = ("", TOTAAL)
_EVERYBODY = "h"
_LATER = "deze plek toont de stand van een eerdere trekking, en toen is dit niet gevraagd"
_FEW = "minder dan {} huishoudens tellen mee"
_ALIKE = "deze definitie verschilt hier in minder dan {} huishoudens van een andere"
_GUESSED = "wie alles weet wat openbaar is, kan hier een klein aantal te goed raden"

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
    register: View = field(repr=False)
    standings: Mapping[Place, Standing] = field(repr=False)
    kinds_of_region: int = 1

    @classmethod
    def make(
        cls,
        secret: Secret,
        policy: Policy,
        register: View,
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
        keys = list(zip(places["uitsplitsing"], places["groep"], strict=True))
        n = dict(zip(keys, map(int, drawn), strict=True))
        previous = register.draws(WHOLE)
        whole = n[WHOLE] if not previous else max(n[WHOLE], previous[-1].huishoudens)
        since: dict[date, Mapping[Place, int]] = {}
        standings = {}
        for place in keys:
            draws = register.draws(place)
            if draws and draws[-1].epoch not in since:
                since[draws[-1].epoch] = events(draws[-1].epoch)
            moved = since[draws[-1].epoch].get(place, 0) if draws else 0
            standings[place] = _standing(
                place,
                register,
                n[place],
                epoch=epoch,
                package=package,
                moved=moved,
                most=sizes.most_draws(per=place[0], whole_n=whole, policy=policy),
                policy=policy,
            )
        regions = sum(place[0] == SITE_KIND for place in keys)
        return cls(secret, policy, epoch, register, standings, max(1, regions))

    @property
    def n(self) -> int:
        """Published number of households of the whole."""
        return self.standings[WHOLE].n

    @property
    def draws(self) -> tuple[Draw, ...]:
        """What the register gets of places drawn now."""
        return tuple(s.draw for s in self.standings.values() if s.draw)

    def protect(
        self,
        recipe: str,
        per: str,
        summary: Summary,
        *,
        stap: int = 1,
        ends: Mapping[str, date] | None = None,
        near: frozenset[str] = frozenset(),
    ) -> tuple[PublicSummary, tuple[Entry, ...]]:
        """Return the public summary of one question by one breakdown, and what the register gets of it.

        Parameters
        ----------
        recipe : str
            Indicator, definition and window.
        ends : mapping
            The last day (not included) of each period.
        near : frozenset of str
            Groups in which the definition differs from another by too few households.
        """
        found = _Found.of(summary, self)
        shown: list[dict[str, Any]] = []
        kept: list[Published] = []
        fresh: list[Published] = []
        for groep, periode, kap in _spots(summary):
            place = (per, groep)
            reason = self._refusal(summary.kind, place, groep in near)
            cells = None if reason else self._cells(recipe, place, periode, found, (ends or {}).get(periode))
            if cells is None:
                standing = self.standings.get(place)
                reason = reason or (standing.reason if standing else "") or _LATER
            else:
                kept.append(cells)
                fresh += [] if self._stored(cells) else [cells]
                few = summary.kind is not Kind.TELLING and cells.huishoudens < self.policy.drempel
                reason = _FEW.format(self.policy.drempel) if few else ""
            n = cells.huishoudens if cells else 0
            stand = cells.epoch.isoformat() if cells else ""
            shown.append(dict(zip(PLEKKEN, (groep, periode, n, stand, kap, reason), strict=True)))
        plekken = pd.DataFrame(shown, columns=list(PLEKKEN))
        out = PublicSummary(
            summary.kind, self._table(kept, plekken), plekken, self.policy.ruis, stap, self.policy.drempel
        )
        return self._not_guessed(out, per), tuple(fresh)

    def _refusal(self, kind: Kind, place: Place, alike: bool) -> str:
        standing = self.standings.get(place)
        n = standing.n if standing else 0
        reason = sizes.refusal(
            kind=kind,
            per=place[0],
            place_n=n,
            whole_n=self.n,
            policy=self.policy,
            kinds_of_region=self.kinds_of_region,
        )
        return reason or (_ALIKE.format(self.policy.drempel) if alike else "")

    def _stored(self, cells: Published) -> bool:
        return self.register.cells(cells.recept, cells.plek, cells.periode) == cells

    def _cells(
        self, recipe: str, place: Place, periode: str, found: _Found, end: date | None
    ) -> Published | None:
        """Return what this place shows of a recipe: copied, or drawn now; None when it shows nothing."""
        stored = self.register.cells(recipe, place, periode)
        standing = self.standings.get(place)
        if stored is not None and (stored.gesloten or standing is None or stored.epoch == standing.stand):
            return stored
        if standing is None or not standing.fresh:
            return None
        closed = end is not None and epochs.closed(end, self.epoch)
        part = found.at(place[1], periode)
        return Published(
            recipe,
            place,
            periode,
            self.epoch,
            part.n,
            closed,
            tuple(part.cells["naam"]),
            *(tuple(map(int, part.cells[k])) for k in ("x", "k", "n")),
        )

    def _table(self, kept: Sequence[Published], plekken: pd.DataFrame) -> pd.DataFrame:
        """Return the cells of places that are shown."""
        open_ = {
            (g, p)
            for g, p, r in zip(plekken["groep"], plekken["periode"], plekken["reden"], strict=True)
            if not r
        }
        pieces = []
        for cells in kept:
            if (cells.plek[1], cells.periode) in open_:
                piece = pd.DataFrame({"naam": cells.naam, "x": cells.x, "k": cells.k, "n": cells.n})
                pieces.append(piece.assign(groep=cells.plek[1], periode=cells.periode))
        if not pieces:
            return _no_cells()
        table = pd.concat(pieces, ignore_index=True)[list(CELLEN)]
        if self.policy.cellen_onder_drempel:
            return table
        return table[table["n"] >= self.policy.drempel].reset_index(drop=True)

    def _not_guessed(self, summary: PublicSummary, per: str) -> PublicSummary:
        """Leave out the places of which a small count can be guessed too well."""
        drop = risk.drop_order(summary, per=per, policy=self.policy)
        if not drop:
            return summary
        at = pd.MultiIndex.from_frame(summary.plekken[["groep", "periode"]]).isin(drop)
        plekken = summary.plekken.assign(reden=summary.plekken["reden"].where(~at, _GUESSED))
        inside = pd.MultiIndex.from_frame(summary.cellen[["groep", "periode"]]).isin(drop)
        cellen = summary.cellen[~inside].reset_index(drop=True)
        return PublicSummary(summary.kind, cellen, plekken, summary.ruis, summary.stap, summary.drempel)


def _standing(
    place: Place, register: View, n: int, *, epoch: date, package: str, moved: int, most: int, policy: Policy
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

    by_spot: Mapping[tuple[str, str], pd.DataFrame]

    @classmethod
    def of(cls, summary: Summary, waist: Waist) -> _Found:
        table = summary.cellen
        if table is None or table.empty:
            return cls({})
        u = waist.secret.uniforms(table["sleutel"].to_numpy(dtype=np.uint64), waist.epoch)
        drawn = waist.policy.ruis.draw(table["n"].to_numpy(dtype=np.int64), u)
        public = table.assign(n=drawn).drop(columns="sleutel")
        public = public[public["n"] > 0].sort_values(["naam", "x", "k"], kind="stable")
        parts = public.groupby(["groep", "periode"], sort=False)
        return cls({(str(g), str(p)): part for (g, p), part in parts})

    def at(self, groep: str, periode: str) -> _Part:
        part = self.by_spot.get((groep, periode))
        if part is None:
            return _Part(0, _no_cells())
        everybody = part["naam"].eq(_EVERYBODY)
        return _Part(int(part.loc[everybody, "n"].sum()), part[~everybody])


def _spots(summary: Summary) -> Iterator[tuple[str, str, int]]:
    groepen = summary.groepen
    kap = groepen["kap"] if "kap" in groepen.columns else pd.Series(0, groepen.index)
    for groep, periode, days in zip(groepen["groep"], groepen["periode"], kap, strict=True):
        yield str(groep), str(periode), int(days)


def _no_cells() -> pd.DataFrame:
    types = {"x": "int64", "k": "int64", "n": "int64"}
    return pd.DataFrame({k: pd.Series(dtype=types.get(k, "str")) for k in CELLEN})
