"""The end reason of a measure belongs to its sort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="De reden van einde hoort bij een andere soort maatregel",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Elke soort maatregel heeft eigen codes voor de reden van einde. Een code van een andere soort "
    "komt "
    "meestal door verkeerd vertalen, bijvoorbeeld van iJw naar CBS.",
    herstel="vertaal de redenen opnieuw uit de bron; iJw 32, 33 en 34 zijn niet in die volgorde CBS 02, 03 "
    "en 04",
    needed={"maatregel": ("soort", "reden_einde")},
)
# A provisional OTS has no reasons of its own: it becomes an OTS or ends like one.
_IF = {"vots": "ots"}

CASES = (
    Case(
        "eigen codes, overdracht, en een VOTS die OTS werd",
        {"maatregel": "soort | reden_einde\n11 | 02\n21 | 11\nUH | TH\n41 | 21\n12 | 07\n21 | OV\n11 |"},
    ),
    Case(
        "codes van een andere soort",
        {"maatregel": "soort | reden_einde\n11 | 11\n21 | 02\nUH | 01\n11 | 02"},
        (("maatregel", "reden_einde", 3, (1, 2, 3)),),
    ),
)


def _by_family(rows: tuple[Mapping[str, str], ...]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for row in rows:
        out.setdefault(row["familie"], []).append(row["code"])
    return out


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for measures whose end reason is a known code of another family than their sort."""
    listings = load_schema().codelists
    soorten = _by_family(listings["maatregel_soort"].rijen)
    redenen = _by_family(listings["maatregel_reden_einde"].rijen)
    known = [code for codes in redenen.values() for code in codes]
    t = package.tabellen["maatregel"]
    fout = None
    for family, codes in soorten.items():
        may = redenen.get(_IF.get(family, family), []) + redenen.get("alle", [])
        wrong = t.soort.isin(codes) & t.reden_einde.isin([c for c in known if c not in may])
        fout = wrong if fout is None else fout | wrong
    yield Toets("maatregel", "reden_einde", t, fout, verwacht="een reden van de familie van de maatregel")
