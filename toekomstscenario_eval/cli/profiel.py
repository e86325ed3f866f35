"""`tks profiel`: the mappings for official layouts that travel with the package."""

from __future__ import annotations

from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import Group, say

profiel = typer.Typer(
    cls=Group,
    help="Laat zien welke profielen er zijn: afbeeldingen van officiële leveringen op een pakket.",
    no_args_is_help=True,
)


@profiel.command()
def lijst() -> None:
    """Noem de profielen, met de bron van hun indeling."""
    from toekomstscenario_eval.data.importers.profile import card, names

    for naam in names():
        about = card(naam)
        say(f"{naam}: {about.titel}")
        say(f"  bron: {about.bron}")


@profiel.command()
def toon(naam: Annotated[str, typer.Argument(help="Naam van het profiel.", metavar="NAAM")]) -> None:
    """Toon een profiel: wat u zelf invult, en de afbeelding zoals zij is geschreven."""
    from toekomstscenario_eval.data.importers.profile import card, texts

    about = card(naam)
    say(f"{naam}: {about.titel}")
    if about.toegevoegd:
        say("Kolommen die naast die van de indeling nodig zijn: " + ", ".join(about.toegevoegd))
    if about.zelf_invullen:
        say("Vul zelf in: " + ", ".join(about.zelf_invullen))
    for each, written in texts(naam).items():
        say(f"\n--- {each}{'' if each == naam else f', waarop {naam} voortbouwt'}")
        say(written)
