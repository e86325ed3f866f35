"""Measures on children: OTS and what comes before, with and after it, by CBS code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from toekomstscenario_eval.data.synthetic.chain import Chain
from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, keys, reference
from toekomstscenario_eval.data.synthetic.days import LEVEL, NEVER, Bools, Ints
from toekomstscenario_eval.data.synthetic.households import ADULT, Huishoudens, Personen
from toekomstscenario_eval.data.synthetic.world import SOORT, World, organisatie_keys

_SOORTEN = ("11", "12", "21", "41", "UH")
_OTS, _VOTS, _VOOGDIJ, _RECLASSERING, _OUT_OF_HOME = range(5)
_REDENEN = (
    "01",
    "02",
    "03",
    "04",
    "05",
    "07",
    "11",
    "12",
    "14",
    "21",
    "22",
    "OV",
    "TH",
    "UM",
    "UO",
)
_R = {code_: i for i, code_ in enumerate(_REDENEN)}
_OTS_REDENEN = np.array([_R[c] for c in ("02", "03", "04", "05")])
_OTS_PROBABILITIES = [0.29, 0.20, 0.40, 0.11]
_DUUR, _SPREAD = 390.0, 0.55  # OTS in days: lognormal
# A new measure after an OTS that ended well: for which share of the households, and how many days after.
_BACK, _AFTER_ENDING, _WAIT = 0.15, 30, 200.0
_EARLIER = 0.70  # OTS that starts in the new way of working, as a share of the duration before


@dataclass(frozen=True)
class Maatregelen:
    """Spells of measures; `persoon` is a position in the members, `eind` may lie after the peildatum."""

    persoon: Ints
    soort: Ints
    begin: Ints
    eind: Ints
    reden: Ints
    org: Ints

    def take(self, choice: Ints) -> Maatregelen:
        """Return the spells at these positions."""
        return Maatregelen(*(getattr(self, v)[choice] for v in self.__dataclass_fields__))


def _together(*parts: Maatregelen) -> Maatregelen:
    return Maatregelen(
        *(np.concatenate([getattr(d, v) for d in parts]) for v in Maatregelen.__dataclass_fields__)
    )


def _gi(rng: np.random.Generator, world: World, *, regio: Ints) -> Ints:
    return world.choose_org(regio, np.full(len(regio), SOORT["gi"]), rng.random(len(regio)))


def make_maatregelen(
    rng: np.random.Generator, world: World, *, hh: Huishoudens, personen: Personen, chain: Chain
) -> Maatregelen:
    """Draw all measures, sorted by person and first day."""
    ots = _ots(rng, world, hh=hh, personen=personen, chain=chain)
    # The guardianship that follows belongs to the measure as it ended, not to a part of it.
    following = _voogdij(rng, ots, personen=personen)
    everything = _together(
        _vots(rng, ots, hh=hh, personen=personen),
        _handover(rng, world, ots=ots, hh=hh, huishouden=personen.huishouden[ots.persoon]),
        following,
        _out_of_home(rng, ots, voogdij=following, personen=personen, hh=hh),
        _reclassering(rng, world, hh=hh, personen=personen),
        _again(rng, ots, hh=hh, personen=personen),
    )
    everything = everything.take(
        np.flatnonzero((everything.begin < LEVEL) & (everything.eind > everything.begin))
    )
    return everything.take(np.lexsort((everything.soort, everything.begin, everything.persoon)))


def _ots(
    rng: np.random.Generator, world: World, *, hh: Huishoudens, personen: Personen, chain: Chain
) -> Maatregelen:
    """One OTS per child; mostly all children of a household together, each until 18 at most."""
    n = hh.aantal
    kind = personen.children
    h = personen.huishouden[kind]
    all_ = rng.random(n) < 0.7
    first = np.r_[True, h[1:] != h[:-1]]
    duur = _DUUR * np.exp(_SPREAD * rng.normal(size=n)) * np.where(hh.cover <= chain.ots, _EARLIER, 1.0)
    eind_h = chain.ots + np.clip(duur, 40, 1800).astype(np.int64)
    # A few measures run on after the household left the study.
    runs_on = rng.random(n) < 0.05
    eind_h = np.where(runs_on, eind_h, np.minimum(eind_h, hh.eind))
    reden_h = rng.choice(_OTS_REDENEN, n, p=_OTS_PROBABILITIES)
    gi = np.zeros(n, dtype=np.int64)
    having = np.flatnonzero(chain.ots < NEVER)
    gi[having] = _gi(rng, world, regio=hh.regio[having])

    adult = personen.born[kind] + ADULT
    choice = (chain.ots[h] < NEVER) & (all_[h] | first) & (adult > chain.ots[h] + 14)
    kind, h, adult = kind[choice], h[choice], adult[choice]
    eind = np.minimum(eind_h[h], adult)
    return Maatregelen(
        kind,
        np.full(len(kind), _OTS),
        chain.ots[h],
        eind,
        np.where(eind == adult, _R["01"], reden_h[h]),
        gi[h],
    )


def _vots(rng: np.random.Generator, ots: Maatregelen, *, hh: Huishoudens, personen: Personen) -> Maatregelen:
    """A provisional OTS of at most three months before some, converted on the day the OTS starts."""
    h = personen.huishouden[ots.persoon]
    indeed = (rng.random(hh.aantal) < 0.22)[h]
    begin = np.maximum(ots.begin - rng.integers(20, 91, hh.aantal)[h], hh.begin[h])
    choice = np.flatnonzero(indeed & (begin < ots.begin))
    part = ots.take(choice)
    return Maatregelen(
        part.persoon,
        np.full(len(choice), _VOTS),
        begin[choice],
        part.begin,
        np.full(len(choice), _R["07"]),
        part.org,
    )


def _handover(
    rng: np.random.Generator, world: World, *, ots: Maatregelen, hh: Huishoudens, huishouden: Ints
) -> Maatregelen:
    """Hand some OTS over to the other GI: the new spell starts on the last day or one day later."""
    duur = np.minimum(ots.eind, LEVEL) - ots.begin
    over = (rng.random(hh.aantal)[huishouden] < 0.06) & (duur > 90)
    cut = ots.begin + (duur * rng.uniform(0.25, 0.75, hh.aantal)[huishouden]).astype(np.int64)
    gap = rng.integers(0, 2, len(duur))
    # A region has two GIs; their positions follow each other.
    other = 2 * world.org_of[hh.regio[huishouden], SOORT["gi"]] + 1 - ots.org
    first = Maatregelen(
        ots.persoon,
        ots.soort,
        ots.begin,
        np.where(over, cut, ots.eind),
        np.where(over, _R["OV"], ots.reden),
        ots.org,
    )
    i = np.flatnonzero(over)
    part = ots.take(i)
    second = Maatregelen(part.persoon, part.soort, (cut + gap)[i], part.eind, part.reden, other[i])
    return _together(first, second)


def _again(rng: np.random.Generator, ots: Maatregelen, *, hh: Huishoudens, personen: Personen) -> Maatregelen:
    """Return a provisional OTS some time after an OTS ended well, for the same children of a household."""
    h = personen.huishouden[ots.persoon]
    wait = _AFTER_ENDING + rng.exponential(_WAIT, hh.aantal).astype(np.int64)
    duur = rng.integers(20, 91, hh.aantal)
    back = rng.random(hh.aantal) < _BACK
    begin = ots.eind + wait[h]
    eind = np.minimum(begin + duur[h], hh.eind[h])
    kind = eind < personen.born[ots.persoon] + ADULT
    good = np.isin(ots.reden, _OTS_REDENEN[:3]) & back[h] & (begin + 14 < eind) & kind
    soort, reden = np.full(len(h), _VOTS), np.full(len(h), _R["02"])
    return Maatregelen(ots.persoon, soort, begin, eind, reden, ots.org).take(np.flatnonzero(good))


def _voogdij(rng: np.random.Generator, ots: Maatregelen, *, personen: Personen) -> Maatregelen:
    """Guardianship from the day an OTS ends for that reason."""
    part = ots.take(np.flatnonzero((ots.reden == _R["05"]) & (ots.eind < LEVEL)))
    n = len(part.persoon)
    adult = personen.born[part.persoon] + ADULT
    eind = np.minimum(part.eind + rng.integers(200, 2500, n), adult)
    reden = np.where(eind == adult, _R["11"], rng.choice([_R["12"], _R["14"]], n, p=[0.7, 0.3]))
    return Maatregelen(part.persoon, np.full(n, _VOOGDIJ), part.eind, eind, reden, part.org)


def _out_of_home(
    rng: np.random.Generator, ots: Maatregelen, *, voogdij: Maatregelen, personen: Personen, hh: Huishoudens
) -> Maatregelen:
    """Placement away from home during an OTS, and on into the guardianship that follows it."""
    h = personen.huishouden[ots.persoon]
    new = hh.cover[h] <= ots.begin
    longest = np.full(len(personen.rol), -NEVER)
    longest[ots.persoon] = ots.eind
    longest[voogdij.persoon] = voogdij.eind
    goes_over = np.isin(ots.persoon, voogdij.persoon)
    indeed = (rng.random(hh.aantal)[h] < np.where(new, 0.27, 0.34)) | goes_over
    begin = ots.begin + rng.exponential(60, len(h)).astype(np.int64)
    duur = np.clip(270 * np.exp(0.8 * rng.normal(size=len(h))), 7, 2500).astype(np.int64)
    eind = np.where(goes_over, longest[ots.persoon], np.minimum(begin + duur, ots.eind))
    adult = eind == personen.born[ots.persoon] + ADULT
    reden = np.where(adult, _R["UM"], rng.choice([_R["TH"], _R["UO"]], len(h), p=[0.6, 0.4]))
    part = Maatregelen(ots.persoon, np.full(len(h), _OUT_OF_HOME), begin, eind, reden, ots.org)
    return part.take(np.flatnonzero(indeed))


def _reclassering(
    rng: np.random.Generator, world: World, *, hh: Huishoudens, personen: Personen
) -> Maatregelen:
    """Probation for a few children of twelve and older."""
    kind = personen.children
    h = personen.huishouden[kind]
    begin = hh.begin[h] + (rng.random(len(h)) * (hh.eind - hh.begin)[h]).astype(np.int64)
    age = begin - personen.born[kind]
    old_enough = (age > ADULT * 12 // 18) & (age < ADULT)
    i = np.flatnonzero(old_enough & (rng.random(len(h)) < 0.02))
    eind = np.minimum(begin[i] + rng.integers(90, 400, len(i)), hh.eind[h[i]])
    reden = rng.choice([_R["21"], _R["22"]], len(i), p=[0.8, 0.2])
    org = _gi(rng, world, regio=hh.regio[h[i]])
    return Maatregelen(kind[i], np.full(len(i), _RECLASSERING), begin[i], eind, reden, org)


def _taken_over(m: Maatregelen) -> Bools:
    """Return which spells go on where another GI handed over, at most a day before."""
    measure = (m.persoon * len(_SOORTEN) + m.soort) * NEVER
    over = (measure + m.eind)[m.reden == _R["OV"]]
    taken: Bools = np.isin(measure + m.begin, np.r_[over, over + 1])
    return taken


def maatregel_table(
    rng: np.random.Generator, maatregelen: Maatregelen, *, world: World, personen: Personen
) -> pd.DataFrame:
    """Return the table maatregel; now and then the organisation is not known.

    Who takes a measure over does not know when it began: its spell begins when it was first seen.
    """
    n = len(maatregelen.persoon)
    org = np.where(rng.random(n) < 0.02, -1, maatregelen.org)
    return frame(
        maatregel_id=keys("m", n, width=6),
        persoon_id=reference(personen.sleutel, maatregelen.persoon),
        soort=code(maatregelen.soort, _SOORTEN),
        begin=datum(maatregelen.begin),
        begin_onbekend=pa.array(_taken_over(maatregelen)),
        eind=datum(maatregelen.eind),
        reden_einde=code(maatregelen.reden, _REDENEN, empty=maatregelen.eind > LEVEL),
        organisatie_id=reference(organisatie_keys(world), org),
    )
