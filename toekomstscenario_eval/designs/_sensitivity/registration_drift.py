"""If recording got better: how much of the change would follow from more of the same being written down.

When after the start a part x more of what happened is recorded, the figure of pilots is (1 + x) times as
high without anything having changed: of a figure of m after the start, m - m / (1 + x) is recording. The
change less that for 5, 10 and 20%, and the x at which nothing is left.
"""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._checked import CheckCard, Checked
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.types import Status

CARD = CheckCard(
    code="registratie",
    label="Als er beter werd geregistreerd",
    vraag="Hoeveel beter moet er zijn geregistreerd om de verandering te verklaren?",
    order=2,
)
_BETTER = (0.05, 0.10, 0.20)
# Recording that improves by so much in a pilot is no rarity.
_ORDINARY = 0.10
MORE_VISIBLE = "Meer in beeld is niet erger: een registratie telt wat is opgeschreven."


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return the change less what better recording would have added."""
    del estimator
    at = panel.treated & panel.pilots[:, None] & np.isfinite(panel.y)
    after = float(np.nansum(np.where(at, panel.y * panel.n, 0)) / np.nansum(np.where(at, panel.n, 0)))
    points = []
    for x in _BETTER:
        less = after - after / (1 + x)
        points.append(
            Part(
                f"{x:.0%} beter geregistreerd".replace("%", "%"),
                effect.estimate - less,
                effect.under - less,
                effect.above - less,
            )
        )
    if effect.estimate <= 0:
        return Checked(
            Status.GESLAAGD,
            f"Beter registreren maakt een daling eerder kleiner dan groter. {MORE_VISIBLE} Slechter "
            f"registreren "
            "kan een daling wel verklaren.",
            tuple(points),
        )
    rest = after - effect.estimate
    if rest <= 0:
        return Checked(
            Status.GESLAAGD,
            f"Geen mate van beter registreren verklaart de hele verandering. {MORE_VISIBLE}",
            tuple(points),
        )
    share = effect.estimate / rest
    words = (
        f"Is er na de start {share:.0%} meer opgeschreven van hetzelfde, dan verklaart dat de hele "
        f"verandering. {MORE_VISIBLE}"
    )
    return Checked(Status.GEFAALD if share <= _ORDINARY else Status.GESLAAGD, words, tuple(points))
