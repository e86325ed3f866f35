"""Do figures of one region resemble each other over time, more than by chance?

Of the figures less the mean of their region and of their period, the correlation with the period before; p
is the part of the orders of the periods (drawn with a fixed seed) that give one at least as large.
"""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._checked import CheckCard, Checked
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import Floats, Panel
from toekomstscenario_eval.types import Status, Vorm

CARD = CheckCard(
    code="samenhang_in_de_tijd",
    label="Samenhang in de tijd",
    vraag="Lijken cijfers van een regio op die van de periode ervoor?",
    order=6,
)
_ORDERS, _SEED, _LEAST = 999, 20261130, 4


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return the correlation with the period before."""
    del effect, estimator
    rest = _rest(panel)
    if rest.shape[1] < _LEAST or len(rest) < 2:
        return Checked(Status.NVT, "Er zijn te weinig perioden om samenhang in de tijd te zien.")
    seen = _lagged(rest)
    rng = np.random.default_rng(_SEED)
    orders = [_lagged(rest[:, rng.permutation(rest.shape[1])]) for _ in range(_ORDERS)]
    p = (1 + sum(r >= seen for r in orders)) / (1 + _ORDERS)
    point = Part("samenhang met de periode ervoor", seen, vorm=Vorm.GETAL)
    if p <= 0.05:
        return Checked(
            Status.GEFAALD,
            "Cijfers lijken op die van de periode ervoor, meer dan door toeval. Een toets met hele "
            "regio's als "
            "eenheid blijft geldig; een die perioden als los van elkaar ziet, is te zeker.",
            (point,),
        )
    return Checked(Status.GESLAAGD, "Er is niet meer samenhang dan door toeval.", (point,))


def _rest(panel: Panel) -> Floats:
    """Return regions with every figure, without what changed after the start."""
    y = panel.y.copy()
    for i in np.flatnonzero(panel.pilots):
        after = panel.treated[i]
        for side in (after, ~after):
            if side.any():
                y[i, side] -= np.nanmean(y[i, side]) if np.isfinite(y[i, side]).any() else 0.0
    whole = np.isfinite(y).all(axis=1)
    y = y[whole]
    return y - y.mean(axis=1, keepdims=True) - y.mean(axis=0) + y.mean() if len(y) else y


def _lagged(rest: Floats) -> float:
    square = float((rest**2).sum())
    return float((rest[:, 1:] * rest[:, :-1]).sum()) / square if square > 0 else 0.0
