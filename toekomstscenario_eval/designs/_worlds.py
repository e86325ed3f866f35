"""Invented panels of which the truth is known: what a design over time is put to the test on.

A world has pilots that start in waves and comparison regions. Of region i in period t the figure is

    f_it = level + region_i + trend t + shock_it + (effect + own_i) x_it,   recorded f_it (1 + drift x_it)

with region_i and own_i normal, shock_it an autoregression of the first order (stationary), and x_it the part
of the days seen of who entered in t that lies after the start of i: 0 before it and in comparison regions, 1
after it, and something between just before it. Households of a cell are Poisson; of a share those who have it
are binomial, of a mean the total is negative binomial. In public each count is drawn from the table of noise.

The effect is the mean of all regions that there could have been; `own_i` is how far a pilot is from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.designs._panel import NEVER, Floats, Panel, figures
from toekomstscenario_eval.designs._published import SHARES
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.periods import split_periods
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.types import Kind, Venster

# So many worlds are drawn together; the first ones are the same however many are asked for.
TOGETHER = 250
_DAYS_PER_YEAR, _FOLLOWED, _FIRST = 360, 90, 2023
_EDGE = 0.005  # a share stays so far from zero and one
_AFTER = 1.0  # years of entry after the last start
_FAR = 3.0  # standard deviations of regions that stay within it


@dataclass(frozen=True)
class Setting:
    """What the worlds are like; the defaults are those of the field: eleven pilots, three beside them.

    Attributes
    ----------
    waves : tuple of int
        Pilots that start together, in order of time.
    apart : float
        Years between two waves; the last one starts a year before the end.
    comparison, years, households : int
        Comparison regions, years of entry, and households of all regions and periods.
    periode : str
        `maand`, `kwartaal`, `halfjaar` or `jaar`.
    kind : Kind
        `AANDEEL` (a share) or `AANTAL` (a mean per household).
    level, regions, shocks, memory : float
        The figure, the spread between regions, that of shocks, and their autocorrelation.
    trend : float
        Change per year in all regions alike.
    spread : float
        How much the effect differs between pilots (standard deviation).
    drift : float
        How much more of it is recorded in a pilot since its start, as a part.
    unequal : float
        The largest region over the smallest, in the mean number of households.
    overdispersion : float
        Of a mean: variance of one household is m + overdispersion m^2.
    noise : Noise, optional
        The table of noise; None inside.
    """

    waves: tuple[int, ...] = (4, 4, 3)
    apart: float = 0.5
    comparison: int = 3
    years: int = 3
    households: int = 1400
    periode: str = "halfjaar"
    kind: Kind = Kind.AANDEEL
    level: float = 0.4
    regions: float = 0.06
    shocks: float = 0.02
    memory: float = 0.4
    trend: float = 0.0
    spread: float = 0.0
    drift: float = 0.0
    unequal: float = 1.0
    overdispersion: float = 0.5
    noise: Noise | None = None

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The periods, in order."""
        whole = Venster(date(_FIRST, 1, 1), date(_FIRST + self.years, 1, 1))
        return tuple(split_periods(whole, self.periode))

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return len(self.labels)

    @property
    def per_year(self) -> int:
        """How many periods a year has."""
        return self.periods // self.years

    @property
    def start_years(self) -> Floats:
        """Years after the first day at which each pilot starts."""
        waves = np.arange(len(self.waves))[::-1]
        return np.repeat(self.years - _AFTER - self.apart * waves, self.waves)

    @cached_property
    def start(self) -> Floats:
        """First period after the start of each region; `NEVER` for comparison regions."""
        first = np.ceil(self.start_years * self.per_year - 1e-9)
        return np.concatenate([first, np.full(self.comparison, NEVER)])

    @cached_property
    def seen_after(self) -> Floats:
        """Part of the days seen of who entered that lies after the start, of shape (N, T)."""
        length = _DAYS_PER_YEAR // self.per_year
        entry = np.arange(self.periods * length) + 0.5
        days = np.concatenate([self.start_years * _DAYS_PER_YEAR, np.full(self.comparison, NEVER)])
        part = np.clip((entry + _FOLLOWED - days[:, None]) / _FOLLOWED, 0.0, 1.0)
        part = np.where(entry >= days[:, None], 1.0, part)
        return np.asarray(part.reshape(len(days), self.periods, length).mean(axis=2))


def of_means(setting: Setting) -> Setting:
    """Return the setting for a mean per household, such as a number of professionals."""
    return replace(setting, kind=Kind.AANTAL, level=3.0, regions=0.3, shocks=0.1)


