"""Checklists for reporting research, in our own words: which item the report covers, worked out from it.

The items stand in `checklists.csv`. What an item rests on (`steunt_op`) is `vast` (the template always
has it), `tekst:NAAM` (the researcher's file), `verloop` (the flow per region) or `cijfers:NAAM` (the
release).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from toekomstscenario_eval.report.plan import Plan

FILE = Path(__file__).with_name("checklists.csv")
CORE, BASELINE, ALIKE = "kern", "basistabel", "basisvergelijking"
# List -> what it is for, and where it was published.
SOURCES = {
    "STROBE": ("waarnemend onderzoek", "Von Elm e.a. 2007", "10.1136/bmj.39335.541782.AD"),
    "RECORD": ("onderzoek met registraties", "Benchimol e.a. 2015", "10.1371/journal.pmed.1001885"),
    "TREND": ("een vergelijking zonder loting", "Des Jarlais e.a. 2004", "10.2105/AJPH.94.3.361"),
}


class Covered(Enum):
    """How an item is covered; what the researcher wrote is for the reader to judge."""

    YES = "ja"
    TEXT = "in de tekst van de onderzoeker"
    OPEN = "nog te schrijven"
    NO = "nee"


@dataclass(frozen=True)
class Item:
    """An item of a list: its number there, its subject in our words, where it stands and what it rests on."""

    lijst: str
    punt: str
    onderwerp: str
    plaats: str
    steunt_op: str

    def outcome(self, plan: Plan, digits: frozenset[str]) -> Covered:
        """Return how this report covers the item; `digits` names the results that hold numbers."""
        soort, _, naam = self.steunt_op.partition(":")
        if soort == "tekst":
            return Covered.TEXT if naam in plan.teksten else Covered.OPEN
        if soort == "verloop":
            return Covered.OPEN if "verloop" in plan.ontbreekt else Covered.TEXT
        return Covered.YES if soort == "vast" or naam in digits else Covered.NO


@cache
def all_items() -> tuple[Item, ...]:
    """Return the items of every list, in the order of the lists."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Item(**row) for row in csv.DictReader(file))
