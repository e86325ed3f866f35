"""Share of the hand-overs between organisations in which the first has left when the next arrives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip, merge, successors, with_stretch, with_window
from toekomstscenario_eval.indicators._rows import with_exclusions
from toekomstscenario_eval.indicators._stay import whole_stay
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

TOO_SHORT = "te kort na het vertrek waargenomen"
LEAD = ("vast_gezicht", "regisseur")

CARD = Card(
    label="Overdrachten als estafette",
    kind=Kind.AANDEEL,
    versie="1.1",
    vraag="Bij welk deel van de overdrachten tussen organisaties is de eerste al weg als de volgende komt?",
    populatie="overdrachten in het venster: een organisatie vertrekt bij een huishouden, en een andere "
    "organisatie die later kwam dan zij is er daarna nog of komt dan; de komst van de andere ligt hooguit "
    "maximale_overlap dagen voor en hooguit maximale_tussentijd dagen na het vertrek",
    teller="overdrachten zonder overlap: de eerste andere organisatie die zo komt, komt op de dag na de "
    "laatste dag van de vertrekkende of later",
    noemer="alle overdrachten van de populatie",
    eenheid="overdracht: het vertrek van een organisatie met ten minste één opvolger; meer opvolgers van "
    "hetzelfde vertrek zijn één overdracht",
    venster="de hele waarneemperiode, of een deel daarvan; het gaat om de dag van vertrek, de opvolger mag "
    "ook na het venster komen, tot de peildatum",
    censurering="geen: alleen vertrekken waarna de hele maximale_tussentijd is waargenomen tellen mee, ook "
    "als de opvolger er al was; anders zouden overdrachten zonder overlap vaker ontbreken",
    uitsluitingen="vertrekken (met of zonder opvolger) waarna de maximale_tussentijd nog niet om is op de "
    "peildatum; een vertrek zonder opvolger is geen overdracht en telt niet in de noemer",
    lezen="Dit cijfer hangt sterk af van de gekozen grenzen: lees het nooit zonder maximale_tussentijd en "
    "maximale_overlap. Komen en gaan organisaties los van elkaar, dan is het aandeel al ongeveer "
    "tussentijd / (tussentijd + overlap), bij 30 en 30 dagen dus de helft; vergelijk daarom vooral groepen "
    "bij dezelfde keuze, en kies rollen=regie om alleen te kijken naar wie vast gezicht of regisseur levert. "
    "Overlap is nog geen warme overdracht, en een estafette is niet altijd slecht. Perioden van "
    "professionals van één organisatie zijn samengevoegd: een collega die het overneemt is geen overdracht, "
    "en iemand die zelf bij de volgende organisatie verder gaat ook niet. "
    "Vertrekt een organisatie tegelijk met het huishouden uit het onderzoek, dan is dat geen overdracht.",
    bronnen=("Toekomstscenario kind- en gezinsbescherming: het estafettemodel dat het wil vervangen",),
    thema="Samen optrekken",
    tabellen={
        "huishouden": ("huishouden_id", "begin", "eind"),
        "betrokkenheid": ("huishouden_id", "professional_id", "organisatie_id", "rol", "begin", "eind"),
    },
    maten={"aandeel": Maat("Overdrachten zonder overlap", "aandeel van de overdrachten", Vorm.AANDEEL)},
    params={
        "maximale_tussentijd": Param(
            30,
            "komt de volgende meer dan dit aantal dagen na het vertrek, dan is er geen overdracht",
            minimum=0,
            redelijk=(0, 60),
        ),
        "maximale_overlap": Param(
            30,
            "kwam de ander meer dan dit aantal dagen voor het vertrek, dan is zij geen opvolger",
            minimum=0,
            redelijk=(14, 90),
        ),
        "rollen": Param(
            "alle",
            "alle: elke betrokken organisatie; regie: alleen perioden als vast gezicht of regisseur",
            ("alle", "regie"),
            redelijk=("regie",),
        ),
    },
)

# estafette: a leaves on 1 March; b comes that day, leaves on 1 May, and c comes 30 days later.
# warm: b came 10 days before a left.   collega: two professionals of one organisation, then nobody.
# te_laat: 31 days between.   lang: b came 31 days before a left.   eerder: b was there before a.
# twee: b came 5 days before, c 5 days after: one hand-over, with overlap.   samen_weg: both leave.
_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        estafette     | 2024-01-01 |
        warm          | 2024-01-01 |
        collega       | 2024-01-01 |
        te_laat       | 2024-01-01 |
        lang          | 2024-01-01 |
        eerder        | 2024-01-01 |
        twee          | 2024-01-01 |
        samen_weg     | 2024-01-01 | 2024-03-01
        rand          | 2024-01-01 |
    """,
    "betrokkenheid": """
        huishouden_id | professional_id | organisatie_id | rol          | begin      | eind
        estafette     | p1              | a              | regisseur    | 2024-01-01 | 2024-03-01
        estafette     | p2              | b              | regisseur    | 2024-03-01 | 2024-05-01
        estafette     | p2              | b              | regisseur    | 2024-03-01 | 2024-05-01
        estafette     | p3              | c              | vast_gezicht | 2024-05-31 |
        warm          | p1              | a              | regisseur    | 2024-01-01 | 2024-03-11
        warm          | p2              | b              | lid          | 2024-03-01 |
        collega       | p1              | a              | regisseur    | 2024-01-01 | 2024-03-01
        collega       | p4              | a              | regisseur    | 2024-03-01 | 2024-05-01
        te_laat       | p1              | a              | regisseur    | 2024-01-01 | 2024-03-01
        te_laat       | p2              | b              | regisseur    | 2024-04-01 |
        lang          | p1              | a              | regisseur    | 2024-01-01 | 2024-05-01
        lang          | p2              | b              | regisseur    | 2024-03-31 |
        eerder        | p2              | b              | regisseur    | 2024-01-01 |
        eerder        | p1              | a              | regisseur    | 2024-02-01 | 2024-02-11
        twee          | p1              | a              | regisseur    | 2024-01-01 | 2024-03-11
        twee          | p2              | b              | lid          | 2024-03-06 |
        twee          | p3              | c              | regisseur    | 2024-03-16 |
        samen_weg     | p1              | a              | regisseur    | 2024-01-01 | 2024-03-01
        samen_weg     | p2              | b              | regisseur    | 2024-02-20 | 2024-06-01
        rand          | p1              | a              | regisseur    | 2024-01-01 | 2024-12-01
        rand          | p2              | b              | regisseur    | 2024-12-01 | 2024-12-02
    """,
}
_VENSTER, _PEILDATUM = Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)

