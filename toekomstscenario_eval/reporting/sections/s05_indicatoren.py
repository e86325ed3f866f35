"""5 The definition card of every indicator."""

from __future__ import annotations

from toekomstscenario_eval.reporting.document import Block, Definities, Inline, Kop, Tekst
from toekomstscenario_eval.reporting.report import Report
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


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return all cards."""
    return tuple(
        blok
        for naam, kaart in rapport.achtergrond.kaarten.items()
        for blok in (Kop(2, kaart.label), Definities(card_items(naam, kaart)))
    )
