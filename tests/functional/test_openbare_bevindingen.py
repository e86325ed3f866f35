"""Findings in a public report follow the published counts; nothing that one household decides is told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.making.conductor import _background
from toekomstscenario_eval.making.public_findings import NOTHING_FOUND, NOTHING_SHOWN, public_findings
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, PublicSummary
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import facts
from toekomstscenario_eval.types import Ernst, Finding, Kind, Status

LEEG = "Het gezinsprofiel is leeg (huishouden.gezinsprofiel)"


@pytest.fixture(scope="module")
def pakket(tmp_path_factory):
    return open_package(make_example(tmp_path_factory.mktemp("p") / "p", huishoudens=60, seed=2))


def vrijgave(pakket, *namen: str):
    """A release in which these findings have a published count."""
    cellen = pd.DataFrame([("totaal", "", naam, 0, 1, 12) for naam in namen], columns=list(CELLEN))
    plekken = pd.DataFrame([("totaal", "", 60, "2026-01-01", 0, False, "")], columns=list(PLEKKEN))
    openbaar = PublicSummary(Kind.TELLING, cellen, plekken, Noise(6, 3.0, 2), "bevindingen")
    return bundle([replace(facts.empty("bevindingen", pakket, ""), publiek={"": openbaar})])


def bevinding(regel: str, status: Status = Status.GEFAALD, **velden) -> Finding:
    rule = checks.rules()[regel].regel
    return Finding(regel, status, rule.ernst, rule.titel, **velden)


def leeg(aantal: int) -> Finding:
    return bevinding(
        "gezinsprofiel_leeg", tabel="huishouden", kolom="gezinsprofiel", aantal=aantal, rijen=(3,)
    )


def geslaagd(regel: str) -> Finding:
    return bevinding(regel, Status.GESLAAGD, toelichting="1 vraag gesteld, geen overtreding")


def van(uit, regel: str) -> list[Finding]:
    return [f for f in uit if f.regel == regel]


def test_a_finding_with_a_published_count_is_told_without_its_number(pakket):
    (een,) = public_findings(pakket, [leeg(12)], vrijgave(pakket, LEEG))
    assert (een.status, een.tabel, een.kolom) == (Status.GEFAALD, "huishouden", "gezinsprofiel")
    assert (een.aantal, een.rijen) == (0, ())
    assert een.herstel == checks.rules()["gezinsprofiel_leeg"].regel.herstel


def test_a_finding_without_a_published_count_reads_as_none(pakket):
    (een,) = public_findings(pakket, [leeg(1)], vrijgave(pakket))
    assert (een.status, een.toelichting, een.tabel, een.aantal) == (Status.GESLAAGD, NOTHING_SHOWN, "", 0)


@pytest.mark.parametrize("namen", [(), (LEEG,)])
def test_what_is_told_depends_on_the_count_alone(pakket, namen):
    """A household more or less, all or none: the same as long as the count was not drawn anew."""
    keer = [public_findings(pakket, [f], vrijgave(pakket, *namen)) for f in (leeg(1), leeg(40))]
    keer.append(public_findings(pakket, [geslaagd("gezinsprofiel_leeg")], vrijgave(pakket, *namen)))
    assert keer[0] == keer[1] == keer[2]


def test_what_was_delivered_keeps_its_status(pakket):
    te_veel = bevinding("onbekende_kolommen", tabel="huishouden", kolom="notitie", aantal=1)
    dubbel = bevinding("naam_dubbel", tabel="proeftuin", kolom="naam", aantal=2, rijen=(1, 2))
    uit = public_findings(pakket, [te_veel, dubbel, geslaagd("losse_bestanden")], vrijgave(pakket))
    assert van(uit, "onbekende_kolommen") == [replace(te_veel, aantal=0)]
    assert van(uit, "naam_dubbel") == [replace(dubbel, aantal=0, rijen=())]
    assert van(uit, "losse_bestanden") == [geslaagd("losse_bestanden")]


@pytest.mark.parametrize(
    ("regel", "tabel", "kolom"),
    [
        # Of a table without households, by what households have.
        ("proeftuin_zonder_huishouden", "proeftuin", "proeftuin_id"),
        # A scan is protected as a household is.
        ("lege_kolom", "reflectie", "ronde"),
        ("geen_lopende", "betrokkenheid", "eind"),
    ],
)
def test_what_a_single_unit_decides_is_not_told(pakket, regel, tabel, kolom):
    (een,) = public_findings(pakket, [bevinding(regel, tabel=tabel, kolom=kolom, aantal=1)], vrijgave(pakket))
    assert (een.status, een.toelichting) == (Status.GESLAAGD, NOTHING_SHOWN)


def test_a_rule_that_blocks_found_nothing_and_everybody_knows(pakket):
    (een,) = public_findings(pakket, [geslaagd("codes")], vrijgave(pakket))
    assert (een.ernst, een.toelichting) == (Ernst.FOUT, NOTHING_FOUND)


def test_a_rule_that_could_not_be_asked_says_so(pakket):
    zonder = replace(pakket, tabellen={k: t for k, t in pakket.tabellen.items() if k != "maatregel"})
    nvt = bevinding("maatregel_overlap", Status.NVT, toelichting="de tabel maatregel is niet geleverd")
    assert public_findings(zonder, [nvt], vrijgave(pakket)) == (nvt,)
    # Too few rows to ask is a number too.
    weinig = bevinding(
        "geen_lopende", Status.NVT, tabel="huishouden", kolom="eind", toelichting="minder dan 20"
    )
    (een,) = public_findings(pakket, [weinig], vrijgave(pakket))
    assert (een.status, een.toelichting) == (Status.GESLAAGD, NOTHING_SHOWN)


def test_every_rule_is_named_and_no_row_or_number_of_the_data(pakket):
    uit = public_findings(pakket, checks.check(pakket), vrijgave(pakket, LEEG))
    assert {f.regel for f in uit} == set(checks.rules())
    assert {(f.aantal, f.rijen) for f in uit} == {(0, ())}


@pytest.fixture(scope="module")
def anders(pakket, tmp_path_factory) -> Path:
    """The same package with one household whose profile is empty."""
    map_ = Path(shutil.copytree(pakket.map, tmp_path_factory.mktemp("a") / "p"))
    h = pd.read_csv(map_ / "huishouden.csv", dtype=str)
    eerste = h.index[h["gezinsprofiel"].notna()][0]
    h.loc[eerste, "gezinsprofiel"] = None
    h.to_csv(map_ / "huishouden.csv", index=False)
    return map_


def test_the_background_of_a_public_report_holds_no_hash_of_a_file(pakket, anders):
    studie = Study.open(pakket.map)
    openbaar = studie.bundel(*studie.feiten())
    a = _background(studie, openbaar, pakket.map, None, "standaard")
    assert {b.sha256 for b in a.bestanden} == {""}
    assert a.vingerafdruk == studie.passage.fingerprint
    assert len(a.vingerafdruk) == 64
    assert a.vingerafdruk not in {b.sha256 for b in pakket.bestanden.values()}
    # It is of the delivery: another one, drawn by itself, has another.
    assert Study.open(anders).passage.fingerprint != a.vingerafdruk
    binnen = Study.open(pakket.map, intern=True)
    b = _background(binnen, binnen.bundel(*binnen.feiten()), pakket.map, None, "standaard")
    assert b.vingerafdruk == ""
    assert {x.sha256 for x in b.bestanden} == {x.sha256 for x in pakket.bestanden.values()}
    assert b.bevindingen == binnen.bevindingen
