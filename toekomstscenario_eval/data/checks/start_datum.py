"""A proeftuin has a first day of working in the new way; a comparison region has none."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="De startdatum past niet bij de soort proeftuin",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Vergelijkingen van voor en na steunen op de startdatum; zonder startdatum doet een proeftuin "
    "niet mee.",
    herstel="vul de startdatum van elke proeftuin; laat haar leeg bij een vergelijkingsregio",
    nodig={"proeftuin": ("soort", "start_datum")},
)

GEVALLEN = (
    Geval(
        "een proeftuin met, een vergelijkingsregio zonder",
        {"proeftuin": "soort | start_datum\nproeftuin | 2023-01-01\nvergelijking |"},
    ),
    Geval(
        "andersom",
        {"proeftuin": "soort | start_datum\nproeftuin |\nvergelijking | 2023-01-01"},
        (("proeftuin", "start_datum", 1, (1,)), ("proeftuin", "start_datum", 1, (2,))),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets]:
    """Ask for a proeftuin without a start, and for a comparison region with one."""
    t = pakket.tabellen["proeftuin"]
    plek = ("proeftuin", "start_datum", t)
    yield Toets(
        *plek,
        (t.soort == "proeftuin") & t.start_datum.isnull(),
        verwacht="bij een proeftuin een startdatum",
    )
    yield Toets(
        *plek,
        (t.soort == "vergelijking") & t.start_datum.notnull(),
        verwacht="bij een vergelijkingsregio geen startdatum",
    )
