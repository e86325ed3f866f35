"""`tks vrijgave`: the record of a release, for the output checker."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toekomstscenario_eval.cli._shared import Group, print_table, say

vrijgave = typer.Typer(
    cls=Group, help="Bekijk wat is vrijgegeven, en leg een uitzondering vast.", no_args_is_help=True
)

_Map = Annotated[Path, typer.Argument(help="Map van een verslag.", metavar="MAP")]
_Key = Annotated[str, typer.Argument(help="Naam van het resultaat.", metavar="RESULTAAT")]


@vrijgave.command()
def lijst(map_: _Map) -> None:
    """Noem alle uitvoer met haar uitkomst."""
    from toekomstscenario_eval.blocks.release_page import outputs_table, summary
    from toekomstscenario_eval.disclosure.record import load

    _, dossier = load(map_)
    for sentence in summary(dossier):
        say(sentence)
    print_table(outputs_table(dossier["uitvoer"]))


@vrijgave.command()
def toon(map_: _Map, resultaat: _Key) -> None:
    """Toon van één resultaat de regels, de uitkomst, het herstel en de uitzonderingen."""
    from toekomstscenario_eval.disclosure.record import load, output

    _, dossier = load(map_)
    u = output(dossier, resultaat)
    lines = {r["naam"]: r for r in dossier["beleid"]["regels"]}
    say(f"{u['label']} ({u['sleutel']}): {u['uitkomst']}")
    say(f"  Getallen: {u['gevraagd']} gevraagd, {u['onderdrukt']} onderdrukt, {u['gebleven']} eerdere stand")
    say(f"  Punten van figuren: {u['punten']}, waarvan {u['punten_onderdrukt']} onderdrukt")
    say("  Regels:")
    for naam in u["regels"]:
        say(f"    {naam} = {lines[naam]['waarde']}: {lines[naam]['uitleg']}")
    say(f"  Verborgen omdat een andere definitie te dichtbij ligt: {u['nabij_andere_definitie']}")
    say(f"  Extra verborgen door het herstel: {'; '.join(u['herstel']) or 'niets'}")
    for e in dossier["uitzonderingen"]:
        if e["sleutel"] == resultaat:
            say(f"  Uitzondering van {e['wie']} op {e['wanneer']}: {e['waarom']}")


@vrijgave.command()
def uitzondering(
    map_: _Map,
    resultaat: _Key,
    wie: Annotated[str, typer.Option("--wie", help="Wie de uitzondering verleent.")],
    waarom: Annotated[str, typer.Option("--waarom", help="De reden.")],
) -> None:
    """Leg vast dat iemand een uitvoer heeft beoordeeld; verandert geen getal."""
    import json
    from datetime import UTC, datetime

    from toekomstscenario_eval.blocks.release_page import release_html
    from toekomstscenario_eval.disclosure.record import load, with_exception
    from toekomstscenario_eval.making.publish import writable, write_together

    path, dossier = load(map_)
    today = datetime.now(UTC).date()
    new = with_exception(dossier, resultaat, who=wie, why=waarom, when=today)
    files = {
        path.name: (json.dumps(new, ensure_ascii=False, indent=1) + "\n").encode(),
        "vrijgave.html": release_html(new, title=new["titel"]).encode(),
    }
    for written in write_together(writable(path.parent), files):
        say(f"Geschreven: {written}")
