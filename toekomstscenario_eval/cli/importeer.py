"""`tks importeer`: from an export to a package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import SecretOpt, one_of, progress, say
from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.schema import FORMATS
from toekomstscenario_eval.errors import GebruikFout, UitvoerFout
from toekomstscenario_eval.files import write_new

_SOORTEN = ", ".join(formats.names()).upper()


def importeer(
    mapping: Annotated[
        Path,
        typer.Argument(
            help="De afbeelding van bron op tabellen (YAML), of een ingevuld sjabloon (Excel).",
            metavar="MAPPING",
        ),
    ],
    bron: Annotated[
        list[str] | None,
        typer.Argument(
            help=f"De geëxporteerde bestanden ({_SOORTEN}); zonder: wat de mapping bij 'bestand' noemt.",
            metavar="BRON...",
        ),
    ] = None,
    *,
    uit: Annotated[
        Path | None,
        typer.Option(
            "--uit", help="Map waarin het pakket komt; bij --voorstel een bestand.", metavar="PAKKET"
        ),
    ] = None,
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
    voorstel: Annotated[
        bool,
        typer.Option("--voorstel", help="Lees alleen bronnen, zonder mapping, en stel een mapping voor."),
    ] = False,
) -> None:
    """Maak van exports uit registratiesystemen, of van een ingevuld sjabloon, een pakket."""
    if voorstel:
        _propose([mapping, *(Path(b) for b in bron or ())], uit)
        return
    if uit is None:
        raise GebruikFout(
            "er staat niet waar het pakket moet komen",
            verwacht="--uit MAP",
            herstel="tks importeer mapping.yaml export.csv --uit pakket",
        )
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


def _propose(sources: list[Path], out: Path | None) -> None:
    """Show the proposal for a mapping, or write it to a file that is not there yet."""
    from toekomstscenario_eval.data.importers.proposal import propose
    from toekomstscenario_eval.data.importers.proposal_text import proposal_text

    text = proposal_text(propose(sources))
    if out is None:
        say(text)
        return
    if out.exists():
        raise UitvoerFout("het bestand staat er al", waar=str(out), herstel="kies een andere naam")
    write_new(out, text.encode(), mode=0o644)
    say(f"Geschreven: {out}. Vul in wat met VUL IN is gemerkt.")
