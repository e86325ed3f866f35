"""`tks herleid`: where a number of a report comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import report_at, say
from toekomstscenario_eval.identity import INSIDE_MARK


def herleid(
    getal: Annotated[str, typer.Argument(help="Kenmerk van het getal.", metavar="GETAL-ID")],
    rapport: Annotated[
        Path, typer.Argument(help="Map, manifest.json of archief van het rapport.", metavar="RAPPORT")
    ],
) -> None:
    """Toon waar een getal uit een rapport vandaan komt: definitie, venster, keuzes, invoer, vrijgave."""
    from toekomstscenario_eval.provenance.manifest import load, sound
    from toekomstscenario_eval.provenance.trace import trace

    source = load(report_at(rapport))
    with sound(rapport):
        lines, inside = trace(source, getal), source["intern"]
    if inside:
        say(INSIDE_MARK)
    width = max(len(term) for term, _ in lines)
    for term, explanation in lines:
        say(f"{term.ljust(width)}  {explanation}")
