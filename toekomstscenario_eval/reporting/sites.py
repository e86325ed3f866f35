"""Sites beside each other: how much they really differ, and shrunken figures instead of a league table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toekomstscenario_eval.designs.meta import Floats, MetaAnalysis, combine, deviating
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.reporting import access
from toekomstscenario_eval.reporting.document import Alinea, Getal, Tekst
from toekomstscenario_eval.reporting.format import group, interval, number
from toekomstscenario_eval.types import Maat, Vorm

_Z = 1.959963984540054


@dataclass(frozen=True)
class Sites:
    """Released sites combined on a scale where normality fits, and brought back.

    `gekrompen` has `groep, gekrompen`; `afwijkend` names the sites that differ from the others;
    `bronnen` are the ids of the numbers that went in.
    """

    meta: MetaAnalysis
    gekrompen: pd.DataFrame
    gemiddelde: float
    voorspel: tuple[float, float]
    afwijkend: tuple[str, ...]
    bronnen: tuple[str, ...]

    @property
    def id(self) -> str:
        """Name of what was combined, by which it can be traced."""
        return access.derived_id("regio's", self.bronnen)


def _forward(waarde: Floats, vorm: Vorm) -> Floats:
    return np.log(waarde / (1 - waarde)) if vorm is Vorm.AANDEEL else np.log(waarde)


def _back(waarde: Floats, vorm: Vorm) -> Floats:
    return 1 / (1 + np.exp(-waarde)) if vorm is Vorm.AANDEEL else np.exp(waarde)


def combine_sites(vrijgave: Release, sleutel: str, *, per: str = "proeftuin") -> Sites | None:
    """Combine the sites that are shown; None with fewer than three that have an interval.

    Shares are combined on the logit scale, other figures on the log scale; a site at 0 or 100%
    has no place there and is left out.
    """
    r = access.released(vrijgave, sleutel)
    maat = r.card.maten[access.headline(r)]
    if maat.vorm is Vorm.TELLING:
        return None
    rijen = access.rows(r, uitsplitsing=per, maat=access.headline(r))
    grenzen = rijen[["schatting", "ondergrens", "bovengrens"]]
    past = grenzen.notna().all(axis=1) & (grenzen > 0).all(axis=1)
    if maat.vorm is Vorm.AANDEEL:
        past &= (grenzen < 1).all(axis=1)
    mee = rijen[past & ~rijen["onderdrukt"].astype(bool)]
    if len(mee) < 3:
        return None
    y, onder, boven = (
        _forward(mee[k].to_numpy(dtype=float), maat.vorm) for k in ("schatting", "ondergrens", "bovengrens")
    )
    se = (boven - onder) / (2 * _Z)
    if not np.all(se > 0):
        return None
    meta = combine(y, se)
    terug = _back(np.array([meta.gemiddelde, meta.voorspel_onder, meta.voorspel_boven]), maat.vorm)
    return Sites(
        meta,
        pd.DataFrame({"groep": mee["groep"].to_numpy(), "gekrompen": _back(meta.gekrompen, maat.vorm)}),
        float(terug[0]),
        (float(terug[1]), float(terug[2])),
        tuple(group(g) for g in mee["groep"][deviating(y, se)]),
        tuple(mee["getal_id"]),
    )


def sites_sentence(sites: Sites, maat: Maat) -> Alinea:
    """Return how much the sites differ beyond chance, in plain words."""
    deel = number(sites.meta.i2, Vorm.AANDEEL)
    wie = ", ".join(sites.afwijkend)
    afwijkend = (
        f"Na correctie voor {len(sites.gekrompen)} vergelijkingen tegelijk wijkt af: {wie}."
        if wie
        else f"Na correctie voor {len(sites.gekrompen)} vergelijkingen tegelijk wijkt geen enkele regio af."
    )
    return Alinea(
        (
            Tekst("Van de verschillen tussen regio's is "),
            Getal(deel, f"{sites.id}.i2"),
            Tekst(" meer dan toeval (I²). Een volgende, vergelijkbare regio komt naar verwachting uit op "),
            Getal(interval(*sites.voorspel, maat.vorm), f"{sites.id}.interval"),
            Tekst(
                f". {afwijkend} De open ruiten in de figuur zijn naar het midden getrokken schattingen: hoe "
                "minder huishoudens een regio telt, hoe sterker."
            ),
        )
    )
