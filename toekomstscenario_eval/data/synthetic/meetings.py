"""Contacts with the household, and meetings with those who take part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, sleutels, verwijzing
from toekomstscenario_eval.data.synthetic.days import JAAR, PEIL, VAN, Floats, Ints
from toekomstscenario_eval.data.synthetic.households import Huishoudens
from toekomstscenario_eval.data.synthetic.involvement import ROLLEN, Betrokkenheden
from toekomstscenario_eval.data.synthetic.world import Wereld, professional_sleutels

_VORMEN = ("huisbezoek", "gesprek_kantoor", "telefoon", "beeldbellen", "bericht", "overig")
_VORM_KANSEN = [0.38, 0.16, 0.27, 0.06, 0.11, 0.02]
# Contacts per month by role, in the first months of a spell and after that.
_EERSTE_MAANDEN = 120
_PER_MAAND_BEGIN = dict(zip(ROLLEN, (1.9, 1.1, 0.4, 0.15), strict=True))
_PER_MAAND_DAARNA = dict(zip(ROLLEN, (0.45, 0.30, 0.06, 0.03), strict=True))
_SOORTEN = ("mdo", "evaluatie", "familieberaad", "overig")
_SOORT_KANSEN = [0.55, 0.30, 0.08, 0.07]
_PER_JAAR_OUD, _PER_JAAR_NIEUW = 1.4, 1.3
_MDO_MEDIAAN, _MDO_GEWOON, _MDO_GROOT = 6.9, 0.30, 0.52


def contact_tabel(
    rng: np.random.Generator, spells: Betrokkenheden, *, wereld: Wereld, hh: Huishoudens
) -> pd.DataFrame:
    """Return the table contact: moments within spells and within the window, more of them at the start."""
    begin_tempo, later_tempo = (
        np.array([tempo[r] for r in ROLLEN])[spells.rol] * hh.zwaarte[spells.huishouden] ** 0.5 / (JAAR / 12)
        for tempo in (_PER_MAAND_BEGIN, _PER_MAAND_DAARNA)
    )
    omslag = np.minimum(spells.begin + _EERSTE_MAANDEN, spells.eind)
    delen_s, delen_d = [], []
    for van, tot, tempo in ((spells.begin, omslag, begin_tempo), (omslag, spells.eind, later_tempo)):
        eerst = np.maximum(van, VAN)
        dagen = np.maximum(np.minimum(tot, PEIL) - eerst, 0)
        s = np.arange(len(van)).repeat(rng.poisson(tempo * dagen))
        delen_s.append(s)
        delen_d.append(eerst[s] + (rng.random(len(s)) * dagen[s]).astype(np.int64))
    s, dag = np.concatenate(delen_s), np.concatenate(delen_d)
    orde = np.lexsort((s, dag, spells.huishouden[s]))
    s, dag = s[orde], dag[orde]
    return frame(
        contact_id=sleutels("c", len(s), breedte=8),
        huishouden_id=verwijzing(hh.sleutel, spells.huishouden[s]),
        professional_id=verwijzing(professional_sleutels(wereld), spells.prof[s]),
        datum=datum(dag),
        vorm=code(rng.choice(len(_VORMEN), len(s), p=_VORM_KANSEN), _VORMEN, leeg=rng.random(len(s)) < 0.01),
    )


@dataclass(frozen=True)
class Overleggen:
    """Meetings, sorted by household and day; `soort` 4 is the first talk in the new way of working."""

    huishouden: Ints
    dag: Ints
    soort: Ints
    grootte: Ints


def maak_overleggen(rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens) -> Overleggen:
    """Draw meetings within the stay and the window, and how many people come."""
    delen_h, delen_d, delen_s = [], [], []
    for van, tot, tempo in (
        (hh.begin, np.minimum(hh.eind, hh.omslag), _PER_JAAR_OUD),
        (np.minimum(hh.omslag, hh.eind), hh.eind, _PER_JAAR_NIEUW),
    ):
        eerst = np.maximum(van, VAN)
        dagen = np.maximum(np.minimum(tot, PEIL) - eerst, 0) * ~hh.zonder
        h = np.arange(hh.aantal).repeat(rng.poisson(tempo / JAAR * hh.zwaarte * dagen))
        delen_h.append(h)
        delen_d.append(eerst[h] + (rng.random(len(h)) * dagen[h]).astype(np.int64))
        delen_s.append(rng.choice(len(_SOORTEN), len(h), p=_SOORT_KANSEN))
    dag = hh.omslag + rng.integers(3, 30, hh.aantal)
    h = np.flatnonzero((dag < np.minimum(hh.eind, PEIL)) & (rng.random(hh.aantal) < 0.6) & ~hh.zonder)
    huishouden = np.concatenate([*delen_h, h])
    dagen = np.concatenate([*delen_d, dag[h]])
    soort = np.concatenate([*delen_s, np.full(len(h), len(_SOORTEN))])
    orde = np.lexsort((soort, dagen, huishouden))
    huishouden, dagen, soort = huishouden[orde], dagen[orde], soort[orde]
    spreiding = np.where(wereld.grote_mdo[hh.regio[huishouden]], _MDO_GROOT, _MDO_GEWOON)
    mdo = _MDO_MEDIAAN * np.exp(spreiding * rng.normal(size=len(soort)))
    grootte = np.where(soort == 0, np.clip(np.rint(mdo), 3, 40), rng.integers(2, 6, len(soort)))
    return Overleggen(huishouden, dagen, soort, grootte.astype(np.int64))


def overleg_tabel(rng: np.random.Generator, overleggen: Overleggen, *, hh: Huishoudens) -> pd.DataFrame:
    """Return the table overleg; the family is present more often in the new way of working."""
    n = len(overleggen.dag)
    nieuw = hh.omslag[overleggen.huishouden] <= overleggen.dag
    kans = np.select([overleggen.soort >= 2, nieuw], [0.95, 0.85], 0.5)
    return frame(
        overleg_id=sleutels("o", n, breedte=7),
        huishouden_id=verwijzing(hh.sleutel, overleggen.huishouden),
        datum=datum(overleggen.dag),
        soort=code(overleggen.soort, (*_SOORTEN, "startgesprek")),
        gezin_aanwezig=pa.array(rng.random(n) < kans, mask=rng.random(n) < 0.02),
    )


def _herhaal(aantal: Ints) -> tuple[Ints, Ints]:
    """Return for each row its owner and its number within the owner."""
    wie = np.arange(len(aantal)).repeat(aantal)
    return wie, np.arange(len(wie)) - (np.cumsum(aantal) - aantal)[wie]


def deelname_tabel(
    rng: np.random.Generator,
    overleggen: Overleggen,
    *,
    spells: Betrokkenheden,
    wereld: Wereld,
    hh: Huishoudens,
) -> pd.DataFrame:
    """Return the table overleg_deelname: first who is involved that day, then others from the region."""
    van = np.searchsorted(spells.huishouden, np.arange(hh.aantal + 1))
    o, k = _herhaal((van[1:] - van[:-1])[overleggen.huishouden])
    s = van[overleggen.huishouden[o]] + k
    aanwezig = (spells.begin[s] <= overleggen.dag[o]) & (overleggen.dag[o] < spells.eind[s])
    o, s = o[aanwezig], s[aanwezig]
    # Others: a stretch of the shuffled list of the region, so that the same people meet more often.
    regio = hh.regio[overleggen.huishouden]
    lengte = (wereld.regio_van[1:] - wereld.regio_van[:-1])[regio]
    o2, k2 = _herhaal(np.minimum(2 * overleggen.grootte, lengte))
    start = (rng.random(len(lengte)) * lengte).astype(np.int64)
    erbij = wereld.gemengd[wereld.regio_van[regio[o2]] + (start[o2] + k2) % lengte[o2]]
    voorrang = np.concatenate([rng.random(len(o)), 1.0 + k2])
    o_, prof = _eerste(
        np.concatenate([o, o2]),
        np.concatenate([spells.prof[s], erbij]),
        voorrang=voorrang,
        grootte=overleggen.grootte,
    )
    return frame(
        overleg_id=verwijzing(sleutels("o", len(lengte), breedte=7), o_),
        professional_id=verwijzing(professional_sleutels(wereld), prof),
    )


def _eerste(overleg: Ints, prof: Ints, *, voorrang: Floats, grootte: Ints) -> tuple[Ints, Ints]:
    """Return each person once per meeting, by priority, up to the size of the meeting."""
    orde = np.lexsort((voorrang, prof, overleg))
    overleg, prof, voorrang = overleg[orde], prof[orde], voorrang[orde]
    eerst = np.ones(len(prof), dtype=bool)
    eerst[1:] = (overleg[1:] != overleg[:-1]) | (prof[1:] != prof[:-1])
    overleg, prof, voorrang = overleg[eerst], prof[eerst], voorrang[eerst]
    orde = np.lexsort((voorrang, overleg))
    overleg, prof = overleg[orde], prof[orde]
    rang = np.arange(len(overleg)) - np.searchsorted(overleg, overleg)
    binnen = rang < grootte[overleg]
    return overleg[binnen], prof[binnen]
