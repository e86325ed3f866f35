"""7 Results: per indicator a sentence, figure and tables, and how to read them."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.release import Released
from toekomstscenario_eval.reporting import access
from toekomstscenario_eval.reporting.difference import differences_table
from toekomstscenario_eval.reporting.document import Block, Kader, Kop
from toekomstscenario_eval.reporting.figure import curve_figure, figure
from toekomstscenario_eval.reporting.format import sentence_case
from toekomstscenario_eval.reporting.multiverse_table import DEFINITIE, multiverse_sentence
from toekomstscenario_eval.reporting.network_section import network_blocks
from toekomstscenario_eval.reporting.overview import compact_table
from toekomstscenario_eval.reporting.report import Report, paragraph
from toekomstscenario_eval.reporting.sentence import range_sentence, sentence
from toekomstscenario_eval.reporting.sites import combine_sites, sites_sentence
from toekomstscenario_eval.reporting.table import estimates_table, overview_table
from toekomstscenario_eval.types import Kind

TITEL = "7 Resultaten"
_SOORT, _SITE = "proeftuin_soort", "proeftuin"


def _by_group(rapport: Report, r: Released) -> list[Block]:
    """Return figure and sentence, or a table, for every breakdown with at least two groups."""
    uit: list[Block] = []
    for per in access.breakdowns(r):
        if access.rows(r, uitsplitsing=per)["groep"].nunique() < 2:
            continue
        if per == _SITE:
            zin = range_sentence(rapport.vrijgave, r.sleutel, per=per)
            uit += [figure(rapport.vrijgave, r.sleutel, per=per), *((zin,) if zin else ())]
            sites = combine_sites(rapport.vrijgave, r.sleutel)
            uit += [sites_sentence(sites, r.card.maten[access.headline(r)])] if sites else []
            continue
        if per == _SOORT and r.card.kind is Kind.DUUR:
            uit.append(curve_figure(rapport.vrijgave, r.sleutel, per=per))
        uit.append(estimates_table(rapport.vrijgave, r.sleutel, uitsplitsing=per))
        verschillen = differences_table(rapport.vrijgave, r.sleutel) if per == _SOORT else None
        uit += [verschillen] if verschillen else []
    return uit


def _variants(rapport: Report, naam: str) -> list[Block]:
    """Return the other definitions of the same indicator, and its development by year."""
    uit: list[Block] = []
    for r in rapport.vrijgave.resultaten:
        if r.indicator != naam or r.sleutel == naam or r.schattingen.empty:
            continue
        if r.variant.startswith(DEFINITIE):
            continue
        if r.variant:
            uit.append(figure(rapport.vrijgave, r.sleutel, maat=access.headline(r)))
            continue
        keuze = "; ".join(f"{p} = {w}" for p, w in r.params.items() if w != r.card.params[p].standaard)
        uit += [
            Kop(3, f"Zelfde indicator, andere keuze: {keuze}".replace("_", " ")),
            sentence(rapport.vrijgave, r.sleutel),
            overview_table(rapport.vrijgave, r.sleutel),
        ]
    return uit


def _indicator(rapport: Report, naam: str) -> list[Block]:
    r = rapport.vrijgave.resultaat(naam)
    uit: list[Block] = [Kop(2, r.card.label)]
    if r.reden_nvt:
        reden = paragraph(f"Niet van toepassing op dit pakket: {r.reden_nvt}.")
        return [*uit, Kader("info", "Niet van toepassing", (reden,))]
    uit.append(sentence(rapport.vrijgave, naam))
    if r.card.kind is not Kind.AANDEEL:
        uit += [figure(rapport.vrijgave, naam), overview_table(rapport.vrijgave, naam)]
    uit += [*_by_group(rapport, r), *_variants(rapport, naam)]
    definities = multiverse_sentence(rapport.vrijgave, naam)
    uit += [definities] if definities else []
    uit.append(Kader("info", f"Hoe {sentence_case(r.card.label)} te lezen", (paragraph(r.card.lezen),)))
    return uit


def _others(rapport: Report) -> list[Block]:
    """Return one table per theme with the indicators that have no chapter of their own."""
    tabellen = [
        compact_table(rapport.vrijgave, namen, titel=thema) for thema, namen in rapport.overig.items()
    ]
    return [Kop(2, "Andere indicatoren"), *tabellen] if tabellen else []


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return all indicators of the release, and the researcher's interpretation."""
    cijfers = [blok for naam in rapport.kern for blok in _indicator(rapport, naam)]
    netwerken = network_blocks(rapport.vrijgave)
    return (*cijfers, *netwerken, *_others(rapport), Kop(2, "Duiding"), *rapport.tekst("duiding"))
