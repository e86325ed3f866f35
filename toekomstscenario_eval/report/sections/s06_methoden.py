"""6 Methods, and each assumption with the outcome of its check."""

from __future__ import annotations

import re

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.baseline import described
from toekomstscenario_eval.blocks.leading import leading
from toekomstscenario_eval.designs import all_designs
from toekomstscenario_eval.document.document import Block, Cel, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.report.calibrated import calibrated_blocks
from toekomstscenario_eval.report.measured import measured_blocks
from toekomstscenario_eval.report.methods import METHODS, Assumption, Method, exchangeable, methods
from toekomstscenario_eval.report.report import Report, paragraph
from toekomstscenario_eval.types import Result, Status, Vorm

TITLE = "6 Methoden en aannames"

_TOETSEN = (
    "Toetsen: bij duren de log-ranktoets (ook binnen gezinsprofielen, Mantel 1966), bij concurrerende einden die van Gray "
    "(1988), het verschil in beperkt gemiddelde (Royston en Parmar 2013) en een Cox-model met Efrons behandeling van "
    "gelijke dagen, de regio als cluster (Lin en Wei 1989) en een toets op evenredigheid (Grambsch en Therneau 1994); bij "
    "scores een gemengd model met de regio als toevalseffect (REML). Zij komen na het verschil met de regio als eenheid: "
    "bij elf tegen drie regio's vinden zij te snel iets, en zijn zij te zeker voor een conclusie over proeftuinen. Regio's "
    "zijn niet door loting gekozen en het zijn er weinig: een p-waarde is hier geen bewijs van een effect."
)
_PUBLIC_TESTS = (
    "Toetsen tussen groepen zijn in een openbaar verslag berekend uit de gepubliceerde tellingen, op een raster van 30 dagen: "
    "de log-ranktoets (Mantel 1966), bij concurrerende einden die van Gray (1988), het verschil in beperkt gemiddelde "
    "(Royston en Parmar 2013), en een Cox-model met een vaste kans binnen elke stap (Holford 1980) en een toets op "
    "evenredigheid. De ruis zit in elke variantie. Waar de groepen soorten regio zijn, is bij het Cox-model de regio de "
    "eenheid: hoeveel regio's verschillen is geschat uit de tellingen per regio, zonder hun ruis (DerSimonian en Laird 1986). "
    "Zij komen na het verschil met de regio als eenheid: bij elf tegen drie regio's vinden zij te snel iets, en zijn zij te "
    "zeker voor een conclusie over proeftuinen. Regio's zijn niet door loting gekozen en het zijn er weinig: een p-waarde is "
    "hier geen bewijs van een effect."
)
# How a rule of a policy says how often the intervals that it allows hold the truth.
MEASURED = re.compile(r"dekking van het interval is dan ten minste (\d+)%")
_ENOUGH = Assumption(
    "Er zijn genoeg waarnemingen om iets te tonen",
    "drempel van het beleid",
    Status.GEFAALD,
    "het geheel is niet getoond",
)


def _assumptions(r: Result) -> list[tuple[Assumption, str]]:
    """Return the assumptions behind one result, each with a remark on this result."""
    whole = r.schattingen[r.schattingen["uitsplitsing"].eq("")]
    # Counts about the package may have groups alone.
    rows = access.records(whole if len(whole) else r.schattingen)
    heading = [row["onderdrukt"] for row in rows if row["maat"] == access.headline(r)]
    if heading and all(heading):
        return [(_ENOUGH, "")]
    view = [row for row in rows if not row["onderdrukt"]]
    per = methods(r.card, (row["maat"] for row in view))
    first: dict[Method, access.Row] = {}
    for row in view:
        first.setdefault(per[row["maat"]], row)
    return [pair for methode, row in first.items() for pair in methode.assumptions(row, r)]


