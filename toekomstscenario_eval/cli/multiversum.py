"""`tks multiversum`: an indicator under every reasonable definition."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toekomstscenario_eval.cli._shared import (
    InsideOpt,
    KeyOpt,
    PackageArg,
    PolicyOpt,
    print_table,
    progress,
    say,
)
from toekomstscenario_eval.identity import INSIDE_MARK, inside_name
from toekomstscenario_eval.protection.policy import DEFAULT

if TYPE_CHECKING:
    from toekomstscenario_eval.results import Release

FEW = (
    "Minder dan twee definities hebben een getal om te vergelijken. Hoeveel dit cijfer van de definitie "
    "afhangt, is daarom niet te zeggen."
)


def multiversum(
    indicator: Annotated[str, typer.Argument(help="Naam van de indicator.")],
    pakket: PackageArg = None,
    beleid: PolicyOpt = DEFAULT,
    intern: InsideOpt = False,
    sleutel: KeyOpt = None,
    uit: Annotated[
        Path | None, typer.Option("--uit", help="Schrijf de figuur (SVG) ook naar dit bestand.")
    ] = None,
) -> None:
    """Reken een indicator door onder alle redelijke definities, en toon hoeveel ervan afhangt."""
    from toekomstscenario_eval.blocks.multiverse_table import (
        influence_table,
        multiverse_sentence,
        multiverse_table,
        not_compared,
    )
    from toekomstscenario_eval.document.document import flat_text
    from toekomstscenario_eval.making import multiverse
    from toekomstscenario_eval.making.inside import folder
    from toekomstscenario_eval.study import Study

    if uit is not None:
        folder(uit.parent, intern=intern)  # refused before the work, not after it
    with progress() as stap:
        study = Study.open(pakket, intern=intern, beleid=beleid, sleutel=sleutel, voortgang=stap)
        specifications = multiverse.factorial(study, indicator)
        stap(f"{len(specifications)} definities doorrekenen")
        vrijgave = study.bundel(*study.shown(*multiverse.run(study, indicator, specifications)))
    first = vrijgave.resultaten[0]
    if first.reden_nvt:
        say(f"{first.card.label}: niet van toepassing, want {first.reden_nvt}.")
        return
    print_table(multiverse_table(vrijgave, indicator), intern=intern)
    influence = influence_table(vrijgave, indicator)
    if influence is not None:
        print_table(influence, intern=intern)
    sentence = multiverse_sentence(vrijgave, indicator)
    if sentence is not None:
        say(f"\n{flat_text(sentence.inhoud)}")
    else:
        say(f"\n{FEW} {not_compared(vrijgave, indicator)}".rstrip())
    if intern:
        say(f"\n{INSIDE_MARK}")
    if uit is not None:
        _write_figure(vrijgave, indicator, uit)


def _write_figure(vrijgave: Release, indicator: str, out: Path) -> None:
    from toekomstscenario_eval.blocks.specification import specification_figure
    from toekomstscenario_eval.document.marking import stamped
    from toekomstscenario_eval.making.inside import folder
    from toekomstscenario_eval.making.publish import writable, write_together

    figure = specification_figure(vrijgave, indicator)
    if figure is None:
        say(f"Geen figuur geschreven naar {out}: minder dan twee definities hebben een getal.")
        return
    naam, svg = out.name, figure.svg
    if vrijgave.intern:
        naam, svg = inside_name(naam), stamped(svg)
    target = writable(folder(out.parent, intern=vrijgave.intern))
    say(f"Geschreven: {write_together(target, {naam: svg.encode()})[0]}")
