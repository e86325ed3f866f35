"""A sentence that says something of the numbers follows from them: held against numbers, not a text."""

from __future__ import annotations

import dataclasses
import itertools
import re

import numpy as np
import pytest

from tests.designs.test_openbare_regios import N, T, uitkomst
from tests.vrijgave_bouw import aandeel, delen, resultaat
from toekomstscenario_eval.blocks import sites as s
from toekomstscenario_eval.blocks.sentence import range_sentence
from toekomstscenario_eval.blocks.site_figures import funnel_figure
from toekomstscenario_eval.document.document import flat_text
from toekomstscenario_eval.document.english import in_english, translate
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.report.plan import Plan
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.report.sections import s13_beperkingen
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.types import SITE, Kind


def met_intervallen(*grenzen):
    """A release of sites with these intervals; None for a site without one."""
    leeg = (np.nan, np.nan)
    rijen = [
        aandeel(SITE, f"r{i}", 5, 10, stratum="proeftuin" if i else "vergelijking")
        | dict(zip(("ondergrens", "bovengrens"), grens or leeg, strict=True))
        for i, grens in enumerate(grenzen)
    ]
    return bundle((resultaat(Kind.AANDEEL, [aandeel("", TOTAAL, 5, 10), *rijen]),))


def zin(vrijgave):
    return flat_text(range_sentence(vrijgave, "proef", per=SITE).inhoud)


@pytest.mark.parametrize(
    ("grenzen", "verwacht"),
    [
        ([(0.1, 0.3), (0.2, 0.4), (0.35, 0.5)], "in 2 van de 3 paren"),
        # Half-open in the eye of a reader too: what touches, overlaps.
        ([(0.1, 0.2), (0.2, 0.3)], "in elk paar"),
        ([(0.1, 0.2), (0.3, 0.4), (0.5, 0.6)], "in geen enkel paar"),
        ([(0.1, 0.2), (0.15, 0.4), None], "in elk paar"),
        ([(0.1, 0.2), None], ""),
    ],
)
def test_how_often_intervals_overlap_is_counted(grenzen, verwacht):
    tekst = zin(met_intervallen(*grenzen))
    assert ("De intervallen overlappen" in tekst) is bool(verwacht)
    assert f"overlappen {verwacht}." in tekst or not verwacht
    assert not in_english((range_sentence(met_intervallen(*grenzen), "proef", per=SITE),))[1]


def test_the_count_of_overlaps_is_that_of_every_pair_drawn_at_random():
    toeval = np.random.default_rng(3)
    for _ in range(20):
        midden, half = toeval.uniform(0.2, 0.8, 9), toeval.uniform(0.01, 0.15, 9)
        grenzen = list(zip(midden - half, midden + half, strict=True))
        echt = sum(
            bool((np.abs(midden[i] - midden[j])) <= half[i] + half[j])
            for i, j in itertools.combinations(range(9), 2)
        )
        getallen = re.search(r"overlappen in (\d+) van de (\d+) paren", zin(met_intervallen(*grenzen)))
        assert getallen is None or [int(g) for g in getallen.groups()] == [echt, 36]
        assert getallen is not None or echt in (0, 36)


def regios(t, *, openbaar):
    """Regions with so many households that have it; exact ones are larger, so that each has a figure."""
    n = N if openbaar else [k + 20 for k in N]
    r = uitkomst(t=t, r=[k - m for k, m in zip(n, t, strict=True)], n=n)
    return bundle((r if openbaar else dataclasses.replace(r, publiek={}),))


TRECHTERS = [
    (T, True),
    ([5, 4, 11, 18, 8, 5, 17, 10], True),
    ([25, 24, 31, 38, 28, 25, 37, 30], False),
    ([18, 16, 29, 45, 25, 18, 43, 29], False),
]


@pytest.mark.parametrize(("t", "openbaar"), TRECHTERS)
def test_the_caption_of_a_funnel_says_what_its_limits_are(t, openbaar):
    bron = regios(t, openbaar=openbaar)
    sites, fig = s.combine_sites(bron, "proef"), funnel_figure(bron, "proef")
    verbreed = sites.funnel.phi > 1
    assert ("verbreed" in fig.bijschrift) is verbreed
    assert ("niet van toeval" in fig.bijschrift) is not verbreed
    assert ("verbreed" in flat_text(s.funnel_sentence(sites).inhoud)) is verbreed
    if not verbreed:
        assert ("ruis in de tellingen" in fig.bijschrift) is (sites.funnel.ruis is not None)
    assert translate(fig.bijschrift)


def test_the_funnels_above_are_of_both_sorts():
    for openbaar in (True, False):
        phi = [
            s.combine_sites(regios(t, openbaar=soort), "proef").funnel.phi
            for t, soort in TRECHTERS
            if soort is openbaar
        ]
        assert {x > 1 for x in phi} == {True, False}


@pytest.mark.parametrize("aantal", [2, 4])
def test_how_many_sites_there_are_is_counted(aantal):
    vrijgave = met_intervallen(*[(0.1, 0.2)] * aantal)
    punt = s13_beperkingen.blocks(Report(vrijgave, Plan(), None))[-1].items[0][0].tekst
    proeftuinen = "1 proeftuin" if aantal == 2 else f"{aantal - 1} proeftuinen"
    assert f"{proeftuinen} en 1 vergelijkingsregio." in punt
    assert translate(punt)
    zonder = s13_beperkingen.blocks(Report(bundle((delen(("a", 3, 9), ("b", 4, 9)),)), Plan(), None))
    assert not re.search(r"\d", zonder[-1].items[0][0].tekst)
