"""A report beside the plan that was locked: each deviation by itself, and what was not planned is marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from toekomstscenario_eval.designs import find
from toekomstscenario_eval.document.document import Alinea, Kader, Kop, Lijst, Tabel, flat_text
from toekomstscenario_eval.document.english import in_english
from toekomstscenario_eval.making.conductor import _background
from toekomstscenario_eval.provenance import changes, manifest
from toekomstscenario_eval.report.deviations import EXPLORATORY, deviations, exploratory
from toekomstscenario_eval.report.locked_plan import Locked, Planned
from toekomstscenario_eval.report.plan import Plan
from toekomstscenario_eval.report.report import Report, section
from toekomstscenario_eval.report.short import short_blocks
from toekomstscenario_eval.report.site_report import site_blocks, site_names
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.types import Venster

PER = ("proeftuin", "proeftuin_soort", "gezinsprofiel")
DAG = date(2024, 3, 15)


@pytest.fixture(scope="module")
def gewoon(voorbeeldpakket) -> Report:
    """A report of an indicator by the clock of the pilot, and of one that is not."""
    studie = Study.open(voorbeeldpakket, intern=True)
    vrijgave = studie.bundel(
        studie.bereken("aandeel_duo", per=PER),
        studie.bereken("aandeel_duo", per=PER, fase="vanaf"),
        studie.bereken("wisselingen", per="proeftuin_soort"),
        studie.panelled("aandeel_duo"),
    )
    namen = ("aandeel_duo", "wisselingen")
    return Report(vrijgave, Plan(), _background(studie, vrijgave, voorbeeldpakket, None, "standaard", namen))


@pytest.fixture(scope="module")
def plan(gewoon) -> Planned:
    """What the report did: both indicators, every design that it used, and its one subgroup."""
    ontwerpen = {ontwerp for rij in gewoon.afgeleid for ontwerp in rij["ontwerpen"]}
    return Planned(
        "Werkt het?",
        ("aandeel_duo", "wisselingen"),
        tuple(sorted(ontwerpen)),
        gewoon.background.venster,
        "vanaf",
        ("gezinsprofiel",),
        "Alleen met een interval.",
    )


def vast(rapport: Report, plan: Planned, nu: Planned | None = None, **lock) -> Report:
    """The report with this plan locked, and (unless `nu` says otherwise) the same in its file."""
    return replace(rapport, plan=Plan(locked=Locked(plan, DAG, **lock), planned=nu or plan))


def rijen(rapport: Report) -> list[tuple[str, str, str]]:
    blokken = section(rapport, "afwijkingen")
    (tabel,) = [b for b in blokken if isinstance(b, Tabel)] or [None]
    return [tuple(cel.tekst for cel in rij) for rij in tabel.rijen] if tabel else []


def woorden(blokken) -> list[str]:
    teksten = (b for b in blokken if isinstance(b, Kop | Alinea))
    return [b.tekst if isinstance(b, Kop) else flat_text(b.inhoud) for b in teksten]


def punten(blokken) -> list[str]:
    return [flat_text(punt) for b in blokken if isinstance(b, Lijst) for punt in b.items]


def onder(blokken, kop: str, keer: int = 0) -> str:
    """The first thing that stands under a heading; `keer`: of how many of the same before it."""
    tekst = woorden(blokken)
    return tekst[[i for i, zin in enumerate(tekst) if zin == kop][keer] + 1]


# The report has `wisselingen` over all days only.
BEVOLKING = ("Populatie bij Wisselingen van vast gezicht",)


def test_a_report_that_does_what_was_planned_deviates_in_nothing_but_what_it_could_not_do(gewoon, plan):
    (afwijking,) = deviations(vast(gewoon, plan))
    assert (afwijking.part, afwijking.done) == (*BEVOLKING, "alle dagen van het venster")
    alleen = replace(plan, indicatoren=("aandeel_duo",))
    zonder = replace(gewoon, background=replace(gewoon.background, kaarten=eerste(gewoon)))
    assert deviations(vast(zonder, alleen)) == []
    zin = "Dit verslag doet wat in het vastgelegde plan staat, en niets daarnaast."
    assert onder(section(vast(zonder, alleen), "afwijkingen"), "Naast het vastgelegde plan gelegd") == zin


def eerste(rapport: Report):
    return {"aandeel_duo": rapport.background.kaarten["aandeel_duo"]}


LATER = Venster(date(2020, 1, 1), date(2021, 1, 1))
WEG = "staat niet meer in het onderzoeksbestand"


@pytest.mark.parametrize(
    ("gepland", "nu", "verwacht"),
    [
        ({}, {"vraag": "Anders?"}, ("Vraag", "Werkt het?", "Anders?")),
        ({}, {"vraag": ""}, ("Vraag", "Werkt het?", WEG)),
        ({}, {"beslisregel": "Nooit."}, ("Beslisregel", "Alleen met een interval.", "Nooit.")),
        (
            {"indicatoren": ("aandeel_duo", "wisselingen", "vroeger")},
            {},
            ("Indicator", "vroeger", "bestaat niet in deze versie van het programma"),
        ),
        (
            {"indicatoren": ("aandeel_duo", "wisselingen", "duo_duur")},
            {},
            ("Indicator", "Duur van het duo", "weggelaten uit dit verslag"),
        ),
        ({"venster": LATER}, {}, ("Venster", "1 januari 2020 tot en met 31 december 2020", "…")),
        ({"subgroepen": ()}, {}, ("Subgroep", "niet gepland", "Gezinsprofiel")),
        (
            {"subgroepen": ("gezinsprofiel", "proeftuin_tranche")},
            {},
            ("Subgroep", "Tranche", "niet gedaan"),
        ),
    ],
)
def test_each_kind_of_deviation_stands_by_itself(gewoon, plan, gepland, nu, verwacht):
    toen = replace(plan, **gepland)
    gevonden = [rij for rij in rijen(vast(gewoon, toen, replace(toen, **nu))) if rij[0] != BEVOLKING[0]]
    if verwacht[-1] == "…":
        verwacht = (*verwacht[:2], "1 januari 2024 tot en met 31 december 2025")
    assert gevonden == [verwacht]


def test_indicators_that_were_not_planned_are_one_deviation(gewoon, plan):
    (rij,) = rijen(vast(gewoon, replace(plan, indicatoren=("aandeel_duo",))))
    assert rij == ("Indicator", "niet gepland", "Wisselingen van vast gezicht")


def test_an_indicator_that_does_not_apply_is_a_deviation_with_its_reason(gewoon, plan):
    weg = [
        replace(r, reden_nvt="de tabel is er niet") if r.indicator == "wisselingen" else r
        for r in gewoon.vrijgave.resultaten
    ]
    rapport = replace(gewoon, vrijgave=replace(gewoon.vrijgave, resultaten=tuple(weg)))
    (rij,) = rijen(vast(rapport, plan))
    assert rij == ("Indicator", "Wisselingen van vast gezicht", "niet berekend: de tabel is er niet")


def test_designs_are_those_that_made_a_number(gewoon, plan):
    assert {"verschil", "meta"} <= set(plan.ontwerpen)
    gebruikt = tuple(naam for naam in plan.ontwerpen if naam != "meta")
    anders = replace(plan, ontwerpen=(*gebruikt, "gestandaardiseerd_verschil"))
    gevonden = [rij for rij in rijen(vast(gewoon, anders)) if rij[0] == "Ontwerp"]
    labels = {naam: find(naam).card.label for naam in ("meta", "gestandaardiseerd_verschil")}
    assert gevonden == [
        ("Ontwerp", labels["gestandaardiseerd_verschil"], "niet gedaan"),
        ("Ontwerp", "niet gepland", labels["meta"]),
    ]
    assert all(row["ontwerpen"] for row in gewoon.afgeleid)


def test_a_lock_anew_is_a_deviation_from_the_one_before_it(gewoon, plan):
    eerder = Locked(replace(plan, populatie="alle", vraag="Eerst?"), date(2024, 1, 5))
    rapport = vast(gewoon, plan, earlier=eerder, reden="de klok van de proef bestaat")
    dag = "15 maart 2024"
    assert [rij for rij in rijen(rapport) if "opnieuw" in rij[0]] == [
        (f"Vraag, plan opnieuw vastgelegd op {dag}", "Eerst?", "Werkt het?"),
        (
            f"Populatie, plan opnieuw vastgelegd op {dag}",
            "alle dagen van het venster",
            "proeftuinen vanaf hun start, vergelijkingsregio's ernaast",
        ),
    ]
    opzet = woorden(section(rapport, "opzet"))
    assert f"Het plan is vastgelegd op 5 januari 2024, met controlegetal {eerder.sha256[:16]}." in opzet
    opnieuw = f"Het plan is opnieuw vastgelegd op {dag}, met controlegetal {rapport.plan.locked.sha256[:16]}."
    assert f"{opnieuw} Reden: de klok van de proef bestaat" in opzet


def test_chapter_2_tells_what_was_locked_when_and_whether_the_data_were_there(gewoon, plan):
    rapport = vast(gewoon, plan)
    blokken = section(rapport, "opzet")
    tabel = next(b for b in blokken if isinstance(b, Tabel))
    assert [(rij[0].tekst, rij[1].tekst) for rij in tabel.rijen][:3] == [
        ("Vraag", "Werkt het?"),
        ("Indicator", "Aandeel huishoudens met een duo"),
        ("Indicator", "Wisselingen van vast gezicht"),
    ]
    laat = "Dat is na de peildatum van de gegevens"
    assert not any(laat in tekst for tekst in woorden(blokken))
    dag = gewoon.background.peildatum
    for verschil, te_laat in ((0, False), (1, True)):
        lock = Locked(plan, date.fromordinal(dag.toordinal() + verschil))
        later = section(replace(gewoon, plan=Plan(locked=lock, planned=plan)), "opzet")
        assert any(laat in tekst for tekst in woorden(later)) == te_laat


def test_without_a_lock_one_sentence_says_so_and_nothing_is_marked(gewoon, plan):
    namen = ("samenvatting", "opzet", "afwijkingen")
    for zonder, ook in (
        (Plan(), ()),
        (Plan(planned=plan), ("resultaten",)),
        (Plan(uitkomsten=("wisselingen",)), ()),
    ):
        rapport = replace(gewoon, plan=zonder)
        blokken = [b for naam in (*namen, *ook) for b in section(rapport, naam)]
        tekst = [*woorden(blokken), *punten(blokken)]
        assert sum("Er is geen plan vastgelegd." in zin for zin in tekst) == 1
        assert not any(EXPLORATORY in zin for zin in tekst)
        assert rijen(rapport) == []


def test_what_was_not_planned_is_marked_at_its_heading_and_once(gewoon, plan):
    ontwerpen = tuple(naam for naam in plan.ontwerpen if naam not in {"meta", "voor_na"})
    delen = replace(plan, indicatoren=("aandeel_duo",), subgroepen=(), ontwerpen=ontwerpen)
    resultaten = section(vast(gewoon, delen), "resultaten")
    gemerkt = onder(resultaten, "Aandeel huishoudens met een duo")
    assert gemerkt == f"{EXPLORATORY}: Gezinsprofiel; Regio's samengenomen."
    assert onder(resultaten, "Andere indicatoren") == f"{EXPLORATORY}."
    # A design over time has a heading of its own, of the same indicator.
    over_tijd = onder(resultaten, "Aandeel huishoudens met een duo", 1)
    assert over_tijd == f"{EXPLORATORY}: Voor en na binnen proeftuinen."
    assert sum(EXPLORATORY in zin for zin in woorden(resultaten)) == 3
    ander = replace(plan, indicatoren=("wisselingen",))
    resultaten = section(vast(gewoon, ander), "resultaten")
    assert onder(resultaten, "Aandeel huishoudens met een duo") == f"{EXPLORATORY}."
    assert not onder(resultaten, "Wisselingen van vast gezicht").startswith(EXPLORATORY)


def test_the_short_version_and_a_site_mark_it_too(gewoon, plan):
    """None of the planned indicators is in the report: what leads then was not planned."""
    gepland = vast(gewoon, plan)
    ander = vast(gewoon, replace(plan, indicatoren=("duo_duur",)))
    (site, *_) = site_names(gewoon)
    for maak in (short_blocks, lambda rapport: site_blocks(rapport, site)):
        for rapport, keer in ((gepland, 0), (ander, 1)):
            blokken = maak(rapport)
            teksten = [*woorden(blokken), *punten(blokken)]
            assert sum(EXPLORATORY in tekst for tekst in teksten) == keer


def test_in_english_only_the_words_of_the_researcher_stay_dutch(gewoon, plan):
    eerder = Locked(replace(plan, populatie="alle"), date(2024, 1, 5))
    toen = replace(
        plan, indicatoren=("aandeel_duo", "duo_duur", "vroeger"), subgroepen=("proeftuin_tranche",)
    )
    rapport = vast(gewoon, toen, replace(toen, vraag="", beslisregel="Nooit."), earlier=eerder, reden="Tijd.")
    hoofdstukken = (b for naam in ("opzet", "afwijkingen") for b in section(rapport, naam))
    blokken = [b for b in hoofdstukken if not isinstance(b, Kader)]
    nieuw = {find(naam).card.label for naam in plan.ontwerpen}
    eigen = {"Werkt het?", "Alleen met een interval.", "Nooit.", "Tijd.", "vroeger", *nieuw}
    nederlands = in_english(tuple(blokken))[1]
    assert set(nederlands) <= eigen
    gemerkt = (*exploratory(rapport, "aandeel_duo"), *exploratory(rapport, "wisselingen"))
    assert len(gemerkt) == 2
    assert not any(EXPLORATORY in tekst for tekst in in_english(gemerkt)[1])


def test_the_manifest_holds_the_lock_and_a_comparison_names_a_change_of_it(gewoon, plan):
    zonder, met = manifest.make(gewoon), manifest.make(vast(gewoon, plan))
    sha = vast(gewoon, plan).plan.locked.sha256
    assert zonder["vastgelegd_plan"] is None
    assert met["vastgelegd_plan"] == {"datum": "2024-03-15", "sha256": sha}
    redenen = [tekst for soort, tekst in changes.compare(zonder, met).anders if soort == "plan"]
    assert f"vastgelegd plan geen → van 2024-03-15 ({sha[:16]})" in redenen
