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
from toekomstscenario_eval.identity import DEFAULT, Variant
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import Result, Venster

MOST = 400
Tables = Mapping[str, ir.Table]
Choices = Mapping[str, int | str]


def _last_day_counts(t: Tables) -> Tables:
    """Read the end of every spell as its last day, as some registrations do."""
    perioden = ("betrokkenheid", "maatregel", "ketenstap")
    day = ibis.interval(days=1)
    return {n: v.mutate(eind=(v.eind + day).cast("date")) if n in perioden else v for n, v in t.items()}


def _without_roles(t: Tables) -> Tables:
    """Leave out professionals who only think along on call."""
    b = t["betrokkenheid"]
    return {**t, "betrokkenheid": b.filter((b.rol != "consulent").fill_null(True))}


def _without_informal(t: Tables) -> Tables:
    """Leave out informal support and experts by experience."""
    o = t["organisatie"]
    own = o.filter(o.soort.isin(("informeel", "ervaringsdeskundig")))
    return {**t, "betrokkenheid": t["betrokkenheid"].anti_join(own, "organisatie_id")}


# choice -> value -> how it changes the tables; each needs the tables and columns that are named.
_READS: Mapping[str, Mapping[str, Callable[[Tables], Tables]]] = {
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
        return Variant(definitie=tuple((k, str(v)) for k, v in self.keuzes.items() if v != DEFAULT))


def options(study: Study, indicator: str) -> dict[str, tuple[int | str, ...]]:
    """Return the choices that fit an indicator, each with its values, the default first."""
    card = registry.find(indicator).card
    out: dict[str, tuple[int | str, ...]] = {
        naam: (DEFAULT, *(w for w in param.redelijk if w != param.standaard))
        for naam, param in card.params.items()
        if param.redelijk
    }
    if {"betrokkenheid", "maatregel", "ketenstap"} & set(card.tabellen):
        out["laatste dag"] = (DEFAULT, *_READS["laatste dag"])
    if "betrokkenheid" in card.tabellen and {"betrokkenheid", "organisatie"} <= set(study.pakket.tabellen):
        out["wie telt mee"] = (DEFAULT, *_READS["wie telt mee"])
    if study.intern:
        # In public there are whole years and the running window, and nothing in between.
        out["venster"] = (DEFAULT, *_windows(study.pakket.venster))
    return out


def _windows(venster: Venster) -> dict[str, Venster]:
    """Return the other windows that are at least half a year long."""
    last = Venster(max(venster.begin, _years_back(venster.eind, 1)), venster.eind)
    later = date(venster.begin.year, 7, 1) if venster.begin.month < 7 else date(venster.begin.year + 1, 1, 1)
    out = {}
    if last != venster and last.dagen >= 180:
        out["laatste jaar"] = last
    if later < venster.eind and (venster.eind - later).days >= 180 and later != venster.begin:
        out["zonder begin"] = Venster(later, venster.eind)
    return out


def _years_back(day: date, years: int) -> date:
    # 29 February has no counterpart in the year before.
    return date(day.year - years, day.month, min(day.day, 28) if day.month == 2 else day.day)


def factorial(study: Study, indicator: str) -> list[Specification]:
    """Return every combination of choices, the default first.

    Raises
    ------
    GebruikFout
        When there are more than `MOST`.
    """
    choices = options(study, indicator)
    every = [dict(zip(choices, waarden, strict=True)) for waarden in itertools.product(*choices.values())]
    if len(every) > MOST:
        raise GebruikFout(
            f"het multiversum van {indicator} heeft {len(every)} definities", verwacht=f"hooguit {MOST}"
        )
    return [Specification(k) for k in every]


def one_at_a_time(study: Study, indicator: str) -> list[Specification]:
    """Return one specification per choice: its last value (the farthest), the rest as by default."""
    choices = options(study, indicator)
    nothing = dict.fromkeys(choices, DEFAULT)
    return [Specification({**nothing, k: waarden[-1]}) for k, waarden in choices.items() if len(waarden) > 1]


def definities(studie: Study, indicator: str) -> tuple[Result, ...]:
    """Return the results under all combinations of choices, for `Study.bundel`.

    Raises
    ------
    GebruikFout
        When there is no such indicator, or there are more than `MOST` combinations.
    """
    return studie.shown(*run(studie, indicator, factorial(studie, indicator)))


def run(study: Study, indicator: str, specifications: list[Specification]) -> Iterator[Result]:
    """Compute the whole (no groups) under each specification; the register does not know of them yet."""
    for spec in specifications:
        yield _compute(study, indicator, spec)


def _compute(study: Study, indicator: str, spec: Specification) -> Result:
    tables: Tables = study.pakket.tabellen
    params: dict[str, Any] = {}
    venster = study.pakket.venster
    for choice, waarde in spec.keuzes.items():
        if waarde == DEFAULT:
            continue
        if choice in _READS:
            tables = _READS[choice][str(waarde)](tables)
        elif choice == "venster":
            venster = _windows(study.pakket.venster)[str(waarde)]
        else:
            params[choice] = waarde
    # The passage knows a definition of the package itself by its being the package itself.
    otherwise = study
    if tables is not study.pakket.tabellen:
        otherwise = replace(study, pakket=replace(study.pakket, tabellen=tables, memory={}))
    bounds = (venster.begin, venster.eind)
    return otherwise.computed(indicator, bounds=bounds, params=params, definition=spec.variant)
