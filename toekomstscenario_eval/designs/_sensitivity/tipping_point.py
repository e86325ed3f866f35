"""If households are missing that differ: how many must be, before nothing is left of the change.

Of a share the missing ones after the start have it all, or none, whichever works against the change; of a
count they have none, which works against a rise only.
"""

from __future__ import annotations

import numpy as np

from toekomstscenario_eval.designs._checked import AT_ZERO, CheckCard, Checked, excludes_zero
from toekomstscenario_eval.designs._effect import Effect, Estimator, Part
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.designs._published import SHARES
from toekomstscenario_eval.types import Status, Vorm

CARD = CheckCard(
    code="ontbrekend",
    label="Als huishoudens ontbreken",
    vraag="Hoeveel huishoudens moeten na de start ontbreken om de verandering te verklaren?",
    order=3,
)
# So many missing households are ordinary in registrations.
_ORDINARY = 0.10


def check(panel: Panel, effect: Effect, estimator: Estimator) -> Checked:
    """Return which part of the households must be missing."""
    del estimator
    if not excludes_zero(effect):
        return Checked(Status.NVT, AT_ZERO)
    cells = panel.treated & panel.pilots[:, None] & np.isfinite(panel.y)
    after = float(np.nansum(np.where(cells, panel.y * panel.n, 0)) / np.nansum(np.where(cells, panel.n, 0)))
    share = SHARES[panel.kind]
    room = after if effect.estimate > 0 else (1 - after if share else np.nan)
    # With a part m missing that is at the far end, the figure was (1 - m) of what was seen, and so on.
    part = abs(effect.estimate) / room if room > 0 else np.nan
    if not np.isfinite(part):
        return Checked(
            Status.NVT,
            "Bij een aantal dat daalde is geen grens te geven: wie ontbreekt, kan elk aantal hebben.",
        )
    if part >= 1:
        return Checked(Status.GESLAAGD, "Geen aantal ontbrekende huishoudens verklaart de hele verandering.")
    has = "niet" if effect.estimate > 0 else "allemaal"
    at = Part("zo groot deel ontbreekt", part, vorm=Vorm.AANDEEL)
    return Checked(
        Status.GEFAALD if part <= _ORDINARY else Status.GESLAAGD,
        f"Ontbreekt na de start zo'n deel van de huishoudens, en hebben die {has} wat hier is geteld, dan "
        f"blijft "
        "van de verandering niets over.",
        (at,),
    )
