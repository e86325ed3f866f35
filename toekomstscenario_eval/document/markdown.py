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
    platte_tekst,
)
from toekomstscenario_eval.errors import OnthullingsFout, TksFout, UitvoerFout

Token: TypeAlias = Mapping[str, Any]
Stijl: TypeAlias = Literal["", "vet", "cursief", "code"]

_TEKENCODE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
_BIJSCHRIFT = re.compile(r"Tabel:\s*(?P<tekst>.+)", re.DOTALL)
_GEEN_INHOUD = {"blank_line", "thematic_break"}


def blokken_uit_markdown(bron: str, *, waar: str) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text.

    Knows headings (up to level 4), paragraphs, emphasis, code, links, lists of one level, block
    quotes and tables; a table takes its caption from a paragraph `Tabel: ...` right above it.

    Parameters
    ----------
    bron : str
        The Markdown.
    waar : str
        Place to name in a message, such as `cel 3 (id a1)`.

    Raises
    ------
    OnthullingsFout
        On an image or raw HTML.
    UitvoerFout
        On anything else a document cannot hold.
    """
    lezer = mistune.create_markdown(renderer=None, plugins=["table"])
    try:
        return tuple(_blokken(cast("list[Token]", lezer(bron))))
    except TksFout as fout:
        raise type(fout)(fout.wat, waar=waar, verwacht=fout.verwacht, herstel=fout.herstel) from fout


def _weiger(soort: str) -> TksFout:
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
    return UitvoerFout(
        "de tekst bevat een onderdeel dat een document niet kent",
        herstel="gebruik koppen, alinea's, lijsten, tabellen, citaten, verwijzingen en code",
    )


def _blokken(tokens: Sequence[Token]) -> Iterator[Block]:
    delen = [token for token in tokens if token["type"] not in _GEEN_INHOUD]
    bijschrift = ""
    for plek, token in enumerate(delen):
        volgt_tabel = plek + 1 < len(delen) and delen[plek + 1]["type"] == "table"
        if token["type"] == "table":
            yield _tabel(token, bijschrift=bijschrift)
            bijschrift = ""
            continue
        maker = _MAKERS.get(token["type"])
        if maker is None:
            raise _weiger(token["type"])
        blok = maker(token)
        gevonden = _BIJSCHRIFT.fullmatch(platte_tekst(blok.inhoud)) if isinstance(blok, Alinea) else None
        if volgt_tabel and gevonden:
            bijschrift = gevonden["tekst"].replace("\n", " ")
        else:
            yield blok


def _kop(token: Token) -> Block:
    niveau = token["attrs"]["level"]
    if niveau > 4:
        raise UitvoerFout(
            "de tekst heeft een kop van niveau 5 of 6", herstel="gebruik ten hoogste vier niveaus"
        )
    return Kop(niveau, platte_tekst(_inline(token["children"])).strip())


def _alinea(token: Token) -> Block:
    return Alinea(_inline(token["children"]))


def _code(token: Token) -> Block:
    return Code(token["raw"].rstrip("\n"))


def _kader(token: Token) -> Block:
    """A quote; a first paragraph that is wholly bold becomes its title."""
    delen = tuple(_blokken(token["children"]))
    eerste = delen[0] if delen else None
    if isinstance(eerste, Alinea) and all(isinstance(d, Tekst) and d.stijl == "vet" for d in eerste.inhoud):
        return Kader("info", platte_tekst(eerste.inhoud), delen[1:])
    return Kader("info", "", delen)


def _lijst(token: Token) -> Block:
    if token["attrs"].get("start", 1) != 1:
        raise UitvoerFout(
            "een genummerde lijst begint niet bij 1",
            herstel="begin bij 1, of schrijf het nummer als tekst met een \\ voor de punt",
        )
    items = tuple(_item(punt) for punt in token["children"])
    return Lijst(items, genummerd=bool(token["attrs"]["ordered"]))


def _item(token: Token) -> tuple[Inline, ...]:
    """Return the paragraphs of a list item as one, with a line break between them."""
    stukken: list[Token] = []
    for deel in (d for d in token["children"] if d["type"] not in _GEEN_INHOUD):
        if deel["type"] == "list":
            raise UitvoerFout(
                "een lijst staat in een andere lijst", herstel="maak er één lijst van, of gebruik koppen"
            )
        if deel["type"] not in ("block_text", "paragraph"):
            raise _weiger(deel["type"])
        stukken += [{"type": "linebreak"}] if stukken else []
        stukken += deel["children"]
    return _inline(stukken)


def _tabel(token: Token, *, bijschrift: str) -> Tabel:
    if not bijschrift:
        raise UitvoerFout(
            "een tabel heeft geen bijschrift",
            herstel="zet er vlak boven een alinea 'Tabel: <wat er in staat>'",
        )
    kop, *lijf = token["children"]
    rijen = tuple(
        tuple(Cel(_celtekst(cel), rechts=cel["attrs"].get("align") == "right") for cel in rij["children"])
        for groep in lijf
        for rij in groep["children"]
    )
    rijkop = all(rij[0].tekst.strip() for rij in rijen)
    return Tabel(bijschrift, tuple(map(_celtekst, kop["children"])), rijen, rijkop=rijkop)


def _celtekst(cel: Token) -> str:
    return platte_tekst(_inline(cel["children"])).strip()


_MAKERS: Mapping[str, Callable[[Token], Block]] = {
    "heading": _kop,
    "paragraph": _alinea,
    "block_code": _code,
    "block_quote": _kader,
    "list": _lijst,
}


def _ontcijfer(tekst: str) -> str:
    return _TEKENCODE.sub(lambda code: html.unescape(code.group()), tekst)


def _inline(tokens: Sequence[Token], *, stijl: Stijl = "") -> tuple[Inline, ...]:
    """Return inline parts, neighbours of one style joined; the innermost style counts."""
    delen: list[Inline] = []
    for deel in (deel for token in tokens for deel in _inline_delen(token, stijl=stijl)):
        vorige = delen[-1] if delen else None
        if isinstance(vorige, Tekst) and isinstance(deel, Tekst) and vorige.stijl == deel.stijl:
            delen[-1] = Tekst(vorige.tekst + deel.tekst, deel.stijl)
        else:
            delen.append(deel)
    return tuple(delen)


def _inline_delen(token: Token, *, stijl: Stijl) -> tuple[Inline, ...]:
    soort = token["type"]
    if soort == "text":
        return (Tekst(_ontcijfer(token["raw"]), stijl),)
    if soort in ("softbreak", "linebreak"):
        return (Tekst(" " if soort == "softbreak" else "\n", stijl),)
    if soort == "codespan":
        return (Tekst(token["raw"], "code"),)
    if soort in ("strong", "emphasis"):
        return _inline(token["children"], stijl="vet" if soort == "strong" else "cursief")
    if soort == "link":
        tekst = platte_tekst(_inline(token["children"]))
        titel = token["attrs"].get("title")
        return (Verwijzing(f"{tekst} ({titel})" if titel else tekst, token["attrs"]["url"]),)
    raise _weiger(soort)
