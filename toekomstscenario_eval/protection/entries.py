"""What stands in the register of releases, and what may be added to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import floor
from typing import Any

REASONS = ("correctie", "nieuwe vraag")

# A group of one breakdown; the whole is ("", "totaal").
Place = tuple[str, str]
# Bound, variance and js of the noise, and the length of an epoch: fixed with the first release.
Rules = tuple[int, float, int, str]
# An entry as it is read.
Body = dict[str, Any]


@dataclass(frozen=True)
class Draw:
    """All cells of a place were drawn anew.

    `huishoudens` is its published number of households, `pakket` the keyed hash of the package, and
    `uitzondering` the owner's exception that it used; empty when the gate was open. `start` holds the day on
    which each pilot of the place started, `name=date`: no secret, and what populations by phase rest on.
    """

    plek: Place
    epoche: date
    huishoudens: int
    pakket: str
    uitzondering: str = ""
    start: tuple[str, ...] = ()

    def moved(self, start: Sequence[str]) -> bool:
        """Whether a pilot that was there at this draw has another start now; one that joins has not."""
        before, now = (dict(_named(line) for line in lines) for lines in (self.start, start))
        return any(now[naam] != day for naam, day in before.items() if naam in now)


@dataclass(frozen=True)
class Published:
    """The published cells of one recipe (indicator, definition, window) at one place in one period.

    `naam`, `x`, `k` and `n` are the columns of the cells. `epoche` is that of the draw; a window that was
    closed by then (`gesloten`) stays for ever. `kap` is the days of the window as it then was, on which the
    steps of the cells depend.
    """

    recept: str
    plek: Place
    periode: str
    epoche: date
    huishoudens: int
    gesloten: bool
    naam: tuple[str, ...] = field(default=(), repr=False)
    x: tuple[int, ...] = field(default=(), repr=False)
    k: tuple[int, ...] = field(default=(), repr=False)
    n: tuple[int, ...] = field(default=(), repr=False)
    kap: int = 0


@dataclass(frozen=True)
class Grant:
    """An owner's exception: a place (None: each) may be drawn once more. The register gives `kenmerk`."""

    plek: Place | None
    soort: str
    wie: str
    waarom: str
    datum: date
    kenmerk: str = ""


@dataclass(frozen=True)
class Withdrawal:
    """The owner takes an exception back."""

    kenmerk: str
    wie: str
    waarom: str
    datum: date


@dataclass(frozen=True)
class Chosen:
    """The policy by which releases are made from here on: name, hash of its rules, and who decided that.

    The first is that of the first release; every other is the owner's.
    """

    beleid: str
    regels: str
    wie: str
    waarom: str
    datum: date | None = None


Entry = Draw | Published | Grant | Withdrawal | Chosen
# By the word that its line begins with; that of the rules has no class of its own.
RULES = "regels"
KINDS: dict[str, type[Any]] = {
    RULES: type(None),
    "trekking": Draw,
    "cellen": Published,
    "uitzondering": Grant,
    "intrek": Withdrawal,
    "beleid": Chosen,
}


def _named(start: str) -> tuple[str, str]:
    naam, _, day = start.rpartition("=")
    return naam, day


def to_body(entry: Entry) -> Body:
    """Return an entry as it is written."""
    return {"regel": next(k for k, kind in KINDS.items() if isinstance(entry, kind)), **vars(entry)}


def _entry(body: Body) -> Any:
    """Return the entry that was written so."""
    values: Body = {k: v for k, v in body.items() if k not in ("na", "regel")}
    values |= {k: tuple(v) for k, v in values.items() if isinstance(v, list)}
    for key in ("epoche", "datum"):
        if values.get(key):
            values[key] = date.fromisoformat(values[key])
    return KINDS[body["regel"]](**values)


