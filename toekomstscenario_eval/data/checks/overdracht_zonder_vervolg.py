"""A measure that was handed over goes on somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.data.spells import HANDOVER_GAP, OVERGEDRAGEN, stitch
from toekomstscenario_eval.types import Ernst

_KEYS = ("persoon_id", "soort")

RULE = Rule(
    titel="Een overgedragen maatregel loopt nergens verder",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De maatregel is overgedragen, maar er is geen periode van dezelfde soort die uiterlijk "
    f"{HANDOVER_GAP} dagen later begint. De maatregel lijkt daardoor te eindigen terwijl hij doorloopt.",
    herstel="lever ook de periode bij de ontvangende gecertificeerde instelling; begint zij later, verbeter "
    "de datum",
    needed={"maatregel": ("persoon_id", "soort", "begin", "eind", "reden_einde")},
)

CASES = (
    Case(
        "het vervolg begint dezelfde dag, een week later, of liep al",
        {
            "maatregel": "persoon_id | soort | begin | eind | reden_einde\n"
            "k1 | 11 | 2024-01-01 | 2024-02-01 | OV\nk1 | 11 | 2024-02-01 | |\n"
            "k2 | 11 | 2024-01-01 | 2024-02-01 | OV\nk2 | 11 | 2024-02-08 | |\n"
            "k3 | 11 | 2024-01-01 | 2024-02-01 | OV\nk3 | 11 | 2023-06-01 | |\n"
            "k4 | 11 | 2024-01-01 | 2024-02-01 | 02"
        },
    ),
    Case(
        "geen vervolg, een te laat vervolg, een andere soort",
        {
            "maatregel": "persoon_id | soort | begin | eind | reden_einde\n"
            "k1 | 11 | 2024-01-01 | 2024-02-01 | OV\n"
            "k2 | 11 | 2024-01-01 | 2024-02-01 | OV\nk2 | 11 | 2024-02-09 | |\n"
            "k3 | 11 | 2024-01-01 | 2024-02-01 | OV\nk3 | 12 | 2024-02-01 | |"
        },
        (("maatregel", "reden_einde", 3, (1, 2, 4)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for handed-over measures that end when all joined spells of the same person and sort end."""
    every = package.tabellen["maatregel"]
    m = every.select(ROW, "reden_einde", *_KEYS, "begin", "eind").drop_null([*_KEYS, "begin"])
    together = stitch(m, _KEYS, gap=HANDOVER_GAP)
    together = together.rename(begin_samen="begin", eind_samen="eind")
    # Spells of zero days or less are for other rules.
    overgedragen = m.filter(m.reden_einde == OVERGEDRAGEN, m.begin < m.eind)
    t = overgedragen.asof_join(together, overgedragen.begin >= together.begin_samen, _KEYS)
    yield Toets(
        "maatregel",
        "reden_einde",
        t.filter(t.eind_samen <= t.eind),
        verwacht=f"een periode van dezelfde persoon en soort die hooguit {HANDOVER_GAP} dagen later begint",
    )
