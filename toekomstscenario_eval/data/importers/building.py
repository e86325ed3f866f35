"""From usable rows to the tables of the contract."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.importers.mapping import LEEG, ImportMapping, Origin, TableMapping
from toekomstscenario_eval.data.importers.report import Translated, Unknown
from toekomstscenario_eval.data.importers.values import Rows, known_codes
from toekomstscenario_eval.data.parsing import RIJ, VERWACHT, parse
from toekomstscenario_eval.data.schema import Field
from toekomstscenario_eval.errors import InvoerFout

_EERSTE, _NA = "_eerste", "_na_laatste"
_DAG = ibis.interval(days=1)


@dataclass(frozen=True)
class Built:
    """A table of the contract, with the first day in it and the day after the last (None: no days)."""

    frame: pd.DataFrame
    eerste: date | None
    na_laatste: date | None


def build(rijen: Rows, tabel: TableMapping) -> Built:
    """Return one table of the contract."""
    bron = rijen.tabel.filter(rijen.selected(tabel))
    rijen = Rows(bron, rijen.mapping)
    per_rij = _per_row(rijen, tabel) if tabel.per is None else _per_value(rijen, tabel)
    arrow = per_rij.to_pyarrow()
    dagen = arrow.select([_EERSTE, _NA]).to_pandas()
    begin, na = dagen[_EERSTE].dropna(), dagen[_NA].dropna()
    frame = arrow.drop([_EERSTE, _NA]).to_pandas()
    volgorde = [v.naam for v in tabel.schema.velden if v.naam in frame.columns]
    return Built(frame[volgorde], begin.min() if len(begin) else None, na.max() if len(na) else None)


def _from_source(tabel: TableMapping) -> dict[str, Origin]:
    return {n: b for n, b in tabel.velden.items() if b.soort == "kolom"}


def _spell(rijen: Rows, tabel: TableMapping) -> dict[str, Any]:
    if tabel.periode is None:
        return {}
    return {"_van": rijen.first_day(tabel), "_tot": rijen.last_day(tabel), "_open": rijen.running(tabel)}


def _per_row(rijen: Rows, tabel: TableMapping) -> ir.Table:
    velden = {n: rijen.value(tabel.schema.veld(n), b) for n, b in _from_source(tabel).items()}
    los = rijen.tabel.select(_nr=rijen.tabel[RIJ], **velden, **_spell(rijen, tabel))
    return _finish(los.order_by("_nr"), tabel)


def _per_value(rijen: Rows, tabel: TableMapping) -> ir.Table:
    """Return one row per distinct value of the `per` columns; the other values do not differ within it."""
    per = {f"_per_{i}": rijen.key(k) for i, k in enumerate(tabel.per or ())}
    velden = {n: rijen.value(tabel.schema.veld(n), b) for n, b in _from_source(tabel).items()}
    los = rijen.tabel.select(_nr=rijen.tabel[RIJ], **per, **velden, **_spell(rijen, tabel))
    waarden: dict[str, Any] = {n: los[n].max() for n in velden} | {"_rijen": los.count()}
    if tabel.periode is not None:
        waarden |= {"_van": los["_van"].min(), "_tot": los["_tot"].max(), "_open": los["_open"].any()}
    samen = los.group_by(list(per)).aggregate(**waarden) if per else los.aggregate(**waarden)
    if tabel.periode is not None and tabel.periode.over:
        delen = ibis.window(group_by=[f"_per_{(tabel.per or ()).index(k)}" for k in tabel.periode.over])
        samen = samen.mutate(
            _van=samen["_van"].min().over(delen),
            _tot=samen["_tot"].max().over(delen),
            _open=samen["_open"].any().over(delen),
        )
    # Numbered in the order of the values, so that the order of the source rows makes no difference.
    venster = ibis.window(order_by=list(per)) if per else ibis.window()
    gevuld = samen.filter(samen["_rijen"] > 0)
    return _finish(gevuld.mutate(_nr=ibis.row_number().over(venster) + 1).order_by("_nr"), tabel)


def _finish(los: ir.Table, tabel: TableMapping) -> ir.Table:
    """Add constants, numbered keys, begin and eind, and the first and the last day."""
    uit: dict[str, Any] = {}
    for naam, bron in tabel.velden.items():
        if bron.soort == "kolom":
            uit[naam] = los[naam]
        elif bron.soort == "vast":
            uit[naam] = parse(ibis.literal(bron.waarde), tabel.schema.veld(naam))
        else:
            uit[naam] = ibis.literal(bron.waarde) + los["_nr"].cast("string")
    eerste = na = ibis.null("date")
    if tabel.periode is not None:
        einde = _next_day(los["_tot"]) if tabel.periode.laatste_dag_telt_mee else los["_tot"]
        uit |= {"begin": los["_van"], "eind": ibis.ifelse(los["_open"], ibis.null("date"), einde)}
        eerste, na = los["_van"], ibis.greatest(_next_day(los["_van"]), einde)
    elif "datum" in uit:
        eerste, na = uit["datum"], _next_day(uit["datum"])
    return los.select(**uit, **{_EERSTE: eerste, _NA: na})


def _next_day(dag: Any) -> Any:
    return (dag + _DAG).cast("date")


def check_constants(con: Backend, mapping: ImportMapping) -> None:
    """Refuse constants and translations that the field cannot hold."""
    for tabel in mapping.tabellen:
        for naam, bron in tabel.velden.items():
            veld = tabel.schema.veld(naam)
            waarden = [bron.waarde] if bron.soort == "vast" else list((bron.vertaling or {}).values())
            if bron.soort == "nummer":
                waarden = [bron.waarde + "1"]
            for waarde in waarden:
                _check_constant(con, veld, waarde=waarde, bron=bron)


def _check_constant(con: Backend, veld: Field, *, waarde: str, bron: Origin) -> None:
    patroon = veld.constraints.get("pattern")
    if patroon and not re.search(patroon, waarde):
        verwacht = "letters, cijfers, punt, streepje of liggend streepje, hoogstens 64 tekens"
    elif veld.type != "string" and con.execute(parse(ibis.literal(waarde), veld).isnull()):
        verwacht = VERWACHT[veld.type]
    else:
        return
    raise InvoerFout(
        f"'{waarde}' past niet in het veld '{veld.naam}'",
        waar=str(bron.plek),
        verwacht=verwacht,
        herstel="verbeter de waarde in de mapping",
    )


def count_codes(rijen: Rows) -> tuple[Translated, ...]:
    """Count the usable rows per code of each translation, also the codes that do not occur."""
    uit: list[Translated] = []
    for tabel in rijen.mapping.tabellen:
        gekozen = rijen.tabel.filter(rijen.selected(tabel))
        for naam, bron in tabel.velden.items():
            if bron.vertaling is None:
                continue
            code = Rows(gekozen, rijen.mapping).text(bron.waarde).fill_null("")
            telling = gekozen.select(code=code).group_by("code").aggregate(n=lambda t: t.count()).to_pyarrow()
            aantal = dict(zip(telling["code"].to_pylist(), telling["n"].to_pylist(), strict=True))
            uit += [Translated(tabel.naam, naam, c, w, aantal.get(c, 0)) for c, w in bron.vertaling.items()]
    return tuple(uit)


def count_unknown(rijen: Rows) -> tuple[Unknown, ...]:
    """Count codes outside the translations over all rows that were read; never name them."""
    uit: list[Unknown] = []
    for tabel in rijen.mapping.tabellen:
        keuze = rijen.selected(tabel)
        for naam, bron in tabel.velden.items():
            veld = tabel.schema.veld(naam)
            if bron.soort != "kolom" or known_codes(veld, bron) is None:
                continue
            vreemd = rijen.tabel.filter(keuze & rijen.unknown(veld, bron))
            tekst = Rows(vreemd, rijen.mapping).text(bron.waarde)
            n, codes = (
                vreemd.aggregate(n=vreemd.count(), c=tekst.nunique()).to_pyarrow().to_pylist()[0].values()
            )
            if n:
                gevolg = "leeg gelaten" if bron.onbekend == LEEG else "rijen apart gezet"
                uit.append(Unknown(tabel.naam, naam, bron.waarde, int(n), int(codes), gevolg))
    return tuple(uit)


def outside(rijen: Rows) -> dict[str, int]:
    """Count the usable rows that a table skips by its `alleen`."""
    return {
        t.naam: int(rijen.tabel.filter(~rijen.selected(t)).count().execute())
        for t in rijen.mapping.tabellen
        if t.alleen
    }
