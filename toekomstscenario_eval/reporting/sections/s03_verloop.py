"""3 What happened: planned, delivered, suitable and taken up, per region."""

from __future__ import annotations

from toekomstscenario_eval.reporting.charts import flow
from toekomstscenario_eval.reporting.document import Block, Cel, Figuur, Tabel
from toekomstscenario_eval.reporting.plan import STAPPEN, RegionFlow
from toekomstscenario_eval.reporting.report import Report, missing

TITEL = "3 Daadwerkelijk verloop"
_VRAAG = "Hoeveel casussen waren per regio gepland, aangeleverd, geschikt en opgenomen, en waarom?"


def _table(verloop: tuple[RegionFlow, ...]) -> Tabel:
    def cel(aantal: int | None) -> Cel:
        return Cel("niet bekend" if aantal is None else str(aantal), rechts=True)

    rijen = [(Cel(r.regio), *map(cel, r.aantallen), Cel(r.reden or "geen reden genoemd")) for r in verloop]
    totalen = _totals(verloop)
    rijen.append((Cel("Geheel"), *map(cel, totalen), Cel("zie de regio's")))
    return Tabel(
        "Gepland en daadwerkelijk verloop per regio",
        ("Regio", *(stap.capitalize() for stap in STAPPEN), "Reden"),
        tuple(rijen),
        ("Bron: opgave van de onderzoekers (onderzoek.yaml).",),
    )


def _totals(verloop: tuple[RegionFlow, ...]) -> list[int | None]:
    """Add up each step; unknown in one region makes the whole unknown."""
    uit: list[int | None] = []
    for i in range(len(STAPPEN)):
        waarden = [r.aantallen[i] for r in verloop]
        bekend = [w for w in waarden if w is not None]
        uit.append(sum(bekend) if len(bekend) == len(waarden) else None)
    return uit


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the flow diagram, the table per region and the researcher's explanation."""
    verloop = rapport.plan.verloop
    if not verloop:
        return (missing("verloop", _VRAAG), *rapport.tekst("verloop_toelichting"))
    tabel = _table(verloop)
    stappen = [
        (stap, "niet bekend" if n is None else str(n))
        for stap, n in zip(STAPPEN, _totals(verloop), strict=True)
    ]
    figuur = Figuur(
        "Van gepland naar opgenomen",
        "Stroomschema van de casussen: " + ", ".join(f"{stap} {n}" for stap, n in stappen) + ".",
        flow(stappen),
        tabel,
    )
    return (figuur, *rapport.tekst("verloop_toelichting"))
