"""Groups of one breakdown compared from published counts: `group_tests` for what is public.

Nothing here is computed of anything but the counts that stand in the open files, so that anybody can do it
again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from toekomstscenario_eval.compared_groups import Comparison
from toekomstscenario_eval.estimators.cells.duration_tests import duration_tests
from toekomstscenario_eval.estimators.cells.score_tests import score_tests
from toekomstscenario_eval.estimators.group_tests import Row, comparisons
from toekomstscenario_eval.identity import UNKNOWN
from toekomstscenario_eval.types import SITE, Kind, Result

_Calculator = Callable[[Result, Comparison, Sequence[str]], Iterator[Row]]
_FOLLOWS = "bij deze soort volgt het verschil uit de cijfers van de groepen zelf"
_INSIDE = "van deze soort zijn er geen toetsen uit openbare tellingen"
# The tests of each kind, given the groups that are known; or in Dutch why there are none.
_TESTS: Mapping[Kind, _Calculator | str] = {
    Kind.AANDEEL: _FOLLOWS,
    Kind.AANTAL: _FOLLOWS,
    Kind.DUUR: duration_tests,
    Kind.HERHAALD: _FOLLOWS,
    Kind.SCORE: score_tests,
    Kind.MATRIX: _INSIDE,
    Kind.NETWERK: _INSIDE,
    Kind.KENMERK: _FOLLOWS,
    Kind.TELLING: _FOLLOWS,
}


def compared(result: Result, comparison: Comparison) -> Result:
    """Return a public result with the tests between its groups.

    A row may name the groups that it is about (`groepen`) and the sites that it also rests on (`regios`).
    """
    calculate, naar = _TESTS[result.card.kind], comparison.naar
    if isinstance(calculate, str):
        return replace(result, vergelijking=replace(comparison, reden=calculate))
    places = result.publiek[naar].plekken
    groepen = comparison.groepen or sorted(set(places["groep"]) - {UNKNOWN})
    rows: list[Row] = []
    if len(groepen) > 1:
        for row in calculate(result, comparison, groepen):
            spots = [(naar, g) for g in row.pop("groepen", groepen)]
            spots += [(SITE, naam) for naam in row.pop("regios", ())]
            rows.append({**row, "uitsplitsing": naar, "plekken": tuple(dict.fromkeys(spots))})
    return replace(result, toetsen=comparisons(rows), vergelijking=comparison)
