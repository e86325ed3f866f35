"""The multidisciplinary meetings (MDO) about a household, and how many professionals take part."""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import present, shared
from toekomstscenario_eval.indicators._rows import count_distinct
from toekomstscenario_eval.indicators._stay import split_by_stay
from toekomstscenario_eval.types import Vraag

MDO = "mdo"
NO_PARTICIPANTS = "geen deelnemers vastgelegd"
TABLES_SIZE = {
    "huishouden": ("huishouden_id", "begin", "eind"),
    "overleg": ("overleg_id", "huishouden_id", "datum", "soort"),
    "overleg_deelname": ("overleg_id", "professional_id"),
}


def mdo_sizes(t: Mapping[str, ir.Table], vraag: Vraag) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Return the MDO's in the window, one row each, in three parts.

    Returns
    -------
    tuple of Table
        On a day of the stay with the number of distinct participants (`huishouden_id, grootte`);
        on such a day without any participant on record; on another day (both `huishouden_id`).
    """
    overleg = t["overleg"].filter(lambda o: o.soort == MDO).select("overleg_id", "huishouden_id", "datum")
    here, elsewhere = split_by_stay(overleg.distinct(), present(t["huishouden"], vraag), vraag)
    counted = count_distinct(t["overleg_deelname"], "overleg_id", "professional_id")
    size = shared(counted.rename(grootte="aantal"))
    return (
        here.join(size, "overleg_id").select("huishouden_id", "grootte"),
        here.anti_join(size, "overleg_id").select("huishouden_id"),
        elsewhere.select("huishouden_id"),
    )
