"""Interrupted time series: what they find, what they refuse, and what they say they cannot tell."""

from __future__ import annotations

import numpy as np
import pytest

from toekomstscenario_eval.designs._cluster_robust import robust
from toekomstscenario_eval.designs._interrupted import TOGETHER, interrupted
from toekomstscenario_eval.designs._interrupted_sites import NO_SITES, interrupted_sites
from toekomstscenario_eval.designs._segments import autocorrelation, fit, harmonics

T = np.arange(36)
EXPOSURE = 400.0 + 3 * T
# Without chance: a rate that rises, falls by a fifth at 20 and then rises less.
RATE = np.exp(-2 + 0.01 * T + (T >= 20) * (np.log(0.8) - 0.005 * (T - 20)))
COUNT = EXPOSURE * RATE


def test_what_was_put_in_comes_out():
    m = interrupted(COUNT, 20, exposure=EXPOSURE)
    assert (m.status, m.before, m.after) == ("", 20, 16)
    assert (m.level.effect, m.slope.schatting, m.trend.schatting) == pytest.approx(
        (0.8, -0.005, 0.01), abs=1e-9
    )
    assert m.expected == pytest.approx(COUNT)
    assert m.without == pytest.approx(EXPOSURE * np.exp(-2 + 0.01 * T))
    assert m.level.p() < 0.05 < m.slope.p()
    assert m.notes == (TOGETHER,)


def test_means_have_a_difference_and_no_ratio():
    y = 10 + 0.1 * T - 2 * (T >= 20)
    m = interrupted(y, 20, variance=np.full(36, 0.25), family="normaal", slope=False)
    assert m.level.effect == pytest.approx(-2)
    under, above = m.level.interval("model")
    assert (under + above) / 2 == pytest.approx(-2)
    # Least squares with a known variance of 0.25, by the inverse of X'X.
    x = np.column_stack([np.ones(36), T, T >= 20]).astype(float)
    assert m.level.errors["model"] == pytest.approx(0.5 * np.sqrt(np.linalg.inv(x.T @ x)[2, 2]))


def test_the_interval_shown_is_the_widest():
    y = COUNT * (1 + 0.2 * (-1.0) ** T)
    term = interrupted(y, 20, exposure=EXPOSURE).level
    widths = {kind: np.diff(np.log(term.interval(kind)))[0] for kind in term.errors}
    assert term.widest == max(widths, key=widths.get) == "quasi"
    assert term.interval() == term.interval("quasi")


def test_noise_in_a_count_widens_what_is_known():
    plain, noisy = (interrupted(COUNT, 20, exposure=EXPOSURE, variance=v) for v in (None, np.full(36, 3.0)))
    assert noisy.level.schatting == pytest.approx(plain.level.schatting)
    # A count of about 60 with a noise of variance 3: some 5% more variance, half of that in the error.
    ratio = noisy.level.errors["model"] / plain.level.errors["model"]
    assert 1 + 1.5 / COUNT.max() < ratio < 1 + 1.5 / COUNT.min()


def test_missing_periods_are_told_and_add_nothing():
    y = COUNT.copy()
    y[[3, 4, 25]] = np.nan
    m = interrupted(y, 20, exposure=EXPOSURE)
    assert (m.before, m.after) == (18, 15)
    assert m.level.effect == pytest.approx(0.8)
    assert "3 van de 36 perioden" in m.notes[1]


def test_newey_west_goes_by_the_periods_and_not_by_the_order():
    """The sum over all pairs of periods, weighted by how far they are apart."""
    rng = np.random.default_rng(4)
    at = np.delete(T, [5, 6, 17])
    x = np.column_stack([np.ones(len(at)), at / 10, at >= 20])
    f = fit(
        rng.poisson(50, len(at)).astype(float), x, family="poisson", extent=np.ones(33), noise=np.zeros(33)
    )
    near = np.maximum(0, 1 - np.abs(at[:, None] - at) / 4)
    expected = f.bread @ f.scores.T @ near @ f.scores @ f.bread * 33 / 30
    assert f.newey_west(at, 3) == pytest.approx(expected)


def test_errors_by_site_are_those_of_the_matrix_of_all_rows():
    """CR2 and its degrees of freedom by `_cluster_robust`, which writes every row against every row."""
    rng = np.random.default_rng(3)
    cluster = np.repeat(np.arange(6), 9)
    own = (cluster[:, None] == np.arange(6)).astype(float)
    x = np.column_stack([rng.normal(size=(54, 2)), own])
    v = rng.uniform(0.5, 2, 54)
    f = fit(rng.normal(size=54), x, family="normaal", extent=v, noise=np.zeros(54))
    scaled = np.sqrt(1 / v)
    for i, (error, df) in enumerate(f.by_cluster(cluster, [0, 1])):
        r = robust(x * scaled[:, None], cluster, np.eye(8)[i])
        assert error == pytest.approx(r.of(f.y * scaled).se)
        assert df == pytest.approx(r.df)


def test_correlation_in_time_with_a_gap_by_hand():
    a = autocorrelation(np.array([1.0, 1.0, np.nan, -1.0, 2.0]), lags=9)
    # Squares 7; next to each other 1 * 1 and -1 * 2; two apart 1 * -1; three apart 1 * -1 and 1 * 2.
    assert a.acf == pytest.approx(np.array([-1, -1, 1]) / 7)
    assert a.durbin_watson == pytest.approx(9 / 7)
    assert a.ljung_box == pytest.approx(4 * 6 / 49 * (1 / 3 + 1 / 2 + 1))


def test_no_residuals_no_correlation():
    a = autocorrelation(np.zeros(8), lags=3)
    assert np.isnan([*a.acf, a.durbin_watson, a.p]).all()


