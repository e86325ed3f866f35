"""How a column of the source is read: empty markers, lost zeros, date notations, pseudonyms.

Each column yields its value and, beside it, the reason why a value could not be read (null: it could).
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.importers.mapping import LEEG, MIDDEN, PSEUDONIEM, ImportMapping, SourceColumn
from toekomstscenario_eval.data.importers.source import Source
from toekomstscenario_eval.data.parsing import RIJ
from toekomstscenario_eval.errors import InvoerFout

GEHEIM = "TKS_GEHEIM"
_GEHEIM_MINIMUM = 16
_TIJD = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)? ?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?"
_ISO = rf"^(\d{{4}}-\d{{2}}-\d{{2}}){_TIJD}$"
_NL = rf"^(\d{{1,2}})[-/](\d{{1,2}})[-/](\d{{4}}){_TIJD}$"
_ONGEBOREN = "99999999"
# Outside these years a date is a typing error or a marker such as 9999-12-31, never an event.
_EERSTE_JAAR, _LAATSTE_JAAR = 1900, 2100


@dataclass(frozen=True)
class Read:
    """A value expression, and the reason (text expression) where it could not be read."""

    waarde: Any
    reden: Any


def text(kolom: ir.Column, hoe: SourceColumn) -> Read:
    """Return the column as clean text: no spaces at the edges, empty markers null, zeros restored."""
    kaal = kolom.strip()
    waarde = ibis.ifelse(kaal.isin(["", *hoe.leeg]), ibis.null("string"), kaal)
    reden: Any = ibis.null("string")
    if hoe.heel_getal:
        past = waarde.re_search(r"^-?\d+(?:[.,]0*)?$")
        reden = ibis.ifelse(waarde.notnull() & ~past, "geen geheel getal", reden)
        waarde = ibis.ifelse(past, waarde.re_extract(r"^(-?\d+)", 1), waarde)
    if hoe.vul_aan:
        te_lang = waarde.length() > hoe.vul_aan
        reden = ibis.ifelse(te_lang, f"langer dan {hoe.vul_aan} tekens", reden)
        waarde = ibis.ifelse(te_lang, waarde, waarde.lpad(hoe.vul_aan, "0"))
    if hoe.spaties:
        waarde = waarde.re_replace(r"\s+", hoe.spaties)
    return Read(waarde, reden)


def day(tekst: ir.StringValue, hoe: SourceColumn) -> Read:
    """Return clean text as a date in the notation of the column.

    Of a moment with a time zone the calendar date as written counts, not the date in UTC.
    """
    iso = _as_iso(tekst, hoe.notatie)
    gedeeltelijk, ongeboren = _partial(tekst, hoe.notatie), _unborn(tekst, hoe.notatie)
    datum = iso.try_cast("date")
    bestaat = datum.notnull() & datum.year().between(_EERSTE_JAAR, _LAATSTE_JAAR)
    midden = ibis.ifelse(
        iso.substr(5, 2) == "00", iso.left(4) + ibis.literal("-07-01"), iso.left(8) + ibis.literal("15")
    ).try_cast("date")
    geldt_midden = gedeeltelijk & (hoe.gedeeltelijk == MIDDEN) & midden.notnull()
    mag_leeg = (gedeeltelijk & (hoe.gedeeltelijk == LEEG)) | (ongeboren & (hoe.ongeboren == LEEG))
    waarde = ibis.cases((bestaat, datum), (geldt_midden, midden), else_=ibis.null("date"))
    reden = ibis.cases(
        (tekst.isnull() | bestaat | geldt_midden | mag_leeg, ibis.null("string")),
        (ongeboren, "een datum van een ongeboren kind (99999999)"),
        (gedeeltelijk, "een gedeeltelijke datum: dag of maand is 00"),
        else_=f"geen bestaande datum in de notatie {hoe.notatie} tussen {_EERSTE_JAAR} en {_LAATSTE_JAAR}",
    )
    return Read(waarde, reden)


def year(tekst: ir.StringValue, hoe: SourceColumn) -> Read:
    """Return the year (as text) of clean text that holds a date; of a partial date the year is known."""
    dag = day(tekst, hoe)
    bekend = _partial(tekst, hoe.notatie)
    jaar = ibis.ifelse(bekend, _as_iso(tekst, hoe.notatie).left(4), dag.waarde.year().cast("string"))
    return Read(jaar, ibis.ifelse(bekend, ibis.null("string"), dag.reden))


def _as_iso(tekst: ir.StringValue, notatie: str) -> Any:
    """Return the candidate JJJJ-MM-DD; null where the text does not have the notation."""
    niets = ibis.null("string")
    if notatie == "jjjjmmdd":
        delen = [tekst.substr(0, 4), tekst.substr(4, 2), tekst.substr(6, 2)]
        return ibis.ifelse(tekst.re_search(r"^\d{8}$"), _join(delen), niets)
    if notatie == "dd-mm-jjjj":
        delen = [tekst.re_extract(_NL, 3), *(tekst.re_extract(_NL, i).lpad(2, "0") for i in (2, 1))]
        return ibis.ifelse(tekst.re_search(_NL), _join(delen), niets)
    return ibis.ifelse(tekst.re_search(_ISO), tekst.re_extract(_ISO, 1), niets)


def _join(delen: Sequence[Any]) -> Any:
    return delen[0] + ibis.literal("-") + delen[1] + ibis.literal("-") + delen[2]


def _partial(tekst: ir.StringValue, notatie: str) -> Any:
    iso = _as_iso(tekst, notatie)
    return iso.re_search(r"^(?:19|20)\d{2}-(?:00-00|(?:0[1-9]|1[0-2])-00)$").fill_null(False)


def _unborn(tekst: ir.StringValue, notatie: str) -> Any:
    if notatie != "jjjjmmdd":
        return ibis.literal(False)
    return (tekst == _ONGEBOREN).fill_null(False)


def secret(mapping: ImportMapping) -> bytes:
    """Return the secret of the pseudonyms, empty when the mapping makes none; refuses a short one."""
    if not any(k.sleutel == PSEUDONIEM for k in mapping.kolommen.values()):
        return b""
    geheim = os.environ.get(GEHEIM, "").encode()
    if len(geheim) < _GEHEIM_MINIMUM:
        raise InvoerFout(
            "de mapping vraagt om pseudoniemen, maar het geheim daarvoor "
            + ("is te kort" if geheim else "ontbreekt"),
            waar=f"omgevingsvariabele {GEHEIM}",
            verwacht=f"ten minste {_GEHEIM_MINIMUM} tekens die niemand kan raden",
            herstel=f"zet een geheim in {GEHEIM} en bewaar het buiten het pakket; "
            "met hetzelfde geheim krijgt dezelfde sleutel elke keer hetzelfde pseudoniem",
        )
    return geheim


def pseudonym(waarde: str, geheim: bytes) -> str:
    """Return the keyed pseudonym of a value: HMAC-SHA256, the first 16 hexadecimal digits."""
    return hmac.digest(geheim, waarde.encode(), "sha256").hex()[:16]


def clean(con: Backend, bron: Source, mapping: ImportMapping, geheim: bytes) -> ir.Table:
    """Materialise the columns in use, read once whatever the number of tables that use them.

    Per column, numbered by its place in `mapping.namen`: `t_` clean text, `p_` text or pseudonym, `r_` reason
    if unreadable; for dates `d_` and `dr_`, for years out of dates `j_` and `jr_`, value and reason.
    """
    uit: dict[str, Any] = {RIJ: bron.tabel[RIJ]}
    for i, naam in enumerate(mapping.namen):
        gelezen = text(bron.kolom(naam), mapping.kolommen[naam])
        uit |= {f"t_{i}": gelezen.waarde, f"r_{i}": gelezen.reden}
        if mapping.kolommen[naam].spaties:
            _refuse_merged(bron.kolom(naam), mapping.kolommen[naam])
    schoon = con.create_table("schoon", bron.tabel.select(**uit))
    for i, naam in enumerate(mapping.namen):
        if mapping.kolommen[naam].sleutel == PSEUDONIEM:
            schoon = _with_pseudonyms(con, schoon, i, geheim)
        else:
            schoon = schoon.mutate(**{f"p_{i}": schoon[f"t_{i}"]})
    gelezen_tabel = con.create_table("gelezen", schoon.mutate(**_dates(schoon, mapping)))
    for naam in ("bron", "schoon"):
        con.raw_sql(f"DROP TABLE {naam}")
    return gelezen_tabel


def _dates(schoon: ir.Table, mapping: ImportMapping) -> dict[str, Any]:
    uit: dict[str, Any] = {}
    for naam in mapping.als_datum:
        i = mapping.namen.index(naam)
        dag = day(schoon[f"t_{i}"], mapping.kolommen[naam])
        uit |= {f"d_{i}": dag.waarde, f"dr_{i}": dag.reden}
    for naam in mapping.als_jaar:
        i = mapping.namen.index(naam)
        jaar = year(schoon[f"t_{i}"], mapping.kolommen[naam])
        uit |= {f"j_{i}": jaar.waarde, f"jr_{i}": jaar.reden}
    return uit


def _with_pseudonyms(con: Backend, schoon: ir.Table, i: int, geheim: bytes) -> ir.Table:
    kolom = f"t_{i}"
    waarden = schoon.select(kolom).distinct().filter(schoon[kolom].notnull()).to_pyarrow()[kolom].to_pylist()
    sleutels = pa.table(
        {
            f"w_{i}": pa.array(waarden, pa.string()),
            f"p_{i}": pa.array([pseudonym(w, geheim) for w in waarden], pa.string()),
        }
    )
    tabel = con.create_table(f"pseudoniem_{i}", ibis.memtable(sleutels))
    return schoon.left_join(tabel, schoon[kolom] == tabel[f"w_{i}"]).drop(f"w_{i}")


def _refuse_merged(ruw: ir.Column, hoe: SourceColumn) -> None:
    """Refuse when replacing spaces would make one key of two."""
    zonder = SourceColumn(
        hoe.naam, hoe.notatie, leeg=hoe.leeg, heel_getal=hoe.heel_getal, vul_aan=hoe.vul_aan
    )
    tabel = ruw.as_table().select(voor=text(ruw, zonder).waarde, na=text(ruw, hoe).waarde)
    telling = tabel.aggregate(voor=tabel.voor.nunique(), na=tabel.na.nunique()).to_pyarrow()
    if telling["voor"][0].as_py() != telling["na"][0].as_py():
        raise InvoerFout(
            "met 'spaties' vallen verschillende waarden samen",
            waar=f"kolom '{hoe.naam}' van de bron",
            kreeg=f"'spaties: {hoe.spaties}'",
            herstel="kies een ander teken, of maak er pseudoniemen van zonder 'spaties'",
        )
