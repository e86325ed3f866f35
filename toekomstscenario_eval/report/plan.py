"""The researcher's own file `onderzoek.yaml`: the one description of its fields.

The reader, the skeleton, the report and the handbook all follow `VELDEN`. Every text is Markdown.
What is absent is marked in the report as still to be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from toekomstscenario_eval.document.prose import Passage


class Soort(Enum):
    """What a field of the file holds."""

    REGEL = "één regel tekst"
    NAMEN = "lijst van namen, elk op een regel na een streepje"
    DATUM = "datum als JJJJ-MM-DD"
    TEKST = "tekst"
    VERLOOP = "lijst van regio's met aantallen casussen"
    AANLEVERAARS = "lijst van aanleveraars"
    GEVALLEN = "lijst van verhalen"


@dataclass(frozen=True)
class Veld:
    """A field of the file: what it holds, what the researcher is asked, and whether a final report needs it."""

    naam: str
    soort: Soort
    vraag: str
    verplicht: bool = True


def _optional(naam: str, soort: Soort, vraag: str) -> Veld:
    return Veld(naam, soort, vraag, verplicht=False)


# In the order of the report; the order of the skeleton and the handbook too.
VELDEN: tuple[Veld, ...] = (
    _optional("titel", Soort.REGEL, "Titel op het voorblad."),
    _optional("ondertitel", Soort.REGEL, "Tweede regel op het voorblad."),
    _optional("organisatie", Soort.REGEL, "Wie het onderzoek doet."),
    Veld("auteurs", Soort.NAMEN, "Wie schreven het verslag?"),
    _optional("datum", Soort.DATUM, "Datum van het verslag; zonder datum komt er de dag van vandaag."),
    Veld("aanleiding", Soort.TEKST, "Waarom dit onderzoek, wie vroeg erom, en wat was er al bekend?"),
    Veld("vragen", Soort.TEKST, "Welke vragen moet het onderzoek beantwoorden?"),
    Veld(
        "opzet",
        Soort.TEKST,
        "Hoe was het onderzoek gepland: wie, wat, wanneer, welke vergelijking, welke uitkomsten?",
    ),
    _optional(
        "uitkomsten",
        Soort.NAMEN,
        "Welke indicatoren had u vooraf gekozen? De namen staan in 'tks indicatoren'.",
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
    Veld(
        "verloop",
        Soort.VERLOOP,
        "Hoeveel casussen waren per regio gepland, aangeleverd, geschikt en opgenomen, en waarom?",
    ),
    Veld("verloop_toelichting", Soort.TEKST, "Wat liep anders dan gepland, en waarom?"),
    Veld(
        "gegevens_toelichting",
        Soort.TEKST,
        "Hoe zijn de gegevens vastgelegd en aangeleverd, en wat weet u van de kwaliteit?",
    ),
    Veld("methoden_toelichting", Soort.TEKST, "Welke keuzes maakte u in de analyse, en waarom?"),
    Veld(
        "duiding",
        Soort.TEKST,
        "Wat betekenen de uitkomsten volgens u, samen met de verhalen van gezinnen en professionals?",
    ),
    _optional(
        "gevallen",
        Soort.GEVALLEN,
        "Welke verhalen horen bij de cijfers? Elk verhaal is samengesteld uit meer gezinnen.",
    ),
    _optional("aanleveraars", Soort.AANLEVERAARS, "Wie zouden casussen aanleveren, en wie deden dat?"),
    Veld("wie_niet", Soort.TEKST, "Welke gezinnen, aanleveraars en domeinen ontbreken, en hoe komt dat?"),
    Veld(
        "ervaringskennis",
        Soort.TEKST,
        "Welke ervaringskennis is gebruikt, hoe is die verzameld, en wat heeft zij veranderd?",
    ),
    Veld("neveneffecten", Soort.TEKST, "Welke onbedoelde effecten zag u, ook in het registreren zelf?"),
    Veld(
        "grondslag",
        Soort.TEKST,
        "Op welke wettelijke grondslag zijn de gegevens verwerkt, en wie is verwerkingsverantwoordelijke?",
    ),
    _optional(
        "kleine_aantallen",
        Soort.NAMEN,
        "Welke kleine aantallen in uw tekst heeft u beoordeeld en mogen blijven staan, letter voor letter?",
    ),
    Veld("afwijkingen", Soort.TEKST, "Waarin week het onderzoek af van het plan, wanneer en waarom?"),
    Veld("beperkingen", Soort.TEKST, "Wat kan dit onderzoek niet zeggen?"),
)
VELD: Mapping[str, Veld] = {veld.naam: veld for veld in VELDEN}
TEKSTEN: Mapping[str, str] = {veld.naam: veld.vraag for veld in VELDEN if veld.soort is Soort.TEKST}

# The fields of one item in a list of items.
VERLOOP = ("regio", "gepland", "aangeleverd", "geschikt", "opgenomen", "reden")
STAPPEN = VERLOOP[1:5]
AANLEVERAAR = ("naam", "gepland", "geleverd", "reden")
GEVAL = ("titel", "verhaal", "samengesteld")


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
class Plan:
    """What the researcher wrote. Texts that were not written are absent from `teksten`.

    `proza` are all passages in their own words with the line they start at; it plays no part in
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
    aanleveraars: tuple[Supplier, ...] = ()
    gevallen: tuple[Story, ...] = ()
    regels: Mapping[str, int] = field(default_factory=dict, compare=False)
    proza: tuple[Passage, ...] = field(default=(), compare=False)

    @property
    def ontbreekt(self) -> tuple[str, ...]:
        """Names of what is still to be written."""
        gevuld = {*self.teksten, *(("auteurs",) if self.auteurs else ())}
        # Regions without a single count are the skeleton, not an answer.
        if any(n is not None for regio in self.verloop for n in regio.aantallen):
            gevuld.add("verloop")
        return tuple(veld.naam for veld in VELDEN if veld.verplicht and veld.naam not in gevuld)
