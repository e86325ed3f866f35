"""Core types without logic: windows, definition cards, results, findings.

Every module may import this one; it imports nothing of the package but errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

import pandas as pd

from toekomstscenario_eval.errors import GebruikFout


class Kind(Enum):
    """What one unit row of an indicator measures; decides summary, estimator, table and figure."""

    AANDEEL = "aandeel"
    AANTAL = "aantal"
    DUUR = "duur"
    NETWERK = "netwerk"


class Status(Enum):
    """Outcome of a check. Nothing found never means fine: a check that could not run says so."""

    GESLAAGD = "geslaagd"
    GEFAALD = "gefaald"
    NVT = "niet van toepassing"
    FOUT = "fout"


class Ernst(Enum):
    """Whether a failed check blocks (fout) or goes along into the report (waarschuwing)."""

    FOUT = "fout"
    WAARSCHUWING = "waarschuwing"


@dataclass(frozen=True, order=True)
class Venster:
    """A half-open period of days `[begin, eind)`."""

    begin: date
    eind: date

    def __post_init__(self) -> None:
        if self.eind <= self.begin:
            raise GebruikFout(
                "het venster is leeg of loopt terug",
                verwacht="een eind na het begin",
                kreeg=f"{self.begin} tot {self.eind}",
                herstel="geef een eerste dag (--van) die voor de dag na de laatste dag (--tot) ligt",
            )

    @property
    def dagen(self) -> int:
        """Number of days in the window."""
        return (self.eind - self.begin).days

    def __str__(self) -> str:
        return f"{self.begin:%Y-%m-%d} tot {self.eind:%Y-%m-%d}"


@dataclass(frozen=True)
class Param:
    """A parameter of an indicator.

    `standaard` decides the type; `keuzes`, when given, are the only values allowed.
    """

    standaard: int | str
    uitleg: str
    keuzes: tuple[int | str, ...] = ()
    minimum: int | None = None


@dataclass(frozen=True)
class Card:
    """The definition card of an indicator: what a reader needs to judge a number.

    `tabellen` maps each table the indicator reads to the columns it needs.
    `maten` maps the id of each published estimand to its label (the first is the headline).
    """

    label: str
    kind: Kind
    versie: str
    vraag: str
    populatie: str
    teller: str
    noemer: str
    eenheid: str
    venster: str
    censurering: str
    uitsluitingen: str
    lezen: str
    bronnen: tuple[str, ...]
    tabellen: Mapping[str, tuple[str, ...]]
    maten: Mapping[str, str]
    params: Mapping[str, Param] = field(default_factory=dict)
    horizon: int = 365


# The long table of estimates that every estimator returns, whatever the kind.
# n = households behind the number (the unit of disclosure); noemer = units in the denominator
# (children, spells, person-years); teller = events or units with the characteristic.
SCHATTING = (
    "maat",
    "uitsplitsing",
    "groep",
    "periode",
    "schatting",
    "ondergrens",
    "bovengrens",
    "eenheid",
    "methode",
    "n",
    "teller",
    "noemer",
    "gecensureerd",
)
# Points of a curve, a distribution or a list of ties; `n` = households behind the point.
REEKS = (
    "reeks",
    "uitsplitsing",
    "groep",
    "periode",
    "x",
    "label",
    "waarde",
    "ondergrens",
    "bovengrens",
    "n",
)
# Units left out, with the reason, counted per group.
UITSLUITING = ("uitsplitsing", "groep", "periode", "reden", "aantal")

TOTAAL = "totaal"


@dataclass(frozen=True)
class Result:
    """An unreleased result of one indicator: may not be shown, only given to `release`.

    Attributes
    ----------
    schattingen, reeksen, uitsluitingen : DataFrame
        Columns `SCHATTING`, `REEKS` and `UITSLUITING`. The whole stands in rows with an empty
        `uitsplitsing` and groep `totaal`.
    reden_nvt : str
        Filled when the indicator does not apply to this package; the frames are then empty.
    """

    indicator: str
    card: Card
    params: Mapping[str, Any]
    venster: Venster
    schattingen: pd.DataFrame
    reeksen: pd.DataFrame
    uitsluitingen: pd.DataFrame
    reden_nvt: str = ""

    def __repr__(self) -> str:
        staat = f"niet van toepassing: {self.reden_nvt}" if self.reden_nvt else "nog niet vrijgegeven"
        return f"<Resultaat {self.indicator} ({staat})>"


@dataclass(frozen=True)
class Finding:
    """Outcome of one check on one place of a package; never holds a value of personal data.

    `rijen` are the first row numbers (first data row = 1, the header not counted).
    """

    regel: str
    status: Status
    ernst: Ernst
    titel: str
    tabel: str = ""
    kolom: str = ""
    aantal: int = 0
    rijen: tuple[int, ...] = ()
    verwacht: str = ""
    herstel: str = ""
    toelichting: str = ""

    @property
    def blokkeert(self) -> bool:
        """Whether analysis must stop on this finding."""
        return self.status is Status.FOUT or (
            self.status is Status.GEFAALD and self.ernst is Ernst.FOUT
        )
