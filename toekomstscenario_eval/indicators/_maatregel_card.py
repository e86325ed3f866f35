"""Cards of the measures: the four questions asked of every family, in the same words."""

from __future__ import annotations

from collections.abc import Mapping

from toekomstscenario_eval.indicators._maatregel import (
    AT_ENTRY,
    AT_ENTRY_UNKNOWN,
    BEGIN,
    ENTRY_DAY,
    ENTRY_NAME,
    GAP,
    GAP_NAME,
    HUISHOUDEN,
    MAATREGEL,
    PERSOON,
    REDEN,
    UITHUISPLAATSING,
    WITH_REDEN,
    Family,
)
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Vorm

_ON_ONE = (
    "Perioden van hetzelfde kind die op elkaar aansluiten of één dag uit elkaar liggen, zijn één maatregel; "
    "na een overdracht mogen er meer dagen tussen liggen (keuze maximale_onderbreking)."
)
_ON_ONE_AT_ENTRY = (
    "Perioden van hetzelfde kind die op elkaar aansluiten of één dag uit elkaar liggen, zijn één maatregel; "
    "na een overdracht mogen er zeven dagen tussen liggen."
)
_BIRTHDAY = "Alleen het geboortejaar is bekend: de verjaardag is op 1 juli gesteld."
_REGISTRATION = (
    "Meer meldingen of maatregelen kunnen ook komen door ander registreren of door meer vertrouwen."
)
THEME = "Maatregelen"
_CHILD_YEARS = 1000 * 365.25


def _occurs(family: Family) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """CBS has no code for a placement away from home: a delivery without any did not register them."""
    return {("maatregel", "soort"): family.codes} if family is UITHUISPLAATSING else {}


def _reads(*sentences: str) -> str:
    return " ".join(z for z in sentences if z)


def prevalence_card(
    family: Family, *, vraag: str, reads: str, sources: tuple[str, ...], core: bool = False
) -> Card:
    """Card of the share that has the measure on the last day of the window."""
    full = family.full if family.kort == family.full else f"{family.full} ({family.kort})"
    return Card(
        label=f"Aandeel met een {full}",
        kind=Kind.AANDEEL,
        versie="1.1",
        vraag=vraag,
        populatie="kinderen onder de 18 jaar van huishoudens die op de meetdag in het onderzoek zijn; of die "
        "huishoudens zelf, als er zo'n kind is",
        teller=f"kinderen met een lopende {family.kort} op de meetdag; of huishoudens met ten minste één "
        "zo'n kind",
        noemer="alle kinderen (of huishoudens) van de populatie",
        eenheid="kind of huishouden: de twee verschillen en worden nooit gemengd",
        venster="één dag: de laatste dag van het venster",
        op_een_dag=True,
        censurering="geen: gemeten wordt wat op de meetdag loopt, ook als die dag tussen een overdracht en "
        "het vervolg bij een andere instelling ligt",
        uitsluitingen="kinderen zonder geboortejaar; huishoudens die op de meetdag niet in het onderzoek "
        "zijn",
        lezen=_reads(
            "Dit is een stand, geen instroom: lange maatregelen wegen zwaar. Lees het aandeel samen met wat "
            "eraan voorafging en wat er eerder had gekund.",
            reads,
            _ON_ONE,
            _REGISTRATION,
            _BIRTHDAY,
        ),
        bronnen=sources,
        thema=THEME,
        kern=core,
        tabellen={**HUISHOUDEN, **PERSOON, **MAATREGEL},
        facultatief=REDEN,
        komt_voor=_occurs(family),
        maten={
            "aandeel": Maat(
                f"Aandeel met een {family.kort} (kinderen)",
                "aandeel van de kinderen",
                Vorm.AANDEEL,
                {"eenheid": ("kind",)},
            ),
            "aandeel_huishouden": Maat(
                f"Aandeel met een {family.kort} (huishoudens)",
                "aandeel van de huishoudens",
                Vorm.AANDEEL,
                {"eenheid": ("huishouden",)},
                schatter="aandeel",
            ),
        },
        params={
            "eenheid": Param(
                "kind",
                "wat wordt geteld: elk kind apart, of het huishouden",
                ("kind", "huishouden"),
                redelijk=("huishouden",),
            ),
            GAP_NAME: GAP,
        },
    )


