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
    bron: Annotated[
        list[str] | None,
        typer.Argument(
            help=f"De geëxporteerde bestanden ({_SOORTEN}); zonder: wat de mapping bij 'bestand' noemt.",
            metavar="BRON...",
        ),
    ] = None,
    *,
    uit: Annotated[Path, typer.Option("--uit", help="Map waarin het pakket komt.", metavar="PAKKET")],
    bij: Annotated[
        Path | None,
        typer.Option("--bij", help="Pakket waar deze levering bij komt; het blijft zelf zoals het is."),
    ] = None,
    formaat: Annotated[str, typer.Option(help=f"{one_of(FORMATS)}.")] = "csv",
    apart: Annotated[
        Path | None,
        typer.Option("--apart", help="Map voor de rijen die apart worden gezet; anders die van de bron."),
    ] = None,
    met_waarden: Annotated[
        bool, typer.Option("--met-waarden", help="Zet de waarden die niet kloppen bij die rijen.")
    ] = False,
    geheim: SecretOpt = None,
) -> None:
    """Maak van exports uit registratiesystemen een pakket."""
    from toekomstscenario_eval.data.importers.importing import run_import as carry_from

    with progress() as stap:
        verslag = carry_from(
            mapping,
            bron or [],
            uit,
            fmt=formaat,
            add_to=bij,
            quarantine=apart,
            secret_file=geheim,
            with_values=met_waarden,
            progress=stap,
        )
    say(verslag.tekst())
