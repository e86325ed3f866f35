"""The report of one site: its own figures, with the proeftuinen and the comparison regions beside them."""

from __future__ import annotations

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.baseline import baseline_blocks, described
from toekomstscenario_eval.blocks.card import card_items
from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.leading import days_note, kinds, leading
from toekomstscenario_eval.blocks.sentence import sentence
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.document.document import (
    Block,
    Cel,
    Definities,
    Figuur,
    Inline,
    Kader,
    Kop,
    Lijst,
    Tabel,
    Tekst,
)
from toekomstscenario_eval.document.format import day, window
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.identity import COMPARISON, PILOT, UNKNOWN
from toekomstscenario_eval.report.deviations import exploratory
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.report.sections.s00_samenvatting import NOT
from toekomstscenario_eval.types import SITE, SITE_KIND, Result

_TELLING = "huishoudens_per_proeftuin"
_FIGURES: dict[tuple[str, str], Figuur] = {}
_SMALL = (
    "Een proeftuin telt weinig huishoudens vergeleken met alle proeftuinen samen. Toeval speelt daardoor een "
    "grote rol: kijk naar het interval en niet alleen naar het cijfer."
)
NOTHING = "van deze proeftuin is niets openbaar"


def _own(r: Result, site: str = "") -> bool:
    """Whether a result has figures by site; of this site, when one is named."""
    if r.schattingen.empty or SITE not in access.breakdowns(r):
        return False
    return not site or bool(access.rows(r, uitsplitsing=SITE)["groep"].eq(site).any())


def site_names(report: Report) -> list[str]:
    """Return the sites that can have a report, alphabetically: those with figures, and those of the study."""
    digits = [r for naam in report.in_front if _own(r := leading(report.vrijgave, naam))]
    counted = [report.vrijgave.resultaat(_TELLING)] if report.has(_TELLING) else []
    per_source = [access.rows(r, uitsplitsing=SITE) for r in (*digits, *counted) if _own(r)]
    return sorted({str(groep) for rows in per_source for groep in rows["groep"]} - {UNKNOWN})


def _table(r: Result, site: str) -> Tabel:
    """Return every estimand of the indicator: of this site, of the proeftuinen, and of comparison regions."""
    spots = ((SITE, site), *((SITE_KIND, kind) for kind in kinds(r)))
    titles = {PILOT: "Proeftuinen", COMPARISON: "Vergelijkings\u00adregio's"}
    parts = {}
    for per, groep in spots:
        rows = access.rows(r, uitsplitsing=per)
        parts[groep] = {row["maat"]: row for row in access.records(rows[rows["groep"].eq(groep)])}
    out = []
    for naam, own in parts[site].items():
        maat = r.card.maten[naam]
        beside = [part[naam] for part in parts.values()]
        cells = [c for row in beside for c in (number_cell(row, maat.vorm), interval_cell(row, maat.vorm))]
        out.append((Cel(f"{maat.label} ({maat.eenheid})"), *cells, count_cell(own, "n")))
    heading = [title for groep in parts for title in (titles.get(groep, site), "95%-interval")]
    gone = any(row["onderdrukt"] for part in parts.values() for row in part.values())
    return Tabel(
        f"{r.card.label}: {site} naast de proeftuinen en de vergelijkingsregio's",
        ("Maat (eenheid)", *heading, f"Huishoudens van {site}"),
        tuple(out),
        (
            f"Proeftuinen: alle proeftuinen samen, ook {site}. Vergelijkingsregio's staan er los naast. "
            "Interval: 95%.",
            *days_note([r]),
            *(("Niet getoond is niet nul: op deze plek is dit niet openbaar.",) if gone else ()),
        ),
    )


def _figure(report: Report, naam: str) -> Figuur:
    """Return the figure with all regions; it is the same for every site, so it is drawn once."""
    key = (report.vrijgave.id, leading(report.vrijgave, naam).sleutel)
    if key not in _FIGURES:
        _FIGURES[key] = figure(report.vrijgave, key[1], per=SITE)
    return _FIGURES[key]


def _indicator(report: Report, naam: str, site: str) -> tuple[Block, ...]:
    r = leading(report.vrijgave, naam)
    if not _own(r, site):
        reden = r.reden_nvt or (NOTHING if _own(r) else "dit cijfer is niet per regio berekend")
        return (Kop(2, r.card.label), paragraph(f"Geen cijfer voor deze proeftuin: {reden}."))
    return (
        Kop(2, r.card.label),
        *exploratory(report, naam),
        paragraph(r.card.vraag),
        _table(r, site),
        _figure(report, naam),
        Kader("info", "Hoe te lezen", (paragraph(r.card.lezen),)),
    )


def _sentence(report: Report, naam: str, site: str) -> tuple[Inline, ...]:
    """Return the figure of this site, from its own start on where the release has that."""
    r = leading(report.vrijgave, naam)
    if not _own(r, site):
        return (Tekst(f"{r.card.label}: geen cijfer, want {r.reden_nvt or NOTHING}."),)
    label = r.card.maten[access.headline(r)].label
    opening = f"{label} bij proeftuin {site}" + (" vanaf de eigen start" if r.variant.fase else "")
    return sentence(report.vrijgave, r.sleutel, per=SITE, groep=site, opening=opening).inhoud


def _baseline(report: Report, site: str) -> tuple[Block, ...]:
    if not described(report.vrijgave):
        return ()
    return (Kop(1, "Wie de huishoudens zijn"), *baseline_blocks(report.vrijgave, site))


def site_blocks(report: Report, site: str) -> tuple[Block, ...]:
    """Return the report of one site.

    Raises
    ------
    GebruikFout
        When it is no site of the study.
    """
    if site not in (namen := site_names(report)):
        raise GebruikFout(f"de proeftuin '{site}' is er niet", herstel=did_you_mean(site, namen))
    a = report.background
    sentences = tuple(_sentence(report, naam, site) for naam in report.in_front)
    return (
        Kop(1, "Samenvatting"),
        paragraph(
            f"Dit verslag gaat over {site}. De gegevens lopen van {window(a.venster)}, met peildatum",
            f"{day(a.peildatum)}. Alle getallen komen uit dezelfde tellingen als die van de andere regio's.",
        ),
        Lijst(sentences),
        Kop(2, "Wat deze cijfers niet zeggen"),
        Lijst(tuple((Tekst(line),) for line in (_SMALL, *NOT))),
        *_baseline(report, site),
        Kop(1, "Cijfers"),
        *(block for naam in report.in_front for block in _indicator(report, naam, site)),
        Kop(1, "Definities"),
        *(
            block
            for naam, card in report.in_front.items()
            for block in (Kop(2, card.label), Definities(card_items(naam, card)))
        ),
        Kop(1, "Meer lezen"),
        paragraph(
            "De opzet, de methoden, wie wij niet zien en de beperkingen staan in de verantwoording over alle regio's.",
            f"Kenmerk van de vrijgave: {report.vrijgave.id}.",
        ),
    )
