"""How far published figures are from the exact ones, on example packages, with the gate on.

Of every number that is shown: the distance to the exact estimate over half the exact interval.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.pakketten import Delivery, asked, example, open_package, public_indicators
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.types import TOON, Kind, Result

SIZES, KEYS = (103, 300, 1500, 12000), 3
QUANTILES = ("mediaan", "p90")
SPOT = ["maat", "uitsplitsing", "groep", "periode"]
# What the method promises: the 95th percentile of the error over half the exact interval.
TARGETS = {"aandelen": 0.45, "aantallen": 0.90, "duren": 0.95}
KINDS = {Kind.AANDEEL: "aandelen", Kind.AANTAL: "aantallen", Kind.DUUR: "duren", Kind.MATRIX: "schalen"}
BREAKDOWNS = {
    "": "geheel",
    "proeftuin_soort": "soort",
    "proeftuin": "plaats",
    "gezinsprofiel": "profiel",
    "proeftuin_regio": "regio",
}


def errors(public: Result, exact: Result) -> pd.DataFrame:
    """Return one row for each number that is shown: `soort`, `maat`, `uitsplitsing`, `fout`.

    Without an exact interval of some width there is nothing to measure by; then `fout` is NaN.
    """
    shown = public.schattingen[public.schattingen["weergave"].eq(TOON)]
    both = shown.merge(exact.schattingen, on=SPOT, suffixes=("", "_exact"))
    half = (both["bovengrens_exact"] - both["ondergrens_exact"]) / 2
    distance = (both["schatting"] - both["schatting_exact"]).abs()
    soort = KINDS[public.card.kind]
    is_quantile = both["maat"].isin(QUANTILES)
    return pd.DataFrame(
        {
            "indicator": public.sleutel,
            "soort": [f"{soort}, kwantiel" if q else soort for q in is_quantile],
            "maat": both["maat"],
            "uitsplitsing": both["uitsplitsing"].map(BREAKDOWNS),
            "fout": (distance / half.where(half > 0)),
        }
    )


def study_errors(households: int, folder: Path, keys: int = KEYS) -> pd.DataFrame:
    """Return the errors of every public indicator on the example of this size, for so many keys."""
    package = open_package(example(folder, households))
    inside = Study.of(package, (), load_policy(), intern=True)
    pieces, exact = [], dict[str, Result]()
    for number in range(keys):
        line = Delivery.make(folder, f"{households}-{number}", 1000 * households + number)
        study = line.study(package)
        names = public_indicators(study)
        exact = exact or {r.indicator: r for r in asked(inside, names)}
        results = study.shown(*asked(study, names))
        pieces += [errors(r, exact[r.indicator]).assign(sleutel=number) for r in results]
    return pd.concat(pieces, ignore_index=True).assign(huishoudens=households)


def summary(found: pd.DataFrame, by: Sequence[str]) -> list[dict[str, Any]]:
    """Return rows with the number, the median and the 95th percentile of the error."""
    rows = []
    for key, part in found.groupby(list(by), sort=False):
        error = part["fout"].dropna()
        if len(error):
            rows.append(
                {
                    **dict(zip(by, key, strict=True)),
                    "getoond": len(part),
                    "gemeten": len(error),
                    "mediaan": float(error.median()),
                    "p95": float(error.quantile(0.95)),
                    "grens": TARGETS.get(part["soort"].iloc[0], float("nan")),
                }
            )
    return rows


def measure(sizes: Sequence[int] = SIZES) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of this part."""
    with tempfile.TemporaryDirectory() as folder:
        found = pd.concat([study_errors(n, Path(folder)) for n in sizes], ignore_index=True)
    return {
        "Fout gedeeld door de halve breedte van het exacte interval": summary(
            found, ("huishoudens", "soort")
        ),
        "Dezelfde fout per uitsplitsing": summary(found, ("huishoudens", "soort", "uitsplitsing")),
    }
