"""Staggered starts: regions that started beside those that had not, wave by wave and period by period.

The mean over waves of group-time effects (`_waves.py`), each wave weighing by its regions. Periods in
which part of what was seen lies after the start belong to neither side (anticipation). The test and the
interval come from every way in which the starts could have been handed to the regions
(`_start_assignments.py`); each way is divided by its own error, of the households of its regions and of
what a region and period varies beyond that, so that regions of unequal size are not taken for alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from toekomstscenario_eval.designs import Design, Made, Released
from toekomstscenario_eval.designs._assignment import Outcome, no_surer
from toekomstscenario_eval.designs._checked import numbers_of
from toekomstscenario_eval.designs._effect import (
    Effect,
    Part,
    regions_left,
    without_test,
)
from toekomstscenario_eval.designs._panel import NEVER, PUBLIC, Floats, Panel
from toekomstscenario_eval.designs._start_assignments import Starts, assign, possible, starts
from toekomstscenario_eval.designs._waves import Aggregation, Control, Kept, NoComparison, linear, usable
from toekomstscenario_eval.types import SITE

CARD = Design(
    label="Gespreide start",
    vraag="Hoeveel meer veranderde het cijfer in proeftuinen die begonnen dan in regio's die nog niet "
    "begonnen, of nooit?",
    assumption="Zonder de proef waren proeftuinen en regio's die nog niet begonnen gelijk op gegaan, en "
    "de start "
    "had bij elke regio kunnen vallen.",
    grens="Of de regio's zonder de proef echt gelijk op waren gegaan: er is niet geloot, en proeftuinen "
    "kozen "
    "zelf om mee te doen.",
    per=SITE,
    order=8,
    code="gespreide_start",
    panel=True,
    beside="bovenop wat veranderde in regio's die niet waren begonnen",
    methode="Gespreide start: per golf en periode het verschil met de laatste periode helemaal voor de "
    "start, min "
    "hetzelfde in vergelijkingsregio's (of, met minder dan twee daarvan, in proeftuinen die nog niet waren "
    "begonnen); daarvan het gemiddelde, elke golf naar haar aantal proeftuinen (Callaway en Sant'Anna "
    "2021). De "
    "p-waarde is het deel van alle manieren waarop de starts over de regio's verdeeld hadden kunnen zijn "
    "die een "
    "minstens zo grote verandering geven, elk gedeeld door haar eigen fout; het interval bevat elke "
    "verandering "
    "die deze toets niet verwerpt. Het interval is nooit zekerder dan de huishoudens en de ruis toelaten. "
    + PUBLIC,
)
AGGREGATION: Aggregation = "groep"
# Of more ways than this a sample is drawn.
MOST = 250_000
_LEAST_CONTROLS = 2


def effect(panel: Panel) -> Effect:
    """Return the change in pilots that started beyond that in regions that had not."""
    setup = _setup(panel)
    if isinstance(setup, Effect):
        return setup
    kept, form_of, left = setup
    units, y = kept.units, panel.y[kept.units]
    start = panel.start[units]
    levels, form = form_of(start)
    test = starts(start, levels, form, most=MOST)
    ways = possible(test)
    own = np.where((form != 0).any(axis=0), panel.v[units], 0.0)
    if not np.isfinite(own).all():
        return Effect(reason="van een regio is de onzekerheid niet bekend", left=left)
    found = assign(y, test, own=own)
    at = np.asarray
    out = no_surer(
        Outcome(at(found.estimate), at(found.p), at(found.under), at(found.above)),
        at(_own(panel, units, test)),
    )
    pilots = int((start < len(panel.periods)).sum())
    return without_test(
        Effect(
            float(out.gap),
            float(out.under),
            float(out.above),
            float(out.p),
            ways.kleinste,
            ways.aantal,
            pilots=pilots,
            comparison=int((panel.start[units] == NEVER).sum()),
            periods=len(panel.periods),
            left=left,
            method="alle verdelingen van de starts"
            if ways.alle
            else "een steekproef uit de verdelingen van de starts",
        )
    )


Setup = tuple[Kept, Callable[[Floats], tuple[Floats, Floats]], tuple[str, ...]]


def _setup(panel: Panel) -> Effect | Setup:
    """Return who takes part and the form of the starts; an effect with its reason when there is none."""
    periods = len(panel.periods)
    inside = panel.pilots & (panel.start < periods)
    if not inside.any():
        return Effect(reason="geen proeftuin begon binnen het venster")
    ahead = anticipation(panel)

    def form_of(start: Floats, aggregation: Aggregation = AGGREGATION) -> tuple[Floats, Floats]:
        return linear(
            start, periods, control=control(start, periods), anticipation=ahead, aggregation=aggregation
        )

    try:
        kept = usable(panel.y, panel.start, lambda start: form_of(start)[1], anticipation=ahead)
        if not (panel.pilots & kept.units).any():
            raise NoComparison("no pilot left")
        form_of(panel.start[kept.units])
    except NoComparison:
        return Effect(
            reason="geen proeftuin heeft een periode helemaal voor de start met regio's ernaast die nog niet "
            "waren begonnen"
        )
    left = regions_left(
        geen_periode_helemaal_voor_de_start=kept.early,
        begonnen_na_het_venster=kept.late,
        te_weinig_huishoudens_in_een_periode=kept.missing,
    )
    return kept, form_of, left


def control(start: Floats, periods: int) -> Control:
    """Return which regions are the comparison: those that never start, when there are two or more."""
    return "nooit" if (start >= periods).sum() >= _LEAST_CONTROLS else "nog_niet"


def anticipation(panel: Panel) -> int:
    """Return how many periods before the start belong to neither side, of the pilot with most of them."""
    mixed = ~panel.clean & ~panel.treated & (panel.start < len(panel.periods))[:, None]
    return int(mixed.sum(axis=1).max(initial=0))


def _own(panel: Panel, units: np.ndarray, test: Starts) -> float:
    """Return the standard error of the change by its households and the noise alone."""
    weight = (test.form / np.maximum(test.ways.size, 1)[:, None])[test.ways.seen]
    v = np.where(weight != 0, panel.v[units], 0.0)
    return float(np.sqrt((weight**2 * v).sum()))


def details(panel: Panel) -> Iterator[Part]:
    """Yield the change by periods since the start, each with its own interval; before it without one."""
    setup = _setup(panel)
    if isinstance(setup, Effect):
        return
    units = setup[0].units
    y, start = panel.y[units], panel.start[units]
    periods, ahead = len(panel.periods), anticipation(panel)
    first = int(start[start < periods].min())
    which = control(start, periods)
    for event in range(-first + 1, periods):
        try:
            levels, form = linear(
                start, periods, control=which, anticipation=ahead, aggregation=("gebeurtenis", event)
            )
        except NoComparison:
            continue
        test = starts(start, levels, form, most=MOST // 10)
        if not np.isfinite(y[:, (form != 0).any(axis=0)]).all():
            continue
        found = assign(y, test, own=np.where((form != 0).any(axis=0), panel.v[units], 0.0))
        weight = (form / np.maximum(test.ways.size, 1)[:, None])[test.ways.seen]
        value = float((weight * np.nan_to_num(y)).sum())
        # Before the start there is no effect to take off, and so no interval of one.
        bounds = (found.under, found.above) if np.isfinite(found.estimate) else (np.nan, np.nan)
        yield Part(_since(event, ahead), value, *bounds)


def _since(event: int, ahead: int) -> str:
    if event >= 0:
        return f"periode {event + 1} na de start"
    before = f"{-event} {'periode' if event == -1 else 'perioden'} voor de start"
    return f"overgang, {before}, deels erna gevolgd" if -event <= ahead else before


def make(r: Released) -> Iterator[Made]:
    """Yield the change, that of each period since the start, and what its checks saw."""
    yield from numbers_of(r, "staggered_start", CARD, effect, details)
