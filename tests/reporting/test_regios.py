"""Sites beside each other: what is derived from released numbers, and how it is shown."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import toekomstscenario_eval as tks
from toekomstscenario_eval.blocks import sites as s
from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.site_figures import funnel_figure
from toekomstscenario_eval.cli import app
from toekomstscenario_eval.designs import _sites
from toekomstscenario_eval.designs.funnel import NIVEAU
from toekomstscenario_eval.document.document import Alinea, Figuur, Tabel, flat_text
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout
from toekomstscenario_eval.estimators.intervals import poisson, wilson

SLEUTELS = ("aandeel_duo", "aandeel_ots", "duo_duur", "instroom_ots", "uitkomsten")


@pytest.fixture(scope="module")
def vrijgave(voorbeeldpakket):
    studie = tks.Study.open(voorbeeldpakket, intern=True)
    return studie.bundel(*(studie.bereken(naam, per="proeftuin") for naam in SLEUTELS))


@pytest.mark.parametrize(("teller", "n"), [(7, 50), (0, 20), (20, 20), (1, 3), (2.5, 11.25)])
def test_effective_size_follows_from_the_interval(teller, n):
    onder, boven = wilson(teller / n, n)
    rij = pd.DataFrame({"schatting": [teller / n], "ondergrens": [onder], "bovengrens": [boven]})
    uit = _sites._shares(rij).iloc[0]
    bij = 0.5 if teller in (0, n) else 0
    assert uit["omvang"] == pytest.approx(n)
    assert uit["y"] == pytest.approx(np.log((teller + bij) / (n - teller + bij)))
    assert uit["se"] == pytest.approx(np.sqrt(1 / (teller + bij) + 1 / (n - teller + bij)))


def test_a_rate_of_nothing_has_its_own_exposure():
    onder, boven = poisson(0, 40)
    kop = {"ondergrens": [onder, 0.1], "bovengrens": [boven, 0.4], "noemer": [40.0, 999.0]}
    uit = _sites._rates(pd.DataFrame({"schatting": [0.0, 0.2], **kop}))
    assert uit["omvang"][0] == 40
    assert uit["y"][0] == pytest.approx(np.log(0.5 / 40))
    # Poisson with this exposure has the standard error that the interval shows.
    assert 1 / np.sqrt(0.2 * uit["omvang"][1]) == pytest.approx(np.log(4) / (2 * _sites.Z))


@pytest.mark.parametrize("sleutel", ["aandeel_duo", "duo_duur", "uitkomsten"])
def test_shrunken_figures_lie_between_site_and_mean(vrijgave, sleutel):
    sites = s.combine_sites(vrijgave, sleutel)
    ruw, krimp = sites.tabel["schatting"], sites.tabel["gekrompen"]
    assert ((krimp - ruw) * (sites.gemiddelde - ruw) >= -1e-9).all()
    assert ((krimp - sites.gemiddelde).abs() <= (ruw - sites.gemiddelde).abs() + 1e-9).all()
    assert (sites.tabel["krimp_onder"] < krimp).all()
    assert (krimp < sites.tabel["krimp_boven"]).all()
    assert sites.tabel["groep"].is_monotonic_increasing


def test_only_shown_sites_play_a_part(vrijgave):
    r = vrijgave.resultaat("aandeel_duo")
    weg = r.schattingen["groep"].eq(s.combine_sites(vrijgave, "aandeel_duo").tabel["groep"][0])
    tabel = r.schattingen.copy()
    tabel.loc[weg, "onderdrukt"] = True
    tabel.loc[weg, ["schatting", "ondergrens", "bovengrens", "n", "teller", "noemer"]] = np.nan
    anders = dataclasses.replace(
        vrijgave, resultaten=(dataclasses.replace(r, schattingen=tabel), *vrijgave.resultaten[1:])
    )
    voor, na = (s.combine_sites(v, "aandeel_duo") for v in (vrijgave, anders))
    assert len(na.tabel) == len(voor.tabel) - 1
    assert na.verborgen == voor.verborgen + 1
    rij = s.sites_table(anders, "aandeel_duo", na).rijen[0]
    assert all(cel.onderdrukt for cel in rij[1:])
    assert "doen niet mee" in flat_text(s.sites_sentence(na).inhoud)


def test_sites_without_any_event_are_not_combined(vrijgave):
    r = vrijgave.resultaat("aandeel_duo")
    tabel = r.schattingen.copy()
    leeg = tabel["uitsplitsing"].eq("proeftuin") & ~tabel["onderdrukt"]
    tabel.loc[leeg, ["schatting", "ondergrens", "bovengrens"]] = (0.0, *wilson(0, 40))
    anders = dataclasses.replace(vrijgave, resultaten=(dataclasses.replace(r, schattingen=tabel),))
    assert s.combine_sites(anders, "aandeel_duo") is None
    # One site with an event is enough, and the empty ones then take part.
    tabel.loc[leeg.idxmax(), ["schatting", "ondergrens", "bovengrens"]] = (0.1, *wilson(0.1, 40))
    anders = dataclasses.replace(vrijgave, resultaten=(dataclasses.replace(r, schattingen=tabel),))
    sites = s.combine_sites(anders, "aandeel_duo")
    assert len(sites.tabel) == leeg.sum()
    assert (sites.tabel["gekrompen"] > 0).all()


@pytest.mark.parametrize("sleutel", ["aandeel_duo", "duo_duur", "uitkomsten"])
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
        assert len(fig.gegevens.rijen) == len(sites.tabel) + sites.verborgen
        assert all(naam in fig.svg for naam in ("gemiddelde",) if fig is rups)


def test_what_has_no_interval_is_not_compared(vrijgave):
    assert s.combine_sites(vrijgave, "duo_duur", maat="gemiddelde_beeindigd") is None
    assert funnel_figure(vrijgave, "duo_duur", maat="gemiddelde_beeindigd") is None
    (blok,) = tks.regios(vrijgave, "duo_duur", maat="gemiddelde_beeindigd").blokken
    assert isinstance(blok, Alinea)


def test_in_a_notebook(vrijgave):
    tabel, zin, trechter, bij = tks.regios(vrijgave, "aandeel_duo").blokken
    assert isinstance(tabel, Tabel)
    assert isinstance(trechter, Tabel)
    assert "(Holm)" in flat_text(zin.inhoud)
    assert "buiten de 95%-grens" in flat_text(bij.inhoud)
    (fig,) = tks.figuur(vrijgave, "aandeel_duo", trechter=True).blokken
    assert isinstance(fig, Figuur)
    with pytest.raises(GebruikFout, match="curve of een trechter"):
        tks.figuur(vrijgave, "duo_duur", trechter=True, curve=True)
    with pytest.raises(OnthullingsFout):
        tks.regios(vrijgave.resultaten[0].schattingen, "aandeel_duo")


def test_on_the_command_line(voorbeeldpakket):
    uit = CliRunner().invoke(app, ["bereken", "aandeel_duo", str(voorbeeldpakket), "--per", "proeftuin"])
    assert uit.exit_code == 0
    assert "regio's naast elkaar" in uit.output
    assert "Naar het midden getrokken" in uit.output
    assert "regio's in de trechter" in uit.output
    assert "(Holm)" in uit.output
