"""A change of known size in the example: what a design should find, and what else may look like it.

The share of households with a first talk in time is drawn anew, for who entered in the window:

    level + region + trend * years + profile + (change + own) * after

with `after` whether the household entered a pilot that had started, `own` how far a pilot is from the mean
change, and `profile` whether the household is of the lighter kind. What can look like a change: drift (talks
in time were put on record less before the start), missingness (the form of a talk is left empty more often
after it) and composition (who enters is of the lighter kind more often after it). Talks, and a first meeting,
in the first days are put on record as something else first; nothing besides is touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toekomstscenario_eval.data.synthetic.days import LEVEL, START_, YEAR, Bools, Floats, Ints
from toekomstscenario_eval.data.synthetic.households import Huishoudens
from toekomstscenario_eval.data.synthetic.world import IS_PROEFTUIN, REGIOS, START, World
from toekomstscenario_eval.errors import GebruikFout

INDICATOR, DAYS = "eerste_gesprek_op_tijd", 14
_TALKS, _TALK, _OTHER = ("huisbezoek", "gesprek_kantoor", "beeldbellen"), "huisbezoek", "telefoon"
_MEETING, _OTHER_MEETING = "startgesprek", "overig"
_LIGHT, _LIGHTER = "gezin_in_de_stress", 0.1  # the profile of the lighter kind, and how much likelier
_LEVEL, _REGIONS = 0.4, 0.05
_MOST = 0.3  # larger changes would leave the range of a share


@dataclass(frozen=True)
class Planted:
    """What is planted, as parts of households; zero plants nothing of the kind.

    Attributes
    ----------
    effect : float
        Mean change in pilots from their start on.
    spread : float
        Standard deviation of the change between pilots.
    trend : float
        Change per year in all regions.
    drift : float
        Part of the talks in time that was not on record before the start, in pilots; always on record after.
    missing : float
        Part of the talks in time after the start whose form is left empty, in pilots.
    composition : float
        Part of those who enter after the start who are of the lighter kind in place of another, in pilots.
    """

    effect: float = 0.0
    spread: float = 0.0
    trend: float = 0.0
    drift: float = 0.0
    missing: float = 0.0
    composition: float = 0.0

    def __post_init__(self) -> None:
        parts = all(0 <= part <= 1 for part in (self.drift, self.missing, self.composition))
        if not (parts and abs(self.effect) + 2 * abs(self.trend) + 2 * abs(self.spread) <= _MOST):
            raise GebruikFout(
                "deze verandering past niet in een aandeel",
                verwacht=f"effect, trend en spreiding samen hooguit {_MOST:g}; drift, ontbreekt en "
                "samenstelling van 0 tot 1",
                kreeg=", ".join(f"{k} {v:g}" for k, v in asdict(self).items()),
                herstel="neem kleinere getallen, met een punt voor decimalen: 0.05 is 5 procentpunt",
            )


def plant(
    rng: np.random.Generator,
    planted: Planted,
    tables: Mapping[str, pd.DataFrame],
    *,
    world: World,
    hh: Huishoudens,
    professionals: Any,
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Return the tables that change, and the truth as it is written beside the package."""
    n = hh.aantal
    entered = (hh.begin >= START_) & (hh.begin < LEVEL)
    after = entered & (hh.begin >= START[hh.regio])
    household = tables["huishouden"]
    light = _light(household, moved=after & (rng.random(n) < planted.composition))
    own = planted.effect + rng.normal(0, planted.spread, REGIOS) * IS_PROEFTUIN
    regions = rng.normal(0, _REGIONS, REGIOS)
    years = (hh.begin - START_) / YEAR
    chance = _LEVEL + regions[hh.regio] + planted.trend * years + own[hh.regio] * after
    in_time = rng.random(n) < np.clip(chance + _LIGHTER * light, 0.0, 1.0)
    before = IS_PROEFTUIN[hh.regio] & ~after
    on_record = entered & in_time & ~(before & (rng.random(n) < planted.drift))
    empty = after & (rng.random(n) < planted.missing)
    day = hh.begin + 1 + (rng.random(n) * (DAYS - 1)).astype(np.int64)
    changed = {
        "huishouden": household.assign(gezinsprofiel=_profile(household, light)),
        "contact": _contacts(
            rng, tables["contact"], hh, entered, on_record & (day < LEVEL), day, empty, world, professionals
        ),
        "overleg": _relabelled(tables["overleg"], "soort", hh, entered, (_MEETING,), _OTHER_MEETING),
    }
    return changed, _truth(planted, own, light, after, entered, hh, tables["proeftuin"])


