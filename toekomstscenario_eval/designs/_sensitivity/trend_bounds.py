"""If the trend had broken anyway: how large a break may be before the change could be nothing.

Take as measure the largest change from one period to the next before the start, pilots less comparison
regions. Had the pilots moved M times as much per period after it, in the same direction each time, the
change would be M times the measure times the periods in between less. Bounds for M of a half, one and two,
and the M at which the interval takes in zero. In the style of bounds by relative magnitude, for the mean
over pilots.

References
----------
Rambachan and Roth (2023), A more credible approach to parallel trends, doi:10.1093/restud/rdad018
"""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._checked import AT_ZERO, CheckCard, Checked, beside, early, excludes_zero
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.types import Status, Vorm

CARD = CheckCard(
    code="trendbreuk",
    label="Als de trend toch was gebroken",
    vraag="Hoe groot mag een andere ontwikkeling zijn voordat de verandering niets kan zijn?",
    order=1,
)
_SIZES = {1.0: "met een even grote schommeling", 2.0: "met een twee keer zo grote"}


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return the bounds of the change, and the size of a break at which zero comes in."""
    del estimator
    measure, lead = _measure(panel), _lead(panel)
    if not np.isfinite(measure) or not effect.bounded:
        return Checked(
            Status.NVT,
            "Voor de start zijn er te weinig perioden om een maat voor een andere ontwikkeling te geven.",
        )
    by = measure * lead
    points = tuple(
        Part(label, effect.estimate, effect.under - m * by, effect.above + m * by)
        for m, label in _SIZES.items()
    )
    if not excludes_zero(effect):
        return Checked(Status.NVT, AT_ZERO, points)
    if by <= 0:
        return Checked(Status.GESLAAGD, "Voor de start was er geen schommeling om als maat te nemen.", points)
    least = min(abs(effect.under), abs(effect.above)) / by
    at = Part("zoveel keer die schommeling laat nul toe", least, vorm=Vorm.GETAL)
    return Checked(
        Status.GESLAAGD if least >= 1 else Status.GEFAALD,
        "Liepen proeftuinen na de start per periode zoveel keer anders als de grootste schommeling van "
        "voor de "
        "start, dan kan de verandering niets zijn.",
        (at, *points),
    )


def _measure(panel: Panel) -> float:
    """Return the largest change from one period to the next of the mean gap before the start."""
    other, _ = beside(panel)
    gap = np.where(early(panel), panel.y - (other if np.isfinite(other).any() else 0.0), np.nan)
    steps = np.diff(gap, axis=1)
    known = np.isfinite(steps).sum(axis=0)
    means = np.nansum(steps, axis=0)[known > 0] / known[known > 0]
    return float(np.abs(means).max()) if len(means) else np.nan


def _lead(panel: Panel) -> float:
    """Return how many periods the treated figures lie past the start, on average."""
    at = panel.treated & panel.pilots[:, None] & np.isfinite(panel.y)
    since = np.arange(len(panel.periods)) - panel.start[:, None] + 1
    return float(since[at].mean()) if at.any() else np.nan
