"""5 The definition card of every indicator."""

from __future__ import annotations

from collections.abc import Mapping

from toekomstscenario_eval.reporting.document import Block, Cel, Definities, Inline, Kop, Tabel, Tekst
from toekomstscenario_eval.reporting.report import Report, paragraph
from toekomstscenario_eval.types import Card

TITEL = "5 Indicatoren"


def card_items(naam: str, kaart: Card) -> tuple[tuple[str, tuple[Inline, ...]], ...]:
    """Return a definition card as terms with their meaning."""
    maten = "; ".join(f"{maat.label} ({maat.eenheid})" for maat in kaart.maten.values())
    items: list[tuple[str, tuple[Inline, ...]]] = [
        (term, (Tekst(uitleg),))
        for term, uitleg in (
            ("Vraag", kaart.vraag),
            ("Populatie", kaart.populatie),
            ("Teller", kaart.teller),
            ("Noemer", kaart.noemer),
            ("Eenheid", kaart.eenheid),
            ("Venster", kaart.venster),
            ("Censurering", kaart.censurering),
            ("Uitsluitingen", kaart.uitsluitingen),
            ("Maten", maten),
            ("Hoe te lezen", kaart.lezen),
            ("Bronnen", "; ".join(kaart.bronnen)),
            ("Versie", f"{naam}, definitie {kaart.versie}"),
        )
    ]
    for parameter, p in kaart.params.items():
        items.append((f"Keuze: {parameter}", (Tekst(f"{p.uitleg} (standaard: {p.standaard})"),)))
    return tuple(items)


def _short(namen: list[str], kaarten: Mapping[str, Card], thema: str) -> Tabel:
    rijen = [(Cel(kaarten[n].label), Cel(kaarten[n].teller), Cel(kaarten[n].noemer)) for n in namen]
    return Tabel(f"Definities: {thema}", ("Indicator", "Teller", "Noemer"), tuple(rijen))


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the cards of the chapters, and what the other indicators count."""
    kaarten = rapport.achtergrond.kaarten
    vol = [
        blok
        for naam, kaart in rapport.kern.items()
        for blok in (Kop(2, kaart.label), Definities(card_items(naam, kaart)))
    ]
    kort = [_short(namen, kaarten, thema) for thema, namen in rapport.overig.items()]
    if kort:
        kort_kop = (
            Kop(2, "Andere indicatoren"),
            paragraph("De hele definitie staat in het codeboek van het handboek."),
        )
        return (*vol, *kort_kop, *kort)
    return tuple(vol)
