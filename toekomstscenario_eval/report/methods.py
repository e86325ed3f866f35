"""By which method each estimand is made, and what that assumes, with the outcome of each check."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from toekomstscenario_eval.blocks.access import Row
from toekomstscenario_eval.designs import breakdowns
from toekomstscenario_eval.designs._alike import within_kinds
from toekomstscenario_eval.designs._regions import UNEVEN, by_region
from toekomstscenario_eval.designs._sites import compared, site_data
from toekomstscenario_eval.designs.group_difference import PROEFTUIN, VERGELIJKING
from toekomstscenario_eval.designs.meta import shrink
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.estimators.networks import network_cards
from toekomstscenario_eval.grids import SMALL_RISK_SET
from toekomstscenario_eval.series import CURVE
from toekomstscenario_eval.types import SITE, SITE_KIND, Card, Kind, Maat, Result, Status, Vorm


@dataclass(frozen=True)
class Assumption:
    """An assumption, how it was checked, and with what outcome; what it says of one indicator comes apart."""

    assumption: str
    toets: str
    status: Status
    uitkomst: str

    @property
    def verdict(self) -> str:
        """The status in words: what no data can check has not been checked."""
        return "niet te toetsen" if self.toets == _UNTESTABLE else self.status.value


# Assumptions, each with a remark on the result, by the result and its first number of the whole.
Assumptions = Callable[[Row, Result], tuple[tuple[Assumption, str], ...]]


@dataclass(frozen=True)
class Method:
    """How estimands are made, in words, and what that assumes."""

    tekst: str
    assumptions: Assumptions


_UNTESTABLE = "niet uit de gegevens te toetsen"
_INDEPENDENT = "Huishoudens zijn onafhankelijk van elkaar"
_TEAM = "huishoudens met hetzelfde vaste gezicht of lokale team"
_FEW_AT_RISK = f"minder dan {SMALL_RISK_SET} duren onder risico"
_SPELLS = Assumption(
    f"Perioden van {_TEAM} zijn onafhankelijk van elkaar",
    _UNTESTABLE,
    Status.NVT,
    "er is geen ontwerpeffect: zij zijn als losse waarnemingen geteld, en het interval kan te smal zijn",
)
_EFFECT = re.compile(r"; ontwerpeffect (\d+(?:,5)?)( voor)?")


def _untestable(assumption: str, outcome: str) -> Assumptions:
    vast = Assumption(assumption, _UNTESTABLE, Status.NVT, outcome)
    return lambda _, __: ((vast, ""),)


def _censored(assumption: str, outcome: str, series: str) -> Assumptions:
    """Return what every curve assumes: of those still running, and of how many are under observation."""
    vast = Assumption(assumption, _UNTESTABLE, Status.NVT, outcome)

    def assumptions(row: Row, r: Result) -> tuple[tuple[Assumption, str], ...]:
        part = row["gecensureerd"] / row["noemer"] if row["noemer"] else float("nan")
        share = f" ({number(part, Vorm.AANDEEL)})"
        return (vast, share), (_watched(r, series), ""), *_teams(str(row["methode"]))

    return assumptions


def _teams(methode: str) -> tuple[tuple[Assumption, str], ...]:
    """Say whether the interval has what households with one team share; nothing without an interval."""
    if "(geen ontwerpeffect)" in methode:
        return ((_SPELLS, ""),)
    if (found := _EFFECT.search(methode)) is None:
        return ()
    status, outcome = Status.GESLAAGD, "het interval is daarvoor verruimd met een ontwerpeffect"
    if found[1] == "1":
        outcome = "het ontwerpeffect is niet boven 1: het interval hoefde er niet om te worden verruimd"
    if not found[2]:
        status, outcome = (
            Status.GEFAALD,
            "het ontwerpeffect is hoger dan is te tonen: het interval is te smal",
        )
    what, toets = (
        f"Het interval rekent met wat {_TEAM} delen",
        "of het ontwerpeffect onder de hoogste waarde ligt",
    )
    return ((Assumption(what, toets, status, outcome), f" ({found[1]})"),)


def _watched(r: Result, series: str) -> Assumption:
    """Say whether enough spells are under observation: on every day, or in public on every day shown."""
    what = "Op elke dag zijn er genoeg perioden onder waarneming"
    if not r.publiek:
        toets = "ten minste tien op elke dag waarna nog perioden instromen"
        made = _estimated(r, series)
        if made.empty:
            return Assumption(what, toets, Status.NVT, "er is niets geschat")
        if made["methode"].str.contains(_FEW_AT_RISK).any():
            return Assumption(what, toets, Status.GEFAALD, "op ten minste één dag zijn het er minder")
        return Assumption(what, toets, Status.GESLAAGD, "op elke dag tien of meer")
    toets = "ten minste tien op elke dag van de curve die is getoond"
    points = r.reeksen[r.reeksen["reeks"].eq(series) & r.reeksen["uitsplitsing"].eq("")]
    if points.empty:
        return Assumption(what, toets, Status.NVT, "er is geen curve getoond")
    if (points["n"] < SMALL_RISK_SET).any():
        return Assumption(what, toets, Status.GEFAALD, "op ten minste één getoonde dag zijn het er minder")
    return Assumption(what, toets, Status.GESLAAGD, "op elke getoonde dag tien of meer")


def _estimated(r: Result, series: str) -> pd.DataFrame:
    """Return the rows of the whole with an estimate from this series."""
    methode = _KAPLAN_MEIER if series == CURVE else _AALEN_JOHANSEN
    whole = r.schattingen[r.schattingen["uitsplitsing"].eq("") & r.schattingen["schatting"].notna()]
    of = methods(r.card, whole["maat"].unique())
    return whole[[of[maat] is methode for maat in whole["maat"]]]


def _clustered(row: Row, r: Result) -> tuple[tuple[Assumption, str], ...]:
    """Return what a share assumes: of households, and of units within one."""
    what = "Eenheden uit één huishouden zijn niet als losse waarnemingen geteld"
    toets = "of een huishouden er meer kan hebben, en of het interval daarmee rekent"
    methode = str(row["methode"])
    if row["ondergrens"] != row["ondergrens"]:
        status, outcome = Status.NVT, "er is geen interval getoond"
    elif "gecorrigeerd voor samenhang binnen huishoudens" in methode:
        status, outcome = Status.GESLAAGD, "het interval is gecorrigeerd voor samenhang binnen huishoudens"
    elif "samenhang binnen huishoudens niet te schatten" in methode:
        status, outcome = Status.GESLAAGD, "het interval rekent met het aantal huishoudens"
    elif not _more_in_one(row, r):
        status, outcome = Status.NVT, "elk huishouden telt één keer"
    elif r.publiek:
        status, outcome = Status.GEFAALD, "het interval rekent niet met samenhang binnen huishoudens"
    else:
        status, outcome = Status.GESLAAGD, "binnen huishoudens is geen samenhang gevonden"
    return *_independent(row, r), (Assumption(what, toets, status, outcome), "")


def _more_in_one(row: Row, r: Result) -> bool:
    """Whether a household has more than one unit: as counted, or in public as the cells tell."""
    if not r.publiek:
        return bool(row["noemer"] != row["n"])
    return "" in r.publiek and bool((r.publiek[""].cellen["k"] > 1).any())


def _ended(row: Row, _: Result) -> tuple[tuple[Assumption, str], ...]:
    status, outcome = Status.GEFAALD, "een deel loopt nog, en wat lang duurt loopt vaker nog"
    if not row["gecensureerd"] > 0:
        status, outcome = Status.NVT, "hoeveel er nog loopt, is niet getoond of nul"
    assumption = "Wat nog loopt, duurt even lang als wat is afgelopen"
    return ((Assumption(assumption, "of er nog iets loopt", status, outcome), ""),)


_BY_REGION = "of regio's van één soort meer verschillen dan toeval en ruis geven (Cochrans Q)"
_NARROW = "professionals werken met veel huishoudens; intervallen zijn eerder te smal dan te breed"
_PART = "tussen haakjes staat het deel boven toeval, als in hoofdstuk 7"
_ALIKE = f"huishoudens in één regio lijken op elkaar; een interval over huishoudens is te smal; {_PART}"
_NOT_SHOWN = (
    f"dat regio's meer verschillen dan toeval is niet aangetoond, en ook niet uitgesloten; {_PART}; {_NARROW}"
)


def _independent(_: Row, r: Result) -> tuple[tuple[Assumption, str], ...]:
    """Say whether households are independent of each other: not where those of one region are alike.

    That regions are not shown to differ is no proof: households share professionals within a region too. The
    part beyond chance is that of the chapter on results, so that the two agree.
    """
    sites = site_data(r) if SITE in breakdowns(r) else None
    alike = within_kinds(sites) if sites else None
    if sites is None or alike is None:
        outcome = f"cijfers van alle regio's apart zijn er niet; {_NARROW}"
        return ((Assumption(_INDEPENDENT, _UNTESTABLE, Status.NVT, outcome), ""),)
    remark = f" (I² {number(shrink(sites).i2, Vorm.AANDEEL)})"
    if alike.clear:
        return ((Assumption(_INDEPENDENT, _BY_REGION, Status.GEFAALD, _ALIKE), remark),)
    return ((Assumption(_INDEPENDENT, _UNTESTABLE, Status.NVT, _NOT_SHOWN), remark),)


def exchangeable(r: Result) -> Assumption | None:
    """Say whether kinds could have been assigned to any region; None without a difference of these.

    What can be seen is whether figures of regions of the one kind are less sure: then the test of few regions
    finds too much, as was measured.
    """
    what = "Zonder verschil zijn regio's van beide soorten te verwisselen"
    naam = compared(r)
    found = by_region(r, per=SITE_KIND, a=PROEFTUIN, b=VERGELIJKING)
    v = next((v for n, v, _ in found if n == naam), None)
    if v is None or v.reden or math.isnan(v.p):
        return None
    factor = number(UNEVEN, Vorm.GETAL)
    toets = f"of cijfers van regio's van de kleinste soort meer dan {factor} keer zo onzeker zijn"
    if v.uneven > UNEVEN:
        outcome = "zij zijn onzekerder: de toets vindt dan te snel iets"
        return Assumption(what, toets, Status.GEFAALD, outcome)
    outcome = "regio's zijn niet door loting gekozen; waarin zij verder verschillen, zeggen deze cijfers niet"
    return Assumption(what, _UNTESTABLE, Status.NVT, outcome)


_SHARE = Method(
    "Aandelen: teller gedeeld door noemer, met een Wilson-interval. Tellen er meer kinderen uit één "
    "huishouden mee, dan rust het interval op het effectieve aantal waarnemingen, omdat kinderen uit één "
    "gezin op elkaar lijken (Korn en Graubard 1998).",
    _clustered,
)
_COUNT = Method(
    "Aantallen: het gemiddelde per huishouden met een t-interval, verdelingsvrije intervallen bij mediaan"
    " en 90e percentiel, en een cijfer per jaar met een robuust interval.",
    _independent,
)
_KAPLAN_MEIER = Method(
    "Duren: Kaplan-Meier met censurering en late instroom, interval op log-schaal (Greenwood). Perioden "
    "die nog lopen tellen mee zolang zij zijn gezien; zij worden niet weggelaten. Perioden van "
    "huishoudens met hetzelfde vaste gezicht, of zonder vast gezicht hetzelfde lokale team, lijken op "
    "elkaar: de variantie is vermenigvuldigd met een ontwerpeffect (Lin en Wei 1989), per indicator "
    "geschat voor het geheel en elke soort regio, op halven, van 1 tot 10. Het is iets ruimer bij weinig "
    "teams. Een regio gebruikt dat van haar soort, een groep huishoudens een deel van dat van het geheel.",
    _censored(
        "Wat nog loopt, duurt niet stelselmatig langer of korter dan wat is afgelopen",
        "tussen haakjes staat welk deel van de perioden nog loopt",
        CURVE,
    ),
)
_NAIVE = Method(
    "Het gemiddelde van wat is afgelopen, zonder wat nog loopt: naïef. Lange duren ontbreken, en van wat al "
    "liep bij het begin de korte; het kan dus te laag en te hoog zijn. Het staat er alleen ter "
    "vergelijking, en zonder interval.",
    _ended,
)
_AALEN_JOHANSEN = Method(
    "Einden die elkaar uitsluiten: de kans op één einde binnen een aantal dagen, terwijl andere einden "
    "concurreren (Aalen en Johansen 1978), met censurering en late instroom, interval op log-schaal. Wie "
    "op een andere manier eindigde, telt niet als gecensureerd: dan zou de kans te hoog uitkomen.",
    _censored(
        "Wie nog geen einde heeft, eindigt later op dezelfde manieren als wie al langer is gevolgd",
        "tussen haakjes staat welk deel nog geen einde heeft",
        "incidentie",
    ),
)
_RECURRENT = Method(
    "Wat vaker kan gebeuren: het gemiddelde aantal per huishouden tot en met een dag (Nelson 1995) en het"
    " aantal per jaar in beeld, met een robuust interval: wat in één huishouden gebeurt, mag samenhangen "
    "(Lawless en Nadeau 1995). Uit beschermde tellingen komt dit op een raster van dagen, uit het aantal "
    "huishoudens bij wie het dan ten minste één, twee of meer keer is gebeurd: elke stap is gewogen tegen "
    "de ruis, en hoe huishoudens verschillen volgt uit hoe vaak het bij één huishouden meer dan één keer "
    "gebeurt.",
    _untestable(
        "Hoe lang een huishouden is gevolgd, hangt niet samen met hoe vaak het gebeurt",
        "een huishouden telt mee zolang het is gevolgd",
    ),
)
_SCORE = Method(
    "Scores: het gemiddelde per huishouden en de gemiddelde verandering met een t-interval (gepaard); de "
    "effectgrootte is Hedges' g op de gemiddelde spreiding van beide metingen (Bonett 2008). Wie maar één"
    " keer is gemeten, telt niet mee in een verandering. In een openbaar verslag zijn huishoudens geteld per "
    "trede van de schaal, en de verandering van een huishouden is daar zelf geteld. Een score tussen twee "
    "treden is naar boven of naar beneden afgerond, met een kans waardoor het gemiddelde klopt. De ruis en "
    "de afronding zitten in het interval.",
    _independent,
)
_CHANGE = replace(
    _SCORE,
    assumptions=_untestable(
        "Wie twee keer is gemeten, lijkt op wie maar één keer is gemeten",
        "wie maar één keer is gemeten, staat bij de uitsluitingen",
    ),
)
_ITEMS = Method(
    "Betrouwbaarheid en overeenstemming: Cronbachs alfa (interval van Feldt), McDonalds omega uit een "
    "model met één factor, de intraklassecorrelatie ICC(A,1) (McGraw en Wong 1996) en kappa, gewogen naar "
    "het kwadraat van het verschil (interval van Lin 1989), over één eenheid per huishouden die alle items "
    "heeft. Uit beschermde tellingen: van elk item, van de som, en van hoe ver de antwoorden van één "
    "huishouden uit elkaar liggen. Antwoorden zijn daarvoor afgerond op hele punten, scores van twee "
    "informanten op kwart punten; omega volgt dan uit de samenhang van elk item met de rest.",
    _untestable(
        "Wie alle items heeft, lijkt op wie een item mist", "wie een item mist, staat bij de uitsluitingen"
    ),
)
_NETWORK = Method(
    "Netwerken: banden tussen huishoudens en professionals, geprojecteerd op professionals en op soorten "
    "organisaties. Alle banden in het venster zijn geteld, er is geen steekproef. Waar een interval "
    "staat, komt het uit de verschillen tussen huishoudens: een t-interval, of wat er verandert als "
    "telkens een deel van de huishoudens ontbreekt. In een openbaar verslag zijn organisaties, "
    "hun soorten en domeinen de knopen, en volgt elk getal uit beschermde tellingen van huishoudens: van "
    "elke band, en van wat een huishouden telt. Wat is opgeteld over alle banden of huishoudens, is zonder "
    "stelselmatige fout; alles wat van losse banden afhangt, rust op de banden van genoeg huishoudens en "
    "heeft geen interval. Toeval is daar nagebootst met de beschermde tellingen zelf.",
    _untestable("Elke band is geregistreerd", "wat niet is geregistreerd, zit niet in het netwerk"),
)
_AREAS = Method(
    "Netwerken van gebieden vergeleken: een permutatietoets over de verdelingen van gebieden over de "
    "groepen (Phipson en Smyth 2010), en clustering naast die van netwerken met dezelfde aantallen "
    "(curveball, Strona e.a. 2014).",
    _untestable(
        "Zonder verschil zijn gebieden onderling te verwisselen",
        "gebieden zijn niet door loting gekozen, en het zijn er weinig",
    ),
)
_MEETINGS = Method(
    "Huishoudens delen en overleggen: de samenhang van twee netwerken van organisaties, met een toets die"
    " hele organisaties omwisselt (QAP; Dekker, Krackhardt en Snijders 2007). In een openbaar verslag rust "
    "de toets op de beschermde tellingen: van huishoudens die twee organisaties delen, en van huishoudens "
    "waarover zij samen overleggen.",
    _untestable(
        "Zonder samenhang zijn organisaties onderling te verwisselen",
        "paren van één organisatie hangen samen; daarom wisselt de toets hele organisaties om",
    ),
)
_CHARACTERISTIC = Method(
    "Kenmerken: welk deel van alle huishoudens het kenmerk heeft, met wie er niets van bekend is als groep "
    "apart. Elk kenmerk is op zichzelf geteld, en zonder ruis tellen de waarden van een kenmerk op tot alle "
    "huishoudens.",
    _untestable("Wat is geleverd, gold op de dag van instroom", "wat later is gewijzigd, is niet te zien"),
)
_FACTS = Method(
    "Tellingen over de gegevens zelf: rijen, bevindingen, lege velden en huishoudens. Geteld en niet "
    "geschat, dus zonder interval.",
    _untestable("Wat er is, is geleverd", "wat niet is geregistreerd of geleverd, telt niet mee"),
)


def _stem(naam: str, maat: Maat) -> str:
    """Return an estimand without the numbers at its end: `incidentie_1_365` is an `incidentie`."""
    return re.sub(r"(_\d+)+$", "", maat.schatter or naam)


def _all_of(card: Card, methode: Method) -> dict[str, Method]:
    return {_stem(naam, maat): methode for naam, maat in card.maten.items()}


METHODS: Mapping[Kind, Mapping[str, Method]] = {
    Kind.AANDEEL: {"aandeel": _SHARE},
    Kind.AANTAL: dict.fromkeys(
        ("gemiddelde", "per_blootstelling", "mediaan", "p90", "overspreiding"), _COUNT
    ),
    Kind.DUUR: {
        **dict.fromkeys(("mediaan", "p25", "p75", "gemiddelde_beperkt", "langer"), _KAPLAN_MEIER),
        "gemiddelde_beeindigd": _NAIVE,
        "incidentie": _AALEN_JOHANSEN,
    },
    Kind.HERHAALD: dict.fromkeys(("mcf", "per_jaar"), _RECURRENT),
    Kind.SCORE: {
        **dict.fromkeys(("gemiddelde", "standaardafwijking"), _SCORE),
        **dict.fromkeys(("gemiddelde_voor", "verschil", "effectgrootte"), _CHANGE),
    },
    Kind.MATRIX: dict.fromkeys(("alfa", "omega", "icc", "kappa", "meetfout", "grens"), _ITEMS),
    Kind.NETWERK: {
        **_all_of(network_cards.NETWERK, _NETWORK),
        **_all_of(network_cards.TIME, _NETWORK),
        "over_organisaties": _NETWORK,
        **_all_of(network_cards.VERGELIJKING, _AREAS),
        **_all_of(network_cards.OVERLEG, _MEETINGS),
    },
    Kind.KENMERK: {"aandeel": _CHARACTERISTIC},
    Kind.TELLING: {"aantal": _FACTS},
}


def methods(card: Card, maten: Iterable[str]) -> dict[str, Method]:
    """Return the method of each of these estimands of a card."""
    return {naam: METHODS[card.kind][_stem(naam, card.maten[naam])] for naam in maten}
