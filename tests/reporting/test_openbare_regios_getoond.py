"""Sites compared by protected counts as a report shows them: also those whose count is small."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.designs.test_openbare_regios import N, T, uitkomst
from toekomstscenario_eval.blocks import sites as s
from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.blocks.design_blocks import design_blocks
from toekomstscenario_eval.blocks.site_figures import funnel_figure
from toekomstscenario_eval.document.document import Alinea, Figuur, flat_text
from toekomstscenario_eval.document.english import in_english
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.types import SITE


def vrijgave(**anders):
    return bundle((uitkomst(**anders),))


@pytest.fixture(scope="module")
def openbaar():
    return vrijgave()


def test_all_sites_are_combined_and_placed(openbaar):
    sites = s.combine_sites(openbaar, "proef")
    assert len(sites.tabel) == len(N)
    assert np.isfinite(sites.tabel[["gekrompen", "krimp_onder", "krimp_boven", "omvang"]]).all(axis=None)
    assert sites.tabel["omvang"].tolist() == N
    tabel = s.funnel_table(openbaar, "proef", sites)
    assert "Omvang: gepubliceerd aantal huishoudens." in tabel.noten[0]
    assert {rij[-1].getoond for rij in tabel.rijen} <= {"binnen", "buiten 95%", "buiten 99,8%"}
    krimp = [rij[3].getoond for rij in s.sites_table(openbaar, "proef", sites).rijen]
    assert all(krimp)


def test_a_small_count_has_no_dot_and_a_reader_is_told(openbaar):
    trechter = funnel_figure(openbaar, "proef")
    zin = flat_text(s.funnel_sentence(s.combine_sites(openbaar, "proef")).inhoud)
    assert "4 regio's zijn niet getekend, omdat hun telling te klein is om hun cijfer te tonen" in zin
    # Of the sites with a share g5 is the smallest and g3 the largest.
    assert "Kleinste getoonde omvang: g5 met 58,3%. Grootste: g3 met 29,1%." in trechter.alt
    assert len(trechter.gegevens.rijen) == len(T)
    assert "nan" not in trechter.svg.lower()


def test_blocks_and_manifest(openbaar):
    blokken = design_blocks(openbaar, "proef", per=SITE)
    assert [type(b) for b in blokken] == [Alinea, Figuur, Alinea]
    (rij,) = derived(openbaar)
    assert set(rij["gekrompen"]) == {f"g{i}" for i in range(len(T))}


def test_without_a_comparison_stands_why():
    klein = vrijgave(n=[9, *N[1:]])
    (zin,) = design_blocks(klein, "proef", per=SITE)
    assert "ongeveer 20 huishoudens per regio" in flat_text(zin.inhoud)
    assert funnel_figure(klein, "proef") is None
    assert not list(derived(klein))


def test_of_exact_results_nothing_is_told(openbaar):
    groot = uitkomst(t=[20 + t for t in T], n=[20 + n for n in N])
    exact = dataclasses.replace(openbaar, resultaten=(dataclasses.replace(groot, publiek={}),))
    sites = s.combine_sites(exact, "proef")
    assert (sites.funnel.soort, len(sites.tabel)) == ("binomiaal", len(N))
    assert "niet getekend" not in flat_text(s.funnel_sentence(sites).inhoud)


@pytest.mark.parametrize("anders", [{}, {"n": [9, *N[1:]]}, {"t": [0, 0, 3, 0, 0, 4, 0, 0]}])
def test_what_is_told_is_in_english_too(anders):
    bron = vrijgave(**anders)
    zinnen = tuple(b for b in design_blocks(bron, "proef", per=SITE) if isinstance(b, Alinea))
    assert zinnen
    assert not in_english(zinnen)[1]
