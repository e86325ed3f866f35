"""`tks vergelijk`: what differs between two reports, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toekomstscenario_eval.cli._samen import VERSCHIL, print_table, say

if TYPE_CHECKING:
    from toekomstscenario_eval.provenance.changes import Vergelijking

_MEESTE = 40
_RAPPORT = "Map, manifest.json of archief van het {} rapport."


def vergelijk(
    oud: Annotated[Path, typer.Argument(help=_RAPPORT.format("oude"), metavar="OUD")],
    nieuw: Annotated[Path, typer.Argument(help=_RAPPORT.format("nieuwe"), metavar="NIEUW")],
    uit: Annotated[
        Path | None, typer.Option("--uit", help="Map voor vergelijking.html en vergelijking.csv.")
    ] = None,
) -> None:
    """Noem elk getal dat tussen twee rapporten verschilt, met de oorzaak. Uitgangscode 7 bij verschil."""
    from toekomstscenario_eval.provenance.changes import compare
    from toekomstscenario_eval.provenance.manifest import load

    show(compare(load(oud), load(nieuw)), titel="Vergelijking van twee rapporten", uit=uit)


def show(vergelijking: Vergelijking, *, titel: str, uit: Path | None) -> None:
    """Print a comparison, write it to `uit`, and stop with its exit code."""
    from toekomstscenario_eval.making.publish import writable, write_together
    from toekomstscenario_eval.provenance import changes_page as changes

    v = vergelijking.verschillen
    rijen = [(x.sleutel, x.wat, x.soort, x.oud, x.nieuw, x.oorzaak, x.getal_id) for x in v]
    tabellen = [changes.context_table(vergelijking.anders)] if vergelijking.anders else []
    tabellen += [changes.causes_table(vergelijking.per_oorzaak)] if v else []
    for tabel in tabellen + ([changes.changes_table(rijen[:_MEESTE])] if v else []):
        print_table(tabel)
    if len(rijen) > _MEESTE:
        say(f"  ... en nog {len(rijen) - _MEESTE}; alle staan in de bestanden van --uit")
    slot = f"{len(v)} getallen verschillen, {vergelijking.gelijk} zijn gelijk."
    say(f"\n{slot}")
    if uit is not None:
        alle = [*tabellen, changes.changes_table(rijen)] if v else tabellen
        bestanden = {
            "vergelijking.html": changes.changes_html(titel, slot, alle).encode(),
            "vergelijking.csv": changes.changes_csv(rijen),
        }
        for pad in write_together(writable(uit), bestanden):
            say(f"Geschreven: {pad}")
    if v:
        raise typer.Exit(VERSCHIL)
