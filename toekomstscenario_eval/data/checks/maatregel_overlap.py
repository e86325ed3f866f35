"""A person has a measure of one sort once at a time."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.checks._hulp import NOOIT
from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import RIJ
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Maatregelen van dezelfde soort lopen bij een persoon door elkaar",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De maatregel is waarschijnlijk twee keer geleverd, bijvoorbeeld door twee gecertificeerde "
    "instellingen. "
    "Analyses voegen de perioden samen; het aantal telt alle betrokken rijen.",
    herstel="lever elke maatregel een keer; sluit bij een overdracht de oude periode op de dag dat de "
    "nieuwe begint",
    nodig={"maatregel": ("persoon_id", "soort", "begin", "eind")},
)

GEVALLEN = (
    Geval(
        "aansluitend, een andere soort, een andere persoon, of nul dagen",
        {
            "maatregel": "persoon_id | soort | begin | eind\n"
            "k1 | 11 | 2024-01-01 | 2024-02-01\nk1 | 11 | 2024-02-01 |\nk1 | 12 | 2024-01-01 |\n"
            "k2 | 11 | 2024-01-01 |\nk2 | 11 | 2024-03-01 | 2024-03-01"
        },
    ),
    Geval(
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


def toetsen(pakket: Package) -> Iterator[Toets]:
    """Ask for measures that share a day with another one of the same person and sort."""
    alle = pakket.tabellen["maatregel"].select(RIJ, "persoon_id", "soort", "begin", "eind")
    dicht = alle.mutate(eind=alle.eind.fill_null(NOOIT)).drop_null(["persoon_id", "soort"])
    t = dicht.filter(dicht.begin < dicht.eind)
    # Identical spells sort by row number, but whether a row overlaps does not depend on that order.
    orde: dict[str, list[str]] = {"group_by": ["persoon_id", "soort"], "order_by": ["begin", "eind", RIJ]}
    bij = t.mutate(
        eerder_eind=t.eind.max().over(ibis.window(**orde, rows=(None, -1))),
        volgend_begin=t.begin.lead().over(ibis.window(**orde)),
    )
    yield Toets("maatregel", "begin", bij, _overlaps(bij), verwacht="een begin na het eind van de vorige")


def _overlaps(bij: ir.Table) -> ir.BooleanValue:
    met_vorige = (bij.eerder_eind > bij.begin).fill_null(False)
    return met_vorige | (bij.volgend_begin < bij.eind).fill_null(False)
