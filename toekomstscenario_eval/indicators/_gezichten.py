"""Who holds a role with a household, and on how many days that is nobody, one person, or more."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip, dagen, intersect, merge, present
from toekomstscenario_eval.indicators._rijen import BUITEN_VENSTER, absent, with_exclusions
from toekomstscenario_eval.types import Param, Vraag

PRECIES_EEN, GEEN, MEER = "precies_een", "geen", "meer"
AANTAL = Param(
    PRECIES_EEN,
    "precies_een: op die dag één persoon met deze rol; geen: niemand; meer: twee of meer personen tegelijk",
    (PRECIES_EEN, GEEN, MEER),
)
TABELLEN = {
    "huishouden": ("huishouden_id", "begin", "eind"),
    "betrokkenheid": ("huishouden_id", "professional_id", "rol", "begin", "eind"),
}


def holders(t: Mapping[str, ir.Table], rol: str) -> ir.Table:
    """Return the spells of each person in this role: `huishouden_id, professional_id, begin, eind`.

    Spells of one person that touch or overlap are one, whatever the organisation: one face.
    """
    sleutels = ["huishouden_id", "professional_id"]
    eigen = t["betrokkenheid"].filter(lambda b: b.rol == rol)
    return merge(eigen.select(*sleutels, "begin", "eind"), sleutels)


def _covered(spells: ir.Table, aanwezig: ir.Table, naam: str) -> ir.Table:
    """Return `huishouden_id` and the days of stay that at least one of these spells covers."""
    gezien = clip(merge(spells.select("huishouden_id", "begin", "eind"), ["huishouden_id"]), aanwezig)
    return gezien.group_by("huishouden_id").agg(**{naam: dagen(gezien.van, gezien.tot).sum()})


def days_with(t: Mapping[str, ir.Table], vraag: Vraag, *, rol: str) -> ir.Table:
    """Return unit rows of a share of days: days with the asked number of persons, days of stay."""
    aanwezig = present(t["huishouden"], vraag)
    personen = holders(t, rol)
    paren = intersect(personen, personen.view().rename(ander="professional_id"), "huishouden_id")
    twee = paren.filter(paren.professional_id < paren.ander)
    bij = aanwezig.left_join(_covered(personen, aanwezig, "een"), "huishouden_id").drop("huishouden_id_right")
    bij = bij.left_join(_covered(twee, aanwezig, "meer"), "huishouden_id")
    verblijf = dagen(bij.van, bij.tot)
    een, meer = (k.fill_null(ibis.literal(0)).cast("int64") for k in (bij.een, bij.meer))
    teller = {PRECIES_EEN: een - meer, GEEN: verblijf - een, MEER: meer}[vraag.params["aantal"]]
    rijen = bij.select("huishouden_id", teller=teller, noemer=verblijf)
    return with_exclusions(rijen, (absent(t["huishouden"], aanwezig), BUITEN_VENSTER))