def entry_card(family: Family) -> Card:
    """Card of the share of households that came in with the measure."""
    short = family.kort[:1].upper() + family.kort[1:]
    return Card(
        label=f"{short} bij instroom",
        kind=Kind.KENMERK,
        versie="1.0",
        vraag=f"Bij welk deel van de huishoudens liep bij instroom al een {family.full}?",
        populatie="huishoudens met ten minste één dag in het venster",
        teller=f"huishoudens met ten minste één kind met een {family.kort} die op de dag van instroom "
        "liep, of op die dag begon",
        noemer="alle huishoudens van de populatie, ook die waarvan het niet bekend is",
        eenheid="huishouden",
        venster="één dag: de dag van instroom, ook als die voor het venster lag",
        censurering="geen: gemeten wordt wat op de dag van instroom loopt",
        uitsluitingen="huishoudens zonder dag in het venster",
        lezen=_reads(
            "Dit beschrijft met welke huishoudens de regio's begonnen. Het is geen uitkomst. Niet bekend "
            "is het van een huishouden waarvan geen leden zijn geleverd, of met een maatregel die na de "
            "instroom voor het eerst is gezien en toen al liep. Zij tellen wel mee in het totaal.",
            _ON_ONE_AT_ENTRY,
        ),
        bronnen=("Des Jarlais e.a. 2004 (TREND, punten 14 en 15), doi 10.2105/AJPH.94.3.361",),
        thema="Wie de huishoudens zijn",
        tabellen={**HUISHOUDEN, **PERSOON, **MAATREGEL},
        facultatief=REDEN,
        komt_voor=_occurs(family),
        maten={
            AT_ENTRY: Maat(
                f"{short} bij instroom", "aandeel van de huishoudens", Vorm.AANDEEL, schatter="aandeel"
            ),
            AT_ENTRY_UNKNOWN: Maat(
                f"{short} bij instroom: niet bekend",
                "aandeel van de huishoudens",
                Vorm.AANDEEL,
                schatter="aandeel",
            ),
        },
    )


def incidence_card(family: Family, *, reads: str, sources: tuple[str, ...]) -> Card:
    """Card of the new measures per 1,000 child-years."""
    return Card(
        label=f"Instroom: nieuwe {family.kort} per 1.000 kindjaren",
        kind=Kind.AANTAL,
        versie="1.1",
        vraag=f"Hoe vaak begint bij kinderen in het onderzoek een {family.full}, gerekend per 1.000 jaren "
        "dat er een kind onder de 18 is gevolgd?",
        populatie="huishoudens met in het venster ten minste één dag met een kind onder de 18 jaar",
        teller=f"elke {family.kort} die begint op een dag waarop het kind onder de 18 is, het huishouden in "
        "het onderzoek is en het venster loopt, na de dag van instroom",
        noemer="dagen van kinderen onder de 18 jaar, binnen het verblijf van hun huishouden en het venster",
        eenheid="kinddag, opgeteld per huishouden; een kind dat in het venster 18 wordt, telt tot die dag",
        venster="de hele waarneemperiode, of een deel daarvan",
        censurering="geen: alleen waargenomen kinddagen staan in de noemer. Van een maatregel waarvan het "
        "begin niet bekend is, is niet te zeggen of zij nieuw is: zij telt niet in de teller, en staat bij "
        "de uitsluitingen",
        uitsluitingen="kinderen zonder geboortejaar; kinderen zonder dag onder de 18 in het venster; "
        f"huishoudens zonder kind of zonder dag in het venster; elke {family.kort} die bij instroom van het "
        "huishouden in het venster al liep of op die dag begon",
        lezen=_reads(
            reads,
            _ON_ONE,
            f"Ook dagen waarop al een {family.kort} loopt, staan in de noemer. {_BIRTHDAY} Kinderen die "
            "in het venster zijn geboren, tellen vanaf 1 januari van dat jaar: zo valt geen maatregel weg, "
            "maar de noemer is iets te groot.",
        ),
        bronnen=sources,
        thema=THEME,
        tabellen={**HUISHOUDEN, **PERSOON, **MAATREGEL},
        facultatief=REDEN,
        komt_voor=_occurs(family),
        maten={
            "per_1000_kindjaren": Maat(
                f"Nieuwe {family.kort} per 1.000 kindjaren",
                "maatregelen per 1.000 kindjaren",
                Vorm.GETAL,
                schatter="per_blootstelling",
                schaal=_CHILD_YEARS,
            )
        },
        params={GAP_NAME: GAP, ENTRY_NAME: ENTRY_DAY},
    )


