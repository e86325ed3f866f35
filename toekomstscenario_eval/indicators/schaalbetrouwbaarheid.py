"""How reliably the items of a scale measure together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import inf

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.indicators._scale import DESCRIBED
from toekomstscenario_eval.indicators._scores import (
    INCOMPLETE,
    INFORMANT,
    INSTRUMENT,
    NOT_MEASURED,
    OTHER,
    SCHAAL,
    TABLES,
    WARNING,
    first_units,
    points,
)
from toekomstscenario_eval.types import Card, Kind, Maat, Venster, Voorbeeld, Vorm, Vraag

CARD = Card(
    label="Betrouwbaarheid van een schaal",
    kind=Kind.MATRIX,
    versie="1.0",
    vraag="Hoe goed meten de items van een schaal samen, en hoe groot is de meetfout van de score?",
    populatie="huishoudens met ten minste één dag in het venster, bij hun eerste meting daarin op de items "
    "van de schaal",
    teller="de spreiding die de items gemeen hebben",
    noemer="alle spreiding van de score",
    eenheid="de antwoorden van één informant over één persoon op één dag: één zo'n eenheid per huishouden",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen",
    uitsluitingen="huishoudens zonder dag in het venster; niet op items gemeten; alleen met een ander "
    "instrument gemeten; niet elk item beantwoord. Een item hoort bij de schaal als het in de tabel "
    "schaal_item staat; staat er van het instrument niets in die tabel, als ten minste de helft het "
    "beantwoordde",
    lezen=f"{WARNING} Betrouwbaar is nog niet juist: items kunnen samen iets anders meten dan de naam "
    "van de schaal zegt. Alfa neemt aan dat alle items even zwaar meten en is anders te laag; omega laat "
    "dat vrij, maar neemt één factor aan. Vanaf 0,7 heet een schaal gewoonlijk bruikbaar voor groepen; "
    "voor een uitspraak over één gezin is meer nodig. Loopt een item tegen zijn schaal in, dan zeggen deze "
    "getallen niets: kijk eerst bij de controle item_tegen_schaal. Bij gelijke dag telt de persoon en "
    "informant die op naam eerst komt.",
    bronnen=(
        "Cronbach 1951, doi 10.1007/BF02310555; Feldt, Woodruff & Salih 1987 (interval), "
        "doi 10.1177/014662168701100107",
        "McDonald 1999 (omega), doi 10.4324/9781410601087",
        "Jacobson & Truax 1991 (betrouwbare verandering), doi 10.1037/0022-006X.59.1.12",
    ),
    thema="Uitkomsten",
    stap=1_000_000,
    tabellen=TABLES,
    facultatief=DESCRIBED,
    maten={
        "alfa": Maat("Cronbachs alfa", "ten hoogste 1", Vorm.GETAL, grenzen=(-inf, 1.0)),
        "omega": Maat("McDonalds omega (één factor)", "van 0 tot 1", Vorm.GETAL, grenzen=(0.0, 1.0)),
        "meetfout": Maat("Meetfout van de score", "punten", Vorm.GETAL),
        "grens": Maat("Verandering die meer is dan meetfout", "punten", Vorm.GETAL),
    },
    params={"schaal": SCHAAL, "informant": INFORMANT, "instrument": INSTRUMENT},
)

_HUISHOUDEN = """
    huishouden_id | begin      | eind
    h1            | 2024-01-01 |
    h2            | 2024-01-01 |
    onvolledig    | 2024-01-01 |
    schaalscore   | 2024-01-01 |
    niet          | 2024-01-01 |
    vertrokken    | 2022-01-01 | 2024-01-01
