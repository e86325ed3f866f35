"""Rows delivered more often: a correction takes the place of its period, a later period of the same record.

Half-years overlap: a measure that runs on is delivered in each. And a period may be delivered anew,
provisional first: what was in the earlier delivery and is not in the new one is withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.importers.between_deliveries import Drift, drift
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.data.yaml_node import Node, texts

if TYPE_CHECKING:
    from toekomstscenario_eval.data.importers.values import Rows

_DIGITS = 20


@dataclass(frozen=True)
class Deliveries:
    """Which columns tell deliveries apart, and what makes two rows the same record.

    Without `order` (the column with the period) every row stands for itself.
    """

    order: str
    version: str
    supplier: str
    sleutel: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read for this; none while the periods are not named."""
        if not self.order:
            return ()
        return tuple(k for k in (self.order, self.version, self.supplier, *self.sleutel) if k)


@dataclass(frozen=True)
class Replaced:
    """Rows that another row took the place of.

    Attributes
    ----------
    withdrawn : int
        Rows of an earlier delivery of the same period by the same supplier.
    again : int
        Rows of a record that was delivered again in a later period, or ended in another row.
    other_end : int
        Those of them that were ended on another day than the row that counts.
    drift : tuple of Drift
        What changed from one delivery to the next, per supplier.
    """

    withdrawn: int = 0
    again: int = 0
    other_end: int = 0
    drift: tuple[Drift, ...] = ()

    @property
    def aantal(self) -> int:
        """All of them."""
        return self.withdrawn + self.again

    def __add__(self, other: Replaced) -> Replaced:
        """Return both together."""
        return Replaced(
            self.withdrawn + other.withdrawn,
            self.again + other.again,
            self.other_end + other.other_end,
            self.drift + other.drift,
        )

    def __str__(self) -> str:
        return (
            f"vervangen: {self.withdrawn} door een nieuwe levering over dezelfde periode, {self.again} door "
            f"een rij over dezelfde maatregel, hulp of stap (waarvan {self.other_end} met een ander einde)"
        )


def deliveries(node: Node) -> Deliveries:
    """Read how deliveries are told apart."""
    block = node.block(("volgorde", "versie", "leverancier", "sleutel"))
    one = {k: block[k].filled() if k in block else "" for k in ("volgorde", "versie", "leverancier")}
    if one["versie"] and not one["volgorde"]:
        raise block["versie"].refuse(
            "'versie' zegt welke levering van een periode later is, maar 'volgorde' ontbreekt",
            remedy="noem bij 'volgorde' de kolom met de verslagperiode",
        )
    if one["volgorde"] and "sleutel" not in block:
        raise node.refuse("'sleutel' ontbreekt", remedy="noem de kolommen die samen één maatregel aanwijzen")
    return Deliveries(one["volgorde"], one["versie"], one["leverancier"], texts(block, "sleutel"))


def keep_latest(con: Backend, rows: Rows) -> tuple[ir.Table, Replaced]:
    """Return the rows that count, and how many others were replaced; closed before open, then the latest."""
    how = rows.mapping.levering
    if how is None or not how.order:
        return rows.tabel, Replaced()
    spells = [t for t in rows.mapping.tabellen if t.periode is not None and t.naam != "huishouden"]
    ends = [ibis.coalesce(rows.last_day(t), ibis.date(1900, 1, 1)) for t in spells]
    nothing = ibis.null("string")
    # A row without one of its keys is about nobody knows whom: it never takes the place of another.
    keys = [rows.key(k) for k in how.sleutel if rows.mapping.kolommen[k].sleutel]
    alone = ibis.or_(*(k.isnull() for k in keys), ibis.literal(False))
    marked = rows.tabel.mutate(
        _periode=rows.text(how.order),
        _leverancier=rows.key(how.supplier) if how.supplier else nothing,
        # Numbers in the order of numbers, other words in that of words.
        _versie=rows.text(how.version).lpad(_DIGITS, "0") if how.version else nothing,
        _dicht=ibis.and_(*(~rows.running(t) for t in spells)) if spells else ibis.literal(True),
        _einde=ibis.greatest(*ends) if ends else ibis.null("date"),
        _los=ibis.ifelse(alone, rows.tabel[ROW], 0),
        **{f"_sleutel_{i}": rows.key(k) for i, k in enumerate(how.sleutel)},
    )
    same_period = ibis.window(group_by=["_leverancier", "_periode"])
    newest = (marked._versie == marked._versie.max().over(same_period)) | marked._versie.isnull()
    marked = con.create_table("leveringen", marked.mutate(_nieuwste=newest.fill_null(False)))
    rest = marked.filter(marked._nieuwste)
    order = [rest._dicht.desc(), rest._periode.desc(), rest[ROW].desc()]
    record = ibis.window(
        group_by=["_los", *(f"_sleutel_{i}" for i in range(len(how.sleutel)))], order_by=order
    )
    ranked = con.create_table(
        "gerangschikt",
        rest.mutate(_nr=ibis.row_number().over(record), _telt=rest._einde.first().over(record)),
    )
    again = ranked.filter(ranked._nr > 0)
    other_end = again.filter(again._dicht & (again._einde != again._telt))
    counts = [int(t.count().execute()) for t in (marked.filter(~marked._nieuwste), again, other_end)]
    known = rest.filter(rest._los == 0)
    names = {f"_sleutel_{i}": k for i, k in enumerate(how.sleutel)}
    counted = Replaced(counts[0], counts[1], counts[2], drift(known, names))
    kept = ranked.filter(ranked._nr == 0)
    return kept.drop(*(k for k in kept.columns if k not in rows.tabel.columns)), counted
