"""Did the figure move shortly before the start: the last period before it, beside the earlier ones.

Of each pilot the figure of the last period that lies wholly before the start, less those before it, and less
the same of the comparison regions; over pilots the mean with a t interval.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from toekomstscenario_eval.designs._checked import (
    UNSEEN,
    CheckCard,
    Checked,
    beside,
    blind,
    early,
    excludes_zero,
)
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.types import Status

CARD = CheckCard(
    code="vooruitlopen",
    label="Vooruitlopen op de start",
    vraag="Veranderde het cijfer al bij wie vlak voor de start instroomde?",
    order=8,
)


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return the difference between the periods around the start and the earlier ones."""
    del estimator
    other, _ = beside(panel)
    gap = panel.y - (other if np.isfinite(other).any() else 0.0)
    ahead = early(panel) & np.isfinite(gap)
    # The last of them is the one with no other after it.
    last = ahead & (np.cumsum(ahead[:, ::-1], axis=1)[:, ::-1] == 1)
    both = (ahead & ~last).any(axis=1)
    if both.sum() < 2:
        return Checked(Status.NVT, "Er zijn te weinig proeftuinen met meer dan een periode voor de start.")
    means = [np.nanmean(np.where(at[both], gap[both], np.nan), axis=1) for at in (last, ahead & ~last)]
    d = means[0] - means[1]
    margin = float(stats.t.ppf(0.975, len(d) - 1) * d.std(ddof=1) / np.sqrt(len(d)))
    mean = float(d.mean())
    point = Part("laatste periode voor de start", mean, mean - margin, mean + margin)
    if excludes_zero(point):
        return Checked(
            Status.GEFAALD,
            "Het cijfer bewoog al bij wie net voor de start instroomde. Begon de werkwijze eerder dan de "
            "startdatum, dan is de verandering te laag geschat; liep er al een trend, dan te hoog.",
            (point,),
        )
    if blind(point, effect):
        return Checked(Status.NVT, UNSEEN, (point,))
    return Checked(
        Status.GESLAAGD, "Bij wie net voor de start instroomde, bewoog het cijfer nog niet.", (point,)
    )
