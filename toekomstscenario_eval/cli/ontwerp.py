"""`tks ontwerp`: which comparisons over time there are, what each can say, and what it says of a package."""

from __future__ import annotations

from typing import Annotated

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
from toekomstscenario_eval.identity import INSIDE_MARK
from toekomstscenario_eval.protection.policy import DEFAULT

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
    with progress() as stap:
        study = Study.open(pakket, intern=intern, beleid=beleid, sleutel=sleutel, voortgang=stap)
        stap("Vergelijken")
        result = study.paneel(indicator, periode=periode, dagen=dagen, **params)
        release = study.bundel(result)
        blocks = over_time_blocks(release, result.sleutel, ontwerp=ontwerp)
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
