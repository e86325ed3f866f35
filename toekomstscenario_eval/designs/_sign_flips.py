"""Changes of a handful of regions, tested by every way to flip their signs.

Without a common change each region's own change could as well have had the other sign. With k regions there
are 2^k ways; p is the part of these in which the mean is at least as far from zero as the one that was seen,
so that it cannot be less than 2 / 2^k. The interval holds every common change that the test does not refuse
at 5%: its bounds are order statistics of the means of all subsets of regions (typical values).

References
----------
Fisher (1935), The Design of Experiments, section 21
Hartigan (1969), Using subsample values as typical values, doi:10.1080/01621459.1969.10501057
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.designs._assignment import LEVEL, Assignments, Outcome

Floats = NDArray[np.float64]
# Up to so many regions every way is made; a panel of more is not of this field.
MOST = 18
_SAME = 1e-9


def possible(k: int) -> Assignments:
    """Return how many ways there are for `k` regions, 1 to `MOST`."""
    return Assignments(2**k, True, min(1.0, 2 / 2**k))


def flip(d: Floats) -> Outcome:
    """Test a mean change of zero.

    Parameters
    ----------
    d : array of shape (k,)
        The change of each region; k from 1 to `MOST`.

    Returns
    -------
    Outcome
        Mean, p, and the bounds of the 95% interval; infinite when no p under 5% can come out.
    """
    k = len(d)
    bits = (np.arange(2**k, dtype=np.int64)[:, None] >> np.arange(k)) & 1
    sums = bits @ d
    total = float(d.sum())
    # Flipping a subset of sum s gives the mean (total - 2 s) / k.
    flipped = np.abs(total - 2 * sums)
    p = float((flipped >= abs(total) - _SAME * max(1.0, float(np.abs(d).max()))).mean())
    means = np.sort(sums[1:] / bits[1:].sum(axis=1))
    refused = int(np.floor(LEVEL * 2**k / 2 + _SAME))
    low, high = (means[refused - 1], means[-refused]) if refused >= 1 else (-np.inf, np.inf)
    one = np.array
    return Outcome(one(total / k), one(p), one(low), one(high))
