"""A score lies within the range that the table of scales gives its item."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import ranges
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een score valt buiten het bereik van zijn schaal",
    ernst=Ernst.FOUT,
    uitleg="Volgens de tabel schaal_item kan dit item zo'n score niet hebben: het is een tikfout, een code "
    "voor 'niet ingevuld' (zoals 99), of het bereik in die tabel klopt niet.",
    herstel="verbeter de score bij de bron, laat een code voor 'niet ingevuld' weg, of verbeter minimum en "
    "maximum in schaal_item",
    needed={
        "meting": ("instrument", "schaal", "waarde"),
        "schaal_item": ("instrument", "schaal", "minimum", "maximum"),
    },
)
_SCALES = (
    "schaal_item_id | instrument | schaal | item | minimum | maximum | richting\n"
    "s1 | lijst | rust | i1 | 1 | 5 | hoger_is_beter\n"
    "s2 | lijst | rust | | 1 | 5 | hoger_is_beter\n"
    "s3 | lijst | veiligheid | i1 | 0 | 10 | lager_is_beter"
)

CASES = (
    Case(
        "op de grens, en een item waarvan geen bereik bekend is",
        {
            "meting": "instrument | schaal | item | waarde\nlijst | rust | i1 | 1\nlijst | rust | i1 | 5\n"
            "lijst | veiligheid | i1 | 0\nlijst | rust | i9 | 99\nander | rust | i1 | 99",
            "schaal_item": _SCALES,
        },
    ),
    Case(
        "onder en boven, een code voor niet ingevuld, de schaalscore zelf, een bereik dat omgedraaid is",
        {
            "meting": "instrument | schaal | item | waarde\nlijst | rust | i1 | 0.9\nlijst | rust | i1 | 99\n"
            "lijst | rust | i1 | 3\nlijst | rust | | 6\nlijst | veiligheid | i1 | -1",
            "schaal_item": _SCALES + "\ns4 | lijst | steun | i1 | 5 | 1 | hoger_is_beter",
        },
        (("meting", "waarde", 4, (1, 2, 4, 5)), ("schaal_item", "maximum", 1, (4,))),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for scores below the lowest or above the highest one, and for ranges that hold no score."""
    m = package.tabellen["meting"].select(ROW, "instrument", "schaal", "item", "waarde")
    at = m.mutate(item=m.item.fill_null("")).join(ranges(package), ["instrument", "schaal", "item"])
    beyond = (at.waarde < at.minimum) | (at.waarde > at.maximum)
    yield Toets("meting", "waarde", at, beyond, verwacht="een score van minimum tot en met maximum")
    scales = package.tabellen["schaal_item"]
    empty = scales.maximum <= scales.minimum
    yield Toets("schaal_item", "maximum", scales, empty, verwacht="een maximum boven het minimum")
