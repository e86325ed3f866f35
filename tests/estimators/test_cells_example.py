"""The cells of an example package, not yet protected, give the estimates of the package itself."""

import math

import numpy as np
import pandas as pd
import pytest

from tests.estimators.cells_world import NOISE
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.estimators import estimate
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.summaries import engine, registry
from toekomstscenario_eval.types import TOON, Kind

pytestmark = pytest.mark.traag
# Of every kind one with a single unit per household and one with more, and what differs from others: days
# for units, and waits that are short beside the grid.
INDICATORS = (
    "binnen_termijn",
    "gezin_aan_tafel",
    "vast_gezicht",
    "professionals_per_huishouden",
    "overleggrootte",
    "duo_duur",
    "tijdigheid_eerste_gesprek",
    "herhaalde_duos",
    "schaalbetrouwbaarheid",
)
# How far an estimate from true counts may be off, as a part of half the exact interval: what steps do.
SLACK = {Kind.AANDEEL: 0.06, Kind.AANTAL: 0.06, Kind.DUUR: 0.2, Kind.HERHAALD: 0.2, Kind.MATRIX: 0.06}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A package of 400 households with a number for each; noise is not drawn here."""
    found = open_package(make_example(tmp_path_factory.mktemp("cells") / "p", huishoudens=400, seed=3))
    ids = sorted(found.tabellen["huishouden"].select("huishouden_id").execute()["huishouden_id"])
    keys = pd.DataFrame({"huishouden_id": ids, "boven": 1, "onder": np.arange(len(ids))})
    return found, found.con.create_table("keys", keys, temp=True)


def tables(package, what):
    found, keys = package
    params = registry.fill_params(what, {})
    whole = engine.summarise(found, what, params=params, venster=found.venster, per=[], keys=keys).totaal
    places = whole.groepen.assign(stand="2026-01-01", gesloten=True, reden="")
    public = PublicSummary(whole.kind, whole.cellen, places, NOISE, stap=what.card.stap)
    return [estimate(summary, what.card, params, uitsplitsing="") for summary in (whole, public)]


@pytest.mark.parametrize("naam", INDICATORS)
def test_true_counts_give_the_estimates_of_the_package(package, naam):
    what = registry.find(naam)
    (exact, _), (found, series) = tables(package, what)
    assert found["maat"].tolist() == exact["maat"].tolist()
    assert found["n"].tolist() == exact["n"].tolist()
    assert (series["n"] >= 0).all()
    for row, whole in zip(found.itertuples(), exact.itertuples(), strict=True):
        assert math.isnan(row.schatting) or row.weergave == TOON, row.maat
        half = (whole.bovengrens - whole.ondergrens) / 2
        assert not math.isnan(row.schatting) or row.weergave != TOON, row.maat
        if not (math.isnan(row.schatting) or math.isnan(half)):
            assert abs(row.schatting - whole.schatting) <= SLACK[what.card.kind] * half, row.maat
        elif not math.isnan(row.schatting):
            assert row.schatting == pytest.approx(whole.schatting, rel=0.04), row.maat
    assert (found["weergave"] == TOON).sum() > len(found) / 2
