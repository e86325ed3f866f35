"""How the figure went: the mean of the regions of each wave of starts, and of the comparison regions.

Every region weighs equally; the interval is that of the households, not of regions like these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from toekomstscenario_eval.designs import Design, Made, Released
from toekomstscenario_eval.designs._panel import NEVER, PUBLIC, Floats, Panel, panel_of
from toekomstscenario_eval.designs._published import SHARES
from toekomstscenario_eval.designs._sites import Z
from toekomstscenario_eval.types import SITE

CARD = Design(
    label="Verloop",
    vraag="Hoe verliep het cijfer, per golf van starts en in de vergelijkingsregio's?",
    assumption="Geen: het is een beschrijving.",
    grens="Wat er zonder de proef was gebeurd.",
    per=SITE,
    order=7,
    code="verloop",
    panel=True,
    methode="Verloop: per golf van starts en in de vergelijkingsregio's het gemiddelde over regio's, elke "
    "regio even "
    "zwaar, met het interval van hun huishoudens. " + PUBLIC,
)
NAAM = "course"


@dataclass(frozen=True)
class Line:
    """One wave, or the comparison regions.

    Attributes
    ----------
    start : int or None
        The first period in which all entered after the start; None of comparison regions.
    regions : int
        How many have a figure.
    mean, margin : array of shape (T,)
        Mean over the regions with a figure, and half the width of its interval; NaN without one.
    """

    start: int | None
    regions: int
    mean: Floats
    margin: Floats


def lines(panel: Panel) -> list[Line]:
    """Return the waves in order of their start, the comparison regions last."""
    out = []
    for start in np.unique(panel.start):
        own = panel.start == start
        y, v = panel.y[own], panel.v[own]
        known = np.isfinite(y).sum(axis=0)
        k = np.where(known > 0, known, np.nan)
        mean, error = np.nansum(y, axis=0) / k, np.sqrt(np.nansum(v, axis=0)) / k
        seen = int(np.isfinite(y).any(axis=1).sum())
        if seen:
            out.append(Line(None if start == NEVER else int(start), seen, mean, Z * error))
    return out


def name(panel: Panel, line: Line) -> str:
    """Return in Dutch what a line is."""
    many = f"{line.regions} {'regio' if line.regions == 1 else 'regio' + chr(39) + 's'}"
    if line.start is None:
        return f"nooit begonnen ({many})"
    if line.start >= len(panel.periods):
        return f"start na {panel.periods[-1]} ({many})"
    return f"na de start vanaf {panel.periods[line.start]} ({many})"


def make(r: Released) -> Iterator[Made]:
    """Yield the mean of each line in each period."""
    panel = panel_of(r)
    maat = next(iter(r.card.maten_bij(r.params)))
    of_period = sources(r)
    for line in lines(panel):
        for t, period in enumerate(panel.periods):
            if np.isfinite(line.mean[t]):
                yield made(maat, panel, line, t, of_period[period])


def sources(r: Released) -> dict[str, tuple[str, ...]]:
    """Return by period the ids of the figures of regions."""
    rows = r.schattingen[r.schattingen["uitsplitsing"].eq(SITE)]
    return {str(p): tuple(part["getal_id"]) for p, part in rows.groupby("periode")}


def made(maat: str, panel: Panel, line: Line, t: int, own: tuple[str, ...]) -> Made:
    """Return one point of a line as a number with its id."""
    value, margin = float(line.mean[t]), float(line.margin[t])
    most = 1.0 if SHARES[panel.kind] else np.inf
    bounds = {"ondergrens": max(0.0, value - margin), "bovengrens": min(most, value + margin)}
    what = name(panel, line)
    return Made(f"{NAAM}|{what}", f"{what}, {panel.periods[t]}", maat, own, {"schatting": value, **bounds})
