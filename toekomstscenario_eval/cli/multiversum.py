"""`tks multiversum`: an indicator under every reasonable definition."""

from __future__ import annotations

from typing import Annotated

import typer

from toekomstscenario_eval.cli._samen import BeleidOpt, PakketArg, print_table, progress, say


def multiversum(
    indicator: Annotated[str, typer.Argument(help="Naam van de indicator.")],
    pakket: PakketArg = None,
    beleid: BeleidOpt = "standaard",
) -> None:
    """Reken een indicator door onder alle redelijke definities, en toon hoeveel ervan afhangt."""
    from toekomstscenario_eval import multiverse
    from toekomstscenario_eval.reporting.document import platte_tekst
    from toekomstscenario_eval.reporting.multiverse_table import multiverse_sentence, multiverse_table
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
    zin = multiverse_sentence(vrijgave, indicator)
    if zin is not None:
        say(platte_tekst(zin.inhoud))
