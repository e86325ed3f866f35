"""Which rows of the source are usable; what is not is counted, with the reason and the first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.importers.mapping import TableMapping
from toekomstscenario_eval.data.importers.report import SetAside
from toekomstscenario_eval.data.importers.source import Source
from toekomstscenario_eval.data.importers.values import Fault, Rows, faults
from toekomstscenario_eval.data.parsing import RIJ
from toekomstscenario_eval.errors import InvoerFout

_EERSTE = 5
_MEER_REGELS_IN_FOUT = 6
_KOLOMMEN = "een ander aantal kolommen dan de eerste regel"


@dataclass(frozen=True)
class Judged:
    """The usable rows, and what was set aside."""

    rijen: Rows
    aantal_apart: int
    apart: tuple[SetAside, ...]


@dataclass(frozen=True)
class _Counted:
    gevonden: SetAside
    mag_apart: bool


def judge(con: Backend, rijen: Rows, bron: Source) -> Judged:
    """Return the usable rows, and count the others.

    Raises
    ------
    InvoerFout
        When rows cannot be used and the mapping does not say to set them aside, or when none is left.
    """
    apart = rijen.mapping.apart
    gevonden: list[_Counted] = []
    if bron.onleesbaar:
        regels = SetAside("", _KOLOMMEN, len(bron.onleesbaar), bron.onleesbaar[:_EERSTE])
        gevonden.append(_Counted(regels, apart))
    goed, erbij = _split(con, rijen.tabel, faults(rijen), naam="goed")
    gevonden += erbij
    goed, erbij = _split(con, goed, _contradictions(replace(rijen, tabel=goed)), naam="eenduidig")
    gevonden += erbij
    over = int(goed.count().execute())
    weg = bron.rijen - over
    _refuse(gevonden, weg=weg, totaal=bron.rijen)
    return Judged(replace(rijen, tabel=goed), weg, tuple(g.gevonden for g in gevonden))


def _refuse(gevonden: Sequence[_Counted], *, weg: int, totaal: int) -> None:
    erg = [g.gevonden for g in gevonden if not g.mag_apart]
    redenen = "; ".join(str(g) for g in erg[:_MEER_REGELS_IN_FOUT])
    if len(erg) > _MEER_REGELS_IN_FOUT:
        redenen += f"; en nog {len(erg) - _MEER_REGELS_IN_FOUT} redenen"
    if erg:
        raise InvoerFout(
            f"{weg} van de {totaal} rijen van de bron {'is' if weg == 1 else 'zijn'} niet te gebruiken",
            waar="de bron (eerste rij onder de kolomnamen = rij 1)",
            kreeg=redenen,
            herstel="verbeter de bron of de mapping, of zet in de mapping onder bron "
            "'onleesbare_rijen: apart': zulke rijen blijven dan buiten het pakket en worden geteld",
        )
    if weg == totaal:
        raise InvoerFout(
            "er blijft geen enkele rij van de bron over",
            kreeg="; ".join(str(g.gevonden) for g in gevonden[:_MEER_REGELS_IN_FOUT]),
            herstel="controleer of deze mapping bij deze bron hoort, vooral datumnotatie en vertalingen",
        )


def _split(
    con: Backend, tabel: ir.Table, fouten: Sequence[Fault], *, naam: str
) -> tuple[ir.Table, list[_Counted]]:
    """Return the rows without any of the faults, and the faults with their counts."""
    if not fouten:
        return tabel, []
    namen = [f"f_{i}" for i in range(len(fouten))]
    met = tabel.mutate(**{n: f.reden for n, f in zip(namen, fouten, strict=True)})
    aantallen = met.aggregate(**{n: met[n].count() for n in namen}).to_pyarrow().to_pylist()[0]
    if not any(aantallen.values()):
        return tabel, []
    met = con.create_table(f"{naam}_met", met)
    schoon = ibis.and_(*(met[n].isnull() for n in namen))
    delen = [
        met.filter(met[n].notnull()).select(
            RIJ, kolom=ibis.literal(f.kolom), reden=met[n], mag_apart=ibis.literal(f.mag_apart)
        )
        for n, f in zip(namen, fouten, strict=True)
        if aantallen[n]
    ]
    return con.create_table(naam, met.filter(schoon).drop(*namen)), _count(delen)


def _count(delen: Sequence[ir.Table]) -> list[_Counted]:
    """Count each reason per column once per row, whatever the number of tables that meet it."""
    alle = (ibis.union(*delen) if len(delen) > 1 else delen[0]).distinct()
    sleutel = ["kolom", "reden", "mag_apart"]
    venster = ibis.window(group_by=sleutel, order_by=RIJ)
    geteld = alle.mutate(nr=ibis.row_number().over(venster), aantal=alle[RIJ].count().over(group_by=sleutel))
    eerste = geteld.filter(geteld.nr < _EERSTE).order_by([*sleutel, RIJ]).to_pyarrow().to_pylist()
    uit: dict[tuple[Any, ...], _Counted] = {}
    for rij in eerste:
        plek = tuple(rij[k] for k in sleutel)
        vorige = uit[plek].gevonden.rijen if plek in uit else ()
        uit[plek] = _Counted(
            SetAside(rij["kolom"], rij["reden"], rij["aantal"], (*vorige, rij[RIJ])), rij["mag_apart"]
        )
    return list(uit.values())


def _contradictions(rijen: Rows) -> list[Fault]:
    """Return, per table with one row per value, the columns that differ within such a row."""
    uit: list[Fault] = []
    for tabel in rijen.mapping.tabellen:
        gelijk = _per_group(rijen, tabel)
        if tabel.per is None or not gelijk or not _differ_somewhere(rijen, tabel, gelijk):
            continue
        groep = [rijen.key(k) for k in tabel.per]
        venster = ibis.window(group_by=groep) if groep else ibis.window()
        keuze = rijen.selected(tabel)
        per = f"per {', '.join(tabel.per)}" if tabel.per else "de hele bron"
        reden = f"verschillende waarden binnen één rij van de tabel {tabel.naam} ({per})"
        for kolom, waarde in gelijk:
            gekozen = ibis.ifelse(keuze, waarde, ibis.null(waarde.type()))
            anders = _differs(gekozen, keuze.cast("int64").sum(), over=venster)
            fout = ibis.ifelse(keuze & anders, ibis.literal(reden), ibis.null("string"))
            uit.append(Fault(kolom, fout, rijen.mapping.apart))
    return uit


def _differ_somewhere(rijen: Rows, tabel: TableMapping, gelijk: Sequence[tuple[str, Any]]) -> bool:
    """Tell whether any group has a difference; much cheaper than finding the rows, and usually none has."""
    per = {f"_per_{i}": rijen.key(k) for i, k in enumerate(tabel.per or ())}
    waarden = {f"_w_{i}": w for i, (_, w) in enumerate(gelijk)}
    gekozen = rijen.tabel.select(_keuze=rijen.selected(tabel), **per, **waarden).filter(lambda t: t["_keuze"])
    anders = {n: _differs(gekozen[n], gekozen.count()) for n in waarden}
    samen = gekozen.group_by(list(per)).aggregate(**anders) if per else gekozen.aggregate(**anders)
    return bool(samen.filter(ibis.or_(*(samen[n] for n in waarden))).count().execute())


def _differs(waarde: Any, alle: Any, *, over: Any = None) -> Any:
    """Return whether a value differs within a group, an empty one from a filled one included."""
    delen = (waarde.count(), alle, waarde.min(), waarde.max())
    gevuld, alle, laagste, hoogste = delen if over is None else (d.over(over) for d in delen)
    return (laagste != hoogste).fill_null(False) | ((gevuld > 0) & (gevuld < alle))


def _per_group(rijen: Rows, tabel: TableMapping) -> list[tuple[str, Any]]:
    """Return the values that must be the same in all source rows behind one row of the table."""
    uit = [
        (bron.waarde, rijen.value(tabel.schema.veld(naam), bron))
        for naam, bron in tabel.velden.items()
        if bron.soort == "kolom" and bron.waarde not in (tabel.per or ())
    ]
    if tabel.periode is not None:
        kolom = tabel.periode.open_als_leeg or " en ".join(tabel.periode.tot)
        uit.append((kolom, rijen.running(tabel).cast("int8")))
    return uit
