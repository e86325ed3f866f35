"""The contract itself: valid Frictionless, complete, and covered by the checks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toekomstscenario_eval.data.checks.patroon_en_bereik import KNOWN
from toekomstscenario_eval.data.parsing import EXPECTED, IBIS_TYPE
from toekomstscenario_eval.data.schema import REQUIRED_TABLES, TableSchema, load_schema
from toekomstscenario_eval.resources import bundled

MAP = bundled("data_schema")
BESTANDEN = sorted((MAP / "tables").glob("*.json"))
TABELLEN = list(load_schema().tabellen.values())
VELDEN = [pytest.param(t, v, id=f"{t.naam}.{v.naam}") for t in TABELLEN for v in t.fields]


def read_json(pad: Path) -> dict[str, Any]:
    return dict(json.loads(pad.read_text(encoding="utf-8")))


@pytest.mark.parametrize("pad", BESTANDEN, ids=lambda p: p.stem)
def test_table_is_a_valid_table_schema(pad: Path) -> None:
    from frictionless import Schema

    bron = read_json(pad)
    assert list(Schema.metadata_validate(bron)) == []
    # The validator does refuse: a field without a name is no field.
    assert list(Schema.metadata_validate({**bron, "fields": [{"type": "string"}]}))


def test_contract_is_a_valid_data_package() -> None:
    from frictionless import Package

    bron = read_json(MAP / "datapackage.json")
    assert list(Package.metadata_validate(bron)) == []
    pakket = Package.from_descriptor(str(MAP / "datapackage.json"))
    assert [r.name for r in pakket.resources] == [t.naam for t in TABELLEN]
    assert [r.schema.field_names for r in pakket.resources] == [[v.naam for v in t.fields] for t in TABELLEN]


def test_every_table_file_is_part_of_the_package() -> None:
    assert {p.stem for p in BESTANDEN} == {t.naam for t in TABELLEN}
    assert {read_json(p)["name"] for p in BESTANDEN} == {p.stem for p in BESTANDEN}
    assert set(REQUIRED_TABLES) <= {t.naam for t in TABELLEN}


@pytest.mark.parametrize(("tabel", "veld"), VELDEN)
def test_field_says_what_it_is_and_why_it_is_collected(tabel: TableSchema, veld: Any) -> None:
    assert veld.wording
    assert veld.doel
    assert veld.doel[0].islower()
    assert not veld.doel.endswith(".")
    assert veld.type in IBIS_TYPE
    assert veld.type in EXPECTED


@pytest.mark.parametrize(("tabel", "veld"), VELDEN)
def test_every_constraint_is_checked(tabel: TableSchema, veld: Any) -> None:
    assert set(veld.constraints) <= KNOWN


@pytest.mark.parametrize(("tabel", "veld"), VELDEN)
def test_code_list_of_a_field_exists(tabel: TableSchema, veld: Any) -> None:
    if veld.codelijst is not None:
        assert veld.codelijst in load_schema().codelists
        assert veld.type == "string"


def test_every_code_list_is_used_and_has_unique_codes_and_labels() -> None:
    lijsten = load_schema().codelists
    gebruikt = {v.codelijst for t in TABELLEN for v in t.fields if v.codelijst}
    # Read by a rule or analysis through a column of another list.
    gebruikt |= {k for lijst in lijsten.values() for k in lijst.kolommen if k in lijsten}
    assert set(lijsten) == gebruikt
    for lijst in lijsten.values():
        assert lijst.kolommen[:2] == ("code", "label")
        assert len(set(lijst.codes)) == len(lijst.codes) > 1
        assert len(set(lijst.labels.values())) >= 2
        assert all(lijst.labels.values())


@pytest.mark.parametrize("tabel", TABELLEN, ids=lambda t: t.naam)
def test_keys_and_references_exist(tabel: TableSchema) -> None:
    namen = [v.naam for v in tabel.fields]
    assert len(namen) == len({n.casefold() for n in namen})
    assert tabel.sleutel
    assert all(tabel.veld(k).required for k in tabel.sleutel)
    for verwijzing in tabel.references:
        doel = load_schema().tabellen[verwijzing.tabel]
        assert verwijzing.kolom in namen
        assert doel.sleutel == (verwijzing.kolom,)


@pytest.mark.parametrize("pad", BESTANDEN, ids=lambda p: p.stem)
def test_references_have_one_column_of_the_same_name(pad: Path) -> None:
    for verwijzing in read_json(pad)["foreignKeys"]:
        assert len(verwijzing["fields"]) == 1
        assert verwijzing["reference"]["fields"] == verwijzing["fields"]


@pytest.mark.parametrize("tabel", TABELLEN, ids=lambda t: t.naam)
def test_begin_and_eind_go_together(tabel: TableSchema) -> None:
    namen = {v.naam for v in tabel.fields}
    assert ("eind" in namen) == ("begin" in namen)
    if "reden_einde" in namen:
        assert "eind" in namen


def test_families_of_end_reasons_are_those_of_measures() -> None:
    lijsten = load_schema().codelists
    soorten = {r["familie"] for r in lijsten["maatregel_soort"].rijen}
    redenen = {r["familie"] for r in lijsten["maatregel_reden_einde"].rijen}
    assert redenen - {"alle"} <= soorten
    assert soorten - redenen == {"vots"}  # ends like an OTS
