"""Steps in the chain as waits: from the day the waiting begins until the day the step is taken."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip, dagen

WHOLE_CHAIN = "hele_keten"
STAPPEN = (
    "melding",
    "onderzoek_vt",
    "verzoek_tot_onderzoek",
    "raadsonderzoek",
    "zitting",
    "uitspraak",
    "start_maatregel",
    "start_hulp",
)
_START = ("start_maatregel", "start_hulp")
TABLES = {
    "huishouden": ("huishouden_id", "begin", "eind"),
    "ketenstap": ("ketenstap_id", "huishouden_id", "stap", "begin", "eind"),
}


def waits(t: Mapping[str, ir.Table], stap: str) -> ir.Table:
    """Return the waits of one step, or of the whole chain: `wacht_id, huishouden_id, begin, eind`.

    Rows that agree on household, step, begin and end are one wait. The whole chain of a household
    runs from the begin of its first step, whatever that is, until the first day on which a measure
    or help started (null: not yet).
    """
    chain = t["ketenstap"]
    if stap == WHOLE_CHAIN:
        per = chain.group_by("huishouden_id").agg(
            begin=chain.begin.min(), eind=chain.eind.min(where=chain.stap.isin(_START))
        )
        return per.select("huishouden_id", "begin", "eind", wacht_id="huishouden_id")
    own = chain.filter(chain.stap == stap)
    return own.group_by(["huishouden_id", "begin", "eind"]).agg(wacht_id=own.ketenstap_id.min())


def observed(waiting: ir.Table, aanwezig: ir.Table) -> ir.Table:
    """Cut waits to the observed stay, as `clip` does, and keep waits of no days.

    A step that is taken on the day the waiting begins lasts 0 days; it counts in the window that
    holds that day. Adds `van`, `tot` and `geeindigd`.
    """
    seen = clip(waiting, aanwezig)
    direct = waiting.filter(waiting.begin == waiting.eind).join(aanwezig, "huishouden_id")
    direct = direct.filter(direct.begin >= direct.van, direct.begin < direct.tot)
    columns = [*waiting.columns, "van", "tot", "geeindigd"]
    zero = direct.mutate(van=direct.begin, tot=direct.begin, geeindigd=ibis.literal(True))
    return seen.select(*columns).union(zero.select(*columns))


def durations(seen: ir.Table) -> ir.Table:
    """Return unit rows of a duration from observed waits."""
    return seen.select(
        "huishouden_id",
        instroom=dagen(seen.begin, seen.van),
        duur=dagen(seen.begin, seen.tot),
        einde=seen.geeindigd.cast("int64"),
    )
