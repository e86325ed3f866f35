"""6 Methods, and each assumption with the outcome of its check."""

from __future__ import annotations

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.designs import all_designs
from toekomstscenario_eval.disclosure.release import Released
from toekomstscenario_eval.document.document import Block, Cel, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.report.methods import METHODS, Assumption, Method, methods
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import Status

TITEL = "6 Methoden en aannames"

_TOETSEN = (
    "Toetsen: bij duren de log-ranktoets (ook binnen gezinsprofielen, Mantel 1966), bij concurrerende einden die van Gray "
    "(1988), het verschil in beperkt gemiddelde (Royston en Parmar 2013) en een Cox-model met Efrons behandeling van "
    "gelijke dagen, de regio als cluster (Lin en Wei 1989) en een toets op evenredigheid (Grambsch en Therneau 1994); bij "
    "scores een gemengd model met de regio als toevalseffect (REML). Daarnaast het verschil met de regio als eenheid "
    "(Welch). Regio's zijn niet door loting gekozen en het zijn er weinig: een p-waarde is hier geen bewijs van een effect."
)
_GENOEG = Assumption(
    "Er zijn genoeg waarnemingen om iets te tonen",
    "drempel van het beleid",
    Status.GEFAALD,
    "het geheel is onderdrukt",
)


def _assumptions(r: Released) -> list[tuple[Assumption, str]]:
    """Return the assumptions behind one result, each with a remark on this result."""
    geheel = r.schattingen[r.schattingen["uitsplitsing"].eq("")]
    # Counts about the package may have groups alone.
    rijen = access.records(geheel if len(geheel) else r.schattingen)
    kop = [rij["onderdrukt"] for rij in rijen if rij["maat"] == access.headline(r)]
    if kop and all(kop):
        return [(_GENOEG, "")]
    zicht = [rij for rij in rijen if not rij["onderdrukt"]]
    per = methods(r.card, (rij["maat"] for rij in zicht))
    eerste: dict[Method, access.Row] = {}
    for rij in zicht:
        eerste.setdefault(per[rij["maat"]], rij)
    return [paar for methode, rij in eerste.items() for paar in methode.aannames(rij)]


def _assumption_table(rapport: Report) -> tuple[Block, ...]:
    """Return each assumption once, with the indicators that rest on it."""
    bij: dict[Assumption, dict[str, None]] = {}
    for r in rapport.vrijgave.resultaten:
        if r.sleutel == r.indicator:
            for aanname, opmerking in _assumptions(r):
                bij.setdefault(aanname, {})[f"{r.card.label}{opmerking}"] = None
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


def _in_use(rapport: Report) -> list[str]:
    """Return in words the methods by which the numbers of the release were made."""
    gebruikt = {
        methode.tekst
        for r in rapport.vrijgave.resultaten
        for methode in methods(r.card, r.schattingen["maat"].unique()).values()
    }
    alle = dict.fromkeys(methode.tekst for per in METHODS.values() for methode in per.values())
    return [tekst for tekst in alle if tekst in gebruikt]


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the methods in use and the table of assumptions."""
    vergelijkingen = [d.card.methode for d in all_designs().values() if d.card.methode]
    return (
        Lijst(tuple((Tekst(m),) for m in [*_in_use(rapport), *vergelijkingen, _TOETSEN])),
        *rapport.tekst("methoden_toelichting"),
        Kop(2, "Aannames"),
        paragraph(
            "Een status 'niet van toepassing' betekent hier: deze gegevens kunnen de aanname niet toetsen. Dan is zij",
            "aannemelijk of niet op grond van kennis van de praktijk, en niet bewezen.",
        ),
        *_assumption_table(rapport),
    )