def _assumption_table(report: Report) -> tuple[Block, ...]:
    """Return each assumption once, with the indicators that rest on it."""
    at: dict[Assumption, dict[str, None]] = {}
    for r in report.vrijgave.resultaten:
        if r.sleutel != r.indicator:
            continue
        # Of the figure that leads: only that is computed by region.
        lead = leading(report.vrijgave, r.sleutel)
        for assumption, comment in _assumptions(lead):
            at.setdefault(assumption, {})[f"{r.card.label}{comment}"] = None
        if found := exchangeable(lead):
            at.setdefault(found, {})[r.card.label] = None
    if not at:
        return ()
    rows = tuple(
        (
            Cel(f"{a.assumption}. Toets: {a.toets}."),
            Cel(f"{a.verdict}: {a.uitkomst}"),
            Cel("; ".join(namen)),
        )
        for a, namen in sorted(at.items(), key=lambda pair: (pair[0].assumption, pair[0].uitkomst))
    )
    heading = ("Aanname en toets", "Uitkomst", "Geldt voor")
    return (Tabel("Aannames met de uitkomst van hun toets", heading, rows),)


def _in_use(report: Report) -> list[str]:
    """Return in words the methods by which the numbers of the release were made."""
    used = {
        methode.tekst
        for r in report.vrijgave.resultaten
        for methode in methods(r.card, r.schattingen["maat"].unique()).values()
    }
    every = dict.fromkeys(methode.tekst for per in METHODS.values() for methode in per.values())
    return [text for text in every if text in used]


def _coverage(report: Report) -> tuple[Block, ...]:
    """Return what the label of an interval promises, and how often intervals were measured to keep it."""
    inside = report.vrijgave.intern
    plays = "het toeval een rol speelt" if inside else "het toeval en de ruis in de tellingen een rol spelen"
    promise = paragraph(
        "Een 95%-interval is zo berekend dat het in 95 van de 100 gevallen de waarheid bevat, als alleen",
        f"{plays}. Bij kleine aantallen is dat bij benadering.",
    )
    rules = report.dossier["beleid"]["regels"] if report.dossier else ()
    measured = [(rule, found[1]) for rule in rules if (found := MEASURED.search(rule["bron"]))]
    if inside:
        return (promise,)
    if not measured:
        return promise, *measured_blocks(), *calibrated_blocks()
    rows = tuple(
        (
            Cel(rule["uitleg"][:1].upper() + rule["uitleg"][1:]),
            Cel(number(rule["waarde"], Vorm.TELLING), rechts=True),
            Cel(f"{part}%", rechts=True),
        )
        for rule, part in measured
    )
    note = "Gemeten op voorbeeldgegevens waarvan de waarheid bekend is."
    heading = ("Grens", "Vanaf", "Dekking ten minste")
    least = Tabel("Gemeten dekking van 95%-intervallen bij de kleinste aantallen", heading, rows, (note,))
    return promise, least, *measured_blocks(), *calibrated_blocks()


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the methods in use and the table of assumptions."""
    tested = {
        _TOETSEN if r.intern else _PUBLIC_TESTS: None for r in report.vrijgave.resultaten if len(r.toetsen)
    }
    # What describes households is compared where the report does so, and outcomes always.
    about = {False, bool(described(report.vrijgave))}
    # Designs over time are named where there is a panel.
    over_time = {False, any(r.variant.instroom and not r.reden_nvt for r in report.vrijgave.resultaten)}
    split = {"", *(per for r in report.vrijgave.resultaten for per in access.breakdowns(r))}
    vergelijkingen = [
        d.card.methode
        for d in all_designs().values()
        if d.card.methode
        and d.card.describes in about
        and d.card.panel in over_time
        and d.card.needs in split
    ]
    return (
        Lijst(tuple((Tekst(m),) for m in [*_in_use(report), *vergelijkingen, *tested])),
        *report.tekst("methoden_toelichting"),
        Kop(2, "Wat 95% betekent"),
        *_coverage(report),
        Kop(2, "Aannames"),
        paragraph(
            "'Niet te toetsen' betekent: geen gegevens kunnen de aanname toetsen. Dan is zij aannemelijk of niet op grond",
            "van kennis van de praktijk, en niet bewezen. 'Geslaagd' of 'gefaald' staat er alleen waar is gekeken.",
        ),
        *_assumption_table(report),
    )
