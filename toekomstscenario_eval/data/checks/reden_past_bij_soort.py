"""The end reason of a measure belongs to its sort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="De reden van einde hoort bij een andere soort maatregel",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Elke soort maatregel heeft eigen codes voor de reden van einde. Een code van een andere soort "
    "komt "
    "meestal door verkeerd vertalen, bijvoorbeeld van iJw naar CBS.",
    herstel="vertaal de redenen opnieuw uit de bron; iJw 32, 33 en 34 zijn niet in die volgorde CBS 02, 03 "
    "en 04",
    nodig={"maatregel": ("soort", "reden_einde")},
)
# A provisional OTS has no reasons of its own: it becomes an OTS or ends like one.
_ALS = {"vots": "ots"}

GEVALLEN = (
    Geval(
        "eigen codes, overdracht, en een VOTS die OTS werd",
        {"maatregel": "soort | reden_einde\n11 | 02\n21 | 11\nUH | TH\n41 | 21\n12 | 07\n21 | OV\n11 |"},
    ),
    Geval(
        "codes van een andere soort",
        {"maatregel": "soort | reden_einde\n11 | 11\n21 | 02\nUH | 01\n11 | 02"},
        (("maatregel", "reden_einde", 3, (1, 2, 3)),),
    ),
)


def _by_family(rijen: tuple[Mapping[str, str], ...]) -> dict[str, list[str]]:
    uit: dict[str, list[str]] = {}
    for rij in rijen:
        uit.setdefault(rij["familie"], []).append(rij["code"])
    return uit


def toetsen(pakket: Package) -> Iterator[Toets]:
    """Ask for measures whose end reason is a known code of another family than their sort."""
    lijsten = load_schema().codelijsten
    soorten = _by_family(lijsten["maatregel_soort"].rijen)
    redenen = _by_family(lijsten["maatregel_reden_einde"].rijen)
    bekend = [code for codes in redenen.values() for code in codes]
    t = pakket.tabellen["maatregel"]
    fout = None
    for familie, codes in soorten.items():
        mag = redenen.get(_ALS.get(familie, familie), []) + redenen.get("alle", [])
        verkeerd = t.soort.isin(codes) & t.reden_einde.isin([c for c in bekend if c not in mag])
        fout = verkeerd if fout is None else fout | verkeerd
    yield Toets("maatregel", "reden_einde", t, fout, verwacht="een reden van de familie van de maatregel")
