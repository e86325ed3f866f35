"""Measures on children: OTS and what comes before, with and after it, by CBS code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toekomstscenario_eval.data.synthetic.chain import Keten
from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, sleutels, verwijzing
from toekomstscenario_eval.data.synthetic.days import NOOIT, PEIL, Ints
from toekomstscenario_eval.data.synthetic.households import VOLWASSEN, Huishoudens, Personen
from toekomstscenario_eval.data.synthetic.world import SOORT, Wereld, organisatie_sleutels

_SOORTEN = ("11", "12", "21", "41", "UH")
_OTS, _VOTS, _VOOGDIJ, _RECLASSERING, _UITHUIS = range(5)
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
_OTS_KANSEN = [0.29, 0.20, 0.40, 0.11]
_DUUR, _SPREIDING = 390.0, 0.55  # OTS in days: lognormal
# A new measure after an OTS that ended well: for which share of the households, and how many days after.
_TERUG, _NA_AFLOOP, _WACHT = 0.15, 30, 200.0
_EERDER = 0.70  # OTS that starts in the new way of working, as a share of the duration before


@dataclass(frozen=True)
class Maatregelen:
    """Spells of measures; `persoon` is a position in the members, `eind` may lie after the peildatum."""

    persoon: Ints
    soort: Ints
    begin: Ints
    eind: Ints
    reden: Ints
    org: Ints

    def neem(self, keuze: Ints) -> Maatregelen:
        """Return the spells at these positions."""
        return Maatregelen(*(getattr(self, v)[keuze] for v in self.__dataclass_fields__))


def _samen(*delen: Maatregelen) -> Maatregelen:
    return Maatregelen(
        *(np.concatenate([getattr(d, v) for d in delen]) for v in Maatregelen.__dataclass_fields__)
    )


def _gi(rng: np.random.Generator, wereld: Wereld, *, regio: Ints) -> Ints:
    return wereld.kies_org(regio, np.full(len(regio), SOORT["gi"]), rng.random(len(regio)))


def maak_maatregelen(
    rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens, personen: Personen, keten: Keten
) -> Maatregelen:
    """Draw all measures, sorted by person and first day."""
    ots = _ots(rng, wereld, hh=hh, personen=personen, keten=keten)
    # The guardianship that follows belongs to the measure as it ended, not to a part of it.
    volgend = _voogdij(rng, ots, personen=personen)
    alles = _samen(
        _vots(rng, ots, hh=hh, personen=personen),
        _overdracht(rng, wereld, ots=ots, hh=hh, huishouden=personen.huishouden[ots.persoon]),
        volgend,
        _uithuis(rng, ots, voogdij=volgend, personen=personen, hh=hh),
        _reclassering(rng, wereld, hh=hh, personen=personen),
        _opnieuw(rng, ots, hh=hh, personen=personen),
    )
    alles = alles.neem(np.flatnonzero((alles.begin < PEIL) & (alles.eind > alles.begin)))
    return alles.neem(np.lexsort((alles.soort, alles.begin, alles.persoon)))


def _ots(
    rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens, personen: Personen, keten: Keten
) -> Maatregelen:
    """One OTS per child; mostly all children of a household together, each until 18 at most."""
    n = hh.aantal
    kind = personen.kinderen
    h = personen.huishouden[kind]
    allen = rng.random(n) < 0.7
    eerste = np.r_[True, h[1:] != h[:-1]]
    duur = _DUUR * np.exp(_SPREIDING * rng.normal(size=n)) * np.where(hh.omslag <= keten.ots, _EERDER, 1.0)
    eind_h = keten.ots + np.clip(duur, 40, 1800).astype(np.int64)
    # A few measures run on after the household left the study.
    loopt_door = rng.random(n) < 0.05
    eind_h = np.where(loopt_door, eind_h, np.minimum(eind_h, hh.eind))
    reden_h = rng.choice(_OTS_REDENEN, n, p=_OTS_KANSEN)
    gi = np.zeros(n, dtype=np.int64)
    met = np.flatnonzero(keten.ots < NOOIT)
    gi[met] = _gi(rng, wereld, regio=hh.regio[met])

    volwassen = personen.geboren[kind] + VOLWASSEN
    keuze = (keten.ots[h] < NOOIT) & (allen[h] | eerste) & (volwassen > keten.ots[h] + 14)
    kind, h, volwassen = kind[keuze], h[keuze], volwassen[keuze]
    eind = np.minimum(eind_h[h], volwassen)
    return Maatregelen(
        kind,
        np.full(len(kind), _OTS),
        keten.ots[h],
        eind,
        np.where(eind == volwassen, _R["01"], reden_h[h]),
        gi[h],
    )


def _vots(rng: np.random.Generator, ots: Maatregelen, *, hh: Huishoudens, personen: Personen) -> Maatregelen:
    """A provisional OTS of at most three months before some, converted on the day the OTS starts."""
    h = personen.huishouden[ots.persoon]
    wel = (rng.random(hh.aantal) < 0.22)[h]
    begin = np.maximum(ots.begin - rng.integers(20, 91, hh.aantal)[h], hh.begin[h])
    keuze = np.flatnonzero(wel & (begin < ots.begin))
    deel = ots.neem(keuze)
    return Maatregelen(
        deel.persoon,
        np.full(len(keuze), _VOTS),
        begin[keuze],
        deel.begin,
        np.full(len(keuze), _R["07"]),
        deel.org,
    )


def _overdracht(
    rng: np.random.Generator, wereld: Wereld, *, ots: Maatregelen, hh: Huishoudens, huishouden: Ints
) -> Maatregelen:
    """Hand some OTS over to the other GI: the new spell starts on the last day or one day later."""
    duur = np.minimum(ots.eind, PEIL) - ots.begin
    over = (rng.random(hh.aantal)[huishouden] < 0.06) & (duur > 90)
    knip = ots.begin + (duur * rng.uniform(0.25, 0.75, hh.aantal)[huishouden]).astype(np.int64)
    gat = rng.integers(0, 2, len(duur))
    # A region has two GIs; their positions follow each other.
    andere = 2 * wereld.org_van[hh.regio[huishouden], SOORT["gi"]] + 1 - ots.org
    eerst = Maatregelen(
        ots.persoon,
        ots.soort,
        ots.begin,
        np.where(over, knip, ots.eind),
        np.where(over, _R["OV"], ots.reden),
        ots.org,
    )
    i = np.flatnonzero(over)
    deel = ots.neem(i)
    tweede = Maatregelen(deel.persoon, deel.soort, (knip + gat)[i], deel.eind, deel.reden, andere[i])
    return _samen(eerst, tweede)


def _opnieuw(
    rng: np.random.Generator, ots: Maatregelen, *, hh: Huishoudens, personen: Personen
) -> Maatregelen:
    """Return a provisional OTS some time after an OTS ended well, for the same children of a household."""
    h = personen.huishouden[ots.persoon]
    wacht = _NA_AFLOOP + rng.exponential(_WACHT, hh.aantal).astype(np.int64)
    duur = rng.integers(20, 91, hh.aantal)
    terug = rng.random(hh.aantal) < _TERUG
    begin = ots.eind + wacht[h]
    eind = np.minimum(begin + duur[h], hh.eind[h])
    kind = eind < personen.geboren[ots.persoon] + VOLWASSEN
    goed = np.isin(ots.reden, _OTS_REDENEN[:3]) & terug[h] & (begin + 14 < eind) & kind
    soort, reden = np.full(len(h), _VOTS), np.full(len(h), _R["02"])
    return Maatregelen(ots.persoon, soort, begin, eind, reden, ots.org).neem(np.flatnonzero(goed))


def _voogdij(rng: np.random.Generator, ots: Maatregelen, *, personen: Personen) -> Maatregelen:
    """Guardianship from the day an OTS ends for that reason."""
    deel = ots.neem(np.flatnonzero((ots.reden == _R["05"]) & (ots.eind < PEIL)))
    n = len(deel.persoon)
    volwassen = personen.geboren[deel.persoon] + VOLWASSEN
    eind = np.minimum(deel.eind + rng.integers(200, 2500, n), volwassen)
    reden = np.where(eind == volwassen, _R["11"], rng.choice([_R["12"], _R["14"]], n, p=[0.7, 0.3]))
    return Maatregelen(deel.persoon, np.full(n, _VOOGDIJ), deel.eind, eind, reden, deel.org)


def _uithuis(
    rng: np.random.Generator, ots: Maatregelen, *, voogdij: Maatregelen, personen: Personen, hh: Huishoudens
) -> Maatregelen:
    """Placement away from home during an OTS, and on into the guardianship that follows it."""
    h = personen.huishouden[ots.persoon]
    nieuw = hh.omslag[h] <= ots.begin
    langst = np.full(len(personen.rol), -NOOIT)
    langst[ots.persoon] = ots.eind
    langst[voogdij.persoon] = voogdij.eind
    gaat_over = np.isin(ots.persoon, voogdij.persoon)
    wel = (rng.random(hh.aantal)[h] < np.where(nieuw, 0.27, 0.34)) | gaat_over
    begin = ots.begin + rng.exponential(60, len(h)).astype(np.int64)
    duur = np.clip(270 * np.exp(0.8 * rng.normal(size=len(h))), 7, 2500).astype(np.int64)
    eind = np.where(gaat_over, langst[ots.persoon], np.minimum(begin + duur, ots.eind))
    volwassen = eind == personen.geboren[ots.persoon] + VOLWASSEN
    reden = np.where(volwassen, _R["UM"], rng.choice([_R["TH"], _R["UO"]], len(h), p=[0.6, 0.4]))
    deel = Maatregelen(ots.persoon, np.full(len(h), _UITHUIS), begin, eind, reden, ots.org)
    return deel.neem(np.flatnonzero(wel))


def _reclassering(
    rng: np.random.Generator, wereld: Wereld, *, hh: Huishoudens, personen: Personen
) -> Maatregelen:
    """Probation for a few children of twelve and older."""
    kind = personen.kinderen
    h = personen.huishouden[kind]
    begin = hh.begin[h] + (rng.random(len(h)) * (hh.eind - hh.begin)[h]).astype(np.int64)
    leeftijd = begin - personen.geboren[kind]
    oud_genoeg = (leeftijd > VOLWASSEN * 12 // 18) & (leeftijd < VOLWASSEN)
    i = np.flatnonzero(oud_genoeg & (rng.random(len(h)) < 0.02))
    eind = np.minimum(begin[i] + rng.integers(90, 400, len(i)), hh.eind[h[i]])
    reden = rng.choice([_R["21"], _R["22"]], len(i), p=[0.8, 0.2])
    org = _gi(rng, wereld, regio=hh.regio[h[i]])
    return Maatregelen(kind[i], np.full(len(i), _RECLASSERING), begin[i], eind, reden, org)


def maatregel_tabel(
    rng: np.random.Generator, maatregelen: Maatregelen, *, wereld: Wereld, personen: Personen
) -> pd.DataFrame:
    """Return the table maatregel; now and then the organisation is not known."""
    n = len(maatregelen.persoon)
    org = np.where(rng.random(n) < 0.02, -1, maatregelen.org)
    return frame(
        maatregel_id=sleutels("m", n, breedte=6),
        persoon_id=verwijzing(personen.sleutel, maatregelen.persoon),
        soort=code(maatregelen.soort, _SOORTEN),
        begin=datum(maatregelen.begin),
        eind=datum(maatregelen.eind),
        reden_einde=code(maatregelen.reden, _REDENEN, leeg=maatregelen.eind > PEIL),
        organisatie_id=verwijzing(organisatie_sleutels(wereld), org),
    )
