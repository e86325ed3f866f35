"""The page for the output checker: its numbers read as those of the report."""

from __future__ import annotations

import re
from datetime import date

import pytest

from toekomstscenario_eval.blocks.release_page import outputs_table, places_table, release_html, summary

DOSSIER = {
    "cellen": 86579,
    "uitvoer": [
        {"sleutel": f"r{i}", "label": "R", "soort": "aandeel", "uitkomst": "deels getoond", "redenen": {}}
        | {"cellen": 16276, "gevraagd": 2195, "niet_getoond": 1706}
        for i in range(2)
    ],
    "plekken": [{"uitsplitsing": "", "stand": "2026-01-01", "aantal": 12345}],
    "beleid": {
        "naam": "standaard",
        "titel": "Standaard",
        "bron": "een proef",
        "regels": [
            {"naam": naam, "waarde": waarde, "uitleg": naam, "bron": "een proef"}
            for naam, waarde in (("ruis_d", 6), ("ruis_v", 3.0), ("ruis_js", 2))
        ],
    },
    "epoche": "2026-01-01",
    "sleutel": "0123abcd",
    "register": "4567cdef",
    "vrijgave": "v1",
    "vrije_tekst": [],
}


def cells(table):
    return " ".join(cell.tekst for row in table.rijen for cell in row)


TEXTS = {
    "zinnen": lambda: " ".join(summary(DOSSIER)),
    "uitvoer": lambda: cells(outputs_table(DOSSIER["uitvoer"])),
    "plekken": lambda: cells(places_table(DOSSIER["plekken"])),
}


@pytest.mark.parametrize("naam", TEXTS)
def test_thousands_are_set_apart(naam):
    text = TEXTS[naam]()
    assert re.search(r"\d\.\d{3}\b", text)
    years = {str(date.fromisoformat(DOSSIER["epoche"]).year)}
    assert set(re.findall(r"(?<![\w.])\d{4,}(?!\w)", text)) <= years


def test_the_page_has_what_it_counts():
    page = release_html(DOSSIER, title="Proef")
    for n in ("86.579", "4.390", "3.412", "12.345"):
        assert n in page
