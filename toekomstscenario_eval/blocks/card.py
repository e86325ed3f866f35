"""The definition card of an indicator: fixed text, without data."""

from __future__ import annotations

from toekomstscenario_eval.document.document import VAST, Definities, Inline, Tekst, Uitvoer
from toekomstscenario_eval.types import Card


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


def card_output(naam: str, kaart: Card) -> Uitvoer:
    """Return the card of the indicator with id `naam` for a notebook; see `study.kaart`."""
    return Uitvoer((Definities(card_items(naam, kaart)),), VAST)
