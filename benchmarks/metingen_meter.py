"""The risk meter against a sampler on the tables of example packages, and how long it takes.

The meter is a closed form; the sampler (Gibbs, whole numbers) needs no approximation for a count and for a
sum that was drawn once. It reads the public tables by itself and shares no line with the meter: the table of
noise is solved anew, the groups and sums are put together anew. Both have the same prior: negative binomial
with shape 2, the mean by the rate of the whole.

Compared are cells of which the true count is 1 to 9, by total variation, of every kind that has cells.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.stats import nbinom

from benchmarks import aanvaller
from benchmarks.pakketten import Delivery, asked, example, open_package, public_indicators, recorded
from toekomstscenario_eval.identity import FROM
from toekomstscenario_eval.protection import posterior, risk
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.summaries.cells import CELLS
from toekomstscenario_eval.types import Kind, Summary

SIZES = (103, 300, 1500)
# Cells of which the true count is small, at least so many at each size; chains, and their steps.
LEAST, CHAINS, STEPS, AWAY = 300, 200, 150, 30
LIMIT, SECONDS, CERTAIN = 0.10, 10.0, 0.95
SHAPE, LOWEST = 2.0, 0.05
Floats = np.ndarray
Spot = tuple[str, str, str, int, int]


@dataclass(frozen=True)
class Sum:
    """A published sum of cells: drawn once (`variance` 0), or with a normal error."""

    cells: Sequence[int]
    published: float
    variance: float = 0.0


@dataclass(frozen=True)
class Table:
    """Cells that hang together: published counts, what a stranger expects of each, and the sums."""

    spots: Sequence[Spot]
    own: np.ndarray
    expected: np.ndarray
    sums: Sequence[Sum]


def chance(true: np.ndarray, published: Any, noise: Noise) -> Floats:
    """Return the chance of each published count given the true one."""
    rows, d = aanvaller.table(noise.d, noise.v, noise.js), noise.d
    # From the last row on all are the same, moved along.
    row = np.clip(true, 0, aanvaller.HIDDEN // 2)
    column = np.asarray(published) - true + row
    inside = (true >= 0) & (np.abs(column - row) <= d) & (column >= 0)
    return np.where(inside, rows[row, np.where(inside, column, 0)], 0.0)


def prior(true: np.ndarray, mean: Floats) -> Floats:
    """Return what a stranger expects."""
    m = np.maximum(mean, LOWEST)
    return np.where(true >= 0, nbinom.pmf(np.maximum(true, 0), SHAPE, SHAPE / (SHAPE + m)), 0.0)


def sampled(table: Table, noise: Noise, rng: np.random.Generator) -> Floats:
    """Return how likely each true count from own - D to own + D is, shape (cells, 2 D + 1)."""
    step = np.arange(-noise.d, noise.d + 1)
    candidates = table.own[:, None] + step
    alone = chance(candidates, table.own[:, None], noise) * prior(candidates, table.expected[:, None])
    alone /= alone.sum(axis=1, keepdims=True)
    at = np.stack([rng.choice(len(step), CHAINS, p=p) for p in alone], axis=1)
    true = table.own + step[at]
    above = [[s for s in table.sums if i in s.cells] for i in range(len(table.own))]
    out = np.zeros_like(alone)
    for turn in range(STEPS):
        for i in rng.permutation(len(table.own)):
            likely = np.tile(alone[i], (CHAINS, 1))
            for s in above[i]:
                rest = true[:, s.cells].sum(axis=1) - true[:, i]
                total = rest[:, None] + candidates[i]
                if s.variance:
                    far = (s.published - total) ** 2 / (2 * s.variance)
                    likely *= np.exp(-(far - far.min(axis=1, keepdims=True)))
                else:
                    # Where a chain begins outside the bound, a little is let through until it is inside.
                    likely *= chance(total, int(s.published), noise) + 1e-12
            likely /= likely.sum(axis=1, keepdims=True)
            pick = (likely.cumsum(axis=1) < rng.random((CHAINS, 1))).sum(axis=1)
            true[:, i] = candidates[i][np.minimum(pick, len(step) - 1)]
            if turn >= AWAY:
                out[i] += likely.sum(axis=0)
    return out / out.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class Breakdown:
    """A breakdown in one period: the groups that show something, their households, and what is hidden."""

    sizes: Mapping[str, int]
    counts: Mapping[tuple[str, str, int, int], int]
    hidden: bool
    groups: int

    @classmethod
    def of(cls, public: PublicSummary, periode: str) -> Breakdown:
        """Read one period of the public tables."""
        places = public.plekken[public.plekken["periode"].eq(periode)]
        open_ = places[places["reden"].eq("")]
        cells = public.cellen[public.cellen["periode"].eq(periode)]
        counts = {
            (str(g), str(naam), int(x), int(k)): int(n)
            for g, naam, x, k, n in cells[["groep", "naam", "x", "k", "n"]].itertuples(index=False)
        }
        sizes = dict(zip(open_["groep"], map(int, open_["huishoudens"]), strict=True))
        return cls(sizes, counts, len(open_) < len(places), len(places))

    def total(self, name: tuple[str, int, int]) -> int:
        """Return what its groups add up to."""
        return sum(self.counts.get((g, *name), 0) for g in self.sizes)

    @property
    def names(self) -> list[tuple[str, int, int]]:
        """Everything that is counted."""
        return sorted({key[1:] for key in self.counts})


def tables(publics: Mapping[str, PublicSummary], per: str, v: float) -> Iterator[Table]:
    """Yield the tables of a breakdown, drawn in one epoch with all others of the question."""
    for periode in sorted(set(publics[per].plekken["periode"])):
        split = {name: Breakdown.of(public, periode) for name, public in publics.items()}
        own, top = split[per], split[""]
        names = sorted({*own.names, *top.names})
        kinds = {naam for naam, _, _ in names}
        linked = kinds <= {"t", "r", "n"} and {"n"} < kinds and all(k == 1 for *_, k in names)
        groups = list(own.sizes)
        if not groups or not top.sizes:
            continue
        if not linked:
            for name in names:
                yield _table(split, per, periode, [name], v)
            continue
        for x in sorted({x for _, x, _ in names}):
            yield _table(split, per, periode, [("t", x, 1), ("r", x, 1)], v)


def _table(
    split: Mapping[str, Breakdown], per: str, periode: str, names: Sequence[tuple[str, int, int]], v: float
) -> Table:
    own, groups = split[per], list(split[per].sizes)
    whole = next(iter(split[""].sizes.values()))
    spots: list[Spot] = [(g, periode, *name) for name in names for g in groups]
    at = {(g, name): i for i, (g, name) in enumerate((g, name) for name in names for g in groups)}
    sums: list[Sum] = []
    wholes = [(name, [at[g, name] for g in groups]) for name in names]
    if len(names) > 1:
        size = ("n", *names[0][1:])
        sums += [Sum([at[g, name] for name in names], own.counts.get((g, *size), 0)) for g in groups]
        wholes.append((size, list(range(len(spots)))))
    for name, cells in wholes:
        rate = max(1, split[""].total(name)) / max(1, whole)
        seen = []
        for other, b in split.items():
            if other == per or not b.sizes or (own if other == "" else b).groups < 2:
                continue
            many = sum((g, *name) in b.counts for g in b.sizes)
            mean = rate * max(0, whole - sum(b.sizes.values())) if b.hidden else 0.0
            seen.append((b.total(name) + mean, v * max(1, many) + mean + mean**2 / SHAPE))
        less = rate * max(0, whole - sum(own.sizes.values())) if own.hidden else 0.0
        if len(seen) == 1 and not less:
            # The whole alone: one draw.
            sums.append(Sum(cells, seen[0][0]))
        elif seen:
            # Several sums of the same cells: each is evidence of its own.
            doubt = less + less**2 / SHAPE
            weight = sum(1 / variance for _, variance in seen)
            best = sum(y / variance for y, variance in seen) / weight
            sums.append(Sum(cells, best - less, 1 / weight + doubt))
    counts = np.array([own.counts.get((g, *name), 0) for name in names for g in groups])
    rates = {name: max(1, split[""].total(name)) / max(1, whole) for name in names}
    expected = [own.sizes[g] * rates[name] for name in names for g in groups]
    return Table(spots, counts, np.array(expected), sums)


def truth(summary: Summary) -> dict[Spot, int]:
    """Return the true count of every cell."""
    if summary.cellen is None:
        return {}
    columns = summary.cellen[["groep", "periode", "naam", "x", "k", "n"]]
    return {
        (str(g), str(p), str(naam), int(x), int(k)): int(n)
        for g, p, naam, x, k, n in columns.itertuples(index=False)
    }


@dataclass(frozen=True)
class Distance:
    """How far meter and sampler are apart on one small cell, the sampler from itself, and what they claim.

    `sure` and `sampled` are how likely each holds the true count to be.
    """

    true: int
    variation: float
    itself: float
    sure: float
    sampled: float


Question = tuple[str, Mapping[str, Summary], Mapping[str, PublicSummary]]


def compared(question: Question, per: str, rng: np.random.Generator) -> Iterator[list[Distance]]:
    """Compare meter and sampler on the tables of a breakdown that have small cells, one at a time."""
    _, summaries, publics = question
    noise, true = publics[per].ruis, truth(summaries[per])
    others = [s for name, s in publics.items() if name not in ("", per)]
    asked_ = risk.puzzle(publics[per], publics[""], others)
    if not asked_.spots:
        return
    _, meter = posterior.posterior(asked_.own, asked_.expected, asked_.parents, noise)
    at = {spot: i for i, spot in enumerate(asked_.spots)}
    found = [t for t in tables(publics, per, noise.v) if any(1 <= true.get(s, 0) <= 9 for s in t.spots)]
    for i in rng.permutation(len(found)):
        table, out = found[i], []
        one, two = (sampled(table, noise, rng) for _ in range(2))
        both = (one + two) / 2
        for j, spot in enumerate(table.spots):
            count = true.get(spot, 0)
            if not 1 <= count <= 9:
                continue
            mine, place = meter[at[spot]], count - int(table.own[j]) + noise.d
            far, apart = np.abs(mine - both[j]).sum() / 2, np.abs(one[j] - two[j]).sum() / 2
            out.append(Distance(count, float(far), float(apart), float(mine[place]), float(both[j][place])))
        yield out


def by_kind(
    questions: Sequence[Question], rng: np.random.Generator, least: int, most: int = 1
) -> dict[Kind, list[Distance]]:
    """Compare at least so many small cells over all kinds, each kind its part where it has as many.

    Few tables of each breakdown in turn, for the cells of one table resemble each other; kinds with few
    breakdowns go round again.
    """
    kinds = [kind for kind in CELLS if any(q[1][""].kind is kind for q in questions)]
    found: dict[Kind, list[Distance]] = {kind: [] for kind in kinds}
    for kind in kinds:
        every = [(q, per) for q in questions for per in q[2] if per and q[1][""].kind is kind]
        shown = [turn for turn in every if not turn[0][2][""].plekken.empty]
        turns = [compared(*shown[i], rng) for i in rng.permutation(len(shown))]
        while turns and len(found[kind]) * len(kinds) < least:
            turn = turns.pop(0)
            if some := list(islice(turn, most)):
                found[kind] += chain.from_iterable(some)
                turns.append(turn)
    return found


def asked_of(households: int, folder: Path, indicators: Sequence[str] = ()) -> list[Question]:
    """Ask every public indicator, of whatever kind, by every breakdown, and the networks."""
    line = Delivery.make(folder, f"meter{households}", 3000 + households)
    study, recorder = recorded(line.study(open_package(example(folder, households))))
    for _ in asked(
        study, indicators or public_indicators(study), per=study.beleid.uitsplitsingen, phases=(FROM, "")
    ):
        pass
    if not indicators:
        study.computed_networks()
    return [q for q in recorder.asked if CELLS[q[1][""].kind]]


def row(found: Sequence[Distance]) -> dict[str, Any]:
    """Return how far apart they are over some cells, and how many are held for certain, and are so."""
    if not found:
        return {"kleine cellen": 0}
    apart = np.array([f.variation for f in found])
    return {
        "kleine cellen": len(found),
        "mediaan": float(np.median(apart)),
        "p95": float(np.quantile(apart, 0.95)),
        "grens": LIMIT,
        "steekproef met zichzelf, p95": float(np.quantile([f.itself for f in found], 0.95)),
        "zeker en goed: meter": sum(f.sure > CERTAIN for f in found),
        "zeker en goed: steekproef": sum(f.sampled > CERTAIN for f in found),
    }


def timed(questions: Sequence[Question]) -> dict[str, Any]:
    """Return how long the meter takes for all that was asked."""
    cells, begin = 0, time.process_time()
    for _, _, publics in questions:
        for per, public in publics.items():
            others = [s for other, s in publics.items() if other not in ("", per)] if per else []
            cells += len(risk.split_certainty(public, publics[""] if per else None, others))
    seconds = time.process_time() - begin
    return {
        "cellen gemeten": cells,
        "CPU-seconden per 100.000": 100_000 * seconds / max(1, cells),
        "grens, seconden": SECONDS,
    }


def tabled(households: int, folder: Path, least: int = LEAST) -> list[dict[str, Any]]:
    """Return the rows of one size: all kinds together with what the meter costs, then each kind."""
    questions = asked_of(households, folder)
    found = by_kind(questions, np.random.default_rng(households), least)
    every = [f for part in found.values() for f in part]
    begin = {"huishoudens": households}
    rows = [{**begin, "soort": kind.value, **row(part)} for kind, part in found.items()]
    return [{**begin, "soort": "alle", **row(every), **timed(questions)}, *rows]


def crossed(rows: int = 1000, columns: int = 100) -> dict[str, Any]:
    """Return how long one table takes of which every row and column has a published sum."""
    rng, noise = np.random.default_rng(4), Noise(6, 3.0, 2)
    true = rng.poisson(rng.gamma(0.8, 4, (rows, columns)))
    i = np.arange(true.size)
    at = (np.concatenate([i // columns, rows + i % columns]), np.concatenate([i, i]))
    sums = np.concatenate([true.sum(axis=1), true.sum(axis=0)])
    y = noise.draw(sums, rng.random(len(sums))).astype(float)
    own = noise.draw(true.ravel(), rng.random(true.size))
    expected = np.outer(y[:rows], y[rows:]).ravel() / y[:rows].sum()
    parents = posterior.Parents(sparse.coo_array((np.ones(2 * true.size), at)), y, np.full(len(y), noise.v))
    begin = time.process_time()
    posterior.certainty(own, expected, parents, noise)
    return {
        "tabel": f"{rows} bij {columns}, met alle randtotalen",
        "cellen": true.size,
        "CPU-seconden": time.process_time() - begin,
        "grens": SECONDS,
    }


def measure(sizes: Sequence[int] = SIZES) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of this part."""
    rows = []
    for households in sizes or SIZES:
        with tempfile.TemporaryDirectory() as at:
            rows += tabled(households, Path(at))
    return {
        "De risicometer en een steekproef uit alle mogelijke tabellen: totale variatie bij waar 1-9": rows,
        "Honderdduizend cellen in één tabel": [crossed()],
    }
