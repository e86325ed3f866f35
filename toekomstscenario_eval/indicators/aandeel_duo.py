"""Share of households in which a local and an RVT professional work as a duo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip, present
from toekomstscenario_eval.indicators._duo import COMES_BEFORE, GAP, TABLES, duos
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.types import Card, Kind, Maat, Venster, Voorbeeld, Vorm, Vraag

CARD = Card(
    label="Aandeel huishoudens met een duo",
    kind=Kind.AANDEEL,
    versie="1.0",
    vraag="Bij welk deel van de huishoudens werken een lokale professional en een professional van het "
    "Regionaal Veiligheidsteam als duo?",
    populatie="huishoudens met ten minste één dag in het venster",
    teller="huishoudens met in het venster ten minste één dag waarop een professional van een lokaal team "
    "en een andere van een Regionaal Veiligheidsteam beide betrokken zijn",
    noemer="alle huishoudens van de populatie",
    eenheid="huishouden",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen: een duo dat nog loopt telt mee; een duo na vertrek van het huishouden telt niet mee",
    uitsluitingen="huishoudens zonder dag in het venster",
    lezen="Een huishouden dat kort in beeld is, heeft minder kans om een duo te krijgen: vergelijk alleen "
    "vensters van gelijke lengte. Een hoger aandeel is niet vanzelf beter; bij het ene gezin is een duo "
    "nodig, bij het andere niet.",
    bronnen=("Van der Steege & Regeer 2023/2024: bij de helft van de huishoudens een duo (FoodValley)",),
    thema="Samen optrekken",
    kern=True,
    tabellen=TABLES,
    komt_voor=COMES_BEFORE,
    maten={
        "aandeel": Maat("Aandeel met een duo", "aandeel van de huishoudens", Vorm.AANDEEL, over_tijd=True)
    },
    params={"maximale_onderbreking": GAP},
)

VOORBEELDEN = (
    Voorbeeld(
        naam="een duo, na elkaar, en buiten het venster",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                samen         | 2024-01-01 |
                estafette     | 2024-01-01 |
                vertrokken    | 2022-01-01 | 2023-12-01
            """,
            "organisatie": """
                organisatie_id | soort
                lt             | lokaal_team
                rvt            | regionaal_veiligheidsteam
            """,
            "betrokkenheid": """
                huishouden_id | professional_id | organisatie_id | begin      | eind
                samen         | a               | lt             | 2024-01-01 |
                samen         | b               | rvt            | 2024-03-01 | 2024-06-01
                estafette     | a               | lt             | 2024-01-01 | 2024-03-01
                estafette     | b               | rvt            | 2024-03-01 |
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            samen         | 1      | 1      |
            estafette     | 0      | 1      |
            vertrokken    |        |        | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="een duo dat voor het venster eindigde telt niet; een duo op de laatste dag wel",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                eerder        | 2023-01-01 |
                net           | 2023-01-01 |
            """,
            "organisatie": """
                organisatie_id | soort
                lt             | lokaal_team
                rvt            | regionaal_veiligheidsteam
            """,
            "betrokkenheid": """
                huishouden_id | professional_id | organisatie_id | begin      | eind
                eerder        | a               | lt             | 2023-01-01 |
                eerder        | b               | rvt            | 2023-03-01 | 2024-01-01
                net           | a               | lt             | 2024-12-31 |
                net           | b               | rvt            | 2023-01-01 |
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)),
        verwacht="""
            huishouden_id | teller | noemer
            eerder        | 0      | 1
            net           | 1      | 1
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: teller 1 with a duo in the window, noemer 1."""
    aanwezig = present(t["huishouden"], vraag)
    duo = clip(duos(t, gap=vraag.params["maximale_onderbreking"]), aanwezig)
    with_duo = duo.select("huishouden_id").distinct().mutate(teller=ibis.literal(1, "int64"))
    rows = aanwezig.left_join(with_duo, "huishouden_id").select(
        "huishouden_id", teller=lambda r: r.teller.fill_null(0), noemer=ibis.literal(1, "int64")
    )
    return with_exclusions(rows, (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER))
