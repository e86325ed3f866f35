"""A plan before there are data: regions, waves, households, and how far regions and households differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.protection.noise import Noise

Floats = NDArray[np.float64]
SHARE, COUNT = "aandeel", "aantal"
MORE, LESS = "toename", "afname"
# More than this many regions or households are no plan for a pilot, and would fill the memory.
MOST_REGIONS, _HOUSEHOLDS, _PERIODS = 400, 1_000_000, 40
_ANY = "van 0 tot en met {}"


@dataclass(frozen=True)
class Setting:
    """A plan.

    Attributes
    ----------
    pilots, others : int
        Proeftuinen, and comparison regions.
    households, households_others : int
        Households of each of these in one period.
    measure : str
        `aandeel`, a share from 0 to 1, or `aantal`, a count per household.
    base : float
        Its mean without any difference.
    spread : float
        Standard deviation of the true figure between regions, in the unit of the figure.
    dispersion : float
        Of a count: variance between households of one region over their mean; 1 is Poisson.
    stable : float
        Correlation of the true figure of one region between two periods.
    waves : tuple of int
        Proeftuinen that start together, in the order of starting; empty when that plays no part.
    periods : int
        Periods in all; the first wave starts in the second, the next in the third, and so on.
    chance : float
        The chance of finding that is asked for.
    sign : int
        1 for more in the proeftuinen, -1 for less.
    noise : Noise or None
        That of published counts; None when counts are exact.
    """

    pilots: int
    others: int
    households: int
    households_others: int
    measure: str
    base: float
    spread: float
    dispersion: float
    stable: float
    waves: tuple[int, ...]
    periods: int
    chance: float
    sign: int
    noise: Noise | None

    def __post_init__(self) -> None:
        _whole("proeftuinen", self.pilots, 1, MOST_REGIONS)
        _whole("vergelijking", self.others, 0, MOST_REGIONS)
        _whole("huishoudens", self.households, 1, _HOUSEHOLDS)
        _whole("huishoudens_vergelijking", self.households_others, 1, _HOUSEHOLDS)
        if self.measure not in (SHARE, COUNT):
            raise GebruikFout(
                "deze maat bestaat hier niet",
                verwacht=f"{SHARE} of {COUNT}",
                kreeg=str(self.measure),
                herstel=did_you_mean(str(self.measure), (SHARE, COUNT)),
            )
        self._require_figures()
        if self.waves:
            self._require_waves()

    def _require_figures(self) -> None:
        top = 1.0 if self.share else math.inf
        what = "een aandeel tussen 0 en 1, zoals 0.35" if self.share else "een gemiddeld aantal boven 0"
        require("basis", what, self.base, good=0 < self.base < top)
        require("spreiding", "een standaarddeviatie van 0 of meer", self.spread, good=self.spread >= 0)
        if self.share and self.spread**2 >= self.base * (1 - self.base):
            most = math.sqrt(self.base * (1 - self.base))
            raise GebruikFout(
                "zo ver kunnen aandelen van regio's niet uit elkaar liggen",
                waar="spreiding",
                verwacht=f"minder dan {most:.3f}, bij een basis van {self.base:g}",
                kreeg=f"{self.spread:g}",
            )
        require("overspreiding", "1 of meer; 1 is Poisson", self.dispersion, good=self.dispersion >= 1)
        if self.share and self.dispersion != 1:
            raise GebruikFout(
                "overspreiding hoort bij een aantal, niet bij een aandeel",
                waar="overspreiding",
                herstel=f"laat haar weg, of kies maat {COUNT}",
            )
        require("samenhang", _ANY.format("1"), self.stable, good=0 <= self.stable <= 1)
        require("kans", "een kans boven 0,05 en onder 1, zoals 0.8", self.chance, good=0.05 < self.chance < 1)

    def _require_waves(self) -> None:
        for size in self.waves:
            _whole("golven", size, 1, MOST_REGIONS)
        if sum(self.waves) != self.pilots:
            raise GebruikFout(
                "de golven zijn samen niet alle proeftuinen",
                waar="golven",
                verwacht=f"samen {self.pilots}",
                kreeg=f"{' + '.join(map(str, self.waves))} = {sum(self.waves)}",
            )
        _whole("perioden", self.periods, len(self.waves) + 1, _PERIODS)

    @property
    def share(self) -> bool:
        """Whether the figure is a share."""
        return self.measure == SHARE

    @property
    def farthest(self) -> float:
        """The largest difference that the figure can have: beyond it regions could not differ that much."""
        if not self.share:
            return self.base if self.sign < 0 else 100 * (self.base + self.spread)
        wide = math.sqrt(max(0.0, 1 - 4 * self.spread**2))
        return (1 + wide) / 2 - self.base if self.sign > 0 else self.base - (1 - wide) / 2

    def sizes(self, *, pilots: int | None = None, others: int | None = None) -> Floats:
        """Return the households of each region, proeftuinen first."""
        many = (self.pilots if pilots is None else pilots, self.others if others is None else others)
        return np.repeat([self.households, self.households_others], many).astype(np.float64)


def require(where: str, expected: str, value: float, *, good: bool) -> None:
    """Refuse a figure of a plan that cannot be."""
    if not (good and math.isfinite(value)):
        raise GebruikFout("dit getal kan niet in een plan", waar=where, verwacht=expected, kreeg=f"{value:g}")


def _whole(where: str, value: int, least: int, most: int) -> None:
    good = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    if not good:
        raise GebruikFout(
            "dit aantal kan niet in een plan",
            waar=where,
            verwacht=f"een geheel getal van {least} tot en met {most}",
            kreeg=str(value),
        )


def waves_of(text: str | Sequence[int]) -> tuple[int, ...]:
    """Return waves from `4,4,3`, or from a row of whole numbers."""
    parts = text.split(",") if isinstance(text, str) else list(text)
    try:
        return tuple(int(part) for part in parts if str(part).strip())
    except ValueError:
        raise GebruikFout(
            "de golven zijn geen rij van aantallen", waar="golven", verwacht="zoals 4,4,3", kreeg=str(text)
        ) from None
