"""`tks controleer`: check a package, and write what was found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toekomstscenario_eval.cli._shared import PackageArg, progress, say
from toekomstscenario_eval.errors import ControleFout

if TYPE_CHECKING:
    from toekomstscenario_eval.types import Finding


def controleer(
    pakket: PackageArg = None,
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
        opened = open_package(pakket or example_package())
        stap("Regels toepassen")
        findings = checks.check(opened, progress=None)
    _print_findings(findings)
    for naam, rows in checks.row_counts(opened).items():
        if rows.used != rows.delivered:
            say(
                f"Tabel {naam}: {rows.delivered} regels, waarvan {rows.used} gebruikt, {rows.superseded} "
                f"vervallen, {rows.excluded} zonder een dag en {rows.refused} niet te lezen"
            )
    source = checks.as_json(opened, findings)
    files = {
        "controle.html": check_html(opened.titel, findings).encode(),
        "controle.json": (json.dumps(source, ensure_ascii=False, indent=1) + "\n").encode(),
    }
    for path in write_together(writable(uit), files):
        say(f"Geschreven: {path}")
    if any(b.blokkeert for b in findings):
        raise typer.Exit(ControleFout.exitcode)


def _print_findings(findings: tuple[Finding, ...]) -> None:
    from toekomstscenario_eval.types import Status

    # What blocks stands last, right above the verdict: that is what a terminal still shows.
    for b in sorted(findings, key=lambda b: b.blokkeert):
        if b.status is Status.GESLAAGD:
            continue
        spot = ".".join(part for part in (b.tabel, b.kolom) if part)
        soort = b.ernst.value if b.status is Status.GEFAALD else b.status.value
        say(f"{soort.upper()} {b.regel}: {b.titel}" + (f" ({spot})" if spot else ""))
        if b.status is Status.GEFAALD:
            first = ", ".join(map(str, b.rijen))
            say(
                f"    {b.aantal} {'rij' if b.aantal == 1 else 'rijen'}"
                + (f"; eerste rijnummers: {first}" if first else "")
            )
        for naam, waarde in (
            ("verwacht", b.verwacht),
            ("herstel", b.herstel),
            ("toelichting", b.toelichting),
        ):
            if waarde:
                say(f"    {naam}: {waarde}")
    count = {status: sum(b.status is status for b in findings) for status in Status}
    say("Uitkomst: " + ", ".join(f"{status.value} {n}" for status, n in count.items()))
    closing = "NIET geschikt" if any(b.blokkeert for b in findings) else "geschikt"
    say(f"Het pakket is {closing} voor analyse. Rijnummers tellen vanaf de eerste rij na de kop.")
    say("Alleen voor wie de gegevens mag zien: deze aantallen zijn exact.")
