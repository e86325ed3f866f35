"""Households and their members: staggered inflow, late entry, leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, sleutels, verwijzing
from toekomstscenario_eval.data.synthetic.days import JAAR, NOOIT, PEIL, VAN, Bools, Floats, Ints
from toekomstscenario_eval.data.synthetic.world import (
    IS_PROEFTUIN,
    REGIOS,
    SOORT,
    START,
    Wereld,
    proeftuin_sleutels,
)

_MEDIAAN, _SPREIDING = 385.0, 0.85  # presence in days: lognormal
_KORTST, _LANGST = 21, 6 * 365
_KINDEREN = np.array([0.52, 0.30, 0.12, 0.045, 0.015])
_PROFIELEN = ("gezin_in_de_stress", "langdurige_zorg", "complexe_conflictscheiding", "anders", "onbekend")
_REDENEN = ("afgerond", "overgedragen", "verhuisd", "teruggetrokken", "overig", "meerderjarig")
_ROLLEN = ("kind", "ouder", "stiefouder", "pleegouder", "grootouder")
_ZONDER = 0.015  # households that no professional was registered for
_MEERDERJARIG = 0.02
VOLWASSEN = round(18 * JAAR)


@dataclass(frozen=True)
class Huishoudens:
    """Households; days since 1970, `eind` may lie after the peildatum (still present).

    Attributes
    ----------
    omslag : Ints
        First day on which the household is helped in the new way (`NOOIT` when never).
    lokaal : Ints
        The local team of the neighbourhood.
    zwaarte : Floats
        How complex the situation is; mean 1.
    zonder : Bools
        No professional was registered.
    """

    regio: Ints
    begin: Ints
    eind: Ints
    omslag: Ints
    lokaal: Ints
    zwaarte: Floats
    zonder: Bools
    meerderjarig: Bools
    sleutel: Any

    @property
    def aantal(self) -> int:
        """Number of households."""
        return len(self.regio)


@dataclass(frozen=True)
class Personen:
    """Members of households; the day of birth is never published."""

    huishouden: Ints
    rol: Ints
    geboren: Ints
    sleutel: Any

    @property
    def kinderen(self) -> Ints:
        """Positions of the children."""
        return np.flatnonzero(self.rol == 0)


def maak_huishoudens(rng: np.random.Generator, wereld: Wereld) -> Huishoudens:
    """Draw households as a window on a steady inflow: who stays longer is met more often at its start."""
    n = int(wereld.huishoudens.sum())
    regio = rng.permutation(np.arange(REGIOS).repeat(wereld.huishoudens))
    gemiddeld = _MEDIAAN * np.exp(_SPREIDING**2 / 2)
    laat = rng.random(n) < gemiddeld / (gemiddeld + PEIL - VAN)
    # The length-biased lognormal is a lognormal with a shifted mean.
    log_duur = np.log(_MEDIAAN) + _SPREIDING * (rng.normal(size=n) + laat * _SPREIDING)
    duur = np.clip(np.exp(log_duur), _KORTST, _LANGST).astype(np.int64)
    u = rng.random(n)
    begin = np.where(
        laat, VAN - 1 - (u * (duur - 1)).astype(np.int64), VAN + (u * (PEIL - VAN)).astype(np.int64)
    )
    eind = begin + duur
    wennen = rng.integers(0, 60, n)
    omslag = np.maximum(begin, START[regio] + np.where(begin < START[regio], wennen, 0))
    return Huishoudens(
        regio=regio,
        begin=begin,
        eind=eind,
        omslag=np.where(IS_PROEFTUIN[regio] & (omslag < eind - 7), omslag, NOOIT),
        lokaal=wereld.kies_org(regio, np.full(n, SOORT["lokaal_team"]), rng.random(n)),
        zwaarte=rng.gamma(4, 1 / 4, n),
        zonder=rng.random(n) < _ZONDER,
        meerderjarig=rng.random(n) < _MEERDERJARIG,
        sleutel=sleutels("h", n, breedte=6),
    )


def maak_personen(rng: np.random.Generator, hh: Huishoudens) -> Personen:
    """Draw the members: one to five children, all under 18 at inflow, and the adults around them."""
    n = hh.aantal
    aantal = 1 + rng.choice(len(_KINDEREN), n, p=_KINDEREN / _KINDEREN.sum())
    wie = np.arange(n).repeat(aantal)
    volgorde = np.arange(len(wie)) - (np.cumsum(aantal) - aantal)[wie]
    # The youngest is under 18 until the household leaves; turning 18 is why some leave.
    ruimte = VOLWASSEN - (hh.eind - hh.begin)
    jongste = np.where(hh.meerderjarig, ruimte, (rng.random(n) * ruimte).astype(np.int64))
    sprong = np.where(volgorde > 0, rng.uniform(1.0, 3.5, len(wie)) * JAAR, 0)
    verschil = np.cumsum(sprong)
    verschil -= verschil[(np.cumsum(aantal) - aantal)[wie]]
    oudst = VOLWASSEN - rng.integers(60, 400, len(wie))
    leeftijd = np.maximum(jongste[wie], np.minimum(jongste[wie] + verschil.astype(np.int64), oudst))
    geboren = hh.begin[wie] - leeftijd

    oudste = np.full(n, NOOIT)
    np.minimum.at(oudste, wie, geboren)
    kansen = {1: 1.0, 2: 0.12, 3: 0.01, 4: 0.03}
    delen_h, delen_rol, delen_g = [wie], [np.zeros(len(wie), dtype=np.int64)], [geboren]
    for rol, kans in [*kansen.items(), (1, 0.5)]:
        h = np.flatnonzero(rng.random(n) < kans)
        jaren = rng.uniform(19, 37, len(h)) + (22 if rol == len(_ROLLEN) - 1 else 0)
        delen_h.append(h)
        delen_rol.append(np.full(len(h), rol))
        delen_g.append(oudste[h] - (jaren * JAAR).astype(np.int64))
    huishouden, rol_, geboren_ = map(np.concatenate, (delen_h, delen_rol, delen_g))
    orde = np.lexsort((geboren_, rol_, huishouden))
    return Personen(huishouden[orde], rol_[orde], geboren_[orde], sleutels("p", len(orde), breedte=7))


def huishouden_tabel(rng: np.random.Generator, hh: Huishoudens) -> pd.DataFrame:
    """Return the table huishouden; some profiles were not filled in, dwingende controle never occurs."""
    n = hh.aantal
    reden = rng.choice(5, n, p=[0.62, 0.14, 0.10, 0.09, 0.05])
    return frame(
        huishouden_id=hh.sleutel,
        proeftuin_id=verwijzing(proeftuin_sleutels(), hh.regio),
        begin=datum(hh.begin),
        eind=datum(hh.eind),
        reden_einde=code(np.where(hh.meerderjarig, 5, reden), _REDENEN, leeg=hh.eind > PEIL),
        gezinsprofiel=code(
            rng.choice(5, n, p=[0.44, 0.23, 0.18, 0.08, 0.07]), _PROFIELEN, leeg=rng.random(n) < 0.04
        ),
    )


def persoon_tabel(rng: np.random.Generator, hh: Huishoudens, *, personen: Personen) -> pd.DataFrame:
    """Return the table persoon; of a few the year of birth or the sex is not known."""
    n = len(personen.rol)
    jaar = personen.geboren.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    onbekend = rng.random(n) < np.where(personen.rol == 0, 0.01, 0.06)
    geslacht = np.where(rng.random(n) < 0.01, 2, rng.random(n) < np.where(personen.rol == 0, 0.51, 0.42))
    return frame(
        persoon_id=personen.sleutel,
        huishouden_id=verwijzing(hh.sleutel, personen.huishouden),
        rol=code(personen.rol, _ROLLEN),
        geboortejaar=pa.array(jaar, mask=onbekend),
        geslacht=code(geslacht, ("V", "M", "O")),
    )
