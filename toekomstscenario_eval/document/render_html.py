"""Document to one HTML file that needs no network, no script and no other file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from toekomstscenario_eval.document.document import (
    INHOUD_TOT,
    Block,
    Document,
    Getal,
    Herkomst,
    Kaart,
    KopPlek,
    Spoor,
    alle_knopen,
    koppen,
)
from toekomstscenario_eval.document.english import rendering
from toekomstscenario_eval.document.html_fragment import environment, paired, style_sheets


@dataclass(frozen=True)
class Tak:
    """An entry of the table of contents with those below it."""

    plek: KopPlek
    onder: tuple[Tak, ...]


def render_html(document: Document) -> str:
    """Return the document as one HTML page."""
    with rendering(document.taal, document.nederlands):
        return _page(document)


def _page(document: Document) -> str:
    return (
        environment()
        .get_template("document.html.j2")
        .render(
            document=document,
            paren=paired(_with_cards(document.blokken)),
            sporen=_traced(document.blokken),
            takken=inhoudsopgave(koppen(document.blokken)) if document.inhoud else (),
            stijl=style_sheets("blokken.css", "pagina.css"),
        )
    )


def _shown(blokken: tuple[Block, ...]) -> frozenset[str]:
    """Return the ids of the rows of which a number stands in the document."""
    ids = (getattr(knoop, "getal_id", "") or "" for knoop in alle_knopen(blokken))
    getallen = (knoop.id for knoop in alle_knopen(blokken) if isinstance(knoop, Getal))
    return frozenset(i.partition(".")[0] for i in (*ids, *getallen) if i)


def _with_cards(blokken: tuple[Block, ...]) -> tuple[Block, ...]:
    """Keep of every card the numbers that the document shows; a card without any goes."""
    getoond = _shown(blokken)

    def kort(kaart: Kaart) -> Kaart:
        return replace(kaart, sporen=tuple(s for s in kaart.sporen if s.id in getoond))

    return tuple(
        Herkomst(tuple(k for k in map(kort, b.kaarten) if k.sporen)) if isinstance(b, Herkomst) else b
        for b in blokken
    )


def _traced(blokken: tuple[Block, ...]) -> frozenset[str]:
    """Return the ids that lead to a card; none where the cards do not come along."""
    kaarten = {k.id for k in alle_knopen(blokken) if isinstance(k, Spoor)}
    return _shown(blokken) & kaarten


def inhoudsopgave(plekken: Iterable[KopPlek]) -> tuple[Tak, ...]:
    """Return headings as a tree, as far as the table of contents goes."""
    return _takken([plek for plek in plekken if plek.niveau <= INHOUD_TOT], niveau=1)


def _takken(plekken: list[KopPlek], *, niveau: int) -> tuple[Tak, ...]:
    grenzen = [nummer for nummer, plek in enumerate(plekken) if plek.niveau == niveau]
    return tuple(
        Tak(plekken[begin], _takken(plekken[begin + 1 : eind], niveau=niveau + 1))
        for begin, eind in zip(grenzen, [*grenzen, len(plekken)][1:], strict=True)
    )
