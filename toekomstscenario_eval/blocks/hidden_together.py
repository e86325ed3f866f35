"""Groups that may not be shown apart, shown together: the whole minus what is shown.

A reader could subtract it; so it gives nothing away, and the groups do not vanish from the report.
Only for shares, means and rates, which are one number over another that both add up, and only when the
thresholds hold for all together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.kinds import VIEWS
from toekomstscenario_eval.designs import Made
from toekomstscenario_eval.disclosure.difference import STAND
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.document.document import Alinea, Getal, Tekst
from toekomstscenario_eval.document.format import FORMS, number, unit
from toekomstscenario_eval.types import Maat, Vorm


@dataclass(frozen=True)
class Together:
    """The hidden groups of one breakdown as one: how many, and their figure."""

    groepen: int
    maat: Maat
    teller: float
    noemer: float
    bronnen: tuple[str, ...]

    @property
    def id(self) -> str:
        """Name of what was combined, by which it can be traced."""
        return self.made("").id

    @property
    def vorm_noemer(self) -> Vorm:
        """Whole units read as a count; time and parts of units do not."""
        return Vorm.TELLING if float(self.noemer).is_integer() else Vorm.GETAL

    def made(self, maat: str) -> Made:
        """Return it as a number made from released ones; what two numbers leave over has no interval."""
        waarden = {
            "schatting": self.waarde,
            "ondergrens": None,
            "bovengrens": None,
            "teller": self.teller,
            "noemer": self.noemer,
        }
        return Made(
            "samen", "verborgen groepen samen", maat, self.bronnen, waarden, {"noemer": self.vorm_noemer}
        )

    @property
    def waarde(self) -> float:
        """Share, mean or rate of these groups together."""
        return self.teller / self.noemer


def hidden_together(vrijgave: Release, sleutel: str, *, per: str) -> Together | None:
    """Return the hidden groups of a breakdown as one, or None when that cannot be shown either."""
    r = access.released(vrijgave, sleutel)
    if not VIEWS[r.card.kind].optelbaar or r.schattingen["periode"].any():
        return None
    maat = access.headline(r)
    groepen, geheel = (access.rows(r, uitsplitsing=u, maat=maat) for u in (per, ""))
    dicht = groepen["onderdrukt"].astype(bool)
    getoond = groepen[~dicht].sort_values("groep")
    # Numbers that stayed from an earlier release are of another day, and cannot be subtracted.
    oud = getoond["methode"].str.contains(STAND, regex=False).any()
    if dicht.sum() < 2 or oud or geheel["onderdrukt"].all() or geheel["methode"].str.contains(STAND).any():
        return None
    if not _adds_up(pd.concat([geheel, getoond])):
        return None
    n, teller, noemer = (float(geheel[k].iloc[0] - getoond[k].sum()) for k in ("n", "teller", "noemer"))
    b = vrijgave.beleid
    wat = r.card.maten[maat]
    goed = (
        n >= b.minimum_huishoudens
        and (teller == 0 or teller >= b.minimum_teller)
        and (noemer - teller >= b.minimum_rest if FORMS[wat.vorm].deel else noemer > 0)
    )
    bronnen = (*geheel["getal_id"], *getoond["getal_id"])
    return Together(int(dicht.sum()), wat, teller, noemer, bronnen) if goed else None


def _adds_up(rijen: pd.DataFrame) -> bool:
    """Whether every figure is its numerator over its denominator; of none without a unit."""
    rijen = rijen[rijen["noemer"].gt(0)]
    return bool(np.isclose(rijen["schatting"], rijen["teller"] / rijen["noemer"], rtol=1e-9).all())


def together_sentence(samen: Together) -> Alinea:
    """Say the figure of the hidden groups together."""
    return Alinea(
        (
            Tekst(f"De {samen.groepen} groepen die niet apart te zien zijn, komen samen uit op "),
            Getal(number(samen.waarde, samen.maat.vorm), samen.id),
            Tekst(f"{unit(samen.maat)} ("),
            Getal(number(samen.teller, Vorm.TELLING), f"{samen.id}.teller"),
            Tekst(" van " if FORMS[samen.maat.vorm].deel else " gedeeld door "),
            Getal(number(samen.noemer, samen.vorm_noemer), f"{samen.id}.noemer"),
            Tekst("): het geheel min wat wel te zien is."),
        )
    )
