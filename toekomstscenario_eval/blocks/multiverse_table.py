"""What the definition multiverse shows: every definition, what each choice does, and one sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.document.document import Alinea, Cel, Getal, Inline, Tabel, Tekst
from toekomstscenario_eval.document.format import interval, number
from toekomstscenario_eval.identity import STANDAARD
from toekomstscenario_eval.types import Card, Maat, Vorm

# What the default is of choices that are no parameter of the indicator.
_GEWOON = {
    "laatste dag": "telt niet mee",
    "wie telt mee": "iedereen die is geregistreerd",
    "venster": "de hele waarneemperiode",
}


def definitions(vrijgave: Release, indicator: str) -> list[Released]:
    """Return the results of the multiverse of one indicator that apply."""
    return [
        r
        for r in access.required(vrijgave).resultaten
        if r.indicator == indicator and r.variant.definitie is not None and not r.reden_nvt
    ]


@dataclass(frozen=True)
class Multiverse:
    """The definitions of one indicator, from low to high, those without a number last.

    Attributes
    ----------
    rijen : DataFrame
        `label`, `schatting`, `ondergrens`, `bovengrens`, `n`, `onderdrukt`, `getal_id`, and
        `keuzes`: choice -> value.
    waarden : mapping of choice to its values, the default first
    """

    maat: Maat
    rijen: pd.DataFrame
    waarden: Mapping[str, tuple[str, ...]]

    @property
    def getoond(self) -> pd.DataFrame:
        """Definitions with a number."""
        return self.rijen[~self.rijen["onderdrukt"].astype(bool) & self.rijen["schatting"].notna()]

    def values(self, keuze: str) -> pd.Series:
        """Return the value of a choice for each definition that is shown."""
        return self.getoond["keuzes"].map(lambda k: k.get(keuze, STANDAARD))

    def share(self, keuze: str) -> float:
        """Return which part of the spread between definitions goes with a choice (eta squared)."""
        y = self.getoond["schatting"].astype(float)
        totaal = float(((y - y.mean()) ** 2).sum())
        if len(y) < 2 or totaal <= 0:
            return math.nan
        gemiddelden = y.groupby(self.values(keuze).to_numpy()).transform("mean")
        return float(((gemiddelden - y.mean()) ** 2).sum()) / totaal

    @property
    def verborgen(self) -> int:
        """How many definitions may not be shown."""
        return int(self.rijen["onderdrukt"].astype(bool).sum())

    @property
    def gewoon(self) -> pd.Series | None:
        """The definition by default, when it was computed and may be shown."""
        zelf = self.getoond[self.getoond["label"].eq(STANDAARD)]
        return None if zelf.empty else zelf.iloc[0]


def multiverse(vrijgave: Release, indicator: str) -> Multiverse | None:
    """Return the definitions of an indicator in a release, or None when there are none."""
    resultaten = definitions(vrijgave, indicator)
    if not resultaten:
        return None
    rijen, waarden = [], dict[str, dict[str, None]]()
    for r in resultaten:
        naam = access.headline(r)
        rij = access.records(access.rows(r, uitsplitsing="", maat=naam))[0]
        keuzes = dict(r.variant.definitie or ())
        for keuze, waarde in keuzes.items():
            waarden.setdefault(keuze, {STANDAARD: None})[waarde] = None
        rijen.append({**rij, "label": r.variant.keuzes, "keuzes": keuzes})
    frame = pd.DataFrame(rijen).sort_values(["schatting", "label"], na_position="last", ignore_index=True)
    eerste = resultaten[0]
    maat = eerste.card.maten[access.headline(eerste)]
    m = Multiverse(maat, frame, {k: tuple(w) for k, w in waarden.items()})
    # The choice that matters most comes first; one without any spread keeps its place at the end.
    volgorde = sorted(m.waarden, key=lambda k: (-np.nan_to_num(m.share(k)), k))
    return replace(m, waarden={k: m.waarden[k] for k in volgorde})


def value_label(card: Card, keuze: str, waarde: str) -> str:
    """Return a value as a reader sees it; the default of a parameter by its own name."""
    if waarde == STANDAARD:
        eigen = card.params[keuze].standaard if keuze in card.params else _GEWOON[keuze]
        waarde = f"{eigen} (standaard)"
    return waarde.replace("_", " ")


def multiverse_table(vrijgave: Release, indicator: str) -> Tabel:
    """Return one row per definition, from the lowest estimate to the highest."""
    m = multiverse(vrijgave, indicator)
    rijen = access.records(m.rijen) if m else []
    vorm = m.maat.vorm if m else Vorm.GETAL
    return Tabel(
        f"Definities van {indicator}, van laag naar hoog",
        ("Definitie", "Schatting", "95%-interval", "Huishoudens"),
        tuple(
            (Cel(rij["label"]), number_cell(rij, vorm), interval_cell(rij, vorm), count_cell(rij, "n"))
            for rij in rijen
        ),
    )


def influence_table(vrijgave: Release, indicator: str) -> Tabel | None:
    """Return per choice and value the mean over all definitions, and how much of the spread it makes.

    None when fewer than two definitions are shown, or no choice has two values.
    """
    m = multiverse(vrijgave, indicator)
    if m is None or len(m.getoond) < 2 or not m.waarden:
        return None
    card, rijen = definitions(vrijgave, indicator)[0].card, []
    y = m.getoond["schatting"].astype(float)
    for keuze, waarden in m.waarden.items():
        deel = number(m.share(keuze), Vorm.AANDEEL)
        for waarde in waarden:
            eigen = y[(m.values(keuze) == waarde).to_numpy()]
            if eigen.empty:
                continue
            tussen = interval(float(eigen.min()), float(eigen.max()), m.maat.vorm)
            teksten = (number(float(eigen.mean()), m.maat.vorm), tussen, str(len(eigen)), deel)
            kop = (Cel(keuze.replace("_", " ")), Cel(value_label(card, keuze, waarde)))
            rijen.append((*kop, *(Cel(tekst, rechts=True) for tekst in teksten)))
    return Tabel(
        f"{m.maat.label}: wat elke keuze uitmaakt",
        ("Keuze", "Waarde", "Gemiddeld", "Laagste – hoogste", "Definities", "Deel van de spreiding"),
        tuple(rijen),
        (
            f"Eenheid: {m.maat.eenheid}. Deel van de spreiding: hoeveel van de verschillen tussen definities "
            "met deze keuze samengaat (eta-kwadraat); wat rest, zit in combinaties van keuzes."
            + (" Onderdrukte definities tellen niet mee." if m.verborgen else ""),
        ),
    )


def multiverse_sentence(vrijgave: Release, indicator: str) -> Alinea | None:
    """Return how far the headline moves over the definitions, or None with fewer than two shown."""
    m = multiverse(vrijgave, indicator)
    if m is None or len(m.getoond) < 2:
        return None
    getoond, vorm = m.getoond, m.maat.vorm
    laag, hoog, gewoon = getoond.iloc[0], getoond.iloc[-1], m.gewoon
    soort = "andere redelijke definities" if gewoon is None else "redelijke definities"
    delen: list[Inline] = [
        Tekst(f"{m.maat.label} onder {len(getoond)} {soort}: van "),
        Getal(number(laag["schatting"], vorm), laag["getal_id"]),
        Tekst(" tot "),
        Getal(number(hoog["schatting"], vorm), hoog["getal_id"]),
        Tekst("."),
    ]
    if gewoon is not None:
        binnen = getoond["schatting"].between(gewoon["ondergrens"], gewoon["bovengrens"]).sum()
        delen += [
            Tekst(" Standaard: "),
            Getal(number(gewoon["schatting"], vorm), gewoon["getal_id"]),
            Tekst(f"; bij {binnen} van de {len(getoond)} ligt het cijfer in het 95%-interval daarvan."),
        ]
    return Alinea((*delen, *_strongest(m), Tekst(_hidden(m))))


def _hidden(m: Multiverse) -> str:
    """Say how many definitions are missing, and why most of them are."""
    if not m.verborgen:
        return ""
    wat = "Één definitie is" if m.verborgen == 1 else f"{m.verborgen} definities zijn"
    return (
        f" {wat} onderdrukt; meestal omdat het verschil met een andere definitie maar een paar eenheden is."
    )


def _strongest(m: Multiverse) -> tuple[Inline, ...]:
    """Say which choice makes most of the spread."""
    delen = {keuze: m.share(keuze) for keuze in m.waarden}
    bekend = {keuze: deel for keuze, deel in delen.items() if not np.isnan(deel)}
    if not bekend:
        return ()
    keuze = max(sorted(bekend), key=lambda k: bekend[k])
    deel = number(bekend[keuze], Vorm.AANDEEL)
    naam = keuze.replace("_", " ")
    return (Tekst(f" De keuze '{naam}' maakt daarin het grootste verschil ({deel} van de spreiding)."),)
