"""The tasks of a report: the same answers alone and with a helper."""

from __future__ import annotations

import gc

import pandas as pd

from toekomstscenario_eval import taken
from toekomstscenario_eval.study import Study


def test_a_helper_changes_no_number_and_no_order(voorbeeldpakket, monkeypatch):
    studie = Study.open(voorbeeldpakket)
    lijst = [
        taken.Taak(naam, {"per": "proeftuin_soort"}) for naam in ("aandeel_duo", "aandeel_ots", "duur_ots")
    ]
    monkeypatch.delenv(taken.HULP_VARIABELE, raising=False)
    grens = gc.get_threshold()
    alleen = taken.run(studie, lijst)
    assert gc.get_threshold() == grens
    # The helper starts at the front; by the time it is ready, this process may have done all the rest.
    monkeypatch.setenv(taken.HULP_VARIABELE, "1")
    monkeypatch.setattr(taken.os, "cpu_count", lambda: 2)
    samen = taken.run(studie, lijst)
    assert [r.sleutel for r in samen] == [r.sleutel for r in alleen] == [t.indicator for t in lijst]
    for a, b in zip(alleen, samen, strict=True):
        pd.testing.assert_frame_equal(a.schattingen, b.schattingen)
        pd.testing.assert_frame_equal(a.reeksen, b.reeksen)
        pd.testing.assert_frame_equal(a.uitsluitingen, b.uitsluitingen)
