"""Three levels: households in sites, and sites in the regions they belong to.

Sites of one region may resemble each other; then eleven sites tell less than eleven regions would. Asked
for by breaking down by `proeftuin` and `proeftuin_regio` together.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from toekomstscenario_eval.designs import Design, Made, Released, breakdowns, rows
from toekomstscenario_eval.designs._sites import site_data
from toekomstscenario_eval.designs._three_level import three_levels
from toekomstscenario_eval.types import SITE, Vorm

REGION = "proeftuin_regio"
CARD = Design(
    label="Drie niveaus",
    vraag="Hoeveel verschillen regio's van elkaar, en proeftuinen binnen een regio?",
    assumption="De echte cijfers liggen als een normale verdeling rond dat van hun regio, en die rond een "
    "gemiddelde, op een schaal waar dat past (logit of log).",
    grens="Waarom regio's verschillen; met weinig proeftuinen per regio zijn beide niveaus nauwelijks te "
    "scheiden.",
    per=SITE,
    order=4,
    code="drie_niveaus",
    needs=REGION,
    methode="Drie niveaus: meta-analyse met een eigen afwijking van elke regio en van elke proeftuin "
    "daarbinnen "
    "(REML, t met "
    "het aantal regio's min één), als het resultaat naar proeftuin en naar regio is uitgesplitst. In een "
    "openbaar verslag zit de ruis in de standaardfout van elke proeftuin.",
)


def make(r: Released) -> Iterator[Made]:
    """Yield the mean over regions, and which part of the spread lies between and within them."""
    sites = site_data(r) if REGION in breakdowns(r) else None
    if sites is None:
        return
    known = set(rows(r, uitsplitsing=REGION)["groep"])
    of = [next((p for p in str(text).split(" / ") if p in known), "") for text in sites.tabel["stratum"]]
    there = np.isfinite(sites.y) & np.isfinite(sites.se) & (sites.se > 0)
    if not all(of) or not there.all():
        return
    found = three_levels(sites.y, sites.se**2, of)
    if found.status:
        return
    ends = np.array([found.coefficients[0], *found.interval()])
    mean, under, above = map(float, sites.schaal.back(ends))
    yield Made(
        "three_levels",
        "gemiddelde over regio's, proeftuinen binnen hun regio",
        sites.naam,
        sites.bronnen,
        {
            "schatting": mean,
            "ondergrens": under,
            "bovengrens": above,
            "tussen_regio_s": found.i2[0],
            "binnen_regio_s": found.i2[1],
        },
        {"tussen_regio_s": Vorm.AANDEEL, "binnen_regio_s": Vorm.AANDEEL},
    )
