"""Private cells become published ones: the noise of one epoch, drawn when a place asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toekomstscenario_eval.protection.keys import Secret
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import CELLEN
from toekomstscenario_eval.tie_names import ORGANISATION, is_of
from toekomstscenario_eval.types import Kind, Summary

# The cell of all households that count.
EVERYBODY = "h"


@dataclass(frozen=True)
class Drawing:
    """The noise of one epoch: the same set of households always gets the same."""

    secret: Secret
    ruis: Noise
    epoch: date

    def counts(self, n: NDArray[np.int64], keys: NDArray[np.uint64], again: int = 0) -> NDArray[np.int64]:
        """Return the published counts of cells with these keys."""
        return self.ruis.draw(n, self.secret.uniforms(keys, self.epoch, again))

    def shift(self, key: int, question: str, again: int = 0) -> float:
        """Return what random rounding of a number adds to it: from -0.5 to 1.5, most often near 0.5.

        The mean of what comes out is the number. Two numbers in [0, 1) are added up, so that three whole
        numbers are possible, and not just the two around it.
        """
        first, second = self.secret.pair(key, question, self.epoch, again)
        return first + second - 0.5

    def one(self, cell: tuple[int, int], again: int = 0) -> int:
        """Return the published count of one cell."""
        n, key = np.array([cell[0]], dtype=np.int64), np.array([cell[1]], dtype=np.uint64)
        return int(self.counts(n, key, again)[0])


@dataclass(frozen=True)
class Part:
    """The published number of households of a place that count, and its other published cells."""

    n: int
    cells: pd.DataFrame


@dataclass(frozen=True)
class Found:
    """The private cells of a summary, by place and period; drawn when a place asks for them."""

    kind: Kind
    by_spot: Mapping[tuple[str, str], pd.DataFrame]
    draw: Drawing
    least_tie: int

    @classmethod
    def of(cls, summary: Summary, draw: Drawing, least_tie: int) -> Found:
        """Return the cells of a summary by place and period; see `_small_ties` for `least_tie`."""
        table = summary.cellen
        if table is None or table.empty:
            return cls(summary.kind, {}, draw, least_tie)
        parts = table.groupby(["groep", "periode"], sort=False)
        return cls(summary.kind, {(str(g), str(p)): part for (g, p), part in parts}, draw, least_tie)

    def at(self, groep: str, periode: str, again: int) -> Part:
        """Return the published cells of a place; zeros are gone."""
        part = self.by_spot.get((groep, periode))
        if part is None:
            return Part(0, no_cells())
        keys = part["sleutel"].to_numpy(dtype=np.uint64)
        drawn = self.draw.counts(part["n"].to_numpy(dtype=np.int64), keys, again)
        public = part.assign(n=drawn).drop(columns="sleutel")
        public = public[(public["n"] > 0) & ~self._small_ties(public)]
        public = public.sort_values(["naam", "x", "k"], kind="stable")
        everybody = public["naam"].eq(EVERYBODY)
        return Part(int(public.loc[everybody, "n"].sum()), public[~everybody])

    def _small_ties(self, public: pd.DataFrame) -> pd.Series:
        """Return which cells are an organisation, or a tie of one, of too few households.

        Ties of one household alone share its draw: small ones with one number would draw the team around it.
        """
        of_organisations = [naam for naam in public["naam"].unique() if is_of(ORGANISATION, naam)]
        return public["naam"].isin(of_organisations) & public["n"].lt(self.least_tie)


def no_cells() -> pd.DataFrame:
    """Return a table of cells without rows."""
    types = {"x": "int64", "k": "int64", "n": "int64"}
    return pd.DataFrame({k: pd.Series(dtype=types.get(k, "str")) for k in CELLEN})
