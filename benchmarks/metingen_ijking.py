"""Every design over time in worlds of which the truth is known: what the report says in chapter 6.

    python benchmarks/metingen.py ijking     # about an hour on two cores, most of it for staggered starts

Each design that is there is measured at the two sizes of a public panel, with regions of one size and of
unequal size, on exact and on protected counts. Without a change by many worlds, for that says how often an
interval and a test are right; with one, and where something else is at play, by fewer.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from toekomstscenario_eval.designs import find, over_time
from toekomstscenario_eval.designs._calibration import Calibrated, calibrate
from toekomstscenario_eval.designs._worlds import Setting
from toekomstscenario_eval.protection.policy import DEFAULT, load_policy

SHIPPED = Path(__file__).parents[1] / "toekomstscenario_eval" / "report" / "calibrated.csv"
MANY, FEWER = 4000, 1000
# A design that enumerates assignments in every world: many where most studies are, fewer elsewhere.
SLOW, SLOW_MANY, SLOW_FEWER = ("gespreide_start",), 1000, 300
UNEQUAL, SEED = 5.0, 2026
SIZES = (
    Setting(households=1400, periode="halfjaar", years=3),
    Setting(households=12_000, periode="kwartaal", years=5),
)
CHANGES = (0.05, 0.1)
# What else may be at play: the words of the table, and the worlds.
PLAIN = "niets anders"
OTHERWISE: Mapping[str, Mapping[str, float]] = {
    "alle regio's veranderen mee": {"trend": 0.02},
    "proeftuinen registreren meer": {"drift": 0.1},
    "de verandering verschilt": {"spread": 0.03},
}


@dataclass(frozen=True)
class Task:
    """One row: a design in worlds of one setting, with one real change."""

    code: str
    world: str
    setting: Setting
    change: float
    worlds: int


def tasks(codes: Sequence[str] = ()) -> Iterator[Task]:
    """Yield what is to be measured, of these designs or of all."""
    noise = load_policy(DEFAULT).ruis
    for code in codes or [d.card.code for d in over_time()]:
        for size in SIZES:
            for unequal in (1.0, UNEQUAL):
                for public in (None, noise):
                    setting = replace(size, unequal=unequal, noise=public)
                    for change in (0.0, *CHANGES) if public else (0.0,):
                        yield Task(code, PLAIN, setting, change, number(code, setting, change, PLAIN))
            for world, at_play in OTHERWISE.items():
                setting = replace(size, noise=noise, **at_play)
                yield Task(code, world, setting, 0.0, number(code, setting, 0.0, world))


def number(code: str, setting: Setting, change: float, world: str) -> int:
    """Return by how many worlds a row is measured."""
    alone = change == 0 and world == PLAIN
    if code not in SLOW:
        return MANY if alone else FEWER
    usual = setting.noise is not None and setting.households == SIZES[0].households
    return (MANY if usual else SLOW_MANY) if alone else SLOW_FEWER


def row(task: Task) -> dict[str, Any]:
    """Return what a design did."""
    (found,) = calibrate(find(task.code).effect, task.setting, [task.change], worlds=task.worlds, seed=SEED)
    return written(task, found)


def written(task: Task, found: Calibrated) -> dict[str, Any]:
    """Return one row as it is saved and shipped."""
    s = task.setting
    return {
        "ontwerp": task.code,
        "huishoudens": s.households,
        "periode": s.periode,
        "perioden": s.periods,
        "regio's": "ongelijk" if s.unequal > 1 else "gelijk",
        "tellingen": "openbaar" if s.noise else "exact",
        "wereld": task.world,
        "echte verandering": task.change,
        "werelden": found.worlds,
        "geschat": round(found.estimated / found.worlds, 4),
        "vertekening": round(found.bias, 5),
        "fout van de vertekening": round(found.bias_error, 5),
        "interval bevat de waarheid": round(found.coverage, 4),
        "gevonden": round(found.found, 4),
        "breedte": round(found.width, 4),
        "zonder grens": round(found.unbounded / found.worlds, 4),
        "met toets": found.tested,
        "zonder schatting omdat": found.reason,
    }


def text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as the file that travels with the package."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "" if v is None or v != v else v for k, v in each.items()} for each in rows)
    return out.getvalue()


def measure() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every design, in the order of the tasks."""
    work = list(tasks())
    with ProcessPoolExecutor(2) as pool:
        promised = {pool.submit(row, task): i for i, task in enumerate(work)}
        found: dict[int, dict[str, Any]] = {}
        for done in as_completed(promised):
            found[promised[done]] = done.result()
            print(f"{len(found)} van {len(work)}", file=sys.stderr)
    return {TITLE: [found[i] for i in range(len(work))]}


TITLE = "Ontwerpen over de tijd bij 11 proeftuinen en 3 vergelijkingsregio's"
