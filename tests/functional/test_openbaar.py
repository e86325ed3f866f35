"""Public cells as open data: every number again from them alone, and nothing but them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import openbaar_verslag
import pandas as pd
import pytest
from typer.testing import CliRunner

import toekomstscenario_eval as tks
from toekomstscenario_eval import cli
from toekomstscenario_eval.errors import InvoerFout, OnthullingsFout
from toekomstscenario_eval.identity import Variant
from toekomstscenario_eval.making.open_release import cards
from toekomstscenario_eval.making.reproduce import repeat
from toekomstscenario_eval.provenance import manifest, open_data, open_reading
from toekomstscenario_eval.provenance.open_schema import DESCRIPTION, FILES, RECIPES, file_hash
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries.breakdowns import labels

TABELLEN = ("schattingen", "reeksen", "uitsluitingen", "toetsen")


@pytest.fixture(scope="module")
def verslag(tmp_path_factory):
    return openbaar_verslag.maak(tmp_path_factory.mktemp("verslag"))


@pytest.fixture
def kopie(verslag, tmp_path) -> Path:
    """A copy of the report that may be damaged."""
    return Path(shutil.copytree(verslag.map, tmp_path / "kopie"))


def gelijk(een, twee) -> None:
    assert een.sleutel == twee.sleutel
    assert (een.card, een.params, een.venster) == (twee.card, twee.params, twee.venster)
    assert (een.variant, een.reden_nvt, een.labels) == (twee.variant, twee.reden_nvt, twee.labels)
    assert een.vergelijking == twee.vergelijking
    for tabel in TABELLEN:
        pd.testing.assert_frame_equal(getattr(een, tabel), getattr(twee, tabel))


def test_every_result_comes_back_as_it_was(verslag):
    terug = tks.openbaar(verslag.map)
    assert (terug.id, terug.beleid, terug.regels, terug.stand, terug.intern) == (
        verslag.vrijgave.id,
        verslag.vrijgave.beleid,
        verslag.vrijgave.regels,
        verslag.vrijgave.stand,
        False,
    )
    for een, twee in zip(verslag.vrijgave.resultaten, terug.resultaten, strict=True):
        gelijk(een, twee)
    soorten = {(r.card.kind.value, bool(r.reden_nvt)) for r in terug.resultaten}
    assert {
        ("aandeel", False),
        ("aantal", False),
        ("duur", False),
        ("telling", False),
        ("matrix", False),
        ("netwerk", True),
    } <= soorten
    assert {"geleverde_rijen", "aandeel_ots[jaar]", "aandeel_ots[clopper-pearson]"} <= {
        r.sleutel.replace("per ", "") for r in terug.resultaten
    }
    # What was left out and the coarser groups of a site are part of it.
    assert any(len(r.uitsluitingen) for r in terug.resultaten)
    assert terug.resultaat("aandeel_ots").schattingen["stratum"].ne("").any()


def test_tests_between_groups_are_done_again_from_the_open_files(verslag):
    """And nothing is left of them when nobody asked for them."""
    terug = tks.openbaar(verslag.map)
    een, twee = (
        next(r for r in v.resultaten if r.indicator == "tijdigheid_eerste_gesprek")
        for v in (verslag.vrijgave, terug)
    )
    assert een.toetsen["p"].notna().any()
    assert een.vergelijking.naar == "proeftuin_soort"
    gelijk(een, twee)
    plekken = terug.resultaat("doorlooptijd")
    assert set(plekken.vergelijking.regios) == {"proeftuin_tranche", "proeftuin_soort"}
    assert [r.toetsen.empty for r in terug.resultaten if r.vergelijking is None] == [
        True for r in terug.resultaten if r.vergelijking is None
    ]


def test_the_same_release_gives_the_same_bytes_also_after_reading(verslag):
    bestanden = open_data.files(verslag.vrijgave, title="Proef")
    assert bestanden == open_data.files(verslag.vrijgave, title="Proef")
    assert bestanden == open_data.files(tks.openbaar(verslag.map), title="Proef")
    assert list(bestanden) == sorted(f"openbaar/{naam}" for naam in (*FILES, DESCRIPTION))


def test_no_pseudonym_and_nothing_exact_stands_in_the_files(verslag):
    ids = set(pd.read_csv(verslag.pakket / "huishouden.csv", dtype=str)["huishouden_id"])
    for pad in (verslag.map / "openbaar").iterdir():
        woorden = set(re.findall(rb"[A-Za-z]{1,2}\d{5,}", pad.read_bytes()))
        assert not {w.decode() for w in woorden} & ids
    tellingen = tks.openbaar(verslag.map).cellen["n"]
    # No published count is 1 or 2, and zeros are not written.
    assert tellingen.min() >= 3
    hashes = [
        p["sha256"] for p in json.loads((verslag.map / "manifest.json").read_bytes())["pakket"]["bestanden"]
    ]
    assert set(hashes) == {""}


NAREKENEN = """
import sys, duckdb, ibis
def weg(*a, **k):
    raise AssertionError("achter de taille gaat niets open")
