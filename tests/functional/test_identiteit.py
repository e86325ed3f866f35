"""A group is its code: other labels in the code lists change words, and no number."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.blocks.table import estimates_table
from toekomstscenario_eval.data import schema
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.identity import TOTAAL, UNKNOWN, Labels
from toekomstscenario_eval.resources import bundled
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import breakdowns, registry
from toekomstscenario_eval.types import Result

HUISHOUDENS = 400
PER = ("proeftuin", "proeftuin_soort", "gezinsprofiel", "reden_einde")
VERSLAG = ("aandeel_duo", "duo_duur", "professionals_per_huishouden", "samenwerkingsnetwerk", "uitkomsten")


def achterstevoren(labels: list[str]) -> list[str]:
    """Every label another text."""
    return [f"Z{label[::-1]}" for label in labels]


def verwisseld(labels: list[str]) -> list[str]:
    """The same labels, each with another code, so that they stand in another order too."""
    return labels[1:] + labels[:1]


@dataclass(frozen=True)
class Uitkomst:
    """Everything that is compared: results, their release, and what is derived from it."""

    resultaten: dict[str, Result]
    vrijgave: Release
    afgeleid: list[dict[str, object]]


def reken(pakket: Path, indicatoren: Collection[str]) -> Uitkomst:
    """Compute indicators by every breakdown that follows a code list, networks and facts; release a part."""
    studie = Study.open(pakket, intern=True)
    alle = {naam: studie.bereken(naam, per=PER) for naam in indicatoren}
    alle["duo_duur"] = studie.toets("duo_duur", naar="gezinsprofiel", binnen="proeftuin_soort", per=PER)
    samen = {r.sleutel: r for r in (*studie.netwerkanalyse(), *studie.feiten())}
    vrijgave = studie.bundel(*(alle[naam] for naam in VERSLAG), *samen.values())
    return Uitkomst({**alle, **samen}, vrijgave, list(derived(vrijgave)))


@pytest.fixture(scope="module")
def pakket(tmp_path_factory) -> Path:
    return make_example(tmp_path_factory.mktemp("identiteit") / "p", huishoudens=HUISHOUDENS, seed=7)


@pytest.fixture(scope="module")
def gewoon(pakket) -> Uitkomst:
    return reken(pakket, registry.all_indicators())


@pytest.fixture(
    scope="module", params=[(achterstevoren, None), (verwisseld, VERSLAG)], ids=lambda p: p[0].__name__
)
def anders(request, pakket, tmp_path_factory):
    """The same with other labels in every code list."""
    maak, indicatoren = request.param
    kopie = tmp_path_factory.mktemp(maak.__name__) / "data_schema"
    shutil.copytree(bundled("data_schema"), kopie)
    for pad in (kopie / "codelists").glob("*.csv"):
        with pad.open(encoding="utf-8", newline="") as bestand:
            lezer = csv.DictReader(bestand)
            kop, rijen = list(lezer.fieldnames), list(lezer)
        nieuw = maak([rij["label"] for rij in rijen])
        with pad.open("w", encoding="utf-8", newline="") as bestand:
            schrijver = csv.DictWriter(bestand, kop)
            schrijver.writeheader()
            schrijver.writerows({**rij, "label": label} for rij, label in zip(rijen, nieuw, strict=True))
    with pytest.MonkeyPatch.context() as plek:
        plek.setattr(schema, "bundled", lambda naam: kopie)
        load_schema.cache_clear()
        yield reken(pakket, indicatoren or registry.all_indicators())
    load_schema.cache_clear()


def gelijk(een: pd.DataFrame, twee: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(een.reset_index(drop=True), twee.reset_index(drop=True), rtol=1e-9)


def test_other_labels_change_no_result(gewoon, anders):
    assert sum(not r.schattingen.empty for r in anders.resultaten.values()) > len(VERSLAG)
    for naam, twee in anders.resultaten.items():
        een = gewoon.resultaten[naam]
        assert een.labels != twee.labels
        gelijk(een.schattingen, twee.schattingen)
        gelijk(een.reeksen, twee.reeksen)
        gelijk(een.uitsluitingen, twee.uitsluitingen)
        gelijk(een.toetsen, twee.toetsen)


def test_brokerage_and_the_comparison_of_sites_are_there_to_compare(gewoon):
    """What once followed from a label; without a number the test above would compare nothing."""
    netwerk, vergelijking = (
        tabel[tabel["uitsplitsing"].eq("")].set_index("maat")["schatting"]
        for tabel in (gewoon.resultaten[n].schattingen for n in ("netwerk", "netwerk_vergelijking"))
    )
    assert netwerk["makelaar_lokaal_team"] > 0
    assert netwerk["makelaar_rvt"] > 0
    assert abs(vergelijking["verschil_naast_elkaar"]) > 0


def test_other_labels_give_the_same_release(gewoon, anders):
    for een, twee in zip(gewoon.vrijgave.resultaten, anders.vrijgave.resultaten, strict=True):
        gelijk(een.schattingen, twee.schattingen)
        gelijk(een.reeksen, twee.reeksen)
        gelijk(een.toetsen, twee.toetsen)
    assert gewoon.vrijgave.id == anders.vrijgave.id


def test_what_is_derived_differs_in_words_only(gewoon, anders):
    assert any(getal["soort"] == "Proeftuin min Vergelijkingsregio" for getal in gewoon.afgeleid)
    zonder_woorden = [
        [{k: w for k, w in getal.items() if k != "soort"} for getal in uitkomst.afgeleid]
        for uitkomst in (gewoon, anders)
    ]
    assert json.dumps(zonder_woorden[0]) == json.dumps(zonder_woorden[1])
    woorden = [{getal["soort"] for getal in uitkomst.afgeleid} for uitkomst in (gewoon, anders)]
    assert woorden[0] != woorden[1]


def test_tables_show_the_labels_of_their_own_run(gewoon, anders):
    for uitkomst in (gewoon, anders):
        tabel = estimates_table(uitkomst.vrijgave, "aandeel_duo", uitsplitsing="gezinsprofiel")
        r = uitkomst.vrijgave.resultaat("aandeel_duo")
        namen = {r.labels.fields["gezinsprofiel"][code] for code in ("gezin_in_de_stress", "anders")}
        assert namen <= {rij[0].tekst for rij in tabel.rijen}


def test_no_code_stands_for_what_is_missing_or_for_the_whole():
    codes = {code for lijst in load_schema().codelists.values() for code in lijst.codes}
    assert not codes & {UNKNOWN, TOTAAL}


def test_labels_of_one_field_are_told_apart():
    """Two codes with one label would be one node in a picture, and one row to a reader."""
    labels = Labels.of({"soort": {"gi": "Team", "ggz": "Team", "raad": "Raad"}})
    assert labels.texts("soort", ("gi", "ggz", "raad")) == ["Team (gi)", "Team (ggz)", "Raad"]
    assert all("(" not in label for label in breakdowns.labels().fields["soort"].values())


def test_a_user_may_name_a_group_by_code_or_label():
    labels = Labels({"soort": {"proeftuin": "Vergelijking", "vergelijking": "Proeftuin"}})
    # The code counts first: a label that looks like another code does not take its place.
    assert labels.code("soort", "proeftuin") == "proeftuin"
    assert labels.code("soort", "Proeftuin") == "vergelijking"
    assert labels.code("regio", "onbekend") == UNKNOWN
    assert labels.code("regio", "Noord") == "Noord"
