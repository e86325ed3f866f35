"""`tks sjabloon`: a workbook to fill in and a dictionary to read, from the contract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import progress, say
from toekomstscenario_eval.errors import GebruikFout


def sjabloon(
    uit: Annotated[
        Path | None, typer.Option("--uit", help="Excel-bestand om in te vullen.", metavar="BESTAND.xlsx")
    ] = None,
    woordenboek: Annotated[
        Path | None,
        typer.Option("--woordenboek", help="Gegevenswoordenboek voor wie levert.", metavar="BESTAND.pdf"),
    ] = None,
    tabel: Annotated[
        list[str] | None,
        typer.Option("--tabel", help="Alleen deze tabel; vaker te geven. Zonder: alle.", metavar="TABEL"),
    ] = None,
) -> None:
    """Maak een Excel-bestand om gegevens in te leveren, of het woordenboek dat erbij hoort."""
    from toekomstscenario_eval.data.importers.template import write_template

    if uit is None and woordenboek is None:
        raise GebruikFout(
            "er is niet gezegd wat er gemaakt moet worden",
            verwacht="--uit BESTAND.xlsx, --woordenboek BESTAND.pdf of allebei",
            herstel="tks sjabloon --uit sjabloon.xlsx",
        )
    tables = tuple(tabel or ())
    with progress() as stap:
        if uit is not None:
            stap("Sjabloon maken")
            say(f"Geschreven: {write_template(uit, tables)}")
        if woordenboek is not None:
            from toekomstscenario_eval.making.dictionary import write_dictionary

            stap("Woordenboek maken")
            say(f"Geschreven: {write_dictionary(woordenboek, tables)}")
