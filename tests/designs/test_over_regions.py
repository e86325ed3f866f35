"""Regions like these: an interval over regions, for each kind apart, or why there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import toekomstscenario_eval as tks
from benchmarks.metingen_doelen import SHARE, studies
from tests.designs.test_openbare_regios import RUIS, N, R, T, cellen, uitkomst
from tests.vrijgave_bouw import aandeel, resultaat
from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.blocks.two_targets import both_targets, targets_table
from toekomstscenario_eval.designs._site_likelihood import SiteCounts
from toekomstscenario_eval.designs._sites import site_data
from toekomstscenario_eval.designs.meta import combine
from toekomstscenario_eval.designs.over_regions import over_regions
from toekomstscenario_eval.document.document import Alinea, flat_text
from toekomstscenario_eval.document.english import in_english
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.estimators.filling import fill
from toekomstscenario_eval.results import bundle, identified
from toekomstscenario_eval.types import SITE, SITE_KIND, Kind, Vorm

SOORTEN = ("proeftuin", "vergelijking")


def per_soort(t=T, r=R, n=N, *, proeftuinen=5):
    """A public result by site and by kind of site; the first ones are proeftuinen."""
    soort = [SOORTEN[i >= proeftuinen] for i in range(len(t))]
    kaal = uitkomst(t, r, n)
    samen = [[sum(x[i] for i in range(len(t)) if soort[i] == s) for s in SOORTEN] for x in (t, r, n)]
    publiek = {**kaal.publiek, SITE_KIND: cellen(list(SOORTEN), *samen, per=SITE_KIND)}
    strata = {f"g{i}": s for i, s in enumerate(soort)}
    return identified(fill(kaal, publiek, strata=strata))


def test_of_one_kind_by_the_likelihood_of_its_own_counts():
    found = over_regions(per_soort(), "proeftuin")
    m = SiteCounts(*(np.array(x[:5]) for x in (T, R, N)), RUIS).combined
    assert (found.aantal, found.reden, len(found.bronnen)) == (5, "", 5)
    for onze, logit in (
        (found.gemiddelde, m.gemiddelde),
        (found.ondergrens, m.ondergrens),
        (found.bovengrens, m.bovengrens),
    ):
        assert onze == pytest.approx(1 / (1 + np.exp(-logit)))
    assert over_regions(per_soort(), "vergelijking").bronnen != found.bronnen


@pytest.mark.parametrize(
    ("anders", "soort", "waarom"),
    [
        ({"proeftuinen": 6}, "vergelijking", "er zijn maar 2 regio's"),
        ({"t": [*T[:7], 20], "r": [*R[:7], 30], "proeftuinen": 7}, "vergelijking", "er is maar één regio"),
        ({"n": [9, *N[1:]]}, "proeftuin", "bij 1 van de 5 regio's tellen minder dan 10 huishoudens"),
        # A small region of the other kind does not matter.
        ({"n": [*N[:-1], 9]}, "proeftuin", ""),
    ],
)
def test_why_there_is_none(anders, soort, waarom):
    found = over_regions(per_soort(**anders), soort)
    assert waarom in found.reden
    assert bool(found.reden) is bool(waarom)
    assert bool(np.isnan(found.gemiddelde)) is bool(waarom)
    vrijgave = bundle((per_soort(**anders),))
    zin = both_targets(vrijgave, "proef", soort, opening="Proefmaat")
    tekst = flat_text(zin)
    assert ("regio's zoals deze: " in tekst) is not bool(waarom)
    assert ("geen interval te geven: " + found.reden in tekst) is bool(waarom)
    assert not in_english((Alinea(zin),))[1]


def test_without_sites_in_public_that_is_said():
    r = per_soort()
    zonder = replace(r, schattingen=r.schattingen[r.schattingen["uitsplitsing"].ne(SITE)])
    assert "niet openbaar" in over_regions(zonder, "proeftuin").reden
    tekst = flat_text(both_targets(bundle((zonder,)), "proef", "proeftuin", opening="Proefmaat"))
    assert tekst.startswith("Proefmaat, deze huishoudens in deze regio's: ")
    assert "Voor regio's zoals deze is geen interval te geven: cijfers van regio's apart" in tekst


def test_the_interval_over_regions_leads_and_both_are_named():
    vrijgave = bundle((per_soort(),))
    tekst = flat_text(both_targets(vrijgave, "proef", "proeftuin", opening="Proefmaat"))
    voor, na = tekst.index("regio's zoals deze: "), tekst.index("Deze huishoudens in deze regio's: ")
    assert voor < na
    assert "; 5 regio's)." in tekst[voor:na]
    assert "huishoudens)." in tekst[na:]
    tabel = targets_table(vrijgave, "proef")
    assert [rij[1].getoond for rij in tabel.rijen] == [
        "Regio's zoals deze",
        "Deze huishoudens in deze regio's",
    ] * 2
    # The names of the made up indicator and of its groups are no words of the software.
    assert in_english((tabel,))[1] <= {"Proefmaat", *SOORTEN}
    # Each number that stands there can be traced.
    rijen = {rij["getal_id"]: rij for rij in derived(vrijgave)}
    for rij in tabel.rijen[::2]:
        bron = rijen[rij[2].getal_id]
        assert bron["soort"] == "regio's zoals deze"
        assert rij[3].getal_id == f"{rij[2].getal_id}.interval"
        assert bron["ondergrens"] < bron["schatting"] < bron["bovengrens"]


def test_exact_means_by_knapp_and_hartung_on_the_carried_errors(voorbeeldpakket):
    """On the log scale, with the standard error of each site over its mean; a median says why not."""
    studie = tks.Study.open(voorbeeldpakket, intern=True)
    per = [SITE_KIND, SITE]
    bundel = studie.bundel(
        studie.bereken("professionals_per_huishouden", per=per), studie.bereken("duo_duur", per=per)
    )
    r, duur = bundel.resultaten
    s = r.schattingen
    eigen = s[s["maat"].eq("gemiddelde") & s["stratum"].eq("proeftuin")]
    m = combine(np.log(eigen["schatting"]), (eigen["standaardfout"] / eigen["schatting"]).to_numpy())
    found = over_regions(r, "proeftuin")
    assert found.aantal == len(eigen) == 11
    assert (found.gemiddelde, found.ondergrens, found.bovengrens) == pytest.approx(
        tuple(np.exp([m.gemiddelde, m.ondergrens, m.bovengrens]))
    )
    zin = flat_text(both_targets(bundel, duur.sleutel, "proeftuin", opening="Mediaan"))
    assert "van deze maat is er geen standaardfout" in zin
    assert "Gemiddelde duur binnen het eerste jaar in regio's zoals deze: " in zin


def test_coverage_of_both_targets():
    """Regions that differ .2 on the logit scale: the interval over households is about these alone."""
    for groot, hoogstens in ((200, 0.85), (1000, 0.6)):
        found = studies(groot, 0.2, times=300, public=0)
        assert found["huishoudens: deze huishoudens"] >= 0.93
        assert found["huishoudens: regio's zoals deze"] <= hoogstens
        assert 0.92 <= found["regio's: regio's zoals deze"] <= 0.985
    assert 0 < SHARE < 1


@pytest.mark.parametrize(("n", "spread"), [((400, 400), 0.3), ((40, 4000), 0.02), ((40, 4000), 0.3)])
def test_how_much_regions_weigh_is_what_was_computed(n, spread):
    """Weights are 1 / (se^2 + tau^2): said to be the same only where they are."""
    shares, sizes = [0.3, 0.3 + spread, 0.3, 0.3 - spread / 2], [n[0], n[1], n[1], n[1]]
    rows = [aandeel("", "totaal", 300, 1000), aandeel(SITE_KIND, "proeftuin", 300, 1000)]
    rows += [
        aandeel(SITE, f"g{i}", round(size * p), size, stratum="proeftuin")
        for i, (p, size) in enumerate(zip(shares, sizes, strict=True))
    ]
    release = bundle((resultaat(Kind.AANDEEL, rows),))
    sites = site_data(release.resultaten[0])
    weight = 1 / (sites.se**2 + combine(sites.y, sites.se).tau2)
    ratio = float(weight.max() / weight.min())
    assert over_regions(release.resultaten[0], "proeftuin").verhouding == pytest.approx(ratio)
    table = targets_table(release, "proef")
    noten = " ".join(table.noten)
    assert ("telt elke regio ongeveer even zwaar" in noten) is (ratio < 1.25)
    assert (f"ongeveer {number(ratio, Vorm.GETAL)} keer zo zwaar" in noten) is (ratio >= 1.25)
    assert not in_english((table,))[1] - {"proeftuin"}


def test_weights_of_protected_counts_follow_from_how_sure_each_is():
    halves = ([20] * 8, [20, *[400] * 7])
    even, uneven = (per_soort(t, t, [2 * x for x in t]) for t in halves)
    assert over_regions(even, "proeftuin").verhouding == pytest.approx(1)
    assert over_regions(uneven, "proeftuin").verhouding > 2
