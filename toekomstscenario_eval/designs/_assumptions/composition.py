"""Who enters: did the number of households that entered change with the start, by the same design?

The figure is the logarithm of the households of a region and period, less its mean over the periods. When
others enter than before, a change of the figure can be a change of who is counted.
"""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._checked import CheckCard, Checked, excludes_zero
from toekomstscenario_eval.designs._effect import Effect, Estimator
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.types import Status

CARD = CheckCard(
    code="wie_instroomt",
    label="Wie instroomt",
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
    words = (
        f"De instroom na de start was {_times(ratio)} die van ervoor (interval {_times(under)} tot "
        f"{_times(above)})"
    )
    if excludes_zero(found):
        return Checked(Status.GEFAALD, f"{words}: de verandering kan komen doordat anderen instroomden.")
    return Checked(Status.GESLAAGD, f"{words}.")


def _times(ratio: float) -> str:
    return f"{ratio:.2f} keer".replace(".", ",")
