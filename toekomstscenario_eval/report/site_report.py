"""The report of one site, beside the whole: its own figures, those of the whole, and how to read them."""

from __future__ import annotations

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.card import card_items
from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.sentence import sentence
from toekomstscenario_eval.blocks.table import count_cell, interval_cell, number_cell
from toekomstscenario_eval.disclosure.release import Released
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
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.report.sections.s00_samenvatting import NIET
from toekomstscenario_eval.types import SITE

_TELLING = "huishoudens_per_proeftuin"
_FIGUREN: dict[tuple[str, str], Figuur] = {}
_KLEIN = (
    "Een proeftuin telt weinig huishoudens vergeleken met het geheel. Toeval speelt daardoor een grote rol: kijk "
    "naar het interval en niet alleen naar het cijfer."
)


def _own(r: Released) -> bool:
    return not r.schattingen.empty and SITE in access.breakdowns(r)


def site_names(rapport: Report) -> list[str]:
    """Return the sites that the release has figures of, alphabetically.

    Where no indicator applies to the package, those that the households are counted of.
    """
    cijfers = [naam for naam in rapport.voorop if _own(rapport.vrijgave.resultaat(naam))]
    bronnen = cijfers or [naam for naam in (_TELLING,) if rapport.has(naam)]
    per_bron = [access.rows(rapport.vrijgave.resultaat(naam), uitsplitsing=SITE) for naam in bronnen]
    return sorted({str(groep) for rijen in per_bron for groep in rijen["groep"]})


def _table(r: Released, site: str) -> Tabel:
    """Return every estimand of the indicator for this site, with the whole beside it."""
    hier = access.rows(r, uitsplitsing=SITE)
    hier = hier[hier["groep"].eq(site)]
    geheel = {rij["maat"]: rij for rij in access.records(access.rows(r, uitsplitsing=""))}
    rijen = []
    for rij in access.records(hier):
        maat = r.card.maten[rij["maat"]]
        rijen.append(
            (
                Cel(f"{maat.label} ({maat.eenheid})"),
                number_cell(rij, maat.vorm),
                interval_cell(rij, maat.vorm),
                count_cell(rij, "n"),
                number_cell(geheel[rij["maat"]], maat.vorm),
            )
        )
    noten = ["Geheel: alle regio's samen, ook deze. Interval: 95%."]
    if hier["onderdrukt"].any():
        noten.append(
            "Onderdrukt is niet nul: het getal is te klein om te tonen, of beschermt een ander getal."
        )
    return Tabel(
        f"{r.card.label}: {site} naast het geheel",
        ("Maat (eenheid)", site, "95%-interval", "Huishoudens", "Geheel"),
        tuple(rijen),
        tuple(noten),
    )


def _figure(rapport: Report, naam: str) -> Figuur:
    """Return the figure with all regions; it is the same for every site, so it is drawn once."""
    sleutel = (rapport.vrijgave.id, naam)
    if sleutel not in _FIGUREN:
        _FIGUREN[sleutel] = figure(rapport.vrijgave, naam, per=SITE)
    return _FIGUREN[sleutel]


def _indicator(rapport: Report, naam: str, site: str) -> tuple[Block, ...]:
    r = rapport.vrijgave.resultaat(naam)
    if not _own(r):
        reden = r.reden_nvt or "dit cijfer is niet per regio berekend"
        return (Kop(2, r.card.label), paragraph(f"Geen cijfer voor deze proeftuin: {reden}."))
    return (
        Kop(2, r.card.label),
        paragraph(r.card.vraag),
        _table(r, site),
        _figure(rapport, naam),
        Kader("info", "Hoe te lezen", (paragraph(r.card.lezen),)),
    )


def site_blocks(rapport: Report, site: str) -> tuple[Block, ...]:
    """Return the report of one site.

    Raises
    ------
    GebruikFout
        When the release has no figures of this site.
    """
    if site not in (namen := site_names(rapport)):
        raise GebruikFout(f"van de proeftuin '{site}' zijn er geen cijfers", herstel=bedoelt_u(site, namen))
    a = rapport.achtergrond
    getoond = [naam for naam in rapport.voorop if _own(rapport.vrijgave.resultaat(naam))]
    zinnen = tuple(
        sentence(rapport.vrijgave, naam, per=SITE, groep=site).inhoud for naam in getoond or rapport.voorop
    )
    return (
        Kop(1, "Samenvatting"),
        paragraph(
            f"Dit verslag gaat over {site}. De gegevens lopen van {window(a.venster)}, met peildatum",
            f"{day(a.peildatum)}. Alle getallen zijn samen met die van de andere regio's vrijgegeven.",
        ),
        Lijst(zinnen),
        Kop(2, "Wat deze cijfers niet zeggen"),
        Lijst(tuple((Tekst(regel),) for regel in (_KLEIN, *NIET))),
        Kop(1, "Cijfers"),
        *(blok for naam in rapport.voorop for blok in _indicator(rapport, naam, site)),
        Kop(1, "Definities"),
        *(
            blok
            for naam, kaart in rapport.voorop.items()
            for blok in (Kop(2, kaart.label), Definities(card_items(naam, kaart)))
        ),
        Kop(1, "Meer lezen"),
        paragraph(
            "De opzet, de methoden, wie wij niet zien en de beperkingen staan in de verantwoording over alle regio's.",
            f"Kenmerk van de vrijgave: {rapport.vrijgave.id}.",
        ),
    )
