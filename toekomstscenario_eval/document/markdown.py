"""Markdown of the researcher to blocks; refuses what could show something that was not released."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias, cast

import mistune

from toekomstscenario_eval.document.document import (
    Alinea,
    Block,
    Cel,
    Code,
    Inline,
    Kader,
    Kop,
    Lijst,
    Tabel,
    Tekst,
    Verwijzing,
    flat_text,
)
from toekomstscenario_eval.errors import OnthullingsFout, TksFout, UitvoerFout

Token: TypeAlias = Mapping[str, Any]
Style: TypeAlias = Literal["", "vet", "cursief", "code"]

_CHAR_CODE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
_CAPTION = re.compile(r"Tabel:\s*(?P<tekst>.+)", re.DOTALL)
_LATEX = "\\begin{"  # a notebook shows what follows as a formula
_NO_CONTENT = {"blank_line", "thematic_break"}


def blocks_from_markdown(source: str, *, where: str) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text.

    Knows headings (up to level 4), paragraphs, emphasis, code, links, lists of one level, block
    quotes and tables; a table takes its caption from a paragraph `Tabel: ...` right above it.

    Parameters
    ----------
    source : str
        The Markdown.
    where : str
        Place to name in a message, such as `cel 3 (id a1)`.

    Raises
    ------
    OnthullingsFout
        On an image or raw HTML.
    UitvoerFout
        On anything else a document cannot hold.
    """
    reader = mistune.create_markdown(renderer=None, plugins=["table", "math"])
    try:
        return tuple(_blocks(cast("list[Token]", reader(source))))
    except TksFout as fout:
        raise type(fout)(fout.wat, waar=where, verwacht=fout.verwacht, herstel=fout.herstel) from fout


def _refuse(soort: str) -> TksFout:
    """Return the error for a part that a document does not take."""
    if soort in ("block_html", "inline_html"):
        return OnthullingsFout(
            "de tekst bevat HTML",
            herstel="schrijf gewone Markdown; ook opmerkingen tussen <!-- en --> kunnen niet mee",
        )
    if soort == "image":
        return OnthullingsFout(
            "de tekst bevat een afbeelding, die kan alles tonen",
            herstel="laat een codecel een vrijgegeven figuur tonen",
        )
    if soort in ("block_math", "inline_math"):
        # It would stand there as dollars and backslashes: a document has no way to draw it in every format.
        return UitvoerFout(
            "de tekst bevat een formule, en die kan een document niet tonen",
            verwacht="gewone tekst; een dollarteken dat geen formule opent, als \\$",
            herstel="schrijf de formule in woorden, of met gewone tekens zoals x²",
        )
    return UitvoerFout(
        "de tekst bevat een onderdeel dat een document niet kent",
        herstel="gebruik koppen, alinea's, lijsten, tabellen, citaten, verwijzingen en code",
    )


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    parts = [token for token in tokens if token["type"] not in _NO_CONTENT]
    caption = ""
    for spot, token in enumerate(parts):
        follows_table = spot + 1 < len(parts) and parts[spot + 1]["type"] == "table"
        if token["type"] == "table":
            yield _table(token, caption=caption)
            caption = ""
            continue
        maker = _MAKERS.get(token["type"])
        if maker is None:
            raise _refuse(token["type"])
        block = maker(token)
        found = _CAPTION.fullmatch(flat_text(block.inhoud)) if isinstance(block, Alinea) else None
        if follows_table and found:
            caption = found["tekst"].replace("\n", " ")
        else:
            yield block


def _heading(token: Token) -> Block:
    niveau = token["attrs"]["level"]
    if niveau > 4:
        raise UitvoerFout(
            "de tekst heeft een kop van niveau 5 of 6", herstel="gebruik ten hoogste vier niveaus"
        )
    return Kop(niveau, flat_text(_inline(token["children"])).strip())


def _paragraph(token: Token) -> Block:
    return Alinea(_inline(token["children"]))


