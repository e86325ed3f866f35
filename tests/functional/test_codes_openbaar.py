"""Whether a code occurs is told by a protected count: one household does not decide what a report says."""

import shutil

import pandas as pd
import pytest

from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.study import Study

WIE = range(0, 30, 2)


@pytest.fixture(scope="module")
def pakket(tmp_path_factory):
    return make_example(tmp_path_factory.mktemp("codes") / "p", huishoudens=150, seed=5)


def met_een_plaatsing(pakket, doel, plek):
    """The package with a placement away from home of one person of one household, and on nobody else."""
    shutil.copytree(pakket, doel)
    bestand = doel / "maatregel.csv"
    rijen = pd.read_csv(bestand, dtype=str)
    rijen["soort"] = "11"
    if plek is not None:
        rijen.loc[rijen.index[plek], "soort"] = "UH"
    rijen.to_csv(bestand, index=False)
    return doel


@pytest.fixture(scope="module")
def redenen(pakket, tmp_path_factory):
    basis = tmp_path_factory.mktemp("varianten")
    uit = {}
    for plek in (None, *WIE):
        studie = Study.open(met_een_plaatsing(pakket, basis / f"v{plek}", plek))
        gezien = set(studie.passage.codes.cellen["naam"])
        uit[plek] = (studie.bereken("aandeel_uithuisplaatsing").reden_nvt, gezien)
    return uit


def test_what_is_said_follows_from_the_published_count(redenen):
    for reden, gezien in redenen.values():
        weg = [code for code in ("UH",) if f"maatregel.soort={code}" not in gezien]
        assert bool(reden) == bool(weg)
        assert all("komt niet, of bij enkele huishoudens, voor: UH" in reden for _ in weg)


def test_one_household_reads_as_none_or_as_some(redenen):
    """One is drawn as zero with probability .73: of fifteen households both outcomes occur."""
    zonder, _ = redenen[None]
    met = [redenen[plek][0] for plek in WIE]
    assert zonder in met
    assert any(reden != zonder for reden in met)


def test_inside_the_data_themselves_decide(pakket, tmp_path):
    een = Study.open(met_een_plaatsing(pakket, tmp_path / "een", 0), intern=True)
    geen = Study.open(met_een_plaatsing(pakket, tmp_path / "geen", None), intern=True)
    assert not een.bereken("aandeel_uithuisplaatsing").reden_nvt
    assert "komt niet voor" in geen.bereken("aandeel_uithuisplaatsing").reden_nvt
