"""What has ended has an end reason."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered, filled
from toekomstscenario_eval.data.checks._vorm import Case, Nvt, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een periode is geëindigd zonder reden van einde",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Analyses die het soort einde onderscheiden, tellen dit einde als onbekend.",
    herstel="vul de reden van einde aan bij de bron",
)

CASES = (
    Case(
        "met reden, of nog lopend",
        {"maatregel": "begin | eind | reden_einde\n2024-01-01 | 2024-02-01 | 02\n2024-01-01 | |"},
    ),
    Case(
        "zonder reden",
        {"maatregel": "begin | eind | reden_einde\n2024-01-01 | 2024-02-01 |\n2024-01-01 | |"},
        (("maatregel", "reden_einde", 1, (1,)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets | Nvt]:
    """Ask of each table with end reasons for rows that ended without one."""
    for table in delivered(package):
        if "reden_einde" in {v.naam for v in table.fields}:
            reden = package.ontbreekt({table.naam: ("eind", "reden_einde")})
            t = package.raw[table.naam]
            yield (
                Nvt(reden, table.naam, "reden_einde")
                if reden
                else Toets(
                    table.naam,
                    "reden_einde",
                    t,
                    filled(t.eind) & ~filled(t.reden_einde),
                    verwacht="een reden bij elk eind",
                )
            )
