"""A delivery leaves its supplier without numbers, names and exact dates; the key is shared and guarded."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from toekomstscenario_eval.cli import app
from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.data.pseudonyms import pseudonym_key
from toekomstscenario_eval.data.pseudonyms.pseudonym import pseudonym
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, OnthullingsFout, TksFout, UitvoerFout
from toekomstscenario_eval.protection import keys
from toekomstscenario_eval.types import Levering

# Numbers made for testing; they were never issued. One number in many notations.
ONE = ("999990019", "999990019.0", "9999.90.019", "999 990 019", " 999990019 ", "BSN 999990019")
OTHER = "999990020"
SECRET = "een heel geheime zin van de leveranciers"
SOURCE = "bsn;gezin;naam;geboren;postcode;gezien;soort\n" + "\n".join(
    [
        *(f"{n};17;Jan Jansen;2012-03-0{i + 1};1234 AB;20230{i + 1}15;a" for i, n in enumerate(ONE)),
        f"{OTHER};17;Piet Pietersen;15-07-2010;1234AC;20230815;b",
        "000000000;18;Kees Keizer;20110500;9999ZZ;20231100;c",
        "123456789;;Anna Anders;1-2-2009;5678;onzin;c",
    ]
)  # fmt: skip
RULES = ["bsn=bsn", "gezin=huishouden", "naam=weglaten", "geboren=jaar", "postcode=gemeente", "gezien=maand"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TKS_GEHEIM", SECRET)
    monkeypatch.delenv("TKS_GEHEIM_BESTAND", raising=False)
    (tmp_path / "bron.csv").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "gemeenten.csv").write_text("postcode;gemeente\n1234;Almelo\n5678;Borne\n", encoding="utf-8")
    return tmp_path


def run(folder: Path, *extra: str, rules: list[str] | None = None, uit: str = "uit.csv"):
    named = [word for rule in (RULES if rules is None else rules) for word in ("--kolom", rule)]
    command = ["pseudonimiseer", str(folder / "bron.csv"), "--uit", str(folder / uit), *named, *extra]
    if any("gemeente" in rule for rule in named):
        command += ["--gemeenten", str(folder / "gemeenten.csv")]
    return CliRunner().invoke(app, command)


def refused(folder: Path, *extra: str, fout: type[TksFout] = InvoerFout, **how) -> str:
    before = sorted(folder.rglob("*"))
    out = run(folder, *extra, **how)
    assert isinstance(out.exception, fout), out.output
    assert sorted(folder.rglob("*")) == before
    assert not any(n in str(out.exception) for n in ("999990019", "Jansen", SECRET))
    return str(out.exception)


def test_one_person_has_one_pseudonym_and_a_sentinel_none(folder):
    out = run(folder)
    assert out.exit_code == 0, out.exception
    got = pd.read_csv(folder / "uit.csv", dtype=str, keep_default_na=False)
    assert list(got) == ["bsn", "gezin", "geboren", "postcode", "gezien", "soort"]
    person = pseudonym("999990019", SECRET.encode(), "persoon")
    assert list(got["bsn"]) == [person] * 6 + [pseudonym(OTHER, SECRET.encode(), "persoon"), "", ""]
    family = pseudonym("17", SECRET.encode(), "huishouden")
    assert list(got["gezin"]) == [family] * 7 + [pseudonym("18", SECRET.encode(), "huishouden"), ""]
    assert list(got["geboren"]) == ["2012"] * 6 + ["2010", "2011", "2009"]
    assert list(got["postcode"]) == ["Almelo"] * 7 + ["", "Borne"]
    assert list(got["gezien"][:2]) == ["2023-01-01", "2023-02-01"]
    assert list(got["gezien"][-2:]) == ["2023-11-01", ""]
    text = (folder / "uit.csv").read_text(encoding="utf-8")
    assert not any(n in text for n in (*ONE, OTHER, "Jansen", "1234"))


def test_the_report_counts_and_names_no_value(folder):
    run(folder, "--dpia", str(folder / "dpia.md"))
    told = (folder / "uit.verslag.txt").read_text(encoding="utf-8")
    content = json.loads((folder / "uit.verslag.json").read_text(encoding="utf-8"))
    columns = {c["naam"]: c for c in content["kolommen"]}
    assert columns["bsn"]["leeg"] == {
        "een vulwaarde voor onbekend": 1,
        "geen nummer dat de elfproef doorstaat": 1,
    }
    assert (columns["bsn"]["verschillend"], columns["naam"]["wat"]) == (2, "weglaten")
    assert columns["gezien"]["leeg"] == {"geen leesbare datum": 1}
    assert content["risico"]["eenheid"] == "persoon"
    assert set(content["risico"]["kolommen"]) == {"geboren", "postcode", "gezien"}
    assert "ongewijzigd gebleven, omdat er niets over is gezegd: soort" in told
    assert "staan" in told
    assert "alleen in dit bestand" in told
    assessment = (folder / "dpia.md").read_text(encoding="utf-8")
    assert content["vingerafdruk"] in assessment
    assert "*vul in*" in assessment
    for text in (told, assessment, json.dumps(content)):
        assert not any(n in text for n in (*ONE, "Jansen", SECRET))


def test_unknown_keys_may_get_a_code_of_their_own(folder):
    run(folder, "--ongeldig", "los", uit="uit.parquet")
    got = pq.read_table(folder / "uit.parquet")["bsn"].to_pylist()[-2:]
    assert all(v.startswith("los-") for v in got)
    assert len(set(got)) == 2


def test_rules_stand_in_a_file_too(folder):
    lines = [f"  {k}: {v}" for k, v in (rule.split("=") for rule in RULES)]
    text = (
        "kolommen:\n" + "\n".join(lines) + "\ngemeenten: gemeenten.csv\noverig: weglaten\nonbekend: ['18']\n"
    )
    (folder / "regels.yaml").write_text(text, encoding="utf-8")
    out = run(folder, "--regels", str(folder / "regels.yaml"), rules=[])
    assert out.exit_code == 0, out.exception
    got = pd.read_csv(folder / "uit.csv", dtype=str, keep_default_na=False)
    assert "soort" not in got
    assert got["gezin"].iloc[7] == ""


@pytest.mark.parametrize(
    ("rules", "what"),
    [
        ([r for r in RULES if not r.startswith("bsn")], "bsn"),
        (["bsn=persoon", *RULES[1:]], "een kolom lijkt burgerservicenummers te bevatten"),
        ([r for r in RULES if not r.startswith("naam")], "naam"),
        ([*RULES, "weg=weglaten"], "de bron heeft geen kolom 'weg'"),
    ],
)
def test_what_would_leave_by_mistake_is_refused(folder, rules, what):
    assert what in refused(folder, rules=rules)


def test_wrong_use_is_refused(folder):
    assert "KOLOM=WAT" in refused(folder, fout=GebruikFout, rules=["bsn=bns"])
    assert "twee keer" in refused(folder, fout=GebruikFout, rules=["bsn=bsn", "bsn=jaar"])
    assert "welk formaat" in refused(folder, fout=GebruikFout, uit="uit.doc")
    assert "--ongeldig weg bestaat niet" in refused(folder, "--ongeldig", "weg", fout=GebruikFout)
    assert "kan 'blad=x' niet" in refused(folder, "--lees", "blad=x", fout=GebruikFout)
    (folder / "uit.csv").write_text("al hier", encoding="utf-8")
    assert "er staat al een bestand" in refused(folder, fout=UitvoerFout)


def test_a_postal_code_of_two_municipalities_is_refused(folder):
    (folder / "gemeenten.csv").write_text("postcode;gemeente\n1234;Almelo\n1234;Borne\n", encoding="utf-8")
    assert "gemeenten.csv, rij 3" in refused(folder)
    (folder / "gemeenten.csv").write_text("code;gemeente\n1234;Almelo\n", encoding="utf-8")
    assert "geen kolom 'postcode'" in refused(folder)


def test_quarters(folder):
    run(folder, rules=[*RULES[:-1], "gezien=kwartaal"])
    got = pd.read_csv(folder / "uit.csv", dtype=str, keep_default_na=False)
    assert sorted(set(got["gezien"])) == ["", "2023-01-01", "2023-04-01", "2023-07-01", "2023-10-01"]


def key_of(path: Path, *words: str):
    return CliRunner().invoke(app, ["sleutel", "pseudoniem", str(path), *words])


def test_the_key_is_made_once_shared_and_guarded(tmp_path, monkeypatch):
    for variable in ("TKS_GEHEIM", "TKS_GEHEIM_BESTAND"):
        monkeypatch.delenv(variable, raising=False)
    first = key_of(tmp_path / "een")
    assert first.exit_code == 0, first.exception
    secret = json.loads((tmp_path / "een").read_text(encoding="utf-8"))["geheim"]
    assert secret not in first.output
    assert (tmp_path / "een").stat().st_mode & 0o777 == 0o600
    made = pseudonym_key.read(tmp_path / "een")
    assert made.vingerafdruk in first.output
    assert key_of(tmp_path / "een").exit_code == 0
    assert pseudonym_key.read(tmp_path / "een").waarde == made.waarde
    assert key_of(tmp_path / "twee", "--van", str(tmp_path / "een")).exit_code == 0
    assert pseudonym_key.read(tmp_path / "twee").waarde == made.waarde
    key_of(tmp_path / "drie")
    other = key_of(tmp_path / "drie", "--van", str(tmp_path / "een"))
    assert isinstance(other.exception, InvoerFout)
    assert pseudonym_key.read(tmp_path / "drie").waarde != made.waarde
    (tmp_path / "een").chmod(0o644)
    with pytest.raises(InvoerFout, match="anderen kunnen de sleutel voor pseudoniemen lezen"):
        pseudonym_key.read(tmp_path / "een")


def test_the_two_keys_are_not_each_other(tmp_path):
    pseudonym_key.make(tmp_path / "pseudoniem")
    line = Levering("Regio", "proef")
    keys.make(line, tmp_path / "sleutel")
    with pytest.raises(InvoerFout, match="dit is de sleutel van een levering"):
        pseudonym_key.read(tmp_path / "sleutel")
    with pytest.raises(OnthullingsFout, match="dit is een sleutel voor pseudoniemen"):
        keys.find(Levering("Regio", "proef", "0" * 16), option=tmp_path / "pseudoniem", environ={})
    one, two = ((tmp_path / n).read_text(encoding="utf-8") for n in ("pseudoniem", "sleutel"))
    assert json.loads(one)["geheim"] not in two


@pytest.mark.parametrize(
    ("environ", "what"),
    [
        ({}, "het geheim daarvoor ontbreekt"),
        ({"TKS_GEHEIM": "kort"}, "het geheim daarvoor is te kort"),
        ({"TKS_GEHEIM_BESTAND": "/weg/sleutel"}, "is er niet, of is niet te lezen"),
    ],
)
def test_without_a_key_nothing_is_made(environ, what):
    with pytest.raises(InvoerFout, match=what):
        pseudonym_key.find(option=None, environ=environ, needed_by="x")


def test_two_secrets_at_once_are_refused():
    with pytest.raises(GebruikFout, match="allebei gezet"):
        pseudonym_key.find(
            option=None, environ={"TKS_GEHEIM": SECRET, "TKS_GEHEIM_BESTAND": "x"}, needed_by="x"
        )


def test_a_file_that_is_no_key(tmp_path):
    path = tmp_path / "sleutel"
    for content in ("", "geen json", "{}", '{"soort": "iets anders", "geheim": "0123456789012345"}'):
        path.write_text(content, encoding="utf-8")
        path.chmod(0o600)
        with pytest.raises(InvoerFout, match="geen sleutel voor pseudoniemen, of het is beschadigd"):
            pseudonym_key.read(path)


MAPPING = """
pakket:
  naam: x
  titel: x
  peildatum: 2024-01-01
  waarneemvenster: {begin: 2023-01-01, eind: 2024-01-01}
  bronnen: [x]
  contact: x
bron:
  kolommen: {gezin: {sleutel: pseudoniem huishouden}}
tabellen:
  proeftuin:
    per: []
    kolommen: {proeftuin_id: {vast: p1}, naam: {vast: P}, soort: {vast: proeftuin}}
  huishouden:
    periode: {van: begin, tot: eind, laatste_dag_telt_mee: nee}
    kolommen: {huishouden_id: {kolom: gezin}, proeftuin_id: {vast: p1}}
"""


def test_the_import_makes_the_same_pseudonym(folder):
    (folder / "gezin.csv").write_text("gezin,begin,eind\n17,2023-02-01,\n", encoding="utf-8")
    (folder / "m.yaml").write_text(MAPPING, encoding="utf-8")
    run_import(folder / "m.yaml", folder / "gezin.csv", folder / "pakket")
    got = pd.read_csv(folder / "pakket" / "huishouden.csv", dtype=str)["huishouden_id"]
    assert list(got) == [pseudonym("17", SECRET.encode(), "huishouden")]
