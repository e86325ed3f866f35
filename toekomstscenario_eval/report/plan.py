"""The researcher's own file `onderzoek.yaml`: the one description of its fields.

The reader, the skeleton, the report and the handbook all follow `FIELDS`. Every text is Markdown.
What is absent is marked in the report as still to be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from toekomstscenario_eval.document.claims import Overstatement, overstated
from toekomstscenario_eval.document.prose import Passage, typed_numbers
from toekomstscenario_eval.report.locked_plan import PARTS, Locked, Planned


class Soort(Enum):
    """What a field of the file holds."""

    LINE = "één regel tekst"
    NAMEN = "lijst van namen, elk op een regel na een streepje"
    DATUM = "datum als JJJJ-MM-DD"
    TEXT = "tekst"
    COURSE = "lijst van regio's met aantallen casussen"
    SUPPLIERS = "lijst van aanleveraars"
    FIXED = "lijst van getallen die al openbaar zijn, elk met zijn bron"
    CASES = "lijst van verhalen"
    EXCEPTIONS = "lijst van zinnen, elk met een reden"
    PLAN = f"blok met {', '.join(PARTS)}"


@dataclass(frozen=True)
class Field:
    """A field of the file: what it holds, what the researcher is asked, and whether a final report needs it."""

    naam: str
    soort: Soort
    vraag: str
    required: bool = True


def _optional(naam: str, soort: Soort, vraag: str) -> Field:
    return Field(naam, soort, vraag, required=False)


# In the order of the report; the order of the skeleton and the handbook too.
FIELDS: tuple[Field, ...] = (
    _optional("titel", Soort.LINE, "Titel op het voorblad."),
    _optional("ondertitel", Soort.LINE, "Tweede regel op het voorblad."),
    _optional("organisatie", Soort.LINE, "Wie het onderzoek doet."),
    Field("auteurs", Soort.NAMEN, "Wie schreven het verslag?"),
    _optional("datum", Soort.DATUM, "Datum van het verslag; zonder datum komt er de dag van vandaag."),
    Field("aanleiding", Soort.TEXT, "Waarom dit onderzoek, wie vroeg erom, en wat was er al bekend?"),
    Field("vragen", Soort.TEXT, "Welke vragen moet het onderzoek beantwoorden?"),
    Field(
        "opzet",
        Soort.TEXT,
        "Hoe was het onderzoek gepland: wie, wat, wanneer, welke vergelijking, welke uitkomsten?",
    ),
    _optional(
        "uitkomsten",
        Soort.NAMEN,
        "Welke indicatoren had u vooraf gekozen? De namen staan in 'tks indicatoren'.",
    ),
    _optional(
        "plan",
        Soort.PLAN,
        "Wat legt u vast voordat u de cijfers ziet, met 'tks plan vastleggen'? In plaats van 'uitkomsten'.",
    ),
    _optional(
        "indicatoren",
        Soort.NAMEN,
        "Tot welke indicatoren beperkt u het verslag? Zonder lijst: alle. Het verslag noemt wat u weglaat.",
    ),
    _optional(
        "controles",
        Soort.NAMEN,
        "Welke controles moeten zijn uitgevoerd? De namen staan in het handboek bij 'Controles'.",
    ),
    _optional(
        "gezinsprofielen", Soort.NAMEN, "Welke gezinsprofielen zou het onderzoek zien? Zonder lijst: alle."
    ),
    _optional(
        "soorten_organisatie",
        Soort.NAMEN,
        "Welke soorten organisaties zou het onderzoek zien? Zonder lijst: alle.",
    ),
    Field(
        "verloop",
        Soort.COURSE,
        "Hoeveel casussen waren per regio gepland, aangeleverd, geschikt en opgenomen, en waarom?",
    ),
    _optional(
        "vaste_getallen",
        Soort.FIXED,
        "Welke getallen waren al openbaar en horen bij dit verslag, en waar staan zij?",
    ),
    Field("verloop_toelichting", Soort.TEXT, "Wat liep anders dan gepland, en waarom?"),
    Field(
        "gegevens_toelichting",
        Soort.TEXT,
        "Hoe zijn de gegevens vastgelegd en aangeleverd, en wat weet u van de kwaliteit?",
    ),
    Field("methoden_toelichting", Soort.TEXT, "Welke keuzes maakte u in de analyse, en waarom?"),
    Field(
        "duiding",
        Soort.TEXT,
        "Wat betekenen de uitkomsten volgens u, samen met de verhalen van gezinnen en professionals?",
    ),
    _optional(
        "gevallen",
        Soort.CASES,
        "Welke verhalen horen bij de cijfers? Elk verhaal is samengesteld uit meer gezinnen.",
    ),
    _optional("aanleveraars", Soort.SUPPLIERS, "Wie zouden casussen aanleveren, en wie deden dat?"),
    Field("wie_niet", Soort.TEXT, "Welke gezinnen, aanleveraars en domeinen ontbreken, en hoe komt dat?"),
    Field(
        "ervaringskennis",
        Soort.TEXT,
        "Welke ervaringskennis is gebruikt, hoe is die verzameld, en wat heeft zij veranderd?",
    ),
    Field("neveneffecten", Soort.TEXT, "Welke onbedoelde effecten zag u, ook in het registreren zelf?"),
    Field(
        "grondslag",
        Soort.TEXT,
        "Op welke wettelijke grondslag zijn de gegevens verwerkt, en wie is verwerkingsverantwoordelijke?",
    ),
    _optional(
        "kleine_aantallen",
        Soort.NAMEN,
        "Welke kleine aantallen in uw tekst heeft u beoordeeld en mogen blijven staan, letter voor letter?",
    ),
    _optional(
        "uitzonderingen_taal",
        Soort.EXCEPTIONS,
        "Welke zin zegt meer dan een vergelijking kan dragen en mag toch blijven staan, en waarom? Zin en reden komen in hoofdstuk 12.",
    ),
    Field("afwijkingen", Soort.TEXT, "Waarin week het onderzoek af van het plan, wanneer en waarom?"),
    Field("beperkingen", Soort.TEXT, "Wat kan dit onderzoek niet zeggen?"),
)
FIELD: Mapping[str, Field] = {entry.naam: entry for entry in FIELDS}
TEXTS: Mapping[str, str] = {entry.naam: entry.vraag for entry in FIELDS if entry.soort is Soort.TEXT}

EXCEPTIONS = "uitzonderingen_taal"

# The fields of one item in a list of items.
COURSE = ("regio", "gepland", "aangeleverd", "geschikt", "opgenomen", "reden")
STAPPEN = COURSE[1:5]
SUPPLIER = ("naam", "gepland", "geleverd", "reden")
CASE = ("titel", "verhaal", "samengesteld")
FIXED = ("naam", "waarde", "bron", "toelichting")
EXCEPTION = ("zin", "reden")


@dataclass(frozen=True)
class RegionFlow:
    """Planned and actual cases of one region; None where the researcher does not know."""

    regio: str
    aantallen: tuple[int | None, int | None, int | None, int | None]
    reden: str


@dataclass(frozen=True)
class Supplier:
    """Who would deliver cases, and how many came; None where the researcher does not know."""

    naam: str
    gepland: int | None
    geleverd: int | None
    reden: str


@dataclass(frozen=True)
class Story:
    """A composite case: pieced together from several families, traceable to none."""

    titel: str
    verhaal: str


@dataclass(frozen=True)
class FixedNumber:
    """A number that was public before: copied from its source, not computed from the package."""

    naam: str
    waarde: float
    bron: str
    toelichting: str


@dataclass(frozen=True)
class WordingException:
    """A sentence that claims more than a comparison can bear, with why the researcher lets it stand."""

    zin: str
    reden: str


@dataclass(frozen=True)
class Plan:
    """What the researcher wrote. Texts that were not written are absent from `teksten`.

    `planned` is the plan as the file has it now, `locked` as it was locked beside the file.
    `proza` are all passages in their own words with the line they start at, `regels` the line of each field
    and of each item of a list (`uitkomsten.2`), `bestand` the name of the file; they play no part in
    comparing two plans.
    """

    titel: str = "Methodologische verantwoording"
    ondertitel: str = ""
    organisatie: str = ""
    auteurs: tuple[str, ...] = ()
    datum: str = ""
    uitkomsten: tuple[str, ...] = ()
    indicatoren: tuple[str, ...] = ()
    controles: tuple[str, ...] = ()
    gezinsprofielen: tuple[str, ...] = ()
    soorten_organisatie: tuple[str, ...] = ()
    kleine_aantallen: tuple[str, ...] = ()
    teksten: Mapping[str, str] = field(default_factory=dict)
    verloop: tuple[RegionFlow, ...] = ()
    vaste_getallen: tuple[FixedNumber, ...] = ()
    aanleveraars: tuple[Supplier, ...] = ()
    gevallen: tuple[Story, ...] = ()
    uitzonderingen_taal: tuple[WordingException, ...] = ()
    planned: Planned | None = None
    locked: Locked | None = None
    regels: Mapping[str, int] = field(default_factory=dict, compare=False)
    bestand: str = field(default="onderzoek.yaml", compare=False)
    proza: tuple[Passage, ...] = field(default=(), compare=False)

    @property
    def in_force(self) -> Planned:
        """The plan that holds: the locked one, or else that of the file."""
        return self.locked.planned if self.locked else self.planned or Planned()

    @property
    def chosen_beforehand(self) -> tuple[str, ...]:
        """Names of the indicators of the plan, or of the outcomes in its place."""
        return self.in_force.indicatoren or self.uitkomsten

    @property
    def ontbreekt(self) -> tuple[str, ...]:
        """Names of what is still to be written."""
        filled = {*self.teksten, *(("auteurs",) if self.auteurs else ())}
        # Regions without a single count are the skeleton, not an answer.
        if any(n is not None for regio in self.verloop for n in regio.aantallen):
            filled.add("verloop")
        return tuple(entry.naam for entry in FIELDS if entry.required and entry.naam not in filled)

    @property
    def typed(self) -> dict[str, int]:
        """How many numbers were typed in each text; what stands among the fixed numbers has a source."""
        own = [passage for passage in self.proza if passage.veld != "vaste_getallen"]
        return typed_numbers(own, known={number.waarde for number in self.vaste_getallen})

    @cached_property
    def _claims(self) -> tuple[tuple[Passage, Overstatement], ...]:
        own = [passage for passage in self.proza if passage.veld != EXCEPTIONS]
        return tuple((passage, found) for passage in own for found in overstated(passage.tekst))

    @cached_property
    def overstated(self) -> tuple[tuple[Passage, Overstatement], ...]:
        """What the texts claim that no comparison here can bear, exceptions with a reason aside."""
        judged = self.uitzonderingen_taal
        return tuple(
            (p, found) for p, found in self._claims if not any(found.stands_in(e.zin) for e in judged)
        )

    @property
    def idle_exceptions(self) -> tuple[int, ...]:
        """Numbers (from 1) of the exceptions that fit no sentence of the texts."""
        return tuple(
            number
            for number, exception in enumerate(self.uitzonderingen_taal, start=1)
            if not any(found.stands_in(exception.zin) for _, found in self._claims)
        )
