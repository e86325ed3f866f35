"""A complete example package of invented households, calibrated on what is published about proeftuinen.

The tests measure each target, with its source and tolerance. The same number and seed give the same
bytes. Places, regions and people are invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.data.synthetic.chain import ketenstap_table, make_chain
from toekomstscenario_eval.data.synthetic.days import PEILDATUM, VENSTER
from toekomstscenario_eval.data.synthetic.households import (
    huishouden_table,
    make_huishoudens,
    make_personen,
    persoon_table,
)
from toekomstscenario_eval.data.synthetic.involvement import make_involvements
from toekomstscenario_eval.data.synthetic.maatregelen import maatregel_table, make_maatregelen
from toekomstscenario_eval.data.synthetic.meetings import (
    contact_table,
    deelname_table,
    make_overleggen,
    overleg_table,
)
from toekomstscenario_eval.data.synthetic.mistakes import betrokkenheid_table, with_noise
from toekomstscenario_eval.data.synthetic.planted import Planted, as_text, plant
from toekomstscenario_eval.data.synthetic.scores import meting_table, reflectie_table, schaal_item_table
from toekomstscenario_eval.data.synthetic.world import make_world, professional_keys, world_tables
from toekomstscenario_eval.data.writing import write_package
from toekomstscenario_eval.errors import GebruikFout, UitvoerFout
from toekomstscenario_eval.resources import EXAMPLE_KEY, EXAMPLE_LINE
from toekomstscenario_eval.types import Levering

__all__ = ["Planted", "make_example", "truth_beside"]


def make_example(
    map_: Path, *, huishoudens: int, seed: int, fmt: str = "csv", planted: Planted | None = None
) -> Path:
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
    fmt : {"csv", "parquet"}
    planted : Planted, optional
        A change of known size; the truth comes beside the package, as `<map_>-waarheid.json`.

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
    tables, truth = _tables_and_truth(huishoudens=huishoudens, seed=seed, planted=planted)
    written = write_package(
        map_,
        tables=tables,
        naam="voorbeeld",
        title="Verzonnen voorbeeldgegevens van proeftuinen",
        peildatum=PEILDATUM,
        venster=VENSTER,
        sources=(f"Verzonnen gegevens voor {huishoudens} huishoudens, seed {seed}",),
        contact="Niemand: deze gegevens gaan niet over echte mensen",
        fmt=fmt,
        levering=Levering(*EXAMPLE_LINE, EXAMPLE_KEY),
    )
    if truth:
        beside = truth_beside(written)
        try:
            beside.write_text(as_text(truth), encoding="utf-8")
        except OSError:
            raise UitvoerFout("de waarheid naast het pakket is niet geschreven", waar=str(beside)) from None
    return written


def truth_beside(map_: Path) -> Path:
    """Return the file with the truth of a package in which a change was planted."""
    return map_.with_name(f"{map_.name}-waarheid.json")


def _tables(*, huishoudens: int, seed: int) -> dict[str, pd.DataFrame]:
    """Draw all tables of the plain example."""
    return _tables_and_truth(huishoudens=huishoudens, seed=seed, planted=None)[0]


def _tables_and_truth(
    *, huishoudens: int, seed: int, planted: Planted | None
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Draw all tables. Each part has its own stream, so that a change in one leaves the others alone."""
    flow = iter(np.random.default_rng(np.random.SeedSequence(seed)).spawn(20))
    world = make_world(next(flow), huishoudens=huishoudens)
    hh = make_huishoudens(next(flow), world)
    personen = make_personen(next(flow), hh)
    chain = make_chain(next(flow), world, hh=hh)
    maatregelen = make_maatregelen(next(flow), world, hh=hh, personen=personen, chain=chain)
    spells = make_involvements(next(flow), world, hh=hh, personen=personen, maatregelen=maatregelen)
    overleggen = make_overleggen(next(flow), world, hh=hh)
    tables = {
        **world_tables(world),
        "huishouden": huishouden_table(next(flow), hh),
        "persoon": persoon_table(next(flow), hh, personen=personen),
        "betrokkenheid": betrokkenheid_table(
            next(flow), with_noise(next(flow), spells, hh=hh), world=world, hh=hh
        ),
        "maatregel": maatregel_table(next(flow), maatregelen, world=world, personen=personen),
        "ketenstap": ketenstap_table(chain, hh),
        # Contacts and meetings follow what happened, not how it was registered.
        "contact": contact_table(next(flow), spells, world=world, hh=hh),
        "overleg": overleg_table(next(flow), overleggen, hh=hh),
        "overleg_deelname": deelname_table(next(flow), overleggen, spells=spells, world=world, hh=hh),
        "meting": meting_table(next(flow), hh, personen=personen),
        "schaal_item": schaal_item_table(),
        "reflectie": reflectie_table(next(flow), hh),
    }
    if planted is None:
        return tables, {}
    changed, truth = plant(
        next(flow), planted, tables, world=world, hh=hh, professionals=professional_keys(world)
    )
    return tables | changed, truth
