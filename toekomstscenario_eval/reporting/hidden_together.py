"""Groups that may not be shown apart, shown together: the whole minus what is shown.

A reader could subtract it; so it gives nothing away, and the groups do not vanish from the report.
Only for shares, where every unit is in one group, and only when the thresholds hold for all together.
"""

from __future__ import annotations

from dataclasses import dataclass

from toekomstscenario_eval.disclosure.difference import STAND
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.reporting import access
from toekomstscenario_eval.reporting.document import Alinea, Getal, Tekst
from toekomstscenario_eval.reporting.format import number
from toekomstscenario_eval.types import Kind, Vorm


@dataclass(frozen=True)
class Together:
    """The hidden groups of one breakdown as one: how many, and their share."""

    groepen: int
    teller: float
    noemer: float
    bronnen: tuple[str, ...]

    @property
    def id(self) -> str:
        """Name of what was combined, by which it can be traced."""
        return access.derived_id("samen", self.bronnen)

    @property
    def aandeel(self) -> float:
        """Share of the units of these groups with the characteristic."""
        return self.teller / self.noemer


def hidden_together(vrijgave: Release, sleutel: str, *, per: str) -> Together | None:
    """Return the hidden groups of a breakdown as one, or None when that cannot be shown either."""
    r = access.released(vrijgave, sleutel)
    if r.card.kind is not Kind.AANDEEL or r.schattingen["periode"].any():
        return None
    maat = access.headline(r)
    groepen, geheel = (access.rows(r, uitsplitsing=u, maat=maat) for u in (per, ""))
    dicht = groepen["onderdrukt"].astype(bool)
    getoond = groepen[~dicht]
    # Numbers that stayed from an earlier release are of another day, and cannot be subtracted.
    oud = getoond["methode"].str.contains(STAND, regex=False).any()
    if dicht.sum() < 2 or oud or geheel["onderdrukt"].all() or geheel["methode"].str.contains(STAND).any():
        return None
    n, teller, noemer = (float(geheel[k].iloc[0] - getoond[k].sum()) for k in ("n", "teller", "noemer"))
    b = vrijgave.beleid
    goed = (
        n >= b.minimum_huishoudens
        and (teller == 0 or teller >= b.minimum_teller)
        and noemer - teller >= b.minimum_rest
    )
    bronnen = (*geheel["getal_id"], *getoond["getal_id"])
    return Together(int(dicht.sum()), teller, noemer, bronnen) if goed else None


def together_sentence(samen: Together) -> Alinea:
    """Say the share of the hidden groups together."""
    return Alinea(
        (
            Tekst(f"De {samen.groepen} groepen die niet apart te zien zijn, komen samen uit op "),
            Getal(number(samen.aandeel, Vorm.AANDEEL), samen.id),
            Tekst(" ("),
            Getal(number(samen.teller, Vorm.TELLING), f"{samen.id}.teller"),
            Tekst(" van "),
            Getal(number(samen.noemer, Vorm.TELLING), f"{samen.id}.noemer"),
            Tekst("): het geheel min wat wel te zien is."),
        )
    )
