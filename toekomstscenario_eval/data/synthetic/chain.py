"""The chain: how long each step waits, and when it leads to supervision (OTS)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, keys, reference
from toekomstscenario_eval.data.synthetic.days import LEVEL, NEVER, YEAR, Bools, Ints
from toekomstscenario_eval.data.synthetic.households import Huishoudens
from toekomstscenario_eval.data.synthetic.world import World

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
_MEDIAN = np.array([4, 63, 20, 125, 45, 11, 70, 70], dtype=float)  # days
_SPREAD = 0.5
_FURTHER = np.array([0.8, 0.65, 0.30, 0.95, 0.30, 0.97, 0.0, 0.0])  # share that goes on to each step
_MAATREGEL, _SUPPORT = 6, 7
_SHORTENING = 0.75  # waits in the new way of working, as a share of those before
_OTS = -2.35  # log odds that a household comes to an OTS
_OTS_NEW = -0.35
_OTS_LONGER = 0.6  # per log year of stay
_ALREADY_UNDER_WAY = 0.35  # households whose OTS starts around inflow: the chain lies before it


@dataclass(frozen=True)
class Chain:
    """Steps per household (households x 8); `ots` is the day an OTS starts, `NEVER` without one."""

    begin: Ints
    eind: Ints
    placed: Bools
    ots: Ints


def make_chain(rng: np.random.Generator, world: World, *, hh: Huishoudens) -> Chain:
    """Draw the waits; a step exists when the household is still there when it is taken."""
    n = hh.aantal
    start = hh.begin + rng.integers(0, 30, n)
    new = hh.cover <= start
    wait = np.exp(np.log(_MEDIAN) + _SPREAD * rng.normal(size=(n, len(STAPPEN))))
    wait[:, 1:] *= np.where(new, _SHORTENING, 1.0)[:, None]
    dagen = np.maximum(1, np.rint(wait)).astype(np.int64)
    eind = start[:, None] + np.cumsum(dagen, axis=1)
    begin = eind - dagen

    # Who comes to a measure stays longer.
    longer = _OTS_LONGER * np.log((hh.eind - hh.begin) / YEAR)
    probability = 1 / (1 + np.exp(-(_OTS + _OTS_NEW * new + longer + world.ots[hh.regio])))
    maatregel = rng.random(n) < probability
    under_way = rng.random(n) < _ALREADY_UNDER_WAY
    placed = np.logical_and.accumulate(rng.random((n, len(STAPPEN))) < _FURTHER, axis=1)
    placed |= (maatregel & ~under_way)[:, None]

    # Help waits from the report, or from the investigation when there was one.
    since = np.where(placed[:, 1], eind[:, 1], eind[:, 0])
    begin[:, _SUPPORT], eind[:, _SUPPORT] = since, since + dagen[:, _SUPPORT]
    placed[:, _SUPPORT] = placed[:, 0] & (rng.random(n) < 0.6)
    placed[:, _MAATREGEL] = maatregel & ~under_way
    ots = np.where(under_way, hh.begin + rng.integers(0, 60, n), eind[:, _MAATREGEL])
    ots = np.where(maatregel & (ots < hh.eind - 30), ots, NEVER)
    return Chain(begin, eind, placed & (eind <= hh.eind[:, None]) & (begin < LEVEL), ots)


def ketenstap_table(chain: Chain, hh: Huishoudens) -> pd.DataFrame:
    """Return the table ketenstap."""
    h, stap = np.nonzero(chain.placed)
    return frame(
        ketenstap_id=keys("k", len(h), width=7),
        huishouden_id=reference(hh.sleutel, h),
        stap=code(stap, STAPPEN),
        begin=datum(chain.begin[h, stap]),
        eind=datum(chain.eind[h, stap]),
    )
