"""What releases tell of one household, to somebody who knows of all the others what changed.

Places made up, through the real waist. A household joins a place; with it join or change others, of whom the
attacker knows the answers. From two releases the attacker guesses the answer of the one, by the table of
noise.
Then the same people are published twice, and the attacker knows nine of ten answers: what does the second
add?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binom

from benchmarks.aanvaller import Recipe
from toekomstscenario_eval.protection.keys import Secret
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.protection.register import Register
from toekomstscenario_eval.protection.waist import WHOLE, Waist
from toekomstscenario_eval.types import Kind, Summary

SEED, PLACES, KEYS = 20261130, 400, 5
PER, EPOCHS = "gezinsprofiel", (date(2025, 1, 1), date(2026, 1, 1))
KNOWN = 0.9
Ints = np.ndarray


@dataclass
class Studies:
    """Many places with a secret and a register of their own."""

    rng: np.random.Generator
    places: int = PLACES
    register: Register = field(init=False)
    secret: Secret = field(init=False)
    shown: list[PublicSummary] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        policy = load_policy()
        self.secret = Secret(self.rng.bytes(32))
        self.register = Register.memory(self.secret.vingerafdruk, policy.ruis, policy.epoche)
        self.names = [f"p{i:04d}" for i in range(self.places)]

    def release(
        self, epoch: date, t: Ints, r: Ints, events: int, start: str = "2024-04-01"
    ) -> tuple[Ints, Ints]:
        """Publish how many have it and have not at each place; return what is published.

        Each place has a pilot of its own, that started on the day `start`.
        """
        n = t + r
        size = [int(n.sum()), *map(int, n)]
        keys = self._keys(len(size))
        where = pd.DataFrame(
            {
                "uitsplitsing": ["", *[PER] * self.places],
                "groep": [WHOLE[1], *self.names],
                "n": size,
                "sleutel": keys,
            }
        )
        happened = {WHOLE: events * self.places} | {(PER, name): events for name in self.names}
        waist = Waist.make(
            self.secret,
            load_policy(),
            self.register.snapshot,
            epoch=epoch,
            package=f"pakket {epoch}",
            places=where,
            events=lambda _: happened,
            starts={(PER, name): (f"{name}={start}",) for name in self.names},
        )
        asked = {
            "": self._summary([WHOLE[1]], t.sum(keepdims=True), r.sum(keepdims=True), keys[:1]),
            PER: self._summary(self.names, t, r, keys[1:]),
        }
        found = waist.protect("vraag", asked)
        self.shown = list(found.values())
        self.register.append(waist.entries(found.values(), self.register.snapshot))
        table = found[PER].cellen.pivot(index="groep", columns="naam", values="n")
        table = table.reindex(index=self.names, columns=["t", "r"]).fillna(0)
        shown = found[PER].plekken.set_index("groep")["reden"].reindex(self.names).eq("")
        return table.astype(int).to_numpy().T, shown.to_numpy()

    def _keys(self, many: int) -> np.ndarray:
        return self.rng.integers(0, 2**64, many, dtype=np.uint64)

    def _summary(self, names: Sequence[str], t: Ints, r: Ints, everybody: np.ndarray) -> Summary:
        own = self._keys(len(names))
        with np.errstate(over="ignore"):
            rest = everybody - own
        pieces = [
            pd.DataFrame({"groep": names, "naam": naam, "n": n, "sleutel": key})
            for naam, n, key in (
                ("h", t + r, everybody),
                ("n", t + r, everybody),
                ("t", t, own),
                ("r", r, rest),
            )
        ]
        cells = pd.concat(pieces, ignore_index=True).assign(periode="", x=0, k=1)
        groups = pd.DataFrame({"groep": names, "periode": "", "huishoudens": t + r, "kap": 365})
        return Summary(Kind.AANDEEL, pd.DataFrame(), groups, cells[cells["n"] > 0])


def _right(by_no: np.ndarray, by_yes: np.ndarray, answer: np.ndarray) -> np.ndarray:
    """Return 1 where the likelier answer is right, a half where both are as likely."""
    return np.where(np.isclose(by_no, by_yes), 0.5, (by_yes > by_no) == answer)


def between(
    rng: np.random.Generator,
    n: int,
    share: float,
    others: int,
    having: float,
    places: int = PLACES,
    *,
    moved: bool = False,
) -> np.ndarray:
    """Return where the answer of one who joins is guessed from the release before and after.

    With it join so many others, of which the attacker knows the answers: a part `having` has it. They join by
    what happened in a year; or, `moved`, at once, because a pilot has another start.
    """
    policy = load_policy()
    studies, recipe = Studies(rng, places), Recipe("", (policy.ruis.d, policy.ruis.v, policy.ruis.js))
    t = rng.binomial(n, share, places)
    answer, more = rng.integers(0, 2, places).astype(bool), round(others * having)
    dt, dr = more, others - more
    before, shown = studies.release(EPOCHS[0], t, n - t, 0)
    t2, r2 = t + dt + answer, n - t + dr + ~answer
    after, still = (
        studies.release(EPOCHS[0], t2, r2, 0, "2024-05-01")
        if moved
        else studies.release(EPOCHS[1], t2, r2, others + 1)
    )
    out = []
    for i in np.flatnonzero(shown & still):
        if not moved and np.array_equal(before[:, i], after[:, i]) and others + 1 < max(10, 0.2 * n):
            out.append(0.5)  # a copy: nothing new to go by
            continue
        steps = [recipe.own(int(after[j, i])).rest(recipe.own(int(before[j, i]))) for j in (0, 1)]
        chance = [steps[0].at(dt + b, dt + b)[0] * steps[1].at(dr + 1 - b, dr + 1 - b)[0] for b in (0, 1)]
        out.append(float(_right(np.array(chance[0]), np.array(chance[1]), answer[i])))
    return np.array(out)


def twice(
    rng: np.random.Generator, n: int, share: float, places: int = PLACES
) -> tuple[np.ndarray, np.ndarray]:
    """Return where one answer is guessed from one release, and from two with all cells drawn anew.

    The attacker knows who is in, and nine of ten of the others' answers.
    """
    policy = load_policy()
    studies = Studies(rng, places)
    unknown = round((1 - KNOWN) * n)
    known = rng.binomial(n - unknown - 1, share, places)
    open_ = rng.binomial(unknown, share, places)
    answer = rng.integers(0, 2, places).astype(bool)
    t = known + open_ + answer
    first, shown = studies.release(EPOCHS[0], t, n - t, 0)
    second, still = studies.release(EPOCHS[1], t, n - t, n)
    j = np.arange(unknown + 1)
    weight = binom.pmf(j, unknown, share)
    one, two = [], []
    for i in np.flatnonzero(shown & still):
        by = []
        for b in (0, 1):
            have = known[i] + j + b
            single = (
                weight * _chance(policy.ruis, have, first[0, i]) * _chance(policy.ruis, n - have, first[1, i])
            )
            double = (
                single
                * _chance(policy.ruis, have, second[0, i])
                * _chance(policy.ruis, n - have, second[1, i])
            )
            by.append((single.sum(), double.sum()))
        one.append(float(_right(np.array(by[0][0]), np.array(by[1][0]), answer[i])))
        two.append(float(_right(np.array(by[0][1]), np.array(by[1][1]), answer[i])))
    return np.array(one), np.array(two)


def _chance(noise: Any, true: Ints, published: int) -> np.ndarray:
    """Return the chance of a published count for each true one, by the attacker's own table."""
    own = Recipe("", (noise.d, noise.v, noise.js)).own(int(published))
    return np.array([own.at(int(c), int(c))[0] for c in true])


