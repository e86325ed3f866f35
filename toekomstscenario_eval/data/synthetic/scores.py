"""Scores on scales at up to three moments, and answers in reflection scans."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, sleutels, verwijzing
from toekomstscenario_eval.data.synthetic.days import NOOIT, PEIL, VAN
from toekomstscenario_eval.data.synthetic.households import Huishoudens, Personen

_SCHALEN = ("veiligheid", "bestaanszekerheid", "ontwikkeling", "rust", "ervaren_steun")
_ONTWIKKELING = 2
_ITEMS = ("i1", "i2", "i3", "i4")
_INFORMANTEN = ("ouder", "professional", "kind", "ander")
_OUDER, _PROFESSIONAL = 0, 1
# A second opinion on the same family: how often, how much lower, and how far apart two views lie.
_OOK_PROFESSIONAL, _STRENGER, _ANDERE_BLIK = 0.3, -0.4, 0.8
_MOEILIJKHEID = np.array([0.3, 0.0, -0.2, -0.1])
_MOMENTEN = (30, 200, 380)  # days after inflow
_DOET_MEE, _VOLGENDE = 0.82, 0.8
_NIVEAU = np.array([5.4, 5.6, 6.0, 5.2, 5.7])
_GROEI = np.array([0.6, 0.1, 0.3, 0.5, 0.5])  # per moment
_GROEI_NIEUW = 0.15
_ALGEMEEN, _EIGEN, _VERANDERING, _RUIS = 0.9, 1.0, 0.7, 1.35
_SCANS_PER_HUISHOUDEN = 1 / 40
_NIVEAUS, _PRINCIPES = (
    ("micro", "meso", "macro"),
    ("gezinsgericht", "rechtsbeschermend", "eenvoudig", "lerend"),
)


def meting_tabel(rng: np.random.Generator, hh: Huishoudens, *, personen: Personen) -> pd.DataFrame:
    """Return the table meting: correlated items; most improve, some get worse on one scale."""
    n, schalen = hh.aantal, len(_SCHALEN)
    dag = hh.begin[:, None] + np.array(_MOMENTEN) + rng.integers(-20, 40, (n, len(_MOMENTEN)))
    doet_mee = (rng.random(n) < _DOET_MEE)[:, None] & np.c_[
        np.ones(n, dtype=bool),
        np.logical_and.accumulate(rng.random((n, len(_MOMENTEN) - 1)) < _VOLGENDE, axis=1),
    ]
    gemeten = doet_mee & (dag < np.minimum(hh.eind, PEIL)[:, None]) & (dag >= VAN)
    h, moment = np.nonzero(gemeten)

    basis = _NIVEAU + _ALGEMEEN * rng.normal(size=(n, 1)) + _EIGEN * rng.normal(size=(n, schalen))
    groei = (
        _GROEI + _GROEI_NIEUW * (hh.omslag < NOOIT)[:, None] + _VERANDERING * rng.normal(size=(n, schalen))
    )
    waar = basis[h] + groei[h] * moment[:, None]
    waarde = _items(rng, waar)

    wel = rng.random(waarde.shape) >= 0.03  # now and then an item is skipped
    eerste_kind = np.searchsorted(personen.huishouden, np.arange(n))
    informant = rng.choice(len(_INFORMANTEN), n, p=[0.6, 0.24, 0.13, 0.03])[h]
    dagen = dag[h, moment]

    # At the first moment some professionals fill in the same list as the parent, a few days around it.
    erbij = np.flatnonzero((informant == _OUDER) & (moment == 0) & (rng.random(len(h)) < _OOK_PROFESSIONAL))
    ook = _professional(rng, waar[erbij])
    tot = np.minimum(hh.eind, PEIL)[h[erbij]] - 1
    h, waarde = np.r_[h, h[erbij]], np.concatenate([waarde, ook])
    dagen = np.r_[dagen, np.minimum(dagen[erbij] + rng.integers(0, 15, len(erbij)), tot)]
    informant = np.r_[informant, np.full(len(erbij), _PROFESSIONAL)]
    i, schaal, item = np.nonzero(np.concatenate([wel, np.ones(ook.shape, dtype=bool)]))
    wie = h[i]
    return frame(
        meting_id=sleutels("w", len(i), breedte=8),
        huishouden_id=verwijzing(hh.sleutel, wie),
        persoon_id=verwijzing(personen.sleutel, np.where(schaal == _ONTWIKKELING, eerste_kind[wie], -1)),
        datum=datum(dagen[i]),
        instrument=code(np.zeros(len(i)), ("voorbeeldlijst",)),
        schaal=code(schaal, _SCHALEN),
        item=code(item, _ITEMS),
        waarde=pa.array(waarde[i, schaal, item]),
        informant=code(informant[i], _INFORMANTEN),
    )


def _items(rng: np.random.Generator, waar: np.ndarray) -> np.ndarray:
    """Return the answers to the items of each scale, from the true level of the scale."""
    ruis = rng.normal(size=(*waar.shape, len(_ITEMS)))
    antwoord: np.ndarray = np.clip(np.rint(waar[:, :, None] + _MOEILIJKHEID + _RUIS * ruis), 1, 10)
    return antwoord


def _professional(rng: np.random.Generator, waar: np.ndarray) -> np.ndarray:
    """Return the answers of a professional: somewhat lower, and seeing another part of the family's life."""
    return _items(rng, waar + _STRENGER + _ANDERE_BLIK * rng.normal(size=waar.shape))


def reflectie_tabel(rng: np.random.Generator, hh: Huishoudens) -> pd.DataFrame:
    """Return the table reflectie: one question per level and principle, never linked to a household."""
    scans, vragen = int(hh.aantal * _SCANS_PER_HUISHOUDEN), len(_NIVEAUS) * len(_PRINCIPES)
    dag = np.sort(rng.integers(VAN, PEIL, scans))
    scan, vraag = np.divmod(np.arange(scans * vragen), vragen)
    niveau, principe = np.divmod(vraag, len(_PRINCIPES))
    groei = 1.2 * (dag - VAN) / (PEIL - VAN)
    score = (
        5.2
        + groei[scan]
        + np.array([0.6, 0.0, -0.8])[niveau]
        + np.array([0.5, 0.1, -0.6, 0.2])[principe]
        + 0.9 * rng.normal(size=scans)[scan]
        + 1.3 * rng.normal(size=len(scan))
    )
    wel = np.flatnonzero(rng.random(len(scan)) >= 0.02)
    return frame(
        reflectie_id=sleutels("r", len(wel), breedte=6),
        scan_id=verwijzing(sleutels("s", scans, breedte=5), scan[wel]),
        datum=datum(dag[scan[wel]]),
        niveau=code(niveau[wel], _NIVEAUS),
        principe=code(principe[wel], _PRINCIPES),
        vraag_id=code(vraag[wel], [f"v{k + 1:02d}" for k in range(vragen)]),
        score=pa.array(np.clip(np.rint(score[wel]), 1, 10)),
    )
