"""Stays of households up to the peildatum, and moments (contacts, meetings) that fall in them."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import present, with_window
from toekomstscenario_eval.types import Venster, Vraag

OUTSIDE_STAY = "op die dag niet in het onderzoek"
NOT_ENTERED = "niet ingestroomd in het venster"


def whole_stay(huishouden: ir.Table, vraag: Vraag) -> ir.Table:
    """Return `huishouden_id, van, tot` of the whole stay as seen on the peildatum, whatever the window."""
    return present(huishouden, Vraag(Venster(date.min, vraag.peildatum), vraag.peildatum))


def in_window(moments: ir.Table, vraag: Vraag) -> ir.Table:
    """Return the moments (column `datum`) inside the window and before the peildatum."""
    at = with_window(moments, vraag)
    return at.filter(at.datum >= at.venster_begin, at.datum < at.grens).select(*moments.columns)


def split_by_stay(moments: ir.Table, aanwezig: ir.Table, vraag: Vraag) -> tuple[ir.Table, ir.Table]:
    """Return the moments in the window, parted: on a day of the stay, and on another day."""
    at = in_window(moments, vraag).left_join(aanwezig, "huishouden_id")
    here = ((at.datum >= at.van) & (at.datum < at.tot)).fill_null(False)
    columns = list(moments.columns)
    return at.filter(here).select(*columns), at.filter(~here).select(*columns)
