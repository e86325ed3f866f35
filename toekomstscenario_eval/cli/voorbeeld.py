"""`tks voorbeeld`: write an invented package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._samen import one_of, progress, say
from toekomstscenario_eval.data.schema import FORMATEN
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u


def voorbeeld(
    map_: Annotated[
        Path, typer.Argument(help="Map waarin het pakket komt; mag niet bestaan.", metavar="DIR")
    ],
    huishoudens: Annotated[int, typer.Option(help="Aantal huishoudens, precies.", min=1)] = 12000,
    seed: Annotated[int, typer.Option(help="Hetzelfde getal geeft dezelfde bytes.", min=0)] = 2026,
    formaat: Annotated[str, typer.Option(help=f"{one_of(FORMATEN)}.")] = "csv",
) -> None:
    """Maak een pakket met verzonnen gegevens van elf proeftuinen en drie vergelijkingsregio's."""
    from toekomstscenario_eval.data.synthetic import maak_voorbeeld

    if formaat not in FORMATEN:
        raise GebruikFout(f"het formaat '{formaat}' bestaat niet", herstel=bedoelt_u(formaat, FORMATEN))
    with progress() as stap:
        stap("Gegevens verzinnen")
        pad = maak_voorbeeld(map_, huishoudens=huishoudens, seed=seed, formaat=formaat)
    say(f"Geschreven: {pad} ({huishoudens} huishoudens)")
