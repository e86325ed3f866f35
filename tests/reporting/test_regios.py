"""Sites beside each other: what is derived from released numbers, and how it is shown."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import toekomstscenario_eval as tks
from toekomstscenario_eval.blocks import sites as s
from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.site_figures import funnel_figure
from toekomstscenario_eval.cli import app
from toekomstscenario_eval.designs import _sites
from toekomstscenario_eval.designs._combined import combine
from toekomstscenario_eval.designs._exact_sites import restricted_sites
from toekomstscenario_eval.designs.funnel import LARGEST_PHI, NIVEAU, overdispersion
from toekomstscenario_eval.designs.meta import shrink
from toekomstscenario_eval.document.document import Alinea, Figuur, Tabel, flat_text
from toekomstscenario_eval.document.english import in_english, translate
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout
from toekomstscenario_eval.estimators import count, share
from toekomstscenario_eval.estimators.intervals import wilson
from toekomstscenario_eval.provenance import trace
from toekomstscenario_eval.types import Vorm

SLEUTELS = (
    *("aandeel_duo", "aandeel_ots", "duo_duur", "instroom_ots", "uitkomsten"),
    "professionals_per_huishouden",
)


@pytest.fixture(scope="module")
def vrijgave(voorbeeldpakket):
    studie = tks.Study.open(voorbeeldpakket, intern=True)
    return studie.bundel(*(studie.bereken(naam, per=["proeftuin_soort", "proeftuin"]) for naam in SLEUTELS))


@pytest.mark.parametrize(("teller", "n"), [(7, 50), (0, 20), (20, 20), (1, 3), (2.5, 11.25)])
def test_effective_size_follows_from_the_standard_error(teller, n):
    """Of a share of nothing or all there is none: the households count, never more than the units."""
    p = teller / n
    fout = math.sqrt(p * (1 - p) / n) or np.nan
    rij = pd.DataFrame({"schatting": [p], "standaardfout": [fout], "n": [n], "noemer": [2.0 * n]})
    uit = _sites._shares(rij).iloc[0]
    bij = 0.5 if teller in (0, n) else 0
    assert uit["omvang"] == pytest.approx(n)
    assert uit["y"] == pytest.approx(np.log((teller + bij) / (n - teller + bij)))
    assert uit["se"] == pytest.approx(np.sqrt(1 / (teller + bij) + 1 / (n - teller + bij)))


def test_a_rate_of_nothing_has_its_own_exposure():
    kop = {"standaardfout": [np.nan, 0.05], "noemer": [40.0, 999.0]}
    uit = _sites._rates(pd.DataFrame({"schatting": [0.0, 0.2], **kop}))
    assert uit["omvang"][0] == 40
    assert uit["y"][0] == pytest.approx(np.log(0.5 / 40))
    # Poisson with this exposure has the standard error of the rate.
    assert math.sqrt(0.2 / uit["omvang"][1]) == pytest.approx(0.05)
    assert uit["se"][1] == pytest.approx(0.05 / 0.2)


# What sites are combined with, by one and the same data: the interval differs with how it was made.


@pytest.mark.parametrize(
    ("naam", "een", "ander"),
    [
        ("aandeel_ots", share.WILSON, share.CLOPPER_PEARSON),
        ("binnen_termijn", share.WILSON, share.CLOPPER_PEARSON),
    ],
)
def test_how_the_interval_was_made_plays_no_part(voorbeeldpakket, naam, een, ander):
    studie = tks.Study.open(voorbeeldpakket, intern=True)
    twee = [
        studie.bundel(studie.bereken(naam, per="proeftuin", interval=soort)).resultaten[0]
        for soort in (een, ander)
    ]
    breedte = [(r.schattingen["bovengrens"] - r.schattingen["ondergrens"]).sum() for r in twee]
    assert breedte[1] > 1.02 * breedte[0]
    sites = [_sites.site_data(r) for r in twee]
    np.testing.assert_allclose(sites[1].se, sites[0].se)
    np.testing.assert_allclose(sites[1].omvang, sites[0].omvang)


def test_the_error_of_a_negative_binomial_is_its_own(voorbeeldpakket):
    """On the log scale, of which this interval alone is made: as far as its own bounds."""
    studie = tks.Study.open(voorbeeldpakket, intern=True)
    r = studie.bereken("professionals_per_huishouden", interval=count.OVERDISPERSED)
    rij = r.schattingen[r.schattingen["maat"].eq("gemiddelde")].iloc[0]
    onder, boven = rij["ondergrens"], rij["bovengrens"]
    assert rij["standaardfout"] == pytest.approx(
        rij["schatting"] * math.log(boven / onder) / (2 * 1.959963984540054)
    )


@pytest.mark.parametrize("sleutel", ["aandeel_duo", "professionals_per_huishouden", "uitkomsten"])
def test_shrunken_figures_lie_between_site_and_mean(vrijgave, sleutel):
    sites = s.combine_sites(vrijgave, sleutel)
    # Each to the mean of its own kind: the mean that is told is that of the proeftuinen.
    sites = dataclasses.replace(sites, tabel=sites.tabel[~sites.tabel["apart"]])
    ruw, krimp = sites.tabel["schatting"], sites.tabel["gekrompen"]
    assert ((krimp - ruw) * (sites.gemiddelde - ruw) >= -1e-9).all()
    assert ((krimp - sites.gemiddelde).abs() <= (ruw - sites.gemiddelde).abs() + 1e-9).all()
    assert (sites.tabel["krimp_onder"] < krimp).all()
    assert (krimp < sites.tabel["krimp_boven"]).all()
    assert sites.tabel["groep"].is_monotonic_increasing


def test_all_sites_play_a_part_or_none(vrijgave):
    """Of who is left the mean would be another one; nothing is said, and why."""
    r = vrijgave.resultaat("aandeel_duo")
    weg = r.schattingen["groep"].eq(s.combine_sites(vrijgave, "aandeel_duo").tabel["groep"][0])
    tabel = r.schattingen.copy()
    tabel.loc[weg, "onderdrukt"] = True
    cijfers = ["schatting", "ondergrens", "bovengrens", "standaardfout", "n", "teller", "noemer"]
    tabel.loc[weg, cijfers] = np.nan
    anders = dataclasses.replace(
        vrijgave, resultaten=(dataclasses.replace(r, schattingen=tabel), *vrijgave.resultaten[1:])
    )
    assert s.combine_sites(anders, "aandeel_duo") is None
    assert funnel_figure(anders, "aandeel_duo") is None
    zin = flat_text(s.no_comparison(anders, "aandeel_duo").inhoud)
    assert "bij 1 van de 14 regio's" in zin
    assert "zou het gemiddelde verschuiven" in zin


def test_a_duration_is_compared_by_a_mean_that_every_site_has(vrijgave):
    """A median has no standard error; of the restricted mean one site of the example has none either."""
    r = vrijgave.resultaat("duo_duur")
    assert _sites.compared(r) == "gemiddelde_beperkt"
    assert "van deze maat is er geen standaardfout" in _sites.why_none(r, maat="mediaan")
    assert "bij 1 van de 14 regio's" in _sites.why_none(r)
    kop = figure(vrijgave, "duo_duur", per="proeftuin").bijschrift
    assert kop.startswith("Mediane duur van een duo per proeftuin")


def test_sites_without_any_event_are_not_combined(vrijgave):
    r = vrijgave.resultaat("aandeel_duo")
    tabel = r.schattingen.copy()
    leeg = tabel["uitsplitsing"].eq("proeftuin") & ~tabel["onderdrukt"]
    cijfers = ["schatting", "ondergrens", "bovengrens", "standaardfout"]
    tabel.loc[leeg, cijfers] = (0.0, *wilson(0, 40), np.nan)
    anders = dataclasses.replace(vrijgave, resultaten=(dataclasses.replace(r, schattingen=tabel),))
    assert s.combine_sites(anders, "aandeel_duo") is None
    # One site with an event is enough, and the empty ones then take part.
    tabel.loc[leeg.idxmax(), cijfers] = (0.1, *wilson(0.1, 40), math.sqrt(0.09 / 40))
    anders = dataclasses.replace(vrijgave, resultaten=(dataclasses.replace(r, schattingen=tabel),))
    sites = s.combine_sites(anders, "aandeel_duo")
    assert len(sites.tabel) == leeg.sum()
    assert (sites.tabel["gekrompen"] > 0).all()
    # By the exact likelihood of the counts: nothing is added to a zero, so the mean lies below that of
    # halves.
    data = _sites.site_data(anders.resultaten[0])
    own = data.of(~data.apart)
    exact = restricted_sites(own.tabel["schatting"] * own.omvang, own.omvang, soort="binomiaal")
    assert sites.gemiddelde == pytest.approx(1 / (1 + math.exp(-exact.gemiddelde)))
    assert sites.gemiddelde < 1 / (1 + math.exp(-combine(own.y, own.se).gemiddelde))
    # Public estimates have noise in them, which a likelihood of exact counts knows nothing of.
    public = shrink(dataclasses.replace(own, inside=False))
    assert public.gemiddelde == pytest.approx(1 / (1 + math.exp(-combine(own.y, own.se).gemiddelde)))


def test_the_mean_with_one_site_less_is_told(vrijgave):
    sites = s.combine_sites(vrijgave, "professionals_per_huishouden")
    own = sites.tabel[~sites.tabel["apart"]]
    data = _sites.site_data(vrijgave.resultaat("professionals_per_huishouden"))
    data = data.of(~data.apart)
    without = [
        math.exp(combine(np.delete(data.y, i), np.delete(data.se, i)).gemiddelde) for i in range(len(data.y))
    ]
    assert sites.one_less == pytest.approx((min(without), max(without)))
    far = int(np.argmax(np.abs(np.array(without) - sites.gemiddelde)))
    assert sites.most == own["naam"].iloc[far]
    text = flat_text(s.sites_sentence(sites).inhoud)
    assert f"het verschuift het meest zonder {sites.most}." in text
    assert translate(f"; het verschuift het meest zonder {sites.most}")
    made = next(
        d
        for d in derived(vrijgave)
        if "zonder_een_ondergrens" in d and d["resultaat"] == "professionals_per_huishouden"
    )
    assert (made["zonder_een_ondergrens"], made["zonder_een_bovengrens"]) == sites.one_less
    # What the report shows is found again by the id behind it.
    result = {"soort": "aantal", "maten": {sites.naam: {"label": "x", "vorm": sites.maat.vorm.value}}}
    shown = next(part for part in s.sites_sentence(sites).inhoud if "zonder_een" in getattr(part, "id", ""))
    row, entry = trace.find({}, shown.id, known={made["getal_id"]: (result, made)})[1:]
    assert (row, entry) == (made, "zonder_een")
    assert trace.shown(result, row, entry) == shown.tekst


def test_comparison_regions_stand_apart_in_a_funnel(vrijgave):
    """The limits lie around the proeftuinen together; without comparison regions they are the same."""
    sites = s.combine_sites(vrijgave, "aandeel_ots")
    apart = sites.tabel["apart"].to_numpy()
    assert sites.tabel["groep"][apart].tolist() == ["Steenmeer", "Wilgenoever", "Zuiderlaar"]
    eigen = sites.tabel[~apart]
    assert sites.doel == pytest.approx(np.average(eigen["schatting"], weights=eigen["omvang"]))
    assert sites.doel != pytest.approx(np.average(sites.tabel["schatting"], weights=sites.tabel["omvang"]))
    phi = overdispersion("binomiaal", *(eigen[k].to_numpy() for k in ("schatting", "omvang")), sites.doel)
    assert sites.funnel.phi == pytest.approx(phi)
    trechter = funnel_figure(vrijgave, "aandeel_ots")
    assert "om de proeftuinen samen" in trechter.bijschrift
    assert "Open vierkant: vergelijkingsregio" in trechter.bijschrift
    assert translate(trechter.bijschrift)
    assert "proeftuinen samen" in trechter.svg
    # Of a mean the target is weighted by precision: no figure of all households together.
    gemiddeld = funnel_figure(vrijgave, "professionals_per_huishouden")
    assert "om de proeftuinen, gewogen" in gemiddeld.bijschrift
    assert "roeftuinen samen" not in gemiddeld.bijschrift + gemiddeld.alt + gemiddeld.svg
    assert "roeftuinen samen" not in " ".join(gemiddeld.gegevens.noten)
    assert translate(gemiddeld.bijschrift)
    r = vrijgave.resultaat("aandeel_ots")
    alleen = dataclasses.replace(r, schattingen=r.schattingen[~r.schattingen["stratum"].eq("vergelijking")])
    bundel = dataclasses.replace(vrijgave, resultaten=(alleen,))
    zonder = funnel_figure(bundel, "aandeel_ots")
    assert "vergelijkingsregio" not in zonder.bijschrift
    assert s.combine_sites(bundel, "aandeel_ots").funnel.phi == pytest.approx(sites.funnel.phi, rel=0.05)


def test_comparison_regions_move_no_mean(vrijgave):
    """Combined among themselves: what is said of the proeftuinen is the same without them."""
    r = vrijgave.resultaat("professionals_per_huishouden")
    alleen = dataclasses.replace(r, schattingen=r.schattingen[~r.schattingen["stratum"].eq("vergelijking")])
    bundel = dataclasses.replace(vrijgave, resultaten=(alleen,))
    samen, apart = (s.combine_sites(v, r.sleutel) for v in (vrijgave, bundel))
    assert (samen.gemiddelde, samen.i2, samen.predict) == (apart.gemiddelde, apart.i2, apart.predict)
    eigen = samen.tabel[~samen.tabel["apart"]]
    np.testing.assert_allclose(eigen["gekrompen"], apart.tabel["gekrompen"])
    ander = samen.tabel[samen.tabel["apart"]]
    midden = ander["gekrompen"].mean()
    # Their own middle lies far from that of the proeftuinen, and they are drawn to it.
    assert abs(midden - ander["schatting"].mean()) < 0.2 * abs(midden - samen.gemiddelde)
    zin = s.sites_sentence(samen)
    # Three comparison regions are too few to be held against each other: they count for nothing.
    assert (samen.tested, apart.tested) == (11, 11)
    assert "11 vergelijkingen tegelijk" in flat_text(zin.inhoud)
    assert "een soort met minder dan 4 zijn niet apart getoetst" in flat_text(zin.inhoud)
    assert "niet apart getoetst" not in flat_text(s.sites_sentence(apart).inhoud)
    assert samen.deviating == apart.deviating
    assert "vergelijkbare proeftuin komt" in flat_text(zin.inhoud)
    assert "vergelijkbare regio komt" in flat_text(s.sites_sentence(apart).inhoud)
    assert not in_english((zin,))[1] - set(samen.deviating)


def test_no_funnel_where_regions_share_no_whole(voorbeeldpakket):
    """Without their kinds the comparison regions lie far from the rest: the factor stands there instead."""
    studie = tks.Study.open(voorbeeldpakket, intern=True)
    bundel = studie.bundel(studie.bereken("aandeel_duo", per="proeftuin"))
    r = bundel.resultaten[0]
    samen = dataclasses.replace(
        bundel, resultaten=(dataclasses.replace(r, schattingen=r.schattingen.assign(stratum="")),)
    )
    sites = s.combine_sites(samen, "aandeel_duo")
    assert sites.funnel.phi > LARGEST_PHI
    assert funnel_figure(samen, "aandeel_duo") is None
    zin = flat_text(s.funnel_sentence(sites).inhoud)
    assert zin.startswith("Er is geen trechter: regio's verschillen ")
    assert number(sites.funnel.phi, Vorm.GETAL) in zin
    # Beside so much spread nobody is said to be like the others.
    gelijk = dataclasses.replace(sites, deviating=())
    assert "wijkt geen enkele regio af" not in flat_text(s.sites_sentence(gelijk).inhoud)
    assert "niet één uit" in flat_text(s.sites_sentence(gelijk).inhoud)
    weinig = dataclasses.replace(gelijk, i2=0.2)
    assert "wijkt geen enkele regio af" in flat_text(s.sites_sentence(weinig).inhoud)
    (rij,) = [d for d in derived(samen) if d["soort"].startswith("regio's samengenomen")]
    assert rij["phi"] == pytest.approx(sites.funnel.phi)
    assert not any(naam.startswith("grens") for naam in rij)


@pytest.mark.parametrize("sleutel", ["aandeel_ots", "instroom_ots", "uitkomsten"])
def test_figures_say_what_they_show(vrijgave, sleutel):
    rups, trechter = figure(vrijgave, sleutel, per="proeftuin"), funnel_figure(vrijgave, sleutel)
    sites = s.combine_sites(vrijgave, sleutel)
    assert "(Holm)" in rups.bijschrift
    assert "(Holm)" in trechter.bijschrift
    assert "op alfabet" in rups.bijschrift
    for niveau, naam in NIVEAU.items():
        buiten = sites.tabel["groep"][sites.funnel.buiten[niveau]]
        assert f"Buiten de {naam}-grens: {', '.join(buiten) or 'geen regio'}." in trechter.alt
    for fig in (rups, trechter):
        assert len(fig.gegevens.rijen) == len(sites.tabel)
        assert all(naam in fig.svg for naam in ("gemiddelde",) if fig is rups)


def test_what_has_no_interval_is_not_compared(vrijgave):
    assert s.combine_sites(vrijgave, "duo_duur", maat="gemiddelde_beeindigd") is None
    assert funnel_figure(vrijgave, "duo_duur", maat="gemiddelde_beeindigd") is None
    (blok,) = tks.regios(vrijgave, "duo_duur", maat="gemiddelde_beeindigd").blokken
    assert isinstance(blok, Alinea)


def test_in_a_notebook(vrijgave):
    tabel, zin, trechter, bij = tks.regios(vrijgave, "aandeel_ots").blokken
    assert isinstance(tabel, Tabel)
    assert isinstance(trechter, Tabel)
    assert "(Holm)" in flat_text(zin.inhoud)
    assert "buiten de 95%-grens" in flat_text(bij.inhoud)
    (fig,) = tks.figuur(vrijgave, "aandeel_ots", trechter=True).blokken
    assert isinstance(fig, Figuur)
    with pytest.raises(GebruikFout, match="curve of een trechter"):
        tks.figuur(vrijgave, "duo_duur", trechter=True, curve=True)
    with pytest.raises(OnthullingsFout):
        tks.regios(vrijgave.resultaten[0].schattingen, "aandeel_duo")


def test_on_the_command_line(voorbeeldpakket):
    opdracht = ["bereken", "aandeel_duo", str(voorbeeldpakket), "--per", "proeftuin"]
    uit = CliRunner().invoke(app, opdracht)
    assert uit.exit_code == 0
    assert "regio's naast elkaar" in uit.output
    assert "Naar het midden getrokken" in uit.output
    assert "Er is geen trechter" in uit.output
    assert "(Holm)" in uit.output
    uit = CliRunner().invoke(app, [*opdracht[:1], "aandeel_ots", *opdracht[2:], "--intern"])
    assert uit.exit_code == 0
    assert "regio's in de trechter" in uit.output
    assert "buiten de 95%-grens" in uit.output
