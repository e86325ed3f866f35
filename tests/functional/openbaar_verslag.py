"""A small public report for tests: a package with a key of its own, its results, and the files beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from typer.testing import CliRunner

from toekomstscenario_eval import cli
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.making import multiverse
from toekomstscenario_eval.making.conductor import _background
from toekomstscenario_eval.protection import keys
from toekomstscenario_eval.provenance import manifest, open_data
from toekomstscenario_eval.report.plan import Plan
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.study import Study

PER = ("proeftuin", "proeftuin_soort", "gezinsprofiel")


@dataclass(frozen=True)
class Verslag:
    """Where the report and what it was made of stand, and its release."""

    map: Path
    pakket: Path
    sleutel: Path
    vrijgave: Release


def eigen_pakket(map_: Path, *, huishoudens: int) -> tuple[Path, Path]:
    """An example package of a delivery of its own, with its key."""
    pakket, sleutel = (
        make_example(map_ / "pakket", huishoudens=huishoudens, seed=5),
        map_ / "kluis" / "sleutel",
    )
    pad = pakket / "datapackage.json"
    bron = json.loads(pad.read_text(encoding="utf-8"))
    pad.write_text(
        json.dumps(bron | {"levering": {"eigenaar": "Gemeente X", "naam": "proef"}}), encoding="utf-8"
    )
    sleutel.parent.mkdir(mode=0o700)
    # Another key is another draw: the same one gives the same numbers in every run.
    with mock.patch.object(keys.secrets, "token_bytes", return_value=bytes(range(32))):
        uit = CliRunner().invoke(cli.app, ["sleutel", "maak", str(pakket), "--sleutel", str(sleutel)])
    assert uit.exit_code == 0, uit.output
    return pakket, sleutel


def resultaten(studie: Study):
    """Every public kind, with breakdowns, years, choices and another interval; and what is refused."""
    yield studie.bereken("aandeel_ots", per=PER)
    yield studie.bereken("aandeel_ots", periode="jaar")
    yield studie.bereken("aandeel_ots", interval="clopper-pearson")
    yield studie.bereken("professionals_per_huishouden", per=PER, telling="gelijktijdig_hoogste")
    yield studie.bereken("duo_duur", per=("proeftuin_soort",))
    yield studie.toets("duo_duur", fase="vanaf")
    yield studie.toets("tijdigheid_eerste_gesprek", fase="vanaf")
    yield studie.toets("doorlooptijd", naar="proeftuin_tranche", binnen="proeftuin_soort")
    yield studie.bereken("schaalbetrouwbaarheid")
    yield from multiverse.run(studie, "aandeel_duo", multiverse.one_at_a_time(studie, "aandeel_duo"))
    yield from studie.netwerkanalyse()
    yield from studie.netwerkanalyse(periode="jaar")
    yield from studie.feiten()


def schrijf(studie: Study, vrijgave: Release, map_: Path, pakket: Path) -> None:
    """Write the manifest and the open files of a release, as a report does."""
    rapport = Report(vrijgave, Plan(), _background(studie, vrijgave, pakket, None, studie.beleid.naam))
    inhoud = {"manifest.json": manifest.to_bytes(manifest.make(rapport))}
    for naam, bestand in (inhoud | open_data.files(vrijgave, title="Proef")).items():
        (map_ / naam).parent.mkdir(parents=True, exist_ok=True)
        (map_ / naam).write_bytes(bestand)


def maak(map_: Path, *, huishoudens: int = 400) -> Verslag:
    """Make the report."""
    pakket, sleutel = eigen_pakket(map_, huishoudens=huishoudens)
    studie = Study.open(pakket, sleutel=sleutel)
    vrijgave = studie.bundel(*studie.shown(*resultaten(studie)))
    schrijf(studie, vrijgave, map_ / "uit", pakket)
    return Verslag(map_ / "uit", pakket, sleutel, vrijgave)
