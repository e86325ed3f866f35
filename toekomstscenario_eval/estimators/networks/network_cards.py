"""What the network analysis publishes: three cards, one for each question put to a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from toekomstscenario_eval.tie_names import PAIRS_OF_KINDS
from toekomstscenario_eval.types import Card, Kind, Maat, Vorm

_SOURCES = (
    "Borgatti & Everett 1997 (tweezijdige netwerken), doi 10.1016/S0378-8733(96)00301-2",
    "Robins & Alexander 2004 (clustering), doi 10.1023/B:CMOT.0000032580.12184.c0",
    "Opsahl 2013 (clustering), doi 10.1016/j.socnet.2011.07.001",
    "Krackhardt & Stern 1988 (E-I-index), doi 10.2307/2786835",
    "Gould & Fernandez 1989 (makelaars), doi 10.2307/270949",
)
_NEEDED = {
    "huishouden": ("huishouden_id", "proeftuin_id", "begin", "eind"),
    "proeftuin": ("proeftuin_id", "naam", "soort"),
    "betrokkenheid": ("huishouden_id", "professional_id", "organisatie_id", "rol", "begin", "eind"),
    "organisatie": ("organisatie_id", "soort"),
}
_BETWEEN = "tussen 0 en 1"
_INSIDE_OUTSIDE = "\u22121 is binnen, 1 is tussen domeinen"
_BESIDE = "0 is na elkaar, 1 is naast elkaar"
_OF_KINDS = f"deel van de {PAIRS_OF_KINDS} paren van alle soorten"
_STAYED = "deel van de paren van twee perioden samen"
_MODULARITY = "\u22120,5 tot 1"
# What a measure can be, by its unit.
_RANGES = {
    **dict.fromkeys((_BETWEEN, _BESIDE, _OF_KINDS, _STAYED), (0.0, 1.0)),
    _INSIDE_OUTSIDE: (-1.0, 1.0),
    _MODULARITY: (-0.5, 1.0),
}


def _number(label: str, eenheid: str = _BETWEEN, loose: str = "") -> Maat:
    return Maat(label, eenheid, Vorm.GETAL, los=loose, grenzen=_RANGES.get(eenheid))


def _whole(label: str, eenheid: str = _BETWEEN, loose: str = "") -> Maat:
    return replace(_number(label, eenheid, loose), geheel=True)


def _count(label: str, eenheid: str) -> Maat:
    return Maat(label, eenheid, Vorm.TELLING)


def _chance(label: str, *, whole: bool = False) -> Maat:
    return Maat(label, _BETWEEN, Vorm.KANS, geheel=whole)


def _position(naam: str, label: str, eenheid: str = _BETWEEN) -> Maat:
    return replace(_whole(label, eenheid), schatter=f"positie_{naam}")


def _role(label: str) -> Maat:
    return Maat(label, "aandeel van de open drietallen van organisaties", Vorm.AANDEEL, geheel=True)


MATEN: Mapping[str, Maat] = {
    "naast_elkaar": _number("Naast elkaar", _BESIDE),
    "na_elkaar": Maat(
        "Paren organisaties die elkaar niet troffen",
        "aandeel van de paren bij een huishouden",
        Vorm.AANDEEL,
        los="treffen",
    ),
    "over_domeinen": Maat(
        "Banden van professionals tussen domeinen",
        "aandeel van de paren professionals",
        Vorm.AANDEEL,
        los="menging",
    ),
    "over_domeinen_organisaties": Maat(
        "Paren organisaties uit twee domeinen", "aandeel van de paren bij een huishouden", Vorm.AANDEEL
    ),
    "ei_organisaties": _number("E-I-index van organisaties naar domein", _INSIDE_OUTSIDE),
    "ei_organisaties_verwacht": _whole("E-I-index van organisaties bij toeval", _INSIDE_OUTSIDE),
    "p_ei_organisaties": _chance("p-waarde: E-I-index van organisaties tegenover toeval", whole=True),
    "ei_index": _whole("E-I-index van professionals naar domein", _INSIDE_OUTSIDE, "menging"),
    "ei_verwacht": _whole("E-I-index van professionals bij toeval", _INSIDE_OUTSIDE),
    "bereik_vast_gezicht": _whole("Deel van de anderen dat het vaste gezicht trof"),
    "bereik_domeinen": _whole("Andere domeinen naast het vaste gezicht", "domeinen per huishouden"),
    "professionals_per_huishouden": _number("Professionals per huishouden", "professionals"),
    "professionals": _count("Professionals in het netwerk", "professionals"),
    "organisaties": Maat("Organisaties in het netwerk", "organisaties", Vorm.TELLING, los="organisaties"),
    "banden": _count("Banden tussen huishouden en professional", "banden"),
    "paren": _count("Paren professionals die een huishouden delen", "paren"),
    "dichtheid_tweezijdig": _whole("Dichtheid tussen huishoudens en professionals"),
    "dichtheid": _whole("Dichtheid tussen professionals"),
    "dichtheid_soorten": _number("Dichtheid tussen soorten organisaties", _OF_KINDS),
    "dichtheid_organisaties": _whole("Dichtheid tussen organisaties", loose="organisaties"),
    "clustering_tweezijdig": _number("Clustering van professionals (Robins en Alexander)"),
    "clustering_opsahl": _whole("Clustering van professionals (Opsahl)"),
    "transitiviteit": _whole("Transitiviteit tussen professionals"),
    "gini_banden": _whole("Ongelijkheid van banden van professionals (Gini)"),
    "centralisatie_organisaties": _whole("Centralisatie van organisaties (graad)", loose="organisaties"),
    "tussen_organisaties": _whole("Centralisatie van organisaties (tussenpositie)", loose="organisaties"),
    "afstand_organisaties": _whole("Afstand tussen organisaties", "stappen", "organisaties"),
    "rol_coordinator": _role("Open drietallen: alle drie in een domein"),
    "rol_consultant": _role("Open drietallen: de buitenste twee in een domein"),
    "rol_poort": _role("Open drietallen: het midden in een domein met een buitenste"),
    "rol_verbinder": _role("Open drietallen: alle drie in een ander domein"),
    "gemeenschappen": _whole("Gemeenschappen van organisaties", "gemeenschappen"),
    "modulariteit": _whole("Modulariteit van de gemeenschappen", _MODULARITY),
    "stabiliteit": _whole("Stabiliteit van de gemeenschappen", "0 is toeval, 1 is steeds gelijk"),
    "makelaar_lokaal_team": _position(
        "makelaar_lokaal_team", "Verbindingen tussen domeinen via professionals van het lokaal team"
    ),
    "makelaar_rvt": _position("makelaar_rvt", "Verbindingen tussen domeinen via professionals van het RVT"),
    "centralisatie": _position("centralisatie", "Centralisatie van professionals (graad)"),
    "grootste_deel": _position(
        "grootste_deel", "Deel van de professionals in het grootste samenhangende deel"
    ),
    "kern": _position("kern", "Deel van de professionals in de kern"),
}

NETWERK = Card(
    label="Samenwerkingsnetwerken",
    kind=Kind.NETWERK,
    versie="1.2",
    vraag="Werken we naast elkaar of na elkaar, en over domeinen heen?",
    populatie="huishoudens, professionals en organisaties met ten minste een gezamenlijke dag in het venster",
    teller="naast elkaar: per paar organisaties bij een huishouden de dagen samen, gedeeld door de dagen van "
    "wie er het kortst was; gemiddeld per huishouden, dan over huishoudens",
    noemer="huishoudens met ten minste twee organisaties; bij banden alle paren die een huishouden delen",
    eenheid="paar organisaties of professionals dat een huishouden deelt",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="perioden zijn afgeknipt op het venster; vergelijk alleen vensters van gelijke lengte",
    uitsluitingen="huishoudens zonder professional in het venster",
    lezen="Een huishouden delen is nog geen samenwerken. Met meer knopen is een netwerk vanzelf "
    "minder dicht, met meer huishoudens vanzelf dichter: vergelijk dichtheid alleen tussen netwerken van "
    "gelijke grootte. Wat niet is geregistreerd, zit er "
    "niet in. Een professional met twee organisaties telt bij die met de meeste huishoudens. In een "
    "openbaar verslag zijn professionals geen knopen, want zij zijn personen, en is iets pas een band bij "
    "genoeg huishoudens. De dichtheid is daar dus een andere dan die van binnen: vergelijk die twee niet.",
    bronnen=_SOURCES,
    tabellen=_NEEDED,
    maten=MATEN,
    thema="Samen optrekken",
)

# What is told of every site and of every period.
PER_AREA = tuple(naam for naam, maat in MATEN.items() if not maat.geheel)
TIME = replace(
    NETWERK,
    label="Samenwerkingsnetwerken in de tijd",
    maten={
        **{m: MATEN[m] for m in PER_AREA},
        "behoud": _number("Paren organisaties die bleven", _STAYED),
    },
)

# Measures that sites can be compared on, with how size is dealt with.
COMPARED: Mapping[str, str] = {
    "naast_elkaar": "gemiddelde over huishoudens",
    "over_domeinen": "bij evenveel huishoudens",
    "dichtheid": "bij evenveel huishoudens",
    "clustering_tweezijdig": "ten opzichte van toeval met dezelfde aantallen",
}
VERGELIJKING = Card(
    label="Netwerken vergeleken",
    kind=Kind.NETWERK,
    versie="1.0",
    vraag="Verschillen de netwerken van proeftuinen en vergelijkingsregio's, en van voor en na de start?",
    populatie="gebieden met ten minste het minimum aan huishoudens",
    teller="gemiddelde over proeftuinen min gemiddelde over vergelijkingsregio's; en het gemiddelde verschil "
    "van een proeftuin met zichzelf, na min voor de start",
    noemer="gebieden",
    eenheid="gebied",
    venster="de hele waarneemperiode; voor en na zijn even lang",
    censurering="perioden zijn afgeknipt op het venster",
    uitsluitingen="gebieden met te weinig huishoudens",
    lezen="De eenheid is het gebied, niet het huishouden, en gebieden zijn er weinig. De p-waarde is het "
    "deel van de verdelingen van gebieden over de twee groepen dat minstens zo'n verschil geeft. Een "
    "verschil is geen bewijs van oorzaak.",
    bronnen=(
        "Strona e.a. 2014 (curveball), doi 10.1038/ncomms5114",
        "Phipson & Smyth 2010 (permutatietoetsen), doi 10.2202/1544-6115.1585",
    ),
    tabellen=_NEEDED,
    maten={
        **{f"verschil_{m}": _number(f"Verschil: {MATEN[m].label.lower()}", "verschil") for m in COMPARED},
        **{f"p_{m}": _chance(f"p-waarde: {MATEN[m].label.lower()}") for m in COMPARED},
        "verschil_na_voor": _number("Na min voor de start: naast elkaar", "verschil"),
        "p_na_voor": _chance("p-waarde: na min voor de start"),
        "toeval_clustering": _number("Clustering gedeeld door die van toeval", "verhouding"),
        "p_toeval": _chance("p-waarde: clustering tegenover toeval"),
    },
    thema="Samen optrekken",
)

EXPLAINED: Mapping[str, str] = {
    "huishoudens": "Gedeelde huishoudens",
    "zelfde_domein": "Zelfde domein",
    "zelfde_gebied": "Zelfde gebied",
}
OVERLEG = Card(
    label="Huishoudens delen en overleggen",
    kind=Kind.NETWERK,
    versie="1.0",
    vraag="Overleggen organisaties die huishoudens delen ook met elkaar?",
    populatie="organisaties met ten minste een huishouden in het venster",
    teller="per paar organisaties: het aantal overleggen met beide, in een openbaar verslag het aantal "
    "huishoudens met zo'n overleg (logaritme van 1 + aantal)",
    noemer="verklaard uit: gedeelde huishoudens (logaritme van 1 + aantal) en zelfde domein; alleen in een "
    "intern verslag ook zelfde gebied",
    eenheid="paar organisaties",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen",
    uitsluitingen="deelnemers aan een overleg zonder betrokkenheid in het pakket",
    lezen="Een coëfficiënt boven 0 betekent: paren met meer gedeelde huishoudens overleggen vaker, ook bij "
    "gelijke andere kenmerken in de tabel. Paren hangen samen doordat elke organisatie in veel paren zit; "
    "daarom komt de p-waarde uit het omwisselen van hele organisaties. In een openbaar verslag staat het "
    "gebied er niet in: organisaties die in een gebied werken, delen en overleggen dan vanzelf meer.",
    bronnen=("Dekker, Krackhardt & Snijders 2007 (MRQAP), doi 10.1007/s11336-007-9016-1",),
    tabellen={
        **_NEEDED,
        "overleg": ("overleg_id", "huishouden_id", "datum"),
        "overleg_deelname": ("overleg_id", "professional_id"),
    },
    maten={
        "correlatie": _number("Samenhang (QAP)", "correlatie"),
        "p_correlatie": _chance("p-waarde van de samenhang"),
        **{
            f"b_{k}": _number(f"Coëfficiënt: {label.lower()}", "coëfficiënt")
            for k, label in EXPLAINED.items()
        },
        **{f"p_{k}": _chance(f"p-waarde: {label.lower()}") for k, label in EXPLAINED.items()},
        "r2": _number("Verklaard deel van de verschillen"),
    },
    thema="Samen optrekken",
)
