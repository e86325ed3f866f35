"""`tks ontwerp`: which comparisons over time there are, what each can say, and what it says of a package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toekomstscenario_eval.cli._shared import (
    Group,
    InsideOpt,
    KeyOpt,
    PackageArg,
    PolicyOpt,
    choices,
    print_table,
    progress,
    say,
)
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import INSIDE_MARK
from toekomstscenario_eval.protection.policy import DEFAULT

if TYPE_CHECKING:
    from toekomstscenario_eval.results import Release

ontwerp = typer.Typer(
    cls=Group, no_args_is_help=True, help="Vergelijk regio's over de tijd: maakt het verschil?"
)


@ontwerp.command()
def lijst() -> None:
    """Noem elk ontwerp met de vraag die het beantwoordt."""
    from toekomstscenario_eval.designs import all_designs

    for design in all_designs().values():
        kind = "over de tijd" if design.card.panel else "op één moment"
        say(f"{design.card.code}  ({kind})\n    {design.card.vraag}")


@ontwerp.command()
def toon(ontwerp: Annotated[str, typer.Argument(help="Code van het ontwerp.")]) -> None:
    """Toon de kaart van een ontwerp: vraag, aanname, wat het niet zegt, en zijn controles."""
    from toekomstscenario_eval.designs import find
    from toekomstscenario_eval.designs._checked import ASSUMPTIONS, SENSITIVITY, all_checks

    card = find(ontwerp).card
    say(f"{card.label} ({card.code})\n\nVraag: {card.vraag}\nNeemt aan: {card.assumption}")
    say(f"Zegt niet: {card.grens}")
    if card.methode:
        say(f"\n{card.methode}")
    if not card.panel:
        return
    for kind, title in ((ASSUMPTIONS, "Controles van aannames"), (SENSITIVITY, "Wat het kan omverwerpen")):
        say(f"\n{title}:")
        for found in all_checks(kind):
            if not found.card.designs or card.code in found.card.designs:
                say(f"  {found.card.code}: {found.card.vraag}")


@ontwerp.command()
def reken(
    indicator: Annotated[str, typer.Argument(help="Naam van de indicator: een aandeel of een aantal.")],
    pakket: PackageArg = None,
    ontwerp: Annotated[str, typer.Option(help="Alleen dit ontwerp; leeg: alle over de tijd.")] = "",
    periode: Annotated[
        str, typer.Option(help="maand, kwartaal, halfjaar of jaar van instroom; openbaar kan er één.")
    ] = "",
    dagen: Annotated[int | None, typer.Option(help="Zoveel dagen van elk huishouden; openbaar 90.")] = None,
    keuze: Annotated[
        list[str] | None, typer.Option("--keuze", help="Parameter als naam=waarde; mag vaker.")
    ] = None,
    samenvatting: Annotated[
        list[Path] | None,
        typer.Option(
            "--samenvatting",
            help="In plaats van een pakket: een map van 'tks samenvatting'; één keer per eigenaar.",
            metavar="MAP",
        ),
    ] = None,
    beleid: PolicyOpt = DEFAULT,
    intern: InsideOpt = False,
    sleutel: KeyOpt = None,
) -> None:
    """Bereken wat ontwerpen over de tijd van een indicator zeggen, met hun aannames en wat ze kan
    omverwerpen."""
    from toekomstscenario_eval.blocks.over_time import over_time_blocks
    from toekomstscenario_eval.designs import find
    from toekomstscenario_eval.document.document import Alinea, Kader, Tabel, flat_text
    from toekomstscenario_eval.study import Study

    if ontwerp:
        find(ontwerp)
    params = choices(keuze or [])
    apart = bool(pakket or periode or dagen is not None or params or intern or sleutel)
    with progress() as stap:
        if samenvatting:
            release, key = _of_owners(samenvatting, indicator, apart=apart)
        else:
            study = Study.open(pakket, intern=intern, beleid=beleid, sleutel=sleutel, voortgang=stap)
            stap("Vergelijken")
            result = study.paneel(indicator, periode=periode, dagen=dagen, **params)
            release, key = study.bundel(result), result.sleutel
        blocks = over_time_blocks(release, key, ontwerp=ontwerp)
    for block in blocks:
        if isinstance(block, Tabel):
            print_table(block, intern=intern)
        elif isinstance(block, Alinea):
            say(f"\n{flat_text(block.inhoud)}")
        elif isinstance(block, Kader):
            text = " ".join(flat_text(b.inhoud) for b in block.inhoud if isinstance(b, Alinea))
            say(f"\n{block.titel}: {text}")
    if intern:
        say(f"\n{INSIDE_MARK}")


def _of_owners(paths: list[Path], indicator: str, *, apart: bool) -> tuple[Release, str]:
    """Return the protected summaries of several owners together, and the name of the panel; say who lacks."""
    from toekomstscenario_eval.making.federated import absent, panel_key, samenvoegen

    if apart:
        raise GebruikFout(
            "bij --samenvatting hoort geen pakket, sleutel of eigen keuze",
            verwacht="het paneel zoals de eigenaren het schreven",
            herstel="laat het pakket, --periode, --dagen, --keuze, --sleutel en --intern weg",
        )
    release = samenvoegen(*paths)
    key = panel_key(release, indicator)
    for line in absent(release.resultaat(key)):
        say(f"Niet in het paneel: {line}.")
    return release, key
