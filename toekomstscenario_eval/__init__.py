"""Evaluation of the proeftuinen of the Dutch Toekomstscenario kind- en gezinsbescherming.

What a notebook needs is offered here, so that one import is enough:

>>> import toekomstscenario_eval as tks
>>> studie = tks.Study.open()                                          # doctest: +SKIP
>>> resultaat = studie.bereken("aandeel_duo")                          # doctest: +SKIP
>>> tks.tabel(resultaat)                                               # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from toekomstscenario_eval.version import __version__

if TYPE_CHECKING:
    from toekomstscenario_eval.blocks.difference import verschil
    from toekomstscenario_eval.blocks.figure import figuur
    from toekomstscenario_eval.blocks.network import netwerk
    from toekomstscenario_eval.blocks.over_time import ontwerp
    from toekomstscenario_eval.blocks.population import populatie
    from toekomstscenario_eval.blocks.sentence import zin
    from toekomstscenario_eval.blocks.sites import regios
    from toekomstscenario_eval.blocks.specification import multiversum
    from toekomstscenario_eval.blocks.table import tabel
    from toekomstscenario_eval.making.conductor import Verslag
    from toekomstscenario_eval.making.federated import samenvoegen
    from toekomstscenario_eval.making.multiverse import definities
    from toekomstscenario_eval.making.open_release import openbaar
    from toekomstscenario_eval.making.planning import kracht
    from toekomstscenario_eval.report.network_section import netwerkverslag
    from toekomstscenario_eval.study import Study, kaart

__all__ = [
    "Study",
    "Verslag",
    "__version__",
    "definities",
    "figuur",
    "kaart",
    "kracht",
    "multiversum",
    "netwerk",
    "netwerkverslag",
    "ontwerp",
    "openbaar",
    "populatie",
    "regios",
    "samenvoegen",
    "tabel",
    "verschil",
    "zin",
]

_MODULES = {
    "Study": "study",
    "Verslag": "making.conductor",
    "definities": "making.multiverse",
    "figuur": "blocks.figure",
    "kaart": "study",
    "kracht": "making.planning",
    "multiversum": "blocks.specification",
    "netwerk": "blocks.network",
    "netwerkverslag": "report.network_section",
    "ontwerp": "blocks.over_time",
    "openbaar": "making.open_release",
    "populatie": "blocks.population",
    "regios": "blocks.sites",
    "samenvoegen": "making.federated",
    "tabel": "blocks.table",
    "verschil": "blocks.difference",
    "zin": "blocks.sentence",
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
