"""`tks controleer`: check a package, and write what was found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toekomstscenario_eval.cli._samen import PakketArg, progress, say
from toekomstscenario_eval.errors import ControleFout

if TYPE_CHECKING:
    from toekomstscenario_eval.types import Finding


def controleer(
    pakket: PakketArg = None,
    uit: Annotated[Path, typer.Option("--uit", help="Map voor het verslag van de controle.")] = Path(
        "controle"
    ),
) -> None:
    """Toets een pakket aan de gegevensafspraak; schrijft controle.html en controle.json."""
    import json

    from toekomstscenario_eval.blocks.checklist import check_html
    from toekomstscenario_eval.data import checks
    from toekomstscenario_eval.data.example import example_package
    from toekomstscenario_eval.data.package import open_package
    from toekomstscenario_eval.making.publish import writable, write_together

    with progress() as stap:
        stap("Pakket openen")
        geopend = open_package(pakket or example_package())
        stap("Regels toepassen")
        bevindingen = checks.controleer(geopend, voortgang=None)
    _print_findings(bevindingen)
    bron = checks.als_json(geopend, bevindingen)
    bestanden = {
        "controle.html": check_html(geopend.titel, bevindingen).encode(),
        "controle.json": (json.dumps(bron, ensure_ascii=False, indent=1) + "\n").encode(),
    }
    for pad in write_together(writable(uit), bestanden):
        say(f"Geschreven: {pad}")
    if any(b.blokkeert for b in bevindingen):
        raise typer.Exit(ControleFout.exitcode)


def _print_findings(bevindingen: tuple[Finding, ...]) -> None:
    from toekomstscenario_eval.types import Status

    # What blocks stands last, right above the verdict: that is what a terminal still shows.
    for b in sorted(bevindingen, key=lambda b: b.blokkeert):
        if b.status is Status.GESLAAGD:
            continue
        plek = ".".join(deel for deel in (b.tabel, b.kolom) if deel)
        soort = b.ernst.value if b.status is Status.GEFAALD else b.status.value
        say(f"{soort.upper()} {b.regel}: {b.titel}" + (f" ({plek})" if plek else ""))
        if b.status is Status.GEFAALD:
            eerste = ", ".join(map(str, b.rijen))
            say(
                f"    {b.aantal} {'rij' if b.aantal == 1 else 'rijen'}"
                + (f"; eerste rijnummers: {eerste}" if eerste else "")
            )
        for naam, waarde in (
            ("verwacht", b.verwacht),
            ("herstel", b.herstel),
            ("toelichting", b.toelichting),
        ):
            if waarde:
                say(f"    {naam}: {waarde}")
    tel = {status: sum(b.status is status for b in bevindingen) for status in Status}
    say("Uitkomst: " + ", ".join(f"{status.value} {n}" for status, n in tel.items()))
    slot = "NIET geschikt" if any(b.blokkeert for b in bevindingen) else "geschikt"
    say(f"Het pakket is {slot} voor analyse. Rijnummers tellen vanaf de eerste rij na de kop.")
