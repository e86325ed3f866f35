"""The page about Excel and several deliveries works as it is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from toekomstscenario_eval.cli import app

PAGE = (Path(__file__).parents[2] / "docs" / "meer-leveringen.md").read_text(encoding="utf-8")
FILES = {"gi_a_1": "GI_A_2023H1.csv", "gi_a_2": "GI_A_2023H2.csv", "gi_b_2": "GI_B_2023H2.csv"}


def blocks(kind: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    return [text for naam, text in found if naam == kind]


def commands() -> list[list[str]]:
    return [line.split()[1:] for line in "".join(blocks("")).splitlines() if line.startswith("tks ")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = Workbook()
    sheet = book.active
    sheet.title = "Gezinnen"
    sheet.append(["Lokaal team, gezinnen"])
    for line in blocks("gezinnen")[0].splitlines():
        sheet.append(line.split(";"))
    book.save("gezinnen.xlsx")
    for naam, text in zip(("gemeente.yaml", "gi.yaml"), blocks("yaml"), strict=True):
        Path(naam).write_text(text, encoding="utf-8")
    for kind, naam in FILES.items():
        Path(naam).write_text(blocks(kind)[0], encoding="utf-8")
    return tmp_path


def test_every_step_gives_what_is_printed(folder):
    first, second = commands()
    told = [CliRunner().invoke(app, command) for command in (first, second)]
    assert [t.exit_code for t in told] == [0, 0], [t.output for t in told]
    assert "Kolomnamen staan op rij 2" in told[0].output
    assert Path("pakket-2/maatregel.csv").read_text(encoding="utf-8") == blocks("resultaat")[0]
    assert blocks("rekening")[0].strip() in told[1].output
    text = Path("GI_A_2023H1.apart.csv").read_text(encoding="utf-8-sig")
    assert "GI_B_2023H2.csv;3;persoon_id;de sleutel staat niet in de tabel persoon" in text.replace('"', "")
    assert "K99" not in text
    assert not Path("pakket-1/maatregel.csv").exists()


def test_the_package_can_be_analysed(folder):
    for command in commands():
        CliRunner().invoke(app, command)
    out = CliRunner().invoke(app, ["controleer", "pakket-2"])
    assert out.exit_code == 0, out.output
