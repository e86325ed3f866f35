"""Who the households are at instroom: family profile, children, adults, and how long they are seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.characteristic_names import ACROSS, SEEN, missing, value
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.spells import age_in_years, dagen, present, with_window
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.types import Card, Kind, Maat, Venster, Voorbeeld, Vorm, Vraag

PROFILE, CHILDREN, YOUNGEST = "gezinsprofiel", "kinderen", "jongste"
ONE_ADULT, NO_ADULTS = "een_volwassene", "volwassenen_onbekend"
# Children counted apart up to this many; ages up to the second, in classes that begin at these.
_MOST, _GROWN_UP = 3, 18
_AGES = {0: "0 tot en met 3 jaar", 4: "4 tot en met 11 jaar", 12: "12 tot en met 17 jaar"}
_SEEN = {0: "korter dan een half jaar", 183: "een half tot één jaar", 365: "één jaar of langer"}
_NO_CHILD = "geen"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _maten() -> dict[str, Maat]:
    profiles = load_schema().codelists[PROFILE].labels
    words = {
        **{value(PROFILE, code): f"Gezinsprofiel: {_lower(label)}" for code, label in profiles.items()},
        missing(PROFILE): "Gezinsprofiel: niet geleverd",
        value(CHILDREN, "0"): "Kinderen: geen",
        value(CHILDREN, "1"): "Kinderen: één",
        value(CHILDREN, "2"): "Kinderen: twee",
        value(CHILDREN, str(_MOST)): "Kinderen: drie of meer",
        missing(CHILDREN): "Kinderen: geen leden geleverd",
        **{value(YOUNGEST, str(age)): f"Jongste kind: {label}" for age, label in _AGES.items()},
        value(YOUNGEST, _NO_CHILD): "Jongste kind: geen kind onder de 18",
        missing(YOUNGEST): "Jongste kind: leeftijd niet bekend",
        ONE_ADULT: "Volwassenen: één",
        NO_ADULTS: "Volwassenen: geen geleverd",
        **{value(SEEN, str(days)): f"In beeld: {label}" for days, label in _SEEN.items()},
        ACROSS: "Al in beeld voor de start van de eigen proeftuin, en daarna nog",
    }
    return {
        naam: Maat(label, "huishoudens", Vorm.AANDEEL, schatter="aandeel") for naam, label in words.items()
    }


CARD = Card(
    label="Kenmerken van huishoudens bij instroom",
    kind=Kind.KENMERK,
    versie="1.0",
    vraag="Wie zijn de huishoudens?",
    populatie="huishoudens met ten minste één dag in het venster",
    teller="huishoudens met het kenmerk",
    noemer="alle huishoudens van de populatie, ook die waarvan het kenmerk niet bekend is",
    eenheid="huishouden",
    venster="de hele waarneemperiode, of een deel daarvan; de kenmerken zijn die van de dag van instroom, "
    "ook als die voor het venster lag",
    censurering="geen; hoe lang een huishouden in beeld is, gaat over de dagen in het venster, tot de "
    "peildatum",
    uitsluitingen="huishoudens zonder dag in het venster",
    lezen="Niet bekend staat als groep apart, en telt mee in het totaal. Een kind is een lid met de rol kind "
    "dat bij instroom nog geen 18 was, of van wie het geboortejaar niet bekend is; na dat jaar geboren "
    "kinderen tellen niet mee. Alleen het geboortejaar is bekend: de verjaardag is op 1 juli gesteld. Van "
    "'één volwassene' is geleverd wie bij het huishouden hoort; wie elders woont, kan ontbreken of er juist "
    "bij staan. Hoe lang een huishouden in beeld is, is geen kenmerk bij instroom: het hangt ook af van de "
    "lengte van het venster.",
    bronnen=(
        "Des Jarlais e.a. 2004 (TREND, punten 14 en 15), doi 10.2105/AJPH.94.3.361",
        "Van den Enden & Kuiper 2026, hfst. 8: gezinsprofielen",
    ),
    thema="Wie de huishoudens zijn",
    tabellen={"huishouden": ("huishouden_id", "begin", "eind")},
    facultatief={
        "huishouden": (PROFILE, "proeftuin_id"),
        "persoon": ("persoon_id", "huishouden_id", "rol", "geboortejaar"),
        "proeftuin": ("proeftuin_id", "soort", "start_datum"),
    },
    maten=_maten(),
)

VOORBEELDEN = (
    Voorbeeld(
        naam="profiel, kinderen en volwassenen bij instroom; zonder leden is niets over leden bekend",
        tabellen={
            "huishouden": """
                huishouden_id | proeftuin_id | begin      | eind       | gezinsprofiel
                groot         |              | 2024-03-01 |            | anders
                stil          |              | 2024-03-01 | 2024-06-01 |
                weg           |              | 2023-01-01 | 2023-06-01 | anders
            """,
            "persoon": """
                persoon_id | huishouden_id | rol   | geboortejaar
                k1         | groot         | kind  | 2021
                k2         | groot         | kind  | 2012
                k3         | groot         | kind  | 2005
                k4         | groot         | kind  | 2025
                o1         | groot         | ouder | 1990
                o2         | weg           | ouder | 1990
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)),
        verwacht="""
            huishouden_id | kenmerk              | uitsluiting
            groot         | gezinsprofiel=anders |
            groot         | kinderen=2           |
            groot         | jongste=0            |
            groot         | een_volwassene       |
            groot         | gevolgd=183          |
            stil          | gezinsprofiel=~      |
            stil          | kinderen=~           |
            stil          | jongste=~            |
            stil          | volwassenen_onbekend |
            stil          | gevolgd=0            |
            weg           |                      | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="het jongste kind: verjaardag op 1 juli, een onbekend jaar kan jonger zijn; over de start heen",
        tabellen={
            "huishouden": """
                huishouden_id | proeftuin_id | begin      | eind       | gezinsprofiel
                voor_juli     | p            | 2024-06-30 |            | langdurige_zorg
                op_juli       | p            | 2024-07-01 |            | langdurige_zorg
                misschien     | p            | 2024-07-01 | 2024-09-01 | langdurige_zorg
                zeker         | v            | 2024-07-01 |            | langdurige_zorg
                ouder         | v            | 2024-02-01 |            | langdurige_zorg
            """,
            "proeftuin": """
                proeftuin_id | soort        | start_datum
                p            | proeftuin    | 2024-09-01
                v            | vergelijking |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol         | geboortejaar
                k1         | voor_juli     | kind        | 2020
                o1         | voor_juli     | ouder       | 1990
                o2         | voor_juli     | stiefouder  | 1990
                k2         | op_juli       | kind        | 2020
                o3         | op_juli       | ouder       | 1990
                k3         | misschien     | kind        | 2015
                k4         | misschien     | kind        |
                k5         | zeker         | kind        | 2022
                k6         | zeker         | kind        |
                o4         | zeker         | grootouder  | 1960
                k7         | ouder         | kind        | 2006
                k8         | ouder         | kind        | 2005
                o5         | ouder         | ouder       | 1980
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2026, 1, 1)), date(2026, 1, 1)),
        verwacht="""
            huishouden_id | kenmerk
            voor_juli     | gezinsprofiel=langdurige_zorg
            voor_juli     | kinderen=1
            voor_juli     | jongste=0
            voor_juli     | gevolgd=365
            voor_juli     | over_de_start
            op_juli       | gezinsprofiel=langdurige_zorg
            op_juli       | kinderen=1
            op_juli       | jongste=4
            op_juli       | een_volwassene
            op_juli       | gevolgd=365
            op_juli       | over_de_start
            misschien     | gezinsprofiel=langdurige_zorg
            misschien     | kinderen=2
            misschien     | jongste=~
            misschien     | volwassenen_onbekend
            misschien     | gevolgd=0
            zeker         | gezinsprofiel=langdurige_zorg
            zeker         | kinderen=2
            zeker         | jongste=0
            zeker         | een_volwassene
            zeker         | gevolgd=365
            ouder         | gezinsprofiel=langdurige_zorg
            ouder         | kinderen=1
            ouder         | jongste=12
            ouder         | een_volwassene
            ouder         | gevolgd=365
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return a row per household and characteristic that it has."""
    aanwezig = present(t["huishouden"], vraag)
    at = with_window(_with_start(_with_members(aanwezig, t), t["proeftuin"]), vraag)
    # In one step: a row of each column would repeat the query.
    having = ibis.array([_profile(at), *_members(at), _seen(at), _across(at, vraag)])
    rows = at.select("huishouden_id", kenmerk=having.unnest())
    rows = rows.filter(rows.kenmerk.notnull())
    return with_exclusions(rows, (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER))


