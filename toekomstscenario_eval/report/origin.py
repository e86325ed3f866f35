"""Where every number of a report comes from: one card per result, one row per number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.wording import name, points
from toekomstscenario_eval.disclosure.release import Released
from toekomstscenario_eval.document.document import Herkomst, Kaart, Spoor
from toekomstscenario_eval.document.format import (
    LEEG,
    field,
    interval,
    number,
    of_series,
    of_unit,
    probability,
    unit,
    window,
)
from toekomstscenario_eval.report.report import Background, Report
from toekomstscenario_eval.types import Maat, Vorm

# Every result is counted per household and region, whatever else it reads.
ALTIJD = ("huishouden", "proeftuin")
_TELLINGEN = {"n": "huishoudens", "teller": "teller", "noemer": "noemer", "gecensureerd": "gecensureerd"}


def tables(r: Released, alle: tuple[str, ...]) -> tuple[str, ...]:
    """Return the delivered tables behind a result; a count about the package itself reads all."""
    nodig = {*r.card.tabellen, *ALTIJD} if r.card.tabellen else set(alle)
    return tuple(naam for naam in alle if naam in nodig)


def _values(rij: access.Row, maat: Maat) -> str:
    """Return the estimate with everything that stands beside it, as a reader sees it."""
    bij = []
    if spreiding := interval(rij["ondergrens"], rij["bovengrens"], maat.vorm):
        bij.append(f"95%-interval {spreiding}")
    for kolom, naam in _TELLINGEN.items():
        if (tekst := number(rij[kolom], Vorm.TELLING)) != LEEG:
            bij.append(f"{naam} {tekst}")
    return f"{number(rij['schatting'], maat.vorm)}{unit(maat)} ({'; '.join(bij)})"


def _place(r: Released, rij: access.Row) -> str:
    if not rij["uitsplitsing"]:
        return ", ".join(filter(None, ("geheel", rij["periode"])))
    naam = f"{field(rij['uitsplitsing']).lower()}: {name(r, rij['uitsplitsing'], rij['groep'])}"
    return ", ".join(filter(None, (naam, rij["periode"])))


def _estimates(r: Released) -> Iterator[Spoor]:
    maten = r.card.maten_bij(r.params)
    for rij in access.records(r.schattingen[~r.schattingen["onderdrukt"].astype(bool)]):
        if rij["schatting"] == rij["schatting"]:
            maat = maten[rij["maat"]]
            yield Spoor(rij["getal_id"], f"{maat.label}, {_place(r, rij)}", _values(rij, maat))


def _points(r: Released) -> Iterator[Spoor]:
    punten = points(r)
    for rij in access.records(punten[~punten["onderdrukt"].astype(bool)]):
        if rij["waarde"] != rij["waarde"]:
            continue
        waar = str(rij["label"] or "") or f"dag {rij['x']:.0f}"
        vorm = of_series(rij["reeks"])
        spreiding = interval(rij["ondergrens"], rij["bovengrens"], vorm)
        bij = f"95%-interval {spreiding}; " if spreiding else ""
        waarde = f"{number(rij['waarde'], vorm)} ({bij}{number(rij['n'], Vorm.TELLING)} huishoudens)"
        yield Spoor(rij["getal_id"], f"{rij['reeks']}, {_place(r, rij)}, {waar}", waarde)


def _left_out(r: Released) -> Iterator[Spoor]:
    for rij in access.records(r.uitsluitingen[~r.uitsluitingen["onderdrukt"].astype(bool)]):
        plek = ", ".join(filter(None, (str(rij["reden"]), rij["periode"])))
        yield Spoor(rij["getal_id"], f"Buiten de telling, {plek}", number(rij["aantal"], Vorm.TELLING))


def _tests(r: Released) -> Iterator[Spoor]:
    for rij in access.records(r.toetsen[~r.toetsen["onderdrukt"].astype(bool)]):
        delen = []
        if rij["schatting"] == rij["schatting"]:
            vorm = of_unit(rij["eenheid"])
            spreiding = interval(rij["ondergrens"], rij["bovengrens"], vorm)
            delen.append(f"{number(rij['schatting'], vorm)} {rij['eenheid']} ({spreiding})")
        if rij["statistiek"] == rij["statistiek"]:
            delen.append(f"toetsgrootheid {number(rij['statistiek'], Vorm.GETAL)}")
        if rij["df"] == rij["df"]:
            delen.append(f"vrijheidsgraden {number(rij['df'], Vorm.GETAL)}")
        if rij["p"] == rij["p"]:
            delen.append(f"p-waarde {probability(rij['p'])}")
        if delen:
            groepen = ", ".join(r.labels.texts(rij["uitsplitsing"], rij["groepen"]))
            waar = f"{field(rij['uitsplitsing']).lower()}: {groepen}"
            yield Spoor(rij["getal_id"], f"{rij['toets']}, {waar}", "; ".join(delen))


def _made(r: Released, afgeleid: list[dict[str, Any]]) -> Iterator[Spoor]:
    for getal in afgeleid:
        maat = r.card.maten[getal["maat"]]
        bron = f"uit {len(getal['uit'])} getallen hierboven"
        if getal["ondergrens"] is not None:
            bron = f"interval {interval(getal['ondergrens'], getal['bovengrens'], maat.vorm)}; {bron}"
        waarde = f"{number(getal['schatting'], maat.vorm)} ({bron})"
        yield Spoor(getal["getal_id"], f"{maat.label}, {getal['soort']}", waarde)


def _card(r: Released, a: Background, afgeleid: list[dict[str, Any]]) -> Kaart:
    hashes = {b.tabel: b.sha256[:8] for b in a.bestanden}
    bronnen = tables(r, tuple(hashes))
    keuzes = [f"{naam.replace('_', ' ')} = {waarde}" for naam, waarde in r.params.items()]
    return Kaart(
        r.sleutel,
        r.card.label,
        f"{r.indicator} {r.card.versie}",
        window(r.venster),
        ", ".join([*keuzes, *([str(r.variant)] if r.variant else [])]) or "geen",
        ", ".join(f"{naam} {hashes[naam]}" for naam in bronnen) or "geen",
        (*_estimates(r), *_points(r), *_left_out(r), *_tests(r), *_made(r, afgeleid)),
    )


def _by_result(rapport: Report) -> dict[str, list[dict[str, Any]]]:
    uit: dict[str, list[dict[str, Any]]] = {}
    for getal in rapport.afgeleid:
        uit.setdefault(getal["resultaat"], []).append(getal)
    return uit


def origin(rapport: Report) -> Herkomst:
    """Return the cards of every result of the report that has numbers."""
    afgeleid = _by_result(rapport)
    return Herkomst(
        tuple(
            _card(r, rapport.achtergrond, afgeleid.get(r.sleutel, []))
            for r in rapport.vrijgave.resultaten
            if not r.schattingen.empty
        )
    )
