"""The report of one site, beside the whole: its own figures, those of the whole, and how to read them."""

from __future__ import annotations

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.baseline import baseline_blocks, described
from toekomstscenario_eval.blocks.card import card_items
from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.sentence import sentence
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.document.document import (
    Block,
    Cel,
    Definities,
    Figuur,
    Kader,
    Kop,
    Lijst,
    Tabel,
    Tekst,
)
from toekomstscenario_eval.document.format import day, window
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.report.sections.s00_samenvatting import NOT
from toekomstscenario_eval.types import SITE, Result

_TELLING = "huishoudens_per_proeftuin"
_FIGURES: dict[tuple[str, str], Figuur] = {}
_SMALL = (
    "Een proeftuin telt weinig huishoudens vergeleken met het geheel. Toeval speelt daardoor een grote rol: kijk "
    "naar het interval en niet alleen naar het cijfer."
)


def _own(r: Result) -> bool:
    return not r.schattingen.empty and SITE in access.breakdowns(r)


def site_names(report: Report) -> list[str]:
    """Return the sites that the release has figures of, alphabetically.

    Where no indicator applies to the package, those that the households are counted of.
    """
    digits = [naam for naam in report.in_front if _own(report.vrijgave.resultaat(naam))]
    sources = digits or [naam for naam in (_TELLING,) if report.has(naam)]
    per_source = [access.rows(report.vrijgave.resultaat(naam), uitsplitsing=SITE) for naam in sources]
    return sorted({str(groep) for rows in per_source for groep in rows["groep"]})


def _table(r: Result, site: str) -> Tabel:
    """Return every estimand of the indicator for this site, with the whole beside it."""
    here = access.rows(r, uitsplitsing=SITE)
    here = here[here["groep"].eq(site)]
    whole = {row["maat"]: row for row in access.records(access.rows(r, uitsplitsing=""))}
    rows = []
    for row in access.records(here):
        maat = r.card.maten[row["maat"]]
        rows.append(
            (
                Cel(f"{maat.label} ({maat.eenheid})"),
                number_cell(row, maat.vorm),
                interval_cell(row, maat.vorm),
                count_cell(row, "n"),
                number_cell(whole[row["maat"]], maat.vorm),
            )
        )
    notes = ["Geheel: alle regio's samen, ook deze. Interval: 95%."]
    if here["onderdrukt"].any():
        notes.append("Niet getoond is niet nul: op deze plek is dit niet openbaar.")
    return Tabel(
        f"{r.card.label}: {site} naast het geheel",
        ("Maat (eenheid)", site, "95%-interval", "Huishoudens", "Geheel"),
        tuple(rows),
        tuple(notes),
    )


def _figure(report: Report, naam: str) -> Figuur:
    """Return the figure with all regions; it is the same for every site, so it is drawn once."""
    key = (report.vrijgave.id, naam)
    if key not in _FIGURES:
        _FIGURES[key] = figure(report.vrijgave, naam, per=SITE)
    return _FIGURES[key]


def _indicator(report: Report, naam: str, site: str) -> tuple[Block, ...]:
    r = report.vrijgave.resultaat(naam)
    if not _own(r):
        reden = r.reden_nvt or "dit cijfer is niet per regio berekend"
        return (Kop(2, r.card.label), paragraph(f"Geen cijfer voor deze proeftuin: {reden}."))
    return (
        Kop(2, r.card.label),
        paragraph(r.card.vraag),
        _table(r, site),
        _figure(report, naam),
        Kader("info", "Hoe te lezen", (paragraph(r.card.lezen),)),
    )


def _baseline(report: Report, site: str) -> tuple[Block, ...]:
    if not described(report.vrijgave):
        return ()
    return (Kop(1, "Wie de huishoudens zijn"), *baseline_blocks(report.vrijgave, site))


def site_blocks(report: Report, site: str) -> tuple[Block, ...]:
    """Return the report of one site.

    Raises
    ------
    GebruikFout
        When the release has no figures of this site.
    """
    if site not in (namen := site_names(report)):
        raise GebruikFout(
            f"van de proeftuin '{site}' zijn er geen cijfers", herstel=did_you_mean(site, namen)
        )
    a = report.background
    shown = [naam for naam in report.in_front if _own(report.vrijgave.resultaat(naam))]
    sentences = tuple(
        sentence(report.vrijgave, naam, per=SITE, groep=site).inhoud for naam in shown or report.in_front
    )
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
