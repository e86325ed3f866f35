"""What the release costs in CPU-seconds on the built-in example: all that is done only to protect.

The package is opened, everything of a report is asked, and the register is written. Apart from what the
engine needs to answer: finding the key, who is at every place, drawing, the risk meter, the register.
"""

from __future__ import annotations

import cProfile
import pstats
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.pakketten import Delivery, example, open_package, recorded
from toekomstscenario_eval.making import tasks
from toekomstscenario_eval.passage import public_facts

HOUSEHOLDS, LIMIT = 12000, 3.0
INSIDE = ("_passed", "guarded", "_certainties", "uniforms", "_published", "_table", "at")


def measure(households: int = HOUSEHOLDS) -> dict[str, list[dict[str, Any]]]:
    """Return what each step takes, and which functions within the waist take most."""
    with tempfile.TemporaryDirectory() as at:
        folder = Path(at)
        package = open_package(example(folder, households))
        line = Delivery.make(folder, "kosten", households)
        begin = time.process_time()
        study, recorder = recorded(line.study(package))
        opened = time.process_time() - begin
        profile = cProfile.Profile()
        results = [r for task in tasks.tasks(study) for r in task.run(study)]
        results += public_facts(study.passage, study.bevindingen)
        begin = time.process_time()
        study.shown(*results)
        written = time.process_time() - begin
        # The same questions again, from an empty register: which functions it is that take the time.
        seconds, asked = recorder.seconds, list(recorder.asked)
        profile.enable()
        for recipe, summaries, _ in asked:
            recorder.waist.protect(recipe, summaries)
        profile.disable()
    steps = {
        "openen: sleutel, plekken, poort": opened,
        f"trekken en risicometer ({len(asked)} vragen)": seconds,
        "register schrijven": written,
    }
    rows = [{"stap": k, "CPU-seconden": v} for k, v in steps.items()]
    rows.append({"stap": "samen", "CPU-seconden": sum(steps.values()), "grens": LIMIT})
    return {
        f"Wat de vrijgave kost bij {households} huishoudens": rows,
        "Waar binnen de taille de tijd heen gaat (met profiel, dus hoger)": _inside(profile),
    }


def _inside(profile: cProfile.Profile) -> list[dict[str, Any]]:
    rows = []
    for (file, _, name), (_, calls, _, total, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if "toekomstscenario_eval/protection" in file and name in INSIDE:
            where = f"{Path(file).name}: {name}"
            rows.append({"functie": where, "keren": calls, "CPU-seconden": total})
    return sorted(rows, key=lambda row: -row["CPU-seconden"])
