"""Core types without logic: windows, definition cards, results, findings.

Every module may import this one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any

from toekomstscenario_eval.compared_groups import Comparison
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import Labels, Variant
from toekomstscenario_eval.long_tables import PANEL, TOETS

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd


class Kind(Enum):
    """What one unit row of an indicator measures; TELLING: counts about the data, without unit rows."""

    AANDEEL = "aandeel"
    AANTAL = "aantal"
    DUUR = "duur"
    HERHAALD = "herhaald"
    SCORE = "score"
    MATRIX = "matrix"
    NETWERK = "netwerk"
    KENMERK = "kenmerk"
    TELLING = "telling"


class Vorm(Enum):
    """How a number reads, and which disclosure rule fits it."""

    AANDEEL = "aandeel"
    TELLING = "telling"
    DAGEN = "dagen"
    GETAL = "getal"
    KANS = "kans"
    PROCENTPUNT = "procentpunt"


class Claim(StrEnum):
    """What a text can claim beyond what was seen; only a design whose card has the claim may."""

    OORZAAK = "oorzaak"
    SIGNIFICANTIE = "significantie"
    RANGLIJST = "ranglijst"


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
class Levering:
    """The delivery line of a package: all data of an owner share a secret, with print `sleutel`."""

    eigenaar: str
    naam: str
    sleutel: str = ""


@dataclass(frozen=True)
class Param:
    """A parameter of an indicator.

    `standaard` decides the type; `keuzes`, when given, are the only values allowed. `redelijk` are
    values that a reasonable researcher could have chosen instead: a definition multiverse runs them.
    """

    standaard: int | str
    uitleg: str
    keuzes: tuple[int | str, ...] = ()
    minimum: int | None = None
    redelijk: tuple[int | str, ...] = ()


_RANGES: Mapping[Vorm, tuple[float, float]] = {
    Vorm.AANDEEL: (0.0, 1.0),
    Vorm.KANS: (0.0, 1.0),
    Vorm.TELLING: (0.0, math.inf),
    Vorm.DAGEN: (0.0, math.inf),
    Vorm.GETAL: (-math.inf, math.inf),
    Vorm.PROCENTPUNT: (-1.0, 1.0),
}


@dataclass(frozen=True)
class Maat:
    """An estimand that an indicator publishes, in the unit `eenheid`.

    `bij` limits it to parameter values: `{"telling": ("verschillend",)}` publishes it only then.
    `schatter` names the estimator's estimand when that differs from the id; `schaal` multiplies a
    ratio to exposure in days (365.25: per year). Measures of a network follow from each other, and are
    shown all or none; `los` names those that follow from no others: the ones with the same name there
    are hidden together, and alone. `grenzen` are the least and the most it can be, where its form does not
    say so: no interval goes beyond them. `over_tijd`: it depends on for how many days a household is
    seen, as what adds up does, so that it does not compare where one was seen longer than the other.
    """

    label: str
    eenheid: str
    vorm: Vorm
    bij: Mapping[str, tuple[int | str, ...]] = field(default_factory=dict)
    schatter: str = ""
    schaal: float = 1.0
    los: str = ""
    geheel: bool = False
    grenzen: tuple[float, float] | None = None
    over_tijd: bool = False

    @property
    def bereik(self) -> tuple[float, float]:
        """The least and the most it can be."""
        return self.grenzen or _RANGES[self.vorm]

    def inside(self, bounds: tuple[float, float]) -> tuple[float, float]:
        """Return an interval within what it can be; a bound that is missing stays so."""
        least, most = self.bereik
        under, above = (min(max(bound, least), most) for bound in bounds)
        return under, above


@dataclass(frozen=True)
class Card:
    """The definition card of an indicator: what a reader needs to judge a number.

    `tabellen` maps each table the indicator reads to the columns it needs, `facultatief` to those it reads
    where they were delivered. `maten` maps the id of each published estimand to what it is (the first is the
    headline). `horizon` is the number of days up to which a restricted mean is taken. `komt_voor` names codes
    that must occur in a column: without any lokaal_team, a share of duos is not zero but unknown. `oorzaken`
    names the causes of a duration with competing ends (1, 2, ...). `thema` groups cards in the report; a
    `kern` indicator gets a chapter of its own there, the others a row in a table. `naast_elkaar` names a
    parameter of which the report draws all values side by side. `stap` is the width of the steps in which
    what a household counts is published: 1, or 30 where it counts days. Of a score it is the finest step, in
    millionths of a point: 500_000 where half a point is fine enough; answers to items are rounded to it.
    `op_een_dag`: a stand, measured on the last day of the window.
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
    maten: Mapping[str, Maat]
    params: Mapping[str, Param] = field(default_factory=dict)
    horizon: int = 365
    komt_voor: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    facultatief: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    oorzaken: Mapping[int, str] = field(default_factory=dict)
    thema: str = "Overige indicatoren"
    kern: bool = False
    naast_elkaar: str = ""
    stap: int = 1
    op_een_dag: bool = False

    @property
    def leest(self) -> dict[str, tuple[str, ...]]:
        """Every table that the indicator may read with its columns, also those that may be lacking."""
        one, two = self.tabellen, self.facultatief
        return {t: tuple(dict.fromkeys((*one.get(t, ()), *two.get(t, ())))) for t in {**one, **two}}

    def maten_bij(self, params: Mapping[str, Any]) -> dict[str, Maat]:
        """Return the estimands that these parameter values publish."""
        return {
            naam: maat
            for naam, maat in self.maten.items()
            if all(params.get(p) in waarden for p, waarden in maat.bij.items())
        }


