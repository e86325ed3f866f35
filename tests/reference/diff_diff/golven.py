"""Make `tests/reference/golven.json` with `diff-diff`.

Run from the root of the project, where that package is installed:

    python tests/reference/diff_diff/golven.py

The panels are invented by formula: fourteen regions that start in waves of four, four and three, three that
never start, and eight periods. The last panel has no region that never starts.
"""

from __future__ import annotations

import json
import platform
import warnings
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from diff_diff import CallawaySantAnna, SurveyDesign


def plain(value: object) -> object:
    """Return a number of numpy as one of Python; what is no number becomes null."""
    number = value.item()  # type: ignore[attr-defined]
    return None if number != number else number


HERE = Path(__file__).parents[1]
STARTS, PERIODS = [2] * 4 + [4] * 4 + [5] * 3 + [0] * 3, 8
CONTROL = {"nooit": "never_treated", "nog_niet": "not_yet_treated"}


def invented(starts: list[int]) -> list[list[float]]:
    """Return figures with a level and a step of each region, from a linear congruential generator."""
    state, out = 2026, []
    for i, start in enumerate(starts):
        line, level = [], 20 + 3 * (i % 5)
        for t in range(PERIODS):
            state = (1103515245 * state + 12345) % 2**31
            step = -1.5 * (1 + 0.2 * (t - start)) if 0 < start <= t else 0.0
            line.append(round(level + 0.4 * t + step + 4 * (state / 2**31 - 0.5), 4))
        out.append(line)
    return out


def case(
    starts: list[int], control: str, anticipation: int, weights: list[float] | None
) -> dict[str, object]:
    """Return the panel and what the package makes of it."""
    y = invented(starts)
    # Periods count from 1 there: 0 is a region that never starts.
    rows = pd.DataFrame(
        [
            {"i": i, "t": t + 1, "g": s + 1 if s else 0, "y": y[i][t], "w": weights[i] if weights else 1.0}
            for i, s in enumerate(starts)
            for t in range(PERIODS)
        ]
    )
    model = CallawaySantAnna(control_group=CONTROL[control], anticipation=anticipation, base_period="varying")
    design = SurveyDesign(weights="w", psu="i") if weights else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        got = model.fit(
            rows, "y", "i", "t", "g", aggregate="all", **({"survey_design": design} if weights else {})
        )
    found = got.group_time_effects
    return {
        "start": [s or None for s in starts],
        "y": y,
        "controle": control,
        "vooruit": anticipation,
        "gewichten": weights,
        "cellen": [[g - 1, t - 1, v["effect"], v["se"]] for (g, t), v in sorted(found.items())],
        "eenvoudig": [got.overall_att, got.overall_se],
        "gebeurtenis": [[int(e), v["effect"], v["se"]] for e, v in sorted(got.event_study_effects.items())],
        "groep": [[int(g) - 1, v["effect"], v["se"]] for g, v in sorted(got.group_effects.items())],
    }


if __name__ == "__main__":
    weights = [40.0, 200.0, 120.0, 60.0, 90.0, 30.0, 150.0, 80.0, 70.0, 110.0, 50.0, 100.0, 45.0, 130.0]
    out = {
        "versies": {"python": platform.python_version(), "diff-diff": version("diff-diff")},
        "nooit": case(STARTS, "nooit", 0, None),
        "nog_niet": case(STARTS, "nog_niet", 0, None),
        "vooruit": case(STARTS, "nog_niet", 1, None),
        "gewogen": case(STARTS, "nooit", 0, weights),
        "zonder": case([s or 7 for s in STARTS], "nog_niet", 0, None),
    }
    lines = [f'"{name}": {json.dumps(part, default=plain)}' for name, part in out.items()]
    (HERE / "golven.json").write_text("{\n" + ",\n".join(lines).replace("NaN", "null") + "\n}\n")
