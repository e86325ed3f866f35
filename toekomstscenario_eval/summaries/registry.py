"""Finds the indicators by directory; nothing is listed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import ibis.expr.types as ir

from toekomstscenario_eval import indicators
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.resources import modules
from toekomstscenario_eval.summaries import contract
from toekomstscenario_eval.types import Card, Voorbeeld, Vraag


@dataclass(frozen=True, eq=False)
class Indicator:
    """An indicator as found: id (file name), card, worked examples, and the function for its unit rows.

    Ask `rows` for them: it holds the function to its card.
    """

    id: str
    card: Card
    voorbeelden: tuple[Voorbeeld, ...]
    compute: contract.Compute

    def rows(self, tables: contract.Tables, vraag: Vraag) -> ir.Table:
        """Return the unit rows, from nothing but what the card declares.

        Raises
        ------
        IndicatorFout
            When the indicator breaks its contract; see `contract`.
        """
        _check(self, tuple(sorted(vraag.params.items())))
        return self.compute(contract.declared(self.id, tables, self.card), vraag)


@cache
def _check(indicator: Indicator, params: tuple[tuple[str, Any], ...]) -> None:
    contract.check(indicator.id, indicator.card, indicator.compute, dict(params))


@cache
def all_indicators() -> Mapping[str, Indicator]:
    """Return every indicator by id, in alphabetical order."""
    return {
        naam: Indicator(naam, module.CARD, module.VOORBEELDEN, module.compute)
        for naam, module in modules(indicators)
    }


def find(naam: str) -> Indicator:
    """Return the indicator with this id; GebruikFout with a suggestion when there is none."""
    known = all_indicators()
    if naam not in known:
        raise GebruikFout(
            f"de indicator '{naam}' bestaat niet",
            herstel=did_you_mean(naam, known) + " Alle indicatoren: tks indicatoren.",
        )
    return known[naam]


def fill_params(indicator: Indicator, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all parameter values: those given, checked, and the defaults for the rest.

    Raises
    ------
    GebruikFout
        On an unknown parameter, a value of the wrong type, or one that is not allowed.
    """
    card = indicator.card.params
    for naam in given:
        if naam not in card:
            raise GebruikFout(
                f"de parameter '{naam}' bestaat niet bij {indicator.id}",
                herstel=did_you_mean(naam, card) if card else "deze indicator heeft geen parameters",
            )
    out: dict[str, Any] = {}
    for naam, param in card.items():
        waarde = given.get(naam, param.standaard)
        if isinstance(param.standaard, int) and isinstance(waarde, str):
            waarde = int(waarde) if waarde.lstrip("-").isdigit() else waarde
        fits = isinstance(waarde, type(param.standaard)) and not isinstance(waarde, bool)
        if (
            not fits
            or (param.keuzes and waarde not in param.keuzes)
            or (param.minimum is not None and isinstance(waarde, int) and waarde < param.minimum)
        ):
            may = ", ".join(map(str, param.keuzes)) or f"een geheel getal vanaf {param.minimum}"
            raise GebruikFout(
                f"de waarde van '{naam}' kan niet bij {indicator.id}",
                verwacht=may,
                kreeg=str(waarde),
                herstel=did_you_mean(str(waarde), map(str, param.keuzes)) if param.keuzes else "",
            )
        out[naam] = waarde
    return out
