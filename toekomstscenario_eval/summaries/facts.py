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
from toekomstscenario_eval.long_tables import REEKS, SCHATTING, UITSLUITING
from toekomstscenario_eval.summaries.breakdowns import group_fields, groups, labels
from toekomstscenario_eval.types import SITE, Card, Finding, Kind, Maat, Result, Status, Vorm

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
    "nog_niet_verwerkt": _card("Huishoudens met gegevens van na de peildatum", "huishoudens"),
}
# The counts of households by the groups of a breakdown.
BY_PLACE = {"huishoudens_per_proeftuin": SITE, "huishoudens_per_gezinsprofiel": "gezinsprofiel"}
KINDS_NEED: Mapping[str, tuple[str, ...]] = {
    "betrokkenheid": ("huishouden_id", "organisatie_id"),
    "organisatie": ("organisatie_id", "soort"),
}


def empty(naam: str, package: Package, reden: str) -> Result:
    """Return a count without rows, to be filled, or with the reason why there is none."""
    return _result(naam, package, (), reden)


def kinds_of_organisation() -> list[str]:
    """Return the codes of every kind of organisation."""
    return list(load_schema().codelists["organisatie_soort"].codes)


def optional_fields(package: Package) -> list[str]:
    """Return `table.column` of every optional column that was delivered."""
    return [
        f"{naam}.{v.naam}"
        for naam in package.tabellen
        for v in load_schema().tabellen[naam].fields
        if not v.required and v.naam in package.raw[naam].columns
    ]


def _result(
    naam: str, package: Package, tellingen: Iterable[tuple[str, str, int]], reden: str = ""
) -> Result:
    """Build a result from `(uitsplitsing, groep, aantal)`, or from the reason why there is none."""
    card = CARDS[naam]
    rows = [
        estimate(
            "aantal",
            float(aantal),
            eenheid=card.eenheid,
            methode=_METHODE,
            n=aantal,
            teller=float(aantal),
            spot=(uitsplitsing, groep, ""),
        )
        for uitsplitsing, groep, aantal in tellingen
    ]
    schattingen = table(rows, SCHATTING)
    empty = table((), REEKS), table((), UITSLUITING)
    return Result(naam, card, {}, package.venster, schattingen, *empty, reden_nvt=reden, labels=labels())


def delivered_rows(package: Package) -> Result:
    """Count the rows of each table."""
    return _result(
        "geleverde_rijen", package, [("tabel", naam, b.rijen) for naam, b in package.bestanden.items()]
    )


def finding_rows(package: Package, findings: Sequence[Finding]) -> Result:
    """Count the rows of each finding, added up per title and place."""
    count: dict[str, int] = {}
    for b in findings:
        if b.status is Status.GEFAALD:
            spot = ".".join(part for part in (b.tabel, b.kolom) if part)
            naam = f"{b.titel} ({spot})" if spot else b.titel
            count[naam] = count.get(naam, 0) + b.aantal
    return _result("bevindingen", package, [("bevinding", naam, n) for naam, n in count.items()])


def empty_fields(package: Package) -> Result:
    """Count the empty values of each optional column that was delivered."""
    tellingen: list[tuple[str, str, int]] = []
    for naam, frame in package.tabellen.items():
        fields = [
            v.naam
            for v in load_schema().tabellen[naam].fields
            if not v.required and v.naam in package.raw[naam].columns
        ]
        if fields:
            empty = frame.aggregate(**{v: frame[v].isnull().sum() for v in fields}).execute()
            tellingen += [("veld", f"{naam}.{v}", int(empty[v].fillna(0).iloc[0])) for v in fields]
    return _result("lege_velden", package, tellingen)


def expected(package: Package, per: str) -> tuple[str, list[str]]:
    """Return why the groups of a breakdown cannot be told, and else those that may occur, seen or not."""
    frame, column, _ = group_fields()[per]
    if reden := package.ontbreekt({frame: (column,)}):
        return reden, []
    if per == SITE:
        namen = package.tabellen["proeftuin"].select(naam=ibis._.naam).execute()["naam"]
        return "", [str(naam) for naam in namen]
    return "", list(load_schema().codelists[per].codes)


def _households_by(naam: str, package: Package, per: str) -> Result:
    reden, namen = expected(package, per)
    if reden:
        return _result(naam, package, (), reden)
    partition = groups(package, per)
    found = cast(pd.DataFrame, partition.group_by("groep").agg(n=partition.count()).execute())
    count = dict.fromkeys(namen, 0) | {str(g): int(n) for g, n in found.itertuples(index=False)}
    return _result(
        naam,
        package,
        [("", TOTAAL, sum(count.values())), *((per, groep, count[groep]) for groep in sorted(count))],
    )


def _households_by_kind(package: Package) -> Result:
    naam = "huishoudens_per_soort_organisatie"
    if reden := package.ontbreekt(KINDS_NEED):
        return _result(naam, package, (), reden)
    organisatie = package.tabellen["organisatie"].select("organisatie_id", "soort")
    at = package.tabellen["betrokkenheid"].join(organisatie, "organisatie_id")
    count = at.group_by("soort").agg(n=at.huishouden_id.nunique()).execute()
    found = {str(s): int(n) for s, n in count.itertuples(index=False)}
    return _result(
        naam,
        package,
        [("soort organisatie", code, found.get(code, 0)) for code in kinds_of_organisation()],
    )


def all_facts(package: Package, findings: Sequence[Finding]) -> tuple[Result, ...]:
    """Return every count about the package that a report shows."""
    return (
        delivered_rows(package),
        finding_rows(package, findings),
        empty_fields(package),
        *(_households_by(naam, package, per) for naam, per in BY_PLACE.items()),
        _households_by_kind(package),
    )