VOORBEELDEN = (
    Voorbeeld(
        naam="tussentijd en overlap van hooguit 30 dagen",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            estafette     | 2      | 2      |
            warm          | 0      | 1      |
            twee          | 0      | 1      |
            rand          | 1      | 1      |
            rand          |        | 1      | te kort na het vertrek waargenomen
        """,
    ),
    Voorbeeld(
        naam="alleen wie regie voert: bij twee komt de volgende nu vijf dagen later, bij warm niemand",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM, {"rollen": "regie"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            estafette     | 2      | 2      |
            twee          | 1      | 1      |
            rand          | 1      | 1      |
            rand          |        | 1      | te kort na het vertrek waargenomen
        """,
    ),
    Voorbeeld(
        naam="zonder tussentijd telt alleen wie aansluit; met 31 dagen overlap doet ook lang mee",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM, {"maximale_tussentijd": 0, "maximale_overlap": 31}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            estafette     | 1      | 1      |
            warm          | 0      | 1      |
            lang          | 0      | 1      |
            twee          | 0      | 1      |
            rand          | 1      | 1      |
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: hand-overs without overlap, and hand-overs in all."""
    interval = vraag.params["maximale_tussentijd"]
    involved = t["betrokkenheid"]
    if vraag.params["rollen"] == "regie":
        involved = involved.filter(involved.rol.isin(LEAD))
    persons = merge(
        involved.select("huishouden_id", "organisatie_id", "begin", "eind", persoon="professional_id"),
        ["huishouden_id", "organisatie_id", "persoon"],
    )
    keys = ["huishouden_id", "organisatie_id"]
    stay = whole_stay(t["huishouden"], vraag)
    seen = clip(merge(persons.select(*keys, "begin", "eind"), keys), stay)
    at = with_window(seen, vraag)
    departure = at.filter(at.geeindigd, at.tot > at.venster_begin, at.tot <= at.grens).select(*seen.columns)
    around = (departure.tot + ibis.interval(days=interval)).cast("date") < ibis.literal(vraag.peildatum)
    following = successors(
        departure.filter(around),
        with_stretch(clip(persons, stay), seen, "organisatie_id"),
        "organisatie_id",
        interval=interval,
        overlap=vraag.params["maximale_overlap"],
    )
    first = following.group_by([*keys, "tot"]).agg(komt=following.komt.min())
    handover = first.mutate(estafette=(first.komt >= first.tot).cast("int64"))
    rows = handover.group_by("huishouden_id").agg(teller=handover.estafette.sum(), noemer=handover.count())
    too_short = departure.filter(~around).group_by("huishouden_id").agg(noemer=lambda v: v.count())
    return with_exclusions(rows, (too_short, TOO_SHORT))
