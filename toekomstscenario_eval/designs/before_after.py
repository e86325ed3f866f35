"""Before and after within sites: each region with a pilot beside itself, before its own start.

Of every pilot the mean over the periods after its start less that over the periods before it, households
weighing equally; over the pilots every region weighs equally.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import stats

from toekomstscenario_eval.designs import Design, Made, Released
from toekomstscenario_eval.designs._assignment import Outcome, no_surer
from toekomstscenario_eval.designs._checked import numbers_of
from toekomstscenario_eval.designs._effect import (
    Effect,
    Part,
    sides_left,
    without_test,
)
from toekomstscenario_eval.designs._panel import PUBLIC, Floats, Panel
from toekomstscenario_eval.designs._sign_flips import MOST, flip, possible
from toekomstscenario_eval.types import SITE

CARD = Design(
    label="Voor en na binnen proeftuinen",
    vraag="Hoeveel veranderde het cijfer binnen de proeftuinen, na hun eigen start?",
    assumption="Zonder de proef was het cijfer van een proeftuin gebleven zoals het voor haar start was.",
    grens="Of de verandering er zonder de proef ook was geweest: wat overal in die jaren veranderde, zit "
    "erin.",
    per=SITE,
    order=10,
    code="voor_na",
    panel=True,
    beside="vergeleken met ervoor",
    methode="Voor en na binnen proeftuinen: per proeftuin het gemiddelde van wie na de start instroomde min "
    "dat van wie ervoor instroomde en voor de start helemaal was gevolgd; elke proeftuin telt even zwaar. De "
    "p-waarde is het deel van alle manieren om het teken van de veranderingen om te keren dat een minstens "
    "zo groot gemiddelde geeft; het interval bevat wat deze toets niet verwerpt (Hartigan 1969). Met minder "
    "dan zes proeftuinen is er geen toets, en komt het interval uit de t-verdeling. " + PUBLIC,
)
LEAST_REGIONS = 2


def changes(panel: Panel) -> tuple[Floats, Floats, np.ndarray]:
    """Return by region the change and its variance, NaN where before or after is not there, and the pilots.

    Households weigh equally within a side; only cells wholly before or after the start count.
    """
    weight = np.where(np.isfinite(panel.y) & panel.clean, panel.n, 0.0)
    sides = []
    for side in (panel.treated, ~panel.treated):
        w = np.where(side, weight, 0.0)
        total = w.sum(axis=1, keepdims=True)
        part = np.divide(w, total, out=np.full_like(w, np.nan), where=total > 0)
        sides.append(
            (
                (part * np.nan_to_num(panel.y)).sum(axis=1),
                (part**2 * np.nan_to_num(panel.v)).sum(axis=1),
            )
        )
    (after, v_after), (before, v_before) = sides
    return after - before, v_after + v_before, panel.pilots


def effect(panel: Panel) -> Effect:
    """Return the mean change over the pilots."""
    d, v, pilots = changes(panel)
    known = pilots & np.isfinite(d)
    left = sides_left(panel, pilots & ~known)
    k = int(known.sum())
    if not pilots.any():
        return Effect(reason="er is geen proeftuin met een startdatum", left=left)
    if k < LEAST_REGIONS:
        few = "maar één proeftuin heeft" if k else "geen proeftuin heeft"
        return Effect(reason=f"{few} een cijfer voor en na de start", left=left)
    own = float(np.sqrt(v[known].sum()) / k)
    out, method = _outcome(d[known])
    out = no_surer(out, np.asarray(own))
    ways = possible(k) if k <= MOST else None
    names = np.array(panel.regions)[known]
    z = stats.norm.ppf(0.975)
    parts = tuple(
        Part(str(name), float(x), float(x - z * np.sqrt(e)), float(x + z * np.sqrt(e)))
        for name, x, e in zip(names, d[known], v[known], strict=True)
    )
    return without_test(
        Effect(
            float(out.gap),
            float(out.under),
            float(out.above),
            float(out.p),
            ways.kleinste if ways else np.nan,
            ways.aantal if ways else 0,
            pilots=k,
            periods=len(panel.periods),
            left=left,
            method=method,
            parts=parts,
        )
    )


def _outcome(d: Floats) -> tuple[Outcome, str]:
    """Return the mean change with its interval: of all sign flips, or of the t distribution."""
    k = len(d)
    if k <= MOST and possible(k).reaches:
        return flip(d), "elke manier om de tekens om te keren"
    margin = stats.t.ppf(0.975, k - 1) * d.std(ddof=1) / np.sqrt(k)
    mean = d.mean()
    at = np.asarray
    return Outcome(at(mean), at(np.nan), at(mean - margin), at(mean + margin)), "t-verdeling over proeftuinen"


def make(r: Released) -> Iterator[Made]:
    """Yield the change, its parts, and what its checks saw."""
    yield from numbers_of(r, "before_after", CARD, effect)
