"""`tks bereken`: one indicator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from toekomstscenario_eval.identity import INSIDE_MARK, inside_name
from toekomstscenario_eval.protection.policy import DEFAULT
from toekomstscenario_eval.types import SITE

if TYPE_CHECKING:
    from toekomstscenario_eval.results import Release
    from toekomstscenario_eval.types import Result


def bereken(
    indicator: Annotated[str, typer.Argument(help="Naam van de indicator.")],
    pakket: PackageArg = None,
    per: Annotated[list[str] | None, typer.Option("--per", help="Uitsplitsing; mag vaker.")] = None,
    periode: Annotated[str | None, typer.Option(help="jaar, halfjaar of kwartaal.")] = None,
    van: Annotated[str | None, typer.Option(help="Eerste dag van het venster.")] = None,
    tot: Annotated[str | None, typer.Option(help="Dag na de laatste dag van het venster.")] = None,
    keuze: Annotated[
        list[str] | None, typer.Option("--keuze", help="Parameter als naam=waarde; mag vaker.")
    ] = None,
    interval: Annotated[
        str,
        typer.Option(
            help="Ander interval: clopper-pearson (aandelen), log-log (duren), overspreid (aantallen)."
        ),
    ] = "",
    fase: PhaseOpt = "",
    beleid: PolicyOpt = DEFAULT,
    intern: InsideOpt = False,
    sleutel: KeyOpt = None,
    uit: Annotated[
        Path | None,
        typer.Option("--uit", help="Schrijf ook naar dit CSV-bestand."),
    ] = None,
) -> None:
    """Bereken één indicator uit beschermde tellingen."""
    from toekomstscenario_eval.making.inside import folder
    from toekomstscenario_eval.study import Study

    params = choices(keuze or [])
    if uit is not None:
        folder(uit.parent, intern=intern)  # refused before the work, not after it
    with progress() as stap:
        study = Study.open(pakket, intern=intern, beleid=beleid, sleutel=sleutel, voortgang=stap)
        stap("Berekenen")
        result = study.bereken(
            indicator,
            per=per or (),
            periode=periode,
            van=van,
            tot=tot,
            interval=interval,
            fase=fase,
            **params,
        )
    vrijgave = study.bundel(result)
    print_result(vrijgave, vrijgave.resultaten[0])
    if intern:
        say(f"\n{INSIDE_MARK}")
    if uit is not None:
        from toekomstscenario_eval.blocks.wording import labelled
        from toekomstscenario_eval.making.publish import writable, write_together

        table = labelled(vrijgave.resultaten[0]).schattingen
        # Exact numbers never bear the name of a file that may go out.
        naam = inside_name(uit.name) if intern else uit.name
        table = table.assign(merk=INSIDE_MARK) if intern else table
        files = {naam: table.to_csv(index=False).encode()}
        for path in write_together(writable(uit.parent), files):
            say(f"Geschreven: {path}")


def print_result(vrijgave: Release, r: Result) -> None:
    """Print everything that a released result says."""
    from toekomstscenario_eval.blocks import access
    from toekomstscenario_eval.blocks.design_blocks import design_tables
    from toekomstscenario_eval.blocks.sites import (
        combine_sites,
        funnel_sentence,
        funnel_table,
        sites_sentence,
        sites_table,
    )
    from toekomstscenario_eval.blocks.table import estimates_table, exclusions_table, overview_table
    from toekomstscenario_eval.document.document import flat_text

    if r.reden_nvt:
        say(f"{r.card.label}: niet van toepassing, want {r.reden_nvt}.")
        return
    uitsplitsingen = access.breakdowns(r)
    if not uitsplitsingen:
        print_table(overview_table(vrijgave, r.sleutel), intern=r.intern)
    for per in uitsplitsingen:
        for maat in r.card.maten_bij(r.params):
            print_table(estimates_table(vrijgave, r.sleutel, uitsplitsing=per, maat=maat), intern=r.intern)
        for table in design_tables(vrijgave, r.sleutel, per=per):
            print_table(table, intern=r.intern)
        if per == SITE and (sites := combine_sites(vrijgave, r.sleutel)):
            print_table(sites_table(vrijgave, r.sleutel, sites), intern=r.intern)
            say(f"  {flat_text(sites_sentence(sites, figure=False).inhoud)}")
            if sites.funnel.meaningful:
                print_table(funnel_table(vrijgave, r.sleutel, sites), intern=r.intern)
            say(f"  {flat_text(funnel_sentence(sites).inhoud)}")
    gone = exclusions_table(vrijgave, r.sleutel)
    if gone is not None:
        print_table(gone, intern=r.intern)
