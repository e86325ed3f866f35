"""Measures rest on children."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import persons
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.types import Ernst

_AGE = 19  # by year: whoever turns 19 this year was 18 at new year
_AGE_RECLASSERING = 24  # the law for adolescents reaches up to 23

RULE = Rule(
    titel="Een maatregel rust op iemand die geen kind is, of van wie de leeftijd onbekend is",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Deze maatregel telt niet mee in aandelen van kinderen.",
    herstel="koppel de maatregel aan het kind, of verbeter rol en geboortejaar van de persoon",
    needed={
        "maatregel": ("persoon_id", "soort", "begin"),
        "persoon": ("persoon_id", "huishouden_id", "rol", "geboortejaar"),
    },
)

CASES = (
    Case(
        "kinderen, en jeugdreclassering tot 23 jaar",
        {
            "persoon": "persoon_id | huishouden_id | rol | geboortejaar\n"
            "k1 | h1 | kind | 2010\nk2 | h1 | kind | 2001\nk3 | h1 | kind | 2006",
            "maatregel": "persoon_id | soort | begin\nk1 | 11 | 2024-01-01\nk2 | 41 | 2024-01-01\n"
            "k3 | UH | 2024-01-01",
        },
    ),
    Case(
        "een ouder, een kind zonder geboortejaar, een kind van 19 en een van 24",
        {
            "persoon": "persoon_id | huishouden_id | rol | geboortejaar\n"
            "o1 | h1 | ouder | 1980\nk1 | h1 | kind |\nk2 | h1 | kind | 2005\nk3 | h1 | kind | 2000",
            "maatregel": "persoon_id | soort | begin\no1 | 11 | 2024-01-01\nk1 | 11 | 2024-01-01\n"
            "k2 | 11 | 2024-01-01\nk3 | 41 | 2024-01-01\nk2 | 41 | 2024-01-01",
        },
        (
            ("maatregel", "persoon_id", 1, (1,)),
            ("maatregel", "persoon_id", 1, (2,)),
            ("maatregel", "begin", 2, (3, 4)),
        ),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for measures on adults, on children of unknown age, and on children too old for them."""
    m = package.tabellen["maatregel"]
    t = m.inner_join(persons(package), "persoon_id")
    listing = load_schema().codelists["maatregel_soort"]
    reclassering = [row["code"] for row in listing.rijen if row["familie"] == "jeugdreclassering"]
    limit = t.soort.isin(reclassering).ifelse(_AGE_RECLASSERING, _AGE)
    yield Toets("maatregel", "persoon_id", t, ~t.kind, verwacht="een persoon met de rol kind")
    yield Toets(
        "maatregel",
        "persoon_id",
        t,
        t.kind & t.jaar.isnull(),
        verwacht="een kind met een geboortejaar",
        herstel="vul het geboortejaar van deze kinderen aan in de tabel persoon",
    )
    yield Toets(
        "maatregel",
        "begin",
        t,
        t.kind & (t.begin.year() - t.jaar >= limit),
        verwacht=f"een kind dat dit jaar hoogstens {_AGE - 1} wordt "
        f"({_AGE_RECLASSERING - 1} bij jeugdreclassering)",
    )
