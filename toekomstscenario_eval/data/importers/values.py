"""Row by row: which rows a table uses, which value each field gets, and why a row cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.importers.cleaning import Read
from toekomstscenario_eval.data.importers.mapping import (
    APART,
    LEEG,
    ImportMapping,
    Origin,
    Period,
    TableMapping,
)
from toekomstscenario_eval.data.parsing import RIJ, VERWACHT, parse
from toekomstscenario_eval.data.schema import Field, load_schema

_NIET_LEEG = "leeg waar een waarde nodig is"
_SLEUTEL = "tekens die in een sleutel niet mogen, of een sleutel langer dan 64 tekens"


@dataclass(frozen=True)
class Fault:
    """A reason (text expression, null: none) to set rows aside; `mag_apart` when the mapping allows it."""

    kolom: str
    reden: Any
    mag_apart: bool


@dataclass(frozen=True)
class Rows:
    """The rows of the source as cleaned, with the mapping that says how to use them."""

    tabel: ir.Table
    mapping: ImportMapping

    def _column(self, soort: str, kolom: str) -> Any:
        return self.tabel[f"{soort}_{self.mapping.namen.index(kolom)}"]

    def text(self, kolom: str) -> Any:
        """Return the clean text of a source column."""
        return self._column("t", kolom)

    def key(self, kolom: str) -> Any:
        """Return the clean text of a source column, or its pseudonym when the mapping asks for one."""
        return self._column("p", kolom)

    def reason(self, kolom: str) -> Any:
        """Return why a source column could not be read."""
        return self._column("r", kolom)

    def day(self, kolom: str) -> Read:
        """Return a source column as a date."""
        return Read(self._column("d", kolom), self._column("dr", kolom))

    def year(self, kolom: str) -> Read:
        """Return the year of a source column that holds a date."""
        return Read(self._column("j", kolom), self._column("jr", kolom))

    def selected(self, tabel: TableMapping) -> Any:
        """Return which rows the table uses, by its `alleen`."""
        keuze: Any = self.tabel[RIJ].notnull()
        for kolom, waarden in tabel.alleen.items():
            tekst = self.text(kolom)
            keuze &= tekst.notnull() if waarden is None else tekst.isin(waarden).fill_null(False)
        return keuze

    def first_day(self, tabel: TableMapping) -> Any:
        """Return the earliest of the `van` columns."""
        periode = tabel.periode
        return ibis.least(*(self.day(k).waarde for k in periode.van)) if periode else ibis.null("date")

    def last_day(self, tabel: TableMapping) -> Any:
        """Return the latest of the `tot` columns; null when all are empty."""
        periode = tabel.periode
        return ibis.greatest(*(self.day(k).waarde for k in periode.tot)) if periode else ibis.null("date")

    def running(self, tabel: TableMapping) -> Any:
        """Return whether the spell still runs."""
        periode = tabel.periode
        if periode is not None and periode.open_als_leeg:
            return self.text(periode.open_als_leeg).isnull()
        return self.last_day(tabel).isnull()

    def value(self, veld: Field, bron: Origin) -> Any:
        """Return the value of a field from its column, typed; null where it is empty or cannot be read."""
        return parse(self._as_text(veld, bron), veld)

    def _as_text(self, veld: Field, bron: Origin) -> Any:
        if veld.type == "date":
            return self.day(bron.waarde).waarde
        if bron.jaar:
            return self.year(bron.waarde).waarde
        if bron.vertaling is not None:
            return _translated(self.text(bron.waarde), bron.vertaling)
        if veld.type == "number" and self.mapping.decimaalteken == "komma":
            return self.text(bron.waarde).replace(",", ".")
        codes = known_codes(veld, bron)
        if codes is not None:
            tekst = self.text(bron.waarde)
            return ibis.ifelse(tekst.isin(codes), tekst, ibis.null("string"))
        return self.key(bron.waarde)

    def unknown(self, veld: Field, bron: Origin) -> Any:
        """Return whether a code lies outside the translation, or outside the code list when there is none."""
        codes = known_codes(veld, bron)
        if bron.soort != "kolom" or codes is None:
            return ibis.literal(False)
        tekst = self.text(bron.waarde)
        return (tekst.notnull() & ~tekst.isin(codes)).fill_null(False)


def known_codes(veld: Field, bron: Origin) -> tuple[str, ...] | None:
    """Return the codes that may stand in the source; None when anything may."""
    if bron.vertaling is not None:
        return tuple(bron.vertaling)
    return load_schema().codelijsten[veld.codelijst].codes if veld.codelijst else None


def _translated(tekst: Any, vertaling: Mapping[str, str]) -> Any:
    # An empty key in the mapping translates emptiness.
    leeg = ibis.literal(vertaling[""]) if "" in vertaling else ibis.null("string")
    gevallen = [(tekst.isnull(), leeg)] + [(tekst == c, ibis.literal(w)) for c, w in vertaling.items() if c]
    return ibis.cases(*gevallen, else_=ibis.null("string"))


def faults(rijen: Rows) -> list[Fault]:
    """Return every reason to set a row aside that can be seen in the row itself."""
    uit: list[Fault] = []
    for tabel in rijen.mapping.tabellen:
        keuze = rijen.selected(tabel)
        for fout in _table_faults(rijen, tabel):
            uit.append(Fault(fout.kolom, ibis.ifelse(keuze, fout.reden, ibis.null("string")), fout.mag_apart))
    return uit


def _table_faults(rijen: Rows, tabel: TableMapping) -> Iterator[Fault]:
    apart = rijen.mapping.apart
    yield from (Fault(k, rijen.reason(k), apart) for k in dict.fromkeys(tabel.per or ()))
    if tabel.periode is not None:
        yield from _period_faults(rijen, tabel.periode)
    for naam, bron in tabel.velden.items():
        if bron.soort == "kolom":
            veld = tabel.schema.veld(naam)
            yield Fault(bron.waarde, _field_reason(rijen, veld, bron), apart)
            if bron.onbekend != LEEG and known_codes(veld, bron) is not None:
                reden = f"een code die niet in de {_where(tabel, veld, bron)} staat"
                yield Fault(
                    bron.waarde, _when(rijen.unknown(veld, bron), reden), apart or bron.onbekend == APART
                )


def _where(tabel: TableMapping, veld: Field, bron: Origin) -> str:
    if bron.vertaling is not None:
        return f"vertaling van {tabel.naam}.{veld.naam}"
    return f"codelijst {veld.codelijst}"


def _when(conditie: Any, reden: str) -> Any:
    return ibis.ifelse(conditie, ibis.literal(reden), ibis.null("string"))


def _period_faults(rijen: Rows, periode: Period) -> Iterator[Fault]:
    apart = rijen.mapping.apart
    for kolom in dict.fromkeys((*periode.van, *periode.tot)):
        reden = ibis.coalesce(rijen.reason(kolom), rijen.day(kolom).reden)
        yield Fault(kolom, reden, apart)
    yield Fault(" en ".join(periode.van), _when(_all_empty(rijen, periode.van), _NIET_LEEG), apart)
    if periode.open_als_leeg:
        geen_eind = rijen.text(periode.open_als_leeg).notnull() & _all_empty(rijen, periode.tot)
        yield Fault(" en ".join(periode.tot), _when(geen_eind, _NIET_LEEG), apart)


def _all_empty(rijen: Rows, kolommen: Sequence[str]) -> Any:
    """Return whether none of the dates is filled; a date that cannot be read is not an empty one."""
    dagen = [rijen.day(k) for k in kolommen]
    return ibis.and_(*(d.waarde.isnull() & d.reden.isnull() for d in dagen))


def _field_reason(rijen: Rows, veld: Field, bron: Origin) -> Any:
    """Return why a field cannot get a value from its column."""
    tekst, waarde, onbekend = rijen.text(bron.waarde), rijen.value(veld, bron), rijen.unknown(veld, bron)
    gevallen = [(rijen.reason(bron.waarde).notnull(), rijen.reason(bron.waarde))]
    if veld.type == "date" or bron.jaar:
        reden = (rijen.day if veld.type == "date" else rijen.year)(bron.waarde).reden
        gevallen.append((reden.notnull(), reden))
    else:
        gevallen.append((tekst.notnull() & waarde.isnull() & ~onbekend, _unreadable(veld)))
    if veld.verplicht:
        gevallen.append((waarde.isnull() & ~onbekend, ibis.literal(_NIET_LEEG)))
    if "pattern" in veld.constraints:
        past = waarde.re_search(veld.constraints["pattern"])
        gevallen.append((waarde.notnull() & ~past, ibis.literal(_SLEUTEL)))
    return ibis.cases(*gevallen, else_=ibis.null("string"))


def _unreadable(veld: Field) -> Any:
    return ibis.literal(f"niet te lezen als {VERWACHT[veld.type]}")
