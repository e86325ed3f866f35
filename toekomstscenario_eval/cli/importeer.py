"""`tks importeer`: from an export to a package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import SecretOpt, one_of, progress, say
from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.schema import FORMATS

_SOORTEN = ", ".join(formats.names()).upper()


def importeer(
    mapping: Annotated[
        Path, typer.Argument(help="De afbeelding van bron op tabellen (YAML).", metavar="MAPPING.yaml")
    ],
    bron: Annotated[Path, typer.Argument(help=f"Het geëxporteerde bestand ({_SOORTEN}).", metavar="BRON")],
    uit: Annotated[Path, typer.Option("--uit", help="Map waarin het pakket komt.", metavar="PAKKET")],
    formaat: Annotated[str, typer.Option(help=f"{one_of(FORMATS)}.")] = "csv",
    geheim: SecretOpt = None,
) -> None:
    """Maak van een export uit een registratiesysteem een pakket."""
    from toekomstscenario_eval.data.importers.importing import run_import as carry_from

    with progress() as stap:
        verslag = carry_from(mapping, bron, uit, fmt=formaat, secret_file=geheim, progress=stap)
    say(verslag.tekst())
