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

from toekomstscenario_eval.data.package import Package
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
    """Return every combination of choices, the default first; in public only those with one choice changed.

    Raises
    ------
    GebruikFout
        When there are more than `MOST`.
    """
    choices = options(study, indicator)
    if not study.intern:
        nothing: dict[str, int | str] = dict.fromkeys(choices, DEFAULT)
        single = [{**nothing, k: waarde} for k, waarden in choices.items() for waarde in waarden[1:]]
        return [Specification(k) for k in (nothing, *single)]
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
    """Return the results under all combinations of choices (see `factorial`), for `Study.bundel`.

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
    params: dict[str, Any] = {}
    package, venster = study.pakket, study.pakket.venster
    before: list[Package] = []
    for choice, waarde in spec.keuzes.items():
        if waarde == DEFAULT:
            continue
        if choice in _READS:
            package = _read_as(package, _READS[choice][str(waarde)])
            before = _readings_before(study, choice, str(waarde))
        elif choice == "venster":
            venster = _windows(study.pakket.venster)[str(waarde)]
        else:
            params[choice] = waarde
    return replace(study, pakket=package).computed(
        indicator,
        bounds=(venster.begin, venster.eind),
        params=params,
        definition=spec.variant,
        readings=before,
    )


def _read_as(package: Package, reading: Callable[[Tables], Tables]) -> Package:
    return replace(package, tabellen=reading(package.tabellen), memory={})


def _readings_before(study: Study, choice: str, waarde: str) -> list[Package]:
    """Return the package as the ways to read it do that come before this one; none inside."""
    known = [(c, w) for c, readings in _READS.items() for w in readings]
    before = [] if study.intern else known[: known.index((choice, waarde))]
    fits = [r for c, w in before if _possible(r := _READS[c][w], study.pakket.tabellen)]
    return [_read_as(study.pakket, reading) for reading in fits]


def _possible(reading: Callable[[Tables], Tables], tables: Tables) -> bool:
    """Whether the package holds what a reading changes."""
    try:
        reading(tables)
    except KeyError:
        return False
    return True