def test_harmonics_of_half_a_year_have_one_column():
    assert harmonics(np.arange(8.0), 2, 4).shape == (8, 3)
    assert harmonics(np.arange(8.0), 0, 4).shape == (8, 0)


@pytest.mark.parametrize(
    ("change", "tekst"),
    [
        ({"start": np.inf}, "buiten de perioden"),
        ({"start": 0}, "buiten de perioden"),
        ({"start": 36}, "buiten de perioden"),
        ({"start": 5}, "perioden voor de start is 5; nodig zijn er ten minste 8."),
        ({"start": 30}, "volstaan er minder"),
        ({"start": 33}, "perioden vanaf de start is 3; nodig zijn er ten minste 8."),
        ({"season": 1, "period": 24}, "ten minste 48 perioden"),
        ({"y": np.zeros(36)}, "geen enkele periode"),
        ({"y": COUNT * (T < 20)}, "Vanaf de start is er niets gebeurd"),
        ({"y": COUNT * (T >= 20)}, "Voor de start is er niets gebeurd"),
        # One event in the last period: the slope has no end.
        ({"y": COUNT * (T < 20) + (T == 35)}, "niet te schatten"),
    ],
)
def test_a_series_that_cannot_answer_says_why(change, tekst):
    arguments = {"y": COUNT, "start": 20, "exposure": EXPOSURE} | change
    m = interrupted(arguments.pop("y"), arguments.pop("start"), **arguments)
    assert tekst in m.status
    assert (m.level, m.slope, m.residuals) == (None, None, None)


def test_a_change_of_level_alone_needs_fewer_periods():
    assert interrupted(COUNT, 31, exposure=EXPOSURE, slope=False).status == ""


@pytest.mark.parametrize(
    ("arguments", "tekst"),
    [({"family": "normaal"}, "een variantie nodig"), ({"exposure": np.zeros(36)}, "niet positief")],
)
def test_a_call_that_makes_no_sense_is_refused(arguments, tekst):
    with pytest.raises(ValueError, match=tekst):
        interrupted(COUNT, 20, **arguments)


START = np.array([18.0, 18.0, 24.0, np.inf, np.inf])


def panel(start=START, *, shock=0.0):
    """Series without chance: own level and line for pilots, and a change that all have at 18 and 24."""
    site, pilot = np.arange(len(start))[:, None], np.isfinite(start)[:, None]
    late = start[:, None] <= T
    eta = 3 + 0.1 * site + 0.01 * T + 0.005 * T * pilot + np.log(0.7) * late + shock * (T >= 18)
    return np.exp(eta)


def test_a_change_that_all_have_is_not_of_the_pilots():
    """Where one start is compared at a time, the shock at 18 is seen in the comparison series too."""
    y = panel(start=np.array([18.0, 18.0, np.inf, np.inf]), shock=0.4)
    m = interrupted_sites(y, np.array([18.0, 18.0, np.inf, np.inf]))
    assert (m.sites, m.comparison, m.starts) == (2, 2, (18,))
    assert m.level.effect == pytest.approx(0.7)
    assert m.slope.schatting == pytest.approx(0, abs=1e-9)
    assert [term.schatting for term in m.beside] == pytest.approx([0.4])
    # Without them it would have been taken for the effect.
    assert interrupted_sites(y[:2], START[:2]).level.schatting == pytest.approx(np.log(0.7) + 0.4)


def test_two_starts_are_two_stacks():
    m = interrupted_sites(panel(), START)
    assert (m.starts, len(m.beside)) == ((18, 24), 2)
    assert m.level.effect == pytest.approx(0.7)
    # Two comparison sites stand in both stacks: far fewer than the five sites less one.
    assert 1 < m.level.df["regio"] < 4
    assert m.notes == ()


def test_one_site_is_the_series_itself():
    m, one = interrupted_sites(panel()[:1], START[:1]), interrupted(panel()[0], 18)
    assert m.level.schatting == pytest.approx(one.level.schatting)
    assert m.level.errors["quasi"] == pytest.approx(one.level.errors["quasi"])
    assert "regio" not in m.level.errors
    assert m.notes == (TOGETHER, NO_SITES)


def test_sites_that_cannot_take_part_are_told():
    y = panel()
    y[1] = 0
    y[4, :3] = np.nan
    m = interrupted_sites(y, START, slope=False)
    assert (m.sites, m.comparison, m.slope) == (2, 2, None)
    assert m.notes == (
        "1 van de 5 regio's doen niet mee: te weinig perioden voor of na de start, of er gebeurde niets.",
        "Van 3 van de 144 perioden is er geen cijfer; die tellen niet mee.",
    )


@pytest.mark.parametrize(
    ("start", "y", "tekst"),
    [
        (np.full(5, np.inf), panel(), "geen regio die begon"),
        (np.full(5, 35.0), panel(), "perioden vanaf de start is 1"),
        (START, panel() * 0, "is iets gebeurd"),
        (START, panel() * np.array([1, 1, 1, 0, 0])[:, None], "geen vergelijkingsregio"),
        (
            np.array([18.0, 18, np.inf, np.inf, np.inf]),
            panel() * ((T < 18) | (np.arange(5) > 1)[:, None]),
            "niet te",
        ),
    ],
)
def test_sites_that_cannot_answer_say_why(start, y, tekst):
    m = interrupted_sites(y, start)
    assert tekst in m.status
    assert m.level is None


def test_residuals_of_sites_do_not_run_into_each_other():
    """Each site ends high and the next begins low: that is no step in time."""
    rest = np.tile(np.linspace(-1, 1, 36), (5, 1))
    m = interrupted_sites(np.round(panel() * (1 + 0.3 * rest**3)), START, slope=False)
    assert 0 < m.residuals.durbin_watson < 1
    assert len(m.residuals.acf) == 12
