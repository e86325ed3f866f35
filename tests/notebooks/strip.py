"""Take outputs and execution counts out of notebooks: `python tests/notebooks/strip.py FILE ...`."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat


def strip(pad: Path) -> bool:
    """Strip one notebook in place and return whether anything changed."""
    bron = pad.read_text(encoding="utf-8")
    nb = nbformat.reads(bron, as_version=4)
    for cel in nb.cells:
        if cel.cell_type == "code":
            cel.outputs, cel.execution_count = [], None
    schoon = nbformat.writes(nb).rstrip("\n") + "\n"
    if schoon != bron:
        pad.write_text(schoon, encoding="utf-8")
    return schoon != bron


if __name__ == "__main__":
    gewijzigd = [strip(Path(naam)) for naam in sys.argv[1:]]
    sys.exit(int(any(gewijzigd)))
