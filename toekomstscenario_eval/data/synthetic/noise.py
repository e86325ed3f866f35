"""Registration noise on involvement, as real deliveries have it: results must not depend on most of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, sleutels, verwijzing
from toekomstscenario_eval.data.synthetic.days import NOOIT, PEIL, Ints
from toekomstscenario_eval.data.synthetic.households import Huishoudens
from toekomstscenario_eval.data.synthetic.involvement import (
    OVERIG,
    REDENEN,
    ROLLEN,
    Betrokkenheden,
    samen,
    sorteer,
)
from toekomstscenario_eval.data.synthetic.world import Wereld, organisatie_sleutels, professional_sleutels

_MINSTENS = 50  # fewer spells than this stay clean
_DUBBEL, _GEKNIPT, _NUL_DAGEN, _LOOPT_DOOR, _ZONDER_REDEN = 0.002, 0.01, 0.001, 0.01, 0.01


def _kies(rng: np.random.Generator, mogelijk: Ints, *, aantal: int) -> Ints:
    """Choose at most `aantal` of the positions, in order."""
    return np.sort(rng.permutation(mogelijk)[:aantal])


def met_ruis(rng: np.random.Generator, spells: Betrokkenheden, *, hh: Huishoudens) -> Betrokkenheden:
    """Add doubles, spells split in two, spells of zero days, spells that run on after the household left."""
    n = len(spells.prof)
    if n < _MINSTENS:
        return spells
    hier_weg = hh.eind[spells.huishouden]
    door = _kies(
        rng,
        np.flatnonzero((spells.eind == hier_weg) & (hier_weg < PEIL - 60)),
        aantal=round(_LOOPT_DOOR * n) + 1,
    )
    eind = spells.eind.copy()
    # Some were closed late, others never.
    eind[door] += rng.integers(10, 60, len(door))
    eind[door[::3]] = NOOIT
    spells = replace(spells, eind=eind)

    afloop = np.minimum(eind, PEIL)
    knip = _kies(rng, np.flatnonzero(afloop - spells.begin > 20), aantal=round(_GEKNIPT * n) + 1)
    dag = (spells.begin[knip] + afloop[knip]) // 2
    rest = replace(spells.neem(knip), begin=dag)
    eerst_eind, eerst_reden = eind.copy(), spells.reden.copy()
    eerst_eind[knip], eerst_reden[knip] = dag, OVERIG
    heel = replace(spells, eind=eerst_eind, reden=eerst_reden)

    heel_gebleven = np.ones(n, dtype=bool)
    heel_gebleven[knip] = False
    dubbel = spells.neem(_kies(rng, np.flatnonzero(heel_gebleven), aantal=round(_DUBBEL * n) + 1))
    nul = spells.neem(_kies(rng, np.arange(n), aantal=round(_NUL_DAGEN * n) + 1))
    nul = replace(nul, eind=nul.begin, reden=np.full(len(nul.prof), OVERIG))
    return sorteer(samen(heel, rest, dubbel, nul))


def betrokkenheid_tabel(
    rng: np.random.Generator, spells: Betrokkenheden, *, wereld: Wereld, hh: Huishoudens
) -> pd.DataFrame:
    """Return the table betrokkenheid."""
    n = len(spells.prof)
    leeg = (spells.eind > PEIL) | (rng.random(n) < _ZONDER_REDEN)
    return frame(
        betrokkenheid_id=sleutels("b", n, breedte=7),
        huishouden_id=verwijzing(hh.sleutel, spells.huishouden),
        professional_id=verwijzing(professional_sleutels(wereld), spells.prof),
        organisatie_id=verwijzing(organisatie_sleutels(wereld), spells.org),
        rol=code(spells.rol, ROLLEN),
        begin=datum(spells.begin),
        eind=datum(spells.eind),
        reden_einde=code(spells.reden, REDENEN, leeg=leeg),
    )
