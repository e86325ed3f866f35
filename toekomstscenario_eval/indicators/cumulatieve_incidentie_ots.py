"""Share of households with a first OTS within half a year, one and two years since instroom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import OTS, first_since_entry
from toekomstscenario_eval.indicators._maatregel_card import first_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = first_card(
    OTS,
    reads="Zet dit niet naast een aandeel OTS uit een artikel zonder eerst noemer en termijn te vergelijken. "
    "Lees het samen met het aandeel met een OTS op de meetdag, de duur van de OTS en het aandeel maatregelen "
    "na een duo.",
    sources=(
        "Van der Steege & Regeer; NVO 24-02-2023: 4 van 103 zaken leidden tot een OTS (termijn niet genoemd)",
        "CBS Beleidsinformatie Jeugd, type maatregel 11",
    ),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="eerste OTS, vertrek, niets, al bij instroom, al voor het venster, op de dag van instroom of "
        "vertrek",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                gewoon        | 2024-01-01 |
                laat          | 2023-12-02 | 2024-01-11
                niets         | 2024-01-01 |
                had_al        | 2024-01-01 |
                eerder        | 2023-01-01 |
                tegelijk      | 2024-01-01 | 2024-02-01
                meteen        | 2024-06-01 |
                volwassen     | 2024-01-01 |
                weg           | 2022-01-01 | 2023-01-01
            """,
            "persoon": """
                persoon_id | huishouden_id | rol   | geboortejaar
                k1         | gewoon        | kind  | 2010
                k2         | gewoon        | kind  | 2012
                k3         | laat          | kind  | 2012
                k4         | niets         | kind  |
                o4         | niets         | ouder | 1980
                k5         | had_al        | kind  | 2012
                k6         | eerder        | kind  | 2012
                k7         | tegelijk      | kind  | 2012
                k8         | meteen        | kind  | 2012
                k9         | volwassen     | kind  | 2000
                k0         | weg           | kind  | 2012
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind
                k1         | 11    | 2024-03-01 |
                k1         | 11    | 2024-03-01 |
                k2         | 11    | 2024-05-01 |
                o4         | 11    | 2024-05-01 |
                k4         | 12    | 2024-05-01 |
                k5         | 11    | 2023-06-01 | 2024-01-01
                k5         | 11    | 2024-01-02 |
                k6         | 11    | 2023-03-01 | 2023-04-01
                k6         | 11    | 2024-03-01 |
                k7         | 11    | 2024-02-01 |
                k8         | 11    | 2024-06-01 |
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            gewoon        | 0        | 60   | 1     |
            laat          | 30       | 40   | 2     |
            niets         | 0        | 366  | 0     |
            had_al        |          |      |       | had de maatregel al bij instroom
            eerder        |          |      |       | eerste maatregel al voor het venster
            tegelijk      | 0        | 31   | 2     |
            meteen        |          |      |       | had de maatregel al bij instroom
            volwassen     |          |      |       | geen kind onder de 18 of met onbekend geboortejaar
            weg           |          |      |       | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="een begin op de rand telt in het venster dat daar sluit, niet in het venster dat daar begint",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                sluit         | 2024-01-01 |
                opent         | 2023-01-01 |
                vertrekt      | 2024-01-01 | 2025-01-01
            """,
            "persoon": """
                persoon_id | huishouden_id | rol  | geboortejaar
                k1         | sluit         | kind | 2010
                k2         | opent         | kind | 2010
                k3         | vertrekt      | kind | 2010
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind
                k1         | 11    | 2025-01-01 |
                k2         | 11    | 2024-01-01 |
                k3         | 11    | 2025-01-02 |
            """,
        },
        vraag=Vraag(_VRAAG.venster, date(2025, 6, 1)),
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            sluit         | 0        | 366  | 1     |
            opent         |          |      |       | eerste maatregel al voor het venster
            vertrekt      | 0        | 366  | 2     |
        """,
    ),
    Voorbeeld(
        naam="op de dag van instroom als nieuw gerekend; een overdracht over de dag van instroom heen is oud",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                meteen        | 2024-06-01 |
                ertussen      | 2024-06-01 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol  | geboortejaar
                k1         | meteen        | kind | 2010
                k2         | ertussen      | kind | 2010
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind       | reden_einde
                k1         | 11    | 2024-06-01 |            |
                k2         | 11    | 2024-01-01 | 2024-05-31 | OV
                k2         | 11    | 2024-06-03 |            |
            """,
        },
        vraag=Vraag(_VRAAG.venster, _VRAAG.peildatum, {"op_dag_van_instroom": "nieuw"}),
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            meteen        | 0        | 0    | 1     |
            ertussen      |          |      |       | had de maatregel al bij instroom
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: days since instroom until the first measure (1) or leaving (2)."""
    return first_since_entry(t, vraag, OTS)
