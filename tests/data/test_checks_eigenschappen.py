"""Properties of the checks: row order changes no count, and overlaps are those a slow search finds."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.checks._runner import run
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Finding, Status

Maak = Callable[..., Package]
DAG_NUL = date(2023, 1, 1)


# Per column the values to draw from, right and wrong; a `D` stands for a day.
KEUZE = {
    "proeftuin": {
        "proeftuin_id": "p1 p2",
        "naam": "N Z",
        "soort": "proeftuin vergelijking x",
        "start_datum": "D",
    },
    "huishouden": {
        "huishouden_id": "h1 h2 h_3 - h9",
        "proeftuin_id": "p1 p3",
        "begin": "D",
        "eind": "D",
        "reden_einde": "- afgerond 1",
        "gezinsprofiel": "- anders",
    },
    "persoon": {
        "persoon_id": "k1 k2 o1",
        "huishouden_id": "h1 h2 h9",
        "rol": "kind ouder",
        "geboortejaar": "- 2000 2015 1850",
    },
    "betrokkenheid": {
        "betrokkenheid_id": "b1 b2 b3 b4 b5 b6 b7 b8",
        "huishouden_id": "h1 h2 -",
        "professional_id": "a b -",
        "organisatie_id": "o1",
        "rol": "lid Lid",
        "begin": "D",
        "eind": "D",
        "reden_einde": "- x",
    },
    "maatregel": {
        "maatregel_id": "m1 m2 m3 m4 m5 m6 m7 m8",
        "persoon_id": "k1 k2 o1",
        "soort": "11 12 1",
        "begin": "D",
        "eind": "D",
        "reden_einde": "- OV 11",
    },
    "meting": {
        "meting_id": "t1 t2 t3",
        "huishouden_id": "h1 h2",
        "persoon_id": "- k1",
        "datum": "D",
        "instrument": "i",
        "schaal": "s",
        "item": "1",
        "waarde": "3 3;5",
        "informant": "ouder",
    },
    "overleg": {"overleg_id": "v1 v2 v3", "huishouden_id": "h1 h9", "datum": "D", "soort": "mdo"},
    "overleg_deelname": {"overleg_id": "v1 v2", "professional_id": "a b -"},
}


def spoiled_table(keus: random.Random, kolommen: dict[str, str], rijen: int) -> list[str]:
    """Return the lines of a table with many wrong and many tied rows, the header first."""

    def cel(waarden: str) -> str:
        if waarden == "D":
            dag = DAG_NUL + timedelta(days=30 * keus.randrange(12))
            return keus.choice(["", "20230101", "2023-02-30", "2030-01-01", *[dag.isoformat()] * 8])
        return keus.choice(waarden.split()).replace("-", "")

    return [",".join(kolommen), *(",".join(map(cel, kolommen.values())) for _ in range(rijen))]


def counts(bevindingen: tuple[Finding, ...]) -> list[tuple[str, str, str, str, str, int]]:
    return [(f.regel, f.status.value, f.tabel, f.kolom, f.verwacht, f.aantal) for f in bevindingen]


@pytest.mark.parametrize("zaad", [1, 2, 3])
def test_row_order_changes_no_count(zaad: int, pakket: Maak) -> None:
    keus = random.Random(zaad)
    tabellen = {naam: spoiled_table(keus, kolommen, 25) for naam, kolommen in KEUZE.items()}
    eerst = checks.check(pakket({n: "\n".join(r) for n, r in tabellen.items()}))
    geschud = {n: "\n".join([r[0], *keus.sample(r[1:], len(r) - 1)]) for n, r in tabellen.items()}
    daarna = checks.check(pakket(geschud))
    assert counts(eerst) == counts(daarna)
    gefaald = {f.regel for f in eerst if f.status is Status.GEFAALD}
    # The property says something only where rows are found.
    assert {
        "sleutel",
        "verwijzing",
        "typen",
        "maatregel_overlap",
        "na_peildatum",
        "eind_voor_begin",
    } <= gefaald
    assert not [f for f in eerst if f.status is Status.FOUT]


@st.composite
def spells(draw: st.DrawFn) -> list[tuple[str, str, date, date | None]]:
    """Draw measures of a few persons on a few days, with ties, zero days and open ends."""
    uit = []
    for _ in range(draw(st.integers(1, 9))):
        begin = DAG_NUL + timedelta(days=draw(st.integers(0, 14)))
        duur = draw(st.one_of(st.none(), st.integers(0, 4)))
        eind = None if duur is None else begin + timedelta(days=duur)
        uit.append((draw(st.sampled_from(["k1", "k2"])), draw(st.sampled_from(["11", "UH"])), begin, eind))
    return uit


def overlapping(maatregelen: list[tuple[str, str, date, date | None]]) -> list[int]:
    """Return the rows (from 1) that share a day with another row of the same person and sort."""
    dicht = [(p, s, b, e or date.max) for p, s, b, e in maatregelen]
    uit = set()
    for (i, een), (j, twee) in itertools.combinations(enumerate(dicht, start=1), 2):
        if een[:2] == twee[:2] and max(een[2], twee[2]) < min(een[3], twee[3]):
            uit |= {i, j}
    return sorted(uit)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(maatregelen=spells())
def test_overlaps_are_those_that_comparing_all_pairs_finds(
    maatregelen: list[tuple[str, str, date, date | None]], pakket: Maak
) -> None:
    regels = [f"{p},{s},{b},{e or ''}" for p, s, b, e in maatregelen]
    p = pakket({"maatregel": "\n".join(["persoon_id,soort,begin,eind", *regels])})
    (bevinding,) = run(p, [checks.rules()["maatregel_overlap"]])
    verwacht = overlapping(maatregelen)
    assert bevinding.aantal == len(verwacht)
    assert bevinding.rijen == tuple(verwacht[:5])


def handed_over_without_sequel(maatregelen: list[tuple[str, str, date, date | None]]) -> list[int]:
    """Return the ended rows (from 1) that nothing of the same person and sort continues within a week."""
    uit = []
    for nummer, (persoon, soort, begin, eind) in enumerate(maatregelen, start=1):
        if eind is None or eind <= begin:
            continue
        grens = eind + timedelta(days=7)
        vervolg = [
            m
            for m in maatregelen
            if m[:2] == (persoon, soort) and m[2] <= grens and (m[3] or date.max) > eind
        ]
        # A spell of zero days continues nothing.
        if not [m for m in vervolg if m[3] is None or m[2] < m[3]]:
            uit.append(nummer)
    return uit


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(maatregelen=spells())
def test_hand_overs_without_sequel_are_those_that_comparing_all_pairs_finds(
    maatregelen: list[tuple[str, str, date, date | None]], pakket: Maak
) -> None:
    regels = [f"{p},{s},{b},{e or ''},{'OV' if e else ''}" for p, s, b, e in maatregelen]
    p = pakket({"maatregel": "\n".join(["persoon_id,soort,begin,eind,reden_einde", *regels])})
    (bevinding,) = run(p, [checks.rules()["overdracht_zonder_vervolg"]])
    verwacht = handed_over_without_sequel(maatregelen)
    assert bevinding.aantal == len(verwacht)
    assert bevinding.rijen == tuple(verwacht[:5])