def _with_members(aanwezig: ir.Table, t: Mapping[str, ir.Table]) -> ir.Table:
    """Add to every household how many members, adults and children it had at instroom, and of which age."""
    stay = t["huishouden"].select(
        "huishouden_id", PROFILE, "proeftuin_id", instroomdag="begin", vertrek="eind"
    )
    at = aanwezig.join(stay, "huishouden_id")
    member = t["persoon"].join(at.select("huishouden_id", "instroomdag"), "huishouden_id")
    age = age_in_years(member.geboortejaar, member.instroomdag)
    here = member.select("huishouden_id", "geboortejaar", kind=member.rol == "kind", leeftijd=age)
    minor = here.kind & (here.leeftijd.isnull() | here.leeftijd.between(0, _GROWN_UP - 1))
    per = here.group_by("huishouden_id").agg(
        leden=here.count(),
        volwassen=(~here.kind).sum(),
        kinderen=minor.sum(),
        jongste=here.leeftijd.min(where=minor),
        ongewis=(here.kind & here.geboortejaar.isnull()).any(),
    )
    return at.left_join(per, "huishouden_id").drop("huishouden_id_right")


def _with_start(at: ir.Table, proeftuin: ir.Table) -> ir.Table:
    start = proeftuin.filter(proeftuin.soort == "proeftuin").select("proeftuin_id", start="start_datum")
    return at.left_join(start, "proeftuin_id").drop("proeftuin_id_right")


