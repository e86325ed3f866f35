"""What a network says by household: from nested counts, with an interval that takes the noise in."""

from __future__ import annotations

import math
from functools import partial

from toekomstscenario_eval import tie_names as names
from toekomstscenario_eval.estimators.cells import share_cells
from toekomstscenario_eval.estimators.cells.nested import Nested, noise_of_part
from toekomstscenario_eval.estimators.cells.network_counts import Counts, Told, told
from toekomstscenario_eval.estimators.cells.shown import FROM_COUNTS, Shown, few, hidden, word
from toekomstscenario_eval.estimators.intervals import NAN, Outcome, t_waarde
from toekomstscenario_eval.types import TOON, Maat, Vorm

# What noise alone may move a figure by, 95 of 100 times: parts and shares from 0 to 1, and shares that an E-I
# index is twice of.
_MOST_NOISE, _MOST_NOISE_OF_DOMAINS = 0.02, 0.015
_Z = 1.96
_MEAN = f"{FROM_COUNTS}: gemiddelde over huishoudens, 95%-interval (t), met de ruis"


def share(c: Counts, *, with_: str, without: str, most: float = _MOST_NOISE) -> Told:
    """Share of the pairs of organisations around a household, as any share of units within households.

    A household with many pairs weighs as many times, and so does the noise that hides whether it is there.
    """
    own = {with_: "t", without: "r", names.PAIRS: "n"}
    sub = c.cells[c.cells["naam"].isin(own).to_numpy(dtype=bool)]
    sub = sub.assign(naam=sub["naam"].map(own))
    (row,) = share_cells.estimate_group(
        sub,
        huishoudens=int(c.nested(names.PAIRS).households),
        maten={"aandeel": Maat("", "", Vorm.AANDEEL)},
        horizon=0,
        noise=c.noise,
        step=1,
        cap=c.cap,
        threshold=c.threshold,
    ).schattingen
    if row["weergave"] == TOON and (reden := _too_noisy(c.nested(with_), c.nested(without), most)):
        return told(hidden(reden))
    bounds = row["ondergrens"], row["bovengrens"]
    outcome = Outcome(row["methode"], row["schatting"], bounds, row["standaardfout"])
    return told(Shown(outcome, row["weergave"]), row["teller"], row["noemer"])


across = partial(share, with_=names.ACROSS, without=names.WITHIN, most=_MOST_NOISE_OF_DOMAINS)


def ei(c: Counts) -> Told:
    """E-I index: twice the share of the pairs between domains, less one."""
    share, _, _ = across(c)
    o = share.outcome
    bounds = 2 * o.interval[0] - 1, 2 * o.interval[1] - 1
    turned = Outcome(o.methode, 2 * o.schatting - 1, bounds, 2 * o.fout)
    return told(Shown(turned, share.weergave))


def _too_noisy(having: Nested, lacking: Nested, most: float) -> str:
    """Return why a part is not shown when noise alone may move it by more than `most`; else nothing."""
    if _Z * math.sqrt(noise_of_part(having, lacking)) <= most:
        return ""
    limit = f"{most:g}".replace(".", ",")
    return f"te weinig huishoudens: de ruis alleen kan meer dan {limit} schelen"


def part(c: Counts, *, naam: str, rest: str) -> Told:
    """Mean over households of a part from 0 to 1: the steps that they have over all their steps.

    Noise is that of both sums together: of one count of households below the line it would be all that of n.
    """
    steps = tuple(range(1, names.STEPS_OF_PART + 1))
    own, lacking = c.nested(naam, steps), c.nested(rest, steps)
    if (weergave := word(own.households, c.threshold)) != TOON:
        return told(few(weergave))
    n = (own.sum() + lacking.sum()) / names.STEPS_OF_PART
    if n < c.least.median:
        return told(hidden("te weinig huishoudens voor een gemiddelde"))
    if reden := _too_noisy(own, lacking, _MOST_NOISE):
        return told(hidden(reden))
    mean = own.sum() / names.STEPS_OF_PART / n
    spread = max(0.0, own.sum(2) / names.STEPS_OF_PART**2 - n * mean**2) / (n - 1)
    fout = math.sqrt(spread / n + noise_of_part(own, lacking))
    half = t_waarde(n - 1) * fout
    bounds = max(0.0, mean - half), min(1.0, mean + half)
    return told(Shown(Outcome(_MEAN, mean, bounds, fout)), NAN, n)


def mean(c: Counts, *, naam: str, of: str = "", total: bool = False) -> Told:
    """Mean over households of what they count; t interval with the noise of both numbers.

    Noise variance of sum(C_k w_k) / n, linearised: (noise of the sum + m^2 V) / n^2.
    """
    own = c.nested(naam)
    n = c.nested(of).households if of else float(c.huishoudens)
    if (weergave := word(own.households, c.threshold)) != TOON:
        return told(few(weergave))
    if n < c.least.median:
        return told(hidden("te weinig huishoudens voor een gemiddelde"))
    sum_ = own.sum()
    if total:
        return told(Shown(Outcome(f"{FROM_COUNTS}: opgeteld over huishoudens, zonder interval", sum_)), sum_)
    mean = sum_ / n
    spread = max(0.0, own.sum(2) - n * mean**2) / (n - 1)
    noise = (own.noise_of_sum() + mean**2 * c.noise.v) / n**2
    fout = math.sqrt(spread / n + noise)
    half = t_waarde(n - 1) * fout
    return told(Shown(Outcome(_MEAN, mean, (max(0.0, mean - half), mean + half), fout)), NAN, n)
