"""Every value can be read as the type of its column."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import columns, filled
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import EXPECTED, parse
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een waarde heeft de verkeerde vorm",
    ernst=Ernst.FOUT,
    uitleg="De waarde is niet te lezen als het soort gegeven dat de gegevensafspraak noemt.",
    herstel="lever de waarde in deze vorm, of laat haar leeg als zij onbekend is",
)
_REMEDY = {
    "date": "lever datums als JJJJ-MM-DD; JJJJMMDD, 00 voor een onbekende dag of maand, en vulwaarden als "
    "99999999 worden niet omgezet",
    "number": "gebruik een punt voor de decimalen, en geen teken voor duizendtallen",
}

CASES = (
    Case(
        "goede waarden",
        {
            "contact": "contact_id | huishouden_id | datum\nc1 | h1 | 2024-02-29\nc2 | h1 |",
            "meting": "meting_id | waarde\nm1 | -1.5\nm2 | 3\nm3 | 1e3",
            "overleg": "overleg_id | gezin_aanwezig\no1 | true\no2 | FALSE\no3 | 1",
        },
    ),
    Case(
        "datums die niet bestaan of anders zijn geschreven",
        {
            "contact": "contact_id | datum\nc1 | 2023-02-29\nc2 | 20240101\nc3 | 2024-01-01\nc4 | 20240100\n"
            "c5 | 1-1-2024\nc6 | 2024-1-1\nc7 | 0000-01-01\nc8 | 2024-01-01 00:00"
        },
        (("contact", "datum", 7, (1, 2, 4, 5, 6)),),
    ),
    Case(
        "getallen, jaren en ja of nee",
        {
            "meting": "meting_id | waarde\nm1 | 3,5\nm2 | 3\nm3 | nan\nm4 | 1e999",
            "overleg": "overleg_id | gezin_aanwezig\no1 | ja\no2 | true",
            "persoon": "persoon_id | geboortejaar\nk1 | 2010.0\nk2 | 10\nk3 | 2010",
        },
        (
            ("persoon", "geboortejaar", 2, (1, 2)),
            ("overleg", "gezin_aanwezig", 1, (1,)),
            ("meting", "waarde", 3, (1, 3, 4)),
        ),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask of each column for values that were delivered but could not be parsed; all can be text."""
    for column in columns(package):
        field = column.veld
        if field.type == "string":
            continue
        yield Toets(
            column.tabel,
            field.naam,
            column.rows_raw,
            filled(column.raw) & parse(column.raw, field).isnull(),
            verwacht=EXPECTED[field.type],
            herstel=_REMEDY.get(field.type, ""),
        )
