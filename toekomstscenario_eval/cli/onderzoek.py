"""`tks onderzoek nieuw`: a filled-in skeleton of the researcher's own file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import Command, Group, KeyOpt, PackageArg, progress, say

onderzoek = typer.Typer(cls=Group, help="Het onderzoeksbestand: wat alleen de onderzoeker kan schrijven.")


@onderzoek.callback()
def _groep() -> None:
    """Make typer see a group, though there is one command so far."""


@onderzoek.command(cls=Command)
def nieuw(
    pakket: PackageArg = None,
    uit: Annotated[Path, typer.Option("--uit", help="Het bestand dat wordt gemaakt.")] = Path(
        "onderzoek.yaml"
    ),
    sleutel: KeyOpt = None,
) -> None:
    """Schrijf een onderzoeksbestand met alle vragen, ingevuld met wat het pakket al weet."""
    from toekomstscenario_eval.errors import UitvoerFout
    from toekomstscenario_eval.making.plan_file import skeleton
    from toekomstscenario_eval.making.publish import writable
    from toekomstscenario_eval.study import Study

    if uit.exists():
        raise UitvoerFout(
            "dit bestand bestaat al, en wordt niet overschreven",
            waar=str(uit),
            herstel="kies met --uit een andere naam",
        )
    writable(uit.absolute().parent)
    with progress() as stap:
        study = Study.open(pakket, sleutel=sleutel, voortgang=stap)
        stap("Tellen wat er is")
        text = skeleton(study.pakket, study.bundel(*study.feiten()))
    uit.write_text(text, encoding="utf-8")
    say(f"Geschreven: {uit}")
