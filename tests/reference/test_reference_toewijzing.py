"""Exact assignment against base R, which goes through all assignments and seeks the bounds by bisection.

`r/toewijzing.R` made the numbers; it counts what is within 1e-9 as a tie.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from toekomstscenario_eval.designs._assignment import compare

REFERENTIE = json.loads(Path(__file__).with_name("toewijzing.json").read_text())


@pytest.mark.parametrize("naam", [naam for naam in REFERENTIE if naam != "versies"])
def test_p_and_bounds_as_in_r(naam):
    r = REFERENTIE[naam]
    out = compare(np.array(r["first"], dtype=float), np.array(r["second"], dtype=float))
    found = [float(getattr(out, k)) for k in ("gap", "p", "under", "above")]
    assert found == pytest.approx([r[k] for k in ("gap", "p", "under", "above")], abs=1e-8)
