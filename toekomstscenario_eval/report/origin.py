"""Where every number of a report comes from: one card per result, one row per number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.count_words import few, words_of
from toekomstscenario_eval.blocks.views import VIEWS
from toekomstscenario_eval.blocks.whose import moment
from toekomstscenario_eval.blocks.wording import name, points
from toekomstscenario_eval.document.document import Herkomst, Kaart, Spoor
from toekomstscenario_eval.document.format import (
    EMPTY,
    field,
    interval,
    number,
    of_method,
    of_series,
    of_unit,
    probability,
    unit,
    window,
)
from toekomstscenario_eval.report.report import Background, Report
from toekomstscenario_eval.series import BOUNDS, CURVE, EVENTS, FLOWS, ROLLEN, SENSITIVITY
from toekomstscenario_eval.types import Maat, Result, Vorm

# Every result is counted per household and region, whatever else it reads.
ALWAYS = ("huishouden", "proeftuin")
# Series of which a point is no share of the households that stand with it.
_NO_SHARE = frozenset({CURVE, *EVENTS, ROLLEN, SENSITIVITY})
_DAYS = frozenset(two for _, two in (BOUNDS[reeks] for reeks in FLOWS))
_OPEN = "gecensureerd"
_TELLINGEN = {"n": "huishoudens", "teller": "teller", "noemer": "noemer", _OPEN: "gecensureerd"}


def tables(r: Result, every: tuple[str, ...]) -> tuple[str, ...]:
    """Return the delivered tables behind a result; a count about the package itself reads all."""
    needed = {*r.card.leest, *ALWAYS} if r.card.tabellen else set(every)
    return tuple(naam for naam in every if naam in needed)


def _values(r: Result, row: access.Row, maat: Maat) -> str:
    """Return the estimate with everything that stands beside it, as a reader sees it."""
    # What lies between two bounds has no unit that a number can be followed by.
    at = [f"schaal: {maat.eenheid}"] if maat.grenzen else []
    if spread := interval(row["ondergrens"], row["bovengrens"], maat.vorm):
        at.append(f"95%-interval {spread}")
    for column, naam in _TELLINGEN.items():
        if (text := number(row[column], Vorm.TELLING)) != EMPTY and _counts(r, column):
            at.append(f"{naam} {text}")
    waarde = of_method(row["schatting"], maat.vorm, str(row["methode"]))
    return f"{waarde}{'' if maat.grenzen else unit(maat)} ({'; '.join(at)})"


def _counts(r: Result, column: str) -> bool:
    """Whether estimates of this kind have a count of this name: only what lasts may not have ended yet."""
    return column != _OPEN or any(column == own for _, own in VIEWS[r.card.kind].kolommen)


def _place(r: Result, row: access.Row) -> str:
    periode = row["periode"]
    if periode and r.card.op_een_dag:
        periode = f"{periode} (stand {moment(r, periode)})"
    if not row["uitsplitsing"]:
        return ", ".join(filter(None, ("geheel", periode)))
    naam = f"{field(row['uitsplitsing']).lower()}: {name(r, row['uitsplitsing'], row['groep'])}"
    return ", ".join(filter(None, (naam, periode)))


def _estimates(r: Result) -> Iterator[Spoor]:
    maten = r.card.maten_bij(r.params)
    for row in access.records(r.schattingen[~r.schattingen["onderdrukt"].astype(bool)]):
        maat = maten[row["maat"]]
        if text := words_of(r, row):
            yield Spoor(row["getal_id"], f"{maat.label}, {_place(r, row)}", text)
        elif row["schatting"] == row["schatting"]:
            yield Spoor(row["getal_id"], f"{maat.label}, {_place(r, row)}", _values(r, row, maat))


def _points(r: Result) -> Iterator[Spoor]:
    points_ = points(r)
    for row in access.records(points_[~points_["onderdrukt"].astype(bool)]):
        if row["waarde"] != row["waarde"]:
            continue
        where = str(row["label"] or "") or f"dag {row['x']:.0f}"
        yield Spoor(row["getal_id"], f"{row['reeks']}, {_place(r, row)}, {where}", _point(r, row))


def _point(r: Result, row: access.Row) -> str:
    """Return the value of a point with what stands beside it; a share of few would tell how many they are."""
    vorm, n = of_series(row["reeks"]), number(row["n"], Vorm.TELLING)
    if row["n"] < few(r):
        n = f"minder dan {few(r)}"
        if row["reeks"] not in _NO_SHARE:
            return f"{n} huishoudens"
    at = _bounds(row, vorm)
    # Of a role the number beside it is that of its professionals.
    at.append(f"{n} {'professionals' if row['reeks'] == ROLLEN else 'huishoudens'}")
    return f"{number(row['waarde'], vorm)} ({'; '.join(at)})"


def _bounds(row: access.Row, vorm: Vorm) -> list[str]:
    """Return the interval of a point, or of one that has none what stands in its place, by its own name."""
    if row["reeks"] not in BOUNDS:
        spread = interval(row["ondergrens"], row["bovengrens"], vorm)
        return [f"95%-interval {spread}"] if spread else []
    one, two = BOUNDS[row["reeks"]]
    told = ((one, row["ondergrens"], vorm), (two, row["bovengrens"], Vorm.GETAL if two in _DAYS else vorm))
    return [f"{naam} {number(value, form)}" for naam, value, form in told if naam and value == value]


def _left_out(r: Result) -> Iterator[Spoor]:
    for row in access.records(r.uitsluitingen[~r.uitsluitingen["onderdrukt"].astype(bool)]):
        spot = ", ".join(filter(None, (str(row["reden"]), row["periode"])))
        text = number(row["aantal"], Vorm.TELLING)
        yield Spoor(row["getal_id"], f"Buiten de telling, {spot}", words_of(r, row) or text)


def _tests(r: Result) -> Iterator[Spoor]:
    for row in access.records(r.toetsen[~r.toetsen["onderdrukt"].astype(bool)]):
        parts = []
        if row["schatting"] == row["schatting"]:
            vorm = of_unit(row["eenheid"])
            spread = interval(row["ondergrens"], row["bovengrens"], vorm)
            parts.append(f"{number(row['schatting'], vorm)} {row['eenheid']} ({spread})")
        if row["statistiek"] == row["statistiek"]:
            parts.append(f"toetsgrootheid {number(row['statistiek'], Vorm.GETAL)}")
        if row["df"] == row["df"]:
            parts.append(f"vrijheidsgraden {number(row['df'], Vorm.GETAL)}")
        if row["p"] == row["p"]:
            parts.append(f"p-waarde {probability(row['p'])}")
        if parts:
            groepen = ", ".join(r.labels.texts(row["uitsplitsing"], row["groepen"]))
            where = f"{field(row['uitsplitsing']).lower()}: {groepen}"
            yield Spoor(row["getal_id"], f"{row['toets']}, {where}", "; ".join(parts))


def _made(r: Result, derived: list[dict[str, Any]]) -> Iterator[Spoor]:
    for getal in derived:
        maat = r.card.maten[getal["maat"]]
        vorm = Vorm(getal.get("vormen", {}).get("schatting", maat.vorm))
        source = f"uit {len(getal['uit'])} getallen hierboven"
        if getal["ondergrens"] is not None:
            source = f"interval {interval(getal['ondergrens'], getal['bovengrens'], vorm)}; {source}"
        waarde = f"{number(getal['schatting'], vorm)} ({source})"
        yield Spoor(getal["getal_id"], f"{maat.label}, {getal['soort']}", waarde)


def _card(r: Result, a: Background, derived: list[dict[str, Any]]) -> Kaart:
    hashes = {b.tabel: b.sha256[:8] for b in a.bestanden}
    sources = tables(r, tuple(hashes))
    choices = [f"{naam.replace('_', ' ')} = {waarde}" for naam, waarde in r.params.items()]
    return Kaart(
        r.sleutel,
        r.card.label,
        f"{r.indicator} {r.card.versie}",
        f"stand {moment(r)}" if r.card.op_een_dag else window(r.venster),
        ", ".join([*choices, *([str(r.variant)] if r.variant else [])]) or "geen",
        ", ".join(f"{naam} {hashes[naam]}".strip() for naam in sources) or "geen",
        (*_estimates(r), *_points(r), *_left_out(r), *_tests(r), *_made(r, derived)),
    )


def _by_result(report: Report) -> dict[str, list[dict[str, Any]]]:
    out: dict[str, list[dict[str, Any]]] = {}
    for getal in report.afgeleid:
        out.setdefault(getal["resultaat"], []).append(getal)
    return out


def origin(report: Report) -> Herkomst:
    """Return the cards of every result of the report that has numbers."""
    derived = _by_result(report)
    return Herkomst(
        tuple(
            _card(r, report.background, derived.get(r.sleutel, []))
            for r in report.vrijgave.resultaten
            if not r.schattingen.empty
        )
    )
