"""The archive of a report: its form, and what never goes into it."""

from __future__ import annotations

import hashlib
import json
import zipfile

import pytest
from typer.testing import CliRunner

from toekomstscenario_eval import cli
from toekomstscenario_eval.document.house_style import style_files
from toekomstscenario_eval.errors import GebruikFout, InvoerFout
from toekomstscenario_eval.making import publish
from toekomstscenario_eval.provenance import archive as archief
from toekomstscenario_eval.provenance import manifest

OPDRACHT = archief.Command(("html",), "standaard", "2026-01-01", "pakket", "onderzoek.yaml")


def bestanden(opdracht: archief.Command = OPDRACHT) -> dict[str, archief.Content]:
    leeg = {"manifest": manifest.VERSION, "resultaten": [], "afgeleid": []}
    return {
        "verantwoording.html": b"<html>",
        "openbaar/cellen.csv": b"recept\n",
        "manifest.json": json.dumps(leeg).encode(),
        archief.COMMAND: opdracht.to_json(),
        archief.ENVIRONMENT: archief.environment(),
        archief.NOTEBOOK: b"{}",
        archief.PLAN: b"titel: T\n",
    }


def schrijf(pad, inhoud):
    kop = archief.metadata(inhoud, title="T", datum="2026-01-01", authors=("A. de Vries",))
    archief.write(pad, inhoud, description=kop)
    return pad


def test_archive_is_an_ro_crate_that_describes_every_file(tmp_path):
    pad = schrijf(tmp_path / "r.zip", bestanden())
    with zipfile.ZipFile(pad) as z:
        assert z.namelist()[0] == "ro-crate-metadata.json"
        bron = json.loads(z.read("ro-crate-metadata.json"))
        delen = {d["@id"]: d for d in bron["@graph"]}
        assert len(delen) == len(bron["@graph"])
        for naam in z.namelist()[1:]:
            assert delen[naam]["sha256"] == hashlib.sha256(z.read(naam)).hexdigest()
    assert bron["@context"] == "https://w3id.org/ro/crate/1.1/context"
    zelf, wortel = delen["ro-crate-metadata.json"], delen["./"]
    assert zelf["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert zelf["about"] == {"@id": "./"}
    assert {"name", "description", "datePublished", "license"} <= set(wortel)
    assert {d["@id"] for d in wortel["hasPart"]} == set(bestanden())
    # Every reference leads somewhere within the archive, or to a page.
    los = [
        w["@id"]
        for d in bron["@graph"]
        for v in d.values()
        for w in (v if isinstance(v, list) else [v])
        if isinstance(w, dict)
    ]
    assert all(w in delen or w.startswith("https://") for w in los)


def test_the_same_content_gives_the_same_bytes_also_from_a_file(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x\n1\n")
    inhoud = {**bestanden(), "gegevens/a.csv": tmp_path / "a.csv"}
    een, twee = schrijf(tmp_path / "1.zip", inhoud), schrijf(tmp_path / "2.zip", inhoud)
    assert een.read_bytes() == twee.read_bytes()
    with zipfile.ZipFile(een) as z:
        assert json.loads(z.read(archief.COMMAND)) == {**vars(OPDRACHT), "formaten": ["html"]}
        assert z.read("gegevens/a.csv") == b"x\n1\n"


def test_an_archive_says_whether_it_may_leave():
    openbaar, binnen = (
        json.loads(archief.metadata({}, title="T", datum="2026-01-01", authors=(), intern=w))["@graph"][1]
        for w in (False, True)
    )
    assert "'tks reproduceer' rekent elk getal daaruit na" in openbaar["description"]
    assert binnen["description"].startswith("INTERN: ")


def test_data_go_into_the_archive_only_when_asked(tmp_path):
    (tmp_path / "datapackage.json").write_text("{}")
    (tmp_path / "persoon.csv").write_text("x")
    (tmp_path / "notitie.txt").write_text("niet van het pakket")
    zonder = publish._members({}, OPDRACHT, None, None)
    assert not [n for n in zonder if n.startswith("gegevens")]
    met = publish._members({}, OPDRACHT, None, tmp_path)
    assert [n for n in met if n.startswith("gegevens")] == [
        "gegevens/datapackage.json",
        "gegevens/persoon.csv",
    ]


def test_data_without_an_archive_is_refused():
    uit = CliRunner().invoke(cli.app, ["rapport", "--met-gegevens"])
    assert isinstance(uit.exception, GebruikFout)


def test_data_never_go_into_a_public_archive(tmp_path):
    uit = CliRunner().invoke(cli.app, ["rapport", "--archief", "--met-gegevens"])
    assert isinstance(uit.exception, GebruikFout)
    assert "nooit in een openbaar archief" in str(uit.exception)
    with pytest.raises(GebruikFout, match="nooit in een openbaar archief"):
        publish.make_report(
            None,
            onderzoek=None,
            out=tmp_path / "uit",
            formats=("html",),
            policy="standaard",
            progress=lambda _: None,
            archiving=True,
            with_data=True,
        )
    assert not (tmp_path / "uit").exists()


def test_the_date_of_a_build_can_be_fixed(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert publish.today() == "2023-11-14"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "gisteren")
    with pytest.raises(GebruikFout, match="SOURCE_DATE_EPOCH"):
        publish.today()


@pytest.fixture
def huisstijl(tmp_path):
    """A house style with a logo in a folder beside it."""
    map_ = tmp_path / "stijl"
    (map_ / "beeld").mkdir(parents=True)
    logo = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    (map_ / "beeld" / "logo.svg").write_text(logo, encoding="utf-8")
    pad = map_ / "onze.toml"
    pad.write_text('kleur = "#7a1f5c"\nlogo = "beeld/logo.svg"\nlogo_tekst = "Wij"\n', encoding="utf-8")
    return pad


def test_a_house_style_goes_with_the_files_it_names(huisstijl, tmp_path):
    assert list(style_files(huisstijl)) == ["onze.toml", "beeld/logo.svg"]
    elders = tmp_path / "logo.svg"
    (huisstijl.parent / "beeld" / "logo.svg").rename(elders)
    huisstijl.write_text('logo = "../logo.svg"\nlogo_tekst = "Wij"\n', encoding="utf-8")
    with pytest.raises(InvoerFout, match="staat niet bij de huisstijl"):
        style_files(huisstijl)
