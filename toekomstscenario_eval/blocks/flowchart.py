"""A flow diagram as SVG: what comes in, what stays, and beside each step what drops out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from toekomstscenario_eval.document.theme import GRIJS, INKT, KLEUREN, LETTER, VLAK

_BREED, _HOOG, _TUSSEN, _ZIJ, _MARGE = 180, 50, 34, 230, 10
_LETTER_TEKENS = 32


@dataclass(frozen=True)
class Step:
    """A step with its number, and what left on the way to it: how many, and why."""

    naam: str
    aantal: str
    uitval: str = ""
    redenen: tuple[str, ...] = ()


def _text(x: float, y: float, tekst: str, *, maat: int = 12, vet: bool = False, midden: bool = False) -> str:
    gewicht = ' font-weight="bold"' if vet else ""
    anker = ' text-anchor="middle"' if midden else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{LETTER}" font-size="{maat}"{gewicht}{anker} '
        f'fill="{INKT}">{escape(tekst)}</text>'
    )


def _box(x: float, y: float, breed: float, hoog: float, *, gestreept: bool = False) -> str:
    streep = ' stroke-dasharray="5 3"' if gestreept else ""
    vlak = "#ffffff" if gestreept else VLAK
    lijn = GRIJS if gestreept else KLEUREN[0]
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{breed:g}" height="{hoog:g}" rx="4" fill="{vlak}" '
        f'stroke="{lijn}" stroke-width="1.5"{streep}/>'
    )


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a line with a head; the line runs straight down or straight to the right."""
    naar_rechts = y1 == y2
    punt = (
        f"{x2:g},{y2:g} {x2 - 8:g},{y2 - 5:g} {x2 - 8:g},{y2 + 5:g}"
        if naar_rechts
        else f"{x2:g},{y2:g} {x2 - 5:g},{y2 - 8:g} {x2 + 5:g},{y2 - 8:g}"
    )
    return (
        f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2 - 6 * naar_rechts:g}" y2="{y2 - 6 * (not naar_rechts):g}" '
        f'stroke="{GRIJS}" stroke-width="1.5"/><polygon points="{punt}" fill="{GRIJS}"/>'
    )


def _wrap(tekst: str) -> list[str]:
    regels, regel = [], ""
    for woord in tekst.split():
        if regel and len(regel) + 1 + len(woord) > _LETTER_TEKENS:
            regels.append(regel)
            regel = woord
        else:
            regel = f"{regel} {woord}".strip()
    return [*regels, regel] if regel else regels


def flow_svg(stappen: Sequence[Step]) -> str:
    """Return the steps under each other, with a dashed box for what left between two steps."""
    delen: list[str] = []
    midden, rechts = _MARGE + _BREED / 2, _MARGE + _BREED + 46
    y = float(_MARGE)
    for nummer, stap in enumerate(stappen):
        if nummer:
            regels = (
                [stap.uitval, *(r for reden in stap.redenen for r in _wrap(reden))] if stap.uitval else []
            )
            hoog = 16.0 * len(regels) + 14 if regels else 0.0
            ruimte = max(_TUSSEN, hoog + 18)
            delen.append(_arrow(midden, y, midden, y + ruimte))
            if regels:
                boven = y + (ruimte - hoog) / 2
                delen += [
                    _arrow(midden, y + ruimte / 2, rechts, y + ruimte / 2),
                    _box(rechts, boven, _ZIJ, hoog, gestreept=True),
                    *(
                        _text(rechts + 12, boven + 20 + 16 * i, regel, maat=11, vet=i == 0)
                        for i, regel in enumerate(regels)
                    ),
                ]
            y += ruimte
        delen += [
            _box(_MARGE, y, _BREED, _HOOG),
            _text(midden, y + 22, stap.naam, midden=True),
            _text(midden, y + 42, stap.aantal, maat=15, vet=True, midden=True),
        ]
        y += _HOOG
    breed, hoogte = rechts + _ZIJ + _MARGE, y + _MARGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{breed:g}" height="{hoogte:g}" '
        f'viewBox="0 0 {breed:g} {hoogte:g}"><rect width="{breed:g}" height="{hoogte:g}" fill="#ffffff"/>'
        f"{''.join(delen)}</svg>"
    )
