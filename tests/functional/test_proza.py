"""All prose of reports about 21, 103, 400 and 1,400 households is held against the results behind it.

Every number that can be traced reads as in the release; every claim in a sentence, note or text alternative
that this file can read is recomputed from the tables of estimates.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from toekomstscenario_eval.blocks import access, whose
from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.document.claims import overstated_in
from toekomstscenario_eval.document.document import (
    Alinea,
    Block,
    Cel,
    Figuur,
    Getal,
    Tabel,
    all_nodes,
    flat_text,
)
from toekomstscenario_eval.document.format import EMPTY, interval, number
from toekomstscenario_eval.making import tasks
from toekomstscenario_eval.making.conductor import _background
from toekomstscenario_eval.protection import record
from toekomstscenario_eval.protection.public import OUTSIDE
from toekomstscenario_eval.provenance import open_data
from toekomstscenario_eval.report.plan import Plan
from toekomstscenario_eval.report.report import Report, section
from toekomstscenario_eval.report.sections.s04_gegevens import _counted
from toekomstscenario_eval.report.short import short_blocks
from toekomstscenario_eval.report.site_report import site_blocks, site_names
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.types import NIET, SITE, TOON, WEINIG, Status, Vorm

OMVANG = (21, 103, 400, 1400)
# A share over a window and one on a day, an index, and what can happen again.
INDICATOREN = ("aandeel_duo", "aandeel_ots", "continuiteit", "herhaalde_duos")
HOOFDSTUKKEN = (
    *("samenvatting", "gegevens", "methoden", "resultaten", "wie_niet", "neveneffecten"),
    *("privacy", "beperkingen"),
)


@dataclass(frozen=True)
class Verslag:
    """A report with its blocks by chapter, the short version and that of a site among them."""

    omvang: int
    report: Report
    blokken: dict[str, tuple[Block, ...]]

    @property
    def nodes(self) -> list[object]:
        return [node for blokken in self.blokken.values() for node in all_nodes(blokken)]

    @property
    def tabellen(self) -> list[Tabel]:
        return [node for node in self.nodes if isinstance(node, Tabel)]

    @property
    def teksten(self) -> Iterator[str]:
        """Every sentence, note and text alternative."""
        for node in self.nodes:
            if isinstance(node, Alinea):
                yield flat_text(node.inhoud)
            elif isinstance(node, Tabel):
                yield from (node.bijschrift, *node.noten)
            elif isinstance(node, Figuur):
                yield from (node.bijschrift, node.alt)


def _other_choice(t: tasks.Task) -> bool:
    """Whether it asks for another value of a parameter: its sentences are those of any other result."""
    return bool(t.vraag.keys() - {"per", "periode", "fase"})


def maak(map_, omvang: int) -> Verslag:
    """The report of a few indicators: as `tks rapport`, without a second process and without files."""
    pakket = make_example(map_ / f"p{omvang}", huishoudens=omvang, seed=2026)
    studie = Study.open(pakket)
    gevraagd = [
        t
        for t in tasks.tasks(studie, INDICATOREN)
        if not isinstance(t, tasks.Task) or (t.definitie is None and not _other_choice(t))
    ]
    vrijgave = studie.bundel(*studie.shown(*tasks.run(studie, gevraagd)), *studie.feiten())
    achtergrond = _background(studie, vrijgave, pakket, None, studie.beleid.naam, INDICATOREN)
    dossier = record.record(vrijgave, studie.beleid, {}, levering="", head="")
    report = Report(vrijgave, Plan(), achtergrond, dossier=dossier)
    blokken = {naam: section(report, naam) for naam in HOOFDSTUKKEN} | {"kort": short_blocks(report)}
    if namen := site_names(report):
        blokken["proeftuin"] = site_blocks(report, namen[0])
    return Verslag(omvang, report, {k: tuple(v) for k, v in blokken.items()})


@pytest.fixture(scope="module", params=OMVANG)
def verslag(request, tmp_path_factory) -> Verslag:
    return maak(tmp_path_factory.mktemp("proza"), request.param)


def getallen(report: Report) -> dict[str, set[str]]:
    """What may stand for every traced number, by its id."""
    out: dict[str, set[str]] = {}
    for r in report.vrijgave.resultaten:
        for row in access.records(access.named(r, r.schattingen)):
            maat, own = r.card.maten[row["maat"]], str(row["getal_id"])
            text = number(row["schatting"], maat.vorm)
            out[own] = {row["leest"]} if row["leest"] else {text, f"≤ {text}"}
            out[f"{own}.interval"] = {interval(row["ondergrens"], row["bovengrens"], maat.vorm)}
            for k in ("n", "teller", "noemer", "gecensureerd"):
                out[f"{own}.{k}"] = {number(row[k], Vorm.TELLING)}
    for made in derived(report.vrijgave):
        r, own = report.vrijgave.resultaat(made["resultaat"]), made["getal_id"]
        vorm = Vorm(made["vormen"].get("schatting", r.card.maten[made["maat"]].vorm.value))
        bounds = [math.nan if made[k] is None else made[k] for k in ("ondergrens", "bovengrens")]
        if made["schatting"] is not None:
            out[own] = {number(made["schatting"], vorm)}
        out[f"{own}.interval"] = {interval(bounds[0], bounds[1], vorm)}
    return out


def test_every_traced_number_reads_as_in_the_release(verslag):
    verwacht, gezien = getallen(verslag.report), 0
    for node in verslag.nodes:
        own, text = (
            (node.id, node.tekst)
            if isinstance(node, Getal)
            else (node.getal_id, node.tekst)
            if isinstance(node, Cel)
            else ("", "")
        )
        if own in verwacht and not own.startswith("u"):
            assert text in verwacht[own], own
            gezien += 1
    assert gezien > 10 or verslag.omvang < 100


def test_what_is_hidden_is_never_a_number_nor_undetermined(verslag):
    dicht = {
        row["getal_id"]
        for r in verslag.report.vrijgave.resultaten
        for row in access.records(r.schattingen)
        if row["weergave"] == NIET
    }
    for node in verslag.nodes:
        own = node.id if isinstance(node, Getal) else node.getal_id if isinstance(node, Cel) else ""
        assert own not in dicht
    # In public what has no number is not shown: nothing was looked at and found undetermined.
    assert not [
        t.bijschrift for t in verslag.tabellen for rij in t.rijen for cel in rij if cel.getoond == EMPTY
    ]
    for text in verslag.teksten:
        assert EMPTY not in text.replace("een bovengrens is niet te bepalen", "")


RANGE = re.compile(
    r"(?:Van (\d+) van de (\d+) groepen is een cijfer te zien\. Daar loopt|^Per .+? loopt) .+? "
    r"van (\S+) \((.+?)\) tot (\S+) \((.+?)\)"
)
FEW = re.compile(r"bij (\d+) van de (\d+) regio's tellen minder dan 10 huishoudens mee")
REGIONS = re.compile(r"\bin (\d+) (proeftuin|vergelijkingsregio)(?:en|'s)?\b", re.IGNORECASE)
ENDS = re.compile(r"(Laagste|Hoogste)( stip)?: ")


def test_ranges_and_numbers_of_regions_are_those_of_the_tables(verslag):
    rijen = {
        r.sleutel: access.records(access.rows(r, uitsplitsing=SITE, maat=access.headline(r)))
        for r in verslag.report.vrijgave.resultaten
        if not r.schattingen.empty and SITE in access.breakdowns(r)
    }
    # Of all regions, and of those of one kind.
    small = {
        (sum(row["n"] < 10 for row in part), len(part))
        for rows in rijen.values()
        for kind in ("", "proeftuin", "vergelijking")
        for part in [[row for row in rows if kind in row["stratum"]]]
    }
    gezien = Counter()
    for text in verslag.teksten:
        for some, of, low, low_name, high, high_name in RANGE.findall(text):
            past = []
            for key, rows in rijen.items():
                vorm = verslag.report.vrijgave.resultaat(key).card.maten[rows[0]["maat"]].vorm
                shown = sorted((row["schatting"], row["naam"]) for row in rows if row["weergave"] == TOON)
                if len(shown) > 1 and (low, high) == tuple(number(shown[i][0], vorm) for i in (0, -1)):
                    told = [str(len(shown)), str(len(rows))] if len(shown) < len(rows) else ["", ""]
                    past.append([some, of] == told and {low_name, high_name} <= {naam for _, naam in shown})
            assert any(past), text
            gezien["range"] += 1
        for few, of in FEW.findall(text):
            assert (int(few), int(of)) in small, text
            gezien["few"] += 1
        for many, kind in REGIONS.findall(text):
            code = "proeftuin" if kind.lower() == "proeftuin" else "vergelijking"
            # By the table of regions; also those of which no number is there.
            known = {r.regios.get(code) for r in verslag.report.vrijgave.resultaten if r.regios}
            assert int(many) in known, text
            gezien["regions"] += 1
    assert gezien["regions"] or verslag.omvang < 100
    assert gezien["range"] or verslag.omvang < 1000


def test_the_release_page_counts_what_stands_in_the_open_files(verslag):
    boek = open_data._Book()
    for r in verslag.report.vrijgave.resultaten:
        for s in r.publiek.values():
            boek.add(s)
    assert verslag.report.dossier["cellen"] == len(boek.table("cellen"))
    assert sum(p["aantal"] for p in verslag.report.dossier["plekken"]) == len(boek.table("plekken"))


def test_no_chapter_claims_more_than_a_comparison_can_bear(verslag):
    for naam, blokken in verslag.blokken.items():
        assert not overstated_in(blokken), naam


def test_chapters_that_count_all_that_was_delivered_say_so(verslag):
    for naam in ("gegevens", "wie_niet"):
        texts = [flat_text(b.inhoud) for b in all_nodes(verslag.blokken[naam]) if isinstance(b, Alinea)]
        assert texts.count(whose.DELIVERED) == 1


def test_no_sentence_says_all_or_most_of_what_is_not_seen(verslag):
    """Words that were written for another number of regions, or for all of something."""
    for text in verslag.teksten:
        assert not re.search(r"\b(elf|veertien) (proeftuinen|gebieden|regio's)", text), text
        assert "overlappen vaak" not in text
        assert not re.search(r"(?<![\w,.])[-\u2212]0(,0+)?(?![\d,.]*[1-9])\b", text), text
        assert not re.search(r"\bp = 0,0+\b|(?<!< )\b0,000\b", text), text
        assert not re.search(r"(?<![\w\d])-\d+,\d", text), text


def test_rules_are_counted_as_rules(verslag):
    bevindingen = verslag.report.background.bevindingen
    regels = {b.regel for b in bevindingen}
    (zin,) = [text for text in verslag.teksten if text.startswith("Het pakket is getoetst met")]
    assert int(re.search(r"met (\d+) regels", zin)[1]) == len(regels)
    assert sum(int(re.search(rf"{s.value} (\d+)", zin)[1]) for s in Status) == len(regels)


def test_only_what_a_household_has_once_is_counted_in_households(verslag):
    """What is left out is in households only where no household has more of it, and never more than all."""
    report = verslag.report
    for naam, card in report.background.kaarten.items():
        r = report.vrijgave.resultaat(naam)
        if OUTSIDE not in r.publiek or not _counted(card).startswith("huishouden"):
            continue
        cellen = r.publiek[OUTSIDE].cellen
        meer = set(cellen.loc[cellen["k"] > 1, "naam"])
        assert not meer, (naam, meer)
        assert (r.uitsluitingen["aantal"] <= verslag.omvang + 6).all()


GEZIEN = {
    "huishoudens_per_proeftuin": "elke regio",
    "huishoudens_per_gezinsprofiel": "elk gezinsprofiel",
}


def test_who_was_seen_follows_from_what_is_shown(verslag):
    alineas = (b for b in all_nodes(verslag.blokken["wie_niet"]) if isinstance(b, Alinea))
    tekst = " ".join(flat_text(b.inhoud) for b in alineas)
    for naam, wie in GEZIEN.items():
        r = verslag.report.vrijgave.resultaat(naam)
        weergave = set(r.schattingen["weergave"])
        assert (f"Niet van {wie} is te zeggen" in tekst) is (NIET in weergave)
        assert (f"Van {wie} is iets gezien" in tekst) is (weergave <= {TOON, WEINIG})
