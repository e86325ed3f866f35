"""Evaluation of the proeftuinen of the Dutch Toekomstscenario kind- en gezinsbescherming.

What a notebook needs is offered here, so that one import is enough:

>>> import toekomstscenario_eval as tks
>>> studie = tks.Study.open()                                          # doctest: +SKIP
>>> vrijgave = studie.geef_vrij(studie.bereken("aandeel_duo"))         # doctest: +SKIP
>>> tks.tabel(vrijgave, "aandeel_duo")                                 # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toekomstscenario_eval.multiverse import definities
    from toekomstscenario_eval.reporting.difference import verschil
    from toekomstscenario_eval.reporting.figure import figuur
    from toekomstscenario_eval.reporting.network import netwerk
    from toekomstscenario_eval.reporting.network_section import netwerkverslag
    from toekomstscenario_eval.reporting.population import populatie
    from toekomstscenario_eval.reporting.sentence import zin
    from toekomstscenario_eval.reporting.sites import regios
    from toekomstscenario_eval.reporting.specification import multiversum
    from toekomstscenario_eval.reporting.table import tabel
    from toekomstscenario_eval.study import Study, kaart
    from toekomstscenario_eval.verslag import Verslag

__version__ = "0.1.0"
__all__ = [
    "Study",
    "Verslag",
    "__version__",
    "definities",
    "figuur",
    "kaart",
    "multiversum",
    "netwerk",
    "netwerkverslag",
    "populatie",
    "regios",
    "tabel",
    "verschil",
    "zin",
]

_MODULES = {
    "Study": "study",
    "Verslag": "verslag",
    "definities": "multiverse",
    "figuur": "reporting.figure",
    "kaart": "study",
    "multiversum": "reporting.specification",
    "netwerk": "reporting.network",
    "netwerkverslag": "reporting.network_section",
    "populatie": "reporting.population",
    "regios": "reporting.sites",
    "tabel": "reporting.table",
    "verschil": "reporting.difference",
    "zin": "reporting.sentence",
}

if not TYPE_CHECKING:
    # Loaded when first used: the libraries behind these take seconds, and `tks --help` needs none.
    # Hidden from type checkers, which would take any name for good.
    def __getattr__(naam: str) -> object:
        if naam not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {naam!r}")
        return getattr(importlib.import_module(f"{__name__}.{_MODULES[naam]}"), naam)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
