"""`tks reproduceer`: compute every number of a report again from its open counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import progress, report_at, say
from toekomstscenario_eval.cli.vergelijk import show


def reproduceer(
    verslag: Annotated[
        Path, typer.Argument(help="Map van het rapport, of het archief van --archief.", metavar="RAPPORT")
    ],
    uit: Annotated[
        Path | None, typer.Option("--uit", help="Map voor vergelijking.html en vergelijking.csv.")
    ] = None,
) -> None:
    """Reken elk getal van een rapport na uit de openbare tellingen. Uitgangscode 7 bij verschil."""
    from toekomstscenario_eval.making.reproduce import repeat
    from toekomstscenario_eval.provenance.manifest import sound

    with sound(verslag), progress() as stap:
        repetition = repeat(report_at(verslag), progress=stap)
    say(f"Nagerekend uit {repetition.cellen} openbare tellingen, zonder gegevens of sleutel.")
    show(repetition.vergelijking, title="Rapport nagerekend uit de openbare tellingen", out=uit)
