"""Checklists for reporting research, in our own words: which item the report covers, worked out from it.

The items stand in `checklists.csv`. What an item rests on (`steunt_op`) is `vast` (the template always
has it), `tekst:NAAM` (the researcher's file), `verloop` (the flow per region), `cijfers:NAAM` (the
release) or `niet` (no report of this software covers it).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from toekomstscenario_eval.report.plan import Plan

BESTAND = Path(__file__).with_name("checklists.csv")
KERN = "kern"
# List -> what it is for, and where it was published.
BRONNEN = {
    "STROBE": ("waarnemend onderzoek", "Von Elm e.a. 2007", "10.1136/bmj.39335.541782.AD"),
    "RECORD": ("onderzoek met registraties", "Benchimol e.a. 2015", "10.1371/journal.pmed.1001885"),
    "TREND": ("een vergelijking zonder loting", "Des Jarlais e.a. 2004", "10.2105/AJPH.94.3.361"),
}


class Gedekt(Enum):
    """How an item is covered; what the researcher wrote is for the reader to judge."""

    JA = "ja"
    TEKST = "in de tekst van de onderzoeker"
    OPEN = "nog te schrijven"
    NEE = "nee"


@dataclass(frozen=True)
class Item:
    """An item of a list: its number there, its subject in our words, where it stands and what it rests on."""

    lijst: str
    punt: str
    onderwerp: str
    plaats: str
    steunt_op: str

    def outcome(self, plan: Plan, cijfers: frozenset[str]) -> Gedekt:
        """Return how this report covers the item; `cijfers` names the results that hold numbers."""
        soort, _, naam = self.steunt_op.partition(":")
        if soort == "tekst":
            return Gedekt.TEKST if naam in plan.teksten else Gedekt.OPEN
        if soort == "verloop":
            return Gedekt.OPEN if "verloop" in plan.ontbreekt else Gedekt.TEKST
        return Gedekt.JA if soort == "vast" or naam in cijfers else Gedekt.NEE


@cache
def all_items() -> tuple[Item, ...]:
    """Return the items of every list, in the order of the lists."""
    with BESTAND.open(encoding="utf-8", newline="") as bestand:
        return tuple(Item(**rij) for rij in csv.DictReader(bestand))
