"""The items of a scale go up and down together."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.checks._support import ranges
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een item loopt tegen zijn schaal in",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Wie op de andere items van de schaal hoger scoort, scoort op dit item lager. Meestal is het "
    "andersom gesteld. De score meet dan niet wat de schaal meet, en alfa is te laag. Het aantal telt alle "
    "antwoorden op zulke items.",
    herstel="geef het item in schaal_item de richting lager_is_beter, of haal het uit de schaal",
    needed={"meting": ("huishouden_id", "datum", "instrument", "schaal", "item", "waarde")},
)
_LEAST = 10  # households that answered it, beside another item: with fewer it is soon chance
_MOMENT = ("huishouden_id", "persoon_id", "datum", "instrument", "informant", "schaal")


def _answers(last: str, households: int = 10) -> str:
    """Return answers on three items: two that go up together, and a third one as given by `last`."""
    lines = ["huishouden_id | datum | instrument | schaal | item | waarde"]
    for h in range(households):
        x = h % 5 + 1
        values = {"i1": x, "i2": x, "i3": x if last == "mee" else 6 - x}
        lines += [f"h{h} | 2024-01-01 | lijst | rust | {item} | {w}" for item, w in values.items()]
    return "\n".join(lines)


CASES = (
    Case("alle items lopen mee", {"meting": _answers("mee")}),
    Case("te weinig huishoudens om iets te zeggen", {"meting": _answers("tegen", 9)}),
    Case(
        "de afspraak zegt dat het item andersom is gesteld",
        {
            "meting": _answers("tegen"),
            "schaal_item": "schaal_item_id | instrument | schaal | item | minimum | maximum | richting\n"
            "s1 | lijst | rust | i3 | 1 | 5 | lager_is_beter",
        },
    ),
    Case(
        "een item dat andersom is gesteld",
        {"meting": _answers("tegen")},
        (("meting", "item", 10, (3, 6, 9, 12, 15)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for the answers on items of which the correlation with the rest of the scale is negative."""
    m = package.tabellen["meting"].select(ROW, *_MOMENT, "item", "waarde")
    m = m.filter(m.item.notnull(), m.waarde.notnull())
    against = _against(_upright(m, package)).select("instrument", "schaal", "item")
    yield Toets(
        "meting",
        "item",
        m.semi_join(against, ["instrument", "schaal", "item"]),
        verwacht="een item dat met de rest van zijn schaal meeloopt",
    )


def _upright(m: ir.Table, package: Package) -> ir.Table:
    """Turn the items round of which the table of scales says that lower is better."""
    if package.ontbreekt({"schaal_item": ("instrument", "schaal", "item", "minimum", "maximum", "richting")}):
        return m
    lower = ranges(package).filter(lambda s: s.richting == "lager_is_beter")
    turned = lower.select("instrument", "schaal", "item", som=lower.minimum + lower.maximum)
    at = m.left_join(turned, ["instrument", "schaal", "item"])
    return at.select(ROW, *_MOMENT, "item", waarde=ibis.coalesce(at.som - at.waarde, at.waarde))


def _against(m: ir.Table) -> ir.Table:
    """Return the items that go down when the mean of the others, at the same moment, goes up."""
    moment = ibis.window(group_by=list(_MOMENT))
    at = m.mutate(n=m.waarde.count().over(moment), som=m.waarde.sum().over(moment))
    other = at.filter(at.n > 1)
    pair = other.mutate(rest=(other.som - other.waarde) / (other.n - 1))
    per = pair.group_by(["instrument", "schaal", "item"]).agg(
        samen=pair.waarde.cov(pair.rest, how="pop"), huishoudens=pair.huishouden_id.nunique()
    )
    return per.filter(per.samen < 0, per.huishoudens >= _LEAST)
