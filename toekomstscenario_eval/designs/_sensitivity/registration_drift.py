"""If recording got better: how much of the change would follow from more of the same being written down.

When after the start a part x more of what happened is recorded, the figure of pilots is (1 + x) times as high
without anything having changed: of a figure of m after the start, m - m / (1 + x) is recording. Given are the
change less that for a tenth, and the x at which nothing is left; of a fall, the change when a tenth less is
recorded.
"""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._checked import AT_ZERO, CheckCard, Checked, excludes_zero, holds
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
    if not excludes_zero(effect):
        return Checked(Status.NVT, AT_ZERO)
    if effect.estimate <= 0:
        more = after / (1 - _ORDINARY) - after
        point = Part(
            "als na de start een tiende minder is opgeschreven",
            effect.estimate + more,
            effect.under + more,
            effect.above + more,
        )
        return Checked(
            Status.GESLAAGD if holds(point, effect) else Status.GEFAALD,
            f"Slechter of anders registreren kan een daling verklaren. {MORE_VISIBLE}",
            (point,),
        )
    less = after - after / (1 + _ORDINARY)
    moved = (effect.estimate - less, effect.under - less, effect.above - less)
    point = Part("als na de start een tiende meer is opgeschreven", *moved)
    rest = after - effect.estimate
    if rest <= 0:
        return Checked(
            Status.GESLAAGD,
            f"Geen mate van beter registreren verklaart de hele verandering. {MORE_VISIBLE}",
            (point,),
        )
    at = Part("zoveel meer opgeschreven verklaart alles", effect.estimate / rest, vorm=Vorm.AANDEEL)
    return Checked(
        Status.GESLAAGD if holds(point, effect) else Status.GEFAALD,
        f"Is na de start zoveel meer opgeschreven van hetzelfde, dan verklaart dat alles; wat voor de "
        f"start nauwelijks "
        f"werd opgeschreven, telt dan het zwaarst. {MORE_VISIBLE}",
        (at, point),
    )
