"""What a reader stumbles over is explained where it happens, and only there: held against the numbers."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re

import numpy as np
import pandas as pd
import pytest

from tests.vrijgave_bouw import aandeel, resultaat, rij
from toekomstscenario_eval.blocks.count_words import BOUNDED, words
from toekomstscenario_eval.blocks.difference import difference_blocks, differences_table
from toekomstscenario_eval.blocks.multiverse_table import multiverse, multiverse_sentence, multiverse_table
from toekomstscenario_eval.blocks.overview import compact_table
from toekomstscenario_eval.blocks.region_difference import FEW, difference_sentence, regions_table
from toekomstscenario_eval.blocks.release_page import policy_table
from toekomstscenario_eval.blocks.sentence import sentence
from toekomstscenario_eval.blocks.specification import specification_figure
from toekomstscenario_eval.blocks.table import estimates_table, overview_table
from toekomstscenario_eval.designs._regions import by_region
from toekomstscenario_eval.designs.group_difference import differences
from toekomstscenario_eval.document.document import Alinea, flat_text
from toekomstscenario_eval.document.english import in_english, translate
from toekomstscenario_eval.document.format import EMPTY
from toekomstscenario_eval.document.prose import Passage
from toekomstscenario_eval.identity import TOTAAL, Variant
from toekomstscenario_eval.long_tables import TOETS
from toekomstscenario_eval.protection import record
from toekomstscenario_eval.protection.policy import load_policy, policies
from toekomstscenario_eval.report.plan import FixedNumber, Plan
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.report.sections import s04_gegevens, s11_privacy
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import SITE, SITE_KIND, Kind, Maat, Param, Vorm

DAGEN = {
    "mediaan": Maat("Mediane duur", "dagen", Vorm.DAGEN),
    "gemiddelde_beperkt": Maat("Gemiddelde duur binnen het eerste jaar", "dagen", Vorm.DAGEN),
}


def soorten(kind, maten, geheel, een, twee, *, intern=False, meer=()):
    """A result of the whole and of both kinds of region, each an estimate with its bounds, by estimand."""
    rijen = [
        rij(per, groep, 400, maat=maat, schatting=s, ondergrens=onder, bovengrens=boven)
        for maat in maten
        for (per, groep), (s, onder, boven) in zip(
            (("", TOTAAL), (SITE_KIND, "proeftuin"), (SITE_KIND, "vergelijking")),
            (geheel, een, twee),
            strict=True,
        )
    ]
    r = resultaat(kind, [*rijen, *meer], maten=maten)
    return dataclasses.replace(r, intern=intern)


def om(s, half=0.05):
    return (s, s - half, s + half)


def noten(r):
    """The notes of the table by kind of region, and of the one with the whole below it."""
    vrijgave = bundle((r,))
    tabellen = (
        compact_table(vrijgave, ["proef"], title="Proef"),
        estimates_table(vrijgave, "proef", uitsplitsing=SITE_KIND),
    )
    assert not any("eigen ruis" in t or "venster van" in t for t in in_english(tabellen)[1])
    return [" ".join(t.noten) for t in tabellen]


@pytest.mark.parametrize("intern", [True, False])
@pytest.mark.parametrize(
    ("geheel", "een", "twee", "buiten"),
    [
        (0.149, 0.146, 0.1487, True),  # 14.9% beside 14.6 and 14.9: reads alike
        (0.152, 0.146, 0.149, True),
        (0.140, 0.146, 0.149, True),
        (0.147, 0.146, 0.149, False),
        (0.146, 0.146, 0.149, False),
    ],
)
def test_a_whole_outside_its_parts_is_explained(geheel, een, twee, buiten, intern):
    maten = {"aandeel": Maat("Aandeel", "aandeel van de huishoudens", Vorm.AANDEEL)}
    r = soorten(Kind.AANDEEL, maten, om(geheel), om(een), om(twee), intern=intern)
    gelezen = {f"{100 * g:.1f}" for g in (een, twee)}
    verwacht = buiten and not intern and f"{100 * geheel:.1f}" not in gelezen
    assert ["eigen ruis" in noot for noot in noten(r)] == [False, verwacht]


def test_reliability_of_the_whole_may_be_more_than_of_its_parts():
    maten = {"alfa": Maat("Alfa", "van 0 tot 1", Vorm.GETAL)}
    assert not any("eigen ruis" in n for n in noten(soorten(Kind.MATRIX, maten, om(0.9), om(0.8), om(0.7))))


def test_parts_that_are_not_shown_explain_nothing():
    maten = {"aandeel": Maat("Aandeel", "aandeel van de huishoudens", Vorm.AANDEEL)}
    r = soorten(Kind.AANDEEL, maten, om(0.3), om(0.2), (math.nan,) * 3)
    assert not any("eigen ruis" in n for n in noten(r))


@pytest.mark.parametrize(
    ("mediaan", "langer", "open_"),
    [((864.0, 822.0, math.nan), True, True), ((864.0, 822.0, 900.0), True, False), (om(60, 5), False, False)],
)
def test_a_duration_beyond_the_window_and_an_open_end_are_explained(mediaan, langer, open_):
    maten = {"mediaan": DAGEN["mediaan"]}
    r = soorten(Kind.DUUR, maten, mediaan, mediaan, om(60, 3))
    tabel = overview_table(bundle((r,)), "proef")
    for tekst in (*noten(r), " ".join(tabel.noten)):
        assert (f"venster van {r.venster.dagen} dagen" in tekst) is langer
        assert ("bovengrens is niet te bepalen" in tekst) is open_
    assert ("en langer" in tabel.rijen[0][2].tekst) is open_
    assert "?" not in tabel.rijen[0][2].tekst


def toets_van(*, schatting, methode, groepen=("proeftuin", "vergelijking")):
    vast = dict.fromkeys(TOETS, math.nan) | {"toets": "verschil in gemiddelde binnen 365 dagen"}
    plekken = tuple((SITE_KIND, groep) for groep in groepen)
    return pd.DataFrame(
        [
            vast
            | {
                "uitsplitsing": SITE_KIND,
                "schatting": schatting,
                "eenheid": "dagen",
                "methode": methode,
                "plekken": plekken,
            }
        ],
        columns=list(TOETS),
    )


@pytest.mark.parametrize(
    ("schatting", "groepen", "weg"),
    [
        (math.nan, ("proeftuin", "vergelijking"), True),
        (4.0, ("proeftuin", "vergelijking"), False),
        (math.nan, ("proeftuin", "anders"), False),
    ],
)
def test_what_a_test_cannot_estimate_is_not_shown_as_a_difference(schatting, groepen, weg):
    waarom = "in een groep zijn dan minder dan 10 duren onder risico"
    methode = f"verschil in gemiddelde binnen 365 dagen niet te schatten, want {waarom}"
    r = soorten(Kind.DUUR, DAGEN, om(88, 3), om(90, 3), om(85, 3))
    r = dataclasses.replace(r, toetsen=toets_van(schatting=schatting, methode=methode, groepen=groepen))
    tabel = differences_table(bundle((r,)), "proef")
    rijen = {x[0].tekst: x[1].tekst for x in tabel.rijen}
    assert (rijen["Gemiddelde duur binnen het eerste jaar"] == EMPTY) is weg
    assert rijen["Mediane duur"] != EMPTY
    assert (waarom in " ".join(tabel.noten)) is weg


@pytest.mark.parametrize(
    ("een", "twee"), [((9, 9, 9), (12, 12, 13)), ((5, 4, 6), (7, 7, 9)), ((3, 3, 3), (3, 3, 3))]
)
def test_whole_numbers_differ_by_whole_numbers(een, twee):
    maten = {"p90": Maat("90 procent heeft er hooguit", "professionals", Vorm.GETAL)}
    r = soorten(Kind.AANTAL, maten, (9, 9, 9), een, twee)
    vrijgave = bundle((r,))
    ((_, v, _),) = differences(vrijgave.resultaten[0])
    assert (v.ondergrens, v.bovengrens) == (een[1] - twee[2], een[2] - twee[1])
    tabel = differences_table(vrijgave, "proef")
    assert "," not in tabel.rijen[0][2].tekst
    aan_de_rand = v.schatting in (v.ondergrens, v.bovengrens)
    assert any("hele getallen" in noot for noot in tabel.noten) is aan_de_rand


def regios(een, twee, geheel):
    """A share by site and by kind of region, with the kinds as given."""
    rijen = [aandeel("", TOTAAL, 50, 100)]
    for soort, delen, samen in (("proeftuin", een, geheel[0]), ("vergelijking", twee, geheel[1])):
        rijen.append(aandeel(SITE_KIND, soort, round(1000 * samen), 1000))
        rijen += [
            aandeel(SITE, f"{soort}{i}", round(100 * p), 100, stratum=soort)
            if p is not None
            else rij(SITE, f"{soort}{i}", 8, stratum=soort)
            for i, p in enumerate(delen)
        ]
    return bundle((resultaat(Kind.AANDEEL, rijen),))


def of_kinds(vrijgave):
    """Return the one difference between the kinds of region."""
    ((_, v, _),) = by_region(vrijgave.resultaten[0], per=SITE_KIND, a="proeftuin", b="vergelijking")
    return v


def read(blok):
    """Return the text of a paragraph, or the notes of a table."""
    return flat_text(blok.inhoud) if isinstance(blok, Alinea) else " ".join(blok.noten)


@pytest.mark.parametrize("geheel", [(0.34, 0.33), (0.33, 0.34)])
@pytest.mark.parametrize("aantal", [(6, 3), (6, 6), (3, 9)])
def test_few_regions_and_another_direction_are_warned_of(geheel, aantal):
    toeval = np.random.default_rng(4)
    een, twee = (toeval.uniform(0.1, 0.6, n).round(2) for n in aantal)
    vrijgave = regios(een, twee, geheel)
    v = of_kinds(vrijgave)
    tekst = " ".join(regions_table(vrijgave, "proef").noten)
    ander = (geheel[0] - geheel[1]) * v.schatting < 0
    assert ("een andere kant op" in tekst) is ander
    maar = re.search(r"doen maar (\d+) regio's mee", tekst)
    assert (maar is not None) is (min(aantal) < FEW)
    assert maar is None or int(maar[1]) == min(aantal)


def test_the_region_leads_and_households_are_said_to_be_too_sure():
    toeval = np.random.default_rng(4)
    een, twee = (toeval.uniform(low, low + 0.2, n).round(2) for low, n in ((0.4, 11), (0.1, 3)))
    vrijgave = regios(een, twee, (0.5, 0.2))
    vooraf, eerst, waarschuwing, daarna = difference_blocks(vrijgave, "proef")
    assert read(vooraf).endswith(
        "proeftuin (11 regio's) min vergelijking (3 regio's), met de regio als eenheid: 364 "
        "toewijzingen; de kleinste p die kan is 0,0027."
    )
    assert eerst.bijschrift.endswith("regio als eenheid")
    (rij,) = eerst.rijen
    v = of_kinds(vrijgave)
    assert rij[3].tekst == "0,003"
    assert v.p == pytest.approx(1 / 364)
    assert "te zeker voor een conclusie over proeftuinen" in read(waarschuwing)
    assert "over huishoudens" in daarna.bijschrift
    assert "te zeker voor een conclusie over proeftuinen" in read(daarna)
    zin = flat_text(difference_sentence(vrijgave, "proef"))
    assert zin == (
        "Verschil met de regio als eenheid, elke even zwaar (364 toewijzingen; de kleinste p die kan is "
        "0,0027): "
        f"{rij[1].tekst} (95%-interval {rij[2].tekst}; p 0,003)."
    )


@pytest.mark.parametrize(("aantal", "vooraf"), [((6, 1), "7 toewijzingen"), ((3, 1), "4 toewijzingen")])
def test_too_few_regions_have_no_p_and_no_interval_and_it_is_said_why(aantal, vooraf):
    een, twee = ([0.2 + 0.05 * i for i in range(n)] for n in aantal)
    vrijgave = regios(een, twee, (0.4, 0.2))
    zin, tabel = difference_blocks(vrijgave, "proef")[:2]
    assert f"{vooraf}; de kleinste p die kan is 0,{'14' if aantal[0] == 6 else '25'}." in read(zin)
    assert "met zo weinig regio's is geen verschil aan te tonen" in read(zin)
    (rij,) = tabel.rijen
    assert [cel.tekst for cel in rij[2:]] == ["geen", "geen"]
    assert rij[1].tekst.endswith("procentpunt")
    kort = flat_text(difference_sentence(vrijgave, "proef"))
    assert kort.endswith("; met zo weinig regio's is geen verschil aan te tonen.")
    assert "95%" not in kort


def test_a_region_without_a_figure_leaves_no_difference_of_any():
    vrijgave = regios([0.2, 0.3, 0.4, 0.5], [0.3, None, 0.4], (0.4, 0.3))
    zin, waarschuwing, *_ = difference_blocks(vrijgave, "proef")
    assert "want bij 1 van de 7 regio's zijn er te weinig huishoudens" in read(zin)
    assert "te zeker" in read(waarschuwing)
    assert regions_table(vrijgave, "proef") is None
    assert flat_text(difference_sentence(vrijgave, "proef")).startswith(
        "Geen verschil met de regio als eenheid"
    )


def test_shares_never_differ_by_more_than_a_hundred_points():
    """Errors of what lies near zero and one would reach beyond."""
    vrijgave = regios([1.0, 1.0, 1.0, 0.99, 0.99], [0.0, 0.0, 0.01], (0.99, 0.01))
    v = of_kinds(vrijgave)
    assert v.schatting < v.bovengrens == 1
    assert regions_table(vrijgave, "proef").rijen[0][2].tekst.endswith("100,0 procentpunt")


@pytest.mark.parametrize("weergave", BOUNDED)
@pytest.mark.parametrize(
    ("eenheid", "wie"),
    [
        ("aandeel van de kinderen", True),
        ("maatregelen per 1.000 kindjaren", True),
        ("aandeel van de huishoudens", False),
        ("", False),
    ],
)
def test_what_a_number_is_a_number_of_is_named_where_the_unit_is_another(weergave, eenheid, wie):
    rij_ = {"weergave": weergave, "n": 5182.0, "eenheid": eenheid}
    tekst = words(rij_, least=10)
    assert "5.182" in tekst
    assert ("5.182 huishoudens" in tekst) is wie
    assert "5,182" in translate(tekst)
    maten = {"aandeel": Maat("Aandeel", eenheid or "huishoudens", Vorm.AANDEEL)}
    r = resultaat(Kind.AANDEEL, [rij("", TOTAAL, 5182, weergave=weergave, eenheid=eenheid)], maten=maten)
    assert flat_text(sentence(bundle((r,)), "proef").inhoud).count("huishoudens") == 1


def definitie(eenheid, schatting, *, keuzes, laatste=""):
    """A definition of a share of children or of households."""
    maten = {
        "kind": Maat("Aandeel kinderen", "aandeel van de kinderen", Vorm.AANDEEL, bij={"eenheid": ("kind",)}),
        "huis": Maat(
            "Aandeel gezinnen", "aandeel van de huishoudens", Vorm.AANDEEL, bij={"eenheid": ("huis",)}
        ),
    }
    maat = "kind" if eenheid == "kind" else "huis"
    rij_ = rij("", TOTAAL, 500, maat=maat, schatting=schatting, ondergrens=schatting - 0.01, bovengrens=0.5)
    r = resultaat(Kind.AANDEEL, [rij_], maten=maten)
    card = dataclasses.replace(r.card, params={"eenheid": Param("kind", "", ("kind", "huis"))})
    variant = Variant(definitie=keuzes)
    return dataclasses.replace(r, card=card, params={"eenheid": eenheid}, variant=variant)


def test_only_what_has_the_same_unit_is_compared():
    delen_ = (
        definitie("kind", 0.03, keuzes=()),
        definitie("huis", 0.09, keuzes=(("eenheid", "huis"),)),
        definitie("kind", 0.05, keuzes=(("laatste dag", "telt mee"),)),
    )
    vrijgave = bundle(delen_)
    m = multiverse(vrijgave, "proef")
    assert m.maat.eenheid == "aandeel van de kinderen"
    assert sorted(m.getoond["schatting"]) == [0.03, 0.05]
    zin = flat_text(multiverse_sentence(vrijgave, "proef").inhoud)
    assert zin.startswith(
        "Aandeel kinderen (aandeel van de kinderen) van alle huishoudens, onder 1 andere redelijke "
        "definitie: 5,0%. Standaard: 3,0%; het andere cijfer ligt in het 95%-interval daarvan."
    )
    assert "Niet vergeleken: eenheid: huis (" in zin
    assert "9,0%" not in zin
    assert "andere eenheid: aandeel van de huishoudens" in zin
    assert not any("eenheid" in tekst for tekst in in_english((multiverse_sentence(vrijgave, "proef"),))[1])
    # Its number stands in the table, with its unit; on the axis of the others it does not.
    rijen = {x[0].tekst: x[1].tekst for x in multiverse_table(vrijgave, "proef").rijen}
    assert [naam for naam in rijen if "aandeel van de huishoudens" in naam] == [
        naam for naam, getal in rijen.items() if getal == "9,0%"
    ]
    assert "9,0%" not in specification_figure(vrijgave, "proef").alt
    # Fewer than two in one unit: no sentence.
    assert multiverse_sentence(bundle(delen_[:2]), "proef") is None


@pytest.mark.parametrize(
    ("eenheid", "noemer", "weg"),
    [
        ("aandeel van de huishoudens", 401, True),  # drawn apart
        ("aandeel van de kinderen", 401, False),
        ("aandeel van de kinderen", 400, True),
    ],
)
def test_a_column_that_repeats_the_households_is_left_out(eenheid, noemer, weg):
    maten = {"aandeel": Maat("Aandeel", eenheid, Vorm.AANDEEL)}
    rijen = [
        rij(per, groep, 400, schatting=0.2, ondergrens=0.1, bovengrens=0.3, teller=80, noemer=noemer)
        for per, groep in (("", TOTAAL), (SITE_KIND, "proeftuin"), (SITE_KIND, "vergelijking"))
    ]
    vrijgave = bundle((dataclasses.replace(resultaat(Kind.AANDEEL, rijen, maten=maten), intern=False),))
    tabel = estimates_table(vrijgave, "proef", uitsplitsing=SITE_KIND)
    assert ("Eenheden" not in tabel.kop) is weg
    assert "Met het kenmerk" in tabel.kop
    kolommen = [tuple(x[i].tekst for x in tabel.rijen) for i in range(2, len(tabel.kop))]
    assert len(set(kolommen)) == len(kolommen)


def test_what_was_chosen_is_named_at_the_table():
    kaarten = {naam: wat.card for naam, wat in registry.all_indicators().items() if wat.card.params}
    assert len(kaarten) > 10
    for naam, card in kaarten.items():
        params = {k: p.standaard for k, p in card.params.items()}
        maat = next(iter(card.maten_bij(params)))
        r = resultaat(card.kind, [rij("", TOTAAL, 400, maat=maat)], naam=naam)
        vrijgave = bundle((dataclasses.replace(r, card=card, params=params),))
        tekst = " ".join(compact_table(vrijgave, [naam], title="Proef").noten)
        for k, w in params.items():
            genoemd = f"{k} = {w}".replace("_", " ") in tekst
            assert genoemd is (w not in ("alle", "meest_gebruikt", 0))
        assert "tks " not in tekst


def test_rules_that_the_owner_must_confirm_are_counted_once():
    for naam in policies():
        vrijgave = bundle([resultaat(Kind.AANDEEL, [aandeel("", TOTAAL, 30, 60)])])
        beleid = record.record(vrijgave, load_policy(naam), {})["beleid"]
        tabel = policy_table(beleid, reader=True)
        open_ = sum("te bevestigen door de eigenaar" in regel["bron"] for regel in beleid["regels"])
        tekst = " ".join(cel.tekst for regel in tabel.rijen for cel in regel)
        assert "te bevestigen" not in tekst
        assert "proeftuin_" not in tekst
        assert f"{open_} van de {len(beleid['regels'])} waarden" in " ".join(tabel.noten)
        assert not in_english((tabel,))[1] - {tabel.bijschrift}


@pytest.mark.parametrize("vast", [(), (FixedNumber("Casussen", 45.0, "bron", ""),)])
def test_a_number_with_a_source_is_told_not_to_be_counted(vast):
    proza = (Passage("aanleveraars", "45", 1), Passage("aanleveraars", "38", 2))
    plan = Plan(vaste_getallen=vast, proza=proza)
    vrijgave = bundle([resultaat(Kind.AANDEEL, [aandeel("", TOTAAL, 30, 60)])])
    blokken = s11_privacy._typed(Report(vrijgave, plan, None))
    tekst = " ".join(flat_text(b.inhoud) for b in blokken if isinstance(b, Alinea))
    assert blokken[-1].rijen[0][1].tekst == str(2 - len(vast))
    assert ("hoofdstuk 3 met zijn bron" in tekst) is bool(vast)


def test_what_is_left_out_has_a_unit_that_can_be_counted():
    """A unit of the indicator that its rows of exclusions are: children where it counts their days."""
    eenheden = {naam: s04_gegevens._counted(wat.card) for naam, wat in registry.all_indicators().items()}
    assert not [tekst for tekst in eenheden.values() if "kinddag" in tekst or translate(tekst) is None]
    assert eenheden["instroom_ots"] == eenheden["aandeel_ots"] == "kinderen"
    assert eenheden["aandeel_duo"] == eenheden["uitkomsten"] == "huishoudens"
    assert eenheden["duo_duur"] == "duo"


def test_a_whole_with_too_few_for_a_number_beside_a_part_with_one():
    maten = {"aandeel": Maat("Aandeel", "aandeel van de huishoudens", Vorm.AANDEEL)}
    for weergave, deel in itertools.product(("weinig", "nul"), (0.2, math.nan)):
        r = soorten(Kind.AANDEEL, maten, (math.nan,) * 3, om(deel), (math.nan,) * 3)
        s = r.schattingen
        r = dataclasses.replace(
            r, schattingen=s.assign(weergave=s["weergave"].where(s["uitsplitsing"].ne(""), weergave))
        )
        assert ["eigen ruis" in noot for noot in noten(r)] == [False, not math.isnan(deel)]
