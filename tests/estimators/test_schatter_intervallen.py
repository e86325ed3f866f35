"""Properties of the intervals to choose from, and of the mixed model."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.estimators import overdispersion
from toekomstscenario_eval.estimators.curve import LOG_LOG, compute, survival_on
from toekomstscenario_eval.estimators.intervals import clopper_pearson, poisson
from toekomstscenario_eval.estimators.mixed import mixed

DUREN = st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=3, max_size=40)
AANTALLEN = st.lists(st.integers(0, 30), min_size=2, max_size=40)
SCORES = st.lists(
    st.lists(st.integers(-20, 20), min_size=2, max_size=8).map(lambda w: [x / 4 for x in w]),
    min_size=3,
    max_size=8,
)


@given(DUREN, st.integers(1, 60))
def test_log_log_interval_encloses_the_curve_within_0_and_1(duren, dag):
    rijen = [{"dag": 0, "soort": -1, "n": len(duren)}]
    rijen += [{"dag": d, "soort": int(einde), "n": 1} for d, einde in duren]
    s, (onder, boven) = survival_on(compute(pd.DataFrame(rijen)), dag, schaal=LOG_LOG)
    if not np.isnan(onder):
        assert 0 <= onder <= s <= boven <= 1


@given(st.integers(1, 200), st.data())
def test_exact_interval_mirrors_and_encloses(n, data):
    t = data.draw(st.integers(0, n))
    onder, boven = clopper_pearson(t, n)
    assert onder <= t / n <= boven
    gespiegeld = clopper_pearson(n - t, n)
    np.testing.assert_allclose((1 - gespiegeld[1], 1 - gespiegeld[0]), (onder, boven), atol=1e-12)


@given(AANTALLEN)
def test_overdispersion_widens_and_never_narrows(aantallen):
    assume(sum(aantallen) > 0)
    uniek, n = np.unique(np.array(aantallen, dtype=float), return_counts=True)
    n = n.astype(float)
    (onder, boven), fout = overdispersion.negative_binomial(uniek, n)
    gemiddelde = float((n * uniek).sum() / n.sum())
    assert onder <= gemiddelde <= boven
    assert overdispersion.alpha(uniek, n) >= 0
    # The variance of a negative binomial is never under that of Poisson.
    assert fout >= math.sqrt(gemiddelde / n.sum()) * (1 - 1e-12)
    kwadraten = float((n * (uniek - gemiddelde) ** 2).sum())
    breed, _ = overdispersion.rate(sum(aantallen), len(aantallen), kwadraten, len(aantallen))
    smal = poisson(sum(aantallen), len(aantallen))
    assert breed[0] <= smal[0] + 1e-12
    assert breed[1] >= smal[1] - 1e-12


def _fit(sites):
    n, som, kwadraat = (
        np.array([f(np.array(w)) for w in sites], dtype=float) for f in (len, np.sum, lambda w: (w**2).sum())
    )
    return mixed(n, som, kwadraat, np.ones((len(sites), 1)))


@settings(deadline=None)
@given(SCORES, st.integers(-5, 5))
def test_mixed_model_follows_a_shift_and_the_order_of_sites_does_not_matter(sites, erbij):
    assume(any(len(set(w)) > 1 for w in sites))
    een, om = _fit(sites), _fit(sites[::-1])
    hoger = _fit([[x + erbij for x in w] for w in sites])
    np.testing.assert_allclose(om.coefficients, een.coefficients, atol=1e-5)
    np.testing.assert_allclose(hoger.coefficients[0], een.coefficients[0] + erbij, atol=1e-5)
    # The mean over sites lies between the lowest and the highest site.
    gemiddelden = [sum(w) / len(w) for w in sites]
    assert min(gemiddelden) - 1e-9 <= een.coefficients[0] <= max(gemiddelden) + 1e-9
