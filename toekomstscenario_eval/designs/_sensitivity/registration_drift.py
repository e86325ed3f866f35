"""If recording got better: how much of the change would follow from more of the same being written down.

When after the start a part x more of what happened is recorded, the figure of pilots is (1 + x) times as
high without anything having changed: of a figure of m after the start, m - m / (1 + x) is recording. The
change less that for a tenth, and the x at which nothing is left.
"""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._checked import CheckCard, Checked
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.types import Status, Vorm

CARD = CheckCard(
    code="registratie",
    label="Als er beter werd geregistreerd",
    vraag="Hoeveel beter moet er zijn geregistreerd om de verandering te verklaren?",
    order=2,
)
# Recording that improves by so much in a pilot is no rarity.
_ORDINARY = 0.10
MORE_VISIBLE = "Meer in beeld is niet erger: een registratie telt wat is opgeschreven."


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return the change less what better recording would have added."""
    del estimator
    cells = panel.treated & panel.pilots[:, None] & np.isfinite(panel.y)
    after = float(np.nansum(np.where(cells, panel.y * panel.n, 0)) / np.nansum(np.where(cells, panel.n, 0)))
    less = after - after / (1 + _ORDINARY)
    moved = (effect.estimate - less, effect.under - less, effect.above - less)
    point = Part("met een tiende meer opgeschreven na de start", *moved)
    if effect.estimate <= 0:
        return Checked(
            Status.GESLAAGD,
            f"Beter registreren maakt een daling eerder kleiner dan groter. {MORE_VISIBLE} Slechter "
            f"registreren "
            "kan een daling wel verklaren.",
            (point,),
        )
    rest = after - effect.estimate
    if rest <= 0:
        return Checked(
            Status.GESLAAGD,
            f"Geen mate van beter registreren verklaart de hele verandering. {MORE_VISIBLE}",
            (point,),
        )
    share = effect.estimate / rest
    at = Part("zoveel meer opgeschreven verklaart alles", share, vorm=Vorm.AANDEEL)
    return Checked(
        Status.GEFAALD if share <= _ORDINARY else Status.GESLAAGD,
        f"Is na de start zoveel meer opgeschreven van hetzelfde, dan verklaart dat alles. {MORE_VISIBLE}",
        (at, point),
    )