def _code(token: Token) -> Block:
    return Code(token["raw"].rstrip("\n"))


def _box(token: Token) -> Block:
    """A quote; a first paragraph that is wholly bold becomes its title."""
    parts = tuple(_blocks(token["children"]))
    first = parts[0] if parts else None
    if isinstance(first, Alinea) and all(isinstance(d, Tekst) and d.stijl == "vet" for d in first.inhoud):
        return Kader("info", flat_text(first.inhoud), parts[1:])
    return Kader("info", "", parts)


def _listing(token: Token) -> Block:
    if token["attrs"].get("start", 1) != 1:
        raise UitvoerFout(
            "een genummerde lijst begint niet bij 1",
            herstel="begin bij 1, of schrijf het nummer als tekst met een \\ voor de punt",
        )
    items = tuple(_item(point) for point in token["children"])
    return Lijst(items, genummerd=bool(token["attrs"]["ordered"]))


def _item(token: Token) -> tuple[Inline, ...]:
    """Return the paragraphs of a list item as one, with a line break between them."""
    pieces: list[Token] = []
    for part in (d for d in token["children"] if d["type"] not in _NO_CONTENT):
        if part["type"] == "list":
            raise UitvoerFout(
                "een lijst staat in een andere lijst", herstel="maak er één lijst van, of gebruik koppen"
            )
        if part["type"] not in ("block_text", "paragraph"):
            raise _refuse(part["type"])
        pieces += [{"type": "linebreak"}] if pieces else []
        pieces += part["children"]
    return _inline(pieces)


def _table(token: Token, *, caption: str) -> Tabel:
    if not caption:
        raise UitvoerFout(
            "een tabel heeft geen bijschrift",
            herstel="zet er vlak boven een alinea 'Tabel: <wat er in staat>'",
        )
    heading, *body = token["children"]
    rows = tuple(
        tuple(Cel(_cell_text(cell), rechts=cell["attrs"].get("align") == "right") for cell in row["children"])
        for groep in body
        for row in groep["children"]
    )
    row_heading = all(row[0].tekst.strip() for row in rows)
    return Tabel(caption, tuple(map(_cell_text, heading["children"])), rows, rijkop=row_heading)


def _cell_text(cell: Token) -> str:
    return flat_text(_inline(cell["children"])).strip()


_MAKERS: Mapping[str, Callable[[Token], Block]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "block_code": _code,
    "block_quote": _box,
    "list": _listing,
}


def _decode(text: str) -> str:
    return _CHAR_CODE.sub(lambda code: html.unescape(code.group()), text)


def _inline(tokens: Sequence[Token], *, style: Style = "") -> tuple[Inline, ...]:
    """Return inline parts, neighbours of one style joined; the innermost style counts."""
    parts: list[Inline] = []
    for part in (part for token in tokens for part in _inline_parts(token, style=style)):
        previous = parts[-1] if parts else None
        if isinstance(previous, Tekst) and isinstance(part, Tekst) and previous.stijl == part.stijl:
            parts[-1] = Tekst(previous.tekst + part.tekst, part.stijl)
        else:
            parts.append(part)
    return tuple(parts)


def _inline_parts(token: Token, *, style: Style) -> tuple[Inline, ...]:
    soort = token["type"]
    if soort == "text":
        if _LATEX in token["raw"]:
            raise _refuse("inline_math")
        return (Tekst(_decode(token["raw"]), style),)
    if soort in ("softbreak", "linebreak"):
        return (Tekst(" " if soort == "softbreak" else "\n", style),)
    if soort == "codespan":
        return (Tekst(token["raw"], "code"),)
    if soort in ("strong", "emphasis"):
        return _inline(token["children"], style="vet" if soort == "strong" else "cursief")
    if soort == "link":
        text = flat_text(_inline(token["children"]))
        title = token["attrs"].get("title")
        return (Verwijzing(f"{text} ({title})" if title else text, token["attrs"]["url"]),)
    raise _refuse(soort)