def _light(household: pd.DataFrame, *, moved: Bools) -> Bools:
    """Return who is of the lighter kind: who is so already, and who is moved to it."""
    return np.asarray(household["gezinsprofiel"].eq(_LIGHT).fillna(False), dtype=bool) | moved


def _profile(household: pd.DataFrame, light: Bools) -> pd.Series:
    return household["gezinsprofiel"].astype("string[pyarrow]").where(~light, _LIGHT)


def _column(frame: pd.DataFrame, name: str) -> Any:
    return pa.chunked_array(pa.array(frame[name], from_pandas=True))


def _household(frame: pd.DataFrame) -> Ints:
    """Return which household each row is of, by its key."""
    number = pc.utf8_slice_codeunits(_column(frame, "huishouden_id").cast(pa.string()), 1)
    return np.asarray(number.cast(pa.int64())) - 1


def _relabelled(
    frame: pd.DataFrame, column: str, hh: Huishoudens, entered: Bools, codes: tuple[str, ...], other: str
) -> pd.DataFrame:
    """Return a table in which these codes are another one in the first days of who entered."""
    h = _household(frame)
    day = np.asarray(_column(frame, "datum").cast(pa.int32()), dtype=np.int64)
    early = entered[h] & (day <= hh.begin[h] + DAYS)
    text = frame[column].astype("string[pyarrow]")
    return frame.assign(**{column: text.where(~(early & text.isin(codes).to_numpy(dtype=bool)), other)})


def _contacts(
    rng: np.random.Generator,
    contact: pd.DataFrame,
    hh: Huishoudens,
    entered: Bools,
    talked: Bools,
    day: Ints,
    empty: Bools,
    world: World,
    professionals: Any,
) -> pd.DataFrame:
    """Return the contacts with one talk for everybody who was in time, and none for others."""
    out = _relabelled(contact, "vorm", hh, entered, _TALKS, _OTHER)
    h = np.flatnonzero(talked)
    prof = world.choose_prof(hh.local[h], rng.random(len(h)))
    added = pa.table(
        {
            "contact_id": pa.array([f"c{len(contact) + 1 + i:08d}" for i in range(len(h))]),
            "huishouden_id": hh.sleutel.take(pa.array(h)),
            "professional_id": professionals.take(pa.array(prof)),
            "datum": pa.array(day[h].astype(np.int32)).cast(pa.date32()),
            "vorm": pa.array([_TALK] * len(h), mask=empty[h]),
        }
    ).to_pandas(types_mapper=pd.ArrowDtype)
    both: pd.DataFrame = pd.concat([out.astype({"vorm": added["vorm"].dtype}), added], ignore_index=True)
    return both


def _truth(
    planted: Planted,
    own: Floats,
    light: Bools,
    after: Bools,
    entered: Bools,
    hh: Huishoudens,
    regions: pd.DataFrame,
) -> dict[str, Any]:
    """Return what was planted, and of every pilot its own change and what who entered adds to it."""
    pilots = []
    for i in np.flatnonzero(IS_PROEFTUIN):
        here = hh.regio == i
        sides = [light[here & side] for side in (after, entered & ~after)]
        shift = _LIGHTER * float(sides[0].mean() - sides[1].mean()) if all(map(len, sides)) else None
        pilots.append(
            {
                "naam": str(regions["naam"].iloc[i]),
                "verandering": round(float(own[i]), 6),
                "door_samenstelling": None if shift is None else round(shift, 6),
            }
        )
    return {"indicator": INDICATOR, "geplant": asdict(planted), "proeftuinen": pilots}


def as_text(truth: Mapping[str, Any]) -> str:
    """Return the truth as JSON."""
    return json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