duckdb.connect = ibis.duckdb.connect = weg
import toekomstscenario_eval as tks
from toekomstscenario_eval.cli import main
v = tks.openbaar(sys.argv[1])
for uit in (
    tks.tabel(v, "aandeel_ots", per="proeftuin"),
    tks.figuur(v, "aandeel_ots", per="proeftuin_soort"),
    tks.figuur(v, "duo_duur", per="proeftuin_soort", curve=True),
    tks.zin(v, "aandeel_ots"),
    tks.regios(v, "aandeel_ots"),
    tks.verschil(v, "aandeel_ots"),
    tks.multiversum(v, "aandeel_duo"),
):
    print(uit.to_mime()["zegel"])
sys.argv = ["tks", "reproduceer", sys.argv[1]]
main()
"""


@pytest.fixture
def zonder(verslag):
    """The report while package, key and cache are gone, and the same outputs as made before."""
    v = verslag.vrijgave
    uit = [
        tks.tabel(v, "aandeel_ots", per="proeftuin"),
        tks.figuur(v, "aandeel_ots", per="proeftuin_soort"),
        tks.figuur(v, "duo_duur", per="proeftuin_soort", curve=True),
        tks.zin(v, "aandeel_ots"),
        tks.regios(v, "aandeel_ots"),
        tks.verschil(v, "aandeel_ots"),
        tks.multiversum(v, "aandeel_duo"),
    ]
    weg = [(p, p.with_name(f"{p.name}.weg")) for p in (verslag.pakket, verslag.sleutel.parent)]
    for van, naar in weg:
        van.rename(naar)
    yield verslag.map, [u.to_mime()["zegel"] for u in uit]
    for van, naar in weg:
        naar.rename(van)


def test_all_is_made_again_without_package_key_or_cache(zonder, tmp_path):
    """In another process, that may open no engine, with an empty home."""
    map_, zegels = zonder
    omgeving = {k: w for k, w in os.environ.items() if not k.startswith(("TKS_", "XDG_"))}
    omgeving |= {"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    uit = subprocess.run(
        [sys.executable, "-c", NAREKENEN, str(map_)],
        capture_output=True,
        text=True,
        env=omgeving,
        cwd=tmp_path,
        check=False,
    )
    assert uit.returncode == 0, uit.stderr
    assert uit.stdout.splitlines()[: len(zegels)] == zegels
    m = manifest.load(map_)
    aantal = sum(1 for _ in manifest.numbers(m))
    assert aantal > 200
    assert f"0 getallen verschillen, {aantal} zijn gelijk." in uit.stdout


def herschrijf(map_: Path, naam: str, inhoud: bytes, *, hash_: bool = True) -> None:
    """Change an open file, and what its description says of it."""
    pad = map_ / "openbaar" / DESCRIPTION
    bron = json.loads(pad.read_text(encoding="utf-8"))
    for deel in bron["resources"]:
        if deel["path"] == naam and hash_:
            deel |= {"hash": file_hash(inhoud), "bytes": len(inhoud)}
    (map_ / "openbaar" / naam).write_bytes(inhoud)
    pad.write_bytes(json.dumps(bron).encode())


def anders(map_: Path) -> dict[str, bytes]:
    """Both forms of the cells with one count changed."""
    frame = open_reading._table("cellen", {p.name: p.read_bytes() for p in (map_ / "openbaar").iterdir()})
    frame.loc[len(frame) // 2, "n"] += 1
    return {
        "cellen.csv": open_data._csv(frame),
        "cellen.parquet": open_data._parquet("cellen", frame),
    }


@pytest.mark.parametrize("naam", FILES)
def test_a_changed_file_is_named(kopie, naam):
    pad = kopie / "openbaar" / naam
    pad.write_bytes(pad.read_bytes() + b"\n")
    with pytest.raises(InvoerFout, match=f"{naam} is veranderd sinds het verslag is gemaakt"):
        tks.openbaar(kopie)


@pytest.mark.parametrize("naam", [*FILES, DESCRIPTION])
def test_an_absent_file_is_named(kopie, naam):
    (kopie / "openbaar" / naam).unlink()
    with pytest.raises(InvoerFout, match="niet volledig") as fout:
        tks.openbaar(kopie)
    assert fout.value.kreeg == f"zonder {naam}"


def test_two_forms_that_differ_are_refused(kopie):
    herschrijf(kopie, "cellen.csv", anders(kopie)["cellen.csv"])
    with pytest.raises(InvoerFout, match=r"cellen\.csv en cellen\.parquet verschillen"):
        tks.openbaar(kopie)


def test_other_counts_are_of_another_release(kopie):
    for naam, inhoud in anders(kopie).items():
        herschrijf(kopie, naam, inhoud)
    with pytest.raises(InvoerFout, match="zij zijn niet die van deze vrijgave") as fout:
        tks.openbaar(kopie)
    assert fout.value.kreeg != fout.value.verwacht


def test_counts_of_another_report_are_refused(kopie):
    pad = kopie / "manifest.json"
    pad.write_bytes(pad.read_bytes().replace(b'"vrijgave": "v', b'"vrijgave": "w', 1))
    with pytest.raises(InvoerFout, match="horen niet bij elkaar"):
        repeat(kopie, progress=lambda _: None)


def test_a_description_that_is_no_json_is_refused(kopie):
    (kopie / "openbaar" / DESCRIPTION).write_bytes(b"{")
    with pytest.raises(InvoerFout, match=r"datapackage\.json is niet te lezen"):
        tks.openbaar(kopie)


def recepten(map_: Path) -> dict:
    return json.loads((map_ / "openbaar" / RECIPES).read_bytes())


@pytest.mark.parametrize(
    ("wijzig", "melding"),
    [
        (lambda q: q.pop("recepten"), "passen niet bij elkaar"),
        (lambda q: q["recepten"].clear(), "passen niet bij elkaar"),
        (lambda q: q["resultaten"][0].update(venster=["gisteren", "morgen"]), "passen niet bij elkaar"),
        (lambda q: q.update(openbaar=99), "van een andere versie van het programma"),
        (lambda q: q["resultaten"][0].update(definitie="99.0"), "een andere definitie van aandeel_ots"),
        (lambda q: q["resultaten"][0].update(indicator="weg"), "een andere definitie van weg"),
        (lambda q: q["resultaten"].pop(), "zij zijn niet die van deze vrijgave"),
    ],
)
def test_questions_that_do_not_fit_are_refused(kopie, wijzig, melding):
    q = recepten(kopie)
    wijzig(q)
    herschrijf(kopie, RECIPES, json.dumps(q).encode())
    with pytest.raises(InvoerFout, match=melding):
        tks.openbaar(kopie)


def test_a_number_that_does_not_follow_is_told_with_its_own_code(kopie):
    """Another threshold gives other numbers from the same counts: the manifest does not agree."""
    q = recepten(kopie)
    for recept in q["recepten"]:
        recept["drempel"] = 40
    herschrijf(kopie, RECIPES, json.dumps(q).encode())
    uit = CliRunner().invoke(cli.app, ["reproduceer", str(kopie), "--uit", str(kopie / "verschil")])
    assert uit.exit_code == 7
    verschil, gelijk_ = map(
        int, re.search(r"(\d+) getallen verschillen, (\d+) zijn gelijk", uit.output).groups()
    )
    assert min(verschil, gelijk_) > 10
    assert (kopie / "verschil" / "vergelijking.csv").is_file()


def test_a_number_changed_in_the_manifest_is_told(kopie):
    m = json.loads((kopie / "manifest.json").read_bytes())
    rij = next(row for soort, _, row in manifest.numbers(m) if soort == "afgeleid")
    veld = next(k for k, w in rij.items() if isinstance(w, float))
    rij[veld] += 0.5
    (kopie / "manifest.json").write_bytes(manifest.to_bytes(m))
    (verschil,) = repeat(kopie, progress=lambda _: None).vergelijking.differences
    assert verschil.getal_id == rij["getal_id"]


def test_folder_manifest_and_archive_are_read_alike(verslag, tmp_path):
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as z:
        for pad in sorted(p for p in verslag.map.rglob("*") if p.is_file()):
            z.write(pad, pad.relative_to(verslag.map).as_posix())
    plekken = (verslag.map, verslag.map / "openbaar", verslag.map / "manifest.json", tmp_path / "r.zip")
    assert {tks.openbaar(plek).id for plek in plekken} == {verslag.vrijgave.id}
    assert not repeat(tmp_path / "r.zip", progress=lambda _: None).vergelijking.differences


@pytest.mark.parametrize("naam", ["weg", "leeg.zip"])
def test_what_is_no_report_is_refused(tmp_path, naam):
    if naam.endswith("zip"):
        (tmp_path / naam).write_bytes(b"geen zip")
    with pytest.raises(InvoerFout, match="de openbare tellingen zijn niet"):
        tks.openbaar(tmp_path / naam)


def test_what_is_exact_has_no_open_files(verslag, tmp_path):
    studie = Study.open(verslag.pakket, intern=True)
    vrijgave = studie.bundel(studie.bereken("aandeel_ots"))
    with pytest.raises(OnthullingsFout, match="nooit naar open gegevens"):
        open_data.files(vrijgave, title="Proef")
    for veld in ("cellen", "plekken"):
        with pytest.raises(OnthullingsFout, match="nooit naar open gegevens"):
            getattr(vrijgave, veld)
    m = {"manifest": manifest.VERSION, "intern": True, "resultaten": [], "afgeleid": []}
    (tmp_path / "manifest.json").write_text(json.dumps(m), encoding="utf-8")
    with pytest.raises(InvoerFout, match="intern verslag"):
        repeat(tmp_path, progress=lambda _: None)


def test_counts_and_places_are_there_as_tables(verslag):
    v = verslag.vrijgave
    assert list(v.cellen.columns) == ["recept", "uitsplitsing", "groep", "periode", "naam", "x", "k", "n"]
    assert not v.cellen.duplicated(["recept", "uitsplitsing", "groep", "periode", "naam", "x", "k"]).any()
    assert list(v.plekken.columns[:4]) == ["recept", "uitsplitsing", "groep", "periode"]
    pd.testing.assert_frame_equal(v.cellen, tks.openbaar(verslag.map).cellen)
    assert bundle([]).cellen.empty


def test_what_is_asked_alike_stands_once_and_what_is_hidden_apart_stands_apart(verslag):
    v = verslag.vrijgave
    een = v.resultaat("aandeel_ots")
    vaker = replace(een, variant=Variant(interval="clopper-pearson"))
    keer = open_data.files(bundle([een, vaker]), title="Proef")["openbaar/cellen.csv"].count(b"\n")
    assert keer == open_data.files(bundle([een]), title="Proef")["openbaar/cellen.csv"].count(b"\n")
    geheel = een.publiek[""]
    dicht = replace(geheel, cellen=geheel.cellen.iloc[:0], plekken=geheel.plekken.assign(reden="wacht"))
    apart = open_data.files(bundle([een, replace(vaker, publiek={"": dicht})]), title="Proef")
    nummers = [
        len({t["recept"] for t in r["tellingen"]})
        for r in json.loads(apart["openbaar/recepten.json"])["resultaten"]
    ]
    q = json.loads(apart["openbaar/recepten.json"])
    teksten = [r["recept"] for r in q["recepten"]]
    assert nummers[1] == 1
    assert teksten.count(geheel.recept) == 2


def test_the_description_is_a_valid_data_package(verslag, kopie):
    from frictionless import Package

    map_ = verslag.map / "openbaar"
    bron = json.loads((map_ / DESCRIPTION).read_bytes())
    assert list(Package.metadata_validate(bron)) == []
    tabellen = [deel for deel in bron["resources"] if deel.get("type") == "table"]
    assert [deel["path"] for deel in tabellen] == ["cellen.csv", "plekken.csv"]
    assert all(veld["description"] for deel in tabellen for veld in deel["schema"]["fields"])
    los = {**bron, "resources": tabellen}
    geldig = Package.from_descriptor(los, basepath=str(map_)).validate()
    assert geldig.valid, geldig.flatten(["type", "message"])[:5]
    # Every file is described, with its own hash.
    assert {deel["path"]: deel["hash"] for deel in bron["resources"]} == {
        naam: file_hash((map_ / naam).read_bytes()) for naam in FILES
    }
    # The check does refuse: a cell of a place that is not there.
    inhoud = (kopie / "openbaar" / "cellen.csv").read_bytes()
    eerste, tweede, rest = inhoud.split(b"\n", 2)
    herschrijf(kopie, "cellen.csv", b"\n".join((eerste, b"999" + tweede[tweede.index(b",") :], rest)))
    fout = json.loads((kopie / "openbaar" / DESCRIPTION).read_bytes())
    fout["resources"] = [deel for deel in fout["resources"] if deel.get("type") == "table"]
    verslag_ = Package.from_descriptor(fout, basepath=str(kopie / "openbaar")).validate()
    assert "foreign-key" in {soort for (soort,) in verslag_.flatten(["type"])}


def later(verslag, map_: Path, *, correcties: bool) -> dict[str, bytes]:
    """The public files of the same study a year later, from a copy of its package, key and register."""
    pakket = Path(shutil.copytree(verslag.pakket, map_ / "pakket"))
    kluis = Path(shutil.copytree(verslag.sleutel.parent, map_ / "kluis"))
    pad = pakket / "datapackage.json"
    bron = json.loads(pad.read_text(encoding="utf-8"))
    pad.write_text(json.dumps(bron | {"peildatum": "2027-02-01"}), encoding="utf-8")
    if correcties:
        h = pd.read_csv(pakket / "huishouden.csv", dtype=str)
        h.loc[h.index[:200], "gezinsprofiel"] = None
        h.to_csv(pakket / "huishouden.csv", index=False)
        b = pd.read_csv(pakket / "betrokkenheid.csv", dtype=str)
        b.iloc[50:].to_csv(pakket / "betrokkenheid.csv", index=False)
    studie = Study.open(pakket, sleutel=kluis / "sleutel")
    assert studie.passage.waist.epoch.isoformat() == "2027-01-01"
    gevraagd = (studie.bereken("aandeel_ots", per=openbaar_verslag.PER), *studie.feiten())
    openbaar_verslag.schrijf(studie, studie.bundel(*gevraagd), map_ / "uit", pakket)
    return {p.relative_to(map_).as_posix(): p.read_bytes() for p in (map_ / "uit").rglob("*") if p.is_file()}


def test_corrections_behind_a_closed_gate_change_no_byte(verslag, tmp_path):
    """At the start of an epoch without dated events everything is copied, hashes and findings too."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    een, twee = (later(verslag, tmp_path / k, correcties=k == "b") for k in "ab")
    assert een.keys() == twee.keys() >= {"uit/manifest.json", "uit/openbaar/cellen.csv"}
    assert [naam for naam in een if een[naam] != twee[naam]] == []
    cellen = een["uit/openbaar/plekken.csv"].decode()
    assert "2026-01-01" in cellen
    assert "2027-01-01" not in cellen


def test_every_result_has_its_definition(verslag):
    known = cards()
    assert {r.indicator for r in verslag.vrijgave.resultaten} <= set(known)
    assert labels() == verslag.vrijgave.resultaten[0].labels
