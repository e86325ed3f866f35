"""`tks toon`: the definition card of an indicator."""

from __future__ import annotations

from typing import Annotated

import typer

from toekomstscenario_eval.cli._samen import say


def toon(indicator: Annotated[str, typer.Argument(help="Naam van de indicator.")]) -> None:
    """Toon de definitie van een indicator: populatie, teller, noemer, venster, keuzes, bronnen."""
    from toekomstscenario_eval.blocks.card import card_items
    from toekomstscenario_eval.document.document import platte_tekst
    from toekomstscenario_eval.summaries.registry import find

    wat = find(indicator)
    say(f"{wat.card.label} ({wat.id})")
    for term, uitleg in card_items(wat.id, wat.card):
        say(f"  {term}: {platte_tekst(uitleg)}")
