"""Households that came in while a child had an ondertoezichtstelling (OTS)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import OTS, running_at_entry
from toekomstscenario_eval.indicators._maatregel_card import entry_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = entry_card(OTS)

VOORBEELDEN = (
    Voorbeeld(
        naam="loopt, begint of eindigt op de dag van instroom; door een overdracht heen; niet bekend",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                liep          | 2024-03-01 |
                die_dag       | 2024-03-01 |
                eindigde      | 2024-03-01 |
                later         | 2024-03-01 |
                overdracht    | 2024-03-01 |
                ander         | 2024-03-01 |
                overgenomen   | 2024-03-01 |
                zonder_leden  | 2024-03-01 |
                weg           | 2023-01-01 | 2023-06-01
            """,
            "persoon": """
                persoon_id | huishouden_id | rol   | geboortejaar
                k1         | liep          | kind  | 2010
                k2         | liep          | kind  | 2012
                k3         | die_dag       | kind  | 2010
                k4         | eindigde      | kind  | 2010
                k5         | later         | kind  | 2010
                k6         | overdracht    | kind  | 2010
                k7         | ander         | kind  | 2010
                o1         | ander         | ouder | 1990
                k8         | overgenomen   | kind  | 2010
                k9         | weg           | kind  | 2010
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind       | reden_einde | begin_onbekend
                k1         | 11    | 2024-01-01 |            |             |
                k2         | 11    | 2024-06-01 |            |             |
                k3         | 11    | 2024-03-01 |            |             |
                k4         | 11    | 2024-01-01 | 2024-03-01 |             |
                k5         | 11    | 2024-03-02 |            |             |
                k6         | 11    | 2024-01-01 | 2024-02-28 | OV          |
                k6         | 11    | 2024-03-04 |            |             |
                k7         | 12    | 2024-01-01 |            |             |
                o1         | 11    | 2024-01-01 |            |             |
                k8         | 11    | 2024-05-01 |            |             | true
                k9         | 11    | 2022-01-01 |            |             |
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)),
        verwacht="""
            huishouden_id | kenmerk               | uitsluiting
            liep          | bij_instroom          |
            die_dag       | bij_instroom          |
            eindigde      |                       |
            later         |                       |
            overdracht    | bij_instroom          |
            ander         |                       |
            overgenomen   | bij_instroom_onbekend |
            zonder_leden  | bij_instroom_onbekend |
            weg           |                       | geen dag in het venster
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: whether a child had the measure on the day of instroom."""
    return running_at_entry(t, vraag, OTS)
