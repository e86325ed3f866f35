"""`tks netwerk`: the network of collaboration as files for other programs, from published counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import (
    InsideOpt,
    KeyOpt,
    PackageArg,
    PolicyOpt,
    progress,
    say,
)
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.identity import INSIDE_MARK
from toekomstscenario_eval.protection.policy import DEFAULT


def netwerk(
    pakket: PackageArg = None,
    uit: Annotated[Path, typer.Option("--uit", help="Map voor de bestanden.")] = Path("netwerk"),
    per: Annotated[str, typer.Option("--per", help="Knopen: domein, soort of organisatie.")] = "domein",
    formaat: Annotated[
        str, typer.Option("--formaat", help="graphml, gexf, csv, matrix of svg; meer met komma's.")
    ] = "graphml,gexf,csv",
    band: Annotated[
        str, typer.Option("--band", help="Wat verbindt: huishouden (delen) of overleg (samen aan tafel).")
    ] = "huishouden",
    van: Annotated[str | None, typer.Option(help="Eerste dag van het venster.")] = None,
    tot: Annotated[str | None, typer.Option(help="Dag na de laatste dag van het venster.")] = None,
    beleid: PolicyOpt = DEFAULT,
    intern: InsideOpt = False,
    sleutel: KeyOpt = None,
) -> None:
    """Schrijf het samenwerkingsnetwerk als GraphML, GEXF (Gephi), CSV, matrix of tekening (SVG)."""
    from toekomstscenario_eval.blocks.network_data import check_level, shown
    from toekomstscenario_eval.blocks.network_export import check_formats, export_files
    from toekomstscenario_eval.making.inside import folder
    from toekomstscenario_eval.making.publish import writable, write_together
    from toekomstscenario_eval.study import Study

    formats = [f.strip() for f in formaat.split(",")]
    check_formats(formats)
    check_level(per)
    target = folder(uit, intern=intern)  # refused before the work, not after it
    with progress() as stap:
        study = Study.open(pakket, intern=intern, beleid=beleid, sleutel=sleutel, voortgang=stap)
        stap("Netwerk berekenen")
        result = study.netwerkstructuur(van, tot, band=band)
    if result.reden_nvt:
        raise OnthullingsFout(result.reden_nvt, herstel="binnen kan het wel: geef --intern")
    vrijgave = study.bundel(result)
    files = export_files(vrijgave, formats, niveau=per, key=result.sleutel)
    for path in write_together(writable(target), files):
        say(f"Geschreven: {path}")
    net = shown(vrijgave, result.sleutel, niveau=per)
    cut = net.verborgen
    if net.vanaf:
        say(f"Beschermde tellingen; alleen knopen en banden van ten minste {net.vanaf} huishoudens.")
    else:
        parts = f"{cut['knopen']} knopen, {cut['banden']} banden en {cut['overdrachten']} overdrachten"
        say(f"Niet getoond: {parts}.")
    if intern:
        say(f"\n{INSIDE_MARK}")
