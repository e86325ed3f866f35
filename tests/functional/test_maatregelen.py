"""Measures: the codes against the code list, child-time against counting days, and other routes."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.spells import childhood, is_child, next_begin
from toekomstscenario_eval.indicators._maatregel import (
    FAMILIES,
    MARGIN,
    OTS,
    OVERGEDRAGEN,
    UITHUISPLAATSING,
    VOTS,
    durations,
    first_since_entry,
    incidence,
    last_reasons,
    stitched,
)
from toekomstscenario_eval.summaries.engine import split_periods
from toekomstscenario_eval.summaries.registry import all_indicators
from toekomstscenario_eval.types import Venster, Vraag

FAMILIE = pytest.mark.parametrize("familie", FAMILIES.values(), ids=FAMILIES)
# A provisional OTS has no reasons of its own in the code list.
ALS = {"vots": "ots"}


@pytest.fixture(scope="module")
def pakket(voorbeeldpakket):
    return open_package(voorbeeldpakket)


def maatregelen(*rijen: tuple[str, str, str | None, str | None]) -> dict[str, ibis.Table]:
    """Return a table of OTS rows of one child: person, begin, end, reason."""
    frame = pd.DataFrame(rijen, columns=["persoon_id", "begin", "eind", "reden_einde"]).astype("object")
    schema = {"persoon_id": "string", "begin": "string", "eind": "string", "reden_einde": "string"}
    tekst = ibis.memtable(frame, schema=schema)
    tabel = tekst.mutate(
        begin=tekst.begin.cast("date"), eind=tekst.eind.cast("date"), soort=ibis.literal("11")
    )
    return {"maatregel": tabel}


def rijen(tabel: ibis.Table, *kolommen: str) -> list[tuple]:
    uit = tabel.select(*kolommen).execute()
    heel = [
        tuple(None if pd.isna(w) else (w.date() if isinstance(w, pd.Timestamp) else w) for w in rij)
        for rij in uit.itertuples(index=False)
    ]
    return sorted(heel, key=str)


# Codes


@FAMILIE
def test_codes_are_those_of_the_code_list(familie):
    lijst = load_schema().codelists["maatregel_soort"].rijen
    assert familie.codes == tuple(r["code"] for r in lijst if r["familie"] == familie.naam)


@FAMILIE
def test_every_end_reason_of_the_code_list_has_a_cause(familie):
    lijst = load_schema().codelists["maatregel_reden_einde"]
    eigen = ALS.get(familie.naam, familie.naam)
    bekend = {r["code"] for r in lijst.rijen if r["familie"] == eigen}
    gebruikt = [code for codes in familie.redenen.values() for code in codes]
    assert len(gebruikt) == len(set(gebruikt))
    # 07 ends a provisional OTS only.
    assert set(gebruikt) == (bekend - {"07"} if familie is OTS else bekend)
    for label, codes in familie.redenen.items():
        if len(codes) == 1:
            assert label == lijst.labels[codes[0]]
    assert OVERGEDRAGEN in lijst.labels
    assert OVERGEDRAGEN not in gebruikt


# When spells are one measure


@pytest.mark.parametrize(("gat", "aantal"), [(-5, 1), (0, 1), (1, 1), (2, 2)])
def test_transfer_is_one_measure_up_to_a_day(gat, aantal):
    over = date(2024, 2, 28)  # a leap day lies between
    verder = (over + timedelta(days=gat)).isoformat()
    t = maatregelen(
        ("k", "2024-01-01", over.isoformat(), "OV"),
        ("k", "2024-01-01", over.isoformat(), "OV"),
        ("k", verder, "2024-06-01", "02"),
    )
    uit = rijen(stitched(t, OTS), "begin", "eind")
    assert len(uit) == aantal
    assert (uit[0][0], uit[-1][1]) == (date(2024, 1, 1), date(2024, 6, 1))


def test_measures_of_another_child_or_family_are_not_joined():
    t = maatregelen(("a", "2024-01-01", "2024-02-01", "OV"), ("b", "2024-02-01", None, None))
    assert rijen(stitched(t, OTS), "persoon_id", "begin", "eind") == [
        ("a", date(2024, 1, 1), date(2024, 2, 1)),
        ("b", date(2024, 2, 1), None),
    ]
    assert rijen(stitched(t, VOTS), "persoon_id") == []


@pytest.mark.parametrize(
    ("redenen", "verwacht"),
    [
        (["02"], ("02", False)),
        (["02", "02"], ("02", False)),
        (["02", None], ("02", False)),
        (["02", "OV"], ("02", False)),
        (["TH", "OV"], ("TH", False)),
        (["02", "04"], (None, False)),
        (["OV"], (None, True)),
        (["OV", None], (None, True)),
        ([None], (None, False)),
    ],
)
def test_reason_of_an_end(redenen, verwacht):
    t = maatregelen(*(("k", "2024-01-01", "2024-02-01", r) for r in redenen))["maatregel"]
    assert rijen(last_reasons(t, "persoon_id"), "eind", "reden", "overgedragen") == [
        (date(2024, 2, 1), *verwacht)
    ]


def test_next_begin_is_that_of_the_same_key():
    t = maatregelen(
        ("a", "2024-01-01", "2024-02-01", None),
        ("a", "2024-03-01", None, None),
        ("b", "2024-02-15", None, None),
    )["maatregel"]
    assert rijen(next_begin(t, "persoon_id"), "persoon_id", "begin", "volgende") == [
        ("a", date(2024, 1, 1), date(2024, 3, 1)),
        ("a", date(2024, 3, 1), None),
        ("b", date(2024, 2, 15), None),
    ]


# Child-time


@given(st.integers(1990, 2030), st.dates(date(2007, 6, 29), date(2032, 7, 2)))
@example(2006, date(2024, 6, 30))
@example(2006, date(2024, 7, 1))
@example(2024, date(2024, 1, 1))
@example(2024, date(2023, 12, 31))
def test_childhood_covers_the_days_of_is_child(jaar, dag):
    persoon = ibis.memtable(pd.DataFrame({"geboortejaar": [jaar]}))
    (tijd,) = childhood(persoon).execute().itertuples()
    (kind,) = persoon.select(kind=is_child(persoon, dag)).execute()["kind"]
    assert (tijd.begin.date() <= dag < tijd.eind.date()) == kind


def test_without_year_of_birth_there_is_no_child_time():
    persoon = ibis.memtable(pd.DataFrame({"geboortejaar": pd.array([None], dtype="Int64")}))
    assert childhood(persoon).count().execute() == 0


@pytest.fixture(scope="module")
def frames(voorbeeldpakket):
    return {
        n: pd.read_csv(voorbeeldpakket / f"{n}.csv", dtype=str, keep_default_na=False)
        for n in ("huishouden", "persoon", "maatregel")
    }


def nieuwe(perioden: list[tuple[str, str]]) -> list[date]:
    """Return the first days of measures: a spell that begins over a day after all earlier ends."""
    uit, laatste = [], date.min
    for begin, eind in sorted(perioden):
        start = date.fromisoformat(begin)
        if laatste == date.min or start > laatste + timedelta(days=MARGIN):
            uit.append(start)
        laatste = max(laatste, date.fromisoformat(eind) if eind else date(9000, 1, 1))
    return uit


@FAMILIE
def test_incidence_against_counting_by_hand(pakket, frames, familie):
    """An independent route: plain loops over the rows, no interval arithmetic of the package."""
    begin, grens = pakket.venster.begin, pakket.venster.eind
    huis = {
        r.huishouden_id: (
            max(date.fromisoformat(r.begin), begin),
            min(date.fromisoformat(r.eind) if r.eind else grens, grens),
        )
        for r in frames["huishouden"].itertuples()
    }
    eigen = frames["maatregel"][frames["maatregel"]["soort"].isin(familie.codes)]
    perioden = {p: list(zip(d["begin"], d["eind"], strict=True)) for p, d in eigen.groupby("persoon_id")}
    aantal = dagen = 0
    for p in frames["persoon"].itertuples():
        if p.rol == "kind" and p.geboortejaar:
            van = max(huis[p.huishouden_id][0], date(int(p.geboortejaar), 1, 1))
            tot = min(huis[p.huishouden_id][1], date(int(p.geboortejaar) + 18, 7, 1))
            dagen += max(0, (tot - van).days)
            aantal += sum(van <= start < tot for start in nieuwe(perioden.get(p.persoon_id, [])))
    uit = incidence(pakket.tabellen, Vraag(pakket.venster, pakket.peildatum), familie).execute()
    assert (uit["aantal"].sum(), uit["blootstelling"].sum()) == (aantal, dagen)
    assert aantal > 0


@FAMILIE
def test_incidence_of_parts_adds_up_to_the_whole(pakket, familie):
    def som(venster: Venster) -> tuple[int, int]:
        uit = incidence(pakket.tabellen, Vraag(venster, pakket.peildatum), familie).execute()
        return uit["aantal"].sum(), uit["blootstelling"].sum()

    delen = [som(v) for v in split_periods(pakket.venster, "kwartaal").values()]
    assert tuple(map(sum, zip(*delen, strict=True))) == som(pakket.venster)


@pytest.mark.parametrize("rekenaar", [durations, first_since_entry])
@FAMILIE
def test_every_end_falls_in_exactly_one_part_of_the_window(pakket, rekenaar, familie):
    def eindes(venster: Venster) -> pd.Series:
        uit = rekenaar(pakket.tabellen, Vraag(venster, pakket.peildatum), familie).execute()
        return uit.loc[uit["einde"] > 0, "einde"].astype(int).value_counts()

    delen = pd.concat([eindes(v) for v in split_periods(pakket.venster, "halfjaar").values()])
    heel = eindes(pakket.venster)
    assert delen.groupby(level=0).sum().to_dict() == heel.to_dict()
    assert heel.sum() > 0


@pytest.mark.parametrize("rekenaar", [durations, first_since_entry])
@FAMILIE
def test_nobody_ends_before_being_observed(pakket, rekenaar, familie):
    uit = rekenaar(pakket.tabellen, Vraag(pakket.venster, pakket.peildatum), familie).execute()
    mee = uit[uit["uitsluiting"].isna()]
    assert ((mee["instroom"] >= 0) & ((mee["duur"] > mee["instroom"]) | (mee["instroom"] == 0))).all()
    assert set(mee["einde"]) <= {0, *familie.oorzaken, 2}


def test_first_measure_counts_every_household_once(pakket):
    uit = first_since_entry(pakket.tabellen, Vraag(pakket.venster, pakket.peildatum), OTS).execute()
    assert uit["huishouden_id"].is_unique
    assert len(uit) == pakket.tabellen["huishouden"].count().execute()


# Cards


def test_no_measure_stands_alone():
    """A bare share or rate of measures is never shown without what must be read with it."""
    kaarten = [w.card for n, w in all_indicators().items() if w.card.thema == "Maatregelen"]
    assert len(kaarten) > len(FAMILIES)
    assert [k.label for k in kaarten if "samen met" not in k.lezen and "Lees dit bij" not in k.lezen] == []


def test_placements_that_nobody_registered_are_not_zero():
    """CBS has no code for it, so a delivery without any says nothing about placements."""
    kaarten = [w.card for n, w in all_indicators().items() if n.endswith("_uithuisplaatsing")]
    assert kaarten
    assert all(k.komt_voor == {("maatregel", "soort"): UITHUISPLAATSING.codes} for k in kaarten)
