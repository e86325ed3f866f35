"""The mapping assistant on an export whose truth is known: what it places, and what it never shows."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml

from toekomstscenario_eval.cli.importeer import importeer
from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.data.importers.proposal import DOUBT, propose
from toekomstscenario_eval.data.importers.proposal_text import proposal_text
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, UitvoerFout

RENAMED = {
    "huishouden_id": "gezinsnr",
    "persoon_id": "clientnr",
    "professional_id": "medewerkernr",
    "organisatie_id": "team",
    "begin": "ingangsdatum",
    "eind": "einddatum",
    "reden_einde": "reden beëindiging",
    "geboortejaar": "geb jaar",
    "geslacht": "sekse",
    "waarde": "meetwaarde",
    "datum": "dag",
    "soort": "srt",
}
LABELLED = {"soort": "maatregel_soort", "reden_einde": "maatregel_reden_einde"}


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """An export with other names, labels for codes in measures, and file names that say nothing."""
    map_ = tmp_path_factory.mktemp("voorstel")
    make_example(map_ / "pakket", huishoudens=300, seed=1)
    truth = {}
    for number, naam in enumerate(sorted(load_schema().tabellen), start=1):
        frame = pd.read_csv(map_ / "pakket" / f"{naam}.csv", dtype=str, keep_default_na=False)
        if naam == "maatregel":
            for field, codelist in LABELLED.items():
                frame[field] = frame[field].map(load_schema().codelists[codelist].labels).fillna("")
        frame = frame.rename(columns=RENAMED)
        if "ingangsdatum" in frame:
            frame["ingangsdatum"] = pd.to_datetime(frame["ingangsdatum"]).dt.strftime("%d-%m-%Y")
        path = map_ / f"export{number}.csv"
        frame.to_csv(path, index=False, sep=";")
        truth[path] = naam
    return truth


def test_most_fields_are_placed_right(export):
    """What is right, over what there is; a wrong place that is not in doubt is the worst."""
    back = {new: old for old, new in RENAMED.items()}
    right = wrong = total = 0
    for path, found in zip(export, propose(list(export)).bronnen, strict=True):
        got = {p.kolom: p for p in found.placed if p.zekerheid != DOUBT}
        for p in found.profiles:
            total += 1
            if p.naam not in got:
                continue
            fits = (found.tabel, got[p.naam].veld) == (export[path], back.get(p.naam, p.naam))
            right, wrong = right + fits, wrong + (not fits)
    assert right / total >= 0.9
    assert wrong / total <= 0.05


def test_labels_become_codes_and_no_value_is_shown(export):
    text = proposal_text(propose(list(export)))
    read = yaml.safe_load(text)
    kinds = read["tabellen"]["maatregel"]["kolommen"]["soort"]["vertaling"]
    assert kinds["Ondertoezichtstelling"] == "11"
    for path in export:
        frame = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
        for column in {"gezinsnr", "clientnr", "medewerkernr", "ingangsdatum"} & set(frame):
            assert not any(f'"{value}"' in text or f" {value} " in text for value in frame[column] if value)


def test_what_looks_like_a_person_is_left_out(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("BSN;achternaam;gezinsnr;nr\n" + "".join(f"x;y;g{i};99999001{9}\n" for i in range(6)))
    (found,) = propose([path]).bronnen
    assert set(found.weg) >= {"BSN", "achternaam"}
    text = proposal_text(propose([path]))
    assert 'Niet meegenomen: "achternaam", want de kolom lijkt een naam' in text


def test_the_command_writes_a_proposal_once(tmp_path, export):
    out = tmp_path / "voorstel.yaml"
    importeer(*_two(export), uit=out, voorstel=True)
    assert yaml.safe_load(out.read_text(encoding="utf-8"))["pakket"]["naam"] == "VUL IN"
    with pytest.raises(UitvoerFout, match="het bestand staat er al"):
        importeer(*_two(export), uit=out, voorstel=True)
    with pytest.raises(InvoerFout, match="de bron bestaat niet"):
        importeer(tmp_path / "weg.csv", voorstel=True)
    with pytest.raises(GebruikFout, match="er staat niet waar het pakket moet komen"):
        importeer(tmp_path / "weg.csv")


def _two(export):
    first, second, *_ = export
    return first, [second]


def test_a_proposal_that_is_filled_in_imports(tmp_path, monkeypatch):
    monkeypatch.setenv("TKS_GEHEIM", "een zin die niemand raadt")
    files = {
        "gezinnen": "gezinsnr;startdatum;einddatum\n" + "".join(f"{i};01-0{i}-2023;\n" for i in range(1, 10)),
        "kinderen": "clientnr;gezinsnr;rol;geboortejaar\n"
        + "".join(f"9{i};{i};kind;2012\n" for i in range(1, 10)),
        "maatregelen": "clientnr;soort maatregel;ingangsdatum;einddatum\n"
        + "".join(f"9{i};11;05-0{i}-2023;\n" for i in range(1, 10)),
    }
    for naam, text in files.items():
        (tmp_path / f"{naam}.csv").write_text(text, encoding="utf-8")
    text = proposal_text(propose([tmp_path / f"{naam}.csv" for naam in files]))
    for spot, answer in (
        ("peildatum: VUL IN", "peildatum: 2024-01-01"),
        ("{begin: VUL IN, eind: VUL IN}", "{begin: 2023-01-01, eind: 2024-01-01}"),
        ("laatste_dag_telt_mee: VUL IN", "laatste_dag_telt_mee: ja"),
        ("soort: {vast: VUL IN}", "soort: {vast: proeftuin}"),
        ("VUL IN", "p1"),
    ):
        assert spot in text
        text = text.replace(spot, answer)
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    told = run_import(tmp_path / "m.yaml", [tmp_path / f"{naam}.csv" for naam in files], tmp_path / "pakket")
    assert told.written == {"proeftuin": 1, "huishouden": 9, "persoon": 9, "maatregel": 9}
