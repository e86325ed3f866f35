"""7 Results: per indicator a sentence, figure and tables, and how to read them."""

from __future__ import annotations

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.comparisons import design_blocks
from toekomstscenario_eval.blocks.figure import curve_figure, figure
from toekomstscenario_eval.blocks.hidden_together import hidden_together, together_sentence
from toekomstscenario_eval.blocks.kinds import VIEWS
from toekomstscenario_eval.blocks.multiverse_table import multiverse_sentence
from toekomstscenario_eval.blocks.overview import compact_table
from toekomstscenario_eval.blocks.sentence import range_sentence, sentence
from toekomstscenario_eval.blocks.side_by_side import side_by_side
from toekomstscenario_eval.blocks.table import estimates_table, overview_table
from toekomstscenario_eval.disclosure.release import Released
from toekomstscenario_eval.document.document import Block, Kader, Kop
from toekomstscenario_eval.document.format import sentence_case
from toekomstscenario_eval.document.markdown import blokken_uit_markdown
from toekomstscenario_eval.report.network_section import network_blocks
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import SITE, SITE_KIND

TITEL = "7 Resultaten"


def _by_group(rapport: Report, r: Released) -> list[Block]:
    """Return figure and sentence, or a table, for every breakdown with at least two groups."""
    uit: list[Block] = []
    for per in access.breakdowns(r):
        if access.rows(r, uitsplitsing=per)["groep"].nunique() < 2:
            continue
        if per == SITE:
            zin = range_sentence(rapport.vrijgave, r.sleutel, per=per)
            uit += [figure(rapport.vrijgave, r.sleutel, per=per), *((zin,) if zin else ())]
            uit += [*design_blocks(rapport.vrijgave, r.sleutel, per=per), *_together(rapport, r, per)]
            continue
        if per == SITE_KIND and VIEWS[r.card.kind].curven:
            uit.append(curve_figure(rapport.vrijgave, r.sleutel, per=per))
        uit.append(estimates_table(rapport.vrijgave, r.sleutel, uitsplitsing=per))
        uit += [*_together(rapport, r, per), *design_blocks(rapport.vrijgave, r.sleutel, per=per)]
    return uit


def _together(rapport: Report, r: Released, per: str) -> list[Block]:
    """Return the groups that are hidden as one, when that may be shown."""
    samen = hidden_together(rapport.vrijgave, r.sleutel, per=per)
    return [together_sentence(samen)] if samen else []


def _variants(rapport: Report, naam: str) -> list[Block]:
    """Return the other definitions of the same indicator, and its development by year."""
    uit: list[Block] = []
    for r in rapport.vrijgave.resultaten:
        if r.indicator != naam or r.sleutel == naam or r.schattingen.empty:
            continue
        if r.variant.definitie is not None:
            continue
        if r.variant:
            uit.append(figure(rapport.vrijgave, r.sleutel, maat=access.headline(r)))
            continue
        keuze = "; ".join(f"{p} = {w}" for p, w in r.params.items() if w != r.card.params[p].standaard)
        uit += [
            Kop(3, f"Met een andere keuze: {keuze}".replace("_", " ").replace(" = ", " ")),
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
    if not VIEWS[r.card.kind].kaal:
        uit += [figure(rapport.vrijgave, naam), overview_table(rapport.vrijgave, naam)]
    uit += [*_by_group(rapport, r), *_variants(rapport, naam)]
    definities = multiverse_sentence(rapport.vrijgave, naam)
    uit += [definities] if definities else []
    uit.append(Kader("info", f"Hoe {sentence_case(r.card.label)} te lezen", (paragraph(r.card.lezen),)))
    return uit


def _side_by_side(rapport: Report, namen: list[str]) -> list[Block]:
    """Return a figure for each indicator whose card asks for one."""
    kaarten = rapport.achtergrond.kaarten
    uit = []
    for naam in namen:
        if kaarten[naam].naast_elkaar:
            uit.append(side_by_side(rapport.vrijgave, naam, naast=kaarten[naam].naast_elkaar))
    return [fig for fig in uit if fig is not None]


def _others(rapport: Report) -> list[Block]:
    """Return one table per theme with the indicators that have no chapter of their own."""
    uit: list[Block] = []
    for thema, namen in rapport.overig.items():
        uit.append(compact_table(rapport.vrijgave, namen, titel=thema))
        uit += _side_by_side(rapport, namen)
    return [Kop(2, "Andere indicatoren"), *uit] if uit else []


def _reading() -> tuple[Block, ...]:
    """Return how to read a figure and a table, once for all of them."""
    uitleg = paragraph(
        "Elk cijfer heeft een 95%-interval: de grenzen waarbinnen het cijfer waarschijnlijk ligt, als alleen het toeval",
        "speelt. Een breed interval betekent: wij weten het minder precies. In de figuren is dat de lijn rond de stip.",
        "'Huishoudens' is het aantal huishoudens achter het cijfer.",
    )
    return (Kader("info", "Zo leest u de cijfers", (uitleg,)),)


def _preceded(rapport: Report) -> tuple[Block, ...]:
    """Return what goes with every share of measures: what was tried before."""
    naam = "duo_voor_maatregel"
    if not any(r.sleutel == naam for r in rapport.vrijgave.resultaten):
        return ()
    return (
        Kop(3, "Wat aan een maatregel voorafging"),
        paragraph(
            "Een aandeel maatregelen of uithuisplaatsingen zegt weinig zonder de vraag wat er eerder had gekund.",
            "Daarom hoort dit cijfer erbij:",
        ),
        sentence(rapport.vrijgave, naam),
        paragraph(
            "Het zegt niet of de maatregel met een duo was voorkomen. Wat eerder had gekund, staat in verhalen en",
            "dossiers, en niet in deze gegevens.",
        ),
    )


def _stories(rapport: Report) -> tuple[Block, ...]:
    """Return the researcher's composite cases, each in a box of its own."""
    if not rapport.plan.gevallen:
        return ()
    return (
        Kop(2, "Verhalen bij de cijfers"),
        paragraph(
            "Deze verhalen zijn samengesteld uit de ervaringen van meer gezinnen. Geen enkel verhaal gaat over één",
            "gezin. Zij laten zien wat een cijfer kan betekenen; zij bewijzen niets.",
        ),
        *(
            Kader(
                "info",
                geval.titel,
                blokken_uit_markdown(geval.verhaal, waar="onderzoek.yaml, veld 'gevallen'"),
            )
            for geval in rapport.plan.gevallen
        ),
    )


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return all indicators of the release, and the researcher's interpretation."""
    cijfers = [blok for naam in rapport.kern for blok in _indicator(rapport, naam)]
    return (
        *_reading(),
        *cijfers,
        *network_blocks(rapport.vrijgave),
        *_others(rapport),
        *_preceded(rapport),
        Kop(2, "Duiding"),
        *rapport.tekst("duiding"),
        *_stories(rapport),
    )