def measure() -> dict[str, list[dict[str, Any]]]:
    """Return both tables."""
    rng = np.random.default_rng(SEED)
    moved, again = [], []
    for n in (60,):
        for share in (0.05, 0.5):
            for others, having in (
                (0, 0),
                (5, 0),
                (n // 4, 0),
                (n // 4, 0.5),
                (n // 4, 1),
                (n, 0),
                (n, 0.5),
                (n, 1),
            ):
                found = np.concatenate([between(rng, n, share, others, having) for _ in range(KEYS)])
                how = "opnieuw" if others + 1 >= max(10, 0.2 * n) else "kopie"
                moved.append(
                    {
                        "huishoudens": n,
                        "aandeel": share,
                        "anderen veranderd": others,
                        "daarvan met": having,
                        "getrokken": how,
                        "keren": len(found),
                        "goed geraden": float(found.mean()),
                        "grens": 0.62 if how == "opnieuw" else 0.52,
                    }
                )
    for n in (103, 300, 1500):
        for share in (0.05, 0.5):
            pairs = [twice(rng, n, share) for _ in range(KEYS)]
            one, two = (np.concatenate([pair[i] for pair in pairs]) for i in (0, 1))
            again.append(
                {
                    "huishoudens": n,
                    "aandeel": share,
                    "keren": len(one),
                    "een vrijgave": float(one.mean()),
                    "twee vrijgaven": float(two.mean()),
                    "verschil": float(two.mean() - one.mean()),
                    "grens": 0.05,
                }
            )
    return {
        "Een huishouden komt erbij: hoe vaak het antwoord uit twee vrijgaven goed wordt geraden": moved,
        "Wie iedereen kent en negen van de tien antwoorden weet: wat de tweede vrijgave toevoegt": again,
    }
