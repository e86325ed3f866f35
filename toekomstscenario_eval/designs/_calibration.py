"""How often a design over time is right, in many invented worlds of which the truth is known.

In every world the design is asked for its change. Beside the truth that gives bias, how often the 95%
interval holds the truth, how often a change is found (where there is none: type I; else: power), and how wide
the interval is, each with the error of a finite number of worlds.

References
----------
Morris, White and Crowther (2019), Using simulation studies to evaluate statistical methods,
doi:10.1002/sim.8086
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from toekomstscenario_eval.designs._assignment import LEVEL
from toekomstscenario_eval.designs._effect import Effect, Estimator
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.designs._worlds import TOGETHER, Setting, panels

Step = Callable[[str], None]
# What the fields are called in a file.
COLUMNS: Mapping[str, str] = {
    "effect": "verandering",
    "worlds": "werelden",
    "estimated": "geschat",
    "bias": "vertekening",
    "bias_error": "vertekening_fout",
    "coverage": "bevat",
    "coverage_error": "bevat_fout",
    "found": "gevonden",
    "found_error": "gevonden_fout",
    "width": "breedte",
    "unbounded": "onbegrensd",
    "tested": "met_toets",
    "reason": "reden",
}


@dataclass(frozen=True)
class Calibrated:
    """What a design did in worlds with one effect.

    Attributes
    ----------
    effect : float
        The truth.
    worlds, estimated : int
        Worlds, and those with an estimate; all that follows is of these.
    bias, coverage, found, width : float
        Mean of estimate less truth; parts of worlds in which the interval holds the truth and in which a
        change is found; mean width of the intervals that are bounded. NaN without any.
    bias_error, coverage_error, found_error : float
        Standard errors of these by the number of worlds.
    unbounded : int
        Worlds in which the data do not bound the interval: it holds the truth, and finds nothing.
    tested : bool
        Whether a change is found by the design's own test; otherwise by an interval without zero.
    reason : str
        In Dutch, why there was most often no estimate.
    """

    effect: float
    worlds: int
    estimated: int
    bias: float
    bias_error: float
    coverage: float
    coverage_error: float
    found: float
    found_error: float
    width: float
    unbounded: int
    tested: bool
    reason: str


def calibrate(
    estimator: Estimator,
    setting: Setting,
    effects: Sequence[float],
    *,
    worlds: int,
    seed: int,
    step: Step = lambda _: None,
) -> list[Calibrated]:
    """Return what a design does in worlds of one setting, for every effect; each has the same worlds."""
    out = []
    for effect in effects:
        asked = _with_steps(panels(setting, effect, worlds, seed), worlds, step)
        out.append(judged(effect, [estimator(panel) for panel in asked]))
    return out


def _with_steps(asked: Iterator[Panel], worlds: int, step: Step) -> Iterator[Panel]:
    """Yield the same panels, and say now and then how far."""
    for i, each in enumerate(asked):
        if i % TOGETHER == 0:
            step(f"Wereld {i + 1} van {worlds}")
        yield each


def judged(truth: float, answers: Sequence[Effect]) -> Calibrated:
    """Return how right the answers are, beside the truth."""
    known = [e for e in answers if not e.reason]
    reasons = Counter(e.reason for e in answers if e.reason)
    estimate, under, above, p = (
        np.array([getattr(e, name) for e in known], dtype=np.float64)
        for name in ("estimate", "under", "above", "p")
    )
    under, above = np.where(np.isnan(under), -np.inf, under), np.where(np.isnan(above), np.inf, above)
    bounded = np.isfinite(under) & np.isfinite(above)
    holds = (under <= truth) & (truth <= above)
    tested = np.isfinite(p)
    found = np.where(tested, p <= LEVEL, (under > 0) | (above < 0))
    m = len(known)
    return Calibrated(
        effect=truth,
        worlds=len(answers),
        estimated=m,
        bias=float(np.mean(estimate - truth)) if m else math.nan,
        bias_error=float(np.std(estimate, ddof=1) / math.sqrt(m)) if m > 1 else math.nan,
        coverage=_part(holds),
        coverage_error=_error(holds),
        found=_part(found),
        found_error=_error(found),
        width=float(np.mean((above - under)[bounded])) if bounded.any() else math.nan,
        unbounded=int((~bounded).sum()),
        tested=bool(tested.any()),
        reason=reasons.most_common(1)[0][0] if reasons else "",
    )


def _part(yes: np.ndarray) -> float:
    return float(yes.mean()) if len(yes) else math.nan


def _error(yes: np.ndarray) -> float:
    """Return the standard error of a part; of none or all that of half a world more or less."""
    if not len(yes):
        return math.nan
    part = (yes.sum() + 0.5) / (len(yes) + 1)
    return float(np.sqrt(part * (1 - part) / len(yes)))


def as_csv(rows: Sequence[Calibrated]) -> str:
    """Return rows as CSV, in full digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS.values())
    writer.writerows([getattr(row, name) for name in COLUMNS] for row in rows)
    return out.getvalue()
