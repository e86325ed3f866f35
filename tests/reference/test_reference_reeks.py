"""Interrupted time series against base R, sandwich and clubSandwich; `r/reeks.R` made series and numbers."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from toekomstscenario_eval.designs._interrupted import interrupted
from toekomstscenario_eval.designs._interrupted_sites import interrupted_sites
from toekomstscenario_eval.designs._segments import autocorrelation, lag_rule

R = json.loads((Path(__file__).parent / "reeks.json").read_text())
SICILY = Path(__file__).parents[3] / "shared" / "praktijk" / "referentie" / "sicily.csv"
COUNT, EXPOSURE, START = np.array(R["count"]), np.array(R["exposure"]), R["start"]
SITES, SITES_EXPOSURE = (np.array(R[k]).reshape(8, -1) for k in ("sites", "sites_exposure"))
SITES_START = np.array([np.inf if s is None else s for s in R["sites_start"]])


def errors(terms, kind):
    return [term.errors[kind] for term in terms]


def test_counts_with_a_season():
    r, m = R["seizoen"], interrupted(COUNT, START, exposure=EXPOSURE, season=2)
    terms = (m.trend, m.level, m.slope)
    assert [term.schatting for term in terms] == pytest.approx(r["coef"], rel=1e-8)
    assert errors(terms, "model") == pytest.approx(r["model"], rel=1e-7)
    assert errors(terms, "newey-west") == pytest.approx(r["newey_west"], rel=1e-6)
    assert m.dispersion == pytest.approx(r["phi"], rel=1e-8)
    assert m.level.errors["quasi"] == pytest.approx(m.level.errors["model"] * np.sqrt(m.dispersion), rel=1e-9)
    assert (m.lag, m.dispersion > 1) == (3, True)


def test_counts_without_a_season_and_a_change_of_level_alone():
    r, m = R["vlak"], interrupted(COUNT, START, exposure=EXPOSURE, slope=False)
    assert m.slope is None
    assert (m.trend.schatting, m.level.schatting) == pytest.approx(r["coef"], rel=1e-8)
    assert errors((m.trend, m.level), "newey-west") == pytest.approx(r["newey_west"], rel=1e-6)


def test_means_with_a_known_variance():
    r = R["gemiddelde"]
    m = interrupted(np.array(R["y"]), START, variance=np.array(R["v"]), family="normaal")
    terms = (m.trend, m.level, m.slope)
    assert [term.schatting for term in terms] == pytest.approx(r["coef"], rel=1e-8)
    assert errors(terms, "model") == pytest.approx(r["known"], rel=1e-8)
    assert errors(terms, "newey-west") == pytest.approx(r["newey_west"], rel=1e-7)
    assert m.dispersion == pytest.approx(r["phi"], rel=1e-8)


def test_correlation_in_time():
    m = interrupted(COUNT, START, exposure=EXPOSURE, slope=False)
    rest = (COUNT - m.expected) / np.sqrt(m.expected)
    a = autocorrelation(rest, lags=6)
    assert a.acf == pytest.approx(R["acf"], rel=1e-6)
    # R's Box.test takes the mean off first.
    box = autocorrelation(rest - rest.mean(), lags=6)
    assert (box.ljung_box, box.p) == pytest.approx((R["box"], R["box_p"]), rel=1e-6)
    assert a.durbin_watson == pytest.approx(R["durbin_watson"], rel=1e-6)
    assert m.residuals.durbin_watson == pytest.approx(a.durbin_watson, rel=1e-9)


@pytest.mark.parametrize(
    ("geval", "keuze"),
    [("samen", range(8)), ("golf", (0, 1, 5, 6, 7)), ("zonder", range(5))],
)
def test_sites_together(geval, keuze):
    """Two starts beside comparison series, one start beside them, and two starts without."""
    r, which = R[geval], list(keuze)
    m = interrupted_sites(SITES[which], SITES_START[which], exposure=SITES_EXPOSURE[which], season=1)
    terms = (m.level, m.slope)
    assert [term.schatting for term in terms] == pytest.approx(r["coef"], rel=1e-7, abs=1e-9)
    assert errors(terms, "model") == pytest.approx(r["model"], rel=1e-6)
    assert errors(terms, "regio") == pytest.approx(r["regio"], rel=1e-6)
    assert m.dispersion == pytest.approx(r["phi"], rel=1e-7)
    assert [term.schatting for term in m.beside] == pytest.approx(r.get("beside", []), rel=1e-7)
    assert [term.df["regio"] for term in terms] == pytest.approx(r["df"], rel=1e-5)


def sicily():
    if not SICILY.exists():
        pytest.skip("de gedeelde referentiebestanden (praktijk/referentie/sicily.csv) zijn hier niet")
    rows = list(csv.DictReader(SICILY.read_text().splitlines()))
    y, extent = (np.array([float(row[k]) for row in rows]) for k in ("aces", "stdpop"))
    return y, [row["smokban"] for row in rows].index("1"), extent


def rounded(*numbers):
    return tuple(round(x, 4) for x in numbers)


def test_published_smoking_ban_on_sicily():
    """Lopez Bernal, Cummins and Gasparrini (2017): level change of a Poisson regression with a trend."""
    y, start, extent = sicily()
    m = interrupted(y, start, exposure=extent, slope=False)
    assert rounded(m.level.effect, *m.level.interval("model")) == (0.8944, 0.8647, 0.9251)
    # Published with the normal, for which there are enough months; Student's t is a little wider.
    assert rounded(*m.level.interval("quasi", t=False)) == (0.8392, 0.9532)
    assert round(m.dispersion, 3) == 3.559
    under, above = m.level.interval("quasi")
    assert (under < 0.8391, above > 0.9533) == (True, True)
    m = interrupted(y, start, exposure=extent, slope=False, season=2)
    assert rounded(m.level.effect, *m.level.interval("quasi", t=False)) == (0.8851, 0.8394, 0.9332)


def test_the_rule_for_the_lag():
    assert [lag_rule(n) for n in (8, 24, 36, 59, 100, 200)] == [2, 2, 3, 3, 4, 4]
