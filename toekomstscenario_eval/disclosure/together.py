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

from toekomstscenario_eval.disclosure.attack import TIJD, Klok
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Nesting, Plek
from toekomstscenario_eval.disclosure.relations import (
    Getal,
    Grootheid,
    Punt,
    Regel,
    Relaties,
    Telling,
    Weg,
    quantities,
    relate,
)
from toekomstscenario_eval.disclosure.repair import Herstel, repair
from toekomstscenario_eval.disclosure.rules import Bron, Oordeel
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.types import Result

_RONDES = 6
_OPRUIMEN = 25
# For each result what is released of it: estimates and points of curves.
Getoond = Sequence[tuple[pd.DataFrame, pd.DataFrame]]
Extra = Mapping[int, frozenset[Weg]]
Bewaard = dict[int, tuple[frozenset[Weg], list[Grootheid]]]


@dataclass(frozen=True)
class Aanvalsverslag:
    """What the attack on a release found; holds no hidden number.

    Attributes
    ----------
    bekend, verborgen : numbers that are published, and that are not
    vergelijkingen : equations between them
    doelen : hidden numbers that are a secret
    open_voor : how many of those could be known too well before the repair
    erbij : places and points of curves that the repair hid, by result
    bewezen : whether it is known that no repair costs less
    breedte : least width of what may be known about a secret
    smalste : the narrowest interval that is left; missing without secrets
    seconden : how long attack and repair took
    """

    bekend: int = 0
    verborgen: int = 0
    vergelijkingen: int = 0
    doelen: int = 0
    open_voor: int = 0
    erbij: Mapping[str, tuple[Weg, ...]] = field(default_factory=dict)
    breedte: int = 0
    smalste: float = float("nan")
    bewezen: bool = True
    seconden: float = field(default=0.0, compare=False)


def hide_more(oordeel: Oordeel, weg: frozenset[Weg]) -> Oordeel:
    """Return the judgement that hides everything of these places, and these points, too."""
    if not weg:
        return oordeel
    plekken = frozenset(w for w in weg if isinstance(w, Plek))
    punten = [w for w in weg if isinstance(w, Punt)]
    regels = [w for w in weg if isinstance(w, Regel)]
    tellingen = frozenset(w.plek for w in weg if isinstance(w, Telling))
    return replace(
        oordeel,
        plekken=oordeel.plekken | plekken,
        rijen={
            naam: dicht | plekken | {w.plek for w in regels if w.maat == naam}
            for naam, dicht in oordeel.rijen.items()
        },
        tellingen=oordeel.tellingen | plekken | tellingen,
        aantallen=oordeel.aantallen | tellingen,
        curven={
            curve: dicht | plekken | {w.plek for w in punten if w.curve == curve}
            for curve, dicht in oordeel.curven.items()
        },
    )


def withstand(
    paren: Sequence[tuple[Result, Bron]],
    toon: Callable[[Extra], Getoond],
    *,
    beleid: Policy,
    nesting: Nesting,
    begin: Extra,
    bekend: Collection[Getal],
    klein: Collection[Getal],
) -> tuple[dict[int, frozenset[Weg]], Aanvalsverslag]:
    """Return what must be hidden beyond the rules, and what the attack found.

    Parameters
    ----------
    paren : results with how the rules read them
    toon : what would be released when these places are hidden as well
    begin : places that are hidden already for another reason
    bekend : numbers that a reader knows from earlier releases
    klein : numbers that differ by a few from those

    Raises
    ------
    OnthullingsFout
        When the attack does not finish, or no repair is enough.
    """
    klok, duur = Klok(TIJD), 0.0
    extra, erbij, open_voor, bewezen = dict(begin), dict[int, frozenset[Weg]](), 0, True
    bewaard: Bewaard = {}
    for ronde in range(_RONDES):
        getoond = toon(extra)
        van = time.monotonic()
        alle = _quantities(paren, getoond, beleid, extra, bewaard)
        relaties = relate(alle, nesting, beleid, bekend=bekend, klein=klein)
        herstel = repair(
            relaties.stelsel,
            relaties.doelen,
            relaties.breedte,
            relaties.kosten,
            klok=klok,
            opruimen=_OPRUIMEN,
        )
        duur += time.monotonic() - van
        open_voor = herstel.open_voor if not ronde else open_voor
        if not len(herstel.erbij):
            namen = {paren[i][0].sleutel: tuple(sorted(p, key=str)) for i, p in sorted(erbij.items())}
            return extra, _report(relaties, herstel, open_voor, namen, bewezen, duur)
        # Of more than one round the last may have been cheapest only given the first.
        bewezen = herstel.bewezen and not ronde
        for kolom in herstel.erbij:
            for nummer, weg in relaties.plaats[kolom]:
                extra[nummer] = extra.get(nummer, frozenset()) | {weg}
                erbij[nummer] = erbij.get(nummer, frozenset()) | {weg}
    raise OnthullingsFout(
        "de vrijgave houdt geen stand tegen de aanval, ook niet na herstel",
        herstel="geef minder uitsplitsingen vrij; zolang dit niet is opgelost, wordt er niets vrijgegeven",
    )


def _quantities(
    paren: Sequence[tuple[Result, Bron]], getoond: Getoond, beleid: Policy, extra: Extra, bewaard: Bewaard
) -> list[Grootheid]:
    """Return the quantities of all results; those of which nothing changed are not read again."""
    uit: list[Grootheid] = []
    for nummer, ((r, bron), (tabel, punten)) in enumerate(zip(paren, getoond, strict=True)):
        weg = extra.get(nummer, frozenset())
        if bewaard.get(nummer, (None, ()))[0] != weg:
            bewaard[nummer] = weg, list(quantities(nummer, r, bron, tabel, punten, beleid))
        uit += bewaard[nummer][1]
    return uit


def _report(
    relaties: Relaties,
    herstel: Herstel,
    open_voor: int,
    erbij: Mapping[str, tuple[Weg, ...]],
    bewezen: bool,
    duur: float,
) -> Aanvalsverslag:
    stelsel, aanval = relaties.stelsel, herstel.aanval
    dicht = stelsel.boven > stelsel.onder
    breed = aanval.hoog - aanval.laag
    return Aanvalsverslag(
        bekend=int((~dicht).sum()),
        verborgen=int(dicht.sum()),
        vergelijkingen=stelsel.matrix.shape[0],
        doelen=len(relaties.doelen),
        open_voor=open_voor,
        erbij=erbij,
        breedte=int(relaties.breedte.max(initial=0)),
        smalste=float(np.round(breed.min(), 6)) if len(breed) else float("nan"),
        bewezen=bewezen,
        seconden=round(duur, 2),
    )
