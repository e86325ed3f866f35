"""Whether households of one region are alike, and kinds can be exchanged: from the data, or not said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tests.vrijgave_bouw import aandeel, resultaat
from toekomstscenario_eval.blocks.sites import combine_sites, sites_sentence
from toekomstscenario_eval.designs._alike import within_kinds
from toekomstscenario_eval.designs._sites import site_data
from toekomstscenario_eval.designs.meta import agreement, compared_sites
from toekomstscenario_eval.document.document import flat_text
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.report.methods import _independent, exchangeable
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.types import SITE, SITE_KIND, Kind, Status, Vorm


def regions(first, second, n=(400, 400)):
    """Return a share by region of two kinds, each of so many households."""
    rows = [aandeel("", TOTAAL, 500, 1000)]
    for kind, shares, size in zip(("proeftuin", "vergelijking"), (first, second), n, strict=True):
        rows.append(aandeel(SITE_KIND, kind, 300, 1000))
        rows += [
            aandeel(SITE, f"{kind}{i}", round(size * p), size, stratum=kind) for i, p in enumerate(shares)
        ]
    return bundle((resultaat(Kind.AANDEEL, rows),)).resultaten[0]


def test_q_is_within_kinds_and_as_of_a_table():
    """The kinds differ a lot, regions of one kind by chance: chi-squared of two tables."""
    r = regions([0.40, 0.42, 0.38, 0.41], [0.10, 0.11, 0.09])
    found = within_kinds(site_data(r))
    assert found.df == 5
    assert found.p == pytest.approx(float(stats.chi2.sf(found.q, 5)))
    tables = [
        np.array([[400 * p, 400 * (1 - p)] for p in part])
        for part in ([0.4, 0.42, 0.38, 0.41], [0.1, 0.11, 0.09])
    ]
    chi = sum(stats.chi2_contingency(t.round(), correction=False).statistic for t in tables)
    assert found.q == pytest.approx(chi, rel=0.02)
    assert not found.clear


@pytest.mark.parametrize(("first", "second", "tested"), [(6, 3, 6), (3, 3, 0), (6, 4, 10), (3, 5, 5)])
def test_only_what_was_tested_is_corrected_for(first, second, tested):
    """With fewer than four regions of a kind these are not held against each other."""
    found = compared_sites(site_data(regions([0.4] * first, [0.1] * second)))
    assert found.tested.sum() == tested
    assert not found.deviating.any()


def test_an_untested_region_takes_nothing_from_the_others():
    """A p between 5% of nine and 5% of six stays below the bound of the six that were tested."""
    shares = [0.4, 0.41, 0.39, 0.42, 0.38, 0.475]
    alone, beside = (site_data(regions(shares, [0.1] * n)) for n in (0, 3))
    p = agreement(alone.y, alone.se)
    assert 0.05 / 9 < p.min() < 0.05 / 6
    assert compared_sites(alone).deviating.tolist() == [False] * 5 + [True]
    assert compared_sites(beside).deviating.tolist() == [False] * 5 + [True] + [False] * 3


def test_no_freedom_is_no_answer():
    r = regions([0.4, 0.5, 0.6], [0.1])
    assert within_kinds(site_data(r)).df == 2
    kinds = [f"soort{i}" for i in range(4)]
    rows = [aandeel("", TOTAAL, 500, 1000)]
    rows += [aandeel(SITE, kind, 100 + 10 * i, 400, stratum=kind) for i, kind in enumerate(kinds)]
    alone = bundle((resultaat(Kind.AANDEEL, rows),)).resultaten[0]
    assert within_kinds(site_data(alone)) is None


@pytest.mark.parametrize(
    ("first", "status", "text"),
    [
        ([0.2, 0.4, 0.6, 0.3], Status.GEFAALD, "lijken op elkaar"),
        ([0.40, 0.42, 0.38, 0.41], Status.NVT, "niet aangetoond, en ook niet uitgesloten"),
    ],
)
def test_independence_follows_from_the_regions(first, status, text):
    ((assumption, _),) = _independent({}, regions(first, [0.10, 0.11, 0.09]))
    assert assumption.status is status
    assert text in assumption.uitkomst
    assert assumption.verdict == ("gefaald" if status is Status.GEFAALD else "niet te toetsen")


@pytest.mark.parametrize("first", [[0.2, 0.4, 0.6, 0.3], [0.40, 0.42, 0.38, 0.44], [0.40, 0.40, 0.41]])
def test_what_is_beyond_chance_is_the_same_in_every_chapter(first):
    """The assumptions and the sentence on regions tell one and the same part, also where nothing is shown."""
    release = bundle((regions(first, [0.10, 0.18, 0.09]),))
    ((_, remark),) = _independent({}, release.resultaten[0])
    sites = combine_sites(release, "proef")
    assert remark == f" (I² {number(sites.i2, Vorm.AANDEEL)})"
    assert remark[5:-1] in flat_text(sites_sentence(sites).inhoud)


def test_without_regions_independence_is_not_said_to_be_tested():
    r = regions([0.2, 0.4, 0.6], [0.1, 0.3, 0.2])
    whole = replace(r, schattingen=r.schattingen[r.schattingen["uitsplitsing"].ne(SITE)])
    ((assumption, _),) = _independent({}, whole)
    assert assumption.verdict == "niet te toetsen"
    assert assumption.uitkomst.startswith("cijfers van alle regio's apart zijn er niet")


def test_kinds_that_are_less_sure_cannot_be_exchanged():
    first, second = [0.40, 0.42, 0.38, 0.41, 0.39, 0.40], [0.41, 0.40, 0.38]
    even, uneven = (exchangeable(regions(first, second, n=(400, few))) for few in (400, 60))
    assert (even.verdict, uneven.verdict) == ("niet te toetsen", "gefaald")
    assert "te snel iets" in uneven.uitkomst
    # Regions that are surer make the test careful, which is no fault.
    assert exchangeable(regions(first, second, n=(60, 400))).verdict == "niet te toetsen"
    # Without a p there is nothing to assume.
    assert exchangeable(regions([0.2, 0.4, 0.6], [0.3])) is None
