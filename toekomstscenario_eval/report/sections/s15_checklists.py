"""Appendix: which item of three reporting checklists is covered where."""

from __future__ import annotations

from collections import Counter

from toekomstscenario_eval.blocks.baseline import described
from toekomstscenario_eval.designs import standardized_difference
from toekomstscenario_eval.document.document import Alinea, Block, Cel, Kop, Tabel, Tekst, Verwijzing
from toekomstscenario_eval.report.checklists import ALIKE, BASELINE, CORE, SOURCES, Covered, all_items
from toekomstscenario_eval.report.report import Report, all_sections, paragraph

TITLE = "Bijlage: controlelijsten voor verslagen"


def _figures(report: Report) -> frozenset[str]:
    """Return which results hold numbers; `kern` when all headline indicators do.

    `basistabel` when there is one, and `basisvergelijking` when it says of anything how far groups lie apart.
    """
    namen = {r.sleutel for r in report.vrijgave.resultaten if not r.schattingen.empty}
    who = [r.schattingen["onderdrukt"] for results in described(report.vrijgave).values() for r in results]
    table = {BASELINE} if any(not gone.all() for gone in who) else set()
    compared = {ALIKE} if any(d["soort"] == standardized_difference.WHAT for d in report.afgeleid) else set()
    return frozenset(namen | table | compared | ({CORE} if set(report.kern) & namen else set()))


def _list(report: Report, listing: str) -> tuple[Block, ...]:
    what_for, who, doi = SOURCES[listing]
    digits, chapters = _figures(report), all_sections()
    verdict = [(item, item.outcome(report.plan, digits)) for item in all_items() if item.lijst == listing]
    count = Counter(covered for _, covered in verdict)
    rows = tuple(
        (Cel(item.punt), Cel(item.onderwerp), Cel(chapters[item.plaats].titel), Cel(covered.value))
        for item, covered in verdict
    )
    return (
        Kop(2, listing),
        Alinea(
            (
                Tekst(f"Voor {what_for}. {who}, "),
                Verwijzing(f"doi {doi}", f"https://doi.org/{doi}"),
                Tekst(f". Van de {len(rows)} punten: "),
                Tekst(
                    "; ".join(f"{covered.value} {count[covered]}" for covered in Covered if count[covered])
                    + "."
                ),
            )
        ),
        Tabel(f"{listing}: welk punt staat waar", ("Punt", "Onderwerp", "Hoofdstuk", "Gedekt"), rows),
    )


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the three lists."""
    return (
        paragraph(
            "Onderzoekers spraken af wat in een verslag hoort te staan. Hieronder staat van drie van die lijsten welk",
            "punt in welk hoofdstuk hoort. De punten zijn in eigen woorden samengevat. Bij 'ja' zet het programma het er",
            "zelf in. Bij 'in de tekst van de onderzoeker' schreef de onderzoeker over dit onderwerp; of het punt erin",
            "staat, beoordeelt de lezer.",
        ),
        *(block for listing in SOURCES for block in _list(report, listing)),
    )
