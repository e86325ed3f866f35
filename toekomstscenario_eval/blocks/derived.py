"""Numbers that reporting makes from released numbers, and what each was made from."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.difference import SOORT, by_site, differences
from toekomstscenario_eval.blocks.hidden_together import hidden_together
from toekomstscenario_eval.blocks.sites import NIVEAU, Sites, combine_sites
from toekomstscenario_eval.blocks.wording import name
from toekomstscenario_eval.designs.verschil import SiteDifference
from toekomstscenario_eval.disclosure.release import Release

_PROEFTUIN = "proeftuin"


def _known(waarde: float) -> float | None:
    return None if math.isnan(waarde) else waarde


def _per_site(sites: Sites, kolom: str) -> dict[str, float]:
    return {str(g): float(w) for g, w in zip(sites.tabel["groep"], sites.tabel[kolom], strict=True)}


def _limits(sites: Sites) -> dict[str, dict[str, float]]:
    """Return the control limits of the funnel at every site."""
    uit = {}
    for niveau in sites.trechter.buiten:
        grenzen = sites.limits(sites.tabel["omvang"].to_numpy(dtype=float), niveau)
        for kant, waarden in zip(("ondergrens", "bovengrens"), grenzen, strict=True):
            groepen = map(str, sites.tabel["groep"])
            uit[f"grens_{NIVEAU[niveau]}_{kant}"] = dict(zip(groepen, waarden.tolist(), strict=True))
    return uit


def _by_site(sleutel: str, maat: str, v: SiteDifference, bronnen: tuple[str, ...]) -> dict[str, Any]:
    return {
        "getal_id": access.derived_id("regio als eenheid", bronnen),
        "soort": "proeftuinen min vergelijkingsregio's, regio als eenheid",
        "resultaat": sleutel,
        "maat": maat,
        "uit": list(bronnen),
        "schatting": v.schatting,
        "ondergrens": v.ondergrens,
        "bovengrens": v.bovengrens,
        "statistiek": v.t,
        "df": v.df,
        "p": v.p,
    }


def derived(vrijgave: Release) -> Iterator[dict[str, Any]]:
    """Yield every derived number of a release: `getal_id`, what it is, its sources and its values."""
    for r in vrijgave.resultaten:
        if r.schattingen.empty or r.schattingen["periode"].any():
            continue
        uitsplitsingen = access.breakdowns(r)
        if SOORT in uitsplitsingen:
            for naam, v, bronnen in differences(vrijgave, r.sleutel):
                if not v.reden:
                    yield {
                        "getal_id": access.derived_id("verschil", bronnen),
                        "soort": f"{name(r, SOORT, v.a)} min {name(r, SOORT, v.b)}",
                        "resultaat": r.sleutel,
                        "maat": naam,
                        "uit": list(bronnen),
                        "schatting": v.schatting,
                        "ondergrens": v.ondergrens,
                        "bovengrens": v.bovengrens,
                        "hedges_g": _known(v.hedges_g),
                        "g_ondergrens": _known(v.g_ondergrens),
                        "g_bovengrens": _known(v.g_bovengrens),
                    }
            if regios := by_site(vrijgave, r.sleutel):
                yield _by_site(r.sleutel, access.headline(r), *regios)
        for per in uitsplitsingen:
            if samen := hidden_together(vrijgave, r.sleutel, per=per):
                yield {
                    "getal_id": samen.id,
                    "soort": "verborgen groepen samen",
                    "resultaat": r.sleutel,
                    "maat": access.headline(r),
                    "uit": list(samen.bronnen),
                    "schatting": samen.waarde,
                    # What two numbers leave over has no interval of its own.
                    "ondergrens": None,
                    "bovengrens": None,
                    "teller": samen.teller,
                    "noemer": samen.noemer,
                }
        sites = combine_sites(vrijgave, r.sleutel) if _PROEFTUIN in uitsplitsingen else None
        if sites:
            yield {
                "getal_id": sites.id,
                "soort": "regio's samengenomen",
                "resultaat": r.sleutel,
                "maat": access.headline(r),
                "uit": list(sites.bronnen),
                "schatting": sites.gemiddelde,
                "ondergrens": sites.voorspel[0],
                "bovengrens": sites.voorspel[1],
                "i2": sites.meta.i2,
                "gekrompen": _per_site(sites, "gekrompen"),
                "gekrompen_interval_ondergrens": _per_site(sites, "krimp_onder"),
                "gekrompen_interval_bovengrens": _per_site(sites, "krimp_boven"),
                **_limits(sites),
                "omvang": _per_site(sites, "omvang"),
                "phi": sites.trechter.phi,
            }
