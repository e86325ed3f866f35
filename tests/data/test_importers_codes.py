"""Codes that already follow the contract, and spells that contradict themselves."""

from __future__ import annotations

import pandas as pd
import pytest

from toekomstscenario_eval.data.importers.import_report import SetAside, Unknown
from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.errors import InvoerFout

KOP = "nr;in;uit;dicht;profiel;keuze"
MAPPING = """\
pakket:
  naam: proef
  titel: Proefpakket
  peildatum: 2024-07-01
  waarneemvenster: hele_bron
  bronnen: [Zelfgemaakte export]
  contact: de maker
bron:
  scheidingsteken: puntkomma
  kolommen:
    nr: {sleutel: ongewijzigd}
tabellen:
  proeftuin:
    per: []
    kolommen:
      proeftuin_id: {vast: p1}
      naam: {vast: Proef}
      soort: {kolom: keuze}
  huishouden:
    periode: {van: in, tot: uit, laatste_dag_telt_mee: ja, open_als_leeg: dicht}
    kolommen:
      huishouden_id: {kolom: nr}
      proeftuin_id: {vast: p1}
      gezinsprofiel: {kolom: profiel, onbekende_code: weigeren}
"""
REDEN = "een code die niet in de codelijst gezinsprofiel staat"
GOED = "h1;2024-01-01;2024-02-01;ja;gezin_in_de_stress;proeftuin\n"


def doe(map_, rijen: str, *, bij_onbekend: str = "weigeren"):
    (map_ / "mapping.yaml").write_text(
        MAPPING.replace("onbekende_code: weigeren", f"onbekende_code: {bij_onbekend}"), encoding="utf-8"
    )
    (map_ / "bron.csv").write_text(f"{KOP}\n{rijen}", encoding="utf-8")
    verslag = run_import(map_ / "mapping.yaml", map_ / "bron.csv", map_ / "pakket")
    return verslag, pd.read_csv(map_ / "pakket" / "huishouden.csv", dtype=str, keep_default_na=False)


def test_codes_of_the_code_list_need_no_translation(tmp_path):
    verslag, huishouden = doe(tmp_path, GOED + "h2;2024-01-02;2024-02-01;;;proeftuin\n")
    assert huishouden[["gezinsprofiel", "eind"]].to_numpy().tolist() == [
        ["gezin_in_de_stress", "2024-02-02"],
        ["", ""],
    ]
    assert (verslag.translated, verslag.onbekend) == ((), ())


def test_a_code_outside_the_code_list_by_each_rule(tmp_path):
    rijen = GOED + "h2;2024-01-02;2024-02-01;ja;stress;proeftuin\nh3;2024-01-03;2024-02-01;ja;x;proeftuin\n"
    with pytest.raises(InvoerFout, match=rf"kolom profiel: {REDEN}, 2 rijen \(rij 2, 3\)"):
        doe(tmp_path, rijen)
    for regel, gevolg, namen in (
        ("apart", "rijen apart gezet", ["h1"]),
        ("leeg", "leeg gelaten", ["h1", "h2", "h3"]),
    ):
        map_ = tmp_path / regel
        map_.mkdir()
        verslag, huishouden = doe(map_, rijen, bij_onbekend=regel)
        assert huishouden["huishouden_id"].tolist() == namen
        assert verslag.onbekend == (Unknown("huishouden", "gezinsprofiel", "profiel", 2, 2, gevolg),)
        assert verslag.apart == ((SetAside("profiel", REDEN, 2, (2, 3)),) if regel == "apart" else ())
        assert (
            "Onbekend in huishouden.gezinsprofiel (kolom profiel): 2 rijen met 2 verschillende codes, "
            f"{gevolg}" in verslag.tekst().splitlines()
        )


def test_closed_without_a_last_day_is_no_running_spell(tmp_path):
    with pytest.raises(InvoerFout, match=r"kolom uit: leeg waar een waarde nodig is, 1 rij \(rij 2\)"):
        doe(tmp_path, GOED + "h2;2024-01-02;;ja;;proeftuin\n")


def test_one_row_for_the_whole_source_must_be_one_thing(tmp_path):
    with pytest.raises(
        InvoerFout,
        match=r"kolom keuze: verschillende waarden binnen één rij van de tabel proeftuin \(de hele bron\)",
    ):
        doe(tmp_path, GOED + "h2;2024-01-02;2024-02-01;ja;;vergelijking\n")


def test_many_reasons_are_shortened(tmp_path):
    rijen = "h 1;x;y;ja;x;x\n;2024-01-01;2024-02-01;ja;;\nh3\nh4;;2024-02-30;ja;;proeftuin\n"
    with pytest.raises(InvoerFout, match=r"4 van de 4 rijen.*\n.*\n.*; en nog 3 redenen\n"):
        doe(tmp_path, rijen)


@pytest.mark.parametrize(
    "bron",
    [
        f"{KOP}\nh1;2024-01-01;2024-02-01;ja;;{'x' * 3_000_000}\n",
        f"{KOP};{'x' * 200_000}\nh1;2024-01-01;2024-02-01;ja;;proeftuin;\n",
    ],
)
def test_endless_values_are_no_csv(tmp_path, bron):
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "bron.csv").write_text(bron, encoding="utf-8")
    with pytest.raises(InvoerFout, match="de bron kan niet als CSV worden gelezen"):
        run_import(tmp_path / "mapping.yaml", tmp_path / "bron.csv", tmp_path / "pakket")
