"""Chapter 6: each number in the release has its own method and its own assumptions there, and no other's."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace

import pandas as pd
import pytest

from tests.vrijgave_bouw import delen, resultaat, rij
from toekomstscenario_eval import design_effect
from toekomstscenario_eval.designs import all_designs
from toekomstscenario_eval.document.document import Lijst, Tabel
from toekomstscenario_eval.document.english import translate
from toekomstscenario_eval.long_tables import REEKS
from toekomstscenario_eval.protection import record
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.policy import load_policy, policies
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, PublicSummary
from toekomstscenario_eval.report.methods import METHODS, methods
from toekomstscenario_eval.report.plan import Plan
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.report.sections import s06_methoden
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.types import NIET, Kind, Maat, Status, Vorm

MEDIAAN = {"mediaan": Maat("Mediaan", "dagen", Vorm.DAGEN)}
EINDE = {"incidentie_1_365": Maat("Binnen een jaar", "aandeel van de perioden", Vorm.AANDEEL)}
NOG_LOOPT = "Wat nog loopt, duurt niet stelselmatig langer of korter dan wat is afgelopen"
GEEN_EINDE = "Wie nog geen einde heeft, eindigt later op dezelfde manieren als wie al langer is gevolgd"


VAAK = "Hoe lang een huishouden is gevolgd, hangt niet samen met hoe vaak het gebeurt"


def geheel(kind, maten, **anders):
    """Return a result of the whole alone, with one number of each estimand."""
    vast = {"schatting": 0.5, "teller": 150, "noemer": 200, "gecensureerd": 50, **anders}
    return resultaat(kind, [rij("", "totaal", 200, maat=maat, **vast) for maat in maten], maten=maten)


def hoofdstuk(*resultaten):
    """Return the methods in words, and who rests on each assumption with which outcome."""
    blokken = s06_methoden.blocks(Report(bundle(resultaten), Plan(), None))
    (lijst,) = (blok for blok in blokken if isinstance(blok, Lijst))
    (tabel,) = (blok for blok in blokken if isinstance(blok, Tabel))
    rijen = [[cel.tekst for cel in rij_] for rij_ in tabel.rijen]
    return [punt[0].tekst for punt in lijst.items], {r[0].split(". Toets")[0]: r[1:] for r in rijen}


SAMENHANG = "Wilson, 95%-interval, gecorrigeerd voor samenhang binnen huishoudens"
RIJEN = [
    {"gecensureerd": 1, "noemer": noemer, "n": 4, "methode": methode, "ondergrens": onder}
    for methode in (
        "",
        SAMENHANG,
        "samenhang binnen huishoudens niet te schatten bij 0 of 100 procent",
        "Kaplan-Meier; duren als onafhankelijk geteld (geen ontwerpeffect)",
        "Kaplan-Meier; ontwerpeffect 1,5 voor huishoudens met hetzelfde vaste gezicht of lokale team",
        "Kaplan-Meier; ontwerpeffect 10, de hoogste waarde: het interval kan te smal zijn",
    )
    for noemer in (4, 7)
    for onder in (0.2, math.nan)
]


def in_cellen(*k):
    """Return published cells: households with at least one, and with at least each `k`."""
    cellen = [("totaal", "", "n", 0, i, 40) for i in (1, *k)]
    return PublicSummary(
        Kind.AANDEEL,
        pd.DataFrame(cellen, columns=CELLEN),
        pd.DataFrame([("totaal", "", 40, "2026-01-01", 365, True, "")], columns=PLEKKEN),
        Noise(6, 3.0, 2),
    )


def openbaar(*onder_waarneming):
    """Return a public result whose curves have so many under observation on each of their days."""
    punten = [
        dict.fromkeys(REEKS, "") | {"reeks": reeks, "x": 30.0 * i, "waarde": 0.5, "n": n}
        for reeks in ("overleving", "incidentie")
        for i, n in enumerate(onder_waarneming)
    ]
    r = geheel(Kind.DUUR, MEDIAAN | EINDE)
    return replace(r, publiek={"": in_cellen()}, reeksen=pd.DataFrame(punten, columns=list(REEKS)))


def test_competing_ends_have_their_own_method_and_assumption():
    methoden, aannames = hoofdstuk(geheel(Kind.DUUR, EINDE))
    assert any("Aalen en Johansen" in tekst for tekst in methoden)
    assert not any("Kaplan-Meier" in tekst for tekst in methoden)
    assert NOG_LOOPT not in aannames
    assert aannames[GEEN_EINDE][1] == "Proefmaat (25,0%)"


def test_a_duration_with_ends_rests_on_both():
    methoden, aannames = hoofdstuk(geheel(Kind.DUUR, MEDIAAN | EINDE))
    assert sum("Kaplan-Meier" in tekst or "Aalen en Johansen" in tekst for tekst in methoden) == 2
    assert {NOG_LOOPT, GEEN_EINDE} <= aannames.keys()


def test_few_at_risk_is_told_of_the_method_that_had_few():
    weinig = "Aalen-Johansen; let op: op een dag zijn minder dan 10 duren onder risico"
    _, aannames = hoofdstuk(geheel(Kind.DUUR, EINDE, methode=weinig))
    uitkomst, wie = aannames["Op elke dag zijn er genoeg perioden onder waarneming"]
    assert (uitkomst, wie) == ("gefaald: op ten minste één dag zijn het er minder", "Proefmaat")


@pytest.mark.parametrize(
    ("aantallen", "uitkomst"),
    [
        ((300, 80, 10), Status.GESLAAGD),
        ((300, 80, 9), Status.GEFAALD),
        ((300, 4, 80), Status.GEFAALD),
        ((), Status.NVT),
    ],
)
def test_enough_at_risk_is_read_from_the_curve_that_is_shown(aantallen, uitkomst):
    r = openbaar(*aantallen)
    for maat in MEDIAAN | EINDE:
        gekeken = [
            a
            for a, _ in methods(r.card, [maat])[maat].assumptions(RIJEN[0], r)
            if a.assumption.startswith("Op elke dag")
        ]
        assert [a.status for a in gekeken] == [uitkomst]


def test_what_no_data_can_check_has_not_passed_or_failed():
    """Held against every method: who says that households are independent has not looked at any data."""
    for methode in {methode for per in METHODS.values() for methode in per.values()}:
        for rij_, r in itertools.product(RIJEN, (openbaar(), openbaar(40), delen(("a", 1, 4)))):
            for a, _ in methode.assumptions(rij_, r):
                niet = a.toets == "niet uit de gegevens te toetsen"
                assert (a.verdict == "niet te toetsen") is niet
                assert a.status is Status.NVT or not niet
                assert niet or "onafhankelijk" not in a.assumption


@pytest.mark.parametrize(
    ("effect", "status", "erbij"),
    [
        (None, Status.NVT, ""),
        (1, Status.GESLAAGD, " (1)"),
        (9.5, Status.GESLAAGD, " (9,5)"),
        (10, Status.GEFAALD, " (10)"),
    ],
)
def test_what_teams_share_passes_only_below_the_highest_effect(effect, status, erbij):
    r = openbaar(40)
    rij_ = RIJEN[0] | {"methode": f"Kaplan-Meier, 95%-interval; {design_effect.in_words(effect)}"}
    for maat in MEDIAAN | EINDE:
        *_, (aanname, tekst) = methods(r.card, [maat])[maat].assumptions(rij_, r)
        assert (aanname.status, tekst) == (status, erbij)
        bare = methods(r.card, [maat])[maat].assumptions(RIJEN[0] | {"methode": "Kaplan-Meier"}, r)
        assert aanname not in [a for a, _ in bare]


@pytest.mark.parametrize(
    ("rij_", "status"),
    [
        ({"methode": SAMENHANG, "noemer": 9, "n": 4, "ondergrens": 0.1}, Status.GESLAAGD),
        ({"methode": "Wilson, 95%-interval", "noemer": 4, "n": 4, "ondergrens": 0.1}, Status.NVT),
        ({"methode": "Wilson, 95%-interval", "noemer": 9, "n": 4, "ondergrens": 0.1}, Status.GESLAAGD),
        # Where no interval stands, none can be right or wrong.
        ({"methode": "te weinig huishoudens", "noemer": 9, "n": 4, "ondergrens": math.nan}, Status.NVT),
    ],
)
def test_units_of_one_household_pass_only_where_there_are_more(rij_, status):
    r = delen(("a", 1, 4))
    (_, (binnen, _)) = methods(r.card, ["aandeel"])["aandeel"].assumptions(rij_, r)
    assert binnen.status is status


@pytest.mark.parametrize(
    ("k", "methode", "uitkomst"),
    [
        ((), "Wilson, 95%-interval", "elk huishouden telt één keer"),
        ((2, 3), SAMENHANG, "het interval is gecorrigeerd voor samenhang binnen huishoudens"),
        ((2,), "Wilson, 95%-interval", "het interval rekent niet met samenhang binnen huishoudens"),
    ],
)
def test_in_public_the_cells_tell_whether_a_household_has_more_units(k, methode, uitkomst):
    """Whatever the counts are that stand beside it: teller, rest and households are drawn apart."""
    r = replace(delen(("a", 1, 4)), publiek={"": in_cellen(*k)})
    rij_ = {"methode": methode, "noemer": 40, "n": 40, "ondergrens": 0.1}
    (_, (binnen, _)) = methods(r.card, ["aandeel"])["aandeel"].assumptions(rij_, r)
    assert binnen.uitkomst == uitkomst


@pytest.mark.parametrize(
    ("methode", "schatting", "status"),
    [
        ("Kaplan-Meier, 95%-interval", 90.0, Status.GESLAAGD),
        ("Kaplan-Meier; let op: op een dag zijn minder dan 10 duren onder risico", 90.0, Status.GEFAALD),
        # Not about who is under observation, and nothing that was looked at.
        ("Kaplan-Meier: p75 niet bereikt, minder dan driekwart is beëindigd", math.nan, Status.NVT),
        ("niet te schatten: te weinig huishoudens", math.nan, Status.NVT),
    ],
)
def test_who_is_under_observation_passes_only_where_something_was_estimated(methode, schatting, status):
    r = geheel(Kind.DUUR, MEDIAAN, methode=methode, schatting=schatting)
    rij_ = r.schattingen.iloc[0].to_dict()
    gekeken = [
        a for a, _ in methods(r.card, MEDIAAN)["mediaan"].assumptions(rij_, r) if "waarneming" in a.assumption
    ]
    assert [a.status for a in gekeken] == [status]


def test_the_label_of_an_interval_and_its_measured_coverage_stand_in_one_place():
    gezien = 0
    for naam in policies():
        vrijgave = bundle([replace(delen(("a", 30, 60), ("b", 40, 90)), intern=False)])
        dossier = record.record(vrijgave, load_policy(naam), {})
        report = Report(vrijgave, Plan(), None, dossier=dossier)
        tabellen = [b for b in s06_methoden.blocks(report) if isinstance(b, Tabel)]
        gemeten = {r[0].tekst: r[2].tekst for t in tabellen for r in t.rijen if "dekking" in t.bijschrift}
        for regel in dossier["beleid"]["regels"]:
            delen_ = re.findall(r"(?:dekking|waarheid)\D*(\d+)%", regel["bron"])
            naam_ = regel["uitleg"][:1].upper() + regel["uitleg"][1:]
            assert [gemeten.get(naam_, "").rstrip("%")] == (delen_ or [""])
            gezien += len(delen_)
    assert gezien > 2


@pytest.mark.parametrize(
    ("kind", "maat", "aanname"),
    [
        (Kind.HERHAALD, "mcf_365", VAAK),
        (Kind.MATRIX, "alfa", "Wie alle items heeft, lijkt op wie een item mist"),
        (Kind.NETWERK, "over_organisaties", "Elke band is geregistreerd"),
        (Kind.NETWERK, "verschil_dichtheid", "Zonder verschil zijn gebieden onderling te verwisselen"),
        (Kind.NETWERK, "correlatie", "Zonder samenhang zijn organisaties onderling te verwisselen"),
        (Kind.AANTAL, "gemiddelde", "Huishoudens zijn onafhankelijk van elkaar"),
        (Kind.TELLING, "aantal", "Wat er is, is geleverd"),
    ],
)  # fmt: skip
def test_a_kind_prints_its_own_assumption_and_no_other(kind, maat, aanname):
    _, aannames = hoofdstuk(geheel(kind, {maat: Maat("Maat", "eenheid", Vorm.GETAL)}))
    assert list(aannames) == [aanname]


def test_a_change_assumes_that_those_measured_twice_are_like_the_others():
    maten = {"verschil": Maat("Verandering", "punten", Vorm.GETAL)}
    _, aannames = hoofdstuk(geheel(Kind.SCORE, maten))
    assert list(aannames) == ["Wie twee keer is gemeten, lijkt op wie maar één keer is gemeten"]


def test_a_whole_that_is_not_shown_says_so_and_nothing_else():
    _, aannames = hoofdstuk(delen(("a", 1, 4), ("b", 1, 4), weergave=NIET))
    assert list(aannames) == ["Er zijn genoeg waarnemingen om iets te tonen"]


def test_only_methods_in_use_are_named():
    methoden, _ = hoofdstuk(delen(("a", 30, 60), ("b", 40, 90)))
    assert [tekst.split(":")[0] for tekst in methoden] == [
        "Aandelen",
        "Regio's zoals deze",
        "Verschillen tussen proeftuinen en vergelijkingsregio's",
        "Regio's samengenomen",
        "Regio's in een trechter",
    ]


def test_methods_and_assumptions_have_their_english():
    for methode in {methode for per in METHODS.values() for methode in per.values()}:
        teksten = [methode.tekst]
        for rij_, r in itertools.product(RIJEN, (openbaar(), openbaar(4), openbaar(40), delen(("a", 1, 4)))):
            for aanname, _ in methode.assumptions(rij_, r):
                teksten += [aanname.assumption, aanname.toets, aanname.uitkomst]
                teksten.append(f"{aanname.verdict}: {aanname.uitkomst}")
        assert [tekst for tekst in teksten if translate(tekst) is None] == []
    assert all(translate(d.card.methode) for d in all_designs().values())
