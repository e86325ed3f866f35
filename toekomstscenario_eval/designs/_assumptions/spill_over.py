"""Did comparison regions change as well once pilots had started: spill-over, or what changed everywhere?

The mean of the comparison regions in the periods after the first start less that before it, with the
interval of their households: a handful of regions has no test of its own.
"""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._checked import UNSEEN, CheckCard, Checked, beside, blind, excludes_zero
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.designs._sites import Z
from toekomstscenario_eval.types import Status

CARD = CheckCard(
    code="overloop",
    label="Overloop",
    vraag="Veranderden de vergelijkingsregio's zelf nadat proeftuinen waren begonnen?",
    order=7,
)


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return the change of the comparison regions themselves."""
    del estimator
    mean, v = beside(panel)
    after = panel.treated.any(axis=0)
    before = early_everywhere(panel)
    if not (np.isfinite(mean[after]).any() and np.isfinite(mean[before]).any()):
        return Checked(
            Status.NVT,
            "Er is geen hele periode voor de eerste start, of er zijn geen vergelijkingsregio's: of die toen "
            "mee veranderden, is niet na te gaan.",
        )
    sides = [
        (np.nanmean(mean[at]), np.nansum(v[at]) / np.isfinite(v[at]).sum() ** 2) for at in (after, before)
    ]
    change, error = float(sides[0][0] - sides[1][0]), float(np.sqrt(sides[0][1] + sides[1][1]))
    point = Part("verandering in de vergelijkingsregio's", change, change - Z * error, change + Z * error)
    if excludes_zero(point):
        return Checked(
            Status.GEFAALD,
            "Ook de vergelijkingsregio's veranderden: door iets wat overal speelde, of doordat de werkwijze "
            "overliep. Voor en na alleen zegt dan te veel.",
            (point,),
        )
    if blind(point, effect):
        return Checked(Status.NVT, UNSEEN, (point,))
    return Checked(Status.GESLAAGD, "In de vergelijkingsregio's is geen verandering te zien.", (point,))


def early_everywhere(panel: Panel) -> np.ndarray:
    """Return the periods that lie wholly before the first start of any pilot."""
    own = panel.clean & ~panel.treated
    return (
        np.asarray(own[panel.pilots].all(axis=0))
        if panel.pilots.any()
        else np.zeros(len(panel.periods), bool)
    )