@dataclass(frozen=True)
class Vraag:
    """What is asked of an indicator: a window, the peildatum of the data and parameter values.

    `vensters` has the days of each household, where these are not those of `venster` for all of them: the
    columns `huishouden_id, venster_begin, venster_eind`; see `data.spells.with_window`.
    """

    venster: Venster
    peildatum: date
    params: Mapping[str, Any] = field(default_factory=dict)
    vensters: ir.Table | None = None

    @property
    def grens(self) -> date:
        """Day at which observation stops: the end of the window, never after the peildatum."""
        return min(self.venster.eind, self.peildatum)


@dataclass(frozen=True)
class Voorbeeld:
    """A worked example: text tables in, the expected unit rows out; documentation and test at once.

    `tabellen` maps a table to text with a header line and columns separated by `|`; columns that
    are left out are null. `verwacht` has the same form and names the columns that are compared.
    """

    naam: str
    tabellen: Mapping[str, str]
    vraag: Vraag
    verwacht: str


# How a public number is shown: as it is (also every exact number), as "minder dan 10 van n", as "0 of
# enkele", the same of who does not have it, or not at all, with the reason in `methode`.
TOON, WEINIG, NUL, BIJNA, ALLE, NIET = "", "weinig", "nul", "bijna", "alle", "niet"
# The breakdowns that the whole house is built on: the site, and which kind of site it is.
SITE, SITE_KIND = "proeftuin", "proeftuin_soort"


@dataclass(frozen=True)
class Summary:
    """Sufficient statistics of one kind, small whatever the number of households.

    `gegevens` has the columns `groep`, `periode` and those of the kind (see `summaries.kinds`);
    `groepen` has one row per group: `groep`, `periode`, `huishoudens` (distinct households) and, as the
    engine makes it, `kap`: the days of the window. `cellen` holds the same as counts of households with the
    sum of their record keys: `groep`, `periode`, `naam`, `x`, `k`, `n`, `sleutel` (uint64, modulo 2^64);
    None when no keys were asked for, or the kind has none. `effecten` holds the design effect of a duration
    by group and period; empty when the household's own team is not known.
    """

    kind: Kind
    gegevens: pd.DataFrame
    groepen: pd.DataFrame
    cellen: pd.DataFrame | None = None
    effecten: Mapping[tuple[str, str], float] = field(default_factory=dict)


@dataclass(frozen=True)
class Estimates:
    """What an estimator returns for one group: rows of `SCHATTING` and `REEKS` without the group columns."""

    schattingen: tuple[Mapping[str, Any], ...]
    reeksen: tuple[Mapping[str, Any], ...] = ()


def _no_panel() -> pd.DataFrame:
    """Return the panel of a result that is none."""
    import pandas as pd

    return pd.DataFrame(columns=list(PANEL))


def _no_tests() -> pd.DataFrame:
    # Loaded here: this module is on the way of `tks --help`.
    import pandas as pd

    return pd.DataFrame(columns=list(TOETS))


@dataclass(frozen=True)
class Result:
    """The result of one indicator: public, computed from protected summaries, or exact and kept inside.

    Attributes
    ----------
    schattingen, reeksen, uitsluitingen : DataFrame
        Columns `SCHATTING`, `REEKS` and `UITSLUITING`. The whole stands in rows with an empty
        `uitsplitsing` and groep `totaal`.
    toetsen : DataFrame
        Columns `TOETS`; empty unless groups were compared.
    vergelijking : Comparison or None
        How groups were compared in public; None when they were not.
    reden_nvt : str
        Filled when the indicator does not apply to this package; the frames are then empty.
    variant : Variant
        Tells results of one indicator apart: the split by period, or a window of the user's own.
    labels : Labels
        The words for the codes in its tables, for who makes text of them.
    publiek : mapping
        The protected summary behind it by breakdown (empty text: the whole; `buiten`: what was left out);
        empty when it is exact.
    intern : bool
        Whether its numbers are exact, and stay inside.
    regios : mapping
        How many regions of each kind are in its population, by the table of regions; empty where that is
        not known.
    starts : mapping
        Of a panel the day on which the pilot of each region started (ISO text), empty for a comparison
        region; a pilot without a known start is not in it.
    paneel : DataFrame
        Of a panel the first estimand of each region and period, `PANEL`: what is made of many cells reads
        those that are too few to be shown alone.
    """

    indicator: str
    card: Card
    params: Mapping[str, Any]
    venster: Venster
    schattingen: pd.DataFrame
    reeksen: pd.DataFrame
    uitsluitingen: pd.DataFrame
    reden_nvt: str = ""
    variant: Variant = field(default_factory=Variant)
    labels: Labels = field(default_factory=Labels, repr=False)
    toetsen: pd.DataFrame = field(default_factory=_no_tests)
    vergelijking: Comparison | None = None
    publiek: Mapping[str, Any] = field(default_factory=dict, repr=False)
    intern: bool = False
    regios: Mapping[str, int] = field(default_factory=dict)
    starts: Mapping[str, str] = field(default_factory=dict)
    paneel: pd.DataFrame = field(default_factory=_no_panel, repr=False)

    @property
    def sleutel(self) -> str:
        """Name of the result: the indicator and whatever differs from the default."""
        otherwise = [f"{k}={v}" for k, v in sorted(self.params.items()) if v != self.card.params[k].standaard]
        if self.variant:
            otherwise.append(str(self.variant))
        return f"{self.indicator}[{','.join(otherwise)}]" if otherwise else self.indicator

    def __repr__(self) -> str:
        state = "intern" if self.intern else "openbaar"
        state = f"niet van toepassing: {self.reden_nvt}" if self.reden_nvt else state
        return f"<Resultaat {self.indicator} ({state})>"


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
        return self.status is Status.FOUT or (self.status is Status.GEFAALD and self.ernst is Ernst.FOUT)
