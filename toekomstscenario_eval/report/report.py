"""The report as sections of blocks, from a release and the researcher's plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Any

from toekomstscenario_eval.blocks.certificate import Certificate
from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.blocks.table import HIDDEN
from toekomstscenario_eval.designs import DESCRIBES
from toekomstscenario_eval.document.document import Alinea, Block, Figuur, Kader, Kop, Tabel, Tekst
from toekomstscenario_eval.document.markdown import blocks_from_markdown
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.report import sections
from toekomstscenario_eval.report.plan import TEXTS, Plan
from toekomstscenario_eval.resources import modules
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import Card, Finding, Venster


@dataclass(frozen=True)
class Source:
    """A delivered file: table, path within the package and, inside, its SHA-256."""

    tabel: str
    pad: str
    sha256: str


@dataclass(frozen=True)
class Background:
    """What the report tells about the package and the software; no value of the data.

    `kaarten` are the cards of the indicators in the report, `omitted` the labels of the others;
    `uitsplitsingen` are the breakdowns that results can have. `vingerafdruk` is, in public, the keyed hash of
    the delivery that was drawn from; nobody without the key can test a guess about the data with it.
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
    omitted: Mapping[str, str] = field(default_factory=dict)
    vingerafdruk: str = ""


@dataclass(frozen=True)
class Report:
    """Everything a section may use."""

    vrijgave: Release
    plan: Plan
    background: Background
    certificaat: Certificate = field(default_factory=Certificate)
    dossier: Mapping[str, Any] = field(default_factory=dict)

    def tekst(self, naam: str) -> tuple[Block, ...]:
        """Return what the researcher wrote under `naam`, or a visible mark that it is missing."""
        if naam in self.plan.teksten:
            return blocks_from_markdown(self.plan.teksten[naam], where=f"onderzoek.yaml, veld '{naam}'")
        return (missing(naam, TEXTS[naam]),)

    @cached_property
    def afgeleid(self) -> tuple[dict[str, Any], ...]:
        """The numbers that reporting makes from released ones, worked out once."""
        return tuple(derived(self.vrijgave))

    @property
    def chosen(self) -> dict[str, Card]:
        """Cards of the outcomes chosen beforehand that are in the report, in the order of the plan."""
        cards = self.background.kaarten
        return {naam: cards[naam] for naam in self.plan.chosen_beforehand if naam in cards}

    @property
    def kern(self) -> dict[str, Card]:
        """Cards of the indicators that get a chapter of their own: the chosen outcomes first."""
        return self.chosen | {naam: card for naam, card in self.background.kaarten.items() if card.kern}

    @property
    def describing(self) -> dict[str, Card]:
        """Cards of what says who the households are: the baseline table."""
        return {naam: card for naam, card in self.background.kaarten.items() if DESCRIBES[card.kind]}

    @property
    def measuring(self) -> dict[str, Card]:
        """Cards of the indicators with a result of their own: all others."""
        return {naam: card for naam, card in self.background.kaarten.items() if not DESCRIBES[card.kind]}

    @property
    def in_front(self) -> dict[str, Card]:
        """Cards of the indicators that lead: the chosen outcomes, or those with a chapter, or else all."""
        return self.chosen or self.kern or self.measuring

    @property
    def overig(self) -> dict[str, list[str]]:
        """The other indicators, by theme."""
        out: dict[str, list[str]] = {}
        chapters = self.kern
        for naam, card in self.measuring.items():
            if naam not in chapters:
                out.setdefault(card.thema, []).append(naam)
        return dict(sorted(out.items()))

    def has(self, key: str) -> bool:
        """Whether the release holds numbers under this name."""
        return any(r.sleutel == key and not r.schattingen.empty for r in self.vrijgave.resultaten)


def missing(naam: str, vraag: str) -> Kader:
    """Return a box that marks what the researcher must still write."""
    explanation = Alinea(
        (Tekst(f"{vraag} Schrijf dit in onderzoek.yaml bij "), Tekst(naam, "code"), Tekst("."))
    )
    return Kader("ontbreekt", naam.replace("_", " "), (explanation,))


def paragraph(*parts: str) -> Alinea:
    """Return a paragraph of plain text."""
    return Alinea((Tekst(" ".join(parts)),))


def sentence_by_sentence(sentences: Iterable[str]) -> Alinea:
    """Return a paragraph of sentences that are each translated by themselves."""
    parts = [part for line in sentences for part in (Tekst(" "), Tekst(line))]
    return Alinea(tuple(parts[1:]))


@dataclass(frozen=True)
class Section:
    """A section as found: its title and the function that makes its blocks."""

    naam: str
    titel: str
    blokken: Callable[[Report], tuple[Block, ...]]


@cache
def all_sections() -> Mapping[str, Section]:
    """Return the sections in order, by name; found by directory (`s03_verloop.py` is `verloop`)."""
    out = {}
    for file, module in modules(sections):
        naam = file.partition("_")[2]
        out[naam] = Section(naam, module.TITLE, module.blocks)
    return out


def section(report: Report, naam: str) -> tuple[Block, ...]:
    """Return the blocks of one section, its heading first.

    Raises
    ------
    GebruikFout
        When there is no such section.
    """
    known = all_sections()
    if naam not in known:
        raise GebruikFout(f"het hoofdstuk '{naam}' bestaat niet", herstel=did_you_mean(naam, known))
    what = known[naam]
    return (Kop(1, what.titel), *_short(what.blokken(report)))


def _short(blocks: Iterable[Block]) -> Iterator[Block]:
    """Say in a sentence what would be a table in which nothing is shown, or a figure of that."""
    for block in blocks:
        if isinstance(block, Tabel) and block.verborgen:
            yield _nowhere(block.bijschrift, block)
        elif isinstance(block, Figuur) and block.gegevens and block.gegevens.verborgen:
            yield _nowhere(block.bijschrift, block.gegevens)
        elif isinstance(block, Figuur) and block.gegevens and not block.gegevens.rijen:
            yield paragraph(f"{block.bijschrift}: niet getekend.", *block.gegevens.noten)
        else:
            yield block


def _nowhere(caption: str, table: Tabel) -> Alinea:
    many = "" if len(table.rijen) == 1 else f" ({len(table.rijen)} regels)"
    return paragraph(f"{caption}: nergens getoond{many}.", *(n for n in table.noten if n.startswith(HIDDEN)))
