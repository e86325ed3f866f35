"""The definition multiverse: how much of a figure depends on choices that others could have made.

Choices: the `redelijk` values of the indicator's own parameters, whether the last day counts, who
counts as a professional, and the window. `factorial` runs every combination, `one_at_a_time` only
those that differ from the default in one choice. Whom the figure is about (the days before or from the start
of a proeftuin, and which regions) is another question and no other definition: it changes by itself only.
The default is proeftuinen, over all days of the window, where there are comparison regions too.
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
from toekomstscenario_eval.identity import (
    BEFORE,
    COMPARISON,
    DEFAULT,
    EVERYBODY,
    FROM,
    OTHERS,
    PHASE,
    PILOT,
    POPULATION,
    Variant,
)
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import phases, registry
from toekomstscenario_eval.types import SITE_KIND, Result, Venster

MOST = 400
# Choices of whom a figure is about.
AROUND = (PHASE, POPULATION)
Tables = Mapping[str, ir.Table]
Choices = Mapping[str, int | str]


def _last_day_counts(t: Tables) -> Tables:
    """Read the end of every spell as its last day, as some registrations do."""
    perioden = ("huishouden", "betrokkenheid", "maatregel", "ketenstap")
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
    out |= _populations(study)
    if study.intern:
        # In public there are whole years and the running window, and nothing in between.
        out["venster"] = (DEFAULT, *_windows(study.pakket.venster))
    return out


def _populations(study: Study) -> dict[str, tuple[int | str, ...]]:
    """Return whom else a figure can be about, as far as the package and the policy tell them apart."""
    kinds = phases.regions(study.pakket, study.pakket.venster)
    out: dict[str, tuple[int | str, ...]] = {}
    if PILOT in kinds and not phases.lacking(study.pakket):
        out[PHASE] = (DEFAULT, FROM, BEFORE)
    if {PILOT, COMPARISON} <= kinds.keys() and _fields(study):
        out[POPULATION] = (DEFAULT, OTHERS, EVERYBODY)
    return out


def _fields(study: Study) -> tuple[str, ...]:
    """Return the breakdown by kind of region, where it may be made."""
    known = phases.regions(study.pakket, study.pakket.venster)
    allowed = study.passage is None or SITE_KIND in study.passage.fields
    return (SITE_KIND,) if known and allowed else ()


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
    nothing: dict[str, int | str] = dict.fromkeys(choices, DEFAULT)
    alone = {k: w for k, w in choices.items() if not study.intern or k in AROUND}
    crossed = {k: w for k, w in choices.items() if k not in alone}
    every = [
        nothing | dict(zip(crossed, waarden, strict=True)) for waarden in itertools.product(*crossed.values())
    ]
    every += [{**nothing, k: waarde} for k, waarden in alone.items() for waarde in waarden[1:]]
    if len(every) > MOST:
        raise GebruikFout(
            f"het multiversum van {indicator} heeft {len(every)} definities", verwacht=f"hooguit {MOST}"
        )
    return [Specification(k) for k in every]


def one_at_a_time(study: Study, indicator: str) -> list[Specification]:
    """Return the default, and one specification per choice: its last value, the farthest.

    Of whom it is about every value but all regions together: a report adds those up nowhere.
    """
    choices = options(study, indicator)
    nothing: dict[str, int | str] = dict.fromkeys(choices, DEFAULT)
    out = [Specification(nothing)]
    for k, waarden in choices.items():
        others = [w for w in waarden[1:] if w != EVERYBODY] if k in AROUND else waarden[1:][-1:]
        out += [Specification({**nothing, k: w}) for w in others]
    return out


def definities(studie: Study, indicator: str) -> tuple[Result, ...]:
    """Return the results under all combinations of choices (see `factorial`), for `Study.bundel`.

    Raises
    ------
    GebruikFout
        When there is no such indicator, or there are more than `MOST` combinations.
    """
    return studie.shown(*run(studie, indicator, factorial(studie, indicator)))


def run(study: Study, indicator: str, specifications: list[Specification]) -> Iterator[Result]:
    """Compute the whole and its kinds of region under each specification; not yet in the register."""
    for spec in specifications:
        yield _compute(study, indicator, spec)


def _compute(study: Study, indicator: str, spec: Specification) -> Result:
    params: dict[str, Any] = {}
    package, venster = study.pakket, study.pakket.venster
    before: list[Package] = []
    phase = ""
    for choice, waarde in spec.keuzes.items():
        if waarde == DEFAULT:
            continue
        if choice in _READS:
            package = _read_as(package, _READS[choice][str(waarde)])
            before = _readings_before(study, choice, str(waarde))
        elif choice == PHASE:
            phase = str(waarde)
        elif choice == POPULATION:
            # It stands in the same result: the row of another kind of region, or the whole.
            continue
        elif choice == "venster":
            venster = _windows(study.pakket.venster)[str(waarde)]
        else:
            params[choice] = waarde
    return replace(study, pakket=package).computed(
        indicator,
        _fields(study),
        bounds=(venster.begin, venster.eind),
        params=params,
        definition=spec.variant,
        readings=before,
        fase=phase,
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
