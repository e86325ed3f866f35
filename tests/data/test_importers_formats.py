"""A format of a source is one file: dropped in, known everywhere, and gone again."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.errors import InvoerFout

HOOKS = Path(__file__).parents[2] / "docs" / "hooks"
CODE = '''"""Lists: a line of names, a line for each row, and a word that closes the file."""

import pyarrow as pa

from toekomstscenario_eval.data.importers.formats import Delivery

WHAT = "een lijst"
EXTENSIONS = (".lijst",)
OPTIONS = {"teken": ("spatie", "plus"), "slot": ()}


def read(path, options, *, namen, check):
    teken = {"spatie": " ", "plus": "+"}[options["teken"]]
    kop, *rijen = [regel.split(teken) for regel in path.read_text().splitlines() if regel != options["slot"]]
    check(tuple(kop))
    goed = [rij for rij in rijen if len(rij) == len(kop)]
    weg = [nr for nr, rij in enumerate(rijen, start=1) if len(rij) != len(kop)]
    return Delivery(tuple(kop), pa.table({k: [rij[i] for rij in goed] for i, k in enumerate(kop)}), weg)
'''
MAPPING = """\
pakket:
  naam: proef
  titel: Proefpakket
  peildatum: 2024-07-01
  waarneemvenster: {begin: 2024-01-01, eind: 2024-07-01}
  bronnen: [Zelfgemaakte export]
  contact: de maker
bron:
  teken: plus
  slot: einde
  onleesbare_rijen: apart
  kolommen:
    nr: {sleutel: ongewijzigd}
tabellen:
  proeftuin:
    per: []
    kolommen:
      proeftuin_id: {vast: p1}
      naam: {vast: Proef}
      soort: {vast: proeftuin}
  huishouden:
    periode: {van: in, tot: uit, laatste_dag_telt_mee: nee}
    kolommen:
      huishouden_id: {kolom: nr}
      proeftuin_id: {vast: p1}
"""
BRON = "nr+in+uit\nh1+2024-01-01+2024-03-01\nh2+2024-01-02\nh3+2024-02-01+2024-04-01\neinde\n"
# Numbers made for tests: they pass the eleven-test and nobody has them.
_BSN = (999990019, 999990020, 999990032, 999990044, 999990056)


@pytest.fixture
def lijst(drop) -> str:
    """Put the file where formats are found, and take it away again."""
    drop(formats, "lijst", CODE)
    return "lijst"


def doe(map_: Path, *, mapping: str = MAPPING, bron: str = BRON, naam: str = "export.lijst"):
    (map_ / "mapping.yaml").write_text(mapping, encoding="utf-8")
    (map_ / naam).write_text(bron, encoding="utf-8")
    return run_import(map_ / "mapping.yaml", map_ / naam, map_ / "pakket")


@pytest.mark.usefixtures("lijst")
def test_a_source_of_the_new_format_becomes_a_package(tmp_path):
    verslag = doe(tmp_path)
    assert (verslag.gelezen, verslag.rows_apart, verslag.apart[0].rijen) == (3, 1, (2,))
    assert (tmp_path / "pakket" / "huishouden.csv").read_text(encoding="utf-8") == (
        "huishouden_id,proeftuin_id,begin,eind\nh1,p1,2024-01-01,2024-03-01\nh3,p1,2024-02-01,2024-04-01\n"
    )


@pytest.mark.usefixtures("lijst")
def test_errors_of_a_mapping_know_its_keys_and_choices(tmp_path):
    with pytest.raises(InvoerFout, match=r"de sleutel 'tekn' is onbekend\n.*regel 9.*\n.*Bedoelt u 'teken'"):
        doe(tmp_path, mapping=MAPPING.replace("teken:", "tekn:"))
    with pytest.raises(InvoerFout, match=r"'puntkomma' is hier geen keuze\n.*\n.*Kies uit: plus, spatie"):
        doe(tmp_path, mapping=MAPPING.replace("plus", "puntkomma"))
    with pytest.raises(InvoerFout, match="de sleutel 'slot' is onbekend"):
        doe(tmp_path, mapping=MAPPING.replace("  teken: plus\n", ""), naam="export.csv")


@pytest.mark.usefixtures("lijst")
def test_what_every_format_is_held_to_holds_here(tmp_path):
    with pytest.raises(InvoerFout, match="de bron heeft geen kolom 'uit'"):
        doe(tmp_path, bron=BRON.replace("uit", "weg"))
    with pytest.raises(InvoerFout, match="de bron heeft wel kolomnamen maar geen rijen"):
        doe(tmp_path, bron="nr+in+uit\neinde\n")
    bsn = "".join(f"h{i}+2024-01-01++{b}\n" for i, b in enumerate(_BSN))
    with pytest.raises(InvoerFout, match="lijkt ruwe burgerservicenummers te bevatten"):
        doe(tmp_path, bron=f"nr+in+uit+x\n{bsn}")


@pytest.mark.usefixtures("lijst")
def test_a_missing_source_names_what_it_may_be(tmp_path):
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    with pytest.raises(
        InvoerFout, match=r"een CSV-bestand of .*een lijst.* met kolomnamen op de eerste regel"
    ):
        run_import(tmp_path / "mapping.yaml", tmp_path / "weg.lijst", tmp_path / "pakket")


@pytest.mark.usefixtures("lijst")
def test_the_handbook_lists_it(monkeypatch):
    monkeypatch.syspath_prepend(str(HOOKS))
    regels = importlib.import_module("blokken").bronsoorten().splitlines()
    assert "| LIJST | `.lijst` | `teken` | `spatie`, `plus` |" in regels
    assert "| LIJST | `.lijst` | `slot` | &nbsp; |" in regels


def test_the_command_lists_it(lijst):
    """In a process of its own: help is made when the commands are loaded."""
    code = (
        "from typer.testing import CliRunner\n"
        "from toekomstscenario_eval.data.importers import formats\n"
        f"formats.__path__ = {list(formats.__path__)!r}\n"
        "from toekomstscenario_eval import cli\n"
        "print(CliRunner().invoke(cli.app, ['importeer', '--help']).output)"
    )
    uit = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f", {lijst.upper()}, " in " ".join(uit.stdout.split())


def test_csv_is_in_the_handbook(monkeypatch):
    monkeypatch.syspath_prepend(str(HOOKS))
    blok = importlib.import_module("blokken").bronsoorten()
    for sleutel, keuzes in formats.find("csv").OPTIONS.items():
        assert f"`{sleutel}` | {', '.join(f'`{k}`' for k in keuzes) or '&nbsp;'} |" in blok


@pytest.mark.parametrize("naam", formats.names())
def test_every_format_keeps_the_agreement(naam):
    wat = formats.find(naam)
    assert wat.WHAT.startswith("een ")
    assert all(eind.startswith(".") and eind == eind.lower() for eind in wat.EXTENSIONS)
    gewoon = {"datumnotatie", "decimaalteken", "leeg", "onleesbare_rijen", "kolommen"}
    assert not gewoon & set(wat.OPTIONS)
    assert callable(wat.read)


def test_no_two_formats_end_alike():
    alle = [eind for naam in formats.names() for eind in formats.find(naam).EXTENSIONS]
    assert len(alle) == len(set(alle))


@pytest.mark.parametrize("naam", ["export.csv", "export.TXT", "export.dat", "export"])
def test_any_other_ending_is_text(naam):
    assert formats.format_of(Path(naam)) == "csv"
