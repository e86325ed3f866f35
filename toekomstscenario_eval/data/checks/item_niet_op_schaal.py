"""An answer is to an item that the table of scales knows."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import ranges
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een item hoort niet bij de beschreven schaal",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De tabel schaal_item beschrijft deze schaal van dit instrument, maar dit item staat er niet in: "
    "het telt niet mee in de score.",
    herstel="voeg het item toe aan schaal_item, of verbeter zijn code in meting",
    needed={"meting": ("instrument", "schaal", "item"), "schaal_item": ("instrument", "schaal", "item")},
)
_SCALES = (
    "schaal_item_id | instrument | schaal | item | minimum | maximum | richting\n"
    "s1 | lijst | rust | i1 | 1 | 5 | hoger_is_beter\ns2 | meter | rust | | 0 | 100 | hoger_is_beter"
)

CASES = (
    Case(
        "een beschreven item, een schaal die niet is beschreven, een schaalscore",
        {
            "meting": "instrument | schaal | item | waarde\nlijst | rust | i1 | 1\nlijst | steun | i7 | 5\n"
            "ander | rust | i7 | 5\nlijst | rust | | 5\nmeter | rust | i1 | 5",
            "schaal_item": _SCALES,
        },
    ),
    Case(
        "een ander item van dezelfde schaal",
        {
            "meting": "instrument | schaal | item | waarde\nlijst | rust | i1 | 1\nlijst | rust | I1 | 5\n"
            "lijst | rust | i2 | 5",
            "schaal_item": _SCALES,
        },
        (("meting", "item", 2, (2, 3)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for items that are lacking where other items of the same scale are described."""
    known = ranges(package).filter(lambda s: s.item != "")
    scales = known.select("instrument", "schaal").distinct()
    m = package.tabellen["meting"].select(ROW, "instrument", "schaal", "item")
    asked = m.filter(m.item.notnull()).semi_join(scales, ["instrument", "schaal"])
    told = known.select("instrument", "schaal", "item").mutate(bekend=True)
    at = asked.left_join(told, ["instrument", "schaal", "item"]).select(ROW, "bekend")
    yield Toets("meting", "item", at, at.bekend.isnull(), verwacht="een item uit schaal_item")
