"""A value that refers to another table is found there."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import delivered
from toekomstscenario_eval.data.checks._vorm import Geval, Nvt, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import ForeignKey, TableSchema
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een verwijzing wijst naar niets",
    ernst=Ernst.FOUT,
    uitleg="De waarde komt niet voor in de tabel waarnaar zij verwijst, dus de rij hoort nergens bij.",
    herstel="lever de ontbrekende rijen, of controleer of beide tabellen met dezelfde sleutels zijn "
    "gepseudonimiseerd",
)

GEVALLEN = (
    Geval(
        "alles gevonden; leeg mag",
        {
            "huishouden": "huishouden_id | proeftuin_id\nh1 | p1",
            "persoon": "persoon_id | huishouden_id\nk1 | h1",
            "meting": "meting_id | huishouden_id | persoon_id\nm1 | h1 | k1\nm2 | h1 |",
        },
    ),
    Geval(
        "onbekend huishouden en onbekende persoon",
        {
            "persoon": "persoon_id | huishouden_id\nk1 | h1\nk2 | H1\nk3 | h9",
            "meting": "meting_id | huishouden_id | persoon_id\nm1 | h1 | k9",
        },
        (("persoon", "huishouden_id", 2, (2, 3)), ("meting", "persoon_id", 1, (1,))),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets | Nvt]:
    """Ask of each referring column for values that the other table does not have."""
    for tabel in delivered(pakket):
        for verwijzing in tabel.verwijzingen:
            yield _one(pakket, tabel, verwijzing)


def _one(pakket: Package, tabel: TableSchema, verwijzing: ForeignKey) -> Toets | Nvt:
    kolom = verwijzing.kolom
    reden = pakket.ontbreekt({tabel.naam: (kolom,), verwijzing.tabel: (kolom,)})
    if reden:
        return Nvt(reden, tabel.naam, kolom)
    t, doel = pakket.tabellen[tabel.naam], pakket.tabellen[verwijzing.tabel]
    gevuld = t.filter(t[kolom].notnull())
    return Toets(
        tabel.naam,
        kolom,
        gevuld.anti_join(doel, kolom),
        verwacht=f"een waarde van {kolom} in de tabel {verwijzing.tabel}",
    )
