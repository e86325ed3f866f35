"""Scores on scales at up to three moments, and answers in reflection scans."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, keys, reference
from toekomstscenario_eval.data.synthetic.days import LEVEL, NEVER, START_
from toekomstscenario_eval.data.synthetic.households import Huishoudens, Personen

_SCHALEN = ("veiligheid", "bestaanszekerheid", "ontwikkeling", "rust", "ervaren_steun")
_DEVELOPMENT = 2
_ITEMS = ("i1", "i2", "i3", "i4")
_INFORMANTEN = ("ouder", "professional", "kind", "ander")
_OUDER, _PROFESSIONAL = 0, 1
# A second opinion on the same family: how often, how much lower, and how far apart two views lie.
_ALSO_PROFESSIONAL, _STRICTER, _OTHER_LOOK = 0.3, -0.4, 0.8
_DIFFICULTY = np.array([0.3, 0.0, -0.2, -0.1])
_MOMENTS = (30, 200, 380)  # days after inflow
_TAKES_PART, _FOLLOWING = 0.82, 0.8
_NIVEAU = np.array([5.4, 5.6, 6.0, 5.2, 5.7])
_GROWTH = np.array([0.6, 0.1, 0.3, 0.5, 0.5])  # per moment
_GROWTH_NEW = 0.15
_GENERAL, _OWN, _CHANGE, _NOISE = 0.9, 1.0, 0.7, 1.35
_SCANS_PER_HUISHOUDEN = 1 / 40
_LOWEST, _HIGHEST = 1.0, 10.0
_INSTRUMENT, _HIGHER = "voorbeeldlijst", "hoger_is_beter"
_NIVEAUS, _PRINCIPES = (
    ("micro", "meso", "macro"),
    ("gezinsgericht", "rechtsbeschermend", "eenvoudig", "lerend"),
)


def meting_table(rng: np.random.Generator, hh: Huishoudens, *, personen: Personen) -> pd.DataFrame:
    """Return the table meting: correlated items; most improve, some get worse on one scale."""
    n, schalen = hh.aantal, len(_SCHALEN)
    day = hh.begin[:, None] + np.array(_MOMENTS) + rng.integers(-20, 40, (n, len(_MOMENTS)))
    takes_part = (rng.random(n) < _TAKES_PART)[:, None] & np.c_[
        np.ones(n, dtype=bool),
        np.logical_and.accumulate(rng.random((n, len(_MOMENTS) - 1)) < _FOLLOWING, axis=1),
    ]
    measured = takes_part & (day < np.minimum(hh.eind, LEVEL)[:, None]) & (day >= START_)
    h, moment = np.nonzero(measured)

    base = _NIVEAU + _GENERAL * rng.normal(size=(n, 1)) + _OWN * rng.normal(size=(n, schalen))
    growth = _GROWTH + _GROWTH_NEW * (hh.cover < NEVER)[:, None] + _CHANGE * rng.normal(size=(n, schalen))
    where = base[h] + growth[h] * moment[:, None]
    waarde = _items(rng, where)

    indeed = rng.random(waarde.shape) >= 0.03  # now and then an item is skipped
    first_kind = np.searchsorted(personen.huishouden, np.arange(n))
    informant = rng.choice(len(_INFORMANTEN), n, p=[0.6, 0.24, 0.13, 0.03])[h]
    dagen = day[h, moment]

    # At the first moment some professionals fill in the same list as the parent, a few days around it.
    added = np.flatnonzero((informant == _OUDER) & (moment == 0) & (rng.random(len(h)) < _ALSO_PROFESSIONAL))
    also = _professional(rng, where[added])
    stop = np.minimum(hh.eind, LEVEL)[h[added]] - 1
    h, waarde = np.r_[h, h[added]], np.concatenate([waarde, also])
    dagen = np.r_[dagen, np.minimum(dagen[added] + rng.integers(0, 15, len(added)), stop)]
    informant = np.r_[informant, np.full(len(added), _PROFESSIONAL)]
    i, schaal, item = np.nonzero(np.concatenate([indeed, np.ones(also.shape, dtype=bool)]))
    who = h[i]
    return frame(
        meting_id=keys("w", len(i), width=8),
        huishouden_id=reference(hh.sleutel, who),
        persoon_id=reference(personen.sleutel, np.where(schaal == _DEVELOPMENT, first_kind[who], -1)),
        datum=datum(dagen[i]),
        instrument=code(np.zeros(len(i)), (_INSTRUMENT,)),
        schaal=code(schaal, _SCHALEN),
        item=code(item, _ITEMS),
        waarde=pa.array(waarde[i, schaal, item]),
        informant=code(informant[i], _INFORMANTEN),
    )


def schaal_item_table() -> pd.DataFrame:
    """Return the table schaal_item: every item of every scale, with its range."""
    schaal, item = np.divmod(np.arange(len(_SCHALEN) * len(_ITEMS)), len(_ITEMS))
    same = np.zeros(len(schaal))
    return frame(
        schaal_item_id=keys("q", len(schaal), width=2),
        instrument=code(same, (_INSTRUMENT,)),
        schaal=code(schaal, _SCHALEN),
        item=code(item, _ITEMS),
        minimum=pa.array(same + _LOWEST),
        maximum=pa.array(same + _HIGHEST),
        richting=code(same, (_HIGHER,)),
    )


def _items(rng: np.random.Generator, where: np.ndarray) -> np.ndarray:
    """Return the answers to the items of each scale, from the true level of the scale."""
    noise = rng.normal(size=(*where.shape, len(_ITEMS)))
    answer: np.ndarray = np.clip(np.rint(where[:, :, None] + _DIFFICULTY + _NOISE * noise), _LOWEST, _HIGHEST)
    return answer


def _professional(rng: np.random.Generator, where: np.ndarray) -> np.ndarray:
    """Return the answers of a professional: somewhat lower, and seeing another part of the family's life."""
    return _items(rng, where + _STRICTER + _OTHER_LOOK * rng.normal(size=where.shape))


def reflectie_table(rng: np.random.Generator, hh: Huishoudens) -> pd.DataFrame:
    """Return the table reflectie: one question per level and principle, never linked to a household."""
    scans, vragen = int(hh.aantal * _SCANS_PER_HUISHOUDEN), len(_NIVEAUS) * len(_PRINCIPES)
    day = np.sort(rng.integers(START_, LEVEL, scans))
    scan, vraag = np.divmod(np.arange(scans * vragen), vragen)
    niveau, principe = np.divmod(vraag, len(_PRINCIPES))
    growth = 1.2 * (day - START_) / (LEVEL - START_)
    score = (
        5.2
        + growth[scan]
        + np.array([0.6, 0.0, -0.8])[niveau]
        + np.array([0.5, 0.1, -0.6, 0.2])[principe]
        + 0.9 * rng.normal(size=scans)[scan]
        + 1.3 * rng.normal(size=len(scan))
    )
    indeed = np.flatnonzero(rng.random(len(scan)) >= 0.02)
    return frame(
        reflectie_id=keys("r", len(indeed), width=6),
        scan_id=reference(keys("s", scans, width=5), scan[indeed]),
        datum=datum(day[scan[indeed]]),
        niveau=code(niveau[indeed], _NIVEAUS),
        principe=code(principe[indeed], _PRINCIPES),
        vraag_id=code(vraag[indeed], [f"v{k + 1:02d}" for k in range(vragen)]),
        score=pa.array(np.clip(np.rint(score[indeed]), 1, 10)),
    )
