"""Contacts with the household, and meetings with those who take part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, keys, reference
from toekomstscenario_eval.data.synthetic.days import LEVEL, START_, YEAR, Floats, Ints
from toekomstscenario_eval.data.synthetic.households import Huishoudens
from toekomstscenario_eval.data.synthetic.involvement import ROLLEN, Involvements
from toekomstscenario_eval.data.synthetic.world import World, professional_keys

_VORMEN = ("huisbezoek", "gesprek_kantoor", "telefoon", "beeldbellen", "bericht", "overig")
_VORM_PROBABILITIES = [0.38, 0.16, 0.27, 0.06, 0.11, 0.02]
# Contacts per month by role, in the first months of a spell and after that.
_FIRST_MONTHS = 120
_PER_MONTH_BEGIN = dict(zip(ROLLEN, (1.9, 1.1, 0.4, 0.15), strict=True))
_PER_MONTH_AFTERWARDS = dict(zip(ROLLEN, (0.45, 0.30, 0.06, 0.03), strict=True))
_SOORTEN = ("mdo", "evaluatie", "familieberaad", "overig")
_SOORT_PROBABILITIES = [0.55, 0.30, 0.08, 0.07]
_PER_YEAR_OLD, _PER_YEAR_NEW = 1.4, 1.3
_MDO_MEDIAN, _MDO_PLAIN, _MDO_LARGE = 6.9, 0.30, 0.52
_MDO_MOST_PLAIN, _MDO_MOST = 20, 40  # more than twenty only where large meetings occur


def contact_table(
    rng: np.random.Generator, spells: Involvements, *, world: World, hh: Huishoudens
) -> pd.DataFrame:
    """Return the table contact: moments within spells and within the window, more of them at the start."""
    begin_rate, later_rate = (
        np.array([rate[r] for r in ROLLEN])[spells.rol] * hh.gravity[spells.huishouden] ** 0.5 / (YEAR / 12)
        for rate in (_PER_MONTH_BEGIN, _PER_MONTH_AFTERWARDS)
    )
    cover = np.minimum(spells.begin + _FIRST_MONTHS, spells.eind)
    parts_s, parts_d = [], []
    for start, stop, rate in ((spells.begin, cover, begin_rate), (cover, spells.eind, later_rate)):
        first = np.maximum(start, START_)
        dagen = np.maximum(np.minimum(stop, LEVEL) - first, 0)
        s = np.arange(len(start)).repeat(rng.poisson(rate * dagen))
        parts_s.append(s)
        parts_d.append(first[s] + (rng.random(len(s)) * dagen[s]).astype(np.int64))
    s, day = np.concatenate(parts_s), np.concatenate(parts_d)
    ordering = np.lexsort((s, day, spells.huishouden[s]))
    s, day = s[ordering], day[ordering]
    return frame(
        contact_id=keys("c", len(s), width=8),
        huishouden_id=reference(hh.sleutel, spells.huishouden[s]),
        professional_id=reference(professional_keys(world), spells.prof[s]),
        datum=datum(day),
        vorm=code(
            rng.choice(len(_VORMEN), len(s), p=_VORM_PROBABILITIES), _VORMEN, empty=rng.random(len(s)) < 0.01
        ),
    )


@dataclass(frozen=True)
class Overleggen:
    """Meetings, sorted by household and day; `soort` 4 is the first talk in the new way of working."""

    huishouden: Ints
    dag: Ints
    soort: Ints
    grootte: Ints


def make_overleggen(rng: np.random.Generator, world: World, *, hh: Huishoudens) -> Overleggen:
    """Draw meetings within the stay and the window, and how many people come."""
    parts_h, parts_d, parts_s = [], [], []
    for start, stop, rate in (
        (hh.begin, np.minimum(hh.eind, hh.cover), _PER_YEAR_OLD),
        (np.minimum(hh.cover, hh.eind), hh.eind, _PER_YEAR_NEW),
    ):
        first = np.maximum(start, START_)
        dagen = np.maximum(np.minimum(stop, LEVEL) - first, 0) * ~hh.zonder
        h = np.arange(hh.aantal).repeat(rng.poisson(rate / YEAR * hh.gravity * dagen))
        parts_h.append(h)
        parts_d.append(first[h] + (rng.random(len(h)) * dagen[h]).astype(np.int64))
        parts_s.append(rng.choice(len(_SOORTEN), len(h), p=_SOORT_PROBABILITIES))
    day = hh.cover + rng.integers(3, 30, hh.aantal)
    h = np.flatnonzero((day < np.minimum(hh.eind, LEVEL)) & (rng.random(hh.aantal) < 0.6) & ~hh.zonder)
    huishouden = np.concatenate([*parts_h, h])
    dagen = np.concatenate([*parts_d, day[h]])
    soort = np.concatenate([*parts_s, np.full(len(h), len(_SOORTEN))])
    ordering = np.lexsort((soort, dagen, huishouden))
    huishouden, dagen, soort = huishouden[ordering], dagen[ordering], soort[ordering]
    large = world.large_mdo[hh.regio[huishouden]]
    spread, most = np.where(large, _MDO_LARGE, _MDO_PLAIN), np.where(large, _MDO_MOST, _MDO_MOST_PLAIN)
    mdo = _MDO_MEDIAN * np.exp(spread * rng.normal(size=len(soort)))
    size = np.where(soort == 0, np.clip(np.rint(mdo), 3, most), rng.integers(2, 6, len(soort)))
    return Overleggen(huishouden, dagen, soort, size.astype(np.int64))


def overleg_table(rng: np.random.Generator, overleggen: Overleggen, *, hh: Huishoudens) -> pd.DataFrame:
    """Return the table overleg; the family is present more often in the new way of working."""
    n = len(overleggen.dag)
    new = hh.cover[overleggen.huishouden] <= overleggen.dag
    probability = np.select([overleggen.soort >= 2, new], [0.95, 0.85], 0.5)
    return frame(
        overleg_id=keys("o", n, width=7),
        huishouden_id=reference(hh.sleutel, overleggen.huishouden),
        datum=datum(overleggen.dag),
        soort=code(overleggen.soort, (*_SOORTEN, "startgesprek")),
        gezin_aanwezig=pa.array(rng.random(n) < probability, mask=rng.random(n) < 0.02),
    )


def _repeat(aantal: Ints) -> tuple[Ints, Ints]:
    """Return for each row its owner and its number within the owner."""
    who = np.arange(len(aantal)).repeat(aantal)
    return who, np.arange(len(who)) - (np.cumsum(aantal) - aantal)[who]


def deelname_table(
    rng: np.random.Generator,
    overleggen: Overleggen,
    *,
    spells: Involvements,
    world: World,
    hh: Huishoudens,
) -> pd.DataFrame:
    """Return the table overleg_deelname: first who is involved that day, then others from the region."""
    since = np.searchsorted(spells.huishouden, np.arange(hh.aantal + 1))
    o, k = _repeat((since[1:] - since[:-1])[overleggen.huishouden])
    s = since[overleggen.huishouden[o]] + k
    aanwezig = (spells.begin[s] <= overleggen.dag[o]) & (overleggen.dag[o] < spells.eind[s])
    o, s = o[aanwezig], s[aanwezig]
    # Others: a stretch of the shuffled list of the region, so that the same people meet more often.
    regio = hh.regio[overleggen.huishouden]
    length = (world.regio_of[1:] - world.regio_of[:-1])[regio]
    o2, k2 = _repeat(np.minimum(2 * overleggen.grootte, length))
    start = (rng.random(len(length)) * length).astype(np.int64)
    added = world.mixed[world.regio_of[regio[o2]] + (start[o2] + k2) % length[o2]]
    priority = np.concatenate([rng.random(len(o)), 1.0 + k2])
    o_, prof = _first(
        np.concatenate([o, o2]),
        np.concatenate([spells.prof[s], added]),
        priority=priority,
        size=overleggen.grootte,
    )
    return frame(
        overleg_id=reference(keys("o", len(length), width=7), o_),
        professional_id=reference(professional_keys(world), prof),
    )


def _first(overleg: Ints, prof: Ints, *, priority: Floats, size: Ints) -> tuple[Ints, Ints]:
    """Return each person once per meeting, by priority, up to the size of the meeting."""
    ordering = np.lexsort((priority, prof, overleg))
    overleg, prof, priority = overleg[ordering], prof[ordering], priority[ordering]
    first = np.ones(len(prof), dtype=bool)
    first[1:] = (overleg[1:] != overleg[:-1]) | (prof[1:] != prof[:-1])
    overleg, prof, priority = overleg[first], prof[first], priority[first]
    ordering = np.lexsort((priority, overleg))
    overleg, prof = overleg[ordering], prof[ordering]
    rank = np.arange(len(overleg)) - np.searchsorted(overleg, overleg)
    within = rank < size[overleg]
    return overleg[within], prof[within]
