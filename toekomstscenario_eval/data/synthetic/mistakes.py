"""Registration noise on involvement, as real deliveries have it: results must not depend on most of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from toekomstscenario_eval.data.synthetic.columns import code, datum, frame, keys, reference
from toekomstscenario_eval.data.synthetic.days import LEVEL, NEVER, Ints
from toekomstscenario_eval.data.synthetic.households import Huishoudens
from toekomstscenario_eval.data.synthetic.involvement import (
    OVERIG,
    REDENEN,
    ROLLEN,
    Involvements,
    sort,
    together,
)
from toekomstscenario_eval.data.synthetic.world import World, organisatie_keys, professional_keys

_AT_LEAST = 50  # fewer spells than this stay clean
_DUPLICATE, _CUT, _ZERO_DAGEN, _RUNS_ON, _WITHOUT_REDEN = 0.002, 0.01, 0.001, 0.01, 0.01


def _choose(rng: np.random.Generator, possible: Ints, *, aantal: int) -> Ints:
    """Choose at most `aantal` of the positions, in order."""
    return np.sort(rng.permutation(possible)[:aantal])


def with_noise(rng: np.random.Generator, spells: Involvements, *, hh: Huishoudens) -> Involvements:
    """Add doubles, spells split in two, spells of zero days, spells that run on after the household left."""
    n = len(spells.prof)
    if n < _AT_LEAST:
        return spells
    here_gone = hh.eind[spells.huishouden]
    door = _choose(
        rng,
        np.flatnonzero((spells.eind == here_gone) & (here_gone < LEVEL - 60)),
        aantal=round(_RUNS_ON * n) + 1,
    )
    eind = spells.eind.copy()
    # Some were closed late, others never.
    eind[door] += rng.integers(10, 60, len(door))
    eind[door[::3]] = NEVER
    spells = replace(spells, eind=eind)

    ending = np.minimum(eind, LEVEL)
    cut = _choose(rng, np.flatnonzero(ending - spells.begin > 20), aantal=round(_CUT * n) + 1)
    day = (spells.begin[cut] + ending[cut]) // 2
    rest = replace(spells.take(cut), begin=day)
    first_eind, first_reden = eind.copy(), spells.reden.copy()
    first_eind[cut], first_reden[cut] = day, OVERIG
    whole = replace(spells, eind=first_eind, reden=first_reden)

    whole_remained = np.ones(n, dtype=bool)
    whole_remained[cut] = False
    duplicate = spells.take(_choose(rng, np.flatnonzero(whole_remained), aantal=round(_DUPLICATE * n) + 1))
    zero = spells.take(_choose(rng, np.arange(n), aantal=round(_ZERO_DAGEN * n) + 1))
    zero = replace(zero, eind=zero.begin, reden=np.full(len(zero.prof), OVERIG))
    return sort(together(whole, rest, duplicate, zero))


def betrokkenheid_table(
    rng: np.random.Generator, spells: Involvements, *, world: World, hh: Huishoudens
) -> pd.DataFrame:
    """Return the table betrokkenheid."""
    n = len(spells.prof)
    empty = (spells.eind > LEVEL) | (rng.random(n) < _WITHOUT_REDEN)
    return frame(
        betrokkenheid_id=keys("b", n, width=7),
        huishouden_id=reference(hh.sleutel, spells.huishouden),
        professional_id=reference(professional_keys(world), spells.prof),
        organisatie_id=reference(organisatie_keys(world), spells.org),
        rol=code(spells.rol, ROLLEN),
        begin=datum(spells.begin),
        eind=datum(spells.eind),
        reden_einde=code(spells.reden, REDENEN, empty=empty),
    )
