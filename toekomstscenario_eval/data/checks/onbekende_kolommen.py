"""No column is delivered that the contract does not ask for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een kolom staat niet in de gegevensafspraak",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De kolom wordt niet gebruikt. Wat niemand gebruikt, hoort niet te worden verzameld of geleverd.",
    herstel="lever deze kolom niet",
    structure=True,
)

CASES = (
    Case("alleen bekende kolommen", {"professional": "professional_id | functie\na | x"}),
    Case(
        "een kolom te veel en een verschreven naam",
        {"professional": "professional_id | notitie | Functie\na | x | y"},
        (("professional", "notitie", 1, ()), ("professional", "Functie", 1, ())),
    ),
)


def toetsen(package: Package) -> Iterator[Telling]:
    """Ask of each delivered column whether the contract knows it."""
    for table in delivered(package):
        columns = [k for k in package.raw[table.naam].columns if k != ROW]
        known = [v.naam for v in table.fields]
        missing = [naam for naam in known if naam not in columns]
        for column in columns:
            yield Telling(
                table.naam,
                column,
                int(column not in known),
                verwacht="een van de kolommen " + ", ".join(known),
                herstel=_remedy(column, missing),
            )


def _remedy(column: str, missing: list[str]) -> str:
    near = difflib.get_close_matches(column.strip().casefold(), missing, n=1, cutoff=0.7)
    return f"bedoelt u '{near[0]}'? Geef de kolom dan die naam" if near else ""
