"""What leaves does not depend on what is asked first, or together with what."""

from __future__ import annotations

import pandas as pd
import pytest

from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.study import Study

INDICATORS = ("professionals_per_huishouden", "duur_ots")
FIELDS = ("proeftuin", "gezinsprofiel", "proeftuin_regio")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return make_example(tmp_path_factory.mktemp("volgorde") / "pakket", huishoudens=300, seed=2026)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_a_breakdown_asked_alone_is_the_same_as_among_others(package, indicator):
    together = Study.open(package).bereken(indicator, per=FIELDS).publiek
    for field in FIELDS:
        alone = Study.open(package).bereken(indicator, per=(field,)).publiek
        for per in ("", field):
            pd.testing.assert_frame_equal(alone[per].cellen, together[per].cellen)
            pd.testing.assert_frame_equal(alone[per].plekken, together[per].plekken)
