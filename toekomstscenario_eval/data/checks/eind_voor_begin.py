"""No period ends before it begins."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import delivered
from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Het eind ligt voor het begin",
    ernst=Ernst.FOUT,
    uitleg="Zo'n periode heeft een negatieve duur en kan niet worden geteld.",
    herstel="verbeter begin of eind bij de bron; laat eind leeg als de periode nog loopt",
)

GEVALLEN = (
    Geval(
        "eind na of op het begin, of leeg",
        {
            "betrokkenheid": "betrokkenheid_id | begin | eind\nb1 | 2024-01-01 | 2024-02-01\n"
            "b2 | 2024-01-01 | 2024-01-01\nb3 | 2024-01-01 |"
        },
    ),
    Geval(
        "een dag te vroeg, en omgewisseld",
        {
            "betrokkenheid": "betrokkenheid_id | begin | eind\nb1 | 2024-01-02 | 2024-01-01\nb2 | "
            "2024-01-01 |",
            "ketenstap": "ketenstap_id | begin | eind\ns1 | 2024-03-01 | 2023-03-01",
        },
        (("betrokkenheid", "eind", 1, (1,)), ("ketenstap", "eind", 1, (1,))),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets]:
    """Ask of each table with periods for rows that end before they begin."""
    for tabel in delivered(pakket):
        if {"begin", "eind"} <= {v.naam for v in tabel.velden}:
            t = pakket.tabellen[tabel.naam]
            yield Toets(tabel.naam, "eind", t, t.eind < t.begin, verwacht="een eind op of na het begin")
