"""Steps in the chain as waits: from the day the waiting begins until the day the step is taken."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip, dagen

HELE_KETEN = "hele_keten"
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
TABELLEN = {
    "huishouden": ("huishouden_id", "begin", "eind"),
    "ketenstap": ("ketenstap_id", "huishouden_id", "stap", "begin", "eind"),
}


def waits(t: Mapping[str, ir.Table], stap: str) -> ir.Table:
    """Return the waits of one step, or of the whole chain: `wacht_id, huishouden_id, begin, eind`.

    Rows that agree on household, step, begin and end are one wait. The whole chain of a household
    runs from the begin of its first step, whatever that is, until the first day on which a measure
    or help started (null: not yet).
    """
    keten = t["ketenstap"]
    if stap == HELE_KETEN:
        per = keten.group_by("huishouden_id").agg(
            begin=keten.begin.min(), eind=keten.eind.min(where=keten.stap.isin(_START))
        )
        return per.select("huishouden_id", "begin", "eind", wacht_id="huishouden_id")
    eigen = keten.filter(keten.stap == stap)
    return eigen.group_by(["huishouden_id", "begin", "eind"]).agg(wacht_id=eigen.ketenstap_id.min())


def observed(wachten: ir.Table, aanwezig: ir.Table) -> ir.Table:
    """Cut waits to the observed stay, as `clip` does, and keep waits of no days.

    A step that is taken on the day the waiting begins lasts 0 days; it counts in the window that
    holds that day. Adds `van`, `tot` and `geeindigd`.
    """
    gezien = clip(wachten, aanwezig)
    direct = wachten.filter(wachten.begin == wachten.eind).join(aanwezig, "huishouden_id")
    direct = direct.filter(direct.begin >= direct.van, direct.begin < direct.tot)
    kolommen = [*wachten.columns, "van", "tot", "geeindigd"]
    nul = direct.mutate(van=direct.begin, tot=direct.begin, geeindigd=ibis.literal(True))
    return gezien.select(*kolommen).union(nul.select(*kolommen))


def durations(gezien: ir.Table) -> ir.Table:
    """Return unit rows of a duration from observed waits."""
    return gezien.select(
        "huishouden_id",
        instroom=dagen(gezien.begin, gezien.van),
        duur=dagen(gezien.begin, gezien.tot),
        einde=gezien.geeindigd.cast("int64"),
    )
