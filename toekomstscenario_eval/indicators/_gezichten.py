"""Who holds a role with a household, and on how many days that is nobody, one person, or more."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip, dagen, intersect, merge, present
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.types import Param, Vraag

EXACTLY_ONE, NONE, MORE = "precies_een", "geen", "meer"
AANTAL = Param(
    EXACTLY_ONE,
    "precies_een: op die dag één persoon met deze rol; geen: niemand; meer: twee of meer personen tegelijk",
    (EXACTLY_ONE, NONE, MORE),
)
TABLES = {
    "huishouden": ("huishouden_id", "begin", "eind"),
    "betrokkenheid": ("huishouden_id", "professional_id", "rol", "begin", "eind"),
}


def holders(t: Mapping[str, ir.Table], rol: str) -> ir.Table:
    """Return the spells of each person in this role: `huishouden_id, professional_id, begin, eind`.

    Spells of one person that touch or overlap are one, whatever the organisation: one face.
    """
    keys = ["huishouden_id", "professional_id"]
    own = t["betrokkenheid"].filter(lambda b: b.rol == rol)
    return merge(own.select(*keys, "begin", "eind"), keys)


def _covered(spells: ir.Table, aanwezig: ir.Table, naam: str) -> ir.Table:
    """Return `huishouden_id` and the days of stay that at least one of these spells covers."""
    seen = clip(merge(spells.select("huishouden_id", "begin", "eind"), ["huishouden_id"]), aanwezig)
    return seen.group_by("huishouden_id").agg(**{naam: dagen(seen.van, seen.tot).sum()})


def days_with(t: Mapping[str, ir.Table], vraag: Vraag, *, rol: str) -> ir.Table:
    """Return unit rows of a share of days: days with the asked number of persons, days of stay."""
    aanwezig = present(t["huishouden"], vraag)
    personen = holders(t, rol)
    pairs = intersect(personen, personen.view().rename(ander="professional_id"), "huishouden_id")
    two = pairs.filter(pairs.professional_id < pairs.ander)
    at = aanwezig.left_join(_covered(personen, aanwezig, "een"), "huishouden_id").drop("huishouden_id_right")
    at = at.left_join(_covered(two, aanwezig, "meer"), "huishouden_id")
    stay = dagen(at.van, at.tot)
    one, more = (k.fill_null(ibis.literal(0)).cast("int64") for k in (at.een, at.meer))
    teller = {EXACTLY_ONE: one - more, NONE: stay - one, MORE: more}[vraag.params["aantal"]]
    rows = at.select("huishouden_id", teller=teller, noemer=stay)
    return with_exclusions(rows, (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER))
