"""Effects of regions and periods with one step at the start: the regression that most software would run.

Its step weighs waves in a way of its own (late periods of early waves may weigh against them), so that it
stands behind the staggered design. The test is the wild cluster bootstrap with every way to flip the signs
of the regions (`_wild_bootstrap.py`); beside it stands the interval by CR2 with Satterthwaite's degrees of
freedom (`_cluster_robust.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from toekomstscenario_eval.designs import Design, Made, Released, _cluster_robust, _wild_bootstrap
from toekomstscenario_eval.designs._checked import numbers_of
from toekomstscenario_eval.designs._effect import Effect, Part, sides_left, without_test
from toekomstscenario_eval.designs._panel import PUBLIC, Panel
from toekomstscenario_eval.designs._waves import NoComparison
from toekomstscenario_eval.types import SITE

CARD = Design(
    label="Regressie met regio's en perioden",
    vraag="Welke stap geeft een regressie met een eigen stand voor elke regio en elke periode?",
    assumption="De stap is voor elke proeftuin en in elke periode na de start even groot, en regio's waren "
    "zonder de proef gelijk op gegaan.",
    grens="Wat elke golf apart deed: verschilt de verandering per golf of groeit zij, dan is deze stap een "
    "scheef gewogen gemiddelde.",
    per=SITE,
    order=11,
    code="regressie",
    panel=True,
    beside="met een eigen stand voor elke regio en elke periode",
    methode="Regressie met regio's en perioden: kleinste kwadraten, elk cijfer even zwaar. De p-waarde en "
    "het "
    "interval komen uit de wild cluster bootstrap met alle manieren om de tekens van regio's om te keren, "
    "met "
    "nul opgelegd (Cameron, Gelbach en Miller 2008); daarnaast staat het interval met CR2 en de "
    "vrijheidsgraden "
    "van Satterthwaite (Bell en McCaffrey 2002; Pustejovsky en Tipton 2018). " + PUBLIC,
)
_LEAST = 3


def effect(panel: Panel) -> Effect:
    """Return the step at the start."""
    y = np.where(panel.clean, panel.y, np.nan)
    inside = panel.start < len(panel.periods)
    known = np.isfinite(y)
    both = (known & panel.treated).any(axis=1) & (known & ~panel.treated).any(axis=1)
    # A pilot that has no figure before its start tells nothing of its step.
    used = np.where(inside, both, known.any(axis=1))
    left = sides_left(panel, inside & ~both)
    pilots = int((inside & used).sum())
    if used.sum() < _LEAST or not pilots:
        return Effect(
            reason="voor een regressie zijn te weinig regio's met perioden voor en na de start", left=left
        )
    start = np.where(inside, panel.start, np.inf)[used]
    try:
        ways, shift = _wild_bootstrap.of_panel(y[used], start)
        robust = _cluster_robust.of_panel(y[used], start)
    except NoComparison:
        return Effect(reason="de stap is van regio's en perioden niet te onderscheiden", left=left)
    cr2 = Part("interval met CR2", float(robust.effect), float(robust.under), float(robust.above))
    return without_test(
        Effect(
            shift.estimate,
            shift.under,
            shift.above,
            shift.p,
            ways.kleinste,
            ways.aantal,
            pilots=pilots,
            comparison=int((~panel.pilots & used).sum()),
            periods=len(panel.periods),
            left=left,
            method="alle manieren om de tekens van regio's om te keren"
            if ways.alle
            else "een steekproef daaruit",
            also=(cr2,),
        )
    )


def make(r: Released) -> Iterator[Made]:
    """Yield the step, its interval by CR2, and what its checks saw."""
    yield from numbers_of(r, "regression", CARD, effect)
