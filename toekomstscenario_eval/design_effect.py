"""What every room knows of a design effect: its name, in which steps it is told, and who uses whose.

A design effect says how many times larger a variance is because households share a professional or a team.
It is estimated of the whole and of each kind of region, before the waist; other groups use one of those.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from typing import TYPE_CHECKING

from toekomstscenario_eval.types import SITE, SITE_KIND

if TYPE_CHECKING:
    import pandas as pd

# The cell that holds it: x is the effect in halves, n the households that count at its place.
NAME = "ontwerpeffect"
HALVES, MOST = 2, 10
# The breakdowns of which it is estimated; the empty text is the whole.
OWN = ("", SITE_KIND)
_NEAREST = 0.5


def in_halves(effect: float, shift: float = _NEAREST) -> int:
    """Return an effect in whole halves, from 1 to `MOST`; with a random `shift` rounding is random too."""
    return max(math.floor(min(HALVES * effect + shift, HALVES * MOST)), HALVES)


def published(cells: pd.DataFrame) -> float | None:
    """Return the effect that the published cells of one place hold; None when they hold none."""
    found = cells.loc[cells["naam"].eq(NAME), "x"]
    return float(found.iloc[0]) / HALVES if len(found) else None


def source(
    per: str, groep: str, kinds: Mapping[str, str], known: Container[tuple[str, str]], whole: str
) -> tuple[str, str]:
    """Return of which place a group uses the effect: a site of its kind of region, the rest of the whole.

    Parameters
    ----------
    kinds : mapping
        Kind of region by site.
    known : container
        The places, as breakdown and group, that have an effect of their own.
    whole : str
        The group that is the whole.
    """
    kind = (SITE_KIND, kinds.get(groep, ""))
    return kind if per == SITE and kind in known else ("", whole)


def lent(effect: float, per: str, n: float, of: float) -> float:
    """Return the effect for a group of `n` households, from that of a place of `of` households.

    Teams belong to a region, so that groups of regions share as much as the whole does. Of a group of
    households (a profile) a team has the same part as the whole has: what is shared falls in proportion.
    """
    if per == SITE or per.startswith(f"{SITE}_") or of <= 0:
        return effect
    return 1 + (effect - 1) * min(1.0, n / of)


def in_words(effect: float | None) -> str:
    """Return how the interval of a duration takes sharing into account, for the method text."""
    if effect is None:
        return "duren als onafhankelijk geteld (geen ontwerpeffect)"
    if effect >= MOST:
        return f"ontwerpeffect {MOST}, de hoogste waarde: het interval kan te smal zijn"
    text = f"{effect:g}".replace(".", ",")
    return f"ontwerpeffect {text} voor huishoudens met hetzelfde vaste gezicht of lokale team"
