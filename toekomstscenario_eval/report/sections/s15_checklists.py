"""Appendix: which item of three reporting checklists is covered where."""

from __future__ import annotations

from collections import Counter

from toekomstscenario_eval.document.document import Alinea, Block, Cel, Kop, Tabel, Tekst, Verwijzing
from toekomstscenario_eval.report.checklists import BRONNEN, KERN, Gedekt, all_items
from toekomstscenario_eval.report.report import Report, all_sections, paragraph

TITEL = "Bijlage: controlelijsten voor verslagen"


def _figures(rapport: Report) -> frozenset[str]:
    """Return which results hold numbers; `kern` when all headline indicators do."""
    namen = {r.sleutel for r in rapport.vrijgave.resultaten if not r.schattingen.empty}
    return frozenset(namen | ({KERN} if set(rapport.kern) & namen else set()))


def _list(rapport: Report, lijst: str) -> tuple[Block, ...]:
    waarvoor, wie, doi = BRONNEN[lijst]
    cijfers, hoofdstukken = _figures(rapport), all_sections()
    uitslag = [(item, item.outcome(rapport.plan, cijfers)) for item in all_items() if item.lijst == lijst]
    tel = Counter(gedekt for _, gedekt in uitslag)
    rijen = tuple(
        (Cel(item.punt), Cel(item.onderwerp), Cel(hoofdstukken[item.plaats].titel), Cel(gedekt.value))
        for item, gedekt in uitslag
    )
    return (
        Kop(2, lijst),
        Alinea(
            (
                Tekst(f"Voor {waarvoor}. {wie}, "),
                Verwijzing(f"doi {doi}", f"https://doi.org/{doi}"),
                Tekst(f". Van de {len(rijen)} punten: "),
                Tekst("; ".join(f"{gedekt.value} {tel[gedekt]}" for gedekt in Gedekt if tel[gedekt]) + "."),
            )
        ),
        Tabel(f"{lijst}: welk punt staat waar", ("Punt", "Onderwerp", "Hoofdstuk", "Gedekt"), rijen),
    )


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the three lists."""
    return (
        paragraph(
            "Onderzoekers spraken af wat in een verslag hoort te staan. Hieronder staat van drie van die lijsten welk",
            "punt in welk hoofdstuk hoort. De punten zijn in eigen woorden samengevat. Bij 'ja' zet het programma het er",
            "zelf in. Bij 'in de tekst van de onderzoeker' schreef de onderzoeker over dit onderwerp; of het punt erin",
            "staat, beoordeelt de lezer.",
        ),
        *(blok for lijst in BRONNEN for blok in _list(rapport, lijst)),
    )
