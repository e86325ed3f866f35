"""Results made by hand: exact ones, and what of them would not be shown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.long_tables import REEKS, SCHATTING, UITSLUITING
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Result, Venster, Vorm

VENSTER = Venster(date(2025, 1, 1), date(2026, 1, 1))
AANDEEL = {"aandeel": Maat("Aandeel", "aandeel van de eenheden", Vorm.AANDEEL)}


def kaart(kind: Kind, maten: Mapping[str, Maat]) -> Card:
    """Return a card without text that matters."""
    return Card(
        label="Proefmaat",
        kind=kind,
        versie="1.0",
        vraag="",
        populatie="alle huishoudens",
        teller="",
        noemer="",
        eenheid="",
        venster="",
        censurering="",
        uitsluitingen="",
        lezen="",
        bronnen=(),
        tabellen={},
        maten=maten,
        params={"keuze": Param("a", "een keuze")},
    )


def rij(uitsplitsing: str, groep: str, n: float, **anders: Any) -> dict[str, Any]:
    """Return a row of estimates; what is not given is missing."""
    return {
        "maat": "aandeel",
        "uitsplitsing": uitsplitsing,
        "groep": groep,
        "periode": "",
        "stratum": "",
        "schatting": math.nan,
        "ondergrens": math.nan,
        "bovengrens": math.nan,
        "standaardfout": math.nan,
        "eenheid": "eenheid",
        "methode": "een methode",
        "n": n,
        "teller": math.nan,
        "noemer": math.nan,
        "gecensureerd": 0,
        "weergave": "",
        **anders,
    }


def aandeel(uitsplitsing: str, groep: str, teller: float, noemer: float, **anders: Any) -> dict[str, Any]:
    """Return a row of a share with one unit per household."""
    deel = teller / noemer if noemer else math.nan
    vast = {"schatting": deel, "ondergrens": deel * 0.9, "bovengrens": min(1.0, deel * 1.1)}
    vast["standaardfout"] = math.sqrt(deel * (1 - deel) / noemer) if noemer else math.nan
    return rij(uitsplitsing, groep, noemer, teller=teller, noemer=noemer, **vast, **anders)


def resultaat(
    kind: Kind,
    rijen: Iterable[Mapping[str, Any]],
    *,
    naam: str = "proef",
    maten: Mapping[str, Maat] | None = None,
) -> Result:
    """Return an exact result of the rows given."""
    return Result(
        naam,
        kaart(kind, AANDEEL if maten is None else maten),
        {},
        VENSTER,
        pd.DataFrame(list(rijen), columns=list(SCHATTING)),
        pd.DataFrame([], columns=list(REEKS)),
        pd.DataFrame([], columns=list(UITSLUITING)),
        intern=True,
    )


def delen(
    *groepen: tuple[str, float, float], per: str = "gezinsprofiel", weergave: str = "", **anders: Any
) -> Result:
    """Return shares of groups `(name, teller, noemer)` with their whole."""
    teller, noemer = sum(g[1] for g in groepen), sum(g[2] for g in groepen)
    rijen = [
        aandeel("", TOTAAL, teller, noemer, weergave=weergave),
        *(aandeel(per, *groep, weergave=weergave) for groep in groepen),
    ]
    return resultaat(Kind.AANDEEL, rijen, **anders)
