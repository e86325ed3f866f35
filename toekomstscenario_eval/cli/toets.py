"""`tks toets`: the groups of one breakdown compared."""

from __future__ import annotations

from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import (
    InsideOpt,
    KeyOpt,
    PackageArg,
    PhaseOpt,
    PolicyOpt,
    choices,
    print_table,
    progress,
    say,
)
from toekomstscenario_eval.identity import INSIDE_MARK
from toekomstscenario_eval.protection.policy import DEFAULT
from toekomstscenario_eval.types import SITE_KIND


def toets(
    indicator: Annotated[str, typer.Argument(help="Naam van de indicator.")],
    pakket: PackageArg = None,
    naar: Annotated[str, typer.Option(help="Uitsplitsing waarvan de groepen worden vergeleken.")] = SITE_KIND,
    groep: Annotated[
        list[str] | None, typer.Option("--groep", help="Alleen deze groepen; mag vaker.")
    ] = None,
    binnen: Annotated[
        str, typer.Option(help="Uitsplitsing die een gestratificeerde toets gelijk houdt; leeg: geen.")
    ] = "gezinsprofiel",
    van: Annotated[str | None, typer.Option(help="Eerste dag van het venster.")] = None,
    tot: Annotated[str | None, typer.Option(help="Dag na de laatste dag van het venster.")] = None,
    keuze: Annotated[
        list[str] | None, typer.Option("--keuze", help="Parameter als naam=waarde; mag vaker.")
    ] = None,
    fase: PhaseOpt = "",
    beleid: PolicyOpt = DEFAULT,
    intern: InsideOpt = False,
    sleutel: KeyOpt = None,
) -> None:
    """Vergelijk groepen: eerst met de regio als eenheid, dan wat over huishoudens te zeggen is."""
    from toekomstscenario_eval.blocks import access
    from toekomstscenario_eval.blocks.difference import comparisons_table, difference_blocks, no_tests
    from toekomstscenario_eval.blocks.table import estimates_table
    from toekomstscenario_eval.document.document import Alinea, Tabel, flat_text
    from toekomstscenario_eval.study import Study

    params = choices(keuze or [])
    with progress() as stap:
        study = Study.open(pakket, intern=intern, beleid=beleid, sleutel=sleutel, voortgang=stap)
        stap("Vergelijken")
        result = study.toets(
            indicator, naar=naar, groepen=groep or (), binnen=binnen, van=van, tot=tot, fase=fase, **params
        )
    vrijgave = study.bundel(result)
    r = vrijgave.resultaten[0]
    if r.reden_nvt:
        say(f"{r.card.label}: niet van toepassing, want {r.reden_nvt}.")
        return
    print_table(estimates_table(vrijgave, r.sleutel, uitsplitsing=naar), intern=intern)
    namen = [r.labels.code(naar, g) for g in groep or access.rows(r, uitsplitsing=naar)["groep"].unique()]
    pair = {"a": namen[0], "b": namen[1]} if len(namen) == 2 else {}
    tests = comparisons_table(vrijgave, r.sleutel, per=naar, **pair)
    for block in difference_blocks(vrijgave, r.sleutel, per=naar, **pair) if pair else (tests,):
        if isinstance(block, Tabel):
            print_table(block, intern=intern)
        elif isinstance(block, Alinea):
            say(f"\n{flat_text(block.inhoud)}")
    if tests is None:
        say(f"\n{no_tests(vrijgave, r.sleutel)}")
    if intern:
        say(f"\n{INSIDE_MARK}")