def require_possible(setting: Setting, effect: float) -> None:
    """Refuse a change with which figures would leave their range: the truth would not be what was asked."""
    time = setting.trend * setting.years
    room = _FAR * float(np.hypot(np.hypot(setting.regions, setting.shocks), setting.spread))
    low = setting.level + min(effect, 0.0) + min(time, 0.0) - room
    high = setting.level + max(effect, 0.0) + max(time, 0.0) + room
    most = 1 - _EDGE if SHARES[setting.kind] else np.inf
    # Written so that what is no number is refused too.
    if not (low >= _EDGE and high * (1 + max(setting.drift, 0.0)) <= most and setting.drift > -1):
        raise GebruikFout(
            "bij deze verandering zijn er geen werelden",
            verwacht=f"cijfers die rond {setting.level:g} blijven binnen wat kan"
            + ("; een aandeel ligt tussen 0 en 1" if SHARES[setting.kind] else "; geen aantal onder 0"),
            kreeg=f"effect {effect:g}, trend {setting.trend:g}, drift {setting.drift:g}, "
            f"spreiding {setting.spread:g}",
            herstel="neem een kleiner getal, met een punt voor decimalen: 0.05 is 5 procentpunt",
        )


def panels(setting: Setting, effect: float, worlds: int, seed: int) -> Iterator[Panel]:
    """Yield the panel of every world; the same seed gives the same ones, whatever the effect."""
    regions = tuple(f"{'p' if s != NEVER else 'v'}{i:02d}" for i, s in enumerate(setting.start, 1))
    clean = (setting.seen_after <= 0) | (setting.seen_after >= 1)
    for chunk in range(-(-worlds // TOGETHER)):
        rng = np.random.default_rng([seed, chunk])
        drawn = _figures(setting, effect, rng)
        for i in range(min(TOGETHER, worlds - chunk * TOGETHER)):
            y, v, n = _read(setting, *(table[i] for table in drawn))
            yield Panel(regions, setting.labels, y, v, n, setting.start, clean, setting.kind)


def _figures(setting: Setting, effect: float, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Return three tables of shape (worlds, N, T): what is known of the cells, noise included.

    Of a share those who have it, those of whom it is known, and all; of a mean the mean, its variance, and
    all.
    """
    shape = (TOGETHER, len(setting.start), setting.periods)
    figure = _truth(setting, effect, rng, shape)
    n = rng.poisson(_sizes(setting, rng, shape))
    if SHARES[setting.kind]:
        have = rng.binomial(n, np.clip(figure, _EDGE, 1 - _EDGE))
        if setting.noise is None:
            return have.astype(np.float64), n.astype(np.float64), n.astype(np.float64)
        t, r, everybody = (_drawn(setting.noise, table, rng) for table in (have, n - have, n))
        return t, t + r, everybody
    mean = np.maximum(figure, _EDGE)
    each = mean + setting.overdispersion * mean**2
    gamma = rng.gamma(np.maximum(n, 1) / setting.overdispersion, mean * setting.overdispersion)
    total = rng.poisson(gamma)
    chance = rng.chisquare(np.maximum(n - 1, 1)) / np.maximum(n - 1, 1)
    return total / np.maximum(n, 1), each * chance / np.maximum(n, 1), n.astype(np.float64)


def _truth(setting: Setting, effect: float, rng: np.random.Generator, shape: tuple[int, int, int]) -> Floats:
    """Return the figure that is recorded of every cell, without chance."""
    worlds, regions, periods = shape
    of_region = rng.normal(0, setting.regions, (worlds, regions, 1))
    own = rng.normal(0, setting.spread, (worlds, regions, 1))
    shock = rng.normal(0, setting.shocks, shape)
    for t in range(1, periods):
        shock[..., t] = setting.memory * shock[..., t - 1] + np.sqrt(1 - setting.memory**2) * shock[..., t]
    time = setting.trend * np.arange(periods) / setting.per_year
    figure = setting.level + of_region + time + shock + (effect + own) * setting.seen_after
    return np.asarray(figure * (1 + setting.drift * setting.seen_after))


def _sizes(setting: Setting, rng: np.random.Generator, shape: tuple[int, int, int]) -> Floats:
    """Return the mean number of households of every cell; which region is large differs by world."""
    worlds, regions, periods = shape
    weight = np.tile(np.geomspace(1.0, setting.unequal, regions), (worlds, 1))
    weight = rng.permuted(weight, axis=1)
    part = weight / weight.sum(axis=1, keepdims=True)
    return np.repeat((part * setting.households / periods)[..., None], periods, axis=2)


def _drawn(noise: Noise, counts: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    flat = counts.ravel()
    return noise.draw(flat, rng.random(len(flat))).reshape(counts.shape).astype(np.float64)


def _read(setting: Setting, a: Floats, b: Floats, everybody: Floats) -> tuple[Floats, Floats, Floats]:
    """Return figure, variance and households as a design reads them from a result."""
    comparison = setting.start == NEVER
    if not SHARES[setting.kind]:
        return figures(setting.kind, a, np.sqrt(b), everybody, everybody, comparison)
    v = setting.noise.v if setting.noise else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        p = a / b
        error = np.sqrt(p * (1 - p) / b + v * ((1 - p) ** 2 + p**2) / b**2)
    # Of a share of zero or one the spread was not seen.
    return figures(setting.kind, p, np.where(p * (1 - p) > 0, error, 0.0), everybody, b, comparison)
