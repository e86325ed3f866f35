"""Published national figures from the delivered tables; the tables stand beside the project folder."""

from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.estimators import duration, share
from toekomstscenario_eval.types import Maat, Vorm

PRAKTIJK = Path(__file__).parents[3] / "shared" / "praktijk"
CBS = PRAKTIJK / "nl" / "cbs_jeugdbescherming_standen.csv"
ENGELAND = PRAKTIJK / "engeland" / "d7_cpps_ending_by_duration_2013_to_2024.csv"
# Published classes of duration, and the last day that each holds.
KLASSEN = {
    "3_months_or_less": 90,
    "more_than_3_months_6_months": 180,
    "more_than_6_months_less_than_1_year": 364,
    "1_year_less_than_2_years": 729,
    "2_years_or_more": 730,
}
zonder_cbs = pytest.mark.skipif(not CBS.is_file(), reason="de CBS-standen staan niet naast de projectmap")
zonder_engeland = pytest.mark.skipif(
    not ENGELAND.is_file(), reason="tabel D7 van Engeland staat niet naast de projectmap"
)


@pytest.fixture(scope="module")
def standen():
    return pd.read_csv(CBS, dtype={"periode": str})


@zonder_cbs
@pytest.mark.parametrize(
    ("periode", "procent", "gepubliceerd"),
    [("2019", 31.42, 31), ("2021H1", 30.49, 30), ("2022", 32.08, 32), ("2023H1", 32.33, 32.3)],
)
def test_share_of_guardianship(standen, periode, procent, gepubliceerd):
    deel = standen[standen["periode"].eq(periode)].set_index("maatregel")
    voogdij = ["Voogdij", "Voorlopige en tijdelijke voogdij"]
    t, n = float(deel.loc[voogdij, "eindstand"].sum()), float(deel.loc["Totaal", "eindstand"])
    som = pd.DataFrame([{"som_t": t, "som_n": n, "som_tt": t, "som_nn": n, "som_tn": t}])
    uit = share.estimate_group(
        som, huishoudens=round(n), maten={"aandeel": Maat("", "", Vorm.AANDEEL)}, horizon=365
    )
    (rij,) = uit.schattingen
    assert round(100 * rij["schatting"], 2) == procent
    assert deel.loc["Totaal", "gepubliceerd_pct_voogdij"] == gepubliceerd
    assert round(procent, 1 if gepubliceerd % 1 else 0) == gepubliceerd


@zonder_cbs
def test_stocks_and_flows_agree_within_rounding(standen):
    over = standen["beginstand"] + standen["instroom"] - standen["uitstroom"] - standen["eindstand"]
    assert len(over) == 20
    assert over.abs().max() <= 5


@zonder_engeland
def test_grouped_durations_of_plans_that_ended():
    d = pd.read_csv(ENGELAND, low_memory=False)
    land = d[d["time_period"].eq(2024) & d["geographic_level"].eq("National")].iloc[0]
    aantallen = {dag: int(land[naam]) for naam, dag in KLASSEN.items()}
    assert sum(aantallen.values()) == int(land["CPP_End"]) == 62870
    op_dag = [{"dag": dag, "soort": 1, "n": n} for dag, n in aantallen.items()]
    gegevens = pd.DataFrame([{"dag": 0, "soort": -1, "n": 62870}, *op_dag])
    namen = ("langer_90", "langer_180", "langer_365", "mediaan")
    uit = duration.estimate_group(
        gegevens,
        huishoudens=62870,
        maten={naam: Maat(naam, "", Vorm.AANDEEL) for naam in namen},
        horizon=365,
    )
    rijen = {rij["maat"]: rij["schatting"] for rij in uit.schattingen}
    procenten = [100 * n / 62870 for n in aantallen.values()]
    assert [round(p, 1) for p in procenten] == [16.3, 11.7, 43.3, 24.9, 3.8]
    assert rijen["langer_90"] == pytest.approx(1 - 10240 / 62870)
    assert rijen["langer_180"] == pytest.approx(1 - (10240 + 7350) / 62870)
    assert rijen["langer_365"] == pytest.approx((15640 + 2400) / 62870)
    # Half of the plans had ended somewhere between six months and a year.
    assert rijen["mediaan"] == 364
