"""Outcomes that the researcher chose beforehand lead: in the summary, and with a chapter each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from toekomstscenario_eval.document.document import Kop, Lijst, Tabel, flat_text
from toekomstscenario_eval.errors import InvoerFout
from toekomstscenario_eval.making.conductor import _background
from toekomstscenario_eval.making.plan_file import resolve
from toekomstscenario_eval.making.plan_reading import load_plan
from toekomstscenario_eval.report.plan import Plan
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.report.sections import s00_samenvatting, s02_opzet, s07_resultaten
from toekomstscenario_eval.study import Study

INDICATOREN = ("aandeel_duo", "herhaalde_duos", "wisselingen")


@pytest.fixture(scope="module")
def gewoon(voorbeeldpakket) -> Report:
    """A report of one core indicator and two others, with nothing chosen."""
    studie = Study.open(voorbeeldpakket, intern=True)
    vrijgave = studie.bundel(*(studie.bereken(naam, per="proeftuin_soort") for naam in INDICATOREN))
    return Report(
        vrijgave, Plan(), _background(studie, vrijgave, voorbeeldpakket, None, "standaard", INDICATOREN)
    )


def kies(rapport: Report, *namen: str) -> Report:
    return replace(rapport, plan=Plan(uitkomsten=namen))


def koppen(blokken) -> list[str]:
    return [blok.tekst for blok in blokken if isinstance(blok, Kop) and blok.niveau == 2]


def vragen(rapport: Report) -> list[list[str]]:
    lijsten = [b for b in s00_samenvatting.blocks(rapport) if isinstance(b, Lijst)][:-1]
    return [[flat_text(punt).partition("\n")[0] for punt in lijst.items] for lijst in lijsten]


def opzet(rapport: Report) -> tuple[dict[str, str], str]:
    tabel, zin = s02_opzet._outcomes(rapport)
    assert isinstance(tabel, Tabel)
    return {wat.tekst: hoe.tekst for wat, hoe in tabel.rijen}, flat_text(zin.inhoud)


def test_chosen_outcomes_lead_the_summary_and_have_a_chapter_of_their_own(gewoon):
    kaart = {naam: card.vraag for naam, card in gewoon.background.kaarten.items()}
    assert vragen(gewoon) == [[kaart["aandeel_duo"]]]
    gekozen = kies(gewoon, "wisselingen", "herhaalde_duos")
    assert vragen(gekozen) == [[kaart["wisselingen"], kaart["herhaalde_duos"]], [kaart["aandeel_duo"]]]
    labels = [gewoon.background.kaarten[n].label for n in ("wisselingen", "herhaalde_duos", "aandeel_duo")]
    assert koppen(s07_resultaten.blocks(gekozen))[:3] == labels
    assert "Andere indicatoren" in koppen(s07_resultaten.blocks(gewoon))
    assert "Andere indicatoren" not in koppen(s07_resultaten.blocks(gekozen))


@pytest.mark.parametrize(
    ("gekozen", "begin"),
    [
        (INDICATOREN, "Alle indicatoren"),
        (INDICATOREN[1:], "De andere indicator in"),
        (INDICATOREN[2:], "De andere 2"),
    ],
)
def test_the_others_are_told_in_as_many_words_as_there_are(gewoon, gekozen, begin):
    assert opzet(kies(gewoon, *gekozen))[1].startswith(begin)


def test_an_outcome_of_which_nothing_is_shown_does_not_read_as_one_that_is(gewoon):
    r = gewoon.vrijgave.resultaat("wisselingen")
    weg = replace(r, schattingen=r.schattingen.assign(onderdrukt=True, methode="te weinig huishoudens"))
    andere = [x for x in gewoon.vrijgave.resultaten if x is not r]
    rapport = replace(
        kies(gewoon, *INDICATOREN), vrijgave=replace(gewoon.vrijgave, resultaten=(*andere, weg))
    )
    berekend, _ = opzet(rapport)
    assert berekend[r.card.label] == "ja, maar nergens getoond: te weinig huishoudens"
    assert berekend[gewoon.background.kaarten["aandeel_duo"].label] == "ja"


def test_a_name_that_does_not_exist_is_placed_in_its_own_file_and_line(tmp_path):
    pad = tmp_path / "mijn.yaml"
    pad.write_text("uitkomsten:\n  - herhaalde_duos\n  - bestaatniet\n", encoding="utf-8")
    with pytest.raises(InvoerFout) as fout:
        resolve(load_plan(pad))
    assert fout.value.waar == "mijn.yaml, regel 3"
    assert "Bedoelt u" not in fout.value.herstel
    pad.write_text("uitkomsten:\n  - herhaalde_duo\n", encoding="utf-8")
    with pytest.raises(InvoerFout, match=r"Bedoelt u 'herhaalde_duos'\?"):
        resolve(load_plan(pad))
