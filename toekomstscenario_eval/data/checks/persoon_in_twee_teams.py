"""Who works with a household for the local team is not at the same time there for the RVT."""

from __future__ import annotations

from collections.abc import Iterator

import ibis.expr.types as ir

from toekomstscenario_eval.data.checks._support import NEVER
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.types import Ernst

_LOCAL, _RVT = "lokaal_team", "regionaal_veiligheidsteam"
_SPELL = ("huishouden_id", "professional_id", "organisatie_id", "begin", "eind")

RULE = Rule(
    titel="Een persoon staat bij een huishouden in twee teams tegelijk",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Dezelfde persoon is op dezelfde dag geregistreerd voor het lokale team en voor het Regionaal "
    "Veiligheidsteam. Een persoon is geen duo en draagt niet aan zichzelf over: analyses tellen dat niet. "
    "Het aantal telt alle rijen van die persoon die samenvallen.",
    herstel="geef elke persoon een eigen sleutel, of sluit bij een overstap de oude periode op de dag dat de "
    "nieuwe begint",
    needed={"betrokkenheid": _SPELL, "organisatie": ("organisatie_id", "soort")},
)
_HEADING = "huishouden_id | professional_id | organisatie_id | begin | eind\n"
_TEAMS = "organisatie_id | soort\nlt | lokaal_team\nrvt | regionaal_veiligheidsteam\ngi | gi"

CASES = (
    Case(
        "twee personen, een overstap, een ander huishouden, een ander soort organisatie",
        {
            "organisatie": _TEAMS,
            "betrokkenheid": _HEADING + "h1 | a | lt | 2024-01-01 |\nh1 | b | rvt | 2024-01-01 |\n"
            "h2 | a | lt | 2024-01-01 | 2024-02-01\nh2 | a | rvt | 2024-02-01 |\n"
            "h3 | b | lt | 2024-01-01 |\nh4 | c | lt | 2024-01-01 |\nh4 | c | gi | 2024-01-01 |",
        },
    ),
    Case(
        "een dag samen, en twee periodes in een lange",
        {
            "organisatie": _TEAMS,
            "betrokkenheid": _HEADING + "h1 | a | lt | 2024-01-01 | 2024-02-02\nh1 | a | rvt | 2024-02-01 |\n"
            "h2 | a | rvt | 2024-01-01 |\nh2 | a | lt | 2024-02-01 | 2024-02-03\nh2 | a | lt | 2024-03-01 |\n"
            "h2 | b | lt | 2024-01-01 |",
        },
        (("betrokkenheid", "professional_id", 5, (1, 2, 3, 4, 5)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for spells of one person with one household that share a day and belong to the two teams."""
    b = package.records["betrokkenheid"].select(ROW, *_SPELL).drop_null([*_SPELL[:4]])
    shut = b.mutate(eind=b.eind.fill_null(NEVER))
    team = package.tabellen["organisatie"].select("organisatie_id", team="soort").distinct()
    t = shut.filter(shut.begin < shut.eind).join(team, "organisatie_id")
    local, rvt = t.filter(t.team == _LOCAL), t.filter(t.team == _RVT)
    rows = _beside(local, rvt).union(_beside(rvt, local))
    yield Toets("betrokkenheid", "professional_id", rows, verwacht="op een dag een van de twee teams")


def _beside(own: ir.Table, other: ir.Table) -> ir.Table:
    """Return the row numbers of `own` that share household, person and a day with a row of `other`."""
    beside = other.select("huishouden_id", "professional_id", van="begin", tot="eind")
    same = ["huishouden_id", "professional_id", own.begin < beside.tot, beside.van < own.eind]
    return own.semi_join(beside, same).select(ROW)
