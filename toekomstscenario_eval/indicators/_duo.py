"""What a duo is: the one place where local team and RVT meet."""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import intersect, merge
from toekomstscenario_eval.types import Param

LOCAL, RVT = "lokaal_team", "regionaal_veiligheidsteam"
GAP = Param(
    0, "perioden met hooguit dit aantal dagen ertussen tellen als één duo", minimum=0, redelijk=(7, 14, 30)
)
TABLES = {
    "huishouden": ("huishouden_id", "begin", "eind"),
    "betrokkenheid": ("huishouden_id", "professional_id", "organisatie_id", "begin", "eind"),
    "organisatie": ("organisatie_id", "soort"),
}
COMES_BEFORE = {("organisatie", "soort"): (LOCAL, RVT)}


def duos(t: Mapping[str, ir.Table], *, gap: int, vast: bool = False) -> ir.Table:
    """Return the duos as spells: `huishouden_id, begin, eind`, and for `vast` the two persons.

    A duo is an uninterrupted period in which at least one professional of a lokaal_team and another of
    a regionaal_veiligheidsteam are both involved; `vast` asks that they stay the same two persons.
    Who is registered for both teams is one person, and no duo.
    """
    with_soort = t["betrokkenheid"].join(
        t["organisatie"].select("organisatie_id", organisatie_soort="soort"), "organisatie_id"
    )

    def side(soort: str, persoon: str) -> ir.Table:
        keys = ["huishouden_id", persoon]
        own = with_soort.filter(with_soort.organisatie_soort == soort).rename({persoon: "professional_id"})
        return merge(own.select(*keys, "begin", "eind"), keys)

    pairs = intersect(side(LOCAL, "lokaal_id"), side(RVT, "rvt_id"), "huishouden_id")
    together = pairs.filter(pairs.lokaal_id != pairs.rvt_id)
    keys = ["huishouden_id", "lokaal_id", "rvt_id"] if vast else ["huishouden_id"]
    return merge(together, keys, gap=gap)
