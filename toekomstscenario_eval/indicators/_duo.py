"""What a duo is: the one place where local team and RVT meet."""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import intersect, merge
from toekomstscenario_eval.types import Param

LOKAAL, RVT = "lokaal_team", "regionaal_veiligheidsteam"
ONDERBREKING = Param(
    0, "perioden met hooguit dit aantal dagen ertussen tellen als één duo", minimum=0, redelijk=(7, 14, 30)
)
TABELLEN = {
    "huishouden": ("huishouden_id", "begin", "eind"),
    "betrokkenheid": ("huishouden_id", "professional_id", "organisatie_id", "begin", "eind"),
    "organisatie": ("organisatie_id", "soort"),
}
KOMT_VOOR = {("organisatie", "soort"): (LOKAAL, RVT)}


def duos(t: Mapping[str, ir.Table], *, onderbreking: int, vast: bool = False) -> ir.Table:
    """Return the duos as spells: `huishouden_id, begin, eind`, and for `vast` the two persons.

    A duo is an uninterrupted period in which at least one professional of a lokaal_team and one of
    a regionaal_veiligheidsteam are both involved; `vast` asks that they stay the same two persons.
    """
    met_soort = t["betrokkenheid"].join(
        t["organisatie"].select("organisatie_id", organisatie_soort="soort"), "organisatie_id"
    )

    def kant(soort: str, persoon: str) -> ir.Table:
        sleutels = ["huishouden_id", persoon] if vast else ["huishouden_id"]
        eigen = met_soort.filter(met_soort.organisatie_soort == soort).rename({persoon: "professional_id"})
        return merge(eigen.select(*sleutels, "begin", "eind"), sleutels)

    samen = intersect(kant(LOKAAL, "lokaal_id"), kant(RVT, "rvt_id"), "huishouden_id")
    sleutels = ["huishouden_id", "lokaal_id", "rvt_id"] if vast else ["huishouden_id"]
    return merge(samen, sleutels, onderbreking=onderbreking)
