"""`tks samenvatting`: the protected counts of one owner, to be put together with those of others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import KeyOpt, NamedPackage, PolicyOpt, progress, say
from toekomstscenario_eval.protection.policy import DEFAULT


def samenvatting(
    pakket: NamedPackage,
    uit: Annotated[Path, typer.Option("--uit", help="Map voor de samenvatting.")] = Path("samenvatting"),
    indicator: Annotated[
        list[str] | None,
        typer.Option("--indicator", help="Naam van een indicator; mag vaker. Zonder: de kernindicatoren."),
    ] = None,
    onderzoek: Annotated[
        Path | None, typer.Option("--onderzoek", help="Uw onderzoek.yaml: de indicatoren die daarin staan.")
    ] = None,
    beleid: PolicyOpt = DEFAULT,
    sleutel: KeyOpt = None,
) -> None:
    """Schrijf de beschermde tellingen van dit pakket, om met die van andere eigenaren samen te voegen."""
    from toekomstscenario_eval.making.site_summary import write_summary

    with progress() as stap:
        paths = write_summary(
            pakket,
            out=uit,
            indicators=indicator or (),
            onderzoek=onderzoek,
            policy=beleid,
            key=sleutel,
            progress=stap,
        )
    for path in paths:
        say(f"Geschreven: {path}")
    say("Deel de hele map, ongewijzigd. Er staan alleen beschermde tellingen in, geen rijen en geen sleutel.")
