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
    effect: Annotated[
        float, typer.Option(help="Plant een verandering van 'eerste gesprek op tijd'; 0.05 is 5 procentpunt.")
    ] = 0.0,
    spreiding: Annotated[
        float, typer.Option(help="Hoeveel zij tussen proeftuinen verschilt (SD).", min=0)
    ] = 0.0,
    trend: Annotated[float, typer.Option(help="Verandering per jaar in alle regio's.")] = 0.0,
    drift: Annotated[
        float, typer.Option(help="Deel dat proeftuinen voor de start niet vastlegden, en erna wel.")
    ] = 0.0,
    ontbreekt: Annotated[float, typer.Option(help="Deel dat na de start onvolledig is vastgelegd.")] = 0.0,
    samenstelling: Annotated[
        float, typer.Option(help="Deel dat na de start van een lichter gezinsprofiel is.")
    ] = 0.0,
) -> None:
    """Maak een pakket met verzonnen gegevens van elf proeftuinen en drie vergelijkingsregio's.

    Met een geplante verandering staat de waarheid ernaast, in DIR-waarheid.json.
    """
    from toekomstscenario_eval.data.synthetic import Planted, make_example, truth_beside

    if formaat not in FORMATS:
        raise GebruikFout(f"het formaat '{formaat}' bestaat niet", herstel=did_you_mean(formaat, FORMATS))
    asked = (effect, spreiding, trend, drift, ontbreekt, samenstelling)
    planted = Planted(*asked) if any(asked) else None
    with progress() as stap:
        stap("Gegevens verzinnen")
        path = make_example(map_, huishoudens=huishoudens, seed=seed, fmt=formaat, planted=planted)
    say(f"Geschreven: {path} ({huishoudens} huishoudens)")
    if planted:
        say(f"Geschreven: {truth_beside(path)} (wat is geplant)")
