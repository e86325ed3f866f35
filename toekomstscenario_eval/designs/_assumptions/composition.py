"""How many enter: did the number of households that entered change with the start, by the same design?

The figure is the logarithm of the households of a region and period, less its mean over the periods. When
others enter than before, a change of the figure can be a change of who is counted.
"""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._checked import CheckCard, Checked, excludes_zero
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.types import Status, Vorm

CARD = CheckCard(
    code="hoeveel_instroomt",
    label="Hoeveel instroomt",
    vraag="Stroomden er na de start meer of minder huishoudens in?",
    order=4,
)


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return the relative change in households that entered."""
    del effect
    n = np.where(np.isfinite(panel.y), panel.n, np.nan)
    entered = Panel(
        panel.regions, panel.periods, np.log(n), 1 / n, np.ones_like(n), panel.start, panel.clean, panel.kind
    )
    found = estimator(entered)
    if found.reason or not found.bounded:
        return Checked(
            Status.NVT, "Of de instroom veranderde, is met zo weinig regio's of perioden niet te zien."
        )
    ratio, under, above = (float(np.exp(x)) for x in (found.estimate, found.under, found.above))
    point = Part("instroom na de start, maal die ervoor", ratio, under, above, Vorm.GETAL)
    if excludes_zero(found):
        words = "Na de start stroomde een ander aantal huishoudens in: de verandering kan komen doordat "
        return Checked(Status.GEFAALD, f"{words}anderen instroomden.", (point,))
    return Checked(Status.GESLAAGD, "In het aantal dat instroomt, is geen verandering te zien.", (point,))
