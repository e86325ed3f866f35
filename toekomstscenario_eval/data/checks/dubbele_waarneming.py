"""An answer, score or step is delivered once."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Nvt, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Hetzelfde antwoord, dezelfde score of dezelfde stap is meer dan eens geleverd",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Wat de rij waarneemt, is al waargenomen: de score telt dan dubbel, of twee scores spreken "
    "elkaar tegen. "
    "Het aantal telt al die rijen.",
    herstel="lever elke waarneming een keer; kies bij twee verschillende scores bij de bron welke geldt",
)
# What makes an observation one: all but its surrogate key and what was observed.
_SINGLE_USE = {
    "ketenstap": ("huishouden_id", "stap", "begin"),
    "meting": ("huishouden_id", "persoon_id", "datum", "instrument", "schaal", "item", "informant"),
    "reflectie": ("scan_id", "vraag_id"),
    "schaal_item": ("instrument", "schaal", "item"),
}

CASES = (
    Case(
        "een andere dag, een andere vraag",
        {
            "ketenstap": "huishouden_id | stap | begin\nh1 | zitting | 2024-01-01\nh1 | zitting | 2024-02-01",
            "reflectie": "scan_id | vraag_id | score\ns1 | v1 | 3\ns1 | v2 | 3\ns2 | v1 | 3",
        },
    ),
    Case(
        "twee scores op hetzelfde item, twee gelijke stappen",
        {
            "ketenstap": "huishouden_id | stap | begin | eind\nh1 | zitting | 2024-01-01 |\n"
            "h1 | zitting | 2024-01-01 | 2024-02-01",
            "meting": "huishouden_id | persoon_id | datum | instrument | schaal | item | informant | waarde\n"
            "h1 | | 2024-01-01 | vragenlijst | rust | 1 | ouder | 3\n"
            "h1 | | 2024-01-01 | vragenlijst | rust | 2 | ouder | 3\n"
            "h1 | | 2024-01-01 | vragenlijst | rust | 1 | ouder | 4",
        },
        (("ketenstap", "ketenstap_id", 2, (1, 2)), ("meting", "meting_id", 2, (1, 3))),
    ),
)


def toetsen(package: Package) -> Iterator[Toets | Nvt]:
    """Ask of each table of observations for rows that observe the same thing."""
    for table in delivered(package):
        equal = _SINGLE_USE.get(table.naam)
        if equal is None:
            continue
        reden = package.ontbreekt({table.naam: equal})
        if reden:
            yield Nvt(reden, table.naam)
            continue
        t = package.tabellen[table.naam]
        required = [t[k].notnull() for k in equal if table.veld(k).required]
        yield Toets(
            table.naam,
            table.sleutel[0],
            t.filter(*required),
            duplicate=equal,
            verwacht="elke waarneming een keer (" + ", ".join(equal) + ")",
        )
