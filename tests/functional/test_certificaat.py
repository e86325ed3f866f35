"""The second route to the headline figures: worked examples, the whole package, and the alarm."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.certificate import Certificate, alarm, certificate_blocks, certify
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.document.document import Kader, all_nodes
from toekomstscenario_eval.making.conductor import certificate
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.second_route import headlines as certificaat
from toekomstscenario_eval.study import Study

TABELLEN = {
    "huishouden": "huishouden_id,begin,eind\nh1,2024-01-01,\nh2,2024-01-01,2024-02-01\n"
    "h3,2023-01-01,2023-06-01\n",
    "organisatie": "organisatie_id,soort\nlt,lokaal_team\nrvt,regionaal_veiligheidsteam\n",
    # h1: a duo of 10 days, a touching one of 5 more, and one that still runs (20 days seen).
    # h2: a duo that goes on after the household left (11 days seen); zero days do not count.
    "betrokkenheid": "huishouden_id,professional_id,organisatie_id,begin,eind\n"
    "h1,a,lt,2024-01-01,\nh1,b,rvt,2024-02-01,2024-02-11\nh1,c,rvt,2024-02-11,2024-02-16\n"
    "h1,b,rvt,2024-12-12,\nh2,a,lt,2024-01-21,\nh2,b,rvt,2024-01-21,2024-06-01\nh2,d,rvt,2024-01-05,2024-01-05\n",
    "persoon": "persoon_id,huishouden_id,rol,geboortejaar\nk1,h1,kind,2010\nk2,h1,kind,2006\nk3,h1,kind,\n"
    "k4,h2,kind,2010\no1,h1,ouder,1980\nk5,h1,kind,2007\n",
    "maatregel": "persoon_id,soort,begin,eind\nk1,11,2024-02-01,\nk1,11,2024-03-01,\nk5,12,2024-02-01,\n"
    "k4,11,2024-01-01,\n",
}
# Of the figures with a second route: those of a kind that has public counts.
OPENBAAR = tuple(certificaat.ROUTES)
FIGUREN = [
    *((naam, maat) for naam, route in certificaat.ROUTES.items() for maat in route.figures),
    certificaat.PAIRS[:2],
]
RANDEN = "verzonnen randgevallen"


def plek(naam: str, maat: str) -> tuple[str, str, str, str, str]:
    """Return the place of a figure of the whole."""
    return (naam, maat, "", "", "totaal")


VENSTER = {"begin": date(2024, 1, 1), "limit": date(2025, 1, 1)}


def schrijf(map_: Path, formaat: str) -> dict[str, Path]:
    paden = {}
    for naam, tekst in TABELLEN.items():
        paden[naam] = map_ / f"{naam}.{formaat}"
        (map_ / f"{naam}.csv").write_text(tekst, encoding="utf-8")
        if formaat == "parquet":
            datums = [k for k in ("begin", "eind") if k in tekst.splitlines()[0]]
            frame = pd.read_csv(map_ / f"{naam}.csv", parse_dates=datums, dtype={"soort": "str"})
            frame.to_parquet(paden[naam])
    return paden


def waarden(paden: dict[str, Path], **venster: date) -> dict[tuple[str, str], float | str]:
    """Return the figures of the whole by the second route, or why there is none.

    Of one household there is no share to publish; what it would be is.
    """
    found = certificaat.recompute(paden, **venster)
    return {
        spot[:2]: a if isinstance(a, str) else a.teller / a.noemer if spot.maat == "aandeel" else a.waarde
        for spot, a in found.items()
    }


@pytest.mark.parametrize("formaat", ["csv", "parquet"])
def test_second_route_on_a_worked_example(tmp_path, formaat):
    uit = waarden(schrijf(tmp_path, formaat), **VENSTER)
    assert uit[("aandeel_duo", "aandeel")] == 1.0  # h3 has no day in the window
    # Durations 15 (ended), 20 (running), 11 (left): at day 15 one of two ends, exactly half is left.
    assert uit[("duo_duur", "mediaan")] == 15.0
    # k1 of k1 and k5; k2 is 18, of k3 the year is unknown, k4 has left.
    assert uit[("aandeel_ots", "aandeel")] == 0.5
    assert uit[("professionals_per_huishouden", "gemiddelde")] == 2.5
    assert uit[("samenwerkingsnetwerk", "paren")] == 3.0


def test_what_cannot_be_recomputed_says_so_without_a_value(tmp_path):
    paden = schrijf(tmp_path, "csv")
    paden["persoon"].write_text("persoon_id\ngeheim\n", encoding="utf-8")
    uit = waarden(paden, **VENSTER)
    assert uit[("aandeel_ots", "aandeel")] == "niet na te rekenen (ValueError)"
    assert uit[("aandeel_duo", "aandeel")] == 1.0


@pytest.fixture(scope="module")
def studie(voorbeeldpakket) -> Study:
    return Study.open(voorbeeldpakket, intern=True)


@pytest.fixture(scope="module")
def vrijgave(studie):
    return studie.bundel(*(studie.bereken(naam) for naam in certificaat.INDICATORS))


def test_both_routes_agree_on_the_example(studie, vrijgave):
    uit = certificate(studie, vrijgave)
    assert [(r.indicator, r.label) for r in uit.regels[:-1]] == [
        (naam, vrijgave.resultaat(naam).card.maten[maat].label) for naam, maat in FIGUREN
    ]
    assert uit.regels[-1].label == "Verzonnen randgevallen"
    assert {r.oordeel for r in uit.regels} == {"komt uit"}
    assert uit.klopt
    assert uit.largest is not None
    # Numbers have twelve digits.
    assert uit.largest <= 5e-12
    assert alarm(uit) == ()


def test_in_public_only_whether_they_agree_is_told(voorbeeldpakket):
    """The size of a difference between exact figures is a number of the data too."""
    openbaar = Study.open(voorbeeldpakket)
    uit = certificate(openbaar, openbaar.bundel(*(openbaar.bereken(naam) for naam in OPENBAAR)))
    assert [r.indicator for r in uit.regels] == [*(naam for naam, _ in FIGUREN[:-1]), RANDEN]
    assert uit.klopt
    assert {r.oordeel for r in uit.regels} == {"komt uit"}
    assert {r.verschil for r in uit.regels} == {None}
    tekst = " ".join(getattr(k, "tekst", "") for k in all_nodes(certificate_blocks(uit)))
    assert "binnen vergeleken, op de exacte cijfers; hier staat alleen de uitslag" in tekst
    assert "Verschil" not in tekst


def test_a_figure_that_the_report_does_not_show_says_so(vrijgave, voorbeeldpakket):
    """All are compared inside; whoever reads the report need not look for what is not in it."""
    openbaar = Study.open(voorbeeldpakket)
    verslag = openbaar.bundel(*(openbaar.bereken(naam) for naam in certificaat.INDICATORS))
    again = {
        plek(*naam): float(
            access.rows(vrijgave.resultaat(naam[0]), uitsplitsing="", maat=naam[1])["schatting"].iloc[0]
        )
        for naam in FIGUREN
    }
    uit = certify(vrijgave, again, intern=False, report=verslag)
    assert {r.oordeel for r in uit.regels} == {"komt uit"}
    for (naam, maat), regel in zip(FIGUREN, uit.regels, strict=True):
        (rij,) = access.records(access.rows(verslag.resultaat(naam), uitsplitsing="", maat=maat))
        assert regel.label.endswith("(niet getoond in dit verslag)") == rij["onderdrukt"]
    assert sum("niet getoond" in r.label for r in uit.regels) == 1
    binnen = certify(vrijgave, again, intern=True, report=vrijgave)
    assert not any("niet getoond" in r.label for r in binnen.regels)


@pytest.mark.parametrize("huishoudens", [103, 400, 1400])
def test_both_routes_agree_at_the_start_of_an_epoch(tmp_path, huishoudens):
    """What is public goes up to the first day of the epoch; the second route reads the files as delivered."""
    pakket = open_package(make_example(tmp_path / "p", huishoudens=huishoudens, seed=2026))
    eerder = replace(pakket, peildatum=date(2025, 10, 1), memory={})
    openbaar = Study.of(eerder, (), load_policy(), intern=False)
    assert openbaar.pakket.peildatum == date(2025, 1, 1)
    uit = certificate(openbaar, openbaar.bundel(*(openbaar.bereken(naam) for naam in OPENBAAR)))
    assert {r.oordeel for r in uit.regels} == {"komt uit"}
    assert [r.indicator for r in uit.regels] == [*(naam for naam, _ in FIGUREN[:-1]), RANDEN]


def geheel(vrijgave, sleutel="aandeel_duo") -> float:
    r = vrijgave.resultaat(sleutel).schattingen
    return float(r.loc[r["uitsplitsing"].eq(""), "schatting"].iloc[0])


def test_a_difference_is_told_loudly_and_by_its_size_only(vrijgave):
    waarde = geheel(vrijgave)
    again = {plek("aandeel_duo", "aandeel"): waarde * 1.0123, plek("duo_duur", "mediaan"): math.nan}
    uit = certify(vrijgave, again, intern=True)
    assert not uit.klopt
    assert [r.verschil for r in uit.regels] == [0.012, None]
    assert {r.oordeel for r in uit.regels} == {"WIJKT AF"}
    (kader,) = [b for b in certificate_blocks(uit) if isinstance(b, Kader)]
    assert kader.soort == "waarschuwing"
    assert "de narekening komt niet uit" in kader.titel
    assert str(waarde * 1.0123) not in str(uit.to_json())
    # In public as loud, and without the size.
    openbaar = certify(vrijgave, again, intern=False)
    assert [r.verschil for r in openbaar.regels] == [None, None]
    assert {r.oordeel for r in openbaar.regels} == {"WIJKT AF"}
    assert alarm(openbaar) == alarm(uit)


def test_a_figure_that_cannot_be_told_is_not_compared(vrijgave):
    def leeg(r):
        s = r.schattingen.assign(schatting=math.nan)
        return replace(r, schattingen=s) if r.sleutel == "aandeel_duo" else r

    dicht = replace(vrijgave, resultaten=tuple(map(leeg, vrijgave.resultaten)))
    uit = certify(
        dicht,
        {plek("aandeel_duo", "aandeel"): math.nan, plek("aandeel_ots", "aandeel"): "niet na te rekenen (X)"},
        intern=True,
    )
    assert [r.oordeel for r in uit.regels] == [
        "niet vergeleken: het getal is niet te bepalen",
        "niet vergeleken: niet na te rekenen (X)",
    ]
    assert uit.largest is None
    anders = certify(dicht, {plek("aandeel_duo", "aandeel"): 0.5}, intern=True)
    assert [r.oordeel for r in anders.regels] == ["WIJKT AF"]
    assert "0.5" not in str(anders.to_json()["regels"])
    assert any("Geen enkel kerncijfer" in getattr(k, "tekst", "") for k in all_nodes(certificate_blocks(uit)))


@pytest.mark.parametrize(
    ("again", "oordeel"),
    [
        (math.nan, "komt uit"),
        (0.5, "WIJKT AF"),
        ("niet na te rekenen (ZeroDivisionError)", "niet vergeleken: niet na te rekenen"),
    ],
)
def test_in_public_it_does_not_show_that_there_is_no_exact_figure(vrijgave, again, oordeel):
    """That nobody counts, or that a median is not reached, is a fact of the data too."""

    def leeg(r):
        return replace(r, schattingen=r.schattingen.assign(schatting=math.nan))

    dicht = replace(vrijgave, resultaten=tuple(map(leeg, vrijgave.resultaten)))
    uit = certify(dicht, {plek("aandeel_duo", "aandeel"): again}, intern=False)
    assert [(r.oordeel, r.verschil) for r in uit.regels] == [(oordeel, None)]


def test_an_empty_certificate_has_no_table():
    assert len(certificate_blocks(Certificate())) == 1


@pytest.mark.parametrize(("dag", "aandeel"), [(date(2024, 6, 30), 1 / 3), (date(2024, 7, 1), 1 / 2)])
def test_second_route_knows_the_birthday(tmp_path, dag, aandeel):
    """k2 of 2006 is eighteen on 1 July 2024; k1 has the measure, k5 has not, k4 has left."""
    begin, grens = VENSTER["begin"], dag + timedelta(days=1)
    uit = waarden(schrijf(tmp_path, "csv"), begin=begin, limit=grens)
    assert uit[("aandeel_ots", "aandeel")] == pytest.approx(aandeel)


def per_kolom(r, **anders) -> dict:
    """Return the figures of a result by place and column, as a second computation would; some changed."""
    rows = r.schattingen.to_dict("records")
    kolommen = ("schatting", "ondergrens", "bovengrens", "n", "teller", "noemer")
    out = {
        (r.indicator, rij["maat"], "", rij["uitsplitsing"], rij["groep"]): {k: rij[k] for k in kolommen}
        for rij in rows
    }
    laatste = next(reversed(out))
    return out | {laatste: out[laatste] | anders}


@pytest.mark.parametrize("kolom", ["schatting", "ondergrens", "bovengrens", "n", "teller", "noemer"])
def test_every_group_is_compared_in_every_part(studie, kolom):
    r = studie.bereken("aandeel_duo", per="proeftuin_soort")
    bundel = studie.bundel(r)
    assert certify(bundel, per_kolom(r), intern=True).klopt
    (regel,) = certify(bundel, per_kolom(r, **{kolom: 0.123}), intern=True).regels
    assert regel.oordeel == "WIJKT AF (proeftuin_soort, vergelijking)"
    (openbaar,) = certify(bundel, per_kolom(r, **{kolom: 0.123}), intern=False).regels
    assert openbaar.oordeel == "WIJKT AF"
    assert openbaar.waar == ""


def test_a_group_that_only_one_route_has_does_not_agree(studie):
    r = studie.bereken("aandeel_duo", per="proeftuin_soort")
    again = per_kolom(r)
    minder = {spot: a for spot, a in again.items() if spot[4] != "vergelijking"}
    meer = again | {("aandeel_duo", "aandeel", "", "proeftuin_soort", "derde"): 0.5}
    for found in (minder, meer):
        (regel,) = certify(studie.bundel(r), found, intern=True).regels
        assert (regel.klopt, regel.verschil) == (False, None)


def test_a_wrong_start_of_a_pilot_shows(voorbeeldpakket, tmp_path):
    """Of all days nothing differs: it is the population from the start on that does."""
    ander = tmp_path / "p"
    shutil.copytree(voorbeeldpakket, ander)
    studie = Study.open(voorbeeldpakket, intern=True)
    (bestand,) = ander.glob("proeftuin.csv")
    tekst = bestand.read_text(encoding="utf-8")
    bestand.write_text(tekst.replace("2024-06-01", "2024-09-01"), encoding="utf-8")
    anders = replace(studie, pakket=replace(studie.pakket, map=ander))
    uit = certificate(anders, studie.bundel(studie.bereken("aandeel_duo")))
    assert [r.klopt for r in uit.regels] == [False, True]
    assert uit.regels[0].waar.startswith("vanaf")


@pytest.mark.parametrize(("afwijking", "klopt"), [(2e-9, False), (5e-10, True)])
@pytest.mark.parametrize("intern", [True, False])
def test_a_billionth_is_a_difference(vrijgave, afwijking, klopt, intern):
    again = {plek("aandeel_duo", "aandeel"): geheel(vrijgave) * (1 + afwijking)}
    assert certify(vrijgave, again, intern=intern).klopt == klopt
