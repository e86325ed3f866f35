"""Running cases were delivered too, not only closed ones."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import filled
from toekomstscenario_eval.data.checks._vorm import Case, Nvt, Rule, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

_AT_LEAST = 20  # fewer may all have ended by chance
_TABLES = ("huishouden", "betrokkenheid", "maatregel", "ketenstap")

RULE = Rule(
    titel="Geen enkele periode loopt nog op de peildatum",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Misschien zijn alleen afgesloten zaken geleverd. Lange trajecten ontbreken dan, en elke duur "
    "wordt te kort "
    "geschat.",
    herstel="lever ook wat nog loopt, met een leeg eind; liep er echt niets meer, verklaar dat dan in het "
    "verslag",
)


def _spells(aantal: int, *, ongoing: int) -> str:
    rows = [f"b{i} | 2024-01-01 | {'' if i < ongoing else '2024-02-01'}" for i in range(aantal)]
    return "betrokkenheid_id | begin | eind\n" + "\n".join(rows)


CASES = (
    Case("een loopt nog", {"betrokkenheid": _spells(20, ongoing=1)}),
    Case("te weinig om iets te zeggen", {"betrokkenheid": _spells(19, ongoing=0)}),
    Case(
        "alles afgesloten",
        {"betrokkenheid": _spells(20, ongoing=0)},
        (("betrokkenheid", "eind", 20, ()),),
    ),
)


def toetsen(package: Package) -> Iterator[Telling | Nvt]:
    """Count the running periods of each table with enough rows."""
    for table in _TABLES:
        reden = package.ontbreekt({table: ("eind",)})
        rows = 0 if reden else package.bestanden[table].rijen
        if rows < _AT_LEAST:
            yield Nvt(reden or f"de tabel {table} heeft minder dan {_AT_LEAST} rijen", table, "eind")
            continue
        t = package.raw[table]
        ongoing = int(t.count(where=~filled(t.eind)).execute())
        yield Telling(
            table, "eind", 0 if ongoing else rows, verwacht="ten minste een periode met een leeg eind"
        )