def first_card(family: Family, *, reads: str, sources: tuple[str, ...]) -> Card:
    """Card of the cumulative incidence of the first measure since instroom."""
    return Card(
        label=f"Eerste {family.kort} na instroom",
        kind=Kind.DUUR,
        versie="1.1",
        vraag=f"Bij welk deel van de huishoudens begint binnen een half jaar, een jaar en twee jaar na "
        f"instroom een eerste {family.full}?",
        populatie="huishoudens met bij instroom (of later) een kind onder de 18 jaar of van onbekende "
        f"leeftijd, en ten minste één dag in het venster, zonder {family.kort} bij instroom",
        teller=f"huishoudens waarvan na instroom bij ten minste één kind een {family.kort} begint, terwijl "
        "zij in het onderzoek zijn",
        noemer="alle huishoudens van de populatie; elk telt mee vanaf de dag waarop het wordt waargenomen",
        eenheid="huishouden (niet het kind)",
        venster="de hele waarneemperiode, of een deel daarvan",
        censurering="een huishouden dat aan het eind van het venster of op de peildatum nog in het "
        "onderzoek is zonder maatregel, is rechts gecensureerd; vertrek is een concurrerend einde; een "
        "huishouden dat al voor het venster instroomde, telt pas mee vanaf het begin van het venster (late "
        "instroom). Is van de eerste maatregel het begin niet bekend, dan telt het huishouden niet mee, en "
        "staat het bij de uitsluitingen",
        uitsluitingen=f"huishoudens die bij instroom al een {family.kort} hadden, ook als die op de dag van "
        "instroom begon; huishoudens waarvan de "
        "eerste al voor het venster begon; huishoudens zonder kind onder de 18 bij instroom of later; "
        "huishoudens zonder dag in het venster",
        lezen=_reads(
            reads,
            "Na vertrek is niet meer te zien of er nog een maatregel komt: het cijfer gaat over maatregelen "
            "terwijl het huishouden in het onderzoek is, en is dus lager dan de kans op een maatregel ooit. "
            "Tel niet per kind: met meer kinderen is de kans per huishouden groter.",
            _ON_ONE,
            _BIRTHDAY,
        ),
        bronnen=(
            *sources,
            "Aalen & Johansen 1978 (concurrerende einden), Scandinavian Journal of Statistics 5(3)",
        ),
        thema=THEME,
        tabellen={**HUISHOUDEN, **PERSOON, **MAATREGEL},
        facultatief=REDEN,
        komt_voor=_occurs(family),
        maten={
            f"incidentie_1_{dagen}": Maat(
                f"Eerste {family.kort} binnen {text}", "aandeel van de huishoudens", Vorm.AANDEEL
            )
            for dagen, text in ((365, "een jaar"), (180, "een half jaar"), (730, "twee jaar"))
        },
        params={GAP_NAME: GAP, ENTRY_NAME: ENTRY_DAY},
        horizon=730,
        oorzaken={1: f"Eerste {family.kort}", 2: "Huishouden verliet het onderzoek"},
    )


def duration_card(
    family: Family, *, horizon: int, incidentie: int, reads: str, sources: tuple[str, ...]
) -> Card:
    """Card of the duration of a measure; `incidentie` is the number of days of the shares by cause."""
    eenheid = "aandeel van de maatregelen"
    return Card(
        label=f"Duur van een {family.full}",
        kind=Kind.DUUR,
        versie="1.1",
        vraag=f"Hoe lang duurt een {family.full}, en waardoor eindigt zij?",
        populatie="maatregelen op kinderen met ten minste één dag in het venster waarop hun huishouden in "
        "het onderzoek is",
        teller="maatregelen waarvan het einde in het venster is gezien, naar reden van einde",
        noemer="alle maatregelen van de populatie; elke telt mee vanaf de dag waarop zij wordt waargenomen",
        eenheid="maatregel op een kind (een huishouden kan er meer hebben)",
        venster="de hele waarneemperiode, of een deel daarvan",
        censurering="een maatregel die nog loopt aan het eind van het venster, op de peildatum of bij "
        "vertrek van het huishouden is rechts gecensureerd, net als een overdracht zonder vervolg; een "
        "maatregel die al liep bij het begin van het venster of bij instroom telt pas mee vanaf dan (late "
        "instroom). Een maatregel waarvan het begin niet bekend is, telt niet mee, en staat bij de "
        "uitsluitingen",
        uitsluitingen="maatregelen geheel buiten venster of verblijf; maatregelen op leden die geen kind "
        "zijn",
        lezen=_reads(
            reads,
            f"{_ON_ONE} Een overdracht naar een andere gecertificeerde instelling is dus geen einde.",
            "De redenen van einde sluiten elkaar uit: komt de ene vaker voor, dan blijft er minder over "
            "voor de andere. Is bij hetzelfde einde meer dan één reden geregistreerd, dan geldt de reden "
            "als onbekend.",
        ),
        bronnen=(
            *sources,
            "Aalen & Johansen 1978 (concurrerende einden), Scandinavian Journal of Statistics 5(3)",
        ),
        thema=THEME,
        tabellen={**HUISHOUDEN, "persoon": ("persoon_id", "huishouden_id", "rol"), **WITH_REDEN},
        facultatief=BEGIN,
        komt_voor=_occurs(family),
        maten={
            "mediaan": Maat(f"Mediane duur van een {family.kort}", "dagen", Vorm.DAGEN),
            "gemiddelde_beperkt": Maat(f"Gemiddelde duur binnen {horizon} dagen", "dagen", Vorm.DAGEN),
            **{
                f"incidentie_{i}_{incidentie}": Maat(
                    f"Geëindigd binnen {incidentie} dagen: {label}",
                    eenheid,
                    Vorm.AANDEEL,
                )
                for i, label in family.oorzaken.items()
            },
        },
        params={GAP_NAME: GAP},
        horizon=horizon,
        oorzaken=family.oorzaken,
    )
