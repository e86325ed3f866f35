"""Estimates of networks on their way into the long tables of a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators.networks.network_tables import Source
from toekomstscenario_eval.frames import WHOLE, estimate, table
from toekomstscenario_eval.identity import TOTAAL, Variant
from toekomstscenario_eval.long_tables import REEKS, SCHATTING, UITSLUITING
from toekomstscenario_eval.types import Card, Result

NONE = "geen professional in het venster"


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
    fout: float = np.nan


def rows(
    card: Card,
    n: int,
    lines: Sequence[Row],
    *,
    spot: tuple[str, str, str] = WHOLE,
    stratum: str = "",
) -> list[dict[str, Any]]:
    return [
        estimate(
            r.maat,
            r.waarde,
            eenheid=card.maten[r.maat].eenheid,
            methode=r.methode,
            n=n,
            interval=card.maten[r.maat].inside((r.onder, r.boven)),
            fout=r.fout,
            teller=r.teller,
            noemer=r.noemer,
            spot=spot,
            stratum=stratum,
        )
        for r in lines
    ]


def result(
    source: Source,
    naam: str,
    card: Card,
    lines: Sequence[Mapping[str, Any]],
    reeksen: Sequence[pd.DataFrame],
    *,
    outside: int = 0,
    reden: str = "",
    variant: Variant | None = None,
) -> Result:
    full = [r[list(REEKS)] for r in reeksen if len(r)]
    gone = [{"uitsplitsing": "", "groep": TOTAAL, "periode": "", "reden": NONE, "aantal": outside}]
    return Result(
        naam,
        card,
        {},
        source.venster,
        table(lines, SCHATTING),
        pd.concat(full, ignore_index=True) if full else table((), REEKS),
        table(gone if outside else (), UITSLUITING),
        reden_nvt=reden,
        variant=source.variant if variant is None else variant,
        labels=source.labels,
    )
