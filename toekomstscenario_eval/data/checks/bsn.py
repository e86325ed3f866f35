"""No column holds citizen service numbers (BSN)."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.citizen_number import says_so
from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Telling
from toekomstscenario_eval.data.citizen_columns import Found, find_bsn
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een kolom bevat burgerservicenummers",
    ernst=Ernst.FOUT,
    uitleg="Het gebruik van het BSN vraagt een wettelijke grondslag (UAVG art. 46), die onderzoek niet "
    "heeft. Een pakket "
    "met het BSN wordt daarom geweigerd, ook in een kolom die niemand gebruikt.",
    herstel="vervang het BSN bij de bron door een pseudoniem met een geheime sleutel, verwijder dit bestand "
    "en meld het "
    "aan de functionaris gegevensbescherming",
)
# Numbers made for testing: they pass the test and were never issued.
_VALID = ("999990019", "999990020", "999990032", "999990044", "999990056", "999990068")


def _persons(column: str, waarden: tuple[str, ...]) -> str:
    return f"persoon_id | {column}\n" + "\n".join(f"k{i} | {w}" for i, w in enumerate(waarden))


CASES = (
    Case(
        "nummers die de proef niet doorstaan, en vulwaarden",
        {
            "persoon": _persons(
                "notitie", ("123456789", "999999999", "000000000", "20240101", "", "111111111", "k1", "k2")
            )
        },
    ),
    Case("te weinig nummers om iets te zeggen", {"persoon": _persons("notitie", _VALID[:2])}),
    Case(
        "drie verschillende nummers, en niets anders in de kolom",
        {"persoon": _persons("notitie", (*_VALID[:3], *_VALID[:2]))},
        (("persoon", "notitie", 5, (1, 2, 3, 4, 5)),),
    ),
    Case(
        "nummers tussen andere sleutels, met spaties, letters ervoor of in een tekst",
        {
            "persoon": _persons(
                "notitie",
                (
                    *(f"gezin {i}" for i in range(30)),
                    *("999 990 019", "9999.90.020", "NL999990032", "b999990044", "zie 999990056 van mei"),
                ),
            )
        },
        (("persoon", "notitie", 5, (31, 32, 33, 34, 35)),),
    ),
    Case(
        "een nummer dat zelf zegt wat het is",
        {"persoon": _persons("notitie", ("een brief", "BSN: 999990019", "nog een brief"))},
        (("persoon", "notitie", 1, (2,)),),
    ),
    Case(
        "nummers in een kolom die de gegevensafspraak niet kent, ook als kommagetal",
        {"persoon": _persons("notitie", ("", *_VALID[:4], "999999999", "999990056.0", "iets anders"))},
        (("persoon", "notitie", 5, (2, 3, 4, 5, 7)),),
    ),
    Case(
        "een kolom die zo heet, ook als zij leeg is",
        {"persoon": "persoon_id | BSN_kind\nk1 |"},
        (("persoon", "BSN_kind", 1, ()),),
    ),
)


def toetsen(package: Package) -> Iterator[Telling]:
    """Look for numbers that pass the test of eleven in every column, known or not, and at its name."""
    for table in delivered(package):
        found = find_bsn(package.raw[table.naam])
        for column in (k for k in package.raw[table.naam].columns if k != ROW):
            here = found.get(column, Found(0, (), 0, 0))
            yield Telling(
                table.naam,
                column,
                max(here.aantal, int(says_so(column))),
                here.rijen,
                verwacht="pseudoniemen; een ruw BSN wordt geweigerd",
                toelichting=f"{RULE.uitleg} Gevonden: {here}." if here.aantal else "",
            )
