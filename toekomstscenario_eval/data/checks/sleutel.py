"""The primary key of a table is unique."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Nvt, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een sleutel komt meer dan eens voor",
    ernst=Ernst.FOUT,
    uitleg="Rijen met dezelfde sleutel zijn niet uit elkaar te houden; het aantal telt al die rijen.",
    herstel="lever elke rij een keer; maak sleutels opnieuw als twee bronnen dezelfde sleutels gebruiken",
)

CASES = (
    Case(
        "uniek, ook samengesteld",
        {
            "professional": "professional_id\na\nA\nb",
            "overleg_deelname": "overleg_id | professional_id\no1 | a\no1 | b\no2 | a",
        },
    ),
    Case(
        "dubbel; lege sleutels zijn voor een andere regel",
        {
            "professional": "professional_id | functie\na | x\nb | x\na | y\n | x\n | x\na | x",
            "overleg_deelname": "overleg_id | professional_id\no1 | a\no1 | b\no1 | b",
        },
        (
            ("professional", "professional_id", 3, (1, 3, 6)),
            ("overleg_deelname", "overleg_id, professional_id", 2, (2, 3)),
        ),
    ),
)


def toetsen(package: Package) -> Iterator[Toets | Nvt]:
    """Ask of each table for rows that share their key."""
    for table in delivered(package):
        columns = ", ".join(table.sleutel)
        reden = package.ontbreekt({table.naam: table.sleutel})
        if reden:
            yield Nvt(reden, table.naam, columns)
            continue
        t = package.tabellen[table.naam]
        filled = t.filter(*(t[k].notnull() for k in table.sleutel))
        yield Toets(
            table.naam, columns, filled, duplicate=table.sleutel, verwacht="in elke rij een andere sleutel"
        )
