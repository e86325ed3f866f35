"""Sites in regions: against the model with two levels, against the matrices written out, and the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest

from toekomstscenario_eval.designs._between import reml
from toekomstscenario_eval.designs._three_level import ALONE, FEW, three_levels, three_levels_of_rows

REGION = list("aaabbbcccdd")
Y = np.array([0.2, 0.5, 0.4, -0.6, -0.2, -0.5, 0.1, 0.9, 0.3, -0.9, -0.1])
V = 0.02 + np.arange(11) / 200


def written_out(y, v, region, a, b, x):
    """-2 log restricted likelihood by the whole covariance matrix."""
    same = np.array([[one == other for other in region] for one in region])
    cov = np.diag(v + b) + a * same
    inverse = np.linalg.inv(cov)
    information = x.T @ inverse @ x
    rest = y - x @ np.linalg.solve(information, x.T @ inverse @ y)
    return np.linalg.slogdet(cov)[1] + np.linalg.slogdet(information)[1] + rest @ inverse @ rest


def test_nothing_near_is_likelier():
    m, one = three_levels(Y, V, REGION), np.ones((11, 1))
    best = written_out(Y, V, REGION, m.regions, m.sites, one)
    assert m.loglik == pytest.approx(-(best + 10 * math.log(2 * math.pi)) / 2)
    for a, b in ((0.98, 1), (1.02, 1), (1, 0.98), (1, 1.02)):
        assert written_out(Y, V, REGION, a * m.regions, b * m.sites, one) > best


def test_without_anything_between_regions_it_is_two_levels():
    """Regions with the same three values."""
    y, v = np.tile([-1.0, 0.0, 1.2], 4), np.full(12, 0.1)
    m = three_levels(y, v, np.repeat(list("abcd"), 3).tolist())
    assert m.regions == 0
    assert m.sites == pytest.approx(reml(y, v), rel=1e-6)
    assert m.notes[-1].startswith("Tussen regio's is niet meer verschil")
    # The interval rests on four regions all the same.
    assert m.df == 3
    assert m.per_region == pytest.approx(np.zeros(4))


def test_new_site_and_shares_of_variance():
    m = three_levels(Y, V, REGION)
    half = (m.interval()[1] - m.interval()[0]) / 2
    new = (m.predict()[1] - m.predict()[0]) / 2
    assert new**2 / half**2 == pytest.approx((m.regions + m.sites) / m.standard_errors[0] ** 2 + 1)
    assert 0 < sum(m.i2) < 1
    assert m.i2[0] / m.i2[1] == pytest.approx(m.regions / m.sites)


def test_order_and_names_do_not_matter():
    order = np.random.default_rng(1).permutation(11)
    names = {"a": "z", "b": "y", "c": "x", "d": "w"}
    m, n = three_levels(Y, V, REGION), three_levels(Y[order], V[order], [names[REGION[i]] for i in order])
    assert n.coefficients == pytest.approx(m.coefficients, rel=1e-6)
    assert n.per_region == pytest.approx(m.per_region[::-1], rel=1e-5)


def test_a_region_with_one_site_is_told():
    m = three_levels(Y, V, [*REGION[:-1], "e"])
    assert m.status == ""
    assert m.notes[0].startswith("In 2 van de 5 regio's is er één proeftuin")


SUMS = tuple(np.array(part, dtype=float) for part in ([5, 4, 6, 5], [10, 9, 15, 8], [30, 25, 50, 20]))


@pytest.mark.parametrize(
    ("region", "x", "tekst"),
    [
        ("aabb", None, FEW),
        ("abcd", None, ALONE),
        ("aabc", np.ones((4, 3)), FEW),
        ("aabc", np.ones((4, 2)), "zeggen hetzelfde"),
    ],
)
def test_what_is_no_three_levels_says_why(region, x, tekst):
    for m in (three_levels(Y[:4], V[:4], list(region), x), three_levels_of_rows(*SUMS, list(region), x)):
        assert tekst in m.status
        assert m.coefficients == ()


def test_rows_without_spread_within_sites():
    n, total = SUMS[:2]
    assert "geen spreiding binnen" in three_levels_of_rows(n, total, total**2 / n, list("aabc")).status


@pytest.mark.parametrize(("y", "v"), [([1, np.nan, 2], [1, 1, 1]), ([1, 2, 3], [1, 0, 1])])
def test_what_is_missing_is_refused(y, v):
    with pytest.raises(ValueError, match="ontbreekt of een variantie"):
        three_levels(np.array(y), np.array(v), list("abc"))
