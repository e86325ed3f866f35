"""The primary key of a table is unique."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import delivered
from toekomstscenario_eval.data.checks._vorm import Geval, Nvt, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een sleutel komt meer dan eens voor",
    ernst=Ernst.FOUT,
    uitleg="Rijen met dezelfde sleutel zijn niet uit elkaar te houden; het aantal telt al die rijen.",
    herstel="lever elke rij een keer; maak sleutels opnieuw als twee bronnen dezelfde sleutels gebruiken",
)

GEVALLEN = (
    Geval(
        "uniek, ook samengesteld",
        {
            "professional": "professional_id\na\nA\nb",
            "overleg_deelname": "overleg_id | professional_id\no1 | a\no1 | b\no2 | a",
        },
    ),
    Geval(
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


def toetsen(pakket: Package) -> Iterator[Toets | Nvt]:
    """Ask of each table for rows that share their key."""
    for tabel in delivered(pakket):
        kolommen = ", ".join(tabel.sleutel)
        reden = pakket.ontbreekt({tabel.naam: tabel.sleutel})
        if reden:
            yield Nvt(reden, tabel.naam, kolommen)
            continue
        t = pakket.tabellen[tabel.naam]
        gevuld = t.filter(*(t[k].notnull() for k in tabel.sleutel))
        yield Toets(
            tabel.naam, kolommen, gevuld, dubbel=tabel.sleutel, verwacht="in elke rij een andere sleutel"
        )
