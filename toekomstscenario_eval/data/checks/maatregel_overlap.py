"""A person has a measure of one sort once at a time."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.checks._support import NEVER
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Maatregelen van dezelfde soort lopen bij een persoon door elkaar",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De maatregel is waarschijnlijk twee keer geleverd, bijvoorbeeld door twee gecertificeerde "
    "instellingen. "
    "Analyses voegen de perioden samen; het aantal telt alle betrokken rijen.",
    herstel="lever elke maatregel een keer; sluit bij een overdracht de oude periode op de dag dat de "
    "nieuwe begint",
    needed={"maatregel": ("persoon_id", "soort", "begin", "eind")},
)

CASES = (
    Case(
        "aansluitend, een andere soort, een andere persoon, of nul dagen",
        {
            "maatregel": "persoon_id | soort | begin | eind\n"
            "k1 | 11 | 2024-01-01 | 2024-02-01\nk1 | 11 | 2024-02-01 |\nk1 | 12 | 2024-01-01 |\n"
            "k2 | 11 | 2024-01-01 |\nk2 | 11 | 2024-03-01 | 2024-03-01"
        },
    ),
    Case(
        "een dag samen, twee gelijke perioden, een korte in een lange",
        {
            "maatregel": "persoon_id | soort | begin | eind\n"
            "k1 | 11 | 2024-01-01 | 2024-02-02\nk1 | 11 | 2024-02-01 |\n"
            "k2 | 11 | 2024-01-01 |\nk2 | 11 | 2024-01-01 |\n"
            "k3 | UH | 2024-01-01 | 2024-06-01\nk3 | UH | 2024-02-01 | 2024-03-01\n"
            "k3 | UH | 2024-04-01 | 2024-05-01\nk3 | UH | 2024-06-01 |"
        },
        (("maatregel", "begin", 7, (1, 2, 3, 4, 5)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for measures that share a day with another one of the same person and sort."""
    every = package.tabellen["maatregel"].select(ROW, "persoon_id", "soort", "begin", "eind")
    shut = every.mutate(eind=every.eind.fill_null(NEVER)).drop_null(["persoon_id", "soort"])
    t = shut.filter(shut.begin < shut.eind)
    # Identical spells sort by row number, but whether a row overlaps does not depend on that order.
    ordering: dict[str, list[str]] = {"group_by": ["persoon_id", "soort"], "order_by": ["begin", "eind", ROW]}
    at = t.mutate(
        eerder_eind=t.eind.max().over(ibis.window(**ordering, rows=(None, -1))),
        volgend_begin=t.begin.lead().over(ibis.window(**ordering)),
    )
    yield Toets("maatregel", "begin", at, _overlaps(at), verwacht="een begin na het eind van de vorige")


def _overlaps(at: ir.Table) -> ir.BooleanValue:
    with_previous = (at.eerder_eind > at.begin).fill_null(False)
    return with_previous | (at.volgend_begin < at.eind).fill_null(False)
