"""`tks basistabel`: who the households are."""

from __future__ import annotations

from toekomstscenario_eval.cli._shared import (
    InsideOpt,
    KeyOpt,
    PackageArg,
    PolicyOpt,
    print_table,
    progress,
    say,
)
from toekomstscenario_eval.identity import INSIDE_MARK
from toekomstscenario_eval.protection.policy import DEFAULT


def basistabel(
    pakket: PackageArg = None,
    beleid: PolicyOpt = DEFAULT,
    intern: InsideOpt = False,
    sleutel: KeyOpt = None,
) -> None:
    """Toon wie de huishoudens zijn, in proeftuinen en in vergelijkingsregio's."""
    from toekomstscenario_eval.blocks.baseline import baseline_blocks
    from toekomstscenario_eval.document.document import Alinea, Tabel, flat_text
    from toekomstscenario_eval.study import Study

    with progress() as stap:
        study = Study.open(pakket, intern=intern, beleid=beleid, sleutel=sleutel, voortgang=stap)
        stap("Berekenen")
        vrijgave = study.bundel(*study.shown(*study.computed_baseline()))
    for block in baseline_blocks(vrijgave):
        if isinstance(block, Tabel):
            print_table(block, intern=vrijgave.intern)
        elif isinstance(block, Alinea):
            say(f"  {flat_text(block.inhoud)}")
    if intern:
        say(f"\n{INSIDE_MARK}")
