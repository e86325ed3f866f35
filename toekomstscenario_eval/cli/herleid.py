"""`tks herleid`: where a number of a report comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import say


def herleid(
    getal: Annotated[str, typer.Argument(help="Kenmerk van het getal.", metavar="GETAL-ID")],
    rapport: Annotated[
        Path, typer.Argument(help="Map, manifest.json of archief van het rapport.", metavar="RAPPORT")
    ],
) -> None:
    """Toon waar een getal uit een rapport vandaan komt: definitie, venster, keuzes, invoer, vrijgave."""
    from toekomstscenario_eval.provenance.manifest import load
    from toekomstscenario_eval.provenance.trace import trace

    lines = trace(load(rapport), getal)
    width = max(len(term) for term, _ in lines)
    for term, explanation in lines:
        say(f"{term.ljust(width)}  {explanation}")
