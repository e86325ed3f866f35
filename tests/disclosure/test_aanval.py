"""Random results against an attacker: nothing hidden can be calculated from what is shown."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from aanvaller import Lek, val_aan
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vrijgave_bouw import PROFIELEN, RESULTATEN, Wereld, beleid, wereldresultaat

from toekomstscenario_eval.disclosure.release import release

INSTELLING = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SOORTEN = ("A", "B", "C")
_INDELINGEN = (
    ("proeftuin",),
    ("gezinsprofiel",),
    ("proeftuin_soort",),
    ("proeftuin", "proeftuin_soort"),
    ("proeftuin", "proeftuin_soort", "gezinsprofiel"),
)


@st.composite
def cel(draw: st.DrawFn) -> dict[str, int]:
    """Return the numbers of one smallest cell: often nobody, often a few."""
    klein = st.integers(0, 6)
    n = draw(st.one_of(st.just(0), klein, st.integers(0, 40)))

    def tot(hoogste: int) -> int:
        soort = draw(st.integers(0, 3))
        if soort == 0:
            return 0
        return hoogste if soort == 1 else draw(st.integers(0, hoogste))

    duo = tot(n)
    kinderen = n + tot(n)
    perioden = duo + (tot(5) if duo else 0)
    langer = tot(perioden)
    geeindigd = tot(perioden)
    return {
        "huishoudens": n,
        "duo": duo,
        "kinderen": kinderen,
        "ots": tot(kinderen),
        "professionals": n + tot(3 * n),
        "perioden": perioden,
        "geeindigd": geeindigd,
        "langer_90": langer,
        "risico_90": tot(langer),
        "dagen": 40 * geeindigd + tot(geeindigd),
    }


@st.composite
def werelden(draw: st.DrawFn) -> Wereld:
    proeftuinen = [f"P{i}" for i in range(draw(st.integers(1, 8)))]
    soort = {p: draw(st.sampled_from(SOORTEN[: draw(st.integers(1, 3))])) for p in proeftuinen}
    profielen = PROFIELEN[: draw(st.integers(1, 3))]
    perioden = ["2024", "2025"][: draw(st.integers(1, 2))]
    cellen = {(j, p, f): draw(cel()) for j in perioden for p in proeftuinen for f in profielen}
    return Wereld(cellen, soort)


@st.composite
def uitgaven(draw: st.DrawFn) -> tuple[Wereld, dict[str, tuple[str, ...]]]:
    """Return a world, and which results are published about it with which breakdowns."""
    wereld = draw(werelden())
    namen = draw(st.lists(st.sampled_from(sorted(RESULTATEN)), min_size=1, max_size=4, unique=True))
    indelingen = {naam: draw(st.sampled_from(_INDELINGEN)) for naam in namen}
    if {"aandeel_duo", "duo_duur"} <= indelingen.keys():
        # How many have no duo follows from the two together; the share must be there to be judged.
        indelingen["duo_duur"] = indelingen["aandeel_duo"]
    return wereld, indelingen


def publiceer(wereld, indelingen, regels):
    return release([wereldresultaat(wereld, n, per) for n, per in indelingen.items()], beleid=regels)
