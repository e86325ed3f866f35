"""Running cases were delivered too, not only closed ones."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import filled
from toekomstscenario_eval.data.checks._vorm import Geval, Nvt, Regel, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

_TEN_MINSTE = 20  # fewer may all have ended by chance
_TABELLEN = ("huishouden", "betrokkenheid", "maatregel", "ketenstap")

REGEL = Regel(
    titel="Geen enkele periode loopt nog op de peildatum",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Misschien zijn alleen afgesloten zaken geleverd. Lange trajecten ontbreken dan, en elke duur "
    "wordt te kort "
    "geschat.",
    herstel="lever ook wat nog loopt, met een leeg eind; liep er echt niets meer, verklaar dat dan in het "
    "verslag",
)


def _spells(aantal: int, *, lopend: int) -> str:
    rijen = [f"b{i} | 2024-01-01 | {'' if i < lopend else '2024-02-01'}" for i in range(aantal)]
    return "betrokkenheid_id | begin | eind\n" + "\n".join(rijen)


GEVALLEN = (
    Geval("een loopt nog", {"betrokkenheid": _spells(20, lopend=1)}),
    Geval("te weinig om iets te zeggen", {"betrokkenheid": _spells(19, lopend=0)}),
    Geval(
        "alles afgesloten",
        {"betrokkenheid": _spells(20, lopend=0)},
        (("betrokkenheid", "eind", 20, ()),),
    ),
)


def toetsen(pakket: Package) -> Iterator[Telling | Nvt]:
    """Count the running periods of each table with enough rows."""
    for tabel in _TABELLEN:
        reden = pakket.ontbreekt({tabel: ("eind",)})
        rijen = 0 if reden else pakket.bestanden[tabel].rijen
        if rijen < _TEN_MINSTE:
            yield Nvt(reden or f"de tabel {tabel} heeft minder dan {_TEN_MINSTE} rijen", tabel, "eind")
            continue
        t = pakket.ruw[tabel]
        lopend = int(t.count(where=~filled(t.eind)).execute())
        yield Telling(
            tabel, "eind", 0 if lopend else rijen, verwacht="ten minste een periode met een leeg eind"
        )
