"""Stays of households up to the peildatum, and moments (contacts, meetings) that fall in them."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import present
from toekomstscenario_eval.types import Venster, Vraag

BUITEN_VERBLIJF = "op die dag niet in het onderzoek"
NIET_INGESTROOMD = "niet ingestroomd in het venster"


def whole_stay(huishouden: ir.Table, vraag: Vraag) -> ir.Table:
    """Return `huishouden_id, van, tot` of the whole stay as seen on the peildatum, whatever the window."""
    return present(huishouden, Vraag(Venster(date.min, vraag.peildatum), vraag.peildatum))


def in_window(momenten: ir.Table, vraag: Vraag) -> ir.Table:
    """Return the moments (column `datum`) inside the window and before the peildatum."""
    return momenten.filter(
        momenten.datum >= ibis.literal(vraag.venster.begin), momenten.datum < ibis.literal(vraag.grens)
    )


def split_by_stay(momenten: ir.Table, aanwezig: ir.Table, vraag: Vraag) -> tuple[ir.Table, ir.Table]:
    """Return the moments in the window, parted: on a day of the stay, and on another day."""
    bij = in_window(momenten, vraag).left_join(aanwezig, "huishouden_id")
    hier = ((bij.datum >= bij.van) & (bij.datum < bij.tot)).fill_null(False)
    kolommen = list(momenten.columns)
    return bij.filter(hier).select(*kolommen), bij.filter(~hier).select(*kolommen)
