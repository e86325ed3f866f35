"""7 Results: per indicator a sentence, figure and tables, and how to read them."""

from __future__ import annotations

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.baseline import baseline_blocks, described
from toekomstscenario_eval.blocks.by_phase import headline, phases_table
from toekomstscenario_eval.blocks.design_blocks import design_blocks
from toekomstscenario_eval.blocks.figure import curve_figure, figure
from toekomstscenario_eval.blocks.leading import kinds, leading
from toekomstscenario_eval.blocks.multiverse_table import multiverse_sentence
from toekomstscenario_eval.blocks.over_time import over_time_blocks
from toekomstscenario_eval.blocks.overview import compact_table, kinds_table
from toekomstscenario_eval.blocks.sentence import range_sentence
from toekomstscenario_eval.blocks.side_by_side import side_by_side
from toekomstscenario_eval.blocks.table import estimates_table
from toekomstscenario_eval.blocks.views import VIEWS
from toekomstscenario_eval.blocks.whose import pools
from toekomstscenario_eval.blocks.years import years
from toekomstscenario_eval.document.document import Block, Kader, Kop
from toekomstscenario_eval.document.format import sentence_case
from toekomstscenario_eval.document.markdown import blocks_from_markdown
from toekomstscenario_eval.report.deviations import exploratory, marked, unplanned
from toekomstscenario_eval.report.network_section import network_blocks
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import SITE, SITE_KIND, Result

TITLE = "7 Resultaten"
_DIFFERENCE = "Maakt het verschil?"
# The indicator that the networks belong to.
_NETWORKS = "samenwerkingsnetwerk"


def _by_group(report: Report, r: Result) -> list[Block]:
    """Return figure and sentence, or a table, for every breakdown with at least two groups."""
    out: list[Block] = []
    for per in access.breakdowns(r):
        if access.rows(r, uitsplitsing=per)["groep"].nunique() < 2:
            continue
        if per == SITE:
            phrase = range_sentence(report.vrijgave, r.sleutel, per=per)
            out += [figure(report.vrijgave, r.sleutel, per=per), *((phrase,) if phrase else ())]
            out += design_blocks(report.vrijgave, r.sleutel, per=per)
            continue
        if per == SITE_KIND and VIEWS[r.card.kind].curves:
            out.append(curve_figure(report.vrijgave, r.sleutel, per=per))
        out.append(estimates_table(report.vrijgave, r.sleutel, uitsplitsing=per))
        out += design_blocks(report.vrijgave, r.sleutel, per=per)
    return out


def _variants(report: Report, naam: str) -> list[Block]:
    """Return the other definitions of the same indicator, and its development by year, by kind of region."""
    out: list[Block] = []
    for r in report.vrijgave.resultaten:
        if r.indicator != naam or r.sleutel == naam or r.schattingen.empty:
            continue
        if r.variant.definitie is not None or r.variant.fase or r.variant.instroom:
            continue
        if r.variant:
            out += years(report.vrijgave, r.sleutel)
            continue
        choice = "; ".join(f"{p}: {w}" for p, w in r.params.items() if w != r.card.params[p].standaard)
        out += [
            Kop(3, f"Met een andere keuze: {choice}".replace("_", " ")),
            headline(report.vrijgave, r.sleutel),
            kinds_table(report.vrijgave, r.sleutel),
        ]
    return out


def _indicator(report: Report, naam: str) -> list[Block]:
    r = report.vrijgave.resultaat(naam)
    out: list[Block] = [Kop(2, r.card.label), *exploratory(report, naam)]
    if r.reden_nvt:
        reden = paragraph(f"Niet van toepassing op dit pakket: {r.reden_nvt}.")
        return [*out, Kader("info", "Niet van toepassing", (reden,))]
    out.append(headline(report.vrijgave, naam))
    by_phase = phases_table(report.vrijgave, naam)
    out += [by_phase] if by_phase else []
    lead = leading(report.vrijgave, naam)
    if not VIEWS[r.card.kind].bare:
        out += _whole(report, lead)
    out += [*_by_group(report, lead), *_variants(report, naam)]
    out += _side_by_side(report, [naam])
    definitions = multiverse_sentence(report.vrijgave, naam)
    out += [definitions] if definitions else []
    out.append(Kader("info", f"Hoe {sentence_case(r.card.label)} te lezen", (paragraph(r.card.lezen),)))
    return out


def _whole(report: Report, r: Result) -> list[Block]:
    """Return all estimands by kind of region, and the figure of a whole that pools no kinds of region."""
    table = kinds_table(report.vrijgave, r.sleutel)
    curves_apart = VIEWS[r.card.kind].curves and len(kinds(r)) > 1
    if pools(r) or curves_apart:
        return [table]
    return [figure(report.vrijgave, r.sleutel), table]


def _side_by_side(report: Report, namen: list[str]) -> list[Block]:
    """Return a figure for each indicator whose card asks for one."""
    cards = report.background.kaarten
    out = []
    for naam in namen:
        if cards[naam].naast_elkaar:
            out.append(side_by_side(report.vrijgave, naam, beside=cards[naam].naast_elkaar))
    return [fig for fig in out if fig is not None]


