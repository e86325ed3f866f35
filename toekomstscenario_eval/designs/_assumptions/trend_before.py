"""Did pilots and comparison regions already grow apart before the start, and would it have been seen?

Of each pilot the slope over its periods before the start, of its figure less the mean of the comparison
regions (without these, of the figure itself); over pilots the mean slope with a t interval. A trend of (t
+ z80) standard errors would have been found four times out of five.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from toekomstscenario_eval.designs._checked import CheckCard, Checked, beside, early, excludes_zero
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.types import Status

CARD = CheckCard(
    code="voortrend",
    label="Trend voor de start",
    vraag="Liepen proeftuinen en vergelijkingsregio's voor de start al uit elkaar?",
    order=1,
)
_POWER = 0.8


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return the mean slope before the start, and what slope would have been found."""
    del estimator
    slopes = _slopes(panel)
    if len(slopes) < 2:
        return Checked(
            Status.NVT,
            "Er zijn te weinig perioden voor de start om een trend te zien: dit is niet te toetsen.",
        )
    k = len(slopes)
    error = slopes.std(ddof=1) / np.sqrt(k)
    margin = stats.t.ppf(0.975, k - 1) * error
    mean = float(slopes.mean())
    slope = Part("trend per periode", mean, mean - float(margin), mean + float(margin))
    seen = float(margin + stats.t.ppf(_POWER, k - 1) * error)
    lead = _lead(panel)
    hidden = seen * lead
    points = (slope, Part("kleinste trend die zou opvallen, maal de tijd ertussen", hidden))
    if excludes_zero(slope):
        return Checked(
            Status.GEFAALD,
            "Voor de start liepen zij al uit elkaar: de verandering kan die trend zijn.",
            points,
        )
    if hidden >= abs(effect.estimate):
        return Checked(
            Status.NVT,
            "Er is geen trend te zien, maar een trend die de hele verandering verklaart zou niet zijn "
            "opgevallen: de gegevens kunnen dit niet uitsluiten.",
            points,
        )
    return Checked(
        Status.GESLAAGD,
        "Er is geen trend te zien, en een trend die de hele verandering verklaart zou zijn opgevallen.",
        points,
    )


def _slopes(panel: Panel) -> np.ndarray:
    """Return the slope of each pilot with two or more periods before its start."""
    other, _ = beside(panel)
    gap = panel.y - (other if np.isfinite(other).any() else 0.0)
    known = early(panel) & np.isfinite(gap)
    t = np.arange(len(panel.periods))
    return np.array(
        [np.polyfit(t[row], y[row], 1)[0] for row, y in zip(known, gap, strict=True) if row.sum() >= 2]
    )


def _lead(panel: Panel) -> float:
    """Return how many periods the figures after the start lie from those before it, on average."""
    before, after = early(panel), panel.treated & np.isfinite(panel.y)
    both = before.any(axis=1) & after.any(axis=1)
    t = np.arange(len(panel.periods))
    middle = [((row * t).sum(axis=1) / row.sum(axis=1)) for row in (after[both], before[both])]
    return float((middle[0] - middle[1]).mean())
