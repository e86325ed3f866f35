"""`tks multiversum`: an indicator under every reasonable definition."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toekomstscenario_eval.cli._samen import BeleidOpt, PakketArg, print_table, progress, say
from toekomstscenario_eval.disclosure.policy import STANDAARD

if TYPE_CHECKING:
    from toekomstscenario_eval.disclosure.release import Release


def multiversum(
    indicator: Annotated[str, typer.Argument(help="Naam van de indicator.")],
    pakket: PakketArg = None,
    beleid: BeleidOpt = STANDAARD,
    uit: Annotated[
        Path | None, typer.Option("--uit", help="Schrijf de figuur (SVG) ook naar dit bestand.")
    ] = None,
) -> None:
    """Reken een indicator door onder alle redelijke definities, en toon hoeveel ervan afhangt."""
    from toekomstscenario_eval.blocks.multiverse_table import (
        influence_table,
        multiverse_sentence,
        multiverse_table,
    )
    from toekomstscenario_eval.document.document import platte_tekst
    from toekomstscenario_eval.making import multiverse
    from toekomstscenario_eval.study import Study

    with progress() as stap:
        studie = Study.open(pakket, beleid=beleid, voortgang=stap)
        specificaties = multiverse.factorial(studie, indicator)
        stap(f"{len(specificaties)} definities doorrekenen")
        vrijgave = studie.geef_vrij(*multiverse.run(studie, indicator, specificaties))
    eerste = vrijgave.resultaten[0]
    if eerste.reden_nvt:
        say(f"{eerste.card.label}: niet van toepassing, want {eerste.reden_nvt}.")
        return
    print_table(multiverse_table(vrijgave, indicator))
    invloed = influence_table(vrijgave, indicator)
    if invloed is not None:
        print_table(invloed)
    zin = multiverse_sentence(vrijgave, indicator)
    say("\n" + platte_tekst(zin.inhoud) if zin else "\nMinder dan twee definities mogen worden getoond.")
    if uit is not None:
        _write_figure(vrijgave, indicator, uit)


def _write_figure(vrijgave: Release, indicator: str, uit: Path) -> None:
    from toekomstscenario_eval.blocks.specification import specification_figure
    from toekomstscenario_eval.making.publish import writable, write_together

    figuur = specification_figure(vrijgave, indicator)
    if figuur is not None:
        say(f"Geschreven: {write_together(writable(uit.parent), {uit.name: figuur.svg.encode()})[0]}")
