"""The tasks of a report: the same answers alone and with a helper."""

from __future__ import annotations

import gc
import math
import os

import pandas as pd
import pytest

from toekomstscenario_eval.making import tasks as taken
from toekomstscenario_eval.making import workers as samen
from toekomstscenario_eval.resources import SUPPORT_VARIABLE
from toekomstscenario_eval.study import Study


def test_a_helper_changes_no_number_and_no_order(voorbeeldpakket, monkeypatch):
    studie = Study.open(voorbeeldpakket, intern=True)
    lijst = [
        taken.Task(naam, {"per": "proeftuin_soort"}) for naam in ("aandeel_duo", "aandeel_ots", "duur_ots")
    ]
    grens = gc.get_threshold()
    alleen = taken.run(studie, lijst)
    assert gc.get_threshold() == grens
    # The helper starts at the front; by the time it is ready, this process may have done all the rest.
    monkeypatch.setenv(SUPPORT_VARIABLE, "1")
    monkeypatch.setattr(samen.os, "cpu_count", lambda: 2)
    with samen.helper(taken.load) as hulp:
        met_hulp = taken.run(studie, lijst, hulp)
    assert [r.sleutel for r in met_hulp] == [r.sleutel for r in alleen] == [t.indicator for t in lijst]
    for a, b in zip(alleen, met_hulp, strict=True):
        pd.testing.assert_frame_equal(a.schattingen, b.schattingen)
        pd.testing.assert_frame_equal(a.reeksen, b.reeksen)
        pd.testing.assert_frame_equal(a.uitsluitingen, b.uitsluitingen)


def test_a_choice_of_indicators_asks_nothing_else(voorbeeldpakket):
    studie = Study.open(voorbeeldpakket, intern=True)
    alle = taken.tasks(studie)
    gekozen = taken.tasks(studie, ("duo_duur", "wisselingen"))
    assert gekozen == [t for t in alle if getattr(t, "indicator", "") in {"duo_duur", "wisselingen"}]
    met_netwerk = taken.tasks(studie, ("samenwerkingsnetwerk",))
    assert (met_netwerk[0], met_netwerk[-1]) == (taken.NetworkTask(), taken.NetworkTask("jaar"))


def test_an_outcome_chosen_beforehand_is_asked_as_a_core_indicator_is(voorbeeldpakket):
    studie = Study.open(voorbeeldpakket, intern=True)
    naam = "herhaalde_duos"
    gewoon = taken.tasks(studie, (naam,))
    gekozen = taken.tasks(studie, (naam,), (naam,))
    # Proeftuinen from their start on, and all days by kind of region.
    assert [t.vraag.get("fase", "") for t in gewoon] == ["vanaf", ""]
    assert not any(t.toets for t in gewoon)
    per = ("proeftuin", "proeftuin_soort", "gezinsprofiel")
    assert gekozen[0] == taken.Task(naam, {"per": per, "fase": "vanaf"}, toets=True)
    assert taken.Task(naam, {"per": "proeftuin_soort", "periode": "jaar"}) in gekozen
    assert sum(t.definitie is not None for t in gekozen) > 1


def test_without_being_asked_there_is_no_helper(monkeypatch):
    monkeypatch.delenv(SUPPORT_VARIABLE, raising=False)
    with samen.helper(taken.load) as hulp:
        assert hulp is None


def test_work_is_answered_in_its_order_and_a_failure_of_the_helper_is_told(monkeypatch):
    monkeypatch.setenv(SUPPORT_VARIABLE, "1")
    monkeypatch.setattr(samen.os, "cpu_count", lambda: 2)
    with samen.helper(taken.load) as hulp:
        assert samen.both(hulp, [4, 9, 16, 25], here=math.isqrt, there=math.isqrt) == [2, 3, 4, 5]
        with pytest.raises(ValueError, match="nonnegative"):
            samen.both(hulp, [-1], here=math.isqrt, there=math.isqrt)
        with pytest.raises(ZeroDivisionError):
            samen.both(hulp, [4], here=math.isqrt, there=math.isqrt, first=lambda h: h.submit(_break))


def test_work_of_a_helper_that_was_stopped_is_done_here(monkeypatch):
    monkeypatch.setenv(SUPPORT_VARIABLE, "1")
    monkeypatch.setattr(samen.os, "cpu_count", lambda: 2)
    with samen.helper(taken.load) as hulp:
        assert samen.both(hulp, [4, 9], here=math.isqrt, there=_die) == [2, 3]


def _die(getal: int) -> int:
    os._exit(getal)


def _break() -> None:
    raise ZeroDivisionError
