"""No period ends before it begins."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Het eind ligt voor het begin",
    ernst=Ernst.FOUT,
    uitleg="Zo'n periode heeft een negatieve duur en kan niet worden geteld.",
    herstel="verbeter begin of eind bij de bron; laat eind leeg als de periode nog loopt",
)

CASES = (
    Case(
        "eind na of op het begin, of leeg",
        {
            "betrokkenheid": "betrokkenheid_id | begin | eind\nb1 | 2024-01-01 | 2024-02-01\n"
            "b2 | 2024-01-01 | 2024-01-01\nb3 | 2024-01-01 |"
        },
    ),
    Case(
        "een dag te vroeg, en omgewisseld",
        {
            "betrokkenheid": "betrokkenheid_id | begin | eind\nb1 | 2024-01-02 | 2024-01-01\nb2 | "
            "2024-01-01 |",
            "ketenstap": "ketenstap_id | begin | eind\ns1 | 2024-03-01 | 2023-03-01",
        },
        (("betrokkenheid", "eind", 1, (1,)), ("ketenstap", "eind", 1, (1,))),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask of each table with periods for rows that end before they begin."""
    for table in delivered(package):
        if {"begin", "eind"} <= {v.naam for v in table.fields}:
            t = package.tabellen[table.naam]
            yield Toets(table.naam, "eind", t, t.eind < t.begin, verwacht="een eind op of na het begin")
