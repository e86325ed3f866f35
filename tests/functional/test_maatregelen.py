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
from toekomstscenario_eval.data.spells import OVERGEDRAGEN, childhood, is_child, last_reasons, next_begin
from toekomstscenario_eval.indicators._maatregel import (
    FAMILIES,
    GAP,
    OTS,
    UITHUISPLAATSING,
    VOTS,
    durations,
    first_since_entry,
    incidence,
    prevalence,
    stitched,
)
from toekomstscenario_eval.periods import left_out, split_periods
from toekomstscenario_eval.summaries.registry import all_indicators
from toekomstscenario_eval.types import Venster, Vraag

PARAMS = {
    "maximale_onderbreking": GAP.standaard,
    "op_dag_van_instroom": "al_aanwezig",
    "eenheid": "kind",
}
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
        begin=tekst.begin.cast("date"),
        eind=tekst.eind.cast("date"),
        soort=ibis.literal("11"),
        begin_onbekend=ibis.null("boolean"),
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


@pytest.mark.parametrize(
    ("reden", "gat", "maximum", "aantal"),
    [
        *((reden, gat, 7, 1) for reden in ("OV", "02", None) for gat in (-5, 0, 1)),
        *(("OV", gat, 7, 1) for gat in (2, 3, 7)),
        ("OV", 8, 7, 2),
        ("OV", 8, 14, 1),
        *((reden, 2, 7, 2) for reden in ("02", None)),
        *(("OV", gat, 1, 1 + (gat > 1)) for gat in (1, 2)),
        *((reden, gat, 0, 1 + gat) for reden in ("OV", "02") for gat in (0, 1)),
    ],
)
def test_transfer_is_one_measure_up_to_a_week(reden, gat, maximum, aantal):
    over = date(2024, 2, 28)  # a leap day lies between
    verder = (over + timedelta(days=gat)).isoformat()
    t = maatregelen(
        ("k", "2024-01-01", over.isoformat(), reden),
        ("k", "2024-01-01", over.isoformat(), reden),
        ("k", verder, "2024-06-01", "02"),
    )
    uit = rijen(stitched(t, OTS, maximum), "begin", "eind")
    assert len(uit) == aantal
    assert (uit[0][0], uit[-1][1]) == (date(2024, 1, 1), date(2024, 6, 1))


def test_measures_of_another_child_or_family_are_not_joined():
    t = maatregelen(("a", "2024-01-01", "2024-02-01", "OV"), ("b", "2024-02-01", None, None))
    assert rijen(stitched(t, OTS, 7), "persoon_id", "begin", "eind") == [
        ("a", date(2024, 1, 1), date(2024, 2, 1)),
        ("b", date(2024, 2, 1), None),
    ]
    assert rijen(stitched(t, VOTS, 7), "persoon_id") == []


def test_transfers_follow_each_other_and_another_end_breaks_the_chain():
    """Two reasons on the last day, and an end inside a longer spell, say nothing of a transfer."""
    t = maatregelen(
        ("a", "2024-01-01", "2024-02-01", "OV"),
        ("a", "2024-02-05", "2024-03-01", "OV"),
        ("a", "2024-03-08", None, None),
        ("b", "2024-01-01", "2024-02-01", "OV"),
        ("b", "2024-01-10", "2024-02-01", "02"),
        ("b", "2024-02-04", None, None),
        ("c", "2024-01-01", "2024-02-01", "OV"),
        ("c", "2024-01-10", "2024-02-03", "03"),
        ("c", "2024-02-06", None, None),
        ("d", "2024-01-01", "2024-02-01", "OV"),
    )
    assert rijen(stitched(t, OTS, 7), "persoon_id", "begin", "eind") == [
        ("a", date(2024, 1, 1), None),
        ("b", date(2024, 1, 1), date(2024, 2, 1)),
        ("b", date(2024, 2, 4), None),
        ("c", date(2024, 1, 1), date(2024, 2, 3)),
        ("c", date(2024, 2, 6), None),
        ("d", date(2024, 1, 1), date(2024, 2, 1)),
    ]


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
    (kind,) = persoon.select(kind=is_child(persoon, ibis.literal(dag))).execute()["kind"]
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


def aaneen(perioden: list[tuple[str, str, str]]) -> list[tuple[date, date]]:
    """Return measures: one goes on within a day, or a week when all say that it was handed over."""
    uit: list[tuple[date, date]] = []
    for begin, eind, _ in sorted(perioden):
        start, tot = date.fromisoformat(begin), date.fromisoformat(eind) if eind else date(9000, 1, 1)
        if start == tot:
            continue
        if uit:
            redenen = {r for _, e, r in perioden if e == uit[-1][1].isoformat() and r}
            if start <= uit[-1][1] + timedelta(days=7 if redenen == {"OV"} else 1):
                uit[-1] = (uit[-1][0], max(uit[-1][1], tot))
                continue
        uit.append((start, tot))
    return uit


def per_persoon(frames, familie) -> dict[str, list[tuple[date, date]]]:
    eigen = frames["maatregel"][frames["maatregel"]["soort"].isin(familie.codes)]
    return {
        p: aaneen(list(zip(d["begin"], d["eind"], d["reden_einde"], strict=True)))
        for p, d in eigen.groupby("persoon_id")
    }


