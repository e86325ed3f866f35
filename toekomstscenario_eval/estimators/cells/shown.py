"""How an outcome from published counts is shown: as a number, in words only, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toekomstscenario_eval.estimators.intervals import NAN, Outcome
from toekomstscenario_eval.frames import estimate
from toekomstscenario_eval.types import ALLE, BIJNA, NIET, NUL, TOON, WEINIG, Maat

FROM_COUNTS = "uit beschermde tellingen"
_FEW = {
    NUL: f"{FROM_COUNTS}: nul of enkele huishoudens; geen schatting",
    WEINIG: f"{FROM_COUNTS}: te weinig huishoudens voor een schatting",
    ALLE: f"{FROM_COUNTS}: alle huishoudens of op enkele na; geen schatting",
    BIJNA: f"{FROM_COUNTS}: te weinig huishoudens zonder voor een schatting",
}


@dataclass(frozen=True)
class Shown:
    """An outcome and the word for how it is shown (`weergave`)."""

    outcome: Outcome
    weergave: str = TOON


def hidden(reden: str) -> Shown:
    """Return what is not shown, and why."""
    return Shown(Outcome(reden), NIET)


def few(weergave: str) -> Shown:
    """Return what is said in words because it rests on few households."""
    return Shown(Outcome(_FEW[weergave]), weergave)


def why_none(eenheden: float, huishoudens: int) -> str:
    """Return why nothing can be estimated, or an empty text; published counts need not agree."""
    if eenheden <= 0:
        return "niet te schatten: geen eenheden in de noemer"
    return "" if huishoudens >= 2 else "niet te schatten: te weinig huishoudens"


def word(households: float, threshold: int, *, rest: bool = False) -> str:
    """Return how to show what `households` have, or lack when `rest`: empty when they are enough."""
    if households >= threshold:
        return TOON
    if households <= 0:
        return ALLE if rest else NUL
    return BIJNA if rest else WEINIG


def of_both(having: float, lacking: float, threshold: int) -> str:
    """Return how to show a share from the households with and without; nobody at all says most."""
    both = word(having, threshold), word(lacking, threshold, rest=True)
    return next((w for w in (NUL, ALLE, WEINIG, BIJNA) if w in both), TOON)


def rows(
    maten: Mapping[str, Maat],
    shown: Mapping[str, Shown],
    tellingen: Callable[[str], Mapping[str, Any]],
) -> tuple[Mapping[str, Any], ...]:
    """Return one row per estimand; `tellingen` gives n, teller, noemer and gecensureerd of each."""
    out = []
    for naam, maat in maten.items():
        outcome, weergave = shown[naam].outcome, shown[naam].weergave
        counts = dict(tellingen(naam))
        if weergave != TOON:
            counts["teller"] = NAN
        if weergave == NIET:
            counts |= {"noemer": NAN, "gecensureerd": 0}
        out.append(
            estimate(
                naam,
                # Noise may carry an estimate beyond what it can be, too.
                maat.inside((outcome.schatting, NAN))[0],
                eenheid=maat.eenheid,
                methode=outcome.methode,
                interval=maat.inside(outcome.interval),
                fout=outcome.fout,
                weergave=weergave,
                **counts,
            )
        )
    return tuple(out)


def refused(maten: Mapping[str, Maat], reden: str, huishoudens: int) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of a place of which nothing is published, with the reason."""
    no = dict.fromkeys(maten, hidden(reden))
    return rows(maten, no, lambda _: {"n": huishoudens, "teller": NAN, "noemer": NAN, "gecensureerd": 0})