"""
_METING = """
    huishouden_id | persoon_id | datum      | instrument | schaal     | item | waarde | informant
    h1            |            | 2024-03-01 | lijst      | veiligheid | i1   | 4      | ouder
    h1            |            | 2024-03-01 | lijst      | veiligheid | i1   | 5      | ouder
    h1            |            | 2024-03-01 | lijst      | veiligheid | i2   | 7      | ouder
    h1            |            | 2024-03-01 | lijst      | veiligheid | i3   | 9      | ouder
    h1            |            | 2024-03-01 | lijst      | veiligheid | i1   | 1      | professional
    h1            |            | 2024-03-01 | lijst      | veiligheid | i2   | 1      | professional
    h1            |            | 2024-09-01 | lijst      | veiligheid | i1   | 8      | kind
    h1            |            | 2024-09-01 | lijst      | veiligheid | i2   | 8      | kind
    h2            | k2         | 2024-03-01 | lijst      | veiligheid | i1   | 2      | ouder
    h2            | k2         | 2024-03-01 | lijst      | veiligheid | i2   | 3      | ouder
    h2            | k1         | 2024-03-01 | lijst      | veiligheid | i1   | 6      | ouder
    h2            | k1         | 2024-03-01 | lijst      | veiligheid | i2   | 5      | ouder
    onvolledig    |            | 2024-01-01 | lijst      | veiligheid | i1   | 6      | ouder
    onvolledig    |            | 2024-02-01 | lijst      | veiligheid | i1   | 6      | ouder
    onvolledig    |            | 2024-02-01 | lijst      | veiligheid | i2   | 6      | ouder
    schaalscore   |            | 2024-02-01 | lijst      | veiligheid |      | 6      | ouder
    niet          |            | 2025-01-01 | lijst      | veiligheid | i1   | 6      | ouder
    niet          |            | 2024-01-01 | lijst      | rust       | i1   | 6      | ouder
    vertrokken    |            | 2024-02-01 | lijst      | veiligheid | i1   | 6      | ouder
"""
_TABLES = {"huishouden": _HUISHOUDEN, "meting": _METING}
_VENSTER = Venster(date(2024, 1, 1), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="één eenheid per huishouden; een item dat weinigen kregen hoort niet bij de schaal",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 2, 1)),
        verwacht="""
            huishouden_id | eenheid | item | waarde | uitsluiting
            h1            | h1      | i1   | 4.5    |
            h1            | h1      | i2   | 7      |
            h2            | h2      | i1   | 6      |
            h2            | h2      | i2   | 5      |
            onvolledig    |         |      |        | niet alle items van de schaal beantwoord
            schaalscore   |         |      |        | alleen met een ander instrument of soort score gemeten
            niet          |         |      |        | niet gemeten in het venster
            vertrokken    |         |      |        | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="alleen wat kinderen antwoordden",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 2, 1), {"informant": "kind"}),
        verwacht="""
            huishouden_id | eenheid | item | waarde | uitsluiting
            h1            | h1      | i1   | 8      |
            h1            | h1      | i2   | 8      |
            h2            |         |      |        | niet gemeten in het venster
            onvolledig    |         |      |        | niet gemeten in het venster
            schaalscore   |         |      |        | niet gemeten in het venster
            niet          |         |      |        | niet gemeten in het venster
            vertrokken    |         |      |        | geen dag in het venster
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per item of the first answers of each household that has them all."""
    eenheden = first_units(t, vraag)
    a = eenheden.antwoorden
    rows = eenheden.rijen.select(
        "huishouden_id",
        "item",
        eenheid=eenheden.rijen.huishouden_id.cast("string"),
        waarde=points(eenheden.rijen.w).cast("float64"),
    )
    other = a.alle.select("huishouden_id").distinct().anti_join(a.counted, "huishouden_id")
    return with_exclusions(
        rows,
        (eenheden.incomplete, INCOMPLETE),
        (other, OTHER),
        (a.aanwezig.anti_join(a.alle, "huishouden_id"), NOT_MEASURED),
        (absent(t["huishouden"], a.aanwezig), OUTSIDE_VENSTER),
    )
