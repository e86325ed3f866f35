"""Households and their members: staggered inflow, late entry, leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, keys, reference
from toekomstscenario_eval.data.synthetic.days import LEVEL, NEVER, START_, YEAR, Bools, Floats, Ints
from toekomstscenario_eval.data.synthetic.world import (
    IS_PROEFTUIN,
    REGIOS,
    SOORT,
    START,
    World,
    proeftuin_keys,
)

_MEDIAN, _SPREAD = 385.0, 0.85  # presence in days: lognormal
_SHORTEST, _LONGEST = 21, 6 * 365
_CHILDREN = np.array([0.52, 0.30, 0.12, 0.045, 0.015])
_PROFILES = ("gezin_in_de_stress", "langdurige_zorg", "complexe_conflictscheiding", "anders", "onbekend")
_REDENEN = ("afgerond", "overgedragen", "verhuisd", "teruggetrokken", "overig", "meerderjarig")
_ROLLEN = ("kind", "ouder", "stiefouder", "pleegouder", "grootouder")
_WITHOUT = 0.015  # households that no professional was registered for
_MEERDERJARIG = 0.02
ADULT = round(18 * YEAR)


@dataclass(frozen=True)
class Huishoudens:
    """Households; days since 1970, `eind` may lie after the peildatum (still present).

    Attributes
    ----------
    cover : Ints
        First day on which the household is helped in the new way (`NEVER` when never).
    local : Ints
        The local team of the neighbourhood.
    gravity : Floats
        How complex the situation is; mean 1.
    zonder : Bools
        No professional was registered.
    """

    regio: Ints
    begin: Ints
    eind: Ints
    cover: Ints
    local: Ints
    gravity: Floats
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
    born: Ints
    sleutel: Any

    @property
    def children(self) -> Ints:
        """Positions of the children."""
        return np.flatnonzero(self.rol == 0)


def make_huishoudens(rng: np.random.Generator, world: World) -> Huishoudens:
    """Draw households as a window on a steady inflow: who stays longer is met more often at its start."""
    n = int(world.huishoudens.sum())
    regio = rng.permutation(np.arange(REGIOS).repeat(world.huishoudens))
    average = _MEDIAN * np.exp(_SPREAD**2 / 2)
    late = rng.random(n) < average / (average + LEVEL - START_)
    # The length-biased lognormal is a lognormal with a shifted mean.
    log_duur = np.log(_MEDIAN) + _SPREAD * (rng.normal(size=n) + late * _SPREAD)
    duur = np.clip(np.exp(log_duur), _SHORTEST, _LONGEST).astype(np.int64)
    u = rng.random(n)
    begin = np.where(
        late, START_ - 1 - (u * (duur - 1)).astype(np.int64), START_ + (u * (LEVEL - START_)).astype(np.int64)
    )
    eind = begin + duur
    settle = rng.integers(0, 60, n)
    cover = np.maximum(begin, START[regio] + np.where(begin < START[regio], settle, 0))
    return Huishoudens(
        regio=regio,
        begin=begin,
        eind=eind,
        cover=np.where(IS_PROEFTUIN[regio] & (cover < eind - 7), cover, NEVER),
        local=world.choose_org(regio, np.full(n, SOORT["lokaal_team"]), rng.random(n)),
        gravity=rng.gamma(4, 1 / 4, n),
        zonder=rng.random(n) < _WITHOUT,
        meerderjarig=rng.random(n) < _MEERDERJARIG,
        sleutel=keys("h", n, width=6),
    )


def make_personen(rng: np.random.Generator, hh: Huishoudens) -> Personen:
    """Draw the members: one to five children, all under 18 at inflow, and the adults around them."""
    n = hh.aantal
    aantal = 1 + rng.choice(len(_CHILDREN), n, p=_CHILDREN / _CHILDREN.sum())
    who = np.arange(n).repeat(aantal)
    order = np.arange(len(who)) - (np.cumsum(aantal) - aantal)[who]
    # The youngest is under 18 until the household leaves; turning 18 is why some leave.
    room = ADULT - (hh.eind - hh.begin)
    youngest = np.where(hh.meerderjarig, room, (rng.random(n) * room).astype(np.int64))
    jump = np.where(order > 0, rng.uniform(1.0, 3.5, len(who)) * YEAR, 0)
    difference = np.cumsum(jump)
    difference -= difference[(np.cumsum(aantal) - aantal)[who]]
    oldest = ADULT - rng.integers(60, 400, len(who))
    age = np.maximum(youngest[who], np.minimum(youngest[who] + difference.astype(np.int64), oldest))
    born = hh.begin[who] - age

    eldest = np.full(n, NEVER)
    np.minimum.at(eldest, who, born)
    probabilities = {1: 1.0, 2: 0.12, 3: 0.01, 4: 0.03}
    parts_h, parts_rol, parts_g = [who], [np.zeros(len(who), dtype=np.int64)], [born]
    for rol, probability in [*probabilities.items(), (1, 0.5)]:
        h = np.flatnonzero(rng.random(n) < probability)
        years = rng.uniform(19, 37, len(h)) + (22 if rol == len(_ROLLEN) - 1 else 0)
        parts_h.append(h)
        parts_rol.append(np.full(len(h), rol))
        parts_g.append(eldest[h] - (years * YEAR).astype(np.int64))
    huishouden, rol_, born_ = map(np.concatenate, (parts_h, parts_rol, parts_g))
    ordering = np.lexsort((born_, rol_, huishouden))
    return Personen(huishouden[ordering], rol_[ordering], born_[ordering], keys("p", len(ordering), width=7))


def huishouden_table(rng: np.random.Generator, hh: Huishoudens) -> pd.DataFrame:
    """Return the table huishouden; some profiles were not filled in, dwingende controle never occurs."""
    n = hh.aantal
    reden = rng.choice(5, n, p=[0.62, 0.14, 0.10, 0.09, 0.05])
    return frame(
        huishouden_id=hh.sleutel,
        proeftuin_id=reference(proeftuin_keys(), hh.regio),
        begin=datum(hh.begin),
        eind=datum(hh.eind),
        reden_einde=code(np.where(hh.meerderjarig, 5, reden), _REDENEN, empty=hh.eind > LEVEL),
        gezinsprofiel=code(
            rng.choice(5, n, p=[0.44, 0.23, 0.18, 0.08, 0.07]), _PROFILES, empty=rng.random(n) < 0.04
        ),
    )


def persoon_table(rng: np.random.Generator, hh: Huishoudens, *, personen: Personen) -> pd.DataFrame:
    """Return the table persoon; of a few the year of birth or the sex is not known."""
    n = len(personen.rol)
    year = personen.born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    unknown = rng.random(n) < np.where(personen.rol == 0, 0.01, 0.06)
    geslacht = np.where(rng.random(n) < 0.01, 2, rng.random(n) < np.where(personen.rol == 0, 0.51, 0.42))
    return frame(
        persoon_id=personen.sleutel,
        huishouden_id=reference(hh.sleutel, personen.huishouden),
        rol=code(personen.rol, _ROLLEN),
        geboortejaar=pa.array(year, mask=unknown),
        geslacht=code(geslacht, ("V", "M", "O")),
    )
