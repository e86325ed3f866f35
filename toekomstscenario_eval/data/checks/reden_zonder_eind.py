"""What has an end reason has ended."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered, filled
from toekomstscenario_eval.data.checks._vorm import Case, Nvt, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een reden van einde is gevuld, maar het eind is leeg",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Een leeg eind betekent dat de periode nog loopt. Met een reden van einde is dat niet "
    "waarschijnlijk, en dan "
    "wordt de duur te lang geschat.",
    herstel="vul het eind aan, of haal de reden weg als de periode nog loopt",
)

CASES = (
    Case(
        "beide gevuld, beide leeg, of alleen een eind",
        {
            "maatregel": "begin | eind | reden_einde\n2024-01-01 | 2024-02-01 | 02\n2024-01-01 | |\n"
            "2024-01-01 | 2024-02-01 |"
        },
    ),
    Case(
        "alleen een reden",
        {"maatregel": "begin | eind | reden_einde\n2024-01-01 | 2024-02-01 | 02\n2024-01-01 | | 02"},
        (("maatregel", "eind", 1, (2,)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets | Nvt]:
    """Ask of each table with end reasons for rows that have one but no end."""
    for table in delivered(package):
        if "reden_einde" in {v.naam for v in table.fields}:
            reden = package.ontbreekt({table.naam: ("eind", "reden_einde")})
            t = package.raw[table.naam]
            yield (
                Nvt(reden, table.naam, "eind")
                if reden
                else Toets(
                    table.naam,
                    "eind",
                    t,
                    filled(t.reden_einde) & ~filled(t.eind),
                    verwacht="een eind, of geen reden van einde",
                )
            )
