"""`tks samenvoegen`: the protected summaries of several owners beside each other and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import progress, say
from toekomstscenario_eval.cli.bereken import print_result
from toekomstscenario_eval.errors import GebruikFout, did_you_mean


def samenvoegen(
    samenvattingen: Annotated[
        list[Path], typer.Argument(help="Mappen van 'tks samenvatting', één per eigenaar.", metavar="MAP")
    ],
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", help="Toon alleen deze indicator; mag vaker.")
    ] = None,
    uit: Annotated[
        Path | None, typer.Option("--uit", help="Schrijf de tellingen samen naar de map openbaar hierin.")
    ] = None,
) -> None:
    """Zet de regio's van meer eigenaren naast elkaar, zonder dat iemand de rijen van een ander ziet."""
    from toekomstscenario_eval.making.federated import absent, joined
    from toekomstscenario_eval.making.publish import writable, write_together
    from toekomstscenario_eval.making.summary_sets import read_sets
    from toekomstscenario_eval.provenance import open_data

    with progress() as stap:
        stap("Samenvattingen lezen en narekenen")
        sets = read_sets(samenvattingen)
        release = joined(sets)
    names = {r.indicator for r in release.resultaten}
    for naam in indicator or ():
        if naam not in names:
            raise GebruikFout(
                f"'{naam}' staat niet in deze samenvattingen", herstel=did_you_mean(naam, names)
            )
    say(f"Vrijgave {release.id}, stand {release.stand}, {sum(len(one.regios) for one in sets)} regio's:")
    for one in sets:
        for region in one.regios:
            start = f", start {region.start}" if region.start else ""
            say(f"  {region.naam} ({region.soort}{start}), uit {one.bron}")
    panels = 0
    for r in release.resultaten:
        if indicator and r.indicator not in indicator:
            continue
        if r.variant.instroom:
            panels += 1
            continue
        say(f"\n== {r.card.label} ({r.sleutel})")
        print_result(release, r)
        for line in absent(r):
            say(f"  Niet openbaar van {line}.")
    if panels:
        say(f"\nPanelen van instroom voor ontwerpen over de tijd: {panels}; zie tks ontwerp reken.")
    say("Totalen zijn opgeteld uit de gepubliceerde tellingen van regio's; hun ruis telt op.")
    if uit is not None:
        content = open_data.files(release, title="samengevoegde samenvattingen")
        for path in write_together(writable(uit), content):
            say(f"Geschreven: {path}")
