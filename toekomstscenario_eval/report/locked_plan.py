"""What was planned before the figures, and the lock on it: a date, a reason and a hash over all of it.

Each lock holds the hash of the one before it, so that none of them changes unseen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from toekomstscenario_eval.designs import by_code
from toekomstscenario_eval.document.format import field as breakdown
from toekomstscenario_eval.document.format import window
from toekomstscenario_eval.identity import FROM
from toekomstscenario_eval.types import Venster

SCHEMA = 1
# Whose figures lead: of proeftuinen only their days from their own start on, or all days of everybody.
EVERY_DAY = "alle"
POPULATIONS: Mapping[str, str] = {
    FROM: "proeftuinen vanaf hun start, vergelijkingsregio's ernaast",
    EVERY_DAY: "alle dagen van het venster",
}


@dataclass(frozen=True)
class Part:
    """A part of the plan: what it is called, what is asked, and whether a lock needs it."""

    label: str
    vraag: str
    required: bool = True


# By the key of the part in the file, in the order of the file.
PARTS: Mapping[str, Part] = {
    "vraag": Part("Vraag", "Welke vraag moet het verslag beantwoorden? Eén of meer zinnen."),
    "indicatoren": Part("Indicator", "Welke indicatoren? De namen staan in 'tks indicatoren'."),
    "ontwerpen": Part("Ontwerp", "Met welke vergelijkingen? De namen staan in 'tks ontwerp lijst'."),
    "venster": Part("Venster", "Over welke dagen? Met 'begin' en 'eind'; de dag van 'eind' telt niet mee."),
    "populatie": Part(
        "Populatie",
        "Wiens cijfers gaan voor? 'vanaf': proeftuinen vanaf hun start; 'alle': alle dagen.",
    ),
    "subgroepen": Part(
        "Subgroep",
        "Welke uitsplitsingen, naast proeftuin en soort regio? Leeg betekent: geen.",
        required=False,
    ),
    "beslisregel": Part("Beslisregel", "Bij welke uitkomst zegt u wat? Eén of meer zinnen."),
}


@dataclass(frozen=True)
class Planned:
    """What a plan says, by part; what it does not say is empty.

    `regels` are the lines in the file, of each part and of each item (`indicatoren.2`); no part of the plan.
    """

    vraag: str = ""
    indicatoren: tuple[str, ...] = ()
    ontwerpen: tuple[str, ...] = ()
    venster: Venster | None = None
    populatie: str = ""
    subgroepen: tuple[str, ...] = ()
    beslisregel: str = ""
    regels: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def ontbreekt(self) -> tuple[str, ...]:
        """Names of the parts that a lock needs and that are not there."""
        return tuple(naam for naam, part in PARTS.items() if part.required and not getattr(self, naam))

    def plain(self) -> dict[str, Any]:
        """Return the plan as text and lists of text: what is stored, and what the hash is over."""
        period = self.venster
        return {
            **{naam: getattr(self, naam) for naam in ("vraag", "populatie", "beslisregel")},
            **{naam: list(getattr(self, naam)) for naam in ("indicatoren", "ontwerpen", "subgroepen")},
            "venster": {"begin": period.begin.isoformat(), "eind": period.eind.isoformat()} if period else {},
        }


@dataclass(frozen=True)
class Locked:
    """A plan as it was locked: on what day, why anew (empty for the first), and the lock before it."""

    planned: Planned
    datum: date
    reden: str = ""
    earlier: Locked | None = None

    @property
    def sha256(self) -> str:
        """SHA-256, in hexadecimal, over the plan, its date, the reason, and the hash before it."""
        text = json.dumps(
            {
                "schema": SCHEMA,
                "datum": self.datum.isoformat(),
                "reden": self.reden,
                "vorige": self.earlier.sha256 if self.earlier else "",
                "plan": self.planned.plain(),
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def chain(self) -> tuple[Locked, ...]:
        """All locks, the first one first."""
        return (*(self.earlier.chain if self.earlier else ()), self)


@dataclass(frozen=True)
class Deviation:
    """One thing that is otherwise: the part, what was planned, and what was done."""

    part: str
    planned: str
    done: str


NOT_PLANNED, _GONE = "niet gepland", "vervallen"
NOT_IN_FILE = "staat niet meer in het onderzoeksbestand"
_LISTS = ("indicatoren", "ontwerpen", "subgroepen")


def said(naam: str, waarde: Any, labels: Mapping[str, str]) -> str:
    """Return one item of a part in words; `labels` are those of the indicators, by name."""
    if naam == "indicatoren":
        return labels.get(waarde, waarde)
    if naam == "ontwerpen":
        found = by_code().get(waarde)
        return found.card.label if found else str(waarde)
    if naam == "venster":
        return window(waarde)
    if naam == "populatie":
        return POPULATIONS[waarde]
    return breakdown(waarde) if naam == "subgroepen" else str(waarde)


def lines(planned: Planned, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield label and content of every part of a plan, in words; an item of a list has a line of its own."""
    for naam, part in PARTS.items():
        waarde = getattr(planned, naam)
        for item in waarde if naam in _LISTS else (waarde,) if waarde else ():
            yield part.label, said(naam, item, labels)


def differences(old: Planned, new: Planned | None, labels: Mapping[str, str]) -> Iterator[Deviation]:
    """Yield what another version of a plan says otherwise; None: there is no other version any more."""
    for naam, part in PARTS.items():
        a, b = getattr(old, naam), getattr(new, naam) if new else ()
        if naam in _LISTS:
            yield from (Deviation(part.label, said(naam, x, labels), _GONE) for x in a if x not in b)
            yield from (Deviation(part.label, NOT_PLANNED, said(naam, x, labels)) for x in b if x not in a)
        elif a != b and (a or b):
            told = said(naam, b, labels) if b else NOT_IN_FILE
            yield Deviation(part.label, said(naam, a, labels) if a else NOT_PLANNED, told)
