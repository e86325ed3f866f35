"""The design effects that leave: drawn with their place, or lent by a place that has one.

An effect is no count, and noise of its own keeps it: it is rounded to halves at random, by a number that only
the secret gives. One household moves it by a small part of a half, so that hardly ever anything else is
published with or without that household, and what is published leaves both possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from toekomstscenario_eval import design_effect
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.protection.drawing import EVERYBODY, Drawing
from toekomstscenario_eval.protection.entries import Place
from toekomstscenario_eval.protection.public import CELLEN, PublicSummary
from toekomstscenario_eval.types import Summary

# By group and period.
Spots = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Sharing:
    """How the effects of one question leave.

    Attributes
    ----------
    drawing : Drawing
        The secret and the epoch.
    least : int
        Households that count from which on an effect is published.
    kinds : mapping
        Kind of region by site.
    again : mapping
        How often a place was drawn in this epoch before.
    """

    drawing: Drawing
    least: int
    kinds: Mapping[str, str]
    again: Mapping[Place, int]

    def added(
        self,
        parts: Mapping[str, PublicSummary],
        private: Mapping[str, Summary],
        copied: Mapping[str, Spots],
    ) -> dict[str, PublicSummary]:
        """Return public summaries by breakdown with the effects of the places that were drawn now.

        What is copied keeps what it showed, also when that was nothing.
        """
        if not any(summary.effecten for summary in private.values()):
            return dict(parts)
        out = dict(parts)
        for per in sorted(parts, key=lambda naam: naam not in design_effect.OWN):
            fresh = _fresh(parts[per], copied.get(per, frozenset()))
            if per in design_effect.OWN:
                found = self._drawn(per, fresh, private[per], parts[per].recept)
            else:
                found = self._lent(per, fresh, out)
            out[per] = _with_cells(parts[per], found)
        return out

    def _drawn(
        self, per: str, fresh: Mapping[tuple[str, str], int], summary: Summary, recipe: str
    ) -> dict[tuple[str, str], int]:
        cells = summary.cellen
        if cells is None:
            return {}
        everybody = cells[cells["naam"].eq(EVERYBODY)].set_index(["groep", "periode"])["sleutel"]
        out = {}
        for (groep, periode), n in fresh.items():
            effect = summary.effecten.get((groep, periode))
            if effect is None or n < self.least:
                continue
            key, again = int(everybody[groep, periode]), self.again[per, groep]
            # Of one set of households the number differs by question: a sum of answers does not undo it.
            shift = self.drawing.shift(key, f"{recipe}|{periode}", again)
            out[groep, periode] = design_effect.in_halves(effect, shift)
        return out

    def _lent(
        self, per: str, fresh: Mapping[tuple[str, str], int], known: Mapping[str, PublicSummary]
    ) -> dict[tuple[str, str], int]:
        own = {field: _effects(known[field]) for field in design_effect.OWN if field in known}
        out = {}
        for (groep, periode), n in fresh.items():
            having = {(field, g) for field, found in own.items() for g, p in found if p == periode}
            field, lender = design_effect.source(per, groep, self.kinds, having, TOTAAL)
            if (field, lender) in having:
                effect, of = own[field][lender, periode]
                out[groep, periode] = design_effect.in_halves(
                    design_effect.lent(effect / design_effect.HALVES, per, n, of)
                )
        return out


def _fresh(public: PublicSummary, copied: Spots) -> dict[tuple[str, str], int]:
    """Return the places drawn now of which something is published, with their published households."""
    shown = public.plekken[public.plekken["reden"].eq("")]
    spots = zip(shown["groep"], shown["periode"], shown["huishoudens"], strict=True)
    return {(groep, periode): int(n) for groep, periode, n in spots if (groep, periode) not in copied}


def _effects(public: PublicSummary) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the effect in halves, and the households, of the places that have one."""
    rows = public.cellen[public.cellen["naam"].eq(design_effect.NAME)]
    spots = zip(rows["groep"], rows["periode"], rows["x"], rows["n"], strict=True)
    return {(groep, periode): (int(x), int(n)) for groep, periode, x, n in spots}


def _with_cells(public: PublicSummary, found: Mapping[tuple[str, str], int]) -> PublicSummary:
    """Return a summary with these effects, each last among the cells of its place."""
    if not found:
        return public
    order = list(zip(public.plekken["groep"], public.plekken["periode"], strict=True))
    n = dict(zip(order, public.plekken["huishoudens"], strict=True))
    rows = [
        {"groep": g, "periode": p, "naam": design_effect.NAME, "x": x, "k": 1, "n": int(n[g, p])}
        for (g, p), x in found.items()
    ]
    more = pd.DataFrame(rows)[list(CELLEN)].astype(public.cellen.dtypes.to_dict())
    table = pd.concat([public.cellen, more], ignore_index=True)
    place = {spot: i for i, spot in enumerate(order)}
    by_place = pd.Series([place[spot] for spot in zip(table["groep"], table["periode"], strict=True)])
    ordered = table.iloc[by_place.argsort(kind="stable")]
    return replace(public, cellen=ordered.reset_index(drop=True))