@dataclass
class View:
    """What a register holds, to read from; goes to another process as it is, and does not change there.

    `head` is the hash of the last line, 16 hexadecimals: the same head is the same register.
    """

    head: str = ""
    rules: Rules | None = None
    grants: dict[str, Grant] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    chosen: Chosen | None = None
    _draws: dict[Place, tuple[Draw, ...]] = field(default_factory=dict)
    # The entry as read, and how often its place had been drawn by then.
    _cells: dict[tuple[str, Place, str], tuple[Body, int]] = field(default_factory=dict, repr=False)

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place that was drawn, in order."""
        return tuple(sorted(self._draws))

    def draws(self, place: Place) -> tuple[Draw, ...]:
        """Return the draws of a place, the last one last."""
        return self._draws.get(place, ())

    def cells(self, recipe: str, place: Place, periode: str) -> Published | None:
        """Return what was last published, or None."""
        found = self._cells.get((recipe, place, periode))
        return _entry(found[0]) if found else None

    def stands(self, recipe: str, place: Place, periode: str) -> bool:
        """Whether what was last published still stands.

        Not when the place was drawn since; but a window that was closed gives way to an exception alone.
        """
        if (found := self._cells.get((recipe, place, periode))) is None:
            return False
        since = self.draws(place)[found[1] :]
        return not since or (found[0]["gesloten"] and not any(draw.uitzondering for draw in since))

    def exceptions(self, place: Place) -> tuple[Grant, ...]:
        """Return the owner's exceptions that this place has not used yet, the oldest first."""
        gone = self.withdrawn | {draw.uitzondering for draw in self.draws(place)}
        return tuple(g for key, g in self.grants.items() if g.plek in (None, place) and key not in gone)

    def copy(self) -> View:
        """Return a view that may be added to."""
        parts = dict(self.grants), set(self.withdrawn), self.chosen, dict(self._draws), dict(self._cells)
        return View(self.head, self.rules, *parts)

    def add(self, body: Body, mark: str) -> None:
        """Take over an entry as read, whose line has the hash `mark`; on a copy."""
        self.head = mark
        if body["regel"] == RULES:
            self.rules = (body["d"], body["v"], body["js"], body["epoche"])
        elif body["regel"] == "cellen":
            # There are many; they are made when asked for.
            place = (body["plek"][0], body["plek"][1])
            self._cells[body["recept"], place, body["periode"]] = body, len(self.draws(place))
        elif isinstance(entry := _entry(body), Draw):
            self._draws[entry.plek] = (*self.draws(entry.plek), entry)
        elif isinstance(entry, Grant):
            self.grants[mark] = replace(entry, kenmerk=mark)
        elif isinstance(entry, Chosen):
            self.chosen = entry
        else:
            self.withdrawn.add(entry.kenmerk)

    def objection(self, entry: Entry) -> str:
        """Return why an entry may not be added: no place is drawn or changed more than may be."""
        if isinstance(entry, Draw):
            return self._objection_to_draw(entry)
        if isinstance(entry, Published):
            return self._objection_to_cells(entry)
        if isinstance(entry, Chosen) and self.chosen is None:
            return ""
        if not entry.wie.strip() or not entry.waarom.strip():
            return "er staat niet bij wie dit besluit, of waarom"
        if isinstance(entry, Grant):
            return "" if entry.soort in REASONS else "een uitzondering is een correctie of een nieuwe vraag"
        if isinstance(entry, Chosen):
            return ""
        known = entry.kenmerk in self.grants and entry.kenmerk not in self.withdrawn
        return "" if known else "die uitzondering is er niet, of is al ingetrokken"

    def _objection_to_draw(self, entry: Draw) -> str:
        draws = self.draws(entry.plek)
        if entry.uitzondering:
            known = entry.uitzondering in {g.kenmerk for g in self.exceptions(entry.plek)}
            return "" if known else "die uitzondering is er niet, of is al gebruikt"
        if self.rules is None or len(draws) >= floor(self.rules[1]):
            return "de plek is zo vaak getrokken als mag"
        again = bool(draws) and entry.epoche <= draws[-1].epoche
        if again and entry.epoche == draws[-1].epoche and draws[-1].moved(entry.start):
            return ""
        return "de plek is in deze epoche al getrokken" if again else ""

    def _objection_to_cells(self, entry: Published) -> str:
        draws = self.draws(entry.plek)
        if not draws or draws[-1].epoche != entry.epoche:
            return "deze cellen zijn niet van de laatste trekking van hun plek"
        fixed = self.stands(entry.recept, entry.plek, entry.periode)
        return "deze cellen staan er al, van dezelfde trekking of een gesloten venster" if fixed else ""
