"""Interrupted time series of the pilots together, beside comparison series (`_interrupted_sites.py`)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from toekomstscenario_eval.designs import Design, Made, Released
from toekomstscenario_eval.designs._checked import numbers_of
from toekomstscenario_eval.designs._effect import Effect, Part
from toekomstscenario_eval.designs._interrupted import PER_COEFFICIENT
from toekomstscenario_eval.designs._interrupted_sites import interrupted_sites
from toekomstscenario_eval.designs._panel import PUBLIC, Floats, Panel
from toekomstscenario_eval.types import SITE

CARD = Design(
    label="Onderbroken tijdreeks",
    vraag="Sprong het cijfer van proeftuinen bij hun start, ten opzichte van de lijn die zij ervoor volgden?",
    assumption="Zonder de proef was elke proeftuin haar eigen lijn blijven volgen, op dezelfde manier als de "
    "vergelijkingsregio's de hunne.",
    grens="Of er bij de start nog iets anders veranderde: een andere manier van registreren geeft "
    "dezelfde sprong.",
    per=SITE,
    order=9,
    code="onderbroken_reeks",
    panel=True,
    beside="vergeleken met de lijn van ervoor",
    methode="Onderbroken tijdreeks: per regio een eigen stand, een gezamenlijke lijn voor de start en een "
    "sprong bij de "
    "eigen start, min de sprong van vergelijkingsregio's op hetzelfde moment (Lopez Bernal, Cummins en "
    "Gasparrini 2018; Linden "
    "2015); met genoeg perioden ook een andere helling daarna. Getoond is het breedste van de intervallen "
    "die "
    "de methode geeft: met de fout per regio, of met die van huishoudens en overspreiding. " + PUBLIC,
)
# Fewest periods for a change of slope beside the jump.
_SLOPE_FROM = 16


def effect(panel: Panel) -> Effect:
    """Return the jump of the pilots at their own start beyond that of comparison regions."""
    y = np.where(panel.clean, panel.y, np.nan)
    v = np.where(np.isfinite(y), panel.v, 1.0)
    start = np.where(panel.start < len(panel.periods), panel.start, np.inf)
    # A pilot that starts after the window has no jump, and is no comparison region either.
    inside = ~panel.pilots | np.isfinite(start)
    if reason := _too_short(y[inside], start[inside]):
        return Effect(reason=reason)
    found = interrupted_sites(
        y[inside],
        start[inside],
        variance=v[inside],
        family="normaal",
        slope=len(panel.periods) >= _SLOPE_FROM,
    )
    if found.level is None:
        return Effect(reason=found.status.rstrip(".") or "de reeks is niet te schatten")
    under, above = found.level.interval()
    parts = []
    if found.slope is not None:
        parts.append(Part("andere helling per periode", found.slope.effect, *found.slope.interval()))
    return Effect(
        found.level.effect,
        under,
        above,
        pilots=found.sites,
        comparison=found.comparison,
        periods=len(panel.periods),
        left=tuple(note.rstrip(".") for note in found.notes),
        method="het breedste van de intervallen van de tijdreeks",
        also=tuple(parts),
    )


def _too_short(y: Floats, start: Floats) -> str:
    """Return in Dutch why no pilot has a line before its start; empty when one has."""
    t = np.arange(y.shape[1])
    before = int((np.isfinite(y) & (t < start[:, None]))[np.isfinite(start)].sum(axis=1).max(initial=0))
    least = 2 * PER_COEFFICIENT
    if before >= least:
        return ""
    needed = f"voor een lijn zijn ten minste {least} perioden voor de start nodig"
    return f"{needed}; de langste reeks heeft er {before}"


def make(r: Released) -> Iterator[Made]:
    """Yield the change, its parts, and what its checks saw."""
    yield from numbers_of(r, "interrupted_series", CARD, effect)
