"""The report as sections of blocks, from a release and the researcher's plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Any

from toekomstscenario_eval.blocks.certificate import Certificate
from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.document.document import Alinea, Block, Kader, Kop, Tekst
from toekomstscenario_eval.document.markdown import blokken_uit_markdown
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.report import sections
from toekomstscenario_eval.report.plan import TEKSTEN, Plan
from toekomstscenario_eval.resources import modules
from toekomstscenario_eval.types import Card, Finding, Venster


@dataclass(frozen=True)
class Source:
    """A delivered file: table, path within the package and SHA-256."""

    tabel: str
    pad: str
    sha256: str


@dataclass(frozen=True)
class Background:
    """What the report tells about the package and the software; no value of the data.

    `kaarten` are the cards of the indicators in the report, `weggelaten` the labels of the others;
    `uitsplitsingen` are the breakdowns that results can have.
    """

    pakket: str
    titel: str
    peildatum: date
    venster: Venster
    bronnen: tuple[str, ...]
    contact: str
    schema_versie: str
    bestanden: tuple[Source, ...]
    bevindingen: tuple[Finding, ...]
    kaarten: Mapping[str, Card]
    versies: Mapping[str, str]
    opdracht: str
    uitsplitsingen: tuple[str, ...] = ()
    weggelaten: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """Everything a section may use."""

    vrijgave: Release
    plan: Plan
    achtergrond: Background
    certificaat: Certificate = field(default_factory=Certificate)

    def tekst(self, naam: str) -> tuple[Block, ...]:
        """Return what the researcher wrote under `naam`, or a visible mark that it is missing."""
        if naam in self.plan.teksten:
            return blokken_uit_markdown(self.plan.teksten[naam], waar=f"onderzoek.yaml, veld '{naam}'")
        return (missing(naam, TEKSTEN[naam]),)

    @cached_property
    def afgeleid(self) -> tuple[dict[str, Any], ...]:
        """The numbers that reporting makes from released ones, worked out once."""
        return tuple(derived(self.vrijgave))

    @property
    def kern(self) -> dict[str, Card]:
        """Cards of the indicators that get a chapter of their own."""
        return {naam: kaart for naam, kaart in self.achtergrond.kaarten.items() if kaart.kern}

    @property
    def voorop(self) -> dict[str, Card]:
        """Cards of the indicators that the summary tells: those with a chapter, or else all."""
        return self.kern or dict(self.achtergrond.kaarten)

    @property
    def overig(self) -> dict[str, list[str]]:
        """The other indicators, by theme."""
        uit: dict[str, list[str]] = {}
        for naam, kaart in self.achtergrond.kaarten.items():
            if not kaart.kern:
                uit.setdefault(kaart.thema, []).append(naam)
        return dict(sorted(uit.items()))

    def has(self, sleutel: str) -> bool:
        """Whether the release holds numbers under this name."""
        return any(r.sleutel == sleutel and not r.schattingen.empty for r in self.vrijgave.resultaten)


def missing(naam: str, vraag: str) -> Kader:
    """Return a box that marks what the researcher must still write."""
    uitleg = Alinea((Tekst(f"{vraag} Schrijf dit in onderzoek.yaml bij "), Tekst(naam, "code"), Tekst(".")))
    return Kader("ontbreekt", naam.replace("_", " "), (uitleg,))


def paragraph(*delen: str) -> Alinea:
    """Return a paragraph of plain text."""
    return Alinea((Tekst(" ".join(delen)),))


@dataclass(frozen=True)
class Section:
    """A section as found: its title and the function that makes its blocks."""

    naam: str
    titel: str
    blokken: Callable[[Report], tuple[Block, ...]]


@cache
def all_sections() -> Mapping[str, Section]:
    """Return the sections in order, by name; found by directory (`s03_verloop.py` is `verloop`)."""
    uit = {}
    for bestand, module in modules(sections):
        naam = bestand.partition("_")[2]
        uit[naam] = Section(naam, module.TITEL, module.blokken)
    return uit


def section(rapport: Report, naam: str) -> tuple[Block, ...]:
    """Return the blocks of one section, its heading first.

    Raises
    ------
    GebruikFout
        When there is no such section.
    """
    bekend = all_sections()
    if naam not in bekend:
        raise GebruikFout(f"het hoofdstuk '{naam}' bestaat niet", herstel=bedoelt_u(naam, bekend))
    wat = bekend[naam]
    return (Kop(1, wat.titel), *wat.blokken(rapport))
