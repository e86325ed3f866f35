"""Open the public counts beside a report: a release without data, key or cache."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from toekomstscenario_eval.estimators.networks import network_cards, network_results
from toekomstscenario_eval.estimators.networks.compared import OVERLEG, VERGELIJKING
from toekomstscenario_eval.periods import PERIODS
from toekomstscenario_eval.provenance import open_reading
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.summaries import facts, registry
from toekomstscenario_eval.summaries.breakdowns import labels
from toekomstscenario_eval.types import Card


def cards() -> Mapping[str, Card]:
    """Return the definition of everything that a release can hold, by name (or name and split)."""
    return {
        **{naam: what.card for naam, what in registry.all_indicators().items()},
        **facts.CARDS,
        network_results.NETWERK: network_cards.NETWERK,
        VERGELIJKING: network_cards.VERGELIJKING,
        OVERLEG: network_cards.OVERLEG,
        **{f"{network_results.NETWERK}/{periode}": network_cards.TIME for periode in PERIODS},
    }


def openbaar(map_: Path | str) -> Release:
    """Open the public counts that stand beside a report, with every number computed anew.

    Tables, figures and sentences take what this returns; its counts are `cellen` and `plekken`.

    Parameters
    ----------
    map_ : path
        Folder of a report, its folder `openbaar`, or an archive of `tks rapport --archief`.

    Raises
    ------
    InvoerFout
        When a file is absent or was changed, or this program has other definitions.

    Examples
    --------
    >>> verslag = openbaar("uit")                               # doctest: +SKIP
    >>> verslag.cellen                                          # doctest: +SKIP
    """
    return open_reading.load(Path(map_), cards=cards(), labels=labels())
