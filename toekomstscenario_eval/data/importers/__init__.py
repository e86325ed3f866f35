"""From a real export to a package, by a mapping that people can read and check."""

from __future__ import annotations

from toekomstscenario_eval.data.importers.importing import importeer
from toekomstscenario_eval.data.importers.report import ImportVerslag

__all__ = ["ImportVerslag", "importeer"]
