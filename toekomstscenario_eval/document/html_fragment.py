"""Blocks as a piece of HTML: what a notebook shows, and what a page is made of."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from toekomstscenario_eval.document.english import is_dutch, word
from toekomstscenario_eval.document.headings import KopPlek, koppen
from toekomstscenario_eval.document.nodes import Block, Kop

SJABLONEN = Path(__file__).parent / "templates"
AANWIJSBAAR = '<svg xmlns="http://www.w3.org/2000/svg" class="tks-net"'
Paar: TypeAlias = tuple[Block, KopPlek | None]


def fragment_html(blokken: tuple[Block, ...]) -> str:
    """Return blocks as a piece of HTML with its own style, for a notebook."""
    sjabloon = environment().get_template("fragment.html.j2")
    return sjabloon.render(paren=paired(blokken), sporen=frozenset(), stijl=style_sheets("blokken.css"))


def paired(blokken: tuple[Block, ...]) -> tuple[Paar, ...]:
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
def environment() -> Environment:
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
def style_sheets(*namen: str) -> Markup:
    # Our own style sheets: no escaping, or the quotes in them would break.
    return Markup("\n".join((SJABLONEN / naam).read_text(encoding="utf-8") for naam in namen))
