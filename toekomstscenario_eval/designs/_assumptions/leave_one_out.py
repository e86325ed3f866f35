"""Does the change hang on one region: the same design without each region in turn."""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._checked import CheckCard, Checked, excludes_zero
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.types import Status

CARD = CheckCard(
    code="zonder_een_regio",
    label="Zonder één regio",
    vraag="Hangt de verandering aan één regio?",
    order=3,
)


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return the change without each region in turn."""
    points = []
    for i, region in enumerate(panel.regions):
        found = estimator(panel.only(np.arange(len(panel.regions)) != i))
        if not found.reason and found.estimate != effect.estimate:
            points.append(Part(f"zonder {region}", found.estimate, found.under, found.above))
    if not points:
        return Checked(Status.NVT, "Zonder een van de regio's blijft er te weinig over om te vergelijken.")
    ends = sorted(points, key=lambda p: p.estimate)
    shown = (ends[0], ends[-1]) if len(ends) > 1 else (ends[0],)
    # What takes in zero already hangs on nothing.
    sure = points if excludes_zero(effect) else []
    turned = [p for p in sure if np.sign(p.estimate) != np.sign(effect.estimate)]
    weaker = [p for p in sure if not excludes_zero(p)]
    if turned or weaker:
        words = "keert de verandering om" if turned else "laat het interval nul toe"
        at = (turned or weaker)[0]
        return Checked(
            Status.GEFAALD,
            f"De uitkomst hangt aan één regio: {at.label} {words}.",
            tuple(dict.fromkeys((at, *shown))),
        )
    if not sure:
        return Checked(
            Status.NVT, "Zonder welke regio ook blijft nul in het interval, of kan het daarin liggen.", shown
        )
    return Checked(Status.GESLAAGD, "Zonder welke regio ook blijft nul buiten het interval.", shown)
