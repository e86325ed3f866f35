"""A panel of flows: every household once, seen equally long, and the same numbers as counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import toekomstscenario_eval as tks
from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.blocks.over_time import over_time_blocks
from toekomstscenario_eval.designs import fitting
from toekomstscenario_eval.designs._panel import NEVER, panel_of
from toekomstscenario_eval.designs._sites import site_data
from toekomstscenario_eval.designs._three_level import three_levels
from toekomstscenario_eval.document.document import Alinea, flat_text
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.types import SITE

INDICATOR, DAGEN = "professionals_per_huishouden", 90


@pytest.fixture(scope="module")
def binnen(voorbeeldpakket) -> tks.Study:
    return tks.Study.open(voorbeeldpakket, intern=True)


@pytest.fixture(scope="module")
def openbaar(voorbeeldpakket) -> tks.Study:
    return tks.Study.open(voorbeeldpakket)


def tabel(studie: tks.Study, naam: str) -> pd.DataFrame:
    return studie.pakket.records[naam].execute()


def met_de_hand(studie: tks.Study) -> pd.DataFrame:
    """Distinct professionals of each household in its first days, by region and quarter of entry."""
    huis = tabel(studie, "huishouden").merge(
        tabel(studie, "proeftuin")[["proeftuin_id", "naam"]], on="proeftuin_id"
    )
    huis = huis.assign(begin=pd.to_datetime(huis["begin"]), eind=pd.to_datetime(huis["eind"]))
    venster = studie.pakket.venster
    huis = huis[huis["begin"] >= pd.Timestamp(venster.begin)]
    kwartaal = huis["begin"].dt.to_period("Q")
    gezien = kwartaal.dt.end_time.dt.normalize() + pd.Timedelta(days=DAGEN) <= pd.Timestamp(venster.eind)
    huis = huis.assign(periode=kwartaal.dt.year.astype(str) + "-K" + kwartaal.dt.quarter.astype(str))[gezien]
    tot = (huis["begin"] + pd.Timedelta(days=DAGEN)).where(huis["eind"].isna(), huis["eind"])
    huis = huis.assign(tot=np.minimum(tot, huis["begin"] + pd.Timedelta(days=DAGEN)))
    spel = tabel(studie, "betrokkenheid")[["huishouden_id", "professional_id", "begin", "eind"]]
    spel = spel.assign(begin=pd.to_datetime(spel["begin"]), eind=pd.to_datetime(spel["eind"]))
    bij = huis.merge(spel, on="huishouden_id", suffixes=("", "_s"))
    raakt = (bij["begin_s"] < bij["tot"]) & ((bij["eind_s"] > bij["begin"]) | bij["eind_s"].isna())
    aantal = bij[raakt].groupby("huishouden_id")["professional_id"].nunique()
    huis = huis.assign(aantal=huis["huishouden_id"].map(aantal).fillna(0))
    return huis.groupby(["naam", "periode"])["aantal"].agg(["mean", "size"])


def test_a_panel_is_what_is_counted_by_hand(binnen):
    r = binnen.paneel(INDICATOR)
    hand = met_de_hand(binnen)
    eigen = r.paneel.set_index(["groep", "periode"])
    assert set(eigen.index) == set(hand.index)
    assert eigen["n"].sum() == hand["size"].sum()
    assert eigen["schatting"].to_numpy() == pytest.approx(hand.loc[eigen.index, "mean"].to_numpy())


def test_a_month_is_a_part_of_its_quarter(binnen):
    maanden, kwartalen = (binnen.paneel("aandeel_duo", periode=p, dagen=30) for p in ("maand", "kwartaal"))
    per = maanden.paneel.assign(
        kwartaal=[f"{p[:4]}-K{(int(p[6:]) + 2) // 3}" for p in maanden.paneel["periode"]]
    )
    som = per.groupby(["groep", "kwartaal"])["n"].sum()
    for groep, periode, n in kwartalen.paneel[["groep", "periode", "n"]].itertuples(index=False):
        assert som[groep, periode] == n


def test_starts_and_mixed_periods_follow_from_the_table_of_regions(binnen):
    p = panel_of(binnen.paneel(INDICATOR))
    starts = tabel(binnen, "proeftuin").set_index("naam")["start_datum"]
    for i, regio in enumerate(p.regions):
        start = starts[regio]
        if pd.isna(start):
            assert p.start[i] == NEVER
            assert p.clean[i].all()
            continue
        begin = [pd.Period(f"{t[:4]}Q{t[-1]}").start_time for t in p.periods]
        einde = [
            pd.Period(f"{t[:4]}Q{t[-1]}").end_time.normalize() + pd.Timedelta(days=DAGEN) for t in p.periods
        ]
        na = [b >= pd.Timestamp(start) for b in begin]
        voor = [e <= pd.Timestamp(start) for e in einde]
        assert p.clean[i].tolist() == [a or b for a, b in zip(na, voor, strict=True)]
        assert p.start[i] == (na.index(True) if any(na) else len(p.periods))


@pytest.mark.parametrize("indicator", ["aandeel_duo", INDICATOR])
def test_public_figures_are_near_the_exact_ones_and_not_bent(binnen, openbaar, indicator):
    exact, publiek = (panel_of(s.paneel(indicator)) for s in (binnen, openbaar))
    assert set(publiek.regions) <= set(exact.regions)
    assert publiek.periods == exact.periods
    rij = [exact.regions.index(regio) for regio in publiek.regions]
    z = (publiek.y - exact.y[rij]) / np.sqrt(publiek.v)
    z = z[np.isfinite(z)]
    assert len(z) > 40
    assert abs(z.mean()) < 0.3
    assert np.abs(z).max() < 3


@pytest.mark.parametrize(
    ("vraag", "woorden"),
    [
        ({"periode": "maand"}, "dit paneel is niet openbaar te maken"),
        ({"dagen": 91}, "dit paneel is niet openbaar te maken"),
        ({"maximale_onderbreking": 30}, "een openbaar paneel kent alleen de standaardwaarde"),
    ],
)
def test_one_panel_is_public(openbaar, vraag, woorden):
    with pytest.raises(GebruikFout, match=woorden):
        openbaar.paneel("aandeel_duo", **vraag)


def test_what_has_no_panel_says_so(binnen):
    r = binnen.paneel("duo_duur")
    assert r.reden_nvt == "deze soort indicator heeft geen cijfer per regio en instroomperiode"
    (zin,) = over_time_blocks(binnen.bundel(r), r.sleutel)
    assert isinstance(zin, Alinea)
    assert "geen vergelijking over de tijd, want" in flat_text(zin.inhoud)


def test_days_that_nobody_was_seen_are_refused(binnen):
    with pytest.raises(GebruikFout, match="zijn alle huishoudens 900 dagen gevolgd"):
        binnen.paneel(INDICATOR, dagen=900)
    with pytest.raises(GebruikFout, match="ten minste één dag"):
        binnen.paneel(INDICATOR, dagen=0)


def test_a_design_needs_a_panel(binnen):
    with pytest.raises(GebruikFout, match="een ontwerp over tijd vraagt een paneel"):
        tks.ontwerp(binnen.bereken("aandeel_duo", per=SITE))
    with pytest.raises(GebruikFout, match="'trechter' is geen ontwerp over tijd"):
        tks.ontwerp(binnen.paneel("aandeel_duo"), ontwerp="trechter")


def test_the_command_shows_cards_and_changes(voorbeeldpakket, capsys):
    from toekomstscenario_eval.cli import app

    app(["ontwerp", "lijst"], standalone_mode=False)
    assert "gespreide_start  (over de tijd)" in capsys.readouterr().out
    app(["ontwerp", "toon", "gespreide_start"], standalone_mode=False)
    uit = capsys.readouterr().out
    assert "Neemt aan:" in uit
    assert "voortrend:" in uit
    app(["ontwerp", "reken", INDICATOR, str(voorbeeldpakket), "--ontwerp", "voor_na"], standalone_mode=False)
    uit = capsys.readouterr().out
    assert "volgens het ontwerp 'voor en na binnen proeftuinen'" in uit
    assert "Wat dit mag betekenen" in uit


def test_sites_stand_in_their_regions(binnen):
    vrijgave = binnen.bundel(binnen.bereken("aandeel_duo", per=(SITE, "proeftuin_regio")))
    r = vrijgave.resultaten[0]
    (made,) = [
        rij for rij in derived(vrijgave) if rij["soort"].startswith("gemiddelde over regio's, proeftuinen")
    ]
    sites = site_data(r)
    regio = tabel(binnen, "proeftuin").set_index("naam")["regio"]
    direct = three_levels(sites.y, sites.se**2, regio[sites.tabel["groep"]].tolist())
    assert made["schatting"] == pytest.approx(1 / (1 + np.exp(-direct.coefficients[0])))
    assert made["tussen_regio_s"] == pytest.approx(direct.i2[0])
    assert "Drie niveaus" not in {d.card.label for d in fitting(binnen.paneel("aandeel_duo"), SITE)}


def test_without_small_cells_there_is_no_panel(voorbeeldpakket):
    r = tks.Study.open(voorbeeldpakket, beleid="microdata").paneel("aandeel_duo")
    assert r.reden_nvt.startswith("bij dit beleid blijven kleine cellen weg")
