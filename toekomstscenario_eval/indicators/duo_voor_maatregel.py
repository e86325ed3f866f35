"""Share of new measures that a duo of a local and an RVT professional preceded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import intersect, present, with_window
from toekomstscenario_eval.indicators import _duo
from toekomstscenario_eval.indicators._maatregel import (
    BEGIN_UNKNOWN,
    ENTRY_DAY,
    ENTRY_NAME,
    FAMILIES,
    GAP,
    GAP_NAME,
    HAD_ALREADY,
    MAATREGEL,
    REDEN,
    at_entry,
    children,
    stitched,
)
from toekomstscenario_eval.indicators._rows import with_exclusions
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

_OUTSIDE = "maatregel begon buiten het verblijf van het huishouden"

CARD = Card(
    label="Aandeel nieuwe maatregelen na een duo",
    kind=Kind.AANDEEL,
    versie="1.1",
    vraag="Bij welk deel van de maatregelen die beginnen, had het huishouden daarvoor al een duo van een "
    "lokale professional en een professional van het Regionaal Veiligheidsteam?",
    populatie="maatregelen op kinderen die in het venster beginnen, na de dag waarop het huishouden "
    "instroomde en voor het vertrek",
    teller="maatregelen waarbij ten minste één dag voor het begin een duo bij het huishouden betrokken "
    "was, tijdens het verblijf in het onderzoek",
    noemer="alle maatregelen van de populatie",
    eenheid="maatregel op een kind; perioden die aansluiten of één dag uit elkaar liggen, zijn één "
    "maatregel; na een overdracht mogen er meer dagen tussen liggen (keuze maximale_onderbreking)",
    venster="de hele waarneemperiode, of een deel daarvan; een duo van voor het venster telt mee",
    censurering="geen: wat aan het begin van een maatregel voorafging, is dan bekend",
    uitsluitingen="maatregelen die bij instroom al liepen of op die dag begonnen: een duo kon er niet aan "
    "voorafgaan; andere maatregelen die begonnen toen het huishouden niet in het onderzoek was",
    lezen="Lees dit bij de aandelen en de instroom van maatregelen: het zegt wat er aan een maatregel "
    "voorafging, niet of een duo maatregelen voorkomt. Een duo komt vooral bij gezinnen waar de veiligheid "
    "in het geding is; juist daar komt ook vaker een maatregel. Een hoog aandeel is dus geen falen en een "
    "laag aandeel geen succes. Een maatregel kort na instroom had minder tijd voor een duo. Broers en "
    "zussen met een eigen maatregel tellen apart.",
    bronnen=(
        "Eigen definitie: een aandeel maatregelen staat nooit zonder wat eraan voorafging",
        "Van der Steege & Regeer 2023/2024: bij de helft van de huishoudens een duo (FoodValley)",
        "Korn & Graubard 1998 (interval bij clusters); Wilson 1927, doi 10.1080/01621459.1927.10502953",
    ),
    thema="Maatregelen",
    tabellen={**_duo.TABLES, "persoon": ("persoon_id", "huishouden_id", "rol"), **MAATREGEL},
    facultatief=REDEN,
    komt_voor=_duo.COMES_BEFORE,
    maten={"aandeel": Maat("Aandeel voorafgegaan door een duo", "aandeel van de maatregelen", Vorm.AANDEEL)},
    params={
        "maatregel": Param("ots", "welke maatregel begint", tuple(FAMILIES)),
        GAP_NAME: GAP,
        ENTRY_NAME: ENTRY_DAY,
    },
)

_VENSTER = Venster(date(2024, 1, 1), date(2025, 1, 1))
_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 |
        h2            | 2024-01-01 |
        h3            | 2024-03-01 |
        h4            | 2023-01-01 | 2024-06-01
        h5            | 2023-01-01 |
    """,
    "persoon": """
        persoon_id | huishouden_id | rol   | geboortejaar
        k1         | h1            | kind  | 2010
        k2         | h1            | kind  | 2012
        k3         | h2            | kind  | 2012
        o2         | h2            | ouder | 1980
        k4         | h3            | kind  | 2012
        k5         | h4            | kind  | 2012
        k6         | h5            | kind  | 2012
        k7         | h5            | kind  | 2014
    """,
    "maatregel": """
        persoon_id | soort | begin      | eind
        k1         | 11    | 2024-02-01 |
        k1         | 11    | 2024-02-01 |
        k2         | 11    | 2024-01-10 |
        k3         | 11    | 2024-03-01 | 2024-04-01
        k3         | 11    | 2024-04-02 |
        o2         | 11    | 2024-03-01 |
        k4         | 11    | 2024-03-01 |
        k5         | 11    | 2024-06-01 |
        k6         | 11    | 2024-02-29 | 2024-03-01
        k7         | 11    | 2023-12-31 |
        k7         | UH    | 2024-05-01 |
        k6         | UH    | 2025-01-01 |
    """,
    "organisatie": """
        organisatie_id | soort
        lt             | lokaal_team
        rvt            | regionaal_veiligheidsteam
    """,
    "betrokkenheid": """
        huishouden_id | professional_id | organisatie_id | begin      | eind
        h1            | a               | lt             | 2024-01-01 |
        h1            | b               | rvt            | 2024-01-10 |
        h2            | a               | lt             | 2024-01-01 | 2024-02-01
        h2            | b               | rvt            | 2024-02-01 |
        h3            | a               | lt             | 2024-01-01 |
        h3            | b               | rvt            | 2024-01-01 |
        h4            | a               | lt             | 2024-01-01 |
        h4            | b               | rvt            | 2024-01-01 |
        h5            | a               | lt             | 2023-02-01 | 2023-03-01
        h5            | b               | rvt            | 2023-02-01 | 2023-03-01
    """,
}

