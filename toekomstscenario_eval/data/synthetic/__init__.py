"""A complete example package of invented households, calibrated on what is published about proeftuinen.

The tests measure each target, with its source and tolerance. The same number and seed give the same
bytes. Places, regions and people are invented.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from toekomstscenario_eval.data.synthetic.chain import ketenstap_tabel, maak_keten
from toekomstscenario_eval.data.synthetic.days import PEILDATUM, VENSTER
from toekomstscenario_eval.data.synthetic.households import (
    huishouden_tabel,
    maak_huishoudens,
    maak_personen,
    persoon_tabel,
)
from toekomstscenario_eval.data.synthetic.involvement import maak_betrokkenheden
from toekomstscenario_eval.data.synthetic.measures import maak_maatregelen, maatregel_tabel
from toekomstscenario_eval.data.synthetic.meetings import (
    contact_tabel,
    deelname_tabel,
    maak_overleggen,
    overleg_tabel,
)
from toekomstscenario_eval.data.synthetic.noise import betrokkenheid_tabel, met_ruis
from toekomstscenario_eval.data.synthetic.scores import meting_tabel, reflectie_tabel
from toekomstscenario_eval.data.synthetic.world import maak_wereld, wereld_tabellen
from toekomstscenario_eval.data.writing import schrijf_pakket
from toekomstscenario_eval.errors import GebruikFout

__all__ = ["maak_voorbeeld"]


def maak_voorbeeld(map_: Path, *, huishoudens: int, seed: int, formaat: str = "csv") -> Path:
    """Write an example package with exactly this number of households to `map_`; return that folder.

    Eleven proeftuinen and three comparison regions, all invented. From 14 households on every region
    has at least one. Tables that get no rows (in very small packages) are left out.

    Parameters
    ----------
    map_ : Path
        Must not exist yet, or be an empty folder.
    huishoudens : int
        1 or more.
    seed : int
        0 or more; the same seed gives the same bytes.
    formaat : {"csv", "parquet"}

    Raises
    ------
    GebruikFout
        When a number or the format cannot be used.
    UitvoerFout
        When the package cannot be written.
    """
    if huishoudens < 1:
        raise GebruikFout(
            "een voorbeeldpakket heeft minstens een huishouden nodig",
            verwacht="een aantal van 1 of meer",
            kreeg=str(huishoudens),
        )
    if seed < 0:
        raise GebruikFout(
            "de seed kan niet negatief zijn", verwacht="een geheel getal van 0 of meer", kreeg=str(seed)
        )
    return schrijf_pakket(
        map_,
        tabellen=_tables(huishoudens=huishoudens, seed=seed),
        naam="voorbeeld",
        titel="Verzonnen voorbeeldgegevens van proeftuinen",
        peildatum=PEILDATUM,
        venster=VENSTER,
        bronnen=(f"Verzonnen gegevens voor {huishoudens} huishoudens, seed {seed}",),
        contact="Niemand: deze gegevens gaan niet over echte mensen",
        formaat=formaat,
    )


def _tables(*, huishoudens: int, seed: int) -> dict[str, pd.DataFrame]:
    """Draw all tables. Each part has its own stream, so that a change in one leaves the others alone."""
    stroom = iter(np.random.default_rng(np.random.SeedSequence(seed)).spawn(20))
    wereld = maak_wereld(next(stroom), huishoudens=huishoudens)
    hh = maak_huishoudens(next(stroom), wereld)
    personen = maak_personen(next(stroom), hh)
    keten = maak_keten(next(stroom), wereld, hh=hh)
    maatregelen = maak_maatregelen(next(stroom), wereld, hh=hh, personen=personen, keten=keten)
    spells = maak_betrokkenheden(next(stroom), wereld, hh=hh, personen=personen, maatregelen=maatregelen)
    overleggen = maak_overleggen(next(stroom), wereld, hh=hh)
    return {
        **wereld_tabellen(wereld),
        "huishouden": huishouden_tabel(next(stroom), hh),
        "persoon": persoon_tabel(next(stroom), hh, personen=personen),
        "betrokkenheid": betrokkenheid_tabel(
            next(stroom), met_ruis(next(stroom), spells, hh=hh), wereld=wereld, hh=hh
        ),
        "maatregel": maatregel_tabel(next(stroom), maatregelen, wereld=wereld, personen=personen),
        "ketenstap": ketenstap_tabel(keten, hh),
        # Contacts and meetings follow what happened, not how it was registered.
        "contact": contact_tabel(next(stroom), spells, wereld=wereld, hh=hh),
        "overleg": overleg_tabel(next(stroom), overleggen, hh=hh),
        "overleg_deelname": deelname_tabel(next(stroom), overleggen, spells=spells, wereld=wereld, hh=hh),
        "meting": meting_tabel(next(stroom), hh, personen=personen),
        "reflectie": reflectie_tabel(next(stroom), hh),
    }
