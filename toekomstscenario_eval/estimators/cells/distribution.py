"""Quantiles and classes of a count from noisy nested numbers of units."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize

from toekomstscenario_eval.estimators.intervals import NAN, NONE, Interval, Reeks, wilson, z_waarde
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.grids import middles


@dataclass(frozen=True)
class Tail:
    """Units with a count of at least each step, with noise.

    Attributes
    ----------
    steps : tuple of int
    units : float
        Number of units.
    at_least : array of counts per step
    noise_of_units, noise : float and array
        Noise variance of `units` and of each of `at_least`.
    single : bool
        Whether every household is one unit.
    """

    steps: tuple[int, ...]
    units: float
    at_least: Reeks
    noise_of_units: float
    noise: Reeks
    single: bool

    @property
    def values(self) -> Reeks:
        """The count of a unit that reaches no step, one step, two: 0, and the middle of each step."""
        return np.concatenate(([0.0], middles(self.steps)))

    @property
    def more(self) -> Reeks:
        """Units with more than each of `values`; nobody has more than the last."""
        return np.append(self.at_least, 0.0)


def quantile(tail: Tail, p: float) -> tuple[float, Interval]:
    """Return quantile p and its interval, free of any distribution.

    The quantile is the first value with at most units (1 - p) above it, after the numbers have been made
    to fall (isotonic regression). The interval holds the values for which that cannot be rejected: the
    number above is Binomial(units, 1 - p) with the variance of the noise added, and half a unit for its
    being whole. Where noise makes the numbers cross a limit more than once, the outermost crossing counts.

    References
    ----------
    David and Nagaraja (2003), Order Statistics, section 7.1, doi:10.1002/0471722162
    """
    more, expected = tail.more, tail.units * (1 - p)
    falling = optimize.isotonic_regression(more, increasing=False).x
    noise = np.append(tail.noise, 0.0) + (1 - p) ** 2 * tail.noise_of_units
    half = z_waarde() * np.sqrt(tail.units * p * (1 - p) + noise) + 0.5
    under = int(np.argmax(more <= expected + half))
    beyond = np.flatnonzero(more >= expected - half)
    # One past the last value that still has enough above it.
    above = int(beyond[-1]) + 1 if beyond.size else 0
    values = tail.values
    spot = int(np.argmax(falling <= expected + 1e-9 * max(1.0, tail.units)))
    upper = float(values[above]) if above < len(values) else NAN
    return float(values[spot]), (float(values[under]), upper)


def classes(tail: Tail, least: int) -> tuple[Mapping[str, Any], ...]:
    """Return the series `verdeling` in classes of at least `least` units: x = lowest count, label its bounds.

    Classes are closed from 0 up, and what is left joins the last. With one unit per household there is a
    Wilson interval, with the noise.
    """
    bounds = _cuts(tail, least)
    return tuple(
        _class(tail, low, high, last=high == bounds[-1][1]) for low, high in bounds if tail.units >= least
    )


def _cuts(tail: Tail, least: int) -> list[tuple[int, int]]:
    """Return the classes as places in `values`, from and up to."""
    at_least = np.concatenate(([tail.units], tail.more))
    cuts = [0]
    for high in range(1, len(at_least)):
        if at_least[cuts[-1]] - at_least[high] >= least and at_least[high] >= least:
            cuts.append(high)
    return list(zip(cuts, [*cuts[1:], len(at_least) - 1], strict=True))


def _class(tail: Tail, low: int, high: int, *, last: bool) -> Mapping[str, Any]:
    at_least = np.concatenate(([tail.units], tail.more))
    noise = np.concatenate(([tail.noise_of_units], tail.noise, [0.0]))
    n = float(at_least[low] - at_least[high])
    share = min(1.0, n / tail.units)
    interval = NONE
    if tail.single and share < 1:
        sampling = share * (1 - share) / tail.units
        variance = sampling + (noise[low] + noise[high]) / tail.units**2
        interval = wilson(share, tail.units * sampling / variance)
    first = (0, *tail.steps)[low]
    if last:
        label = f"{first} of meer"
    else:
        final = tail.steps[high - 1] - 1
        label = str(first) if final == first else f"{first}-{final}"
    return point("verdeling", first, share, interval=interval, label=label, n=math.floor(n + 0.5))
