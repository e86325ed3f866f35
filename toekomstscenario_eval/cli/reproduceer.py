"""`tks reproduceer`: make a report again from its archive, and compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._samen import progress, say
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
        herhaling = repeat(archief, pakket=pakket, voortgang=stap)
    for opmerking in herhaling.opmerkingen:
        say(f"Let op: {opmerking}.")
    for naam, gelijk in herhaling.bestanden.items():
        say(f"{naam}: {'dezelfde bytes' if gelijk else 'andere bytes'}")
    show(herhaling.vergelijking, titel="Rapport opnieuw gemaakt", uit=uit)
