"""A delivered column holds values."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered, filled
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

_AT_LEAST = 20  # fewer rows can be empty by chance

RULE = Rule(
    titel="Een kolom is helemaal leeg",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De kolom is geleverd, maar in geen enkele rij gevuld. Een analyse kan daardoor nul vinden waar "
    "niets is "
    "geregistreerd.",
    herstel="lever de waarden, of laat de kolom weg: dan is een analyse die haar nodig heeft niet van "
    "toepassing",
)

CASES = (
    Case(
        "een enkele waarde; of te weinig rijen om iets te zeggen",
        {
            "professional": "professional_id | functie\n" + "\n".join(f"p{i} | " for i in range(30)) + "x",
            "persoon": "persoon_id | geslacht\nk1 |\nk2 |",
        },
    ),
    Case(
        "twintig lege cellen",
        {"professional": "professional_id | functie\n" + "\n".join(f"p{i} |" for i in range(20))},
        (("professional", "functie", 20, ()),),
    ),
)


def toetsen(package: Package) -> Iterator[Telling]:
    """Count the filled cells of each optional column of tables with enough rows."""
    for table in delivered(package):
        t = package.raw[table.naam]
        rows = package.bestanden[table.naam].rijen
        columns = [v.naam for v in table.fields if not v.required and v.naam in t.columns]
        if rows < _AT_LEAST or not columns:
            continue
        maten = {k: t.count(where=filled(t[k])) for k in columns}
        filled_in = t.aggregate(**maten).to_pyarrow().to_pylist()[0]
        for k in columns:
            empty = filled_in[k] == 0
            yield Telling(table.naam, k, rows if empty else 0, verwacht="ten minste een gevulde cel")
