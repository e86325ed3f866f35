"""Make `tests/reference/celsleutels.json` with `cell-key-perturbation` of the Office for National Statistics.

Run from the root of the project, where that package, numpy and pandas are installed:

    PYTHONPATH=. python tests/reference/ons/celsleutels.py

The data are invented by formula. Their package has cell keys of 0 to 255 and takes its noise from a table
that says for each true count (1 to 750) and cell key what is added; the adapter writes our rows of
probabilities as such a table, by inversion and without our own code that draws.
"""

from __future__ import annotations

import contextlib
import io
import json
import platform
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path

import pandas as pd
from cell_key_perturbation.create_perturbed_table import create_perturbed_table

from toekomstscenario_eval.protection.noise import Noise

HERE = Path(__file__).parents[1]
KEYS, LARGEST = 256, 750
TABLES = {"standaard": (6, 3.0, 2), "streng": (8, 5.0, 3), "volkstelling": (2, 1.08, 1)}
BREAKDOWNS = (["soort"], ["groep"], ["soort", "groep"])


def invented(rows: int = 1400) -> pd.DataFrame:
    """Return records with two skewed fields and a record key, from a linear congruential generator."""
    state, out = 2026, []
    for _ in range(rows):
        drawn = []
        for _ in range(3):
            state = (1103515245 * state + 12345) % 2**31
            drawn.append(state / 2**31)
        out.append((int(4 * drawn[0] ** 2), int(25 * drawn[1] ** 3), int(KEYS * drawn[2])))
    return pd.DataFrame(out, columns=["soort", "groep", "sleutel"])


def as_theirs(noise: Noise) -> pd.DataFrame:
    """Return our rows as their table: `pcv` true count, `ckey` cell key, `pvalue` what is added."""
    rows = noise.rows.tolist()
    out = []
    for count in range(1, LARGEST + 1):
        sums = list(accumulate(rows[min(count, len(rows) - 1)]))
        for key in range(KEYS):
            u = (key + 0.5) / KEYS
            added = next(i for i, reached in enumerate(sums) if reached > u) - noise.d
            out.append((count, key, added))
    return pd.DataFrame(out, columns=["pcv", "ckey", "pvalue"])


def main() -> None:
    """Write the data, and the tables that their package makes of it."""
    data = invented()
    data.to_csv(HERE / "data" / "celsleutels.csv", index=False)
    result = {
        "python": platform.python_version(),
        "cell_key_perturbation": version("cell_key_perturbation"),
        "tabellen": {},
    }
    for name, (d, v, js) in TABLES.items():
        theirs = as_theirs(Noise(d, v, js))
        cells = []
        for by in BREAKDOWNS:
            with contextlib.redirect_stdout(io.StringIO()):
                table = create_perturbed_table(
                    data=data, ptable=theirs, geog=[], tab_vars=by, record_key="sleutel", threshold=0
                )
            kept = table[table["pre_sdc_count"] > 0].sort_values(by)
            spots = ["/".join(map(str, spot)) for spot in kept[by].itertuples(index=False)]
            numbers = kept[["pre_sdc_count", "ckey", "count"]].astype(int).to_numpy().tolist()
            cells += [[" x ".join(by), spot, *row] for spot, row in zip(spots, numbers, strict=True)]
        result["tabellen"][name] = {"d": d, "v": v, "js": js, "cellen": cells}
    # One table a line, so that a difference shows which one moved.
    tables = ",\n".join(f'  "{name}": {json.dumps(t)}' for name, t in result.pop("tabellen").items())
    head = ",\n".join(f' "{name}": {json.dumps(value)}' for name, value in result.items())
    text = f'{{\n{head},\n "tabellen": {{\n{tables}\n }}\n}}\n'
    (HERE / "celsleutels.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
