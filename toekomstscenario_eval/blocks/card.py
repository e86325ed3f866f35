"""The definition card of an indicator: fixed text, without data."""

from __future__ import annotations

from toekomstscenario_eval.document.document import VAST, Definities, Inline, Output, Tekst
from toekomstscenario_eval.types import Card

ABOUT = (
    "Het verslag: proeftuinen vanaf hun eigen start, met vergelijkingsregio's ernaast, nooit samengeteld. "
    "Zonder startdatums, of zonder fase berekend: alle dagen van het venster, per soort regio; het geheel is "
    "dan over alle regio's samen."
)


def card_items(naam: str, card: Card) -> tuple[tuple[str, tuple[Inline, ...]], ...]:
    """Return a definition card as terms with their meaning."""
    maten = "; ".join(f"{maat.label} ({maat.eenheid})" for maat in card.maten.values())
    items: list[tuple[str, tuple[Inline, ...]]] = [
        (term, (Tekst(explanation),))
        for term, explanation in (
            ("Vraag", card.vraag),
            ("Populatie", card.populatie),
            ("Over wie", ABOUT),
            ("Teller", card.teller),
            ("Noemer", card.noemer),
            ("Eenheid", card.eenheid),
            ("Venster", card.venster),
            ("Censurering", card.censurering),
            ("Uitsluitingen", card.uitsluitingen),
            ("Maten", maten),
            ("Hoe te lezen", card.lezen),
            ("Bronnen", "; ".join(card.bronnen)),
            ("Versie", f"{naam}, definitie {card.versie}"),
        )
    ]
    for parameter, p in card.params.items():
        items.append((f"Keuze: {parameter}", (Tekst(f"{p.uitleg} (standaard: {p.standaard})"),)))
    return tuple(items)


def card_output(naam: str, card: Card) -> Output:
    """Return the card of the indicator with id `naam` for a notebook; see `study.kaart`."""
    return Output((Definities(card_items(naam, card)),), VAST)
