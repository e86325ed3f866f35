"""Standardised difference of characteristics between two groups, from their released shares.

How far groups lie apart in who they are, whatever their size: no test, and nothing of chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from toekomstscenario_eval.characteristic_names import of_household
from toekomstscenario_eval.designs import Design, Made, Released, rows
from toekomstscenario_eval.designs._sites import Z
from toekomstscenario_eval.identity import COMPARISON, PILOT
from toekomstscenario_eval.protection.noise import noise_of_ratio
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.types import SITE_KIND, TOON, Vorm

# From here on a difference is called more than negligible: a convention, and no test.
NOTABLE = 0.1
NAME = "smd"
WHAT = "proeftuinen min vergelijkingsregio's, in standaardafwijkingen"
CARD = Design(
    label="Gestandaardiseerd verschil",
    vraag="Lijken de huishoudens van proeftuinen en vergelijkingsregio's op elkaar?",
    assumption="geen: het beschrijft deze huishoudens.",
    grens="Of een verschil de uitkomsten beïnvloedt, en of groepen ook lijken in wat niet is geleverd.",
    per=SITE_KIND,
    order=5,
    code="gestandaardiseerd_verschil",
    methode="Gestandaardiseerde verschillen in de basistabel: het verschil van twee aandelen, gedeeld door "
    "de wortel uit het gemiddelde van p(1-p) van beide groepen (Austin 2009, doi 10.1002/sim.3697), voor "
    "elke waarde van een kenmerk apart. Vanaf 0,1 heet een verschil niet meer verwaarloosbaar. Dat is een "
    "afspraak en geen toets: met grote groepen wordt het getal niet vanzelf groter. In een openbaar verslag "
    "staat het er alleen waar beide aandelen zijn getoond, en telt mee hoeveel de ruis het kan verschuiven.",
    describes=True,
)


def standardized_difference(p: float, q: float) -> float:
    """Return the standardised difference of two shares; NaN when they differ and neither has any spread.

    d = (p - q) / sqrt((p (1 - p) + q (1 - q)) / 2).

    References
    ----------
    Austin (2009), doi:10.1002/sim.3697
    """
    if p == q:
        return 0.0
    spread = math.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    return (p - q) / spread if spread > 0 else math.nan


def noise_margin(p: tuple[float, float], n: tuple[float, float], v: float) -> float:
    """Return how far noise moves a standardised difference in 95 of 100 draws, with the spread as published.

    Parameters
    ----------
    p, n : tuple of float
        Published share and households of both groups.
    v : float
        Variance of the noise.
    """
    spread = math.sqrt(sum(share * (1 - share) for share in p) / 2)
    error = math.sqrt(sum(noise_of_ratio(share, many, v) for share, many in zip(p, n, strict=True)))
    return Z * error / spread


def make(r: Released, *, a: str = PILOT, b: str = COMPARISON) -> Iterator[Made]:
    """Yield the standardised difference of every characteristic of which both shares are shown."""
    for maat in r.card.maten_bij(r.params):
        if of_household(maat):
            by_group = {
                row["groep"]: row for row in rows(r, uitsplitsing=SITE_KIND, maat=maat).to_dict("records")
            }
            if {a, b} <= set(by_group):
                yield from _made(maat, by_group[a], by_group[b], r.publiek)


def _made(
    maat: str, one: Mapping[Any, Any], two: Mapping[Any, Any], public: Mapping[str, PublicSummary]
) -> Iterator[Made]:
    p = float(one["schatting"]), float(two["schatting"])
    # Nobody in both, or everybody, tells nothing of how alike they are.
    spread = p[0] != p[1] or 0 < p[0] < 1
    d = standardized_difference(*p) if spread and one["weergave"] == two["weergave"] == TOON else math.nan
    if math.isnan(d):
        return
    n = float(one["n"]), float(two["n"])
    yield Made(
        NAME,
        WHAT,
        maat,
        (str(one["getal_id"]), str(two["getal_id"])),
        {
            "schatting": d,
            "ondergrens": None,
            "bovengrens": None,
            "ruis": noise_margin(p, n, public[SITE_KIND].ruis.v) if public else 0.0,
        },
        {"schatting": Vorm.GETAL, "ruis": Vorm.GETAL},
    )
