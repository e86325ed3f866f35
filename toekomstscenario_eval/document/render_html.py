"""Document to one HTML file that needs no network, no script and no other file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from toekomstscenario_eval.document.document import (
    CONTENT_UP_TO,
    Block,
    Document,
    Getal,
    HeadingSpot,
    Herkomst,
    Kaart,
    Spoor,
    all_nodes,
    headings,
)
from toekomstscenario_eval.document.english import rendering, word
from toekomstscenario_eval.document.html_fragment import INSIDE_STYLE, environment, paired, style_sheets
from toekomstscenario_eval.identity import INSIDE_MARK


@dataclass(frozen=True)
class Branch:
    """An entry of the table of contents with those below it."""

    plek: HeadingSpot
    onder: tuple[Branch, ...]


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
            takken=contents(headings(document.blokken)) if document.inhoud else (),
            stijl=style_sheets("blokken.css", "pagina.css", *((INSIDE_STYLE,) if document.intern else ())),
            merk=word(INSIDE_MARK) if document.intern else "",
        )
    )


def _shown(blocks: tuple[Block, ...]) -> frozenset[str]:
    """Return the ids of the rows of which a number stands in the document."""
    ids = (getattr(node, "getal_id", "") or "" for node in all_nodes(blocks))
    getallen = (node.id for node in all_nodes(blocks) if isinstance(node, Getal))
    return frozenset(i.partition(".")[0] for i in (*ids, *getallen) if i)


def _with_cards(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Keep of every card the numbers that the document shows; a card without any goes."""
    shown = _shown(blocks)

    def short(card: Kaart) -> Kaart:
        return replace(card, sporen=tuple(s for s in card.sporen if s.id in shown))

    return tuple(
        replace(b, kaarten=tuple(k for k in map(short, b.kaarten) if k.sporen))
        if isinstance(b, Herkomst)
        else b
        for b in blocks
    )


def _traced(blocks: tuple[Block, ...]) -> frozenset[str]:
    """Return the ids that lead to a card; none where the cards do not come along."""
    cards = {k.id for k in all_nodes(blocks) if isinstance(k, Spoor)}
    return _shown(blocks) & cards


def contents(spots: Iterable[HeadingSpot]) -> tuple[Branch, ...]:
    """Return headings as a tree, as far as the table of contents goes."""
    return _branches([spot for spot in spots if spot.niveau <= CONTENT_UP_TO], niveau=1)


def _branches(spots: list[HeadingSpot], *, niveau: int) -> tuple[Branch, ...]:
    bounds = [number for number, spot in enumerate(spots) if spot.niveau == niveau]
    return tuple(
        Branch(spots[begin], _branches(spots[begin + 1 : eind], niveau=niveau + 1))
        for begin, eind in zip(bounds, [*bounds, len(spots)][1:], strict=True)
    )
