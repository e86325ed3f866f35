"""Forty monthly deliveries of a growing study: how often a place is drawn, and how old its figures are.

Households made up, through the real waist and a register on the disk. Sites start one after another; in every
month some answers are corrected without an event of their own.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from math import floor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.protection import register as registers
from toekomstscenario_eval.protection.keys import Secret
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.protection.register import Register
from toekomstscenario_eval.protection.waist import WHOLE, Waist
from toekomstscenario_eval.types import Kind, Summary

SEED, SIZES = 20261130, (60, 103, 300, 1500)
MONTHS, BEGIN = 40, date(2023, 7, 1)
SITES, PROFILES, REGIONS = 14, 5, 6
LAST = 41.9  # months from the begin to the first day of the last epoch
PLACES = {
    "": "geheel",
    "proeftuin_soort": "soort",
    "proeftuin": "plaats",
    "gezinsprofiel": "profiel",
    "proeftuin_regio": "regio",
}


def _day(month: int) -> date:
    """Return the first day of a month, counted from January 2024."""
    return date(2024 + month // 12, month % 12 + 1, 1)


def months(households: int, folder: Path, seed: int = SEED) -> pd.DataFrame:
    """Deliver a study forty times and return one row for each month and place.

    Columns `maand`, `per`, `plek`, `leeftijd` (months since the day the figures are of; NaN when there are
    none), `trekkingen`, and `veranderd`: how many closed windows differ from what they showed.
    """
    rng = np.random.default_rng([seed, households])
    policy = load_policy()
    secret = Secret(rng.bytes(32))
    book = folder / f"register{households}.jsonl"
    registers.create(book, secret.vingerafdruk)
    people = _people(rng, households)
    closed: dict[tuple[Any, ...], Any] = {}
    rows = []
    for month in range(MONTHS):
        # A correction without a date of its own, as comes in every month.
        wrong = rng.integers(0, households, 1 + households // 50)
        people.loc[wrong, "heeft"] = ~people.loc[wrong, "heeft"]
        register = Register.open(book, secret.vingerafdruk, policy.ruis, policy.epoche)
        epoch = date(_day(month).year, 1, 1)
        waist = _waist(secret, policy, register, people, epoch, _day(month))
        found = {}
        for name, ends in (("lopend", {}), ("jaren", _years(epoch))):
            asked = {per: _cells(people, per, epoch, ends) for per in PLACES}
            found[name] = waist.protect(f"duo|{name}", asked, ends=ends)
        shown = [s for by in found.values() for s in by.values()]
        register.append(waist.entries(shown, register.snapshot))
        changed = dict.fromkeys(waist.standings, 0)
        for s in shown:
            for key, cells, is_closed in _windows(s):
                place = (s.uitsplitsing, key[1])
                if key in closed and closed[key] != cells:
                    changed[place] += 1
                if is_closed:
                    closed.setdefault(key, cells)
        plekken = pd.concat([s.plekken.assign(per=per) for per, s in found["lopend"].items()])
        for groep, stand, per in plekken[["groep", "stand", "per"]].itertuples(index=False):
            age = float("nan")
            if stand:
                since = date.fromisoformat(stand)
                age = 12 * (_day(month).year - since.year) + _day(month).month - since.month
            place = (per, groep)
            rows.append((month, per, groep, age, len(register.draws(place)), changed.get(place, 0), waist.n))
    return pd.DataFrame(rows, columns=["maand", "per", "plek", "leeftijd", "trekkingen", "veranderd", "n"])


def _people(rng: np.random.Generator, households: int) -> pd.DataFrame:
    """Make up households: sites start one after another, and who takes part has events."""
    site = rng.integers(0, SITES, households)
    start = site * 1.5
    enters = start + rng.uniform(0, LAST - start)
    day = np.array([BEGIN + timedelta(int(30.44 * m)) for m in enters])
    lasts = rng.exponential(14, households)
    events = [
        sorted(BEGIN + timedelta(int(30.44 * (m + d))) for d in rng.uniform(0, stay, rng.poisson(stay / 3)))
        for m, stay in zip(enters, lasts, strict=True)
    ]
    return pd.DataFrame(
        {
            "": WHOLE[1],
            "proeftuin": [f"plaats {s:02d}" for s in site],
            "proeftuin_soort": np.where(site < 11, "proeftuin", "vergelijk"),
            "proeftuin_regio": [f"regio {s % REGIONS}" for s in site],
            "gezinsprofiel": [f"profiel {p}" for p in rng.integers(0, PROFILES, households)],
            "begin": day,
            "gebeurtenissen": [[first, *more] for first, more in zip(day, events, strict=True)],
            "heeft": rng.random(households) < 0.4,
            "sleutel": rng.integers(0, 2**64, households, dtype=np.uint64),
        }
    )


def _summed(part: pd.DataFrame, per: str) -> pd.DataFrame:
    return part.groupby(per, as_index=False).agg(n=("sleutel", "size"), sleutel=("sleutel", "sum"))


def _waist(
    secret: Secret, policy: Any, register: Register, people: pd.DataFrame, epoch: date, day: date
) -> Waist:
    inside = people[people["begin"] < epoch]
    places = pd.concat(
        [_summed(inside, per).rename(columns={per: "groep"}).assign(uitsplitsing=per) for per in PLACES],
        ignore_index=True,
    )

    def events(since: date) -> dict[tuple[str, str], int]:
        hit = inside[[any(since <= d < epoch for d in own) for own in inside["gebeurtenissen"]]]
        return {(per, str(g)): int(n) for per in PLACES for g, n in hit.groupby(per).size().items()}

    package = hashlib.sha256(f"{day}".encode()).hexdigest()
    return Waist.make(
        secret, policy, register.snapshot, epoch=epoch, package=package, places=places, events=events
    )


def _years(epoch: date) -> dict[str, date]:
    return {str(y): min(date(y + 1, 1, 1), epoch) for y in range(BEGIN.year, epoch.year)}


def _cells(people: pd.DataFrame, per: str, epoch: date, ends: Mapping[str, date]) -> Summary:
    pieces, groups = [], []
    for label, end in (ends or {"": epoch}).items():
        since = date(end.year - 1, 1, 1) if label else BEGIN
        inside = people[[since <= d < end for d in people["begin"]]]
        for naam, part in (
            ("h", inside),
            ("n", inside),
            ("t", inside[inside["heeft"]]),
            ("r", inside[~inside["heeft"]]),
        ):
            pieces.append(
                _summed(part, per).rename(columns={per: "groep"}).assign(naam=naam, periode=label, x=0, k=1)
            )
        groups.append(
            pd.DataFrame({"groep": inside[per].unique(), "periode": label, "huishoudens": 0, "kap": 365})
        )
    cells = pd.concat(pieces, ignore_index=True)
    return Summary(Kind.AANDEEL, pd.DataFrame(), pd.concat(groups, ignore_index=True), cells)


def _windows(s: Any) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...], bool]]:
    """Yield each window of each place with what it shows and whether it is closed."""
    parts = {key: tuple(map(tuple, part.to_numpy())) for key, part in s.cellen.groupby(["groep", "periode"])}
    for row in s.plekken.itertuples(index=False):
        if row.stand:
            cells = (row.huishoudens, parts.get((row.groep, row.periode), ()))
            yield (s.recept, row.groep, row.periode, s.uitsplitsing), cells, bool(row.gesloten)


def by_age(found: pd.DataFrame, households: int) -> list[dict[str, Any]]:
    """Return the age of the figures by kind of place."""
    rows = []
    for per, name in PLACES.items():
        part = found[found["per"].eq(per)]
        shown, last = part["leeftijd"].dropna(), part.loc[part["maand"].eq(MONTHS - 1), "leeftijd"]
        rows.append(
            {
                "huishoudens aan het eind": households,
                "plek": name,
                "maanden met cijfers, deel": len(shown) / max(1, len(part)),
                "leeftijd in maanden, gemiddeld": float(shown.mean()),
                "hoogste": float(shown.max()),
                "leeftijd in de laatste maand": float(last.mean()),
                "trekkingen, hoogste": int(part["trekkingen"].max()) if len(part) else 0,
                "gesloten vensters veranderd": int(part["veranderd"].sum()),
            }
        )
    return rows


def measure() -> dict[str, list[dict[str, Any]]]:
    """Return the table of this part."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for n in SIZES for row in by_age(months(n, Path(folder)), n)]
    top = floor(load_policy().ruis.v)
    return {f"Veertig maanden van een groeiend onderzoek, hooguit {top} trekkingen per plek": rows}
