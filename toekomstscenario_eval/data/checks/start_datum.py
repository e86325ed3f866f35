"""A proeftuin has a first day of working in the new way; a comparison region has none."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="De startdatum past niet bij de soort proeftuin",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Vergelijkingen van voor en na steunen op de startdatum; zonder startdatum doet een proeftuin "
    "niet mee.",
    herstel="vul de startdatum van elke proeftuin; laat haar leeg bij een vergelijkingsregio",
    needed={"proeftuin": ("soort", "start_datum")},
)

CASES = (
    Case(
        "een proeftuin met, een vergelijkingsregio zonder",
        {"proeftuin": "soort | start_datum\nproeftuin | 2023-01-01\nvergelijking |"},
    ),
    Case(
        "andersom",
        {"proeftuin": "soort | start_datum\nproeftuin |\nvergelijking | 2023-01-01"},
        (("proeftuin", "start_datum", 1, (1,)), ("proeftuin", "start_datum", 1, (2,))),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for a proeftuin without a start, and for a comparison region with one."""
    t = package.tabellen["proeftuin"]
    spot = ("proeftuin", "start_datum", t)
    yield Toets(
        *spot,
        (t.soort == "proeftuin") & t.start_datum.isnull(),
        verwacht="bij een proeftuin een startdatum",
    )
    yield Toets(
        *spot,
        (t.soort == "vergelijking") & t.start_datum.notnull(),
        verwacht="bij een vergelijkingsregio geen startdatum",
    )
