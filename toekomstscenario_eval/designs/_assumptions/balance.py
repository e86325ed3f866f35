"""Where pilots and comparison regions stood before the start, with the region as unit."""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._assignment import compare, no_surer, possible
from toekomstscenario_eval.designs._checked import CheckCard, Checked, early, excludes_zero
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import Floats, Panel
from toekomstscenario_eval.types import Status

CARD = CheckCard(
    code="beginstand",
    label="Beginstand",
    vraag="Stonden proeftuinen en vergelijkingsregio's voor de start op hetzelfde?",
    order=5,
)


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return the difference in level before the start."""
    del effect, estimator
    pilots = _means(panel, early(panel))
    others = _means(panel, ~panel.pilots[:, None] & np.isfinite(panel.y))
    if len(pilots) < 2 or len(others) < 2:
        return Checked(
            Status.NVT,
            "Er zijn geen twee proeftuinen en twee vergelijkingsregio's met een stand voor de start.",
        )
    if not possible(len(pilots), len(others)).reaches:
        return Checked(Status.NVT, "Met zo weinig regio's is een verschil in beginstand niet aan te tonen.")
    own = np.sqrt(pilots[:, 1].sum() / len(pilots) ** 2 + others[:, 1].sum() / len(others) ** 2)
    out = no_surer(compare(pilots[:, 0], others[:, 0]), np.asarray(own))
    point = Part("verschil voor de start", float(out.gap), float(out.under), float(out.above))
    if excludes_zero(point):
        return Checked(
            Status.GEFAALD,
            "Voor de start stonden zij niet op hetzelfde: of zij zonder de proef gelijk op waren gegaan, is "
            "minder vanzelfsprekend.",
            (point,),
        )
    return Checked(Status.GESLAAGD, "Voor de start is geen verschil in stand te zien.", (point,))


def _means(panel: Panel, chosen: np.ndarray) -> Floats:
    """Return figure and variance of each region over the chosen cells, households weighing equally."""
    w = np.where(chosen, panel.n, 0.0)
    kept = w.sum(axis=1) > 0
    part = w[kept] / w[kept].sum(axis=1, keepdims=True)
    y, v = (np.nan_to_num(table[kept]) for table in (panel.y, panel.v))
    return np.stack([(part * y).sum(axis=1), (part**2 * v).sum(axis=1)], axis=1)
