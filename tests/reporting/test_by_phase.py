"""Before and from the start in sentences and tables: they say what the numbers of each phase are."""

from __future__ import annotations

import pytest

from toekomstscenario_eval.blocks.by_phase import headline, phases_table
from toekomstscenario_eval.blocks.sentence import headline_sentence
from toekomstscenario_eval.document.document import flat_text
from toekomstscenario_eval.document.english import translate
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.types import SITE, SITE_KIND

SLEUTEL = "aandeel_duo"


@pytest.fixture(scope="module")
def studie(voorbeeldpakket):
    return Study.open(voorbeeldpakket, intern=True)


@pytest.fixture(scope="module")
def fasen(studie):
    return (
        studie.bereken(SLEUTEL, per=(SITE, SITE_KIND), fase="vanaf"),
        studie.bereken(SLEUTEL, per=SITE_KIND, fase="voor"),
    )


@pytest.fixture(scope="module")
def bundel(studie, fasen):
    return studie.bundel(studie.bereken(SLEUTEL, per=SITE_KIND), *fasen)


def getal(resultaat, groep):
    s = resultaat.schattingen
    (rij,) = s[s["uitsplitsing"].eq(SITE_KIND) & s["groep"].eq(groep)].to_dict("records")
    return number(rij["schatting"], resultaat.card.maten["aandeel"].vorm)


def test_the_headline_is_of_proeftuinen_from_their_start_on(bundel, fasen):
    zin = flat_text(headline(bundel, SLEUTEL).inhoud)
    vanaf, _ = fasen
    assert zin.startswith("Aandeel met een duo in 11 proeftuinen vanaf hun start, regio's zoals deze: ")
    eigen, naast = zin.split("In 3 vergelijkingsregio's, over het hele venster, regio's zoals deze: ")
    for deel, groep in ((eigen, "proeftuin"), (naast, "vergelijking")):
        assert f"Deze huishoudens in deze regio's: {getal(vanaf, groep)} " in deel


def test_without_phases_the_headline_is_that_of_the_whole(studie):
    los = studie.bundel(studie.bereken(SLEUTEL, per=SITE_KIND))
    assert headline(los, SLEUTEL) == headline_sentence(los, SLEUTEL)
    assert phases_table(los, SLEUTEL) is None


def test_the_table_has_both_phases_and_comparison_regions(bundel, fasen):
    tabel = phases_table(bundel, SLEUTEL)
    vanaf, voor = fasen
    assert [(rij[0].tekst, rij[1].tekst) for rij in tabel.rijen] == [
        ("Proeftuinen, voor hun start", getal(voor, "proeftuin")),
        ("Proeftuinen, vanaf hun start", getal(vanaf, "proeftuin")),
        ("Vergelijkingsregio's, hele venster", getal(vanaf, "vergelijking")),
    ]
    assert "geen effect" in tabel.noten[0]
    for tekst in (tabel.bijschrift, tabel.kop[0], *tabel.noten, *(rij[0].tekst for rij in tabel.rijen)):
        assert translate(tekst), tekst


@pytest.mark.parametrize("wie", ["11 proeftuinen", "1 proeftuin", "proeftuinen"])
def test_the_sentence_is_there_in_english(wie):
    assert "pilot site" in translate(f"Aandeel met een duo in {wie} vanaf hun start")
