"""`tks voorbeeld`: write an invented package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import one_of, progress, say
from toekomstscenario_eval.data.schema import FORMATS
from toekomstscenario_eval.errors import GebruikFout, did_you_mean


def voorbeeld(
    map_: Annotated[
        Path, typer.Argument(help="Map waarin het pakket komt; mag niet bestaan.", metavar="DIR")
    ],
    huishoudens: Annotated[int, typer.Option(help="Aantal huishoudens, precies.", min=1)] = 12000,
    seed: Annotated[int, typer.Option(help="Hetzelfde getal geeft dezelfde bytes.", min=0)] = 2026,
    formaat: Annotated[str, typer.Option(help=f"{one_of(FORMATS)}.")] = "csv",
) -> None:
    """Maak een pakket met verzonnen gegevens van elf proeftuinen en drie vergelijkingsregio's."""
    from toekomstscenario_eval.data.synthetic import make_example

    if formaat not in FORMATS:
        raise GebruikFout(f"het formaat '{formaat}' bestaat niet", herstel=did_you_mean(formaat, FORMATS))
    with progress() as stap:
        stap("Gegevens verzinnen")
        path = make_example(map_, huishoudens=huishoudens, seed=seed, fmt=formaat)
    say(f"Geschreven: {path} ({huishoudens} huishoudens)")
