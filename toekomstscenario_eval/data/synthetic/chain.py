"""The chain: how long each step waits, and when it leads to supervision (OTS)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, sleutels, verwijzing
from toekomstscenario_eval.data.synthetic.days import JAAR, NOOIT, PEIL, Bools, Ints
from toekomstscenario_eval.data.synthetic.households import Huishoudens
from toekomstscenario_eval.data.synthetic.world import Wereld

STAPPEN = (
    "melding",
    "onderzoek_vt",
    "verzoek_tot_onderzoek",
    "raadsonderzoek",
    "zitting",
    "uitspraak",
    "start_maatregel",
    "start_hulp",
)
_MEDIAAN = np.array([4, 63, 20, 125, 45, 11, 70, 70], dtype=float)  # days
_SPREIDING = 0.5
_VERDER = np.array([0.8, 0.65, 0.30, 0.95, 0.30, 0.97, 0.0, 0.0])  # share that goes on to each step
_MAATREGEL, _HULP = 6, 7
_VERKORTING = 0.75  # waits in the new way of working, as a share of those before
_OTS = -2.35  # log odds that a household comes to an OTS
_OTS_NIEUW = -0.35
_OTS_LANGER = 0.6  # per log year of stay
_AL_ONDERWEG = 0.35  # households whose OTS starts around inflow: the chain lies before it


@dataclass(frozen=True)
class Keten:
    """Steps per household (households x 8); `ots` is the day an OTS starts, `NOOIT` without one."""

    begin: Ints
    eind: Ints
    gezet: Bools
    ots: Ints


def maak_keten(rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens) -> Keten:
    """Draw the waits; a step exists when the household is still there when it is taken."""
    n = hh.aantal
    start = hh.begin + rng.integers(0, 30, n)
    nieuw = hh.omslag <= start
    wacht = np.exp(np.log(_MEDIAAN) + _SPREIDING * rng.normal(size=(n, len(STAPPEN))))
    wacht[:, 1:] *= np.where(nieuw, _VERKORTING, 1.0)[:, None]
    dagen = np.maximum(1, np.rint(wacht)).astype(np.int64)
    eind = start[:, None] + np.cumsum(dagen, axis=1)
    begin = eind - dagen

    # Who comes to a measure stays longer.
    langer = _OTS_LANGER * np.log((hh.eind - hh.begin) / JAAR)
    kans = 1 / (1 + np.exp(-(_OTS + _OTS_NIEUW * nieuw + langer + wereld.ots[hh.regio])))
    maatregel = rng.random(n) < kans
    onderweg = rng.random(n) < _AL_ONDERWEG
    gezet = np.logical_and.accumulate(rng.random((n, len(STAPPEN))) < _VERDER, axis=1)
    gezet |= (maatregel & ~onderweg)[:, None]

    # Help waits from the report, or from the investigation when there was one.
    vanaf = np.where(gezet[:, 1], eind[:, 1], eind[:, 0])
    begin[:, _HULP], eind[:, _HULP] = vanaf, vanaf + dagen[:, _HULP]
    gezet[:, _HULP] = gezet[:, 0] & (rng.random(n) < 0.6)
    gezet[:, _MAATREGEL] = maatregel & ~onderweg
    ots = np.where(onderweg, hh.begin + rng.integers(0, 60, n), eind[:, _MAATREGEL])
    ots = np.where(maatregel & (ots < hh.eind - 30), ots, NOOIT)
    return Keten(begin, eind, gezet & (eind <= hh.eind[:, None]) & (begin < PEIL), ots)


def ketenstap_tabel(keten: Keten, hh: Huishoudens) -> pd.DataFrame:
    """Return the table ketenstap."""
    h, stap = np.nonzero(keten.gezet)
    return frame(
        ketenstap_id=sleutels("k", len(h), breedte=7),
        huishouden_id=verwijzing(hh.sleutel, h),
        stap=code(stap, STAPPEN),
        begin=datum(keten.begin[h, stap]),
        eind=datum(keten.eind[h, stap]),
    )
