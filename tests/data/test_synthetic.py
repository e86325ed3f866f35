"""The example package: exact numbers, the same bytes, valid at every size."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.data.checks import check
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.synthetic import _tables, make_example
from toekomstscenario_eval.data.synthetic.days import PEILDATUM
from toekomstscenario_eval.data.synthetic.world import divide
from toekomstscenario_eval.errors import GebruikFout, UitvoerFout


def _hashes(map_: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in map_.iterdir()}


def _rows(pad: Path) -> list[dict[str, str]]:
    with pad.open(encoding="utf-8", newline="") as bestand:
        return list(csv.DictReader(bestand))


@settings(max_examples=40, deadline=None)
@given(huishoudens=st.integers(1, 90), seed=st.integers(0, 2**40))
def test_exactly_the_households_asked_for_and_every_region_from_fourteen_on(
    huishoudens: int, seed: int
) -> None:
    tabellen = _tables(huishoudens=huishoudens, seed=seed)
    regios = tabellen["huishouden"]["proeftuin_id"]
    assert len(regios) == huishoudens
    assert regios.nunique() == (14 if huishoudens >= 14 else huishoudens)
    assert len(tabellen["proeftuin"]) == 14


@pytest.mark.parametrize("formaat", ["csv", "parquet"])
@pytest.mark.parametrize("huishoudens", [1, 14, 400])
def test_a_package_passes_every_check(tmp_path: Path, huishoudens: int, formaat: str) -> None:
    map_ = make_example(tmp_path / "p", huishoudens=huishoudens, seed=huishoudens, fmt=formaat)
    uitkomst = check(open_package(map_))
    assert uitkomst
    assert [(f.regel, f.tabel, f.kolom) for f in uitkomst if f.blokkeert] == []


def test_deliberate_noise_shows_up_as_warnings(tmp_path: Path) -> None:
    map_ = make_example(tmp_path / "p", huishoudens=1000, seed=5)
    gefaald = {f.regel for f in check(open_package(map_)) if f.status.value == "gefaald"}
    assert {
        "betrokkenheid_dubbel",
        "nul_dagen",
        "gezinsprofiel_leeg",
        "kind_zonder_geboortejaar",
        "huishouden_zonder_betrokkenheid",
    } <= gefaald


@pytest.mark.parametrize("formaat", ["csv", "parquet"])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path, formaat: str) -> None:
    eerste, tweede, ander = (
        _hashes(make_example(tmp_path / naam, huishoudens=150, seed=seed, fmt=formaat))
        for naam, seed in (("a", 7), ("b", 7), ("c", 8))
    )
    assert eerste == tweede
    assert eerste.keys() == ander.keys()
    assert all(
        eerste[n] != ander[n] for n in eerste if n.partition(".")[0] not in ("proeftuin", "schaal_item")
    )


def test_csv_and_parquet_hold_the_same_values(tmp_path: Path) -> None:
    tekst = make_example(tmp_path / "csv", huishoudens=60, seed=3)
    kolommen = make_example(tmp_path / "parquet", huishoudens=60, seed=3, fmt="parquet")
    links, rechts = open_package(tekst).tabellen, open_package(kolommen).tabellen
    assert links.keys() == rechts.keys()
    for naam in links:
        pd.testing.assert_frame_equal(links[naam].to_pandas(), rechts[naam].to_pandas(), check_dtype=False)


def test_all_fourteen_tables_in_the_order_of_the_contract(tmp_path: Path) -> None:
    map_ = make_example(tmp_path / "p", huishoudens=200, seed=1)
    bron = json.loads((map_ / "datapackage.json").read_text(encoding="utf-8"))
    assert [r["name"] for r in bron["resources"]] == list(load_schema().tabellen)
    assert len(bron["resources"]) == 14
    for naam, schema in load_schema().tabellen.items():
        kop = (map_ / f"{naam}.csv").read_text(encoding="utf-8").partition("\n")[0]
        assert kop == ",".join(v.naam for v in schema.fields)


def test_tables_without_rows_are_left_out(tmp_path: Path) -> None:
    map_ = make_example(tmp_path / "p", huishoudens=1, seed=1)
    bron = json.loads((map_ / "datapackage.json").read_text(encoding="utf-8"))
    namen = {r["name"] for r in bron["resources"]}
    assert "reflectie" not in namen
    assert {p.stem for p in map_.glob("*.csv")} == namen
    assert all(_rows(map_ / f"{n}.csv") for n in namen)


def test_the_description_says_that_the_data_are_invented(tmp_path: Path) -> None:
    pakket = open_package(make_example(tmp_path / "p", huishoudens=20, seed=4))
    assert pakket.titel == "Verzonnen voorbeeldgegevens van proeftuinen"
    assert pakket.bronnen == ("Verzonnen gegevens voor 20 huishoudens, seed 4",)
    assert str(pakket.venster) == "2024-01-01 tot 2026-01-01"
    assert str(pakket.peildatum) == "2026-01-01"


@pytest.mark.parametrize("huishoudens", [60, 900])
def test_what_happens_does_so_before_the_peildatum_and_that_is_the_first_day_of_a_year(
    huishoudens: int,
) -> None:
    assert (PEILDATUM.month, PEILDATUM.day) == (1, 1)
    dagen = {
        (tabel, kolom): [d for d in inhoud[kolom] if d is not pd.NA]
        for tabel, inhoud in _tables(huishoudens=huishoudens, seed=6).items()
        for kolom in {"begin", "eind", "datum", "start_datum"} & set(inhoud.columns)
    }
    assert len(dagen) == 13
    for (tabel, kolom), waarden in dagen.items():
        # What ends on the peildatum was seen until the day before it.
        laatste = PEILDATUM if kolom == "eind" else PEILDATUM - timedelta(days=1)
        assert max(waarden) <= laatste, (tabel, kolom)


def test_every_proeftuin_is_followed_for_a_year(tmp_path: Path) -> None:
    starts = [
        r["start_datum"]
        for r in _rows(make_example(tmp_path / "p", huishoudens=20, seed=1) / "proeftuin.csv")
    ]
    proeftuinen = [date.fromisoformat(s) for s in starts if s]
    assert len(proeftuinen) == 11
    assert max(proeftuinen) == PEILDATUM.replace(year=PEILDATUM.year - 1)


def test_contacts_and_participants_are_people_who_were_there(tmp_path: Path) -> None:
    map_ = make_example(tmp_path / "p", huishoudens=120, seed=11)
    spells: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for b in _rows(map_ / "betrokkenheid.csv"):
        sleutel = (b["huishouden_id"], b["professional_id"])
        spells.setdefault(sleutel, []).append((b["begin"], b["eind"] or "9999"))
    contacten = _rows(map_ / "contact.csv")
    assert len(contacten) > 500
    for c in contacten:
        perioden = spells[c["huishouden_id"], c["professional_id"]]
        assert any(begin <= c["datum"] < eind for begin, eind in perioden)
    deelname = _rows(map_ / "overleg_deelname.csv")
    assert len({(d["overleg_id"], d["professional_id"]) for d in deelname}) == len(deelname)
    assert {d["overleg_id"] for d in deelname} == {o["overleg_id"] for o in _rows(map_ / "overleg.csv")}


@settings(max_examples=60, deadline=None)
@given(
    totaal=st.integers(0, 500),
    gewicht=st.lists(st.floats(0.1, 10), min_size=1, max_size=20),
    minstens=st.integers(0, 3),
)
def test_dividing_gives_exactly_the_total_and_each_its_minimum(
    totaal: int, gewicht: list[float], minstens: int
) -> None:
    deel = divide(totaal, np.array(gewicht), at_least=np.full(len(gewicht), minstens))
    assert deel.min() >= minstens
    assert deel.sum() == max(totaal, minstens * len(gewicht))


def test_a_package_needs_a_household(tmp_path: Path) -> None:
    with pytest.raises(GebruikFout) as fout:
        make_example(tmp_path / "p", huishoudens=0, seed=1)
    assert str(fout.value) == (
        "Opdracht niet begrepen: een voorbeeldpakket heeft minstens een huishouden nodig\n"
        "  Verwacht: een aantal van 1 of meer\n"
        "  Kreeg: 0"
    )
    assert not (tmp_path / "p").exists()


def test_a_seed_is_not_negative(tmp_path: Path) -> None:
    with pytest.raises(GebruikFout) as fout:
        make_example(tmp_path / "p", huishoudens=5, seed=-1)
    assert str(fout.value) == (
        "Opdracht niet begrepen: de seed kan niet negatief zijn\n"
        "  Verwacht: een geheel getal van 0 of meer\n"
        "  Kreeg: -1"
    )


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GebruikFout) as fout:
        make_example(tmp_path / "p", huishoudens=5, seed=1, fmt="parket")
    assert str(fout.value) == (
        "Opdracht niet begrepen: het formaat 'parket' bestaat niet\n"
        "  Verwacht: csv of parquet\n"
        "  Herstel: Bedoelt u 'parquet'?"
    )


def test_a_used_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "eigen.txt").write_text("van de gebruiker")
    with pytest.raises(UitvoerFout, match="al in gebruik"):
        make_example(tmp_path, huishoudens=5, seed=1)
    assert [p.name for p in tmp_path.iterdir()] == ["eigen.txt"]
