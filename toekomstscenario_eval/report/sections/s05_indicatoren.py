"""5 The definition card of every indicator."""

from __future__ import annotations

from collections.abc import Mapping

from toekomstscenario_eval.blocks.card import card_items
from toekomstscenario_eval.document.document import Block, Cel, Definities, Kop, Tabel
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import Card

TITLE = "5 Indicatoren"


def _short(namen: list[str], cards: Mapping[str, Card], theme: str) -> Tabel:
    rows = [(Cel(cards[n].label), Cel(cards[n].teller), Cel(cards[n].noemer)) for n in namen]
    return Tabel(f"Definities: {theme}", ("Indicator", "Teller", "Noemer"), tuple(rows))


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the cards of the chapters, and what the other indicators count."""
    cards = report.background.kaarten
    full = [
        block
        for naam, card in report.kern.items()
        for block in (Kop(2, card.label), Definities(card_items(naam, card)))
    ]
    themes = dict(report.overig)
    for naam, card in report.describing.items():
        themes.setdefault(card.thema, []).append(naam)
    short = [_short(namen, cards, theme) for theme, namen in themes.items()]
    if short:
        short_heading = (
            Kop(2, "Andere indicatoren"),
            paragraph("De hele definitie staat in het codeboek van het handboek."),
        )
        return (*full, *short_heading, *short)
    return tuple(full)
