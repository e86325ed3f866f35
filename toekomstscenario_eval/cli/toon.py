"""`tks toon`: the definition card of an indicator."""

from __future__ import annotations

from typing import Annotated

import typer

from toekomstscenario_eval.cli._samen import say


def toon(indicator: Annotated[str, typer.Argument(help="Naam van de indicator.")]) -> None:
    """Toon de definitie van een indicator: populatie, teller, noemer, venster, keuzes, bronnen."""
    from toekomstscenario_eval.registry import find
    from toekomstscenario_eval.reporting.document import platte_tekst
    from toekomstscenario_eval.reporting.sections.s05_indicatoren import card_items

    wat = find(indicator)
    say(f"{wat.card.label} ({wat.id})")
    for term, uitleg in card_items(wat.id, wat.card):
        say(f"  {term}: {platte_tekst(uitleg)}")
