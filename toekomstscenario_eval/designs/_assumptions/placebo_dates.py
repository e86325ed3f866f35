"""A start that did not happen: the same design on periods before any start, with a made-up one in between."""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._checked import UNSEEN, CheckCard, Checked, blind, early, excludes_zero
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import NEVER, Panel
from toekomstscenario_eval.types import Status

CARD = CheckCard(
    code="schijnstart",
    label="Schijnstart",
    vraag="Vindt het ontwerp ook een verandering bij een start die er niet was?",
    order=2,
)


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return what the design finds with a start halfway the periods before the real one."""
    moved = _moved(panel)
    found = estimator(moved) if moved else Effect(reason="te kort")
    if found.reason or not found.bounded:
        return Checked(
            Status.NVT, "Voor de start zijn er te weinig perioden of proeftuinen voor een schijnstart."
        )
    point = Part("verandering bij de schijnstart", found.estimate, found.under, found.above)
    if excludes_zero(point):
        return Checked(
            Status.GEFAALD,
            "Ook bij een start die er niet was, vindt het ontwerp een verandering: het ziet iets anders.",
            (point,),
        )
    if blind(point, effect):
        return Checked(Status.NVT, UNSEEN, (point,))
    return Checked(
        Status.GESLAAGD, "Bij een start die er niet was, vindt het ontwerp geen verandering.", (point,)
    )


def _moved(panel: Panel) -> Panel | None:
    """Return the periods before the start of as many pilots as possible, with a start in the middle."""
    ahead = np.cumprod(early(panel), axis=1).astype(bool)
    best, most = 0, 0
    for periods in range(2, len(panel.periods)):
        held = int(ahead[:, periods - 1].sum()) * (periods - 1)
        if held > most and ahead[:, periods - 1].sum() >= 2:
            best, most = periods, held
    if not best:
        return None
    rows = ahead[:, best - 1] | ~panel.pilots
    cut = panel.only(rows).between(np.arange(best))
    start = np.where(cut.pilots, float(best // 2), NEVER)
    return Panel(cut.regions, cut.periods, cut.y, cut.v, cut.n, start, np.ones_like(cut.clean), cut.kind)
