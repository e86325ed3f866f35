"""`tks importeer`: from an export to a package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import one_of, progress, say
from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.schema import FORMATS
from toekomstscenario_eval.errors import GebruikFout, UitvoerFout
from toekomstscenario_eval.files import write_new

_SOORTEN = ", ".join(formats.names()).upper()


def importeer(
    mapping: Annotated[
        Path, typer.Argument(help="De afbeelding van bron op tabellen (YAML).", metavar="MAPPING.yaml")
    ],
    bron: Annotated[
        list[Path] | None,
        typer.Argument(help=f"Het geëxporteerde bestand ({_SOORTEN}).", metavar="BRON"),
    ] = None,
    uit: Annotated[
        Path | None,
        typer.Option(
            "--uit", help="Map waarin het pakket komt; bij --voorstel een bestand.", metavar="PAKKET"
        ),
    ] = None,
    formaat: Annotated[str, typer.Option(help=f"{one_of(FORMATS)}.")] = "csv",
    voorstel: Annotated[
        bool,
        typer.Option("--voorstel", help="Lees alleen bronnen, zonder mapping, en stel een mapping voor."),
    ] = False,
) -> None:
    """Maak van een export uit een registratiesysteem een pakket."""
    if voorstel:
        _propose([mapping, *(bron or ())], uit)
        return
    if uit is None or not bron or len(bron) != 1:
        raise GebruikFout(
            "er ontbreekt iets in de opdracht",
            verwacht="een mapping, één bron en --uit",
            herstel="tks importeer mapping.yaml export.csv --uit pakket",
        )
    from toekomstscenario_eval.data.importers.importing import run_import as carry_from

    with progress() as stap:
        verslag = carry_from(mapping, bron[0], uit, fmt=formaat, progress=stap)
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
