"""A planted change is in the package as told, and nothing else of the example moves."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from toekomstscenario_eval import cli
from toekomstscenario_eval.data.checks import check
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import _tables, _tables_and_truth, truth_beside
from toekomstscenario_eval.data.synthetic.planted import DAYS, INDICATOR, Planted
from toekomstscenario_eval.errors import GebruikFout

N, SEED = 5000, 5


@pytest.fixture(scope="module")
def gewoon() -> dict[str, pd.DataFrame]:
    return _tables(huishoudens=N, seed=SEED)


def geplant(**wat: float) -> tuple[dict[str, pd.DataFrame], dict]:
    return _tables_and_truth(huishoudens=N, seed=SEED, planted=Planted(**wat))


def cijfers(tabellen: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return of who entered in the window, by pandas alone: region, whether after its start, in time."""
    hh, pt = tabellen["huishouden"], tabellen["proeftuin"].set_index("proeftuin_id")
    hh = hh[pd.to_datetime(hh["begin"]) >= pd.Timestamp("2024-01-01")]
    begin = pd.to_datetime(hh["begin"]).set_axis(hh["huishouden_id"])
    start = pd.to_datetime(pt["start_datum"]).reindex(hh["proeftuin_id"]).to_numpy()
    c = tabellen["contact"]
    c = c[c["vorm"].isin(["huisbezoek", "gesprek_kantoor", "beeldbellen"]).fillna(False)]
    days = pd.to_datetime(c["datum"]) - begin.reindex(c["huishouden_id"]).to_numpy()
    early = set(c["huishouden_id"][(days.dt.days <= DAYS).to_numpy()])
    known = begin < pd.Timestamp("2026-01-01") - pd.Timedelta(days=DAYS + 1)
    out = pd.DataFrame(
        {
            "regio": hh["proeftuin_id"].to_numpy(),
            "proeftuin": ~np.isnat(start),
            "erna": begin.to_numpy() >= start,
            "profiel": hh["gezinsprofiel"].astype("string").to_numpy(),
            "op_tijd": [h in early for h in hh["huishouden_id"]],
        }
    )
    return out[known.to_numpy()]


def verschil(t: pd.DataFrame) -> float:
    """Return the mean change over pilots."""
    per = t[t["proeftuin"]].groupby(["regio", "erna"])["op_tijd"].mean().unstack()
    return float((per[True] - per[False]).mean())


@pytest.fixture(scope="module")
def niets() -> float:
    return verschil(cijfers(geplant()[0]))


def test_nothing_planted_leaves_every_table_alone(gewoon):
    same, truth = _tables_and_truth(huishoudens=N, seed=SEED, planted=None)
    assert truth == {}
    assert all(same[naam].equals(gewoon[naam]) for naam in gewoon)
    changed, _ = geplant(effect=0.1)
    untouched = set(gewoon) - {"contact", "overleg", "huishouden"}
    assert all(changed[naam].equals(gewoon[naam]) for naam in untouched)
    kept = changed["huishouden"].drop(columns="gezinsprofiel")
    assert kept.equals(gewoon["huishouden"].drop(columns="gezinsprofiel"))


@pytest.mark.parametrize(
    ("wat", "laag", "hoog"),
    [
        ({"effect": 0.2}, 0.15, 0.25),
        ({"trend": 0.0, "spread": 0.001}, -0.05, 0.05),
        ({"drift": 0.5}, 0.15, 0.28),  # half of about 0.43 was not on record before
        ({"effect": 0.2, "missing": 0.5}, -0.17, -0.06),  # half of about 0.63, less about 0.43
        ({"composition": 1.0}, 0.01, 0.1),  # 0.1 for the 0.56 who were of another kind
    ],
    ids=str,
)
def test_the_change_is_as_large_as_planted(wat, laag, hoog, niets):
    """Beside the same households with nothing planted: so chance hardly plays."""
    t = cijfers(geplant(**wat)[0])
    assert laag < verschil(t) - niets < hoog
    assert 0.3 < t[~t["proeftuin"]]["op_tijd"].mean() < 0.55


def test_the_truth_tells_of_every_pilot_its_own_change():
    tabellen, truth = geplant(effect=0.05, spread=0.05, composition=0.5)
    assert truth["indicator"] == INDICATOR
    own = [row["verandering"] for row in truth["proeftuinen"]]
    assert len(own) == 11
    assert 0.02 < np.std(own) < 0.09
    shift = [row["door_samenstelling"] for row in truth["proeftuinen"]]
    t = cijfers(tabellen)
    here = t[t["proeftuin"]].assign(light=lambda x: x["profiel"].eq("gezin_in_de_stress").fillna(False))
    light = here.groupby(["regio", "erna"])["light"].mean().unstack()
    assert np.mean(shift) == pytest.approx(0.1 * float((light[True] - light[False]).mean()), abs=0.003)


def test_the_command_plants_says_where_the_truth_is_and_the_package_is_sound(tmp_path: Path):
    command = ["voorbeeld", str(tmp_path / "p"), "--huishoudens", "60"]
    uit = CliRunner().invoke(cli.app, [*command, "--effect", "0.05", "--drift", "0.1"])
    assert uit.exit_code == 0, uit.output
    assert "p-waarheid.json (wat is geplant)" in uit.output
    truth = json.loads(truth_beside(tmp_path / "p").read_text(encoding="utf-8"))
    assert (truth["geplant"]["effect"], truth["geplant"]["drift"]) == (0.05, 0.1)
    assert [(f.regel, f.tabel) for f in check(open_package(tmp_path / "p")) if f.blokkeert] == []


@pytest.mark.parametrize(
    "wat", [{"effect": 0.5}, {"drift": 1.5}, {"missing": -0.1}, {"effect": float("nan")}, {"spread": 0.2}]
)
def test_what_does_not_fit_in_a_share_is_refused(wat):
    with pytest.raises(GebruikFout, match="past niet in een aandeel"):
        Planted(**wat)
