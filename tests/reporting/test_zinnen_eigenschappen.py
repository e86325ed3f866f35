"""Every sentence on random public cells says what the numbers behind it are.

A small reader takes the claims out of a sentence (a range, how often intervals overlap, how many groups, of
how many households) and holds each against the table of estimates.
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.designs.test_openbare_regios import KAART as KAAL
from tests.designs.test_openbare_regios import RUIS, leeg_van
from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.by_phase import headline, phases_table
from toekomstscenario_eval.blocks.count_words import BOUNDED
from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.blocks.design_blocks import design_blocks
from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.sentence import headline_sentence, range_sentence, sentence
from toekomstscenario_eval.blocks.sites import combine_sites
from toekomstscenario_eval.blocks.table import estimates_table
from toekomstscenario_eval.blocks.years import years_sentence
from toekomstscenario_eval.designs._sites import LEAST
from toekomstscenario_eval.designs.meta import LEAST_OTHERS
from toekomstscenario_eval.document.document import Alinea, Getal, all_nodes, flat_text
from toekomstscenario_eval.document.english import in_english, translate
from toekomstscenario_eval.document.format import EMPTY, interval, number
from toekomstscenario_eval.estimators.filling import fill
from toekomstscenario_eval.identity import BEFORE, COMPARISON, FROM, PILOT, TOTAAL, Labels, Variant
from toekomstscenario_eval.long_tables import UITSLUITING
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, PublicSummary
from toekomstscenario_eval.results import Release, bundle
from toekomstscenario_eval.types import NIET, SITE, SITE_KIND, TOON, Kind, Maat, Result, Venster, Vorm

KAART = replace(
    KAAL, maten={"aandeel": Maat("Aandeel met een duo", "aandeel van de huishoudens", Vorm.AANDEEL)}
)
VENSTER = Venster(date(2024, 1, 1), date(2026, 1, 1))
LABELS = Labels({SITE_KIND: {PILOT: "Proeftuin", COMPARISON: "Vergelijkingsregio"}})
REDEN = "hier tellen minder dan 10 huishoudens mee: alleen hun aantal is openbaar"
JAREN = ("2023", "2024", "2025")
VERKEN = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Plek:
    """A group with its published counts; below ten households nothing but their number is public."""

    naam: str
    soort: str
    t: int
    r: int

    @property
    def n(self) -> int:
        return self.t + self.r


@st.composite
def plekken(draw, meest=7):
    """One region, all of one kind, all or most small, ties, and none with any of it."""
    count = draw(st.integers(1, meest))
    soorten = draw(st.sampled_from([(PILOT,), (PILOT, COMPARISON), (COMPARISON,)]))
    getal = draw(
        st.sampled_from(
            [
                st.sampled_from([0, 3, 4, 5]),
                st.sampled_from([0, 12, 30]),
                st.integers(3, 60),
                st.sampled_from([0, 4, 11, 25, 400]),
            ]
        )
    )
    return [
        Plek(f"Regio {'ABCDEFGH'[i]}", soorten[i % len(soorten)], draw(getal), draw(getal))
        for i in range(count)
    ]


def samenvatting(groepen, *, per, periode=""):
    """The public summary of groups, as the waist makes it."""
    rijen = [(g.naam, periode, g.n, "2026-01-01", 730, True, "" if g.n >= 10 else REDEN) for g in groepen]
    cellen = [
        (g.naam, periode, naam, 0, 1, aantal)
        for g in groepen
        if g.n >= 10
        for naam, aantal in (("t", g.t), ("r", g.r), ("n", g.n))
        if aantal
    ]
    return PublicSummary(
        Kind.AANDEEL,
        pd.DataFrame(cellen, columns=CELLEN),
        pd.DataFrame(rijen, columns=PLEKKEN),
        RUIS,
        uitsplitsing=per,
    )


def geteld(groepen, naam):
    return Plek(naam, "", sum(g.t for g in groepen), sum(g.r for g in groepen))


def resultaat(groepen, **variant) -> Result:
    """A result by site, kind and whole, by the public estimators."""
    leeg = pd.DataFrame()
    kaal = Result(
        *("proef", KAART, {}, VENSTER, leeg, leeg, leeg_van(UITSLUITING)),
        variant=Variant(**variant),
        labels=LABELS,
    )
    soorten = sorted({g.soort for g in groepen})
    publiek = {
        "": samenvatting([geteld(groepen, TOTAAL)], per=""),
        SITE: samenvatting(groepen, per=SITE),
        SITE_KIND: samenvatting(
            [geteld([g for g in groepen if g.soort == s], s) for s in soorten], per=SITE_KIND
        ),
    }
    return fill(kaal, publiek, strata={g.naam: g.soort for g in groepen})


def per_jaar(jaren) -> Result:
    """A result of the whole by year."""
    leeg = pd.DataFrame()
    kaal = Result(
        *("proef", KAART, {}, VENSTER, leeg, leeg, leeg_van(UITSLUITING)), variant=Variant(periode="jaar")
    )
    delen = [
        samenvatting([replace(g, naam=TOTAAL)], per="", periode=j) for g, j in zip(jaren, JAREN, strict=False)
    ]
    samen = replace(
        delen[0],
        cellen=pd.concat([d.cellen for d in delen]),
        plekken=pd.concat([d.plekken for d in delen]),
    )
    return fill(kaal, {"": samen})


def rijen(vrijgave: Release, per: str, key: str = "proef") -> list[access.Row]:
    return access.records(access.rows(access.released(vrijgave, key), uitsplitsing=per))


def gezien(rows):
    return [row for row in rows if row["weergave"] == TOON and row["schatting"] == row["schatting"]]


def tekst(alinea: Alinea) -> str:
    return flat_text(alinea.inhoud)


def waarden(vrijgave: Release) -> dict[str, str]:
    """Every traced number as it must read, by its id."""
    out = {}
    for r in vrijgave.resultaten:
        for row in access.records(access.named(r, r.schattingen)):
            vorm, own = r.card.maten[row["maat"]].vorm, str(row["getal_id"])
            out[own] = row["leest"] or number(row["schatting"], vorm)
            out[f"{own}.n"] = number(row["n"], Vorm.TELLING)
            out[f"{own}.interval"] = interval(row["ondergrens"], row["bovengrens"], vorm)
    for made in derived(vrijgave):
        r, own = vrijgave.resultaat(made["resultaat"]), made["getal_id"]
        vorm = Vorm(made["vormen"].get("schatting", r.card.maten[made["maat"]].vorm.value))
        bounds = [math.nan if made[k] is None else made[k] for k in ("ondergrens", "bovengrens")]
        out[own] = number(made["schatting"], vorm)
        out[f"{own}.interval"] = interval(bounds[0], bounds[1], vorm)
        if "i2" in made:
            out[f"{own}.i2"] = number(made["i2"], Vorm.AANDEEL)
    return out


def houd(vrijgave: Release, *blokken) -> None:
    """Every traced number reads as in the result, none is a hidden one, and it has its English."""
    verwacht = waarden(vrijgave)
    dicht = {
        row["getal_id"]
        for r in vrijgave.resultaten
        for row in access.records(r.schattingen)
        if row["onderdrukt"]
    }
    for node in all_nodes(blokken):
        if isinstance(node, Getal):
            assert node.tekst == verwacht[node.id]
            assert node.id not in dicht
    alineas = tuple(b for b in blokken if isinstance(b, Alinea))
    assert not any(EMPTY in tekst(b) for b in alineas)
    assert not in_english(alineas)[1]


RANGE = re.compile(
    r"(?:Daar|regio) (loopt|is) .+? (?:van|steeds) ([\d,]+%)(?: \((.+?)\) tot ([\d,]+%) \((.+?)\))?\."
)
OF = re.compile(r"Van (\d+) van de (\d+) groepen is een cijfer te zien")
OVERLAP = re.compile(r"overlappen in (elk paar|geen enkel paar|(\d+) van de (\d+) paren)")


@VERKEN
@given(plekken())
def test_a_range_is_of_all_groups_or_says_of_how_many(groepen):
    vrijgave = bundle((resultaat(groepen),))
    rows = rijen(vrijgave, SITE)
    shown, zin = gezien(rows), range_sentence(vrijgave, "proef", per=SITE)
    if len(shown) < 2:
        assert zin is None
        return
    houd(vrijgave, zin)
    text = tekst(zin)
    at = [row["schatting"] for row in shown]
    verb, low, low_name, high, high_name = RANGE.search(text).groups()
    assert low == number(min(at), Vorm.AANDEEL)
    assert (high or low) == number(max(at), Vorm.AANDEEL)
    assert (verb == "is") is (high is None)
    if high:
        by_name = {row["naam"]: row["schatting"] for row in shown}
        assert (by_name[low_name], by_name[high_name]) == (min(at), max(at))
    told = OF.search(text)
    assert (told is None) is (len(shown) == len(rows))
    assert told is None or [int(g) for g in told.groups()] == [len(shown), len(rows)]
    assert ("kan het lager of hoger zijn" in text) is (len(shown) < len(rows))
    pairs = [
        max(a["ondergrens"], b["ondergrens"]) <= min(a["bovengrens"], b["bovengrens"])
        for a, b in itertools.combinations(shown, 2)
    ]
    how, some, of = OVERLAP.search(text).groups()
    assert (how == "elk paar") is all(pairs)
    assert (how == "geen enkel paar") is (not any(pairs))
    assert some is None or [int(some), int(of)] == [sum(pairs), len(pairs)]


def test_the_range_of_shares_that_are_seen_is_not_that_of_all():
    """Regions that are not shown have 1.7% on average: the sentence may not begin at 2.0%."""
    groepen = [
        Plek("A", PILOT, 12, 588),
        Plek("B", PILOT, 25, 378),
        *(Plek(f"K{i}", PILOT, 4, 230) for i in range(6)),
    ]
    vrijgave = bundle((resultaat(groepen),))
    assert tekst(range_sentence(vrijgave, "proef", per=SITE)).startswith(
        "Van 2 van de 8 groepen is een cijfer te zien. Daar loopt aandeel met een duo per proeftuin of "
        "regio van 2,0% (A) tot 6,2% (B). Dit is geen ranglijst. Bij de andere kan het lager of hoger zijn."
    )


@VERKEN
@given(plekken())
def test_the_sentence_of_a_group_is_its_row(groepen):
    vrijgave = bundle((resultaat(groepen),))
    for per in ("", SITE, SITE_KIND):
        for row in rijen(vrijgave, per):
            zin = sentence(vrijgave, "proef", per=per, groep=row["groep"])
            houd(vrijgave, zin)
            text = tekst(zin)
            assert ("niet getoond" in text) is (row["weergave"] == NIET)
            assert (row["weergave"] in BOUNDED) is bool(row["leest"])
            assert f"; {number(row['n'], Vorm.TELLING)} huishoudens)" in text or row["weergave"] != TOON
    houd(vrijgave, headline_sentence(vrijgave, "proef"))


MANY = re.compile(r"in (?:(\d+) )?(proeftuin|vergelijkingsregio)('s|en)?\b", re.IGNORECASE)


@VERKEN
@given(plekken(), plekken(meest=3))
def test_the_headline_counts_the_regions_that_are_there(vanaf, voor):
    voor = [replace(g, soort=PILOT) for g in voor]
    vrijgave = bundle((resultaat(vanaf), resultaat(vanaf, fase=FROM), resultaat(voor, fase=BEFORE)))
    zin = headline(vrijgave, "proef")
    houd(vrijgave, zin)
    soorten = [g.soort for g in vanaf]
    for many, one, more in MANY.findall(tekst(zin)):
        echt = soorten.count(PILOT if one.lower() == "proeftuin" else COMPARISON)
        assert (int(many), bool(more)) == (echt, echt != 1)
    if PILOT in soorten:
        assert ("ergelijkingsregio" in tekst(zin)) is (COMPARISON in soorten)
    tabel = phases_table(vrijgave, "proef")
    for rij in tabel.rijen:
        assert translate(rij[0].tekst)


@VERKEN
@given(st.lists(plekken(meest=1), min_size=1, max_size=3))
def test_years_stand_in_order_with_those_that_are_not_seen(jaren):
    vrijgave = bundle((per_jaar([groepen[0] for groepen in jaren]),))
    (key,) = (r.sleutel for r in vrijgave.resultaten)
    rows = rijen(vrijgave, "", key)
    shown, zinnen = gezien(rows), years_sentence(vrijgave, key)
    if len(shown) < 2:
        assert zinnen == []
        return
    (zin,) = zinnen
    houd(vrijgave, zin)
    assert re.findall(r"(20\d\d) [\d,]+%", tekst(zin)) == [row["periode"] for row in shown]
    # A jump is told by intervals, and nothing that lies within them reads as one.
    bounds = [(row["ondergrens"], row["bovengrens"]) for row in shown]
    apart = [
        f"{a['periode']} – {b['periode']}"
        for (a, (la, ua)), (b, (lb, ub)) in pairwise(zip(shown, bounds, strict=True))
        if ua < lb or ub < la
    ]
    told = re.search(r"Intervallen die elkaar niet overlappen: (.+?)\.", tekst(zin))
    assert (told[1].split("; ") if told else []) == apart
    assert not (apart and "een sprong is niet aangetoond" in tekst(zin))
    gone = re.search(r"Van (\d+) van de (\d+) perioden is geen cijfer te zien", tekst(zin))
    assert (gone is None) is (len(shown) == len(rows))
    assert gone is None or [int(g) for g in gone.groups()] == [len(rows) - len(shown), len(rows)]


FEW = re.compile(r"bij (\d+) van de (\d+) regio's tellen minder dan 10")
HOLM = re.compile(r"(\d+) vergelijkingen tegelijk \(Holm\)(?: wijkt af: (.+?)\.)?")
OUTSIDE = re.compile(r"Buiten de ([\d,]+%)-grens: (.+?)\.")


@settings(VERKEN, max_examples=8)
@given(plekken())
def test_what_is_said_of_regions_together_is_of_all_of_them(groepen):
    vrijgave = bundle((resultaat(groepen),))
    alineas = [b for b in design_blocks(vrijgave, "proef", per=SITE) if isinstance(b, Alinea)]
    text = " ".join(map(tekst, alineas))
    sites, namen = combine_sites(vrijgave, "proef"), {g.naam for g in groepen}
    assert not in_english(tuple(alineas))[1]
    if sites is None:
        few = FEW.search(text)
        assert few is None or [int(g) for g in few.groups()] == [sum(g.n < 10 for g in groepen), len(groepen)]
        assert not HOLM.search(text)
        return
    # Never of the shown ones only.
    assert len(sites.tabel) == len(groepen)
    found = HOLM.search(text)
    # Fewer than four of a kind are not held against each other, and nothing is said of who differs.
    assert (found is None) is (sites.tested == 0)
    assert ("niet getoetst" in text) is (sites.tested == 0)
    many, deviating = found.groups() if found else (0, None)
    apart = sum(g.soort == COMPARISON for g in groepen)
    kinds = (len(groepen) - apart, apart) if len(groepen) - apart >= LEAST else (len(groepen),)
    assert int(many) == sum(n for n in kinds if n >= LEAST_OTHERS)
    assert set((deviating or "").split(", ")) - {""} == set(sites.deviating) <= namen
    for niveau, wie in OUTSIDE.findall(text):
        buiten = sites.funnel.buiten[float(niveau.removesuffix("%").replace(",", ".")) / 100]
        assert set(wie.split(", ")) - {"geen"} == set(sites.tabel["naam"][buiten])
    not_drawn = re.search(r"(\d+) regio's? (?:is|zijn) niet getekend", text)
    small = int(sites.tabel["schatting"].isna().sum()) if sites.funnel.meaningful else 0
    assert (int(not_drawn[1]) if not_drawn else 0) == small
    # Much spread, and nobody apart: that is not said to be alike.
    assert "geen enkele regio af" not in text or sites.i2 < 0.75
    assert 0 <= sites.predict[0] <= sites.predict[1] <= 1


DOT = re.compile(r"(Laagste|Hoogste)( stip)?: (.+?) met ([\d,]+%)")


@settings(VERKEN, max_examples=8)
@given(plekken())
def test_the_text_beside_dots_says_of_which_groups_it_is(groepen):
    vrijgave = bundle((resultaat(groepen),))
    rows = rijen(vrijgave, SITE)
    shown, alt = gezien(rows), figure(vrijgave, "proef", per=SITE).alt
    ends = {word: (of_dots, naam, text) for word, of_dots, naam, text in DOT.findall(alt)}
    assert bool(ends) is (len(shown) > 1)
    for word, best in (("Laagste", min), ("Hoogste", max)):
        if ends:
            of_dots, naam, text = ends[word]
            assert text == number(best(row["schatting"] for row in shown), Vorm.AANDEEL)
            assert (
                next(row["naam"] for row in shown if number(row["schatting"], Vorm.AANDEEL) == text) or naam
            )
            assert bool(of_dots) is (len(shown) < len(rows))
    hidden = sum(row["onderdrukt"] for row in rows)
    words = sum(bool(row["leest"]) for row in rows)
    assert (re.findall(r"(\d+) niet getoond\.", alt) or ["0"]) == [str(hidden)]
    assert (re.findall(r"Bij (\d+) te weinig huishoudens", alt) or ["0"]) == [str(words)]
    assert translate(alt)


@VERKEN
@given(plekken())
def test_what_is_hidden_is_never_called_undetermined(groepen):
    vrijgave = bundle((resultaat(groepen),))
    assume(any(row["leest"] or row["onderdrukt"] for row in rijen(vrijgave, SITE)))
    tabel = estimates_table(vrijgave, "proef", uitsplitsing=SITE)
    assert not [cel for rij in tabel.rijen for cel in rij if cel.getoond == EMPTY]
