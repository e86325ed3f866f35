"""5 The definition card of every indicator."""

from __future__ import annotations

from collections.abc import Mapping

from toekomstscenario_eval.blocks.card import card_items
from toekomstscenario_eval.document.document import Block, Cel, Definities, Kop, Tabel
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import Card

TITEL = "5 Indicatoren"


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
