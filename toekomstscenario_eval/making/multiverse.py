"""The definition multiverse: how much of a figure depends on choices that others could have made.

Choices: the `redelijk` values of the indicator's own parameters, whether the last day counts, who
counts as a professional, and the window. `factorial` runs every combination, `one_at_a_time` only
those that differ from the default in one choice.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import STANDAARD, Variant
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import Result, Venster

MEESTE = 400
Tables = Mapping[str, ir.Table]
Choices = Mapping[str, int | str]


def _last_day_counts(t: Tables) -> Tables:
    """Read the end of every spell as its last day, as some registrations do."""
    perioden = ("betrokkenheid", "maatregel", "ketenstap")
    dag = ibis.interval(days=1)
    return {n: v.mutate(eind=(v.eind + dag).cast("date")) if n in perioden else v for n, v in t.items()}


def _without_roles(t: Tables) -> Tables:
    """Leave out professionals who only think along on call."""
    b = t["betrokkenheid"]
    return {**t, "betrokkenheid": b.filter((b.rol != "consulent").fill_null(True))}


def _without_informal(t: Tables) -> Tables:
    """Leave out informal support and experts by experience."""
    o = t["organisatie"]
    eigen = o.filter(o.soort.isin(("informeel", "ervaringsdeskundig")))
    return {**t, "betrokkenheid": t["betrokkenheid"].anti_join(eigen, "organisatie_id")}


# choice -> value -> how it changes the tables; each needs the tables and columns that are named.
_LEZEN: Mapping[str, Mapping[str, Callable[[Tables], Tables]]] = {
    "laatste dag": {"telt mee": _last_day_counts},
    "wie telt mee": {"zonder consulenten": _without_roles, "zonder informele steun": _without_informal},
}


@dataclass(frozen=True)
class Specification:
    """One way to define the figure: choice -> value; `standaard` where nothing differs."""

    keuzes: Choices

    @property
    def variant(self) -> Variant:
        """What differs from the default, as the results tell themselves apart."""
        return Variant(definitie=tuple((k, str(v)) for k, v in self.keuzes.items() if v != STANDAARD))


def options(studie: Study, indicator: str) -> dict[str, tuple[int | str, ...]]:
    """Return the choices that fit an indicator, each with its values, the default first."""
    kaart = registry.find(indicator).card
    uit: dict[str, tuple[int | str, ...]] = {
        naam: (STANDAARD, *(w for w in param.redelijk if w != param.standaard))
        for naam, param in kaart.params.items()
        if param.redelijk
    }
    if {"betrokkenheid", "maatregel", "ketenstap"} & set(kaart.tabellen):
        uit["laatste dag"] = (STANDAARD, *_LEZEN["laatste dag"])
    if "betrokkenheid" in kaart.tabellen and {"betrokkenheid", "organisatie"} <= set(studie.pakket.tabellen):
        uit["wie telt mee"] = (STANDAARD, *_LEZEN["wie telt mee"])
    uit["venster"] = (STANDAARD, *_windows(studie.pakket.venster))
    return uit


def _windows(venster: Venster) -> dict[str, Venster]:
    """Return the other windows that are at least half a year long."""
    laatste = Venster(max(venster.begin, _years_back(venster.eind, 1)), venster.eind)
    later = date(venster.begin.year, 7, 1) if venster.begin.month < 7 else date(venster.begin.year + 1, 1, 1)
    uit = {}
    if laatste != venster and laatste.dagen >= 180:
        uit["laatste jaar"] = laatste
    if later < venster.eind and (venster.eind - later).days >= 180 and later != venster.begin:
        uit["zonder begin"] = Venster(later, venster.eind)
    return uit


def _years_back(dag: date, jaren: int) -> date:
    # 29 February has no counterpart in the year before.
    return date(dag.year - jaren, dag.month, min(dag.day, 28) if dag.month == 2 else dag.day)


def factorial(studie: Study, indicator: str) -> list[Specification]:
    """Return every combination of choices, the default first.

    Raises
    ------
    GebruikFout
        When there are more than `MEESTE`.
    """
    keuzes = options(studie, indicator)
    alle = [dict(zip(keuzes, waarden, strict=True)) for waarden in itertools.product(*keuzes.values())]
    if len(alle) > MEESTE:
        raise GebruikFout(
            f"het multiversum van {indicator} heeft {len(alle)} definities", verwacht=f"hooguit {MEESTE}"
        )
    return [Specification(k) for k in alle]


def one_at_a_time(studie: Study, indicator: str) -> list[Specification]:
    """Return one specification per choice: its last value (the farthest), the rest as by default."""
    keuzes = options(studie, indicator)
    niets = dict.fromkeys(keuzes, STANDAARD)
    return [Specification({**niets, k: waarden[-1]}) for k, waarden in keuzes.items() if len(waarden) > 1]


def definities(studie: Study, indicator: str) -> tuple[Result, ...]:
    """Return the results under all combinations of choices; unreleased, for `Study.geef_vrij`.

    Raises
    ------
    GebruikFout
        When there is no such indicator, or there are more than `MEESTE` combinations.
    """
    return tuple(run(studie, indicator, factorial(studie, indicator)))


def run(studie: Study, indicator: str, specificaties: list[Specification]) -> Iterator[Result]:
    """Compute the whole (no groups) under each specification; unreleased."""
    for spec in specificaties:
        yield replace(_compute(studie, indicator, spec), variant=spec.variant)


def _compute(studie: Study, indicator: str, spec: Specification) -> Result:
    tabellen: Tables = studie.pakket.tabellen
    params: dict[str, Any] = {}
    venster = studie.pakket.venster
    for keuze, waarde in spec.keuzes.items():
        if waarde == STANDAARD:
            continue
        if keuze in _LEZEN:
            tabellen = _LEZEN[keuze][str(waarde)](tabellen)
        elif keuze == "venster":
            venster = _windows(studie.pakket.venster)[str(waarde)]
        else:
            params[keuze] = waarde
    anders = replace(studie, pakket=replace(studie.pakket, tabellen=tabellen, geheugen={}))
    return anders.bereken(indicator, van=venster.begin, tot=venster.eind, **params)
