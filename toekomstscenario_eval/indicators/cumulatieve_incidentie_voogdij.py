"""Share of households with a first guardianship within half a year, one and two years since instroom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import VOOGDIJ, first_since_entry
from toekomstscenario_eval.indicators._maatregel_card import first_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = first_card(
    VOOGDIJ,
    reads="Voogdij volgt meestal op een OTS en komt laat: binnen twee jaar is vaak nog weinig te zien. "
    "Lees dit samen met de eerste OTS na instroom, de OTS'en die met een gezagsbeëindigende maatregel "
    "eindigden, en het aandeel maatregelen na een duo.",
    sources=("CBS Beleidsinformatie Jeugd, typen maatregel 21, 22 en 23",),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="de eerste van drie soorten; van voorlopige naar gewone voogdij is geen nieuwe; de peildatum "
        "sluit af",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                eerste        | 2024-01-01 |
                had_al        | 2024-03-01 |
                niets         | 2024-06-01 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol  | geboortejaar
                k1         | eerste        | kind | 2010
                k2         | eerste        | kind | 2011
                k3         | had_al        | kind | 2010
                k4         | niets         | kind | 2010
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind
                k1         | 21    | 2024-05-01 |
                k2         | 22    | 2024-02-29 | 2024-05-01
                k3         | 22    | 2024-02-01 | 2024-03-01
                k3         | 21    | 2024-03-02 |
            """,
        },
        vraag=Vraag(_VRAAG.venster, date(2024, 7, 1)),
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            eerste        | 0        | 59   | 1     |
            had_al        |          |      |       | had de maatregel al bij instroom
            niets         | 0        | 30   | 0     |
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: days since instroom until the first measure (1) or leaving (2)."""
    return first_since_entry(t, vraag, VOOGDIJ)
