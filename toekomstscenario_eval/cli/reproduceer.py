"""`tks reproduceer`: make a report again from its archive, and compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import progress, say
from toekomstscenario_eval.cli.vergelijk import show


def reproduceer(
    archief: Annotated[
        Path, typer.Argument(help="Archief van 'tks rapport --archief'.", metavar="RAPPORT.zip")
    ],
    pakket: Annotated[
        Path | None, typer.Option("--pakket", help="Map met de gegevens, als die niet in het archief zitten.")
    ] = None,
    uit: Annotated[
        Path | None, typer.Option("--uit", help="Map voor vergelijking.html en vergelijking.csv.")
    ] = None,
) -> None:
    """Maak een rapport opnieuw en vergelijk elk getal. Uitgangscode 7 bij verschil."""
    from toekomstscenario_eval.making.reproduce import repeat

    with progress() as stap:
        repetition = repeat(archief, package=pakket, progress=stap)
    for comment in repetition.comments:
        say(f"Let op: {comment}.")
    for naam, equal in repetition.bestanden.items():
        say(f"{naam}: {'dezelfde bytes' if equal else 'andere bytes'}")
    show(repetition.vergelijking, title="Rapport opnieuw gemaakt", out=uit)
