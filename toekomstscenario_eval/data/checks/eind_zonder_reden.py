"""What has ended has an end reason."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import delivered, filled
from toekomstscenario_eval.data.checks._vorm import Geval, Nvt, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een periode is geëindigd zonder reden van einde",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Analyses die het soort einde onderscheiden, tellen dit einde als onbekend.",
    herstel="vul de reden van einde aan bij de bron",
)

GEVALLEN = (
    Geval(
        "met reden, of nog lopend",
        {"maatregel": "begin | eind | reden_einde\n2024-01-01 | 2024-02-01 | 02\n2024-01-01 | |"},
    ),
    Geval(
        "zonder reden",
        {"maatregel": "begin | eind | reden_einde\n2024-01-01 | 2024-02-01 |\n2024-01-01 | |"},
        (("maatregel", "reden_einde", 1, (1,)),),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets | Nvt]:
    """Ask of each table with end reasons for rows that ended without one."""
    for tabel in delivered(pakket):
        if "reden_einde" in {v.naam for v in tabel.velden}:
            reden = pakket.ontbreekt({tabel.naam: ("eind", "reden_einde")})
            t = pakket.ruw[tabel.naam]
            yield (
                Nvt(reden, tabel.naam, "reden_einde")
                if reden
                else Toets(
                    tabel.naam,
                    "reden_einde",
                    t,
                    filled(t.eind) & ~filled(t.reden_einde),
                    verwacht="een reden bij elk eind",
                )
            )