def _others(report: Report) -> list[Block]:
    """Return one table per theme with the indicators that have no chapter of their own."""
    out: list[Block] = []
    for theme, namen in report.overig.items():
        out.append(compact_table(report.vrijgave, namen, title=theme))
        out += _side_by_side(report, namen)
    # What was planned has a chapter of its own.
    mark = [marked()] if report.plan.locked else []
    return [Kop(2, "Andere indicatoren"), *mark, *out] if out else []


def _networks(report: Report) -> tuple[Block, ...]:
    """Return the networks, marked at their first heading when they were not planned."""
    out = network_blocks(report.vrijgave)
    mark = [marked()] if out and unplanned(report, _NETWORKS) else []
    return (*out[:1], *mark, *out[1:])


_NOISE_APART = (
    " Huishoudens, met en zonder het kenmerk hebben elk eigen ruis. Een aandeel is gerekend uit met en zonder, en is dus "
    "niet precies het een gedeeld door het ander."
)


def _reading(*, intern: bool) -> tuple[Block, ...]:
    """Return how to read a figure and a table, once for all of them."""
    explanation = paragraph(
        "Bij een schatting staat een 95%-interval: de grenzen waarbinnen het cijfer waarschijnlijk ligt, als alleen het",
        "toeval speelt (hoofdstuk 6). Een breed interval betekent: wij weten het minder precies. In de figuren is dat de lijn",
        "rond de stip.",
        "Een cijfer over meer regio's kan voor twee groepen gelden. 'Regio's zoals deze' rekent mee dat regio's",
        "verschillen, en gaat voor. 'Deze huishoudens in deze regio's' zegt niets over andere regio's; dat geldt voor elk",
        "interval waar niets anders bij staat.",
        "'Huishoudens' is het aantal huishoudens achter het cijfer." + ("" if intern else _NOISE_APART),
    )
    return (Kader("info", "Zo leest u de cijfers", (explanation,)),)


def _baseline(report: Report) -> tuple[Block, ...]:
    """Return who the households are, where the report was asked for it."""
    if not described(report.vrijgave):
        return ()
    return (Kop(2, "Wie de huishoudens zijn"), *baseline_blocks(report.vrijgave))


def _changes(report: Report) -> tuple[Block, ...]:
    """Return what designs over time say, of each outcome that has a panel."""
    panels = [r for r in report.vrijgave.resultaten if r.variant.instroom]
    if not panels:
        return ()
    reasons = {r.reden_nvt for r in panels}
    if "" not in reasons:
        return (
            Kop(2, _DIFFERENCE),
            paragraph(f"Een vergelijking over de tijd is hier niet te maken: {'; '.join(sorted(reasons))}."),
        )
    out: list[Block] = [
        Kop(2, _DIFFERENCE),
        paragraph(
            "Hier staan regio's naast zichzelf en naast elkaar, naar de periode waarin huishoudens instroomden. Van elk",
            "huishouden tellen alleen de eerste dagen na de instroom: zo telt niemand twee keer en is iedereen even lang",
            "gevolgd. Er is niet geloot. Wat er staat is wat de gegevens onder de genoemde aannames laten zien, met wat dat",
            "kan omverwerpen.",
        ),
    ]
    for r in panels:
        mark = exploratory(report, r.indicator, over_time=True)
        out += [Kop(3, r.card.label), *mark, *over_time_blocks(report.vrijgave, r.sleutel)]
    return tuple(out)


def _preceded(report: Report) -> tuple[Block, ...]:
    """Return what goes with every share of measures: what was tried before."""
    naam = "duo_voor_maatregel"
    if not any(r.sleutel == naam for r in report.vrijgave.resultaten):
        return ()
    return (
        Kop(3, "Wat aan een maatregel voorafging"),
        paragraph(
            "Een aandeel maatregelen of uithuisplaatsingen zegt weinig zonder de vraag wat er eerder had gekund.",
            "Daarom hoort dit cijfer erbij:",
        ),
        headline(report.vrijgave, naam),
        paragraph(
            "Het zegt niet of de maatregel met een duo was voorkomen. Wat eerder had gekund, staat in verhalen en",
            "dossiers, en niet in deze gegevens.",
        ),
    )


def _stories(report: Report) -> tuple[Block, ...]:
    """Return the researcher's composite cases, each in a box of its own."""
    if not report.plan.gevallen:
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
                case.titel,
                blocks_from_markdown(case.verhaal, where="onderzoek.yaml, veld 'gevallen'"),
            )
            for case in report.plan.gevallen
        ),
    )


def blocks(report: Report) -> tuple[Block, ...]:
    """Return all indicators of the release, and the researcher's interpretation."""
    digits = [block for naam in report.kern for block in _indicator(report, naam)]
    return (
        *_reading(intern=report.vrijgave.intern),
        *_baseline(report),
        *digits,
        *_changes(report),
        *_networks(report),
        *_others(report),
        *_preceded(report),
        Kop(2, "Duiding"),
        *report.tekst("duiding"),
        *_stories(report),
    )
