"""Document to one HTML file that needs no network, no script and no other file."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from toekomstscenario_eval.reporting.document import (
    INHOUD_TOT,
    Block,
    Document,
    Getal,
    Herkomst,
    Kaart,
    Kop,
    KopPlek,
    Spoor,
    alle_knopen,
    koppen,
)
from toekomstscenario_eval.reporting.english import is_dutch, rendering, word

SJABLONEN = Path(__file__).parent / "templates"
AANWIJSBAAR = '<svg xmlns="http://www.w3.org/2000/svg" class="tks-net"'
Paar: TypeAlias = tuple[Block, KopPlek | None]


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
        _omgeving()
        .get_template("document.html.j2")
        .render(
            document=document,
            paren=_paren(_with_cards(document.blokken)),
            sporen=_traced(document.blokken),
            takken=inhoudsopgave(koppen(document.blokken)) if document.inhoud else (),
            stijl=_stijl("blokken.css", "pagina.css"),
        )
    )


def fragment_html(blokken: tuple[Block, ...]) -> str:
    """Return blocks as a piece of HTML with its own style, for a notebook."""
    sjabloon = _omgeving().get_template("fragment.html.j2")
    return sjabloon.render(paren=_paren(blokken), sporen=frozenset(), stijl=_stijl("blokken.css"))


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


def _paren(blokken: tuple[Block, ...]) -> tuple[Paar, ...]:
    """Return each block with its place when it is a heading."""
    plekken = iter(koppen(blokken))
    return tuple((blok, next(plekken) if isinstance(blok, Kop) else None) for blok in blokken)


def _regels(tekst: str) -> Markup:
    regels = Markup("<br>").join(escape(regel) for regel in tekst.split("\n"))
    return Markup('<span lang="nl">{}</span>').format(regels) if is_dutch(tekst) else regels


@pass_context
def _woord(_: Context, tekst: str) -> str:
    # With the context asked for, jinja does not work it out while compiling, in whatever language that was.
    return word(tekst)


@cache
def _omgeving() -> Environment:
    omgeving = Environment(
        loader=FileSystemLoader(SJABLONEN), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    omgeving.filters["regels"] = _regels
    omgeving.filters["woord"] = _woord
    omgeving.filters["soort"] = lambda knoop: type(knoop).__name__.lower()
    # A drawing that answers to pointing stands in the page itself; every figure was checked for scripts.
    omgeving.tests["aanwijsbaar"] = lambda svg: svg.startswith(AANWIJSBAAR)
    omgeving.filters["tekening"] = Markup
    omgeving.filters["base64"] = lambda tekst: base64.b64encode(tekst.encode()).decode()
    return omgeving


@cache
def _stijl(*namen: str) -> Markup:
    # Our own style sheets: no escaping, or the quotes in them would break.
    return Markup("\n".join((SJABLONEN / naam).read_text(encoding="utf-8") for naam in namen))
