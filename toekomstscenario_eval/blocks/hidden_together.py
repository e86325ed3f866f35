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
from toekomstscenario_eval.blocks.views import VIEWS
from toekomstscenario_eval.designs import Made
from toekomstscenario_eval.disclosure.earlier_release import STATE
from toekomstscenario_eval.document.document import Alinea, Getal, Tekst
from toekomstscenario_eval.document.format import FORMS, number, unit
from toekomstscenario_eval.results import Release
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

    def made(self, maat: str) -> Made:
        """Return it as a number made from released ones; what two numbers leave over has no interval."""
        waarden = {
            "schatting": self.waarde,
            "ondergrens": None,
            "bovengrens": None,
            "teller": self.teller,
            "noemer": self.noemer,
        }
        vormen = {"noemer": self.vorm_noemer}
        return Made("samen", "verborgen groepen samen", maat, self.bronnen, waarden, vormen)

    @property
    def vorm_noemer(self) -> Vorm:
        """Whole units read as a count; time and parts of units do not."""
        return Vorm.TELLING if float(self.noemer).is_integer() else Vorm.GETAL

    @property
    def waarde(self) -> float:
        """Share, mean or rate of these groups together."""
        return self.teller / self.noemer


def hidden_together(vrijgave: Release, key: str, *, per: str) -> Together | None:
    """Return the hidden groups of a breakdown as one, or None when that cannot be shown either."""
    r = access.released(vrijgave, key)
    if not VIEWS[r.card.kind].additive or r.schattingen["periode"].any():
        return None
    maat = access.headline(r)
    groepen, whole = (access.rows(r, uitsplitsing=u, maat=maat) for u in (per, ""))
    shut = groepen["onderdrukt"].astype(bool)
    shown = groepen[~shut].sort_values("groep")
    # Numbers that stayed from an earlier release are of another day, and cannot be subtracted.
    old = shown["methode"].str.contains(STATE, regex=False).any()
    if shut.sum() < 2 or old or whole["onderdrukt"].all() or whole["methode"].str.contains(STATE).any():
        return None
    if not _adds_up(pd.concat([whole, shown])):
        return None
    n, teller, noemer = (float(whole[k].iloc[0] - shown[k].sum()) for k in ("n", "teller", "noemer"))
    b = vrijgave.beleid
    what = r.card.maten[maat]
    good = (
        n >= b.minimum_huishoudens
        and (teller == 0 or teller >= b.minimum_teller)
        and (noemer - teller >= b.minimum_rest if FORMS[what.vorm].deel else noemer > 0)
    )
    sources = (*whole["getal_id"], *shown["getal_id"])
    return Together(int(shut.sum()), what, teller, noemer, sources) if good else None


def _adds_up(rows: pd.DataFrame) -> bool:
    """Whether every figure is its numerator over its denominator; of none without a unit."""
    rows = rows[rows["noemer"].gt(0)]
    return bool(np.isclose(rows["schatting"], rows["teller"] / rows["noemer"], rtol=1e-9).all())


def together_sentence(together: Together) -> Alinea:
    """Say the figure of the hidden groups together."""
    return Alinea(
        (
            Tekst(f"De {together.groepen} groepen die niet apart te zien zijn, komen samen uit op "),
            Getal(number(together.waarde, together.maat.vorm), together.id),
            Tekst(f"{unit(together.maat)} ("),
            Getal(number(together.teller, Vorm.TELLING), f"{together.id}.teller"),
            Tekst(" van " if FORMS[together.maat.vorm].deel else " gedeeld door "),
            Getal(number(together.noemer, together.vorm_noemer), f"{together.id}.noemer"),
            Tekst("): het geheel min wat wel te zien is."),
        )
    )
