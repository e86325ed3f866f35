"""Counts about the data themselves, as results that pass release like any other.

Who is seen and who is not, what was delivered, which findings the checks had, what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import ibis
import pandas as pd

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.frames import estimate, table
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.summaries.engine import group_fields, groups, labels
from toekomstscenario_eval.types import (
    REEKS,
    SCHATTING,
    SITE,
    UITSLUITING,
    Card,
    Finding,
    Kind,
    Maat,
    Result,
    Status,
    Vorm,
)

_METHODE = "telling"


def _card(label: str, eenheid: str) -> Card:
    return Card(
        label=label,
        kind=Kind.TELLING,
        versie="1.0",
        vraag="",
        populatie="alle rijen van het pakket",
        teller="",
        noemer="",
        eenheid=eenheid,
        venster="het hele pakket",
        censurering="",
        uitsluitingen="",
        lezen="",
        bronnen=(),
        tabellen={},
        maten={"aantal": Maat(label, eenheid, Vorm.TELLING)},
    )


CARDS: Mapping[str, Card] = {
    "geleverde_rijen": _card("Geleverde rijen", "rijen"),
    "bevindingen": _card("Rijen met een bevinding", "rijen"),
    "lege_velden": _card("Lege velden", "rijen"),
    "huishoudens_per_proeftuin": _card("Huishoudens per proeftuin", "huishoudens"),
    "huishoudens_per_gezinsprofiel": _card("Huishoudens per gezinsprofiel", "huishoudens"),
    "huishoudens_per_soort_organisatie": _card("Huishoudens per soort organisatie", "huishoudens"),
}


def _result(naam: str, pakket: Package, tellingen: Iterable[tuple[str, str, int]], reden: str = "") -> Result:
    """Build a result from `(uitsplitsing, groep, aantal)`, or from the reason why there is none."""
    kaart = CARDS[naam]
    rijen = [
        estimate(
            "aantal",
            float(aantal),
            eenheid=kaart.eenheid,
            methode=_METHODE,
            n=aantal,
            teller=float(aantal),
            plek=(uitsplitsing, groep, ""),
        )
        for uitsplitsing, groep, aantal in tellingen
    ]
    schattingen = table(rijen, SCHATTING)
    leeg = table((), REEKS), table((), UITSLUITING)
    return Result(naam, kaart, {}, pakket.venster, schattingen, *leeg, reden_nvt=reden, labels=labels())


def delivered_rows(pakket: Package) -> Result:
    """Count the rows of each table."""
    return _result(
        "geleverde_rijen", pakket, [("tabel", naam, b.rijen) for naam, b in pakket.bestanden.items()]
    )


def finding_rows(pakket: Package, bevindingen: Sequence[Finding]) -> Result:
    """Count the rows of each finding, added up per title and place."""
    tel: dict[str, int] = {}
    for b in bevindingen:
        if b.status is Status.GEFAALD:
            plek = ".".join(deel for deel in (b.tabel, b.kolom) if deel)
            naam = f"{b.titel} ({plek})" if plek else b.titel
            tel[naam] = tel.get(naam, 0) + b.aantal
    return _result("bevindingen", pakket, [("bevinding", naam, n) for naam, n in tel.items()])


def empty_fields(pakket: Package) -> Result:
    """Count the empty values of each optional column that was delivered."""
    tellingen: list[tuple[str, str, int]] = []
    for naam, tabel in pakket.tabellen.items():
        velden = [
            v.naam
            for v in load_schema().tabellen[naam].velden
            if not v.verplicht and v.naam in pakket.ruw[naam].columns
        ]
        if velden:
            leeg = tabel.aggregate(**{v: tabel[v].isnull().sum() for v in velden}).execute()
            tellingen += [("veld", f"{naam}.{v}", int(leeg[v].fillna(0).iloc[0])) for v in velden]
    return _result("lege_velden", pakket, tellingen)


def _households_by(naam: str, pakket: Package, per: str, verwacht: Iterable[str]) -> Result:
    tabel, kolom, _ = group_fields()[per]
    if reden := pakket.ontbreekt({tabel: (kolom,)}):
        return _result(naam, pakket, (), reden)
    indeling = groups(pakket, per)
    gevonden = cast(pd.DataFrame, indeling.group_by("groep").agg(n=indeling.count()).execute())
    tel = dict.fromkeys(verwacht, 0) | {str(g): int(n) for g, n in gevonden.itertuples(index=False)}
    return _result(
        naam,
        pakket,
        [("", TOTAAL, sum(tel.values())), *((per, groep, tel[groep]) for groep in sorted(tel))],
    )


def _households_by_kind(pakket: Package) -> Result:
    naam = "huishoudens_per_soort_organisatie"
    nodig = {
        "betrokkenheid": ("huishouden_id", "organisatie_id"),
        "organisatie": ("organisatie_id", "soort"),
    }
    if reden := pakket.ontbreekt(nodig):
        return _result(naam, pakket, (), reden)
    organisatie = pakket.tabellen["organisatie"].select("organisatie_id", "soort")
    bij = pakket.tabellen["betrokkenheid"].join(organisatie, "organisatie_id")
    tel = bij.group_by("soort").agg(n=bij.huishouden_id.nunique()).execute()
    codes = load_schema().codelijsten["organisatie_soort"].codes
    gevonden = {str(s): int(n) for s, n in tel.itertuples(index=False)}
    return _result(
        naam,
        pakket,
        [("soort organisatie", code, gevonden.get(code, 0)) for code in codes],
    )


def all_facts(pakket: Package, bevindingen: Sequence[Finding]) -> tuple[Result, ...]:
    """Return every count about the package that a report shows."""
    profielen = load_schema().codelijsten["gezinsprofiel"].codes
    proeftuinen = pakket.tabellen["proeftuin"].select(naam=ibis._.naam).execute()["naam"]
    return (
        delivered_rows(pakket),
        finding_rows(pakket, bevindingen),
        empty_fields(pakket),
        _households_by("huishoudens_per_proeftuin", pakket, SITE, map(str, proeftuinen)),
        _households_by("huishoudens_per_gezinsprofiel", pakket, "gezinsprofiel", profielen),
        _households_by_kind(pakket),
    )
