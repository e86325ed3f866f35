"""What chapters say of the plan, the checks, empty fields and who was seen follows from what they hold."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vrijgave_bouw import resultaat, rij
from toekomstscenario_eval.blocks import whose
from toekomstscenario_eval.document.document import Alinea, Kader, Tabel, all_nodes, flat_text
from toekomstscenario_eval.document.english import translate
from toekomstscenario_eval.document.prose import Passage
from toekomstscenario_eval.report import short
from toekomstscenario_eval.report.plan import Plan, RegionFlow, WordingException
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.report.sections import (
    s00_samenvatting,
    s03_verloop,
    s04_gegevens,
    s08_wie_niet,
    s10_neveneffecten,
    s12_afwijkingen,
)
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.types import NIET, NUL, WEINIG, Ernst, Finding, Kind, Maat, Status, Vorm

HUISHOUDENS = {"aantal": Maat("Aantal", "huishoudens", Vorm.TELLING)}
REDEN = "in het geheel tellen minder dan 30 huishoudens mee"


def telling(naam, per, rijen):
    """Counts of households by group: a number, or how it is shown."""
    out = []
    for groep, waarde in rijen.items():
        getal = waarde if isinstance(waarde, int) else float("nan")
        out.append(
            rij(per, groep, getal, maat="aantal", schatting=getal)
            | ({} if isinstance(waarde, int) else {"weergave": waarde, "methode": REDEN})
        )
    return resultaat(Kind.TELLING, out, naam=naam, maten=HUISHOUDENS)


def teksten(blokken):
    return [flat_text(b.inhoud) for b in all_nodes(blokken) if isinstance(b, Alinea)]


def achtergrond(*bevindingen, **anders):
    return SimpleNamespace(bevindingen=bevindingen, kaarten={}, **anders)


# Who was seen


GEZIEN = st.sampled_from([0, 12, 400, WEINIG, NUL, NIET])


@given(
    st.dictionaries(st.sampled_from(["gezin_in_de_stress", "anders", "onbekend"]), GEZIEN, min_size=1),
    st.sets(st.sampled_from(["gezin_in_de_stress", "anders"])),
)
def test_who_was_seen_is_said_only_of_what_is_shown(rijen, gepland):
    vrijgave = bundle((telling("huishoudens_per_gezinsprofiel", "gezinsprofiel", rijen),))
    report = Report(vrijgave, Plan(gezinsprofielen=tuple(sorted(gepland))), achtergrond())
    kijk = {g: w for g, w in rijen.items() if not gepland or g in gepland}
    gone, told = s08_wie_niet.absent(report), s08_wie_niet.seen(report)
    assert sum(map(len, gone.values())) == sum(w in (0, NUL) for w in kijk.values())
    assert all(translate(zin) for zin in s08_wie_niet.not_seen(report))
    iedereen = bool(kijk) and all(w not in (0, NUL, NIET) for w in kijk.values())
    assert any("is iets gezien." in zin for zin in told) is iedereen
    assert any(zin.endswith(f"te zeggen of er iets is gezien: {REDEN}.") for zin in told) is (
        NIET in kijk.values()
    )
    assert all(("uit het plan" in zin) is bool(gepland) for zin in told)
    assert all(translate(zin) for zin in told)
    # Not delivered: nothing is said of who was seen.
    assert not s08_wie_niet.seen(Report(bundle(()), Plan(), achtergrond()))


# What was planned and what happened


def stroom(*aantallen):
    return tuple(RegionFlow(f"R{i}", rij_, "") for i, rij_ in enumerate(aantallen))


AANTAL = st.none() | st.integers(0, 40) | st.just(1200)


@given(st.lists(st.tuples(AANTAL, AANTAL, AANTAL, AANTAL), min_size=1, max_size=4))
def test_planned_and_taken_up_are_the_sums_of_the_regions(aantallen):
    course = stroom(*aantallen)
    zin = s03_verloop.flow(course)
    gepland, opgenomen = ([rij_[i] for rij_ in aantallen] for i in (0, 3))
    if None in gepland + opgenomen:
        assert zin == ""
        return
    getallen = [int(g.replace(".", "")) for g in re.findall(r"[\d.]*\d", zin)]
    meer = sum(opgenomen) > sum(gepland)
    assert getallen == ([sum(opgenomen), sum(gepland)] if meer else [sum(gepland), sum(opgenomen)])
    assert zin.startswith("Van de") is not meer
    assert translate(zin)
    assert translate(f"{zin.removesuffix('.')} (hoofdstuk 3).")
    tekort = [r.regio for r in course if r.aantallen[3] < r.aantallen[0]]
    (gezegd,) = s03_verloop._lowest(course) or (None,)
    text = "" if gezegd is None else flat_text(gezegd.inhoud)
    assert bool(text) is bool(tekort)
    assert text.startswith("In alle regio's") is (bool(tekort) and len(tekort) == len(course))
    assert text.startswith("In alle regio's") or all(naam in text for naam in tekort)


@given(st.tuples(AANTAL, AANTAL, AANTAL, AANTAL))
def test_no_step_loses_less_than_nothing(aantallen):
    uitval = [rij_[2].tekst for rij_ in s03_verloop._figure(stroom(aantallen)).gegevens.rijen]
    for i in range(1, 4):
        van, naar = aantallen[i - 1], aantallen[i]
        if None in (van, naar):
            assert uitval[i].startswith("een onbekend aantal ")
        else:
            weg = f"{van - naar:,}".replace(",", ".")
            assert uitval[i] == "geen" if van <= naar else uitval[i].startswith(f"{weg} ")


# The checks


def bevinding(regel, status):
    return Finding(regel, status, Ernst.WAARSCHUWING, f"Titel {regel}")


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(list(Status))), min_size=1))
def test_rules_are_counted_once_however_many_columns_they_look_at(gevonden):
    bevindingen = [bevinding(*g) for g in gevonden]
    report = Report(bundle(()), Plan(), achtergrond(*bevindingen))
    zin = flat_text(s04_gegevens._checks(report)[0].inhoud)
    regels = {regel for regel, _ in gevonden}
    per = {regel: {s for r, s in gevonden if r == regel} for regel in regels}
    assert int(re.search(r"getoetst met (\d+) regels", zin)[1]) == len(regels)
    geteld = {s: int(re.search(rf"{s.value} (\d+)", zin)[1]) for s in Status}
    assert sum(geteld.values()) == len(regels)
    assert geteld[Status.FOUT] == sum(Status.FOUT in s for s in per.values())
    assert geteld[Status.NVT] == sum(s == {Status.NVT} for s in per.values())
    kort = flat_text(short._quality(report).inhoud)
    toegepast, iets = map(int, re.search(r"met (\d+) regels; bij (\d+) regels", kort).groups())
    assert toegepast == len(regels) - geteld[Status.NVT]
    assert iets == sum(bool(s & {Status.FOUT, Status.GEFAALD}) for s in per.values())


# Empty fields


@given(st.lists(st.sampled_from([0, 25, WEINIG, NUL, NIET]), min_size=1, max_size=6))
def test_a_field_that_is_not_shown_is_not_called_filled_or_empty(waarden):
    velden = {f"tabel.veld{i}": w for i, w in enumerate(waarden)}
    vrijgave = bundle((telling("lege_velden", "veld", velden),))
    zin = flat_text(s04_gegevens._empty(Report(vrijgave, Plan(), achtergrond()))[0].inhoud)
    alle, gevuld = map(int, re.search(r"Van (\d+) velden die leeg mogen zijn, zijn er (\d+)", zin).groups())
    assert (alle, gevuld) == (len(waarden), sum(w in (0, NUL) for w in waarden))
    dicht = re.search(r"Van (\d+) velden is niet getoond", zin)
    assert (int(dicht[1]) if dicht else 0) == waarden.count(NIET)
    assert translate(zin)


def test_without_two_years_that_are_shown_it_does_not_say_that_there_are_none():
    (zin,) = s10_neveneffecten._registration(Report(bundle(()), Plan(), achtergrond()))
    assert "te weinig jaren" not in flat_text(zin.inhoud)
    assert translate(flat_text(zin.inhoud))


@pytest.mark.parametrize("aantallen", [(20, 20, 20, 21), (20, 15, 12, 10)])
def test_the_summary_says_what_chapter_three_says(aantallen):
    report = Report(bundle(()), Plan(verloop=stroom(aantallen)), achtergrond())
    zinnen = teksten(s00_samenvatting._seen(report))
    assert s03_verloop.flow(stroom(aantallen)).removesuffix(".") in zinnen[0]


def test_what_is_left_out_stands_once_with_all_that_leave_it_out():
    """Two indicators that leave out the same number for the same reason share a row."""
    een, twee, drie = (
        resultaat(Kind.AANDEEL, [rij("", "totaal", 90, teller=40, noemer=90, schatting=0.4)], naam=naam)
        for naam in ("een", "twee", "drie")
    )

    def weg(r, aantal):
        rijen = [{"uitsplitsing": "", "groep": "totaal", "periode": "", "reden": "te jong", "aantal": aantal}]
        return replace(r, uitsluitingen=pd.DataFrame(rijen), card=replace(r.card, label=r.indicator.upper()))

    resultaten = (weg(een, 12), weg(twee, 12), weg(drie, 15))
    kaarten = {r.indicator: r.card for r in resultaten}
    report = Report(bundle(resultaten), Plan(), SimpleNamespace(bevindingen=(), kaarten=kaarten))
    tabel = s04_gegevens._exclusions(report)
    assert isinstance(tabel, Tabel)
    assert [[cel.tekst for cel in rij_[1::2]] for rij_ in tabel.rijen] == [
        ["12", "EEN; TWEE"],
        ["15", "DRIE"],
    ]
    assert isinstance(s04_gegevens._exclusions(Report(bundle(()), Plan(), achtergrond())), Kader)
    assert not tabel.noten
    samen = [replace(r, regios={"proeftuin": 2, "vergelijking": 1}) for r in resultaten]
    report = Report(bundle(samen), Plan(), SimpleNamespace(bevindingen=(), kaarten=kaarten))
    assert s04_gegevens._exclusions(report).noten == tuple(whose.notes(samen[0]))


# What claims too much

CLAIMS = (Passage("duiding", "Noord is koploper.", 4), Passage("wie_niet", "Het verschil is significant.", 9))


def _boxes(*proza):
    plan = SimpleNamespace(ontbreekt=(), overstated=Plan(proza=proza).overstated)
    return s00_samenvatting._concept(SimpleNamespace(plan=plan))


@pytest.mark.parametrize(
    ("hoeveel", "titel"), [(1, "1 zin die te veel zegt"), (2, "2 zinnen die te veel zeggen")]
)
def test_a_draft_says_in_which_texts_a_sentence_claims_too_much(hoeveel, titel):
    (box,) = _boxes(*CLAIMS[:hoeveel])
    assert box.titel == titel
    velden = ", ".join(("duiding", "wie niet")[:hoeveel])
    assert teksten((box,)) == [f"Te herschrijven, want meer dan de cijfers kunnen dragen: {velden}."]
    assert translate(box.titel)
    assert translate(teksten((box,))[0])
    assert _boxes() == ()


def test_a_sentence_that_may_stand_is_shown_with_its_reason():
    plan = Plan(
        teksten={"afwijkingen": "Geen."},
        uitzonderingen_taal=(WordingException("Noord is koploper.", "zo heet het in de opdracht"),),
    )
    kaal = s12_afwijkingen.blocks(Report(None, replace(plan, uitzonderingen_taal=()), None))
    met = s12_afwijkingen.blocks(Report(None, plan, None))
    assert met[: len(kaal)] == kaal
    (tabel,) = (b for b in met if isinstance(b, Tabel))
    assert [[cel.tekst for cel in rij] for rij in tabel.rijen] == [
        ["Noord is koploper.", "zo heet het in de opdracht"]
    ]
    assert all(translate(t) for t in (tabel.bijschrift, *tabel.kop, *teksten(met[len(kaal) :])))
