"""`tks herleidbaarheid`: how many rows of a package stand nearly alone."""

from __future__ import annotations

from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import PackageArg, progress, say


def herleidbaarheid(
    pakket: PackageArg = None,
    quasi: Annotated[
        list[str] | None,
        typer.Option("--quasi", help="Kenmerk dat een ander kan weten, zoals gezinsprofiel; mag vaker."),
    ] = None,
    gevoelig: Annotated[str, typer.Option(help="Kenmerk dat een groep niet mag delen.")] = "",
    k: Annotated[int, typer.Option(help="Minste aantal rijen dat op elkaar lijkt.")] = 10,
    verschillend: Annotated[int, typer.Option(help="Minste aantal waarden van het gevoelige kenmerk.")] = 2,
) -> None:
    """Toets k-anonimiteit en l-diversiteit van een pakket op gekozen kenmerken."""
    from toekomstscenario_eval.data.example import example_package
    from toekomstscenario_eval.data.package import open_package
    from toekomstscenario_eval.data.traceability import anonymity

    features = list(dict.fromkeys(quasi or ["proeftuin_id", "gezinsprofiel"]))
    with progress() as stap:
        stap("Pakket openen")
        opened = open_package(pakket or example_package())
        stap("Groepen tellen")
        findings = anonymity(opened, features, sensitive=gevoelig, k=k, l_min=verschillend)
    for b in findings:
        say(f"{b.status.value.upper()} {b.regel}: {b.titel} ({b.tabel}: {b.kolom})")
        say(f"    {b.aantal} rijen {b.toelichting}; verwacht: {b.verwacht}")
        if b.herstel:
            say(f"    herstel: {b.herstel}")
    say("Alleen voor wie de gegevens mag zien: deze aantallen zijn exact.")
