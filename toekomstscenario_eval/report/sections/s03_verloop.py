"""3 What happened: planned, delivered, suitable and taken up, per region, with reasons."""

from __future__ import annotations

from toekomstscenario_eval.blocks.flowchart import Step, flow_svg
from toekomstscenario_eval.document.document import Block, Cel, Figuur, Kop, Tabel
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.report.plan import FIELD, STAPPEN, FixedNumber, RegionFlow
from toekomstscenario_eval.report.report import Report, missing, paragraph
from toekomstscenario_eval.types import Vorm

TITLE = "3 Daadwerkelijk verloop"
_SOURCE = "Bron: opgave van de onderzoekers (onderzoek.yaml). Deze aantallen zijn met de hand ingevuld."
_UNKNOWN = "niet bekend"
_DROPOUT = ("", "niet aangeleverd", "niet geschikt", "niet opgenomen")


def _count(aantal: int | None) -> str:
    return _UNKNOWN if aantal is None else number(aantal, Vorm.TELLING)


def totals(course: tuple[RegionFlow, ...]) -> list[int | None]:
    """Add up each step; unknown in one region makes the whole unknown."""
    out: list[int | None] = []
    for i in range(len(STAPPEN)):
        waarden = [r.aantallen[i] for r in course]
        known = [w for w in waarden if w is not None]
        out.append(sum(known) if len(known) == len(waarden) else None)
    return out


def flow(course: tuple[RegionFlow, ...]) -> str:
    """Return in a sentence how many cases were planned and how many taken up; empty when either is unknown."""
    planned, *_, included = totals(course) if course else (None, None)
    if planned is None or included is None:
        return ""
    if included > planned:
        return f"Er zijn {_count(included)} casussen opgenomen; gepland waren er {_count(planned)}."
    return f"Van de {_count(planned)} geplande casussen zijn er {_count(included)} opgenomen."


def _lost(start: int | None, toward: int | None) -> int | None:
    return None if start is None or toward is None else start - toward


def _table(course: tuple[RegionFlow, ...]) -> Tabel:
    def row(naam: str, aantallen: list[int | None], reden: str) -> tuple[Cel, ...]:
        planned, included = aantallen[0], aantallen[-1]
        part = number(included / planned, Vorm.AANDEEL) if planned and included is not None else _UNKNOWN
        return (
            Cel(naam),
            *(Cel(_count(n), rechts=True) for n in aantallen),
            Cel(part, rechts=True),
            Cel(reden),
        )

    return Tabel(
        "Gepland en daadwerkelijk verloop per regio",
        ("Regio", *(stap.capitalize() for stap in STAPPEN), "Deel van gepland", "Reden"),
        (
            *(row(r.regio, list(r.aantallen), r.reden or "geen reden genoemd") for r in course),
            row("Geheel", totals(course), "zie de regio's"),
        ),
        (_SOURCE,),
    )


def _steps(sums: list[int | None]) -> list[Step]:
    stappen = [Step(STAPPEN[0].capitalize(), _count(sums[0]))]
    for i in range(1, len(STAPPEN)):
        gone = _lost(sums[i - 1], sums[i])
        # More than the step before is no dropout.
        many = "een onbekend aantal" if gone is None else _count(gone)
        lost = f"{many} {_DROPOUT[i]}" if gone is None or gone > 0 else ""
        stappen.append(Step(STAPPEN[i].capitalize(), _count(sums[i]), lost))
    return stappen


def _figure(course: tuple[RegionFlow, ...]) -> Figuur:
    sums = totals(course)
    stappen = _steps(sums)
    story = "; ".join(
        f"{stap.naam.lower()} {stap.aantal}" + (f" ({stap.dropout})" if stap.dropout else "")
        for stap in stappen
    )
    rows = tuple(
        (Cel(stap.naam), Cel(stap.aantal, rechts=True), Cel(stap.dropout or "geen")) for stap in stappen
    )
    return Figuur(
        "Van geplande naar opgenomen casussen, alle regio's samen",
        f"Stroomschema van de casussen, van boven naar beneden: {story}.",
        flow_svg(stappen),
        Tabel("Stroomschema: gegevens", ("Stap", "Casussen", "Uitval voor deze stap"), rows, (_SOURCE,)),
    )


def _lowest(course: tuple[RegionFlow, ...]) -> tuple[Block, ...]:
    """Say how much came in where, without a ranking: only whether regions fell short."""
    shortfall = [
        r
        for r in course
        if r.aantallen[0] is not None and r.aantallen[3] is not None and r.aantallen[3] < r.aantallen[0]
    ]
    if not shortfall:
        return ()
    # Where a number is not known, nothing is said.
    who = (
        "In alle regio's" if len(shortfall) == len(course) else "In " + ", ".join(r.regio for r in shortfall)
    )
    return (
        paragraph(
            f"{who} zijn minder casussen opgenomen dan gepland. Wie niet werd opgenomen, kan verschillen van wie",
            "wel werd opgenomen. Lees de verdiepende bevindingen met die mogelijkheid erbij.",
        ),
    )


def _fixed(numbers: tuple[FixedNumber, ...]) -> tuple[Block, ...]:
    """Return the numbers that were public before, each with its source."""
    if not numbers:
        return ()
    rows = tuple(
        (Cel(n.naam), Cel(_plain(n.waarde), rechts=True), Cel(n.bron), Cel(n.toelichting)) for n in numbers
    )
    note = (
        "Deze getallen waren al openbaar. Zij zijn met de hand overgenomen uit de genoemde bron, zijn niet uit de gegevens "
        "van dit verslag berekend, en zijn niet met toeval verschoven."
    )
    heading = ("Getal", "Waarde", "Bron", "Toelichting")
    return (
        Kop(2, "Getallen die al openbaar waren"),
        Tabel("Getallen die al openbaar waren, met hun bron", heading, rows, (note,)),
    )


def _plain(waarde: float) -> str:
    """Return a number with its own decimals."""
    if float(waarde).is_integer():
        return number(waarde, Vorm.TELLING)
    return f"{waarde}".replace(".", ",")


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the flow diagram, the table per region, the numbers that were public, and the explanation."""
    course, fixed = report.plan.verloop, _fixed(report.plan.vaste_getallen)
    if "verloop" in report.plan.ontbreekt:
        return (missing("verloop", FIELD["verloop"].vraag), *report.tekst("verloop_toelichting"), *fixed)
    return (
        *report.tekst("verloop_toelichting"),
        _figure(course),
        _table(course),
        *_lowest(course),
        *fixed,
    )
