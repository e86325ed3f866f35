"""Periods count for at least one day."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een periode begint en eindigt op dezelfde dag",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Het eind is de dag na de laatste dag. Deze periode telt dus voor geen enkele dag mee.",
    herstel="lever als eind de dag na de laatste dag; de bron levert misschien de laatste dag zelf, en dan "
    "zijn "
    "ook de andere perioden een dag te kort",
)
# A step in the chain may be taken on the day the wait begins.
_TABLES = ("huishouden", "betrokkenheid", "maatregel")

CASES = (
    Case(
        "een dag; een ketenstap mag op dezelfde dag",
        {
            "maatregel": "maatregel_id | begin | eind\nm1 | 2024-01-01 | 2024-01-02\nm2 | 2024-01-01 |",
            "ketenstap": "ketenstap_id | begin | eind\ns1 | 2024-01-01 | 2024-01-01",
        },
    ),
    Case(
        "geen dag",
        {"maatregel": "maatregel_id | begin | eind\nm1 | 2024-01-01 | 2024-01-01\nm2 | 2024-01-01 |"},
        (("maatregel", "eind", 1, (1,)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask of each table with spells for spells of zero days."""
    for table in delivered(package):
        if table.naam in _TABLES:
            t = package.tabellen[table.naam]
            yield Toets(table.naam, "eind", t, t.eind == t.begin, verwacht="een eind na het begin")
