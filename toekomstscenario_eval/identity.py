"""What tells groups and results apart: codes and structured variants; words are made of them at the edge.

Everywhere a group, a node or an end of a tie is its code (of a proeftuin its name, one for each key; see
`summaries.site_names`). The labels travel along as data and are applied where text is made: changing one in a
code list changes words, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

TOTAAL = "totaal"
# The group of those whose value is missing: no code, and after all codes in order.
UNKNOWN = "~"
DEFAULT = "standaard"
_VAST = {TOTAAL: TOTAAL, UNKNOWN: "onbekend"}
# What holds exact numbers: with this the id of its release begins, and the name of its file; its folder too.
INSIDE = "intern"
INSIDE_PREFIX = f"{INSIDE}-"
BADGE = "INTERN"
INSIDE_MARK = "INTERN: exacte cijfers, niet om te publiceren of te delen."
OPEN_FOLDER = "openbaar"
# The populations by the clock of the pilot, and their words.
BEFORE, FROM = "voor", "vanaf"
# The kinds of site.
PILOT, COMPARISON = "proeftuin", "vergelijking"
# Choices of a definition that are about whom it is: the clock of the pilot, and the regions.
PHASE, POPULATION = "fase", "populatie"
OTHERS, EVERYBODY = "vergelijkingsregio's", "alle regio's samen"
PHASES = {BEFORE: "voor de start van de eigen proeftuin", FROM: "vanaf de start van de eigen proeftuin"}


def plain_name(naam: str) -> str:
    """Return a name as it is compared: capitals and spaces do not make it another one."""
    return " ".join(naam.split()).lower()


def is_inside(release: str) -> bool:
    """Whether a release of this id holds exact numbers, that stay inside."""
    return release.startswith(INSIDE)


def inside_name(naam: str) -> str:
    """Return the name of a file with exact numbers: one that can not be taken for a public file."""
    return naam if naam.startswith(INSIDE_PREFIX) else INSIDE_PREFIX + naam


@dataclass(frozen=True)
class Labels:
    """For each field (a breakdown, or a level of networks) the label of each code."""

    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, fields: Mapping[str, Mapping[str, str]]) -> Labels:
        """Return these labels, with the code behind those that more codes of a field share."""
        out = {}
        for entry, labels in fields.items():
            often = Counter(labels.values())
            out[entry] = {c: label if often[label] == 1 else f"{label} ({c})" for c, label in labels.items()}
        return cls(out)

    def text(self, entry: str, code: str) -> str:
        """Return the label of a code; of a field without labels the value itself."""
        return _VAST.get(code) or self.fields.get(entry, {}).get(code, code)

    def texts(self, entry: str, codes: Iterable[str]) -> list[str]:
        """Return the label of each code."""
        return [self.text(entry, str(code)) for code in codes]

    def code(self, entry: str, naam: str) -> str:
        """Return the code that a user means, who may name it by its code or by its label."""
        known = self.fields.get(entry, {})
        if naam in known:
            return naam
        of_label = {label: code for code, label in (*known.items(), (UNKNOWN, _VAST[UNKNOWN]))}
        return of_label.get(naam, naam)


@dataclass(frozen=True)
class Variant:
    """What tells results of one indicator apart, besides its parameters.

    Attributes
    ----------
    periode : split by this period (`jaar`, `halfjaar`, `kwartaal`)
    venster : first day, and day after the last, of a window of the user's own
    interval : another interval than usual
    definitie : of a definition in the multiverse, each choice other than by default with its value
    fase : population by the clock of the pilot (`PHASES`); empty: all days, of all sites
    instroom : the calendar period by which households that entered stand, and how many days of each are
        seen from its entry on; see `summaries.cohorts`
    """

    periode: str = ""
    venster: tuple[date, date] | None = None
    interval: str = ""
    definitie: tuple[tuple[str, str], ...] | None = None
    fase: str = ""
    instroom: tuple[str, int] | None = None

    def __bool__(self) -> bool:
        return self != Variant()

    @property
    def keuzes(self) -> str:
        """The choices of a definition in words."""
        return ", ".join(f"{choice} = {waarde}" for choice, waarde in self.definitie or ()) or DEFAULT

    @property
    def onderwerp(self) -> tuple[str, ...]:
        """What the result is about, whatever the window."""
        periode = f"per {self.periode}" if self.periode else ""
        definition = "" if self.definitie is None else f"definitie: {self.keuzes}"
        phase = f"fase: {self.fase}" if self.fase else ""
        entered = "instroom per {}: eerste {} dagen".format(*self.instroom) if self.instroom else ""
        return tuple(filter(None, (periode, self.interval, definition, phase, entered)))

    def __str__(self) -> str:
        parts = list(self.onderwerp)
        if self.venster:
            parts.insert(1 if self.periode else 0, "/".join(map(str, self.venster)))
        return ",".join(parts)


# Estimands of a score that compare it with the value before.
PAIRED = frozenset({"gemiddelde_voor", "verschil", "effectgrootte"})
