"""Whom a figure is about: in every text, and never proeftuinen and comparison regions added up unsaid."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest
from openbaar_verslag import eigen_pakket

from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.leading import leading
from toekomstscenario_eval.blocks.overview import compact_table, kinds_table
from toekomstscenario_eval.blocks.sentence import headline_sentence, sentence
from toekomstscenario_eval.blocks.table import estimates_table, overview_table
from toekomstscenario_eval.blocks.whose import POOLED
from toekomstscenario_eval.blocks.years import years, years_sentence
from toekomstscenario_eval.document.document import Kop, Tabel, Tekst, all_nodes, flat_text
from toekomstscenario_eval.document.english import translate
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.making import open_release
from toekomstscenario_eval.making.conductor import Verslag
from toekomstscenario_eval.periods import has_whole, left_out, split_periods
from toekomstscenario_eval.provenance import open_data
from toekomstscenario_eval.report.report import section
from toekomstscenario_eval.report.site_report import site_blocks, site_names
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import engine, phases
from toekomstscenario_eval.types import SITE, SITE_KIND, Venster

DUO = "aandeel_duo"


@pytest.fixture(scope="module")
def pakket(tmp_path_factory):
    return eigen_pakket(tmp_path_factory.mktemp("bevolking"), huishoudens=400)


@pytest.fixture(scope="module")
def studie(pakket):
    return Study.open(pakket[0], sleutel=pakket[1])


@pytest.fixture(scope="module")
def plat(studie):
    return studie.bereken(DUO, per=(SITE, SITE_KIND, "gezinsprofiel"))


@pytest.fixture(scope="module")
def vanaf(studie):
    return studie.bereken(DUO, per=(SITE, SITE_KIND, "gezinsprofiel"), fase="vanaf")


@pytest.fixture(scope="module")
def jaren(studie):
    return studie.bereken(DUO, per=SITE_KIND, periode="jaar")


@pytest.fixture(scope="module")
def bundel(studie, plat, vanaf, jaren):
    return studie.bundel(plat, vanaf, jaren)


def test_a_result_knows_how_many_regions_of_each_kind_it_is_about(studie, plat, vanaf):
    assert plat.regios == {"proeftuin": 11, "vergelijking": 3}
    gezien = phases.regions(studie.pakket, studie.pakket.venster, "vanaf")
    assert vanaf.regios == gezien
    later = Venster(studie.pakket.venster.begin, date(studie.pakket.venster.begin.year, 2, 1))
    # Of a window that ends before they start there are no proeftuinen from their start on.
    assert phases.regions(studie.pakket, later, "vanaf").get("proeftuin", 0) < 11


def test_it_travels_with_the_open_counts(bundel, tmp_path):
    for naam, inhoud in open_data.files(bundel, title="Proef").items():
        (tmp_path / naam).parent.mkdir(exist_ok=True)
        (tmp_path / naam).write_bytes(inhoud)
    opnieuw = open_release.openbaar(tmp_path)
    assert [r.regios for r in opnieuw.resultaten] == [r.regios for r in bundel.resultaten]
    zinnen = [flat_text(sentence(v, DUO).inhoud) for v in (bundel, opnieuw)]
    assert zinnen[0] == zinnen[1]


def test_a_pooled_number_says_so_in_sentence_table_and_figure(bundel, plat):
    assert POOLED in flat_text(sentence(bundel, DUO).inhoud)
    for tabel in (overview_table(bundel, DUO), estimates_table(bundel, DUO, uitsplitsing="gezinsprofiel")):
        assert any(noot.startswith("Over alle regio's samen") for noot in tabel.noten)
    tekening = figure(bundel, DUO, per="gezinsprofiel")
    assert tekening.bijschrift.endswith(f". Over: {POOLED}")
    assert translate(tekening.bijschrift)


def test_a_phase_says_whose_days_count(bundel, vanaf):
    assert "(proeftuinen, vanaf de start van de eigen proeftuin)" in flat_text(
        sentence(bundel, vanaf.sleutel).inhoud
    )
    tabel = estimates_table(bundel, vanaf.sleutel, uitsplitsing="gezinsprofiel")
    # By a property of households comparison regions do not count.
    assert tabel.noten[0] == "Alleen proeftuinen: de dagen vanaf de start van de eigen proeftuin."
    assert translate(tabel.noten[0])


@pytest.mark.parametrize("per", [SITE, SITE_KIND])
def test_regions_of_two_kinds_have_no_whole_below_them(bundel, per):
    for key in (DUO, leading(bundel, DUO).sleutel):
        tabel = estimates_table(bundel, key, uitsplitsing=per)
        assert "Geheel" not in [rij[0].tekst for rij in tabel.rijen]
    tekening = figure(bundel, DUO, per=per)
    assert "Geheel" not in tekening.alt


def test_without_phases_the_headline_is_of_each_kind_of_region(studie, plat):
    zin = flat_text(headline_sentence(studie.bundel(plat), DUO).inhoud)
    assert zin.startswith("Aandeel met een duo in 11 proeftuinen, alle dagen van het venster: ")
    assert " In 3 vergelijkingsregio's: " in zin
    assert POOLED not in zin


def test_tables_by_kind_take_the_leading_result(bundel, vanaf):
    for tabel in (compact_table(bundel, [DUO], title="T"), kinds_table(bundel, vanaf.sleutel)):
        assert tabel.kop[1:] == (
            "Proeftuinen",
            "95%-interval",
            "Huishoudens",
            "Vergelijkings\u00adregio's",
            "95%-interval",
            "Huishoudens",
        )
        (rij,) = tabel.rijen
        s = vanaf.schattingen[vanaf.schattingen["uitsplitsing"].eq(SITE_KIND)].set_index("groep")
        assert [rij[3].tekst, rij[6].tekst] == [f"{s.loc[g, 'n']:.0f}" for g in ("proeftuin", "vergelijking")]
        assert any("alleen hun dagen vanaf de start" in noot for noot in tabel.noten)


# Series.


def test_only_whole_periods_stand_in_a_series(studie, jaren, bundel):
    venster = studie.pakket.venster
    getoond = set(jaren.schattingen["periode"])
    assert getoond == set(split_periods(venster, "jaar"))
    assert not any("deel" in periode for periode in getoond)
    (tekening,) = years(bundel, jaren.sleutel)
    namen = {rij[1].tekst for rij in tekening.gegevens.rijen}
    assert namen == getoond
    assert "per jaar en soort regio" in tekening.bijschrift
    for zin in years_sentence(bundel, jaren.sleutel):
        begin = "(Proeftuinen, ook hun dagen voor de start|Vergelijkingsregio's): Aandeel met een duo "
        assert re.match(begin, flat_text(zin.inhoud))
        assert flat_text(zin.inhoud).count("95%-interval") == len(getoond)
        assert all(translate(knoop.tekst) for knoop in all_nodes(zin) if isinstance(knoop, Tekst))


def test_what_is_left_out_of_a_series_is_said(pakket):
    binnen = Study.open(pakket[0], intern=True)
    begin = binnen.pakket.venster.begin
    r = binnen.bereken(DUO, per=SITE_KIND, periode="jaar", tot=date(begin.year + 1, 7, 1))
    weg = left_out(r.venster, "jaar", set(r.schattingen["periode"]))
    assert weg
    noten = estimates_table(binnen.bundel(r), r.sleutel, uitsplitsing=SITE_KIND).noten
    (noot,) = [noot for noot in noten if noot.startswith("Weggelaten, want geen heel jaar: ")]
    assert translate(noot)
    assert len(weg) == noot.count(" tot en met ")


def test_parts_of_a_window_and_of_what_was_observed():
    venster = Venster(date(2024, 3, 1), date(2026, 7, 1))
    assert list(split_periods(venster, "jaar")) == ["2025"]
    assert left_out(venster, "jaar", {"2025"}) == [
        Venster(date(2024, 3, 1), date(2025, 1, 1)),
        Venster(date(2026, 1, 1), date(2026, 7, 1)),
    ]
    # A year that was not observed to its end is no whole one.
    assert list(split_periods(venster, "halfjaar", date(2025, 12, 31))) == ["2024-H2", "2025-H1"]
    assert not has_whole(venster, "jaar", date(2025, 12, 31))
    with pytest.raises(GebruikFout, match="geen heel kalenderjaar"):
        split_periods(venster, "jaar", date(2025, 12, 31))


# Sizes.


def test_under_a_hundred_only_the_leading_population_is_public(tmp_path):
    pakket, sleutel = eigen_pakket(tmp_path, huishoudens=80)
    studie = Study.open(pakket, sleutel=sleutel)
    redenen = {}
    for fase in ("vanaf", "voor", ""):
        plekken = studie.bereken(DUO, per=SITE_KIND, fase=fase).publiek[SITE_KIND].plekken
        redenen[fase] = plekken.set_index("groep")["reden"]["proeftuin"]
    reden = "bij minder dan 100 huishoudens staan alleen de proeftuinen vanaf hun start"
    assert redenen == {"vanaf": "", "voor": reden, "": reden}
    assert translate(reden)


@pytest.mark.parametrize("indicator", [DUO, "duo_duur"])
def test_what_is_too_small_to_be_shown_is_not_computed(tmp_path, monkeypatch, indicator):
    pakket, sleutel = eigen_pakket(tmp_path, huishoudens=21)
    studie = Study.open(pakket, sleutel=sleutel)
    monkeypatch.setattr(engine, "summarise", lambda *_, **__: pytest.fail("berekend"))
    r = studie.bereken(indicator, per=(SITE, SITE_KIND), fase="vanaf")
    assert r.schattingen["onderdrukt"].all()
    assert "in het geheel tellen minder dan 30 huishoudens mee" in set(r.schattingen["methode"])
    (netwerk, *_) = studie.netwerkanalyse()
    assert netwerk.schattingen["onderdrukt"].all()


# The report.


@pytest.fixture(scope="module")
def verslag(pakket, tmp_path_factory):
    plan = tmp_path_factory.mktemp("plan") / "onderzoek.yaml"
    plan.write_text(
        "titel: Proef\nindicatoren: [aandeel_duo, professionals_per_huishouden, contactfrequentie]\n",
        encoding="utf-8",
    )
    return Verslag.open(pakket[0], onderzoek=plan, sleutel=pakket[1])


def _texts(blokken):
    """Texts, captions and heads: what a reader sees."""
    for knoop in all_nodes(blokken):
        if isinstance(knoop, Tekst):
            yield knoop.tekst
        if hasattr(knoop, "bijschrift"):
            yield knoop.bijschrift
        if isinstance(knoop, Tabel):
            yield from (cel.tekst for rij in knoop.rijen for cel in rij)
            yield from knoop.noten


def test_the_results_pool_no_kinds_of_region(verslag):
    teksten = list(_texts(section(verslag.rapport, "resultaten")))
    assert len(teksten) > 100
    # That something holds for all regions together is no number of theirs.
    samen = re.compile(r"^(over )?alle regio's samen|(\(|over: |geheel: )alle regio's samen", re.IGNORECASE)
    assert samen.search("Over alle regio's samen, proeftuinen en vergelijkingsregio's.")
    assert not [t for t in teksten if samen.search(t)]
    kop = "Andere indicatoren"
    assert kop in [k.tekst for k in all_nodes(section(verslag.rapport, "resultaten")) if isinstance(k, Kop)]


def test_a_site_stands_beside_proeftuinen_and_comparison_regions(verslag):
    namen = site_names(verslag.rapport)
    tabel = pd.read_csv(verslag.studie.pakket.map / "proeftuin.csv", dtype=str)
    assert namen == sorted(tabel["naam"])
    site = tabel.loc[tabel["soort"].eq("proeftuin"), "naam"].iloc[0]
    blokken = site_blocks(verslag.rapport, site)
    tabellen = [k for k in all_nodes(blokken) if isinstance(k, Tabel) and site in k.bijschrift]
    assert tabellen
    for een in tabellen:
        assert een.kop[1] == site
        assert "Geheel" not in een.kop
        assert een.kop[3::2][:2] == ("Proeftuinen", "Vergelijkings\u00adregio's")
    teksten = list(_texts(blokken))
    assert any(f"bij proeftuin {site} vanaf de eigen start" in t for t in teksten)
    assert not [t for t in teksten if "alle regio's samen" in t and "regio's samen." not in t]


def test_a_site_of_which_nothing_is_public_has_a_report_that_says_so(tmp_path):
    pakket, sleutel = eigen_pakket(tmp_path, huishoudens=21)
    plan = tmp_path / "onderzoek.yaml"
    plan.write_text("titel: Proef\nindicatoren: [aandeel_duo]\n", encoding="utf-8")
    verslag = Verslag.open(pakket, onderzoek=plan, sleutel=sleutel)
    tabel = pd.read_csv(pakket / "proeftuin.csv", dtype=str)
    assert site_names(verslag.rapport) == sorted(tabel["naam"])
    for site in tabel["naam"]:
        assert site_blocks(verslag.rapport, site)
    with pytest.raises(GebruikFout, match="de proeftuin 'Nergens' is er niet"):
        site_blocks(verslag.rapport, "Nergens")
