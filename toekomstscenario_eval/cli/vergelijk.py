"""`tks vergelijk`: what differs between two reports, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toekomstscenario_eval.cli._shared import DIFFERENCE, print_table, report_at, say
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.identity import BADGE, INSIDE_MARK

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
    from toekomstscenario_eval.provenance.manifest import load, sound

    old, new = load(report_at(oud)), load(report_at(nieuw))
    with sound(nieuw):
        if old["intern"] is not new["intern"]:
            raise OnthullingsFout(
                "een openbaar en een intern rapport worden niet vergeleken: het verschil is de bescherming",
                herstel="vergelijk twee openbare rapporten, of twee interne",
            )
        found = compare(old, new)
    show(found, title="Vergelijking van twee rapporten", out=uit, exact=new["intern"])


def show(vergelijking: Vergelijking, *, title: str, out: Path | None, exact: bool = False) -> None:
    """Print a comparison, write it to `out`, and stop with its exit code."""
    from toekomstscenario_eval.document.marking import marked
    from toekomstscenario_eval.document.nodes import Tabel
    from toekomstscenario_eval.making import inside
    from toekomstscenario_eval.making.publish import writable, write_together
    from toekomstscenario_eval.provenance import changes_page as changes

    v = vergelijking.differences
    rows = [(x.sleutel, x.wat, x.soort, x.old, x.nieuw, x.cause, x.getal_id) for x in v]
    tables = [changes.context_table(vergelijking.anders)] if vergelijking.anders else []
    tables += [changes.causes_table(vergelijking.per_cause)] if v else []
    for table in tables + ([changes.changes_table(rows[:_MOST])] if v else []):
        print_table(table, intern=exact)
    if len(rows) > _MOST:
        say(f"  ... en nog {len(rows) - _MOST}; alle staan in de bestanden van --uit")
    closing = f"{len(v)} getallen verschillen, {vergelijking.gelijk} zijn gelijk."
    say(f"\n{closing}")
    if exact:
        say(INSIDE_MARK)
        title, closing = f"{BADGE}: {title}", f"{INSIDE_MARK} {closing}"
    if out is not None:
        every = [*tables, changes.changes_table(rows)] if v else tables
        if exact:
            every = [table for table in marked(tuple(every))[0] if isinstance(table, Tabel)]
        lines = changes.changes_csv(rows)
        files = {
            "vergelijking.html": changes.changes_html(title, closing, every).encode(),
            "vergelijking.csv": inside.csv_with_mark(lines) if exact else lines,
        }
        place = writable(inside.folder(out, intern=exact))
        for path in write_together(place, inside.named(files) if exact else files):
            say(f"Geschreven: {path}")
    if v:
        raise typer.Exit(DIFFERENCE)
