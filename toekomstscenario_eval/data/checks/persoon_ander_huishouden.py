"""A score about a person belongs to that person's household."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import persons
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een meting gaat over een persoon uit een ander huishouden",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De meting noemt een huishouden en een persoon die niet bij elkaar horen. Zij telt mee bij het "
    "huishouden.",
    herstel="verbeter huishouden_id of persoon_id van de meting bij de bron",
    needed={
        "meting": ("huishouden_id", "persoon_id"),
        "persoon": ("persoon_id", "huishouden_id", "rol"),
    },
)
_PERSOON = "persoon_id | huishouden_id | rol\nk1 | h1 | kind\nk2 | h2 | kind"

CASES = (
    Case(
        "eigen huishouden, of over het huishouden zelf",
        {"persoon": _PERSOON, "meting": "huishouden_id | persoon_id\nh1 | k1\nh2 |"},
    ),
    Case(
        "een kind van een ander huishouden",
        {"persoon": _PERSOON, "meting": "huishouden_id | persoon_id\nh1 | k1\nh1 | k2"},
        (("meting", "persoon_id", 1, (2,)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for scores whose person lives in another household than the one named."""
    t = package.tabellen["meting"].inner_join(persons(package), "persoon_id")
    yield Toets(
        "meting", "persoon_id", t, t.huishouden_id != t.huis, verwacht="een persoon uit hetzelfde huishouden"
    )
