"""Studies of groups made up with a fixed seed: their published counts, and the tests from these and exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.estimators.cells_world import NOISE, YEAR, uniform
from toekomstscenario_eval.estimators.cells.grid_scores import (
    Groups,
    gray_on_grid,
    hazard_ratio,
    logrank_score,
    stratified_score,
    variance_by_site,
)
from toekomstscenario_eval.estimators.cells.lattice import Lattice, area
from toekomstscenario_eval.estimators.contrast import difference_restricted, gray, logrank, verdict
from toekomstscenario_eval.estimators.cox import cox
from toekomstscenario_eval.estimators.group_tests import two_sided
from toekomstscenario_eval.estimators.intervals import t_waarde, z_waarde
from toekomstscenario_eval.grids import duration_days
from toekomstscenario_eval.protection.public import LEAST

DAYS = duration_days(YEAR)
LEVEL = 0.05
AT_RISK = 10


@dataclass(frozen=True)
class Study:
    """Spells, one of each household: group (0 or 1), site, day of the end or censoring, and which (0)."""

    group: np.ndarray
    site: np.ndarray
    stop: np.ndarray
    kind: np.ndarray
    keys: np.ndarray
    causes: tuple[int, ...]

    def counts(self, part: np.ndarray, seed: int, *, exact: bool = False) -> Lattice:
        """Return the published counts of some households, or the true ones."""
        stop, kind, keys = self.stop[part], self.kind[part], self.keys[part]
        days = np.array(DAYS)
        ended = stop[:, None] <= days
        sets = [~ended, *(ended & (kind == c)[:, None] for c in self.causes)]
        found = [self._published(s, keys, seed, exact=exact) for s in sets]
        spells = self._published(np.ones((len(stop), 1), dtype=bool), keys, seed, exact=exact)
        return Lattice(
            days.astype(float),
            self.causes,
            found[0][:, None],
            np.array(found[1:])[:, :, None],
            float(spells[0]),
            0.0 if exact else NOISE.v,
        )

    @staticmethod
    def _published(inside: np.ndarray, keys: np.ndarray, seed: int, *, exact: bool) -> np.ndarray:
        n = inside.sum(axis=0)
        if exact:
            return n.astype(float)
        with np.errstate(over="ignore"):
            sums = (inside * keys[:, None]).sum(axis=0, dtype=np.uint64)
        return NOISE.draw(n, uniform(sums, seed)).astype(float)

    def groups(self, seed: int, *, cause: int | None = None, exact: bool = False) -> Groups:
        """Return the counts of both groups."""
        two = (self.counts(self.group == g, seed, exact=exact) for g in (0, 1))
        return Groups(tuple(two), cause)

    def sites(self, seed: int, *, exact: bool = False) -> list[list[Lattice]]:
        """Return the counts of the sites of each group."""
        return [
            [
                self.counts((self.site == s) & (self.group == group), seed, exact=exact)
                for s in np.unique(self.site[self.group == group])
            ]
            for group in (0, 1)
        ]

    @property
    def summary(self) -> pd.DataFrame:
        """The exact summary, by group."""
        everybody = np.stack([self.group, 0 * self.stop, 0 * self.stop - 1], axis=1)
        ended = np.stack([self.group, self.stop, self.kind], axis=1)
        rows, n = np.unique(np.concatenate([everybody, ended]), axis=0, return_counts=True)
        table = pd.DataFrame(rows, columns=["groep", "dag", "soort"])
        return table.assign(groep=np.where(rows[:, 0] == 0, "a", "b"), n=n)

    def strata(self, seed: int, *, exact: bool = False) -> list[list[list[Lattice]]]:
        """Return the counts of the sites, by stratum (the sites with an odd and an even number) and group."""
        return [
            [
                [
                    self.counts((self.site == s) & (self.group == group), seed, exact=exact)
                    for s in np.unique(self.site[(self.group == group) & (self.site % 2 == odd)])
                ]
                for group in (0, 1)
            ]
            for odd in (0, 1)
        ]

    @property
    def summary_by_stratum(self) -> pd.DataFrame:
        """The exact summary, by group and stratum."""
        parts = [self.of(self.site % 2 == odd).summary.assign(stratum=odd) for odd in (0, 1)]
        return pd.concat(parts, ignore_index=True)

    def of(self, part: np.ndarray) -> Study:
        """Return the study of some of the households."""
        group, site, stop, kind, keys = (
            a[part] for a in (self.group, self.site, self.stop, self.kind, self.keys)
        )
        return Study(group, site, stop, kind, keys, self.causes)

    def spells(self, *, cluster: bool = False) -> pd.DataFrame:
        """Return the rows of an exact Cox model."""
        x = (self.group == 0).astype(float)
        rows = pd.DataFrame({"instroom": 0, "duur": self.stop, "einde": self.kind, "n": 1, "x": x})
        return rows.assign(cluster=self.site) if cluster else rows


def study(
    rng: np.random.Generator,
    households: int,
    ratio: float,
    *,
    hazards: Sequence[float] = (1 / 450,),
    split: tuple[int, int] = (7, 7),
    between: float = 0.0,
    first: float | None = None,
) -> Study:
    """Return a study: the first cause ends so much faster in group 0, and sites differ by so much (log).

    Censored at random between day 150 and 900. Without `first`, the part of households in group 0, they are
    spread over the sites evenly.
    """
    k = sum(split)
    site = rng.integers(0, k, households)
    group = (site >= split[0]).astype(int)
    if first is not None:
        group = (rng.random(households) >= first).astype(int)
    own = np.exp(rng.normal(0, between, k))[site] if between else 1.0
    ends = [
        rng.exponential(1 / (h * own * np.where((group == 0) & (i == 0), ratio, 1.0)))
        for i, h in enumerate(hazards)
    ]
    end, censor = np.min(ends, axis=0), rng.uniform(150, 900, households)
    kind = np.where(end <= censor, np.argmin(ends, axis=0) + 1, 0)
    stop = np.ceil(np.minimum(end, censor)).astype(int)
    keys = rng.integers(0, 2**63, households, dtype=np.uint64)
    return Study(group, site, stop, kind, keys, tuple(range(1, len(hazards) + 1)))


def is_tested(g: Groups) -> bool:
    """Whether both groups have enough published spells and ends to be tested."""
    own = [i for i, c in enumerate(g.lattices[0].causes) if g.cause in (None, c)]
    return all(
        c.spells >= LEAST.test_spells and c.ended[own, -1].sum() >= LEAST.test_events for c in g.lattices
    )


# Of one study, the p value from published counts and the exact one; of an estimate also whether the two
# intervals hold the truth, and both estimates. NaN: not computed.
Found = Mapping[str, tuple[float, ...]]
NO = float("nan")


def every_end(s: Study, seed: int, ratio: float) -> Found:
    """Return the tests of every end."""
    g, d = s.groups(seed), s.summary
    if not is_tested(g):
        return {}
    out = {"log-rank": (verdict("x", ("a", "b"), logrank_score(g)).p, logrank(d).p)}
    return out | _ratio(s, g, ratio) | _restricted(g, d, ratio)


def one_cause(s: Study, seed: int, ratio: float) -> Found:
    """Return the tests of the first of more causes."""
    g, d = s.groups(seed, cause=1), s.summary
    if not is_tested(g):
        return {}
    p = verdict("x", ("a", "b"), gray_on_grid(g, 1)).p
    one = verdict("x", ("a", "b"), logrank_score(g)).p
    both = {"Gray": (p, gray(d, cause=1).p), "log-rank, een oorzaak": (one, logrank(d, cause=1).p)}
    return both | {f"{k}, een oorzaak": v for k, v in _ratio(s, g, ratio).items()}


def _ratio(s: Study, g: Groups, ratio: float) -> Found:
    fit, exact = hazard_ratio(g), cox(s.spells(), ["x"], cause=g.cause).effects[0]
    if fit is None:
        return {}
    b = (fit.coefficient, exact.coefficient)
    errors = (np.sqrt(fit.variance), exact.model_error)
    shift = two_sided(fit.shift[0] / np.sqrt(fit.shift[1]), 0)
    return {"Cox": _row(b, errors, np.log(ratio), 0), "evenredigheid": (shift, NO)}


def by_region(s: Study, seed: int, ratio: float) -> Found:
    """Return the tests with sites as units: the hazard ratio twice, and the stratified log-rank.

    Beside it stands the robust error of the exact tests, which is too small with few sites in a group; and
    the same random effect from true counts. Sites as strata are no units, so that the log-rank test is only
    right when sites do not differ.
    """
    g, k = s.groups(seed), len(np.unique(s.site))
    fit, true = hazard_ratio(g), hazard_ratio(s.groups(seed, exact=True))
    found = variance_by_site(fit, s.sites(seed)) if fit and is_tested(g) else None
    same = variance_by_site(true, s.sites(seed, exact=True)) if true else None
    if fit is None or true is None or found is None or same is None:
        return {}
    exact = cox(s.spells(cluster=True), ["x"]).effects[0]
    robust = exact.standard_error * np.sqrt(k / (k - 1))
    error, b = np.sqrt(found[0]), fit.coefficient
    without = _row((b, true.coefficient), (error, np.sqrt(same[0])), np.log(ratio), k - 2)
    score = verdict("x", ("a", "b"), stratified_score(s.strata(seed)))
    return {
        "Cox, naast robuust": _row((b, exact.coefficient), (error, robust), np.log(ratio), k - 2),
        "Cox, naast ware tellingen": without,
        "log-rank, gestratificeerd": (score.p, logrank(s.summary_by_stratum).p),
    }


def _restricted(g: Groups, d: pd.DataFrame, ratio: float) -> Found:
    spot = DAYS.index(YEAR)
    if any(c.risk[spot] < AT_RISK or not c.known[spot] for c in g.lattices):
        return {}
    (a, of_a), (b, of_b) = (area(c, YEAR) for c in g.lattices)
    exact = difference_restricted(d, "a", "b", horizon=YEAR)
    rates = np.array([[ratio], [1.0]]) / 450
    left = np.exp(-rates * np.arange(YEAR)).sum(axis=1)
    both = (a - b, exact.schatting), (np.sqrt(of_a + of_b), exact.standard_error)
    return {"verschil in gemiddelde": _row(*both, float(left[0] - left[1]), 0)}


def _row(b: tuple[float, float], errors: tuple[float, float], true: float, df: int) -> tuple[float, ...]:
    half = t_waarde(df) if df else z_waarde()
    p = [two_sided(x / e, df) for x, e in zip(b, errors, strict=True)]
    held = [float(abs(x - true) <= half * e) for x, e in zip(b, errors, strict=True)]
    return (*p, *held, *b)


WAYS = {"alle eindes": every_end, "een van twee eindes": one_cause, "regio's": by_region}


def measure(
    way: str, households: int, ratio: float, times: int, seed: int, **how: object
) -> list[dict[str, object]]:
    """Return of each test how often it is shown, how often it finds a difference, and how often it holds.

    `vindt` is the part with p under .05, of what is shown; `exact` that of the exact test in the same
    studies; `fout` the root of the mean square of the difference of the two estimates over that of the exact
    one about its truth.
    """
    found: dict[str, list[tuple[float, ...]]] = {}
    for time in range(times):
        rng = np.random.default_rng([seed, households, time, round(100 * ratio)])
        s = study(rng, households, ratio, **how)
        for naam, row in WAYS[way](s, time, ratio).items():
            found.setdefault(naam, []).append((*row, *([NO] * (6 - len(row)))))
    out = []
    for naam, rows in found.items():
        p, exact, held, held_exact, b, b_exact = np.array(rows).T
        spread = float(np.std(b_exact))
        out.append(
            {
                "toets": naam,
                "huishoudens": households,
                "verhouding": ratio,
                "getoond": len(rows) / times,
                "vindt": float((p < LEVEL).mean()),
                "exact": NO if np.isnan(exact).all() else float((exact < LEVEL).mean()),
                "dekking": float(held.mean()),
                "dekking exact": float(held_exact.mean()),
                "fout": float(np.sqrt(((b - b_exact) ** 2).mean())) / spread if spread > 0 else NO,
            }
        )
    return out
