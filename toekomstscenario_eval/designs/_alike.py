"""Whether households of one region are alike: how much regions of one kind differ beyond chance and noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from toekomstscenario_eval.designs._sites import SiteData

# Below this p it is clear that regions differ by more than chance.
CLEAR = 0.01


@dataclass(frozen=True)
class Alike:
    """Cochran's Q within kinds of region, its degrees of freedom and p.

    How much is more than chance is told by the comparison of sites alone: see `designs.meta.shrink`.

    References
    ----------
    Cochran (1954), doi:10.2307/3001666
    """

    q: float
    df: int
    p: float

    @property
    def clear(self) -> bool:
        """Whether regions clearly differ by more than chance and noise."""
        return self.p < CLEAR


def within_kinds(sites: SiteData) -> Alike | None:
    """Return how much regions differ from the mean of their own kind; None with one region of each kind.

    On the scale of the comparison of sites, with weights 1 / v of the regions' own errors, in public with the
    noise in them: Q = sum over kinds of sum w (y - mean of the kind)^2.
    """
    kinds = sites.tabel["stratum"].to_numpy(dtype=str)
    weight, q, df = 1 / sites.se**2, 0.0, 0
    for kind in np.unique(kinds):
        at = kinds == kind
        y, w = sites.y[at], weight[at]
        q += float(np.sum(w * (y - np.sum(w * y) / np.sum(w)) ** 2))
        df += int(at.sum()) - 1
    if df < 1:
        return None
    return Alike(q, df, float(special.chdtrc(df, q)))
