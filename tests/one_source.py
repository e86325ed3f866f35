"""A mapping of one source, read as an import reads it."""

from __future__ import annotations

from pathlib import Path

from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.importers.import_plan import load_plan
from toekomstscenario_eval.data.importers.mapping_model import ImportMapping


def load_mapping(path: Path) -> ImportMapping:
    """Return how the only source of a mapping is read when it is a text file."""
    plan = load_plan(path)
    (source,) = plan.sources
    return plan.mapping(source, formats.DEFAULT)
