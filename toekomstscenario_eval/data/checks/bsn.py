"""No column holds citizen service numbers (BSN)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.checks._hulp import delivered, filled, smallest
from toekomstscenario_eval.data.checks._vorm import EERSTE, Geval, Regel, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import RIJ
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een kolom bevat burgerservicenummers",
    ernst=Ernst.FOUT,
    uitleg="Het gebruik van het BSN vraagt een wettelijke grondslag (UAVG art. 46), die onderzoek niet "
    "heeft. Een pakket "
    "met het BSN wordt daarom geweigerd, ook in een kolom die niemand gebruikt.",
    herstel="vervang het BSN bij de bron door een pseudoniem met een geheime sleutel, verwijder dit bestand "
    "en meld het "
    "aan de functionaris gegevensbescherming",
)
# Random numbers of nine digits pass the test once in eleven times.
_TEN_MINSTE = 5
_DEEL = 0.5
_NAAM = re.compile(r"(^|[^a-z])bsn|bsn([^a-z]|$|nummer|nr)|burgerservice|sofi.?n(umme)?r")
_GEWICHTEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_ONBEKEND = (0, 999999999)
_VORM = r"^(\d{8,9}(\.0+)?|\d{3,4}[. ]\d{2}[. ]\d{3})$"

# Numbers made for testing: they pass the test and were never issued.
_GELDIG = ("999990019", "999990020", "999990032", "999990044", "999990056", "999990068")


def _persons(kolom: str, waarden: tuple[str, ...]) -> str:
    return f"persoon_id | {kolom}\n" + "\n".join(f"k{i} | {w}" for i, w in enumerate(waarden))


GEVALLEN = (
    Geval(
        "nummers die de proef niet doorstaan, en vulwaarden",
        {
            "persoon": _persons(
                "notitie", ("123456789", "999999999", "000000000", "20240101", "", "111111111", "k1", "k2")
            )
        },
    ),
    Geval("te weinig nummers om iets te zeggen", {"persoon": _persons("notitie", _GELDIG[:4])}),
    Geval(
        "nummers in een kolom die de gegevensafspraak niet kent, ook als kommagetal",
        {"persoon": _persons("notitie", ("", *_GELDIG[:4], "999999999", "999990056.0", "iets anders"))},
        (("persoon", "notitie", 5, (2, 3, 4, 5, 7)),),
    ),
    Geval(
        "een kolom die zo heet, ook als zij leeg is",
        {"persoon": "persoon_id | BSN_kind\nk1 |"},
        (("persoon", "BSN_kind", 1, ()),),
    ),
)


def toetsen(pakket: Package) -> Iterator[Telling]:
    """Look for numbers that pass the eleven-test in every column, known or not, and at its name."""
    for tabel in delivered(pakket):
        for kolom, (aantal, rijen) in find_bsn(pakket.ruw[tabel.naam]).items():
            naam = bool(_NAAM.search(kolom.casefold()))
            yield Telling(
                tabel.naam,
                kolom,
                max(aantal, int(naam)),
                rijen,
                verwacht="pseudoniemen; een ruw BSN wordt geweigerd",
            )


def find_bsn(t: ir.Table) -> dict[str, tuple[int, tuple[int, ...]]]:
    """Return for each column how many BSN it holds and their first rows; zero when too few to say.

    `t` has the row number `_rij`; the other columns may be text or numbers.
    """
    kolommen = [k for k in t.columns if k != RIJ]
    # This one scan rules out nearly every column; a date or a yes-or-no cannot be a number at all.
    maten = {
        str(i): t.count(where=_looks_like_bsn(t[k]))
        for i, k in enumerate(kolommen)
        if not (t[k].type().is_temporal() or t[k].type().is_boolean())
    }
    mogelijk = t.aggregate(**maten).to_pyarrow().to_pylist()[0] if maten else {}
    return {
        kolom: _count(t, kolom) if mogelijk.get(str(i), 0) >= _TEN_MINSTE else (0, ())
        for i, kolom in enumerate(kolommen)
    }


def _looks_like_bsn(kolom: ir.Column) -> ir.BooleanValue:
    ruw = kolom.cast("string")
    tekst = ruw.strip()
    # The first character (a digit, or white space before it), the length and a dash are cheap to look
    # at, in that order, and spare most values the pattern: keys and codes, and dates as text.
    kan = tekst.length().between(8, 16) & ~tekst.contains("-")
    lijkt = kan.ifelse(tekst.re_search(_VORM), False)
    if kolom.type().is_numeric():
        # Eight or nine digits before the point.
        return kolom.between(10_000_000, 999_999_999.5).ifelse(lijkt, False)
    return (ruw < ":").ifelse(lijkt, False)


def _count(t: ir.Table, kolom: str) -> tuple[int, tuple[int, ...]]:
    """Return how many BSN a column holds, and the first rows; none when they are too few to say so.

    Numbers that lost their zero, became a float or are written with dots or spaces count too.
    """
    tekst = t.select(RIJ, w=t[kolom].cast("string").strip())
    kaal = tekst.w.re_replace(r"^(\d{8,9})\.0+$", r"\1").re_replace("[. ]", "")
    nummer = ibis.cases((_looks_like_bsn(tekst.w), kaal.try_cast("int64")), else_=ibis.null("int64"))
    gelezen = tekst.mutate(n=nummer)
    som = sum(gewicht * ((gelezen.n // 10 ** (8 - i)) % 10) for i, gewicht in enumerate(_GEWICHTEN))
    proef = gelezen.mutate(bsn=((gelezen.n > 0) & (som % 11 == 0)).fill_null(False))
    # Different values, because one date that happens to pass the test may fill a whole column.
    uit = proef.aggregate(
        gevuld=proef.w.nunique(where=filled(proef.w) & proef.n.notin(_ONBEKEND).fill_null(True)),
        verschillend=proef.n.nunique(where=proef.bsn),
        aantal=proef.bsn.sum(),
        rijen=smallest(proef[RIJ], EERSTE, where=proef.bsn),
    )
    rij = uit.to_pyarrow().to_pylist()[0]
    if rij["verschillend"] < max(_TEN_MINSTE, _DEEL * rij["gevuld"]):
        return 0, ()
    return rij["aantal"], tuple(rij["rijen"])
