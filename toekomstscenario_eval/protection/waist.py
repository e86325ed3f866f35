"""The waist: private summaries go in, public ones come out. Everything that leaves is drawn here, once.

A place (the whole, or one group of a breakdown) is drawn as a whole: in the epoch of the package, or it
shows what the register holds of it. What is asked anew at a place follows what that place does. Nothing here
depends on who asks, in which order, or when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from toekomstscenario_eval.errors import ControleFout
from toekomstscenario_eval.identity import TOTAAL, plain_name
from toekomstscenario_eval.protection import epochs, risk, sizes
from toekomstscenario_eval.protection.drawing import Drawing, Found, no_cells
from toekomstscenario_eval.protection.entries import Chosen, Draw, Entry, Place, Published
from toekomstscenario_eval.protection.keys import Secret
from toekomstscenario_eval.protection.policy import Policy
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, Least, PublicSummary
from toekomstscenario_eval.protection.rules._kinds import KINDS
from toekomstscenario_eval.protection.sharing import Sharing
from toekomstscenario_eval.protection.standings import Events, Reader, Standing, standing_of
from toekomstscenario_eval.types import SITE, SITE_KIND, Kind, Summary

WHOLE: Place = ("", TOTAAL)
_MOVED = (
    "een startdatum is veranderd sinds deze plek voor het laatst mocht worden getrokken; de eigenaar kan een "
    "trekking toestaan"
)
_FEW = "minder dan {} huishoudens tellen mee"
_ALIKE = "deze definitie verschilt hier in minder dan {} huishoudens van een andere"


Leads = Mapping[str, frozenset[str]] | None


def _require_known_spelling(known: Iterable[Place], places: pd.DataFrame) -> None:
    """Refuse a site that the register knows under the same name in other capitals or spaces.

    By another name it is another place: drawn once more, closed windows too.
    """
    before = {groep for per, groep in known if per == SITE}
    spelled = {plain_name(groep): groep for groep in before}
    for groep in places.loc[places["uitsplitsing"].eq(SITE), "groep"]:
        old = spelled.get(plain_name(groep), groep)
        if groep not in before and old != groep:
            raise ControleFout(
                "een proeftuin is anders geschreven dan in eerdere vrijgaven",
                waar="tabel proeftuin, kolom naam",
                verwacht=old,
                kreeg=groep,
                herstel="schrijf de naam zoals eerder, ook in hoofdletters en spaties",
            )


@dataclass(frozen=True)
class Waist:
    """How one package passes in one epoch. Reads the register as it was; `protect` returns what to add."""

    secret: Secret = field(repr=False)
    policy: Policy
    epoch: date
    register: Reader = field(repr=False)
    standings: Mapping[Place, Standing] = field(repr=False)
    kinds_of_region: int = 1
    nobody: tuple[Draw, ...] = ()

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
        starts: Mapping[Place, tuple[str, ...]] | None = None,
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
        starts : mapping
            Of each place the start of its pilots; see `Draw.start`.
        """
        here = zip(
            places["uitsplitsing"],
            places["groep"],
            zip(places["n"], places["sleutel"], strict=True),
            strict=True,
        )
        _require_known_spelling(register.places, places)
        # A place that is gone from the data shows what it showed, as any other.
        cells = dict.fromkeys(register.places, (0, 0)) | {(per, groep): cell for per, groep, cell in here}
        draw = Drawing(secret, policy.ruis, epoch)
        previous = register.draws(WHOLE)
        whole = previous[-1].huishoudens if previous else draw.one(cells[WHOLE])
        drawn = {register.draws(place)[-1].epoche for place in register.places}
        since = {day: events(day) for day in sorted(drawn)}
        standings = {}
        for place, cell in sorted(cells.items()):
            draws, start = register.draws(place), (starts or {}).get(place, ())
            moved = bool(draws) and draws[-1].moved(start)
            decision = epochs.decide(
                draws=draws,
                epoch=epoch,
                published_n=draws[-1].huishoudens if draws else 0,
                events=since[draws[-1].epoche].get(place, 0) if draws else 0,
                v=sizes.most_draws(per=place[0], whole_n=whole, policy=policy),
                exception=bool(register.exceptions(place)),
                moved=moved,
                fewest=policy.gebeurtenissen_aantal,
                share=policy.gebeurtenissen_procent / 100,
            )
            n = draw.one(cell, decision.again)
            standings[place] = standing_of(place, register, decision, package, n, now=epoch, start=start)
        seen = {place: s for place, s in standings.items() if s.n > 0}
        regions = sum(per == SITE_KIND for per, _ in seen)
        # Nobody in public: a place is drawn then too, and that counts.
        nobody = tuple(s.draw for s in standings.values() if s.draw and s.n == 0)
        return cls(secret, policy, epoch, register, seen, max(1, regions), nobody)

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
        apart: Mapping[str, frozenset[str]] | None = None,
        leads: Leads = None,
        phase: bool = False,
        kinds: Mapping[str, str] | None = None,
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
        apart : mapping
            By breakdown the groups that are no part of the whole of this question, and are not passed.
        leads : mapping or None
            By breakdown the groups in which this is the population that leads; None: everywhere.
        phase : bool
            Whether it is of a population by the start of the pilots.
        kinds : mapping
            Kind of region by site.
        """
        none: frozenset[str] = frozenset()
        found = {
            per: self._passed(
                recipe,
                per,
                summary,
                stap,
                ends or {},
                (near or {}).get(per, none),
                (apart or {}).get(per, none),
                leads,
                phase,
            )
            for per, summary in summaries.items()
        }
        parts = {per: public for per, (public, _) in found.items()}
        copied = {per: spots for per, (_, spots) in found.items()}
        drawing = Drawing(self.secret, self.policy.ruis, self.epoch)
        again = {place: standing.again for place, standing in self.standings.items()}
        sharing = Sharing(drawing, self.policy.ontwerpeffect_vanaf, kinds or {}, again)
        return sharing.added(risk.guarded(parts, self.policy, copied), summaries, copied)

    def _passed(
        self,
        recipe: str,
        per: str,
        summary: Summary,
        stap: int,
        ends: Mapping[str, date],
        near: frozenset[str],
        apart: frozenset[str],
        leads: Leads,
        phase: bool,
    ) -> tuple[PublicSummary, frozenset[tuple[str, str]]]:
        """Return a public summary, and by group and period what in it the register already shows."""
        drawing = Drawing(self.secret, self.policy.ruis, self.epoch)
        found = Found.of(summary, drawing, self.policy.band_geheel_vanaf)
        rows: list[tuple[Any, ...]] = []
        kept, copied = list[Published](), set[tuple[str, str]]()
        for place, periode, kap in self._spots(per, summary):
            if place[1] in apart:
                continue
            stored = self._stored(recipe, place, periode)
            reason = self.refused(found.kind, place, leads)
            if not reason and phase and self.standings[place].moved:
                reason = _MOVED
            cells = None
            if not reason:
                end = ends.get(periode)
                cells, reason = self._cells(recipe, place, periode, found, end, near, kap, stored)
            n, stand, closed = 0, "", False
            if cells:
                n, stand, closed = cells.huishoudens, cells.epoche.isoformat(), cells.gesloten
                # A copy has the window of its own draw.
                kap = cells.kap
                kept += [] if reason else [cells]
            if stored:
                copied.add((place[1], periode))
            rows.append((place[1], periode, n, stand, kap, closed, reason))
        plekken = pd.DataFrame(rows, columns=list(PLEKKEN))
        p = self.policy
        public = PublicSummary(
            summary.kind, self._table(kept), plekken, p.ruis, recipe, per, stap, p.drempel, Least.of(p)
        )
        return public, frozenset(copied)

    def refused(self, kind: Kind, place: Place, leads: Leads = None) -> str:
        """Return why so small a place has nothing of a kind; empty when it may."""
        return sizes.refusal(
            kind=kind,
            per=place[0],
            place_n=self.standings[place].n,
            whole_n=self.n,
            policy=self.policy,
            kinds_of_region=self.kinds_of_region,
            headline=leads is None or place[1] in leads.get(place[0], ()),
        )

    def shows(self, kind: Kind, per: str, leads: Leads = None) -> bool:
        """Whether any group of a breakdown is large enough for a kind; what is not need not be computed."""
        return any(not self.refused(kind, place, leads) for place in self.standings if place[0] == per)

    def entries(self, summaries: Iterable[PublicSummary], register: Reader) -> list[Entry]:
        """Return what the register must get before these summaries are shown."""
        cells: list[Published] = []
        for summary in summaries:
            # What stands is copied, whatever part of it this policy shows.
            new = (c for c in _published(summary) if not self._stored(c.recept, c.plek, c.periode))
            cells += [c for c in new if register.cells(c.recept, c.plek, c.periode) != c]
        at = dict.fromkeys(c.plek for c in cells)
        draws = [s.draw for place in at if (s := self.standings.get(place)) and s.draw]
        draws += self.nobody if cells else ()
        fresh = [draw for draw in draws if draw not in register.draws(draw.plek)]
        first = [Chosen(self.policy.naam, self.policy.fingerprint, "", "de eerste vrijgave")]
        return [*(first if fresh and register.chosen is None else ()), *fresh, *dict.fromkeys(cells)]

    def _spots(self, per: str, summary: Summary) -> Iterator[tuple[Place, str, int]]:
        """Yield each place that is seen in public, with each period and its days."""
        columns = ["periode", "kap"] if "kap" in summary.groepen.columns else ["periode"]
        periods = summary.groepen[columns].drop_duplicates("periode").itertuples(index=False)
        days = [(str(periode), int(*rest) if rest else 0) for periode, *rest in periods]
        for place in self.standings:
            if place[0] == per:
                yield from ((place, periode, kap) for periode, kap in days)

    def _stored(self, recipe: str, place: Place, periode: str) -> Published | None:
        """Return what the register has of a recipe and still stands at a place; None when it is drawn now."""
        stored, draw = self.register.cells(recipe, place, periode), self.standings[place].draw
        fixed = draw is None or (stored is not None and stored.gesloten and not draw.uitzondering)
        return stored if fixed and self.register.stands(recipe, place, periode) else None

    def _cells(
        self,
        recipe: str,
        place: Place,
        periode: str,
        found: Found,
        end: date | None,
        near: frozenset[str],
        kap: int,
        stored: Published | None,
    ) -> tuple[Published | None, str]:
        """Return what a place has of a recipe, copied or drawn now, and the reason when it is not shown."""
        standing = self.standings[place]
        if stored is None:
            if standing.reason:
                return None, standing.reason
            if place[1] in near:
                return None, _ALIKE.format(self.policy.drempel)
            closed = end is not None and epochs.closed(end, self.epoch)
            part = found.at(place[1], periode, standing.again)
            columns = _columns(part.cells)
            stored = Published(recipe, place, periode, self.epoch, part.n, closed, **columns, kap=kap)
        if KINDS[found.kind].is_size:
            return stored, ""
        if stored.huishoudens < self.policy.drempel:
            return stored, _FEW.format(self.policy.drempel)
        # Who counts does something; a place without cells had them left out when it was drawn.
        return stored, "" if stored.naam else risk.GUESSED

    def _table(self, kept: Sequence[Published]) -> pd.DataFrame:
        pieces = [
            pd.DataFrame({"naam": c.naam, "x": c.x, "k": c.k, "n": c.n}).assign(
                groep=c.plek[1], periode=c.periode
            )
            for c in kept
            if c.naam
        ]
        if not pieces:
            return no_cells()
        table: pd.DataFrame = pd.concat(pieces, ignore_index=True)[list(CELLEN)]
        if self.policy.cellen_onder_drempel:
            return table
        large: pd.DataFrame = table[table["n"] >= self.policy.drempel].reset_index(drop=True)
        return large


def _published(summary: PublicSummary) -> Iterator[Published]:
    """Yield the entries of a public summary; what shows nothing has none."""
    parts = {
        (str(g), str(p)): part for (g, p), part in summary.cellen.groupby(["groep", "periode"], sort=False)
    }
    rows = summary.plekken[summary.plekken["stand"].ne("")]
    for groep, periode, n, stand, kap, closed, _ in rows.itertuples(index=False):
        columns = _columns(parts.get((groep, periode), no_cells()))
        yield Published(
            summary.recept,
            (summary.uitsplitsing, groep),
            periode,
            date.fromisoformat(stand),
            int(n),
            bool(closed),
            **columns,
            kap=int(kap),
        )


def _columns(cells: pd.DataFrame) -> dict[str, Any]:
    """Return the columns of cells as the register holds them."""
    return {"naam": tuple(cells["naam"])} | {k: tuple(map(int, cells[k])) for k in ("x", "k", "n")}
