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
from toekomstscenario_eval.document.headings import HeadingSpot, headings
from toekomstscenario_eval.document.nodes import Block, Kop

TEMPLATES = Path(__file__).parent / "templates"
HOVERABLE = '<svg xmlns="http://www.w3.org/2000/svg" class="tks-net"'
INSIDE_STYLE = "intern.css"
Pair: TypeAlias = tuple[Block, HeadingSpot | None]


def fragment_html(blocks: tuple[Block, ...], *, mark: str = "") -> str:
    """Return blocks as a piece of HTML with its own style, for a notebook; `mark` stands above them."""
    sheets = ("blokken.css", INSIDE_STYLE) if mark else ("blokken.css",)
    template = environment().get_template("fragment.html.j2")
    return template.render(paren=paired(blocks), sporen=frozenset(), stijl=style_sheets(*sheets), merk=mark)


def paired(blocks: tuple[Block, ...]) -> tuple[Pair, ...]:
    """Return each block with its place when it is a heading."""
    spots = iter(headings(blocks))
    return tuple((block, next(spots) if isinstance(block, Kop) else None) for block in blocks)


def _lines(text: str) -> Markup:
    lines = Markup("<br>").join(escape(line) for line in text.split("\n"))
    return Markup('<span lang="nl">{}</span>').format(lines) if is_dutch(text) else lines


@pass_context
def _word(_: Context, text: str) -> str:
    # With the context asked for, jinja does not work it out while compiling, in whatever language that was.
    return word(text)


@cache
def environment() -> Environment:
    environment_ = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    environment_.filters["regels"] = _lines
    environment_.filters["woord"] = _word
    environment_.filters["soort"] = lambda node: type(node).__name__.lower()
    # A drawing that answers to pointing stands in the page itself; every figure was checked for scripts.
    environment_.tests["aanwijsbaar"] = lambda svg: svg.startswith(HOVERABLE)
    environment_.filters["tekening"] = Markup
    environment_.filters["base64"] = lambda text: base64.b64encode(text.encode()).decode()
    return environment_


@cache
def style_sheets(*namen: str) -> Markup:
    # Our own style sheets: no escaping, or the quotes in them would break.
    return Markup("\n".join((TEMPLATES / naam).read_text(encoding="utf-8") for naam in namen))
