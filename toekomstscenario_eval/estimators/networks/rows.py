"""Estimates of networks on their way into the long tables of a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators.networks.source import Source
from toekomstscenario_eval.frames import GEHEEL, estimate, table
from toekomstscenario_eval.identity import TOTAAL, Variant
from toekomstscenario_eval.types import REEKS, SCHATTING, UITSLUITING, Card, Result

GEEN = "geen professional in het venster"


@dataclass(frozen=True)
class Row:
    """An estimate on its way into the long table."""

    maat: str
    waarde: float
    methode: str
    onder: float = np.nan
    boven: float = np.nan
    teller: float = np.nan
    noemer: float = np.nan


def rows(
    kaart: Card,
    n: int,
    rijen: Sequence[Row],
    *,
    plek: tuple[str, str, str] = GEHEEL,
    stratum: str = "",
) -> list[dict[str, Any]]:
    return [
        estimate(
            r.maat,
            r.waarde,
            eenheid=kaart.maten[r.maat].eenheid,
            methode=r.methode,
            n=n,
            interval=(r.onder, r.boven),
            teller=r.teller,
            noemer=r.noemer,
            plek=plek,
            stratum=stratum,
        )
        for r in rijen
    ]


def result(
    source: Source,
    naam: str,
    kaart: Card,
    rijen: Sequence[Mapping[str, Any]],
    reeksen: Sequence[pd.DataFrame],
    *,
    buiten: int = 0,
    reden: str = "",
    variant: Variant | None = None,
) -> Result:
    vol = [r[list(REEKS)] for r in reeksen if len(r)]
    weg = [{"uitsplitsing": "", "groep": TOTAAL, "periode": "", "reden": GEEN, "aantal": buiten}]
    return Result(
        naam,
        kaart,
        {},
        source.venster,
        table(rijen, SCHATTING),
        pd.concat(vol, ignore_index=True) if vol else table((), REEKS),
        table(weg if buiten else (), UITSLUITING),
        reden_nvt=reden,
        variant=source.variant if variant is None else variant,
        labels=source.labels,
    )
