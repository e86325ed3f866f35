"""`tks toon`: the definition card of an indicator."""

from __future__ import annotations

from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import say


def toon(indicator: Annotated[str, typer.Argument(help="Naam van de indicator.")]) -> None:
    """Toon de definitie van een indicator: populatie, teller, noemer, venster, keuzes, bronnen."""
    from toekomstscenario_eval.blocks.card import card_items
    from toekomstscenario_eval.document.document import flat_text
    from toekomstscenario_eval.summaries.registry import find

    what = find(indicator)
    say(f"{what.card.label} ({what.id})")
    for term, explanation in card_items(what.id, what.card):
        say(f"  {term}: {flat_text(explanation)}")
