"""The first talk with a household after it entered the study."""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import with_window
from toekomstscenario_eval.types import Vraag

IN_GESPREK = ("huisbezoek", "gesprek_kantoor", "beeldbellen")
STARTGESPREK = "startgesprek"
TABLES = {
    "huishouden": ("huishouden_id", "begin", "eind"),
    "contact": ("huishouden_id", "datum", "vorm"),
    "overleg": ("huishouden_id", "datum", "soort"),
}


def entered(huishouden: ir.Table, vraag: Vraag) -> ir.Table:
    """Return the households that entered in the window: earlier talks of others may not be on record."""
    at = with_window(huishouden, vraag)
    return at.filter(at.begin >= at.venster_begin, at.begin < at.grens).select(*huishouden.columns)


def first_talks(t: Mapping[str, ir.Table], stay: ir.Table) -> ir.Table:
    """Return `huishouden_id, van, tot, eerste` for each stay: the day of the first talk in it, or null.

    A talk is a contact face to face or by video, or a startgesprek.
    """
    contact = t["contact"].filter(lambda c: c.vorm.isin(IN_GESPREK)).select("huishouden_id", "datum")
    overleg = t["overleg"].filter(lambda o: o.soort == STARTGESPREK).select("huishouden_id", "datum")
    at = contact.union(overleg).join(stay, "huishouden_id")
    here = at.filter(at.datum >= at.van, at.datum < at.tot)
    first = here.group_by("huishouden_id").agg(eerste=here.datum.min())
    having = stay.left_join(first, "huishouden_id")
    return having.select("huishouden_id", "van", "tot", "eerste")
