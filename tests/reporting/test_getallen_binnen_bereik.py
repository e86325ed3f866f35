"""No number lies beyond what it can be, and every one reads in the form of the field."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vrijgave_bouw import aandeel, resultaat
from toekomstscenario_eval.blocks.by_phase import phases_table
from toekomstscenario_eval.blocks.overview import compact_table, kinds_table
from toekomstscenario_eval.blocks.table import estimates_table
from toekomstscenario_eval.blocks.whose import measured, moment
from toekomstscenario_eval.document.english import translate
from toekomstscenario_eval.document.format import (
    EMPTY,
    FORMS,
    MINUS,
    interval,
    number,
    of_method,
    window,
)
from toekomstscenario_eval.estimators.cells import shown
from toekomstscenario_eval.estimators.intervals import Outcome, rows
from toekomstscenario_eval.estimators.networks import network_cards
from toekomstscenario_eval.identity import BEFORE, COMPARISON, FROM, PILOT, Variant
from toekomstscenario_eval.report.origin import origin
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import SITE_KIND, Kind, Venster, Vorm

KAARTEN = {naam: wat.card for naam, wat in registry.all_indicators().items()} | {
    naam: getattr(network_cards, naam) for naam in ("NETWERK", "TIME", "VERGELIJKING", "OVERLEG")
}
MATEN = [(naam, m, maat) for naam, card in KAARTEN.items() for m, maat in card.maten.items()]
GETAL = st.floats(-50, 50) | st.sampled_from([math.nan, 0.0, -0.0, 1.0, -1e-9, 1 + 1e-9])
VELDEN = ("schatting", "ondergrens", "bovengrens")
BEREIK = re.compile(rf"(?:van|tussen|index van) ({MINUS}?[\d,]+) (?:tot|en) ({MINUS}?[\d,]+)$")
TELLING = {"n": 4, "teller": 1.0, "noemer": 4.0, "gecensureerd": 0}


@given(st.sampled_from(MATEN), GETAL, GETAL, GETAL)
def test_no_row_of_an_estimator_lies_beyond_what_its_measure_can_be(welke, schatting, onder, boven):
    """Held at the place where every row of an exact and of a public estimator is made."""
    _, naam, maat = welke
    uit = Outcome("zo", schatting, (onder, boven))
    (exact,) = rows({naam: maat}, {naam: uit}, tellingen=TELLING)
    (openbaar,) = shown.rows({naam: maat}, {naam: shown.Shown(uit)}, lambda _: TELLING)
    least, most = maat.bereik
    for rij, velden in (
        (exact, ("ondergrens", "bovengrens")),
        (openbaar, ("schatting", "ondergrens", "bovengrens")),
    ):
        for veld, echt in zip(
            ("schatting", "ondergrens", "bovengrens"), (schatting, onder, boven), strict=True
        ):
            if veld not in velden:
                continue
            assert math.isnan(rij[veld]) is math.isnan(echt)
            assert math.isnan(echt) or least <= rij[veld] <= most
            # What lies within stays as it is.
            assert not least <= echt <= most or rij[veld] == echt


@pytest.mark.parametrize(("naam", "m", "maat"), MATEN, ids=lambda x: x if isinstance(x, str) else "")
def test_what_a_unit_says_of_the_range_is_the_range(naam, m, maat):
    found = re.search(
        rf"(?:van|tussen|index van) ({MINUS}?[\d,]+) (?:tot|en) ({MINUS}?[\d,]+)$", maat.eenheid
    )
    if found:
        assert maat.bereik == tuple(float(g.replace(MINUS, "-").replace(",", ".")) for g in found.groups())
    if maat.eenheid.startswith(("aandeel van", "deel van de")):
        assert maat.bereik == (0, 1)
    if maat.eenheid == "ten hoogste 1":
        assert maat.bereik[1] == 1
    # A real minus sign.
    assert not re.search(r"(?<!\w)-\d", maat.eenheid)


def test_an_index_near_one_has_an_interval_that_ends_at_one():
    """Ten households with 1 and one with .6: the t interval alone would go on to beyond 1."""
    maat = KAARTEN["continuiteit"].maten["upc"]
    waarden = np.array([1.0] * 10 + [0.6])
    mean, half = waarden.mean(), 2.228 * waarden.std(ddof=1) / math.sqrt(11)
    assert mean + half > 1
    (rij,) = rows({"upc": maat}, {"upc": Outcome("t", mean, (mean - half, mean + half))}, tellingen=TELLING)
    assert rij["bovengrens"] == 1
    assert rij["ondergrens"] == pytest.approx(mean - half)


# How they read


@given(st.floats(-1e7, 1e7) | st.just(-0.0), st.sampled_from(list(Vorm)))
def test_every_number_reads_in_the_form_of_the_field(waarde, vorm):
    kans = FORMS[vorm].kans
    waarde = abs(math.tanh(waarde)) if kans else waarde
    for text in (number(waarde, vorm), of_method(waarde, vorm, "500 omwisselingen")):
        assert "-" not in text
        assert not re.fullmatch(rf"{MINUS}0(,0+)?( procentpunt|%)?", text)
        assert (text.endswith(" procentpunt")) is (vorm is Vorm.PROCENTPUNT)
        assert (text.endswith("%")) is (vorm is Vorm.AANDEEL)
        if kans:
            assert not re.search(r"(?<![\d<] )\b0,0+$", text)
            assert (waarde < 0.001) is text.startswith("< 0,001")


@given(st.floats(-5, 5), st.floats(-5, 5), st.sampled_from(list(Vorm)))
def test_an_interval_names_its_points_once_and_has_real_signs(a, b, vorm):
    text = interval(min(a, b), max(a, b), vorm)
    assert "-" not in text
    assert text.count(" – ") == 1
    assert text.count("procentpunt") == (vorm is Vorm.PROCENTPUNT)
    assert text.count("%") == (vorm is Vorm.AANDEEL)
    assert EMPTY not in text


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 900))
def test_one_day_is_no_window(begin, dagen):
    venster = Venster(begin, begin + timedelta(days=dagen))
    text = window(venster)
    assert ("tot en met" in text) is (dagen > 1)
    assert text.split(" tot en met ")[0] == window(Venster(begin, begin + timedelta(days=1)))
    card = replace(resultaat(Kind.AANDEEL, []).card, op_een_dag=True)
    r = replace(resultaat(Kind.AANDEEL, []), card=card, venster=venster)
    stand = measured(r)
    assert stand == f"Stand op {window(Venster(venster.eind - timedelta(days=1), venster.eind))}"
    assert translate(stand)
    assert "tot" not in stand
    assert measured(replace(r, card=replace(card, op_een_dag=False))) == f"Venster: {text}"


VOOR_DE_START = "op de laatste dag voor de start van de eigen proeftuin"


@pytest.mark.parametrize(
    ("variant", "periode", "dag"),
    [
        (Variant(), "", "op 31 december 2025"),
        (Variant(fase=FROM), "", "op 31 december 2025"),
        (Variant(periode="jaar"), "", "op de laatste dag van elk jaar"),
        (Variant(periode="jaar"), "2024", "op 31 december 2024"),
        (Variant(periode="halfjaar"), "2024-H1", "op 30 juni 2024"),
        (Variant(periode="kwartaal"), "2025-K3", "op 30 september 2025"),
        (
            Variant(fase=BEFORE),
            "",
            f"{VOOR_DE_START}; in vergelijkingsregio's op 31 december 2025",
        ),
        (
            Variant(fase=BEFORE, periode="jaar"),
            "2024",
            f"op 31 december 2024, of {VOOR_DE_START} als die eerder was",
        ),
    ],
)
def test_a_stand_has_the_day_of_its_period_and_of_its_phase(variant, periode, dag):
    """In words, in tables and in the source of each number; never that of the window as a whole."""
    heel = resultaat(Kind.AANDEEL, [{**aandeel("", "totaal", 40, 120), "periode": periode}])
    r = replace(
        heel,
        card=replace(heel.card, op_een_dag=True),
        venster=Venster(date(2024, 1, 1), date(2026, 1, 1)),
        variant=variant,
        regios={PILOT: 3, COMPARISON: 2},
    )
    assert moment(r, periode) == dag
    rapport = SimpleNamespace(afgeleid=(), vrijgave=bundle((r,)), background=SimpleNamespace(bestanden=()))
    (kaart,) = origin(rapport).kaarten
    assert kaart.venster == f"stand {moment(r)}"
    assert (f"2024 (stand {dag})" in kaart.sporen[0].wat) is (periode == "2024")
    assert (dag in kaart.sporen[0].wat) is bool(periode)
    note = " ".join(estimates_table(bundle((r,)), r.sleutel).noten)
    assert f"Stand {moment(r)}. Interval: 95%." in note
    assert ("op 31 december 2025" in note) is (moment(r).endswith("op 31 december 2025"))
    if not (variant.fase and periode):
        assert translate(f"Stand {moment(r)}. Interval: 95%.")


def test_a_stand_is_told_with_its_day_in_tables_and_in_both_phases():
    groepen = [aandeel(SITE_KIND, g, 20, 60) for g in (PILOT, COMPARISON)]
    heel = resultaat(Kind.AANDEEL, [aandeel("", "totaal", 40, 120), *groepen])
    for op_een_dag in (True, False):
        r = replace(heel, card=replace(heel.card, op_een_dag=op_een_dag))
        vrijgave = bundle((r, *(replace(r, variant=Variant(fase=f)) for f in (BEFORE, FROM))))
        noten = " ".join((*phases_table(vrijgave, "proef").noten, *estimates_table(vrijgave, "proef").noten))
        rijen = [rij[0].tekst for rij in phases_table(vrijgave, "proef").rijen]
        assert ("Stand op 31 december 2025." in noten) is op_een_dag
        assert ("Venster: 1 januari 2025 tot en met 31 december 2025." in noten) is not op_een_dag
        assert ("met zijn eigen dagen" in noten) is not op_een_dag
        assert ("Vergelijkingsregio's, hele venster" in rijen) is not op_een_dag
        assert all(translate(t) for t in (*phases_table(vrijgave, "proef").noten, *rijen))


@pytest.mark.parametrize("fase", ["", FROM, BEFORE])
def test_no_table_gives_a_stand_days_or_a_window(fase):
    """A stand is on a day: that day, and which proeftuinen count on it; never days before or from a start."""
    groepen = [aandeel(SITE_KIND, g, 20, 60) for g in (PILOT, COMPARISON)]
    heel = resultaat(Kind.AANDEEL, [aandeel("", "totaal", 40, 120), *groepen])
    stand = replace(
        heel,
        card=replace(heel.card, op_een_dag=True, label="Stand"),
        variant=Variant(fase=fase),
        regios={PILOT: 2, COMPARISON: 2},
    )
    loop = replace(stand, indicator="loop", card=replace(heel.card, label="Loop"))
    vrijgave = bundle((stand, loop))
    key, other = (r.sleutel for r in vrijgave.resultaten)
    alleen = [kinds_table(vrijgave, key), compact_table(vrijgave, [key], title="T")]
    alleen += [estimates_table(vrijgave, key, uitsplitsing=per) for per in ("", SITE_KIND)]
    for tabel in alleen:
        noten = " ".join(tabel.noten)
        assert not re.search(r"[Dd]agen|[Vv]enster|vanaf de start", noten)
        assert all(translate(noot) for noot in tabel.noten)
    eigen = "Stand op de laatste dag voor de start van de eigen proeftuin; in vergelijkingsregio's op 31"
    dag = eigen if fase == BEFORE else "Stand op 31 december 2025, van proeftuinen"
    assert all(dag in " ".join(t.noten) for t in alleen[:2])
    naast = compact_table(vrijgave, [key, other], title="T").noten
    assert sum(dag in noot and noot.endswith(": Stand.") for noot in naast) == 1
    assert sum("dagen" in noot and "Stand" not in noot for noot in naast) == 1


def test_stands_are_known_as_such():
    stands = {naam for naam, card in KAARTEN.items() if card.op_een_dag}
    assert stands == {
        naam for naam, card in KAARTEN.items() if card.venster.startswith("één dag: de laatste")
    }
    assert "aandeel_ots" in stands
