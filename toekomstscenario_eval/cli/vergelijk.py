"""`tks vergelijk`: what differs between two reports, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toekomstscenario_eval.cli._shared import DIFFERENCE, INSIDE_MARK, print_table, say

if TYPE_CHECKING:
    from toekomstscenario_eval.provenance.changes import Vergelijking

_MOST = 40
_REPORT = "Map, manifest.json of archief van het {} rapport."


def vergelijk(
    oud: Annotated[Path, typer.Argument(help=_REPORT.format("oude"), metavar="OUD")],
    nieuw: Annotated[Path, typer.Argument(help=_REPORT.format("nieuwe"), metavar="NIEUW")],
    uit: Annotated[
        Path | None, typer.Option("--uit", help="Map voor vergelijking.html en vergelijking.csv.")
    ] = None,
) -> None:
    """Noem elk getal dat tussen twee rapporten verschilt, met de oorzaak. Uitgangscode 7 bij verschil."""
    from toekomstscenario_eval.provenance.changes import compare
    from toekomstscenario_eval.provenance.manifest import load

    show(compare(load(oud), load(nieuw)), title="Vergelijking van twee rapporten", out=uit)


def show(vergelijking: Vergelijking, *, title: str, out: Path | None) -> None:
    """Print a comparison, write it to `out`, and stop with its exit code."""
    from toekomstscenario_eval.making.publish import writable, write_together
    from toekomstscenario_eval.provenance import changes_page as changes

    v = vergelijking.differences
    rows = [(x.sleutel, x.wat, x.soort, x.old, x.nieuw, x.cause, x.getal_id) for x in v]
    tables = [changes.context_table(vergelijking.anders)] if vergelijking.anders else []
    tables += [changes.causes_table(vergelijking.per_cause)] if v else []
    for table in tables + ([changes.changes_table(rows[:_MOST])] if v else []):
        print_table(table)
    if len(rows) > _MOST:
        say(f"  ... en nog {len(rows) - _MOST}; alle staan in de bestanden van --uit")
    closing = f"{len(v)} getallen verschillen, {vergelijking.gelijk} zijn gelijk."
    if vergelijking.intern:
        say(f"\n{INSIDE_MARK}")
    say(f"\n{closing}")
    if out is not None:
        every = [*tables, changes.changes_table(rows)] if v else tables
        files = {
            "vergelijking.html": changes.changes_html(
                title, closing, every, intern=vergelijking.intern
            ).encode(),
            "vergelijking.csv": changes.changes_csv(rows),
        }
        for path in write_together(writable(out), files):
            say(f"Geschreven: {path}")
    if v:
        raise typer.Exit(DIFFERENCE)