@FAMILIE
def test_incidence_against_counting_by_hand(pakket, frames, familie):
    """An independent route: plain loops over the rows, no interval arithmetic of the package."""
    begin, grens = pakket.venster.begin, pakket.venster.eind
    instroom = {r.huishouden_id: date.fromisoformat(r.begin) for r in frames["huishouden"].itertuples()}
    huis = {
        r.huishouden_id: (
            max(instroom[r.huishouden_id], begin),
            min(date.fromisoformat(r.eind) if r.eind else grens, grens),
        )
        for r in frames["huishouden"].itertuples()
    }
    perioden = per_persoon(frames, familie)
    aantal = dagen = al = 0
    for p in frames["persoon"].itertuples():
        if p.rol == "kind" and p.geboortejaar:
            van = max(huis[p.huishouden_id][0], date(int(p.geboortejaar), 1, 1))
            tot = min(huis[p.huishouden_id][1], date(int(p.geboortejaar) + 18, 7, 1))
            dagen += max(0, (tot - van).days)
            eerst = van == instroom[p.huishouden_id]
            for start, eind in perioden.get(p.persoon_id, []) if van < tot else []:
                al += eerst and start <= van < eind
                aantal += van <= start < tot and not (eerst and start == van)
    uit = incidence(pakket.tabellen, Vraag(pakket.venster, pakket.peildatum, PARAMS), familie).execute()
    assert (uit["aantal"].sum(), uit["blootstelling"].sum()) == (aantal, dagen)
    assert uit["uitsluiting"].eq("had de maatregel al bij instroom").sum() == al
    assert aantal > 0


@FAMILIE
def test_prevalence_against_counting_by_hand(pakket, frames, familie):
    """On every first day of a month, by the same plain loops."""
    perioden = per_persoon(frames, familie)
    huis = {r.huishouden_id: (r.begin, r.eind or "9999") for r in frames["huishouden"].itertuples()}
    kinderen = [
        p
        for p in frames["persoon"].itertuples()
        if p.rol == "kind" and p.geboortejaar and p.huishouden_id in huis
    ]
    gezien = 0
    for dag in (date(jaar, maand, 1) for jaar in (2024, 2025) for maand in (2, 5, 8, 11)):
        hier = [
            p
            for p in kinderen
            if huis[p.huishouden_id][0] <= dag.isoformat() < huis[p.huishouden_id][1]
            and date(int(p.geboortejaar), 1, 1) <= dag < date(int(p.geboortejaar) + 18, 7, 1)
        ]
        met = sum(any(v <= dag < t for v, t in perioden.get(p.persoon_id, [])) for p in hier)
        vraag = Vraag(Venster(date(2023, 1, 1), dag + timedelta(days=1)), pakket.peildatum, PARAMS)
        uit = prevalence(pakket.tabellen, vraag, familie).execute()
        uit = uit[uit["uitsluiting"].isna()]
        assert (uit["teller"].sum(), uit["noemer"].sum()) == (met, len(hier))
        gezien += met
    assert gezien > 0


def tegels(venster: Venster, periode: str) -> list[Venster]:
    """The whole periods of a window, and the parts that are left out of a series."""
    heel = split_periods(venster, periode)
    return sorted([*heel.values(), *left_out(venster, periode, heel)])


@FAMILIE
def test_incidence_of_parts_adds_up_to_the_whole(pakket, familie):
    def som(venster: Venster) -> tuple[int, int]:
        uit = incidence(pakket.tabellen, Vraag(venster, pakket.peildatum, PARAMS), familie).execute()
        return uit["aantal"].sum(), uit["blootstelling"].sum()

    delen = [som(v) for v in tegels(pakket.venster, "kwartaal")]
    assert tuple(map(sum, zip(*delen, strict=True))) == som(pakket.venster)


@pytest.mark.parametrize("rekenaar", [durations, first_since_entry])
@FAMILIE
def test_every_end_falls_in_exactly_one_part_of_the_window(pakket, rekenaar, familie):
    def eindes(venster: Venster) -> pd.Series:
        uit = rekenaar(pakket.tabellen, Vraag(venster, pakket.peildatum, PARAMS), familie).execute()
        return uit.loc[uit["einde"] > 0, "einde"].astype(int).value_counts()

    delen = pd.concat([eindes(v) for v in tegels(pakket.venster, "halfjaar")])
    heel = eindes(pakket.venster)
    assert delen.groupby(level=0).sum().to_dict() == heel.to_dict()
    assert heel.sum() > 0


@pytest.mark.parametrize("rekenaar", [durations, first_since_entry])
@FAMILIE
def test_nobody_ends_before_being_observed(pakket, rekenaar, familie):
    uit = rekenaar(pakket.tabellen, Vraag(pakket.venster, pakket.peildatum, PARAMS), familie).execute()
    mee = uit[uit["uitsluiting"].isna()]
    assert ((mee["instroom"] >= 0) & ((mee["duur"] > mee["instroom"]) | (mee["instroom"] == 0))).all()
    assert set(mee["einde"]) <= {0, *familie.oorzaken, 2}


def test_first_measure_counts_every_household_once(pakket):
    uit = first_since_entry(pakket.tabellen, Vraag(pakket.venster, pakket.peildatum, PARAMS), OTS).execute()
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
