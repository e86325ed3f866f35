"""A delivered column holds values."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import delivered, filled
from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

_TEN_MINSTE = 20  # fewer rows can be empty by chance

REGEL = Regel(
    titel="Een kolom is helemaal leeg",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De kolom is geleverd, maar in geen enkele rij gevuld. Een analyse kan daardoor nul vinden waar "
    "niets is "
    "geregistreerd.",
    herstel="lever de waarden, of laat de kolom weg: dan is een analyse die haar nodig heeft niet van "
    "toepassing",
)

GEVALLEN = (
    Geval(
        "een enkele waarde; of te weinig rijen om iets te zeggen",
        {
            "professional": "professional_id | functie\n" + "\n".join(f"p{i} | " for i in range(30)) + "x",
            "persoon": "persoon_id | geslacht\nk1 |\nk2 |",
        },
    ),
    Geval(
        "twintig lege cellen",
        {"professional": "professional_id | functie\n" + "\n".join(f"p{i} |" for i in range(20))},
        (("professional", "functie", 20, ()),),
    ),
)


def toetsen(pakket: Package) -> Iterator[Telling]:
    """Count the filled cells of each optional column of tables with enough rows."""
    for tabel in delivered(pakket):
        t = pakket.ruw[tabel.naam]
        rijen = pakket.bestanden[tabel.naam].rijen
        kolommen = [v.naam for v in tabel.velden if not v.verplicht and v.naam in t.columns]
        if rijen < _TEN_MINSTE or not kolommen:
            continue
        maten = {k: t.count(where=filled(t[k])) for k in kolommen}
        gevuld = t.aggregate(**maten).to_pyarrow().to_pylist()[0]
        for k in kolommen:
            leeg = gevuld[k] == 0
            yield Telling(tabel.naam, k, rijen if leeg else 0, verwacht="ten minste een gevulde cel")
