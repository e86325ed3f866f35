"""Exact test of an effect of starting: by every way in which the starts could have been handed out.

The effect is an aggregation of group-time effects, theta = sum over waves g of C[g] . mean of y over g
(`_waves.py`). Had the starts gone to other regions, region i in wave g would have added s[i, g] =
C[g] . y_i / n_g, so theta is a sum of scores and is known for every way (`_start_ways.py`) without a panel
being made again. Without an effect each way is as likely: p is the part of them that lies as far from zero as
what was seen, and cannot be less than the part of the ways that must give the same (`possible`). Taking a
constant effect delta off all treated figures makes the scores s - delta b, with b those of the treatment
itself, and the interval holds each delta that is not refused (`_shift_test.py`).

The mean of regions counts each region alike: sizes of regions do not enter, for with them the ways would no
longer be sums. Regions that differ in size differ in spread, and then the ways are no longer as likely. Two
remedies divide theta of each way by an error of its own:

    "golven"    se^2 = sum over g of n_g / (n_g - 1) sum over i in g of (s[i, g] - mean)^2, Neyman's error by
                wave, of which the t-value has the right level when waves differ in spread and are not small
    own         se^2 = sum over i of (tau_g^2 + k_ig) / n_g^2, from the known variances of the figures and
                what regions differ beyond these, found without looking at who started

The first needs two regions in each wave that counts. With three in a wave its errors are themselves
uncertain; it is exact like the plain test when regions are alike, but finds less. The second is exact when
regions are alike, and holds its level best when they are not (`_start_errors.py`). Variances of s[i, g]
themselves can be given too.

One series, or all waves together, can be tested by the dates at which they could have started (`by_dates`).

References
----------
Athey and Imbens (2022), Design-based analysis in difference-in-differences settings with staggered adoption,
doi:10.1016/j.jeconom.2020.10.012
Roth and Sant'Anna (2023), Efficient estimation for staggered rollout designs, doi:10.1086/726581
Wu and Ding (2021), Randomization tests for weak null hypotheses, doi:10.1080/01621459.2020.1750415
Edgington and Onghena (2007), Randomization tests, chapter 11, for dates of one series
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from math import isinf
from typing import Literal

import numpy as np

from toekomstscenario_eval.designs._assignment import Assignments
from toekomstscenario_eval.designs._shift_test import Floats, Shift, divided, plain
from toekomstscenario_eval.designs._start_errors import (
    beyond,
    by_region,
    by_variance,
    by_wave,
    filled,
    known,
    seen_of,
    spread,
    tie_of,
)
from toekomstscenario_eval.designs._start_ways import ALL, SAMPLE, Bools, Groups, Ways
from toekomstscenario_eval.designs._waves import NoComparison, levels_of

_SAME = 1e-9
# Waves may change names in so many ways that looking for those that give the same takes no time.
_NAMES = 7
_AT_ONCE = 1_000_000  # sums in memory for simulation


@dataclass(frozen=True)
class Starts:
    """A form of the waves, the regions in them, and the ways they could have been filled.

    Attributes
    ----------
    form : array of shape (G, T)
        Weights of the means of the waves.
    treated : array of shape (N, T)
        1 where a region had started.
    ways : Ways
        All ways, the seen one among them.
    """

    form: Floats
    treated: Floats
    ways: Ways


def starts(
    start: Floats,
    levels: Floats,
    form: Floats,
    *,
    allowed: Bools | None = None,
    most: int = ALL,
    sample: int = SAMPLE,
) -> Starts:
    """Return the test of a form, before any figure is looked at.

    Parameters
    ----------
    start : array of shape (N,)
        First treated period of the regions that take part, from 0; infinite for never.
    levels, form
        As `_waves.linear` gives them.
    allowed : array of shape (N, G), optional
        Which waves each region could have been in; all by default.
    most, sample : int
        Above `most` ways a sample of `sample` is drawn.
    """
    periods = form.shape[1]
    first = levels_of(start, periods)
    seen: Groups = np.searchsorted(levels, first).astype(np.int8)
    may = np.ones((len(start), len(levels)), dtype=bool) if allowed is None else allowed
    treated = (np.arange(periods) >= first[:, None]).astype(np.float64)
    return Starts(form, treated, Ways(seen, may, most, sample))


def possible(test: Starts, *, by_wave: bool = False) -> Assignments:
    """Return how many ways there are and the smallest p that can come out.

    Ways that put each region in a wave with the same weights, or each with the opposite ones, always give the
    same figure. With errors by wave these must also hold the same regions together (`by_wave`).
    """
    ways = test.ways
    if not ways.all:
        return Assignments(ways.number, False, 1 / ways.number)
    rows = test.form / np.maximum(ways.size, 1)[:, None]
    tie = _SAME * np.abs(rows).max()
    signs = (1, -1) if np.abs(rows[ways.seen]).max() > tie else (1,)
    alike = [np.abs(rows[:, None] - sign * rows).max(axis=2) <= tie for sign in signs]
    if by_wave:
        same = sum(_renamed(ways, match) for match in alike)
    else:
        same = sum(round(ways.count(ways.allowed & match[ways.seen])) for match in alike)
    return Assignments(ways.number, True, same / ways.number)


def _renamed(ways: Ways, match: Bools) -> int:
    """Return in how many ways the waves can change names, as full as they are, with a matching form."""
    waves = len(ways.size)
    if waves > _NAMES:
        return int(match.diagonal().all())
    names = np.array(list(permutations(range(waves))))
    fits = (ways.size[names] == ways.size).all(axis=1) & match[np.arange(waves), names].all(axis=1)
    regions = np.arange(len(ways.seen))
    return sum(bool(ways.allowed[regions, name[ways.seen]].all()) for name in names[fits])


def scores(test: Starts, y: Floats) -> Floats:
    """Return s[i, g], what region i adds to theta in wave g.

    A level of a region and a movement of all regions together do not matter to a form whose rows and columns
    add up to zero; without them fewer digits are lost.
    """
    form = test.form
    zero = _SAME * np.abs(form).max()
    if np.abs(form.sum(axis=1)).max() <= zero:
        y = y - y.mean(axis=1, keepdims=True)
        if np.abs(form.sum(axis=0)).max() <= zero:
            y = y - y.mean(axis=0)
    out: Floats = y @ form.T / np.maximum(test.ways.size, 1)
    return out


def assign(
    y: Floats, test: Starts, *, error: Literal["golven"] | Floats | None = None, own: Floats | None = None
) -> Shift:
    """Test the effect of a form by every way.

    Parameters
    ----------
    y : array of shape (N, T)
        Figures of the regions that take part; none may be missing where the form looks.
    test : Starts
        The form and the ways.
    error : "golven" or array of shape (N, G), optional
        Divide by an error of each way: Neyman's by wave, or from variances of s[i, g].
    own : array of shape (N, T), optional
        Divide by an error of each way from these known variances of the figures, and what regions differ
        beyond them.

    Notes
    -----
    Formulas and references are in the text of this module.
    """
    used = (test.form != 0).any(axis=0)
    if not np.isfinite(y[:, used]).all():
        raise ValueError("a figure is missing where the form looks; see usable()")
    y = np.where(used, y, 0.0)
    s, b = scores(test, y), scores(test, test.treated)
    if isinstance(error, str):
        return divided(by_wave(test.form, test.ways, s, b))
    if error is not None:
        return divided(by_variance(test.ways, s, b, error))
    if own is not None:
        k = known(test.form, test.ways, np.where(used, own, 0.0))
        return divided(by_region(test.ways, s, b, k))
    both = np.stack([s, b])
    d, c = filled(test.ways, both)
    return plain(d, c, seen_of(test.ways, both), tie_of(s))


def p_values(
    y: Floats, test: Starts, *, error: Literal["golven"] | Floats | None = None, own: Floats | None = None
) -> Floats:
    """Return p of no effect for many panels (W, N, T), as `assign` has it: for simulation.

    Every figure is there, `own` is (N, T) or (W, N, T), and no interval is made.
    """
    many = max(1, _AT_ONCE // test.ways.number)
    own = None if own is None else np.broadcast_to(own, y.shape)
    cut = [slice(at, at + many) for at in range(0, len(y), many)]
    return np.concatenate([_p_values(y[at], test, error, None if own is None else own[at]) for at in cut])


def _p_values(
    y: Floats, test: Starts, error: Literal["golven"] | Floats | None, own: Floats | None
) -> Floats:
    """Return p for so many panels as fit."""
    ways = test.ways
    s = np.stack([scores(test, one) for one in y])
    values, less, more = [s], np.zeros(0), np.zeros((1, 1))
    if isinstance(error, str):
        waves, each, less = spread(test.form, ways)
        square, only = np.zeros_like(s), np.zeros((len(waves), *s.shape))
        square[..., waves] = each * s[..., waves] ** 2
        for k, g in enumerate(waves):
            only[k, ..., g] = s[..., g]
        values += [square, *only]
    elif error is not None:
        values += [np.broadcast_to(error, s.shape)]
    elif own is not None:
        values += [known(test.form, ways, own)]
        more = beyond(ways, s, values[1])[:, None]
    flat = np.concatenate(values)
    tie = np.array([[tie_of(one)] for one in s])

    def squared(sums: Floats) -> tuple[Floats, Floats]:
        theta, *rest = sums.reshape(len(values), len(y), -1)
        if not rest:
            return theta**2, np.ones((1, 1))
        by_wave = sum(w * x**2 for w, x in zip(less, rest[1:], strict=True))
        return theta**2, np.maximum(rest[0] - by_wave, 0) + more

    far, mine = squared(seen_of(ways, flat)[:, None])
    far = np.maximum(np.sqrt(far) - tie, 0) ** 2 * (1 - _SAME)
    count = np.zeros(len(y))
    for block in ways.sums(flat):
        theta, own = squared(block)
        count += (theta * mine >= far * own).sum(axis=1)
    out: Floats = count / ways.number
    return out


def before_after(dates: Sequence[int], periods: int) -> Floats:
    """Return the form (A, 1, T) of one series by date: mean from the date on, less the mean before it."""
    t = np.arange(periods)
    out = np.zeros((len(dates), 1, periods))
    for a, date in enumerate(dates):
        if not 0 < date < periods:
            raise NoComparison("a date has no period before it or after it")
        out[a, 0] = (t >= date) / (periods - date) - (t < date) / date
    return out


def by_dates(y: Floats, forms: Floats, treated: Floats, seen: int) -> tuple[Assignments, Shift]:
    """Test an effect by the dates at which it could have started, all as likely.

    Parameters
    ----------
    y : array of shape (N, T)
        Figures; one series is one row.
    forms : array of shape (A, N, T)
        Weights of the figures by date; see `before_after`, or `_waves.linear` for all waves moved together.
    treated : array of shape (N, T)
        1 where treatment had really started.
    seen : int
        Row of the date at which it did.
    """
    y = y - y.mean(axis=1, keepdims=True)
    d = np.einsum("ant,nt->a", forms, y)
    c = np.einsum("ant,nt->a", forms, treated)
    tie = float(_SAME * (np.abs(forms) * np.abs(y)).sum(axis=(1, 2)).max())
    out = plain(d, c, np.array([d[seen], c[seen]]), tie)
    return Assignments(len(forms), True, 1 / len(forms)), out


def moved(start: Floats, steps: Sequence[int]) -> Floats:
    """Return the starts (A, N) with all waves moved by each number of periods; never stays never."""
    if not any(step == 0 for step in steps):
        raise ValueError("the starts as they were are not among the dates")
    return np.array([[x if isinf(x) else x + step for x in start] for step in steps])
