"""The definition card of an indicator, shown in a notebook: fixed text, without data."""

from __future__ import annotations

from toekomstscenario_eval.reporting.document import VAST, Definities, Uitvoer
from toekomstscenario_eval.reporting.sections.s05_indicatoren import card_items
from toekomstscenario_eval.types import Card


def card_output(naam: str, kaart: Card) -> Uitvoer:
    """Return the card of the indicator with id `naam` for a notebook; see `study.kaart`."""
    return Uitvoer((Definities(card_items(naam, kaart)),), VAST)