def _profile(at: ir.Table) -> ir.StringValue:
    known = [(at[PROFILE] == code, value(PROFILE, code)) for code in load_schema().codelists[PROFILE].codes]
    return ibis.cases(*known, else_=missing(PROFILE))


def _members(at: ir.Table) -> list[ir.StringValue]:
    """Return number of children, class of the youngest, and whether there is one adult; null: has it not."""
    unseen = at.leden.isnull()
    many = [(at.kinderen == n, value(CHILDREN, str(n))) for n in range(_MOST)]
    first, second, third = _AGES
    # A child of unknown age may be the youngest, unless another is in the lowest class.
    age = [
        ((at.jongste < second).fill_null(False), value(YOUNGEST, str(first))),
        (at.ongewis, missing(YOUNGEST)),
        (at.kinderen == 0, value(YOUNGEST, _NO_CHILD)),
        (at.jongste < third, value(YOUNGEST, str(second))),
    ]
    return [
        ibis.cases((unseen, missing(CHILDREN)), *many, else_=value(CHILDREN, str(_MOST))),
        ibis.cases((unseen, missing(YOUNGEST)), *age, else_=value(YOUNGEST, str(third))),
        ibis.cases(
            (unseen | (at.volwassen == 0), NO_ADULTS),
            (at.volwassen == 1, ONE_ADULT),
            else_=ibis.null("string"),
        ),
    ]


def _seen(at: ir.Table) -> ir.StringValue:
    days = dagen(at.van, at.tot)
    steps = [(days >= least, value(SEEN, str(least))) for least in sorted(_SEEN, reverse=True)]
    return ibis.cases(*steps, else_=ibis.null("string"))


def _across(at: ir.Table, vraag: Vraag) -> ir.StringValue:
    """Return of who was in a proeftuin before its start, and still is on that day, which is in the window."""
    limit = ibis.literal(vraag.peildatum)
    lived = (at.instroomdag < at.start) & (ibis.least(at.vertrek.fill_null(limit), limit) > at.start)
    seen = at.start.between(at.venster_begin, at.grens)
    return ibis.cases(((lived & seen).fill_null(False), ACROSS), else_=ibis.null("string"))
