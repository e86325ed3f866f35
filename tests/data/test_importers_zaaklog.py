"""The real case log of municipalities: the worked mapping gives the published figures."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.data.checks import check
from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.types import Status

WORTEL = Path(__file__).parents[2]
MAPPING = WORTEL / "docs" / "voorbeelden" / "zaaklog_gemeenten.yaml"
LOG = WORTEL.parent / "shared" / "praktijk" / "zaaklog_gemeenten.csv"

pytestmark = pytest.mark.skipif(not LOG.is_file(), reason="het zaaklog staat niet naast de projectmap")


@pytest.fixture(scope="module")
def ingelezen(tmp_path_factory):
    map_ = tmp_path_factory.mktemp("zaaklog") / "pakket"
    verslag = run_import(MAPPING, LOG, map_)
    tabellen = {p.stem: pd.read_csv(p, dtype=str) for p in map_.glob("*.csv")}
    return verslag, tabellen, map_


@pytest.fixture(scope="module")
def log():
    return pd.read_csv(LOG, dtype=str)


def test_every_row_is_used(ingelezen):
    verslag, tabellen, _ = ingelezen
    assert (verslag.gelezen, verslag.rows_apart, verslag.apart, verslag.onbekend) == (8577, 0, (), ())
    assert verslag.written == {naam: len(tabellen[naam]) for naam in verslag.written}


def test_reference_figures_of_cases_and_workers(ingelezen):
    _, tabellen, _ = ingelezen
    huishouden, betrokkenheid = tabellen["huishouden"], tabellen["betrokkenheid"]
    assert huishouden["huishouden_id"].nunique() == len(huishouden) == 1434
    assert huishouden["eind"].isna().sum() == 105
    assert tabellen["professional"]["professional_id"].nunique() == 48
    paren = betrokkenheid[["huishouden_id", "professional_id"]].drop_duplicates()
    assert len(paren) == 2432
    per_zaak = paren.groupby("huishouden_id").size()
    assert round(per_zaak.mean(), 4) == 1.6960
    assert per_zaak.value_counts().sort_index().to_dict() == {1: 870, 2: 230, 3: 246, 4: 76, 5: 12}


def test_reference_figures_of_the_network(ingelezen):
    _, tabellen, _ = ingelezen
    paren = tabellen["betrokkenheid"][["huishouden_id", "professional_id"]].drop_duplicates()
    banden: dict[tuple[str, str], int] = {}
    for _, wie in paren.groupby("huishouden_id")["professional_id"]:
        for paar in combinations(sorted(wie), 2):
            banden[paar] = banden.get(paar, 0) + 1
    assert len(banden) == 209
    assert max(banden.items(), key=lambda b: b[1]) == (("Resource10", "admin1"), 200)


def test_every_spell_lies_within_its_case(ingelezen):
    verslag, tabellen, _ = ingelezen
    samen = tabellen["betrokkenheid"].merge(
        tabellen["huishouden"], on="huishouden_id", suffixes=("", "_zaak"), validate="many_to_one"
    )
    assert (samen["begin"] >= samen["begin_zaak"]).all()
    assert samen["eind"].notna().all()
    dicht = samen.dropna(subset=["eind_zaak"])
    assert (dicht["eind"] <= dicht["eind_zaak"]).all()
    assert (dicht["begin"] < dicht["eind"]).all()
    alles = pd.concat([tabellen[t][k] for t in ("huishouden", "betrokkenheid") for k in ("begin", "eind")])
    assert alles.dropna().max() <= verslag.peildatum.isoformat()


def test_spells_are_those_that_pandas_finds_in_the_log(ingelezen, log):
    _, tabellen, _ = ingelezen
    wie = ["case:concept:name", "org:resource"]
    log = log.assign(dag=log["time:timestamp"].str[:10], groep=log["org:group"].str.replace(" ", "_"))
    los = log.groupby(wie).agg(begin=("dag", "min"), laatste=("dag", "max"))
    los["eind"] = (pd.to_datetime(los["laatste"]) + pd.Timedelta(days=1)).dt.strftime("%Y-%m-%d")
    rijen = log[[*wie, "groep"]].drop_duplicates().join(los, on=wie)
    verwacht = rijen.set_index([*wie, "groep"]).sort_index()[["begin", "eind"]]
    gevonden = tabellen["betrokkenheid"].set_index(["huishouden_id", "professional_id", "organisatie_id"])
    assert gevonden[["begin", "eind"]].sort_index().to_numpy().tolist() == verwacht.to_numpy().tolist()


def test_last_event_is_before_the_peildatum(ingelezen, log):
    verslag, _, _ = ingelezen
    dag_erna = pd.to_datetime(log["time:timestamp"].str[:10]).max() + pd.Timedelta(days=1)
    assert verslag.peildatum == dag_erna.date()
    assert verslag.venster.eind == verslag.peildatum


def test_the_package_passes_the_checks(ingelezen):
    _, _, map_ = ingelezen
    gefaald = [f for f in check(open_package(map_)) if f.status in (Status.GEFAALD, Status.FOUT)]
    assert [f for f in gefaald if f.blokkeert] == []
    # The log is poorer than a delivery of a proeftuin: columns that may be absent are.
    assert "ontbrekende_kolommen" in {f.regel for f in gefaald}
