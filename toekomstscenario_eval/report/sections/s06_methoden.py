"""6 Methods, and each assumption with the outcome of its check."""

from __future__ import annotations

from dataclasses import dataclass

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.disclosure.release import Released
from toekomstscenario_eval.document.document import Block, Cel, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import Kind, Status, Vorm

TITEL = "6 Methoden en aannames"

_METHODE = {
    Kind.AANDEEL: "Aandelen: teller gedeeld door noemer, met een Wilson-interval. Tellen er meer kinderen uit één "
    "huishouden mee, dan rust het interval op het effectieve aantal waarnemingen, omdat kinderen uit "
    "één gezin op elkaar lijken (Korn en Graubard 1998).",
    Kind.AANTAL: "Aantallen: het gemiddelde per huishouden met een t-interval, verdelingsvrije intervallen bij mediaan "
    "en 90e percentiel, en een cijfer per jaar met een robuust interval.",
    Kind.DUUR: "Duren: Kaplan-Meier met censurering en late instroom, interval op log-schaal (Greenwood). Perioden "
    "die nog lopen tellen mee zolang zij zijn gezien; zij worden niet weggelaten.",
    Kind.SCORE: "Scores: het gemiddelde per huishouden en de gemiddelde verandering met een t-interval (gepaard); de "
    "effectgrootte is Hedges' g op de gemiddelde spreiding van beide metingen (Bonett 2008). Wie maar één keer is "
    "gemeten, telt niet mee in een verandering.",
    Kind.MATRIX: "Betrouwbaarheid en overeenstemming: Cronbachs alfa (interval van Feldt), McDonalds omega uit een model "
    "met één factor (maximum likelihood) en de intraklassecorrelatie ICC(A,1) (McGraw en Wong 1996), over één "
    "eenheid per huishouden die alle items heeft.",
    Kind.NETWERK: "Netwerken: banden tussen huishoudens en professionals, geprojecteerd op professionals en op soorten "
    "organisaties. Het netwerk is volledig waargenomen; de maten hebben daarom geen steekproefinterval.",
}
_VERSCHIL = (
    "Verschillen tussen proeftuinen en vergelijkingsregio's: uit de intervallen van beide groepen (Newcombe 1998; "
    "Zou en Donner 2008), bij gemiddelden ook Hedges' g. Dit is een beschrijving, geen effect."
)
_TOETSEN = (
    "Toetsen: bij duren de log-ranktoets (ook binnen gezinsprofielen, Mantel 1966), bij concurrerende einden die van Gray "
    "(1988), het verschil in beperkt gemiddelde (Royston en Parmar 2013) en een Cox-model met Efrons behandeling van "
    "gelijke dagen, de regio als cluster (Lin en Wei 1989) en een toets op evenredigheid (Grambsch en Therneau 1994); bij "
    "scores een gemengd model met de regio als toevalseffect (REML). Daarnaast het verschil met de regio als eenheid "
    "(Welch). Regio's zijn niet door loting gekozen en het zijn er weinig: een p-waarde is hier geen bewijs van een effect."
)


@dataclass(frozen=True)
class _Assumption:
    """An assumption, how it was checked, and with what outcome; what it says of one indicator comes apart."""

    aanname: str
    toets: str
    status: Status
    uitkomst: str


_GENOEG = "Er zijn genoeg waarnemingen om iets te tonen"
_CENSURERING = "Wat nog loopt, duurt niet stelselmatig langer of korter dan wat is afgelopen"
_RISICO = "Op elke dag zijn er genoeg perioden onder waarneming"
_ONAFHANKELIJK = "Huishoudens zijn onafhankelijk van elkaar"


def _assumptions(r: Released) -> list[tuple[_Assumption, str]]:
    """Return the assumptions behind one result, each with a remark on this result."""
    if r.schattingen.empty:
        return []
    maat = access.headline(r)
    rij = access.rows(r, uitsplitsing="", maat=maat).iloc[0]
    if rij["onderdrukt"]:
        return [
            (_Assumption(_GENOEG, "drempel van het beleid", Status.GEFAALD, "het geheel is onderdrukt"), "")
        ]
    if r.card.kind is Kind.DUUR:
        deel = rij["gecensureerd"] / rij["noemer"] if rij["noemer"] else float("nan")
        klein = "minder dan" in str(rij["methode"])
        return [
            (
                _Assumption(
                    _CENSURERING,
                    "niet uit de gegevens te toetsen",
                    Status.NVT,
                    "tussen haakjes staat welk deel van de perioden nog loopt",
                ),
                f" ({number(deel, Vorm.AANDEEL)})",
            ),
            (
                _Assumption(
                    _RISICO,
                    "ten minste tien op elke dag waarna nog perioden instromen",
                    Status.GEFAALD if klein else Status.GESLAAGD,
                    "op ten minste één dag zijn het er minder" if klein else "op elke dag tien of meer",
                ),
                "",
            ),
        ]
    if r.card.kind is Kind.AANDEEL:
        samenhang = "samenhang binnen huishoudens" in str(rij["methode"])
        uitkomst = "gecorrigeerd in het interval" if samenhang else "één per huishouden, of geen samenhang"
        return [(_Assumption(_ONAFHANKELIJK, "samenhang binnen huishoudens", Status.GESLAAGD, uitkomst), "")]
    gedeeld = "professionals werken met veel huishoudens; intervallen zijn eerder te smal dan te breed"
    return [(_Assumption(_ONAFHANKELIJK, "niet uit de gegevens te toetsen", Status.NVT, gedeeld), "")]


def _assumption_table(rapport: Report) -> tuple[Block, ...]:
    """Return each assumption once, with the indicators that rest on it."""
    bij: dict[_Assumption, list[str]] = {}
    for r in rapport.vrijgave.resultaten:
        if r.sleutel in rapport.achtergrond.kaarten:
            for aanname, opmerking in _assumptions(r):
                bij.setdefault(aanname, []).append(f"{r.card.label}{opmerking}")
    if not bij:
        return ()
    rijen = tuple(
        (
            Cel(f"{a.aanname}. Toets: {a.toets}."),
            Cel(f"{a.status.value}: {a.uitkomst}"),
            Cel("; ".join(namen)),
        )
        for a, namen in sorted(bij.items(), key=lambda paar: (paar[0].aanname, paar[0].status.value))
    )
    kop = ("Aanname en toets", "Uitkomst", "Geldt voor")
    return (Tabel("Aannames met de uitkomst van hun toets", kop, rijen),)


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the methods in use and the table of assumptions."""
    kinds = {kaart.kind for kaart in rapport.achtergrond.kaarten.values()}
    methoden = [tekst for kind, tekst in _METHODE.items() if kind in kinds] + [_VERSCHIL, _TOETSEN]
    return (
        Lijst(tuple((Tekst(m),) for m in methoden)),
        *rapport.tekst("methoden_toelichting"),
        Kop(2, "Aannames"),
        paragraph(
            "Een status 'niet van toepassing' betekent hier: deze gegevens kunnen de aanname niet toetsen. Dan is zij",
            "aannemelijk of niet op grond van kennis van de praktijk, en niet bewezen.",
        ),
        *_assumption_table(rapport),
    )
