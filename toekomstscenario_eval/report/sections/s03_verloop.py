"""3 What happened: planned, delivered, suitable and taken up, per region, with reasons."""

from __future__ import annotations

from toekomstscenario_eval.blocks.flowchart import Step, flow_svg
from toekomstscenario_eval.document.document import Block, Cel, Figuur, Tabel
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.report.plan import STAPPEN, VELD, RegionFlow
from toekomstscenario_eval.report.report import Report, missing, paragraph
from toekomstscenario_eval.types import Vorm

TITEL = "3 Daadwerkelijk verloop"
_BRON = "Bron: opgave van de onderzoekers (onderzoek.yaml). Deze aantallen zijn met de hand ingevuld."
_ONBEKEND = "niet bekend"
_UITVAL = ("", "niet aangeleverd", "niet geschikt", "niet opgenomen")


def _count(aantal: int | None) -> str:
    return _ONBEKEND if aantal is None else number(aantal, Vorm.TELLING)


def totals(verloop: tuple[RegionFlow, ...]) -> list[int | None]:
    """Add up each step; unknown in one region makes the whole unknown."""
    uit: list[int | None] = []
    for i in range(len(STAPPEN)):
        waarden = [r.aantallen[i] for r in verloop]
        bekend = [w for w in waarden if w is not None]
        uit.append(sum(bekend) if len(bekend) == len(waarden) else None)
    return uit


def _lost(van: int | None, naar: int | None) -> int | None:
    return None if van is None or naar is None else van - naar


def _table(verloop: tuple[RegionFlow, ...]) -> Tabel:
    def rij(naam: str, aantallen: list[int | None], reden: str) -> tuple[Cel, ...]:
        gepland, opgenomen = aantallen[0], aantallen[-1]
        deel = number(opgenomen / gepland, Vorm.AANDEEL) if gepland and opgenomen is not None else _ONBEKEND
        return (
            Cel(naam),
            *(Cel(_count(n), rechts=True) for n in aantallen),
            Cel(deel, rechts=True),
            Cel(reden),
        )

    return Tabel(
        "Gepland en daadwerkelijk verloop per regio",
        ("Regio", *(stap.capitalize() for stap in STAPPEN), "Deel van gepland", "Reden"),
        (
            *(rij(r.regio, list(r.aantallen), r.reden or "geen reden genoemd") for r in verloop),
            rij("Geheel", totals(verloop), "zie de regio's"),
        ),
        (_BRON,),
    )


def _steps(totalen: list[int | None]) -> list[Step]:
    stappen = [Step(STAPPEN[0].capitalize(), _count(totalen[0]))]
    for i in range(1, len(STAPPEN)):
        weg = _lost(totalen[i - 1], totalen[i])
        uitval = f"{_count(weg)} {_UITVAL[i]}" if weg else ""
        stappen.append(Step(STAPPEN[i].capitalize(), _count(totalen[i]), uitval))
    return stappen


def _figure(verloop: tuple[RegionFlow, ...]) -> Figuur:
    totalen = totals(verloop)
    stappen = _steps(totalen)
    verhaal = "; ".join(
        f"{stap.naam.lower()} {stap.aantal}" + (f" ({stap.uitval})" if stap.uitval else "")
        for stap in stappen
    )
    rijen = tuple(
        (Cel(stap.naam), Cel(stap.aantal, rechts=True), Cel(stap.uitval or "geen")) for stap in stappen
    )
    return Figuur(
        "Van geplande naar opgenomen casussen, alle regio's samen",
        f"Stroomschema van de casussen, van boven naar beneden: {verhaal}.",
        flow_svg(stappen),
        Tabel("Stroomschema: gegevens", ("Stap", "Casussen", "Uitval voor deze stap"), rijen, (_BRON,)),
    )


def _lowest(verloop: tuple[RegionFlow, ...]) -> tuple[Block, ...]:
    """Say how much came in where, without a ranking: only whether regions fell short."""
    tekort = [
        r
        for r in verloop
        if r.aantallen[0] is not None and r.aantallen[3] is not None and r.aantallen[3] < r.aantallen[0]
    ]
    if not tekort:
        return ()
    wie = "In alle regio's" if len(tekort) == len(verloop) else "In " + ", ".join(r.regio for r in tekort)
    return (
        paragraph(
            f"{wie} zijn minder casussen opgenomen dan gepland. Wie niet werd opgenomen, kan verschillen van wie",
            "wel werd opgenomen. Lees de verdiepende bevindingen met die mogelijkheid erbij.",
        ),
    )


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the flow diagram, the table per region and the researcher's explanation."""
    verloop = rapport.plan.verloop
    if "verloop" in rapport.plan.ontbreekt:
        return (missing("verloop", VELD["verloop"].vraag), *rapport.tekst("verloop_toelichting"))
    return (
        *rapport.tekst("verloop_toelichting"),
        _figure(verloop),
        _table(verloop),
        *_lowest(verloop),
    )
