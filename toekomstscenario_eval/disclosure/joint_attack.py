"""All results of a release against one attacker, and the repair until it withstands.

The rules come first; what they leave is published only when the attack on everything together
finds nothing. A repair hides a place in every result that shows the number that must go.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure.attack import TIME, Clock
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Nesting, Spot
from toekomstscenario_eval.disclosure.relations import (
    CurvePoint,
    Getal,
    Gone,
    Line,
    Quantity,
    Relations,
    Telling,
    quantities,
    relate,
)
from toekomstscenario_eval.disclosure.repair import Remedy, repair
from toekomstscenario_eval.disclosure.rules import Source, Verdict
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.types import Result

_ROUNDS = 6
_TIDY_UP = 25
# For each result what is released of it: estimates and points of curves.
Shown = Sequence[tuple[pd.DataFrame, pd.DataFrame]]
Extra = Mapping[int, frozenset[Gone]]
Kept = dict[int, tuple[frozenset[Gone], list[Quantity]]]
# What was hidden is told in this order: places first, then their parts.
_ORDER = (Spot, CurvePoint, Line, Telling)


@dataclass(frozen=True)
class AttackReport:
    """What the attack on a release found; holds no hidden number.

    Attributes
    ----------
    bekend, verborgen : numbers that are published, and that are not
    vergelijkingen : equations between them
    targets : hidden numbers that are a secret
    open_for : how many of those could be known too well before the repair
    added : places and points of curves that the repair hid, by result
    proven : whether it is known that no repair costs less
    width : least width of what may be known about a secret
    narrowest : the narrowest interval that is left; missing without secrets
    seconds : how long attack and repair took
    """

    bekend: int = 0
    verborgen: int = 0
    vergelijkingen: int = 0
    targets: int = 0
    open_for: int = 0
    added: Mapping[str, tuple[Gone, ...]] = field(default_factory=dict)
    width: int = 0
    narrowest: float = float("nan")
    proven: bool = True
    seconds: float = field(default=0.0, compare=False)


def hide_more(verdict: Verdict, gone: frozenset[Gone]) -> Verdict:
    """Return the judgement that hides everything of these places, and these points, too."""
    if not gone:
        return verdict
    spots = frozenset(w for w in gone if isinstance(w, Spot))
    points = [w for w in gone if isinstance(w, CurvePoint)]
    lines = [w for w in gone if isinstance(w, Line)]
    tellingen = frozenset(w.plek for w in gone if isinstance(w, Telling))
    return replace(
        verdict,
        plekken=verdict.plekken | spots,
        rijen={
            naam: shut | spots | {w.plek for w in lines if w.maat == naam}
            for naam, shut in verdict.rijen.items()
        },
        tellingen=verdict.tellingen | spots | tellingen,
        aantallen=verdict.aantallen | tellingen,
        curves={
            curve: shut | spots | {w.plek for w in points if w.curve == curve}
            for curve, shut in verdict.curves.items()
        },
    )


def withstand(
    pairs: Sequence[tuple[Result, Source]],
    show: Callable[[Extra], Shown],
    *,
    policy: Policy,
    nesting: Nesting,
    begin: Extra,
    known: Collection[Getal],
    small: Collection[Getal],
) -> tuple[dict[int, frozenset[Gone]], AttackReport]:
    """Return what must be hidden beyond the rules, and what the attack found.

    Parameters
    ----------
    pairs : results with how the rules read them
    show : what would be released when these places are hidden as well
    begin : places that are hidden already for another reason
    known : numbers that a reader knows from earlier releases
    small : numbers that differ by a few from those

    Raises
    ------
    OnthullingsFout
        When the attack does not finish, or no repair is enough.
    """
    clock, duur = Clock(TIME), 0.0
    extra, added, open_for, proven = dict(begin), dict[int, frozenset[Gone]](), 0, True
    kept: Kept = {}
    for round_ in range(_ROUNDS):
        shown = show(extra)
        start = time.monotonic()
        every = _quantities(pairs, shown, policy, extra, kept)
        relations = relate(every, nesting, policy, known=known, small=small)
        remedy = repair(
            relations.system,
            relations.targets,
            relations.width,
            relations.costs,
            clock=clock,
            tidy_up=_TIDY_UP,
        )
        duur += time.monotonic() - start
        open_for = remedy.open_for if not round_ else open_for
        if not len(remedy.added):
            namen = {pairs[i][0].sleutel: tuple(sorted(p, key=_order)) for i, p in sorted(added.items())}
            return extra, _report(relations, remedy, open_for, namen, proven, duur)
        # Of more than one round the last may have been cheapest only given the first.
        proven = remedy.proven and not round_
        for column in remedy.added:
            for number, gone in relations.plaats[column]:
                extra[number] = extra.get(number, frozenset()) | {gone}
                added[number] = added.get(number, frozenset()) | {gone}
    raise OnthullingsFout(
        "de vrijgave houdt geen stand tegen de aanval, ook niet na herstel",
        herstel="geef minder uitsplitsingen vrij; zolang dit niet is opgelost, wordt er niets vrijgegeven",
    )


def _quantities(
    pairs: Sequence[tuple[Result, Source]], shown: Shown, policy: Policy, extra: Extra, kept: Kept
) -> list[Quantity]:
    """Return the quantities of all results; those of which nothing changed are not read again."""
    out: list[Quantity] = []
    for number, ((r, source), (table, points)) in enumerate(zip(pairs, shown, strict=True)):
        gone = extra.get(number, frozenset())
        if kept.get(number, (None, ()))[0] != gone:
            kept[number] = gone, list(quantities(number, r, source, table, points, policy))
        out += kept[number][1]
    return out


def _order(gone: Gone) -> tuple[int, str]:
    return _ORDER.index(type(gone)), str(tuple(gone))


def _report(
    relations: Relations,
    remedy: Remedy,
    open_for: int,
    added: Mapping[str, tuple[Gone, ...]],
    proven: bool,
    duur: float,
) -> AttackReport:
    system, attack = relations.system, remedy.aanval
    shut = system.boven > system.onder
    wide = attack.hoog - attack.laag
    return AttackReport(
        bekend=int((~shut).sum()),
        verborgen=int(shut.sum()),
        vergelijkingen=system.matrix.shape[0],
        targets=len(relations.targets),
        open_for=open_for,
        added=added,
        width=int(relations.width.max(initial=0)),
        narrowest=float(np.round(wide.min(), 6)) if len(wide) else float("nan"),
        proven=proven,
        seconds=round(duur, 2),
    )