VOORBEELDEN = (
    Voorbeeld(
        naam="een duo dat pas op dezelfde dag begint telt niet; een duo van voor het venster wel",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1)),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 2      |
            h2            | 0      | 1      |
            h3            |        | 1      | had de maatregel al bij instroom
            h4            |        | 1      | maatregel begon buiten het verblijf van het huishouden
            h5            | 1      | 1      |
        """,
    ),
    Voorbeeld(
        naam="dezelfde gegevens voor uithuisplaatsingen",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"maatregel": "uithuisplaatsing"}),
        verwacht="""
            huishouden_id | teller | noemer
            h5            | 1      | 1
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household with new measures: teller those after a duo, noemer all."""
    house = t["huishouden"].select("huishouden_id", "begin", "eind")
    in_stay = intersect(_duo.duos(t, gap=0), house, "huishouden_id")
    duo = in_stay.group_by("huishouden_id").agg(eerste_duo=in_stay.begin.min())
    spells = stitched(t, FAMILIES[vraag.params["maatregel"]], vraag.params[GAP_NAME])
    every = with_window(spells.join(children(t), "persoon_id"), vraag)
    new = every.filter(every.begin >= every.venster_begin, every.begin < every.grens)
    at = new.join(house.select("huishouden_id", instroomdag="begin"), "huishouden_id")
    for added in (present(t["huishouden"], vraag), duo):
        at = at.left_join(added, "huishouden_id").drop("huishouden_id_right")
    at = at.mutate(
        reden=ibis.cases(
            (at_entry(at, vraag), HAD_ALREADY),
            (~((at.begin >= at.van) & (at.begin < at.tot)).fill_null(False), _OUTSIDE),
            (at.begin_onbekend, BEGIN_UNKNOWN),
            else_=ibis.null("string"),
        )
    )
    counted = at.filter(at.reden.isnull())
    after_duo = (counted.eerste_duo < counted.begin).fill_null(False)
    rows = counted.group_by("huishouden_id").agg(teller=after_duo.cast("int64").sum(), noemer=counted.count())
    gone = at.filter(at.reden.notnull()).group_by(["huishouden_id", "reden"]).agg(noemer=lambda r: r.count())
    return with_exclusions(
        rows, *((gone.filter(gone.reden == r), r) for r in (HAD_ALREADY, _OUTSIDE, BEGIN_UNKNOWN))
    )
