"""No column is delivered that the contract does not ask for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import delivered
from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import RIJ
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een kolom staat niet in de gegevensafspraak",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De kolom wordt niet gebruikt. Wat niemand gebruikt, hoort niet te worden verzameld of geleverd.",
    herstel="lever deze kolom niet",
)

GEVALLEN = (
    Geval("alleen bekende kolommen", {"professional": "professional_id | functie\na | x"}),
    Geval(
        "een kolom te veel en een verschreven naam",
        {"professional": "professional_id | notitie | Functie\na | x | y"},
        (("professional", "notitie", 1, ()), ("professional", "Functie", 1, ())),
    ),
)


def toetsen(pakket: Package) -> Iterator[Telling]:
    """Ask of each delivered column whether the contract knows it."""
    for tabel in delivered(pakket):
        kolommen = [k for k in pakket.ruw[tabel.naam].columns if k != RIJ]
        bekend = [v.naam for v in tabel.velden]
        ontbreekt = [naam for naam in bekend if naam not in kolommen]
        for kolom in kolommen:
            yield Telling(
                tabel.naam,
                kolom,
                int(kolom not in bekend),
                verwacht="een van de kolommen " + ", ".join(bekend),
                herstel=_remedy(kolom, ontbreekt),
            )


def _remedy(kolom: str, ontbreekt: list[str]) -> str:
    dichtbij = difflib.get_close_matches(kolom.strip().casefold(), ontbreekt, n=1, cutoff=0.7)
    return f"bedoelt u '{dichtbij[0]}'? Geef de kolom dan die naam" if dichtbij else ""
