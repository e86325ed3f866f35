"""The certificate: how far the published headline figures are from a second computation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.access import Row
from toekomstscenario_eval.blocks.leading import leading
from toekomstscenario_eval.document.document import Alinea, Block, Cel, Kader, Tabel, Tekst
from toekomstscenario_eval.identity import Variant
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE_KIND, Result

TOLERANCE = 1e-9
# Indicator, estimand, phase, breakdown and group.
Spot = tuple[str, str, str, str, str]
# Of a figure what was computed again, by its column; a figure alone, or in words why there is none.
Again = Mapping[str, Any] | float | str
_COLUMNS = ("schatting", "n", "teller", "noemer")
_BOUNDS = ("ondergrens", "bovengrens")
# Other intervals that are as good: of a duration, at each design effect that there may be.
WIDER = "ruimer"


@dataclass(frozen=True)
class Line:
    """One headline figure: the relative difference, never the second figure itself.

    It is compared in the whole, in every group and in every population, with its interval; `verschil` is
    the largest. That is None where nothing was compared; `klopt` is then None too, with the reason. `waar`
    tells, inside, where it does not agree.
    """

    indicator: str
    label: str
    getal_id: str
    verschil: float | None
    klopt: bool | None
    reden: str = ""
    waar: str = ""

    @property
    def oordeel(self) -> str:
        """The verdict in words."""
        if self.klopt is None:
            return f"niet vergeleken: {self.reden}"
        return "komt uit" if self.klopt else "WIJKT AF" + (f" ({self.waar})" if self.waar else "")


@dataclass(frozen=True)
class Certificate:
    """All headline figures that were computed a second time."""

    regels: tuple[Line, ...] = ()

    @property
    def largest(self) -> float | None:
        """The largest relative difference; None when none is told."""
        return max((r.verschil for r in self.regels if r.verschil is not None), default=None)

    @property
    def klopt(self) -> bool:
        """Whether no figure differs more than the tolerance."""
        return not any(r.klopt is False for r in self.regels)

    def to_json(self) -> dict[str, Any]:
        """Return the certificate for the manifest."""
        return {
            "tolerantie": TOLERANCE,
            "grootste_verschil": self.largest,
            "klopt": self.klopt,
            "regels": [asdict(r) | {"oordeel": r.oordeel} for r in self.regels],
        }


def certify(
    exact: Release,
    again: Mapping[Spot, Again],
    *,
    intern: bool,
    report: Release | None = None,
) -> Certificate:
    """Compare exact figures with those of the second computation.

    What only one of the two has does not agree either. A figure that the report does not show says so
    beside its name.

    Unless it stays inside, only whether they agree is told: the size of a difference is a number too, and
    so is that there is no figure, or in which group.
    """
    known = {r.sleutel: r for r in exact.resultaten if not r.schattingen.empty}
    lines = []
    for indicator, maat in dict.fromkeys(spot[:2] for spot in again):
        own = [r for r in known.values() if r.indicator == indicator]
        if indicator not in known:
            continue
        part = {spot: a for spot, a in again.items() if spot[:2] == (indicator, maat)}
        line = _named(_line(known[indicator], maat, _figures(own, maat, part), part), maat, report)
        lines.append(line if intern else _outcome(line, part))
    return Certificate(tuple(lines))


def _figures(results: Sequence[Result], maat: str, again: Mapping[Spot, Again]) -> dict[Spot, Row]:
    """Return the exact figures of an estimand in the phases and breakdowns that were computed again."""
    asked = {(phase, per) for _, _, phase, per, _ in again}
    rows: dict[Spot, Row] = {}
    for r in results:
        if r.variant != Variant(fase=r.variant.fase):
            continue
        for row in access.records(r.schattingen[r.schattingen["maat"].eq(maat)]):
            phase, per = r.variant.fase, str(row["uitsplitsing"])
            if (phase, per) in asked:
                rows[r.indicator, maat, phase, per, str(row["groep"])] = row
    return rows


def _named(line: Line, maat: str, report: Release | None) -> Line:
    if report is None:
        return line
    s = leading(report, line.indicator).schattingen
    rows = s[s["uitsplitsing"].isin(("", SITE_KIND)) & s["maat"].eq(maat)]
    hidden = bool(rows["onderdrukt"].all())
    return replace(line, label=f"{line.label} (niet getoond in dit verslag)") if hidden else line


def _outcome(line: Line, again: Mapping[Spot, Again]) -> Line:
    """Return whether both routes agree and no more; they do too where neither comes to a figure."""
    if any(isinstance(a, str) for a in again.values()):
        # What went wrong may hang on the data.
        return replace(line, verschil=None, klopt=None, reden="niet na te rekenen", waar="")
    return replace(line, verschil=None, klopt=line.klopt is not False, reden="", waar="")


def _line(r: Result, maat: str, exact: Mapping[Spot, Row], again: Mapping[Spot, Again]) -> Line:
    whole = access.rows(r, uitsplitsing="", maat=maat).iloc[0]
    vast = (r.indicator, r.card.maten[maat].label, str(whole["getal_id"]))
    if failed := next((a for a in again.values() if isinstance(a, str)), ""):
        return Line(*vast, None, None, failed)
    differences = {
        spot: _difference(exact.get(spot), again.get(spot)) for spot in dict.fromkeys((*exact, *again))
    }
    wrong = [spot for spot, d in differences.items() if d > TOLERANCE]
    if wrong:
        largest = max(differences.values())
        # The order of size is enough, and tells no more than that.
        return Line(*vast, _rounded(largest), False, "", _place(wrong[0]))
    if math.isnan(float(whole["schatting"])):
        return Line(*vast, None, None, "het getal is niet te bepalen")
    return Line(*vast, _rounded(max(differences.values())), True)


def _rounded(difference: float) -> float | None:
    return None if math.isinf(difference) else float(f"{difference:.1e}")


def _place(spot: Spot) -> str:
    _, _, phase, per, groep = spot
    return ", ".join(filter(None, (phase, per, groep if per else "")))


def _difference(exact: Row | None, again: Again | None) -> float:
    """Return the largest relative difference between two figures in any part; infinite when one lacks it."""
    if exact is None or again is None or isinstance(again, str):
        return math.inf
    other: Mapping[str, Any] = again if isinstance(again, Mapping) else {"schatting": again}
    middle = abs(float(exact["schatting"]))
    parts = [_apart(float(exact[k]), float(other[k]), middle) for k in _COLUMNS if k in other]
    if {*_BOUNDS} <= {*other}:
        own = tuple(float(exact[k]) for k in _BOUNDS)
        intervals = (tuple(other[k] for k in _BOUNDS), *other.get(WIDER, ()))
        apart = (max(_apart(a, b, middle) for a, b in zip(own, one, strict=True)) for one in intervals)
        parts.append(min(apart))
    return max(parts)


def _apart(a: float, b: float, middle: float) -> float:
    if math.isnan(a) or math.isnan(b):
        return 0.0 if math.isnan(a) and math.isnan(b) else math.inf
    # A bound near zero is as exact as the figure that it belongs to.
    return abs(a - b) / max(abs(a), 0.0 if math.isnan(middle) else middle, 1e-300)


def _size(difference: float | None) -> str:
    if difference is None:
        return "geen"
    return "0" if difference == 0 else f"{difference:.1e}".replace(".", ",")


def alarm(certificate: Certificate) -> tuple[Block, ...]:
    """Return a warning when a figure differs; nothing when all agree."""
    if certificate.klopt:
        return ()
    fout = ", ".join(r.label for r in certificate.regels if r.klopt is False)
    text = (
        f"Een tweede, aparte berekening geeft een ander getal voor: {fout}. Gebruik dit verslag niet "
        "voordat is uitgezocht welke van de twee goed is."
    )
    return (Kader("waarschuwing", "de narekening komt niet uit", (Alinea((Tekst(text),)),)),)


def certificate_blocks(certificate: Certificate) -> tuple[Block, ...]:
    """Return the verdict, the largest difference, and a row per figure."""
    explanation = (
        "De kerncijfers zijn een tweede keer berekend, langs een aparte weg: een eigen, korte berekening op "
        "de geleverde bestanden, die geen regel deelt met de indicatoren en schatters van dit verslag. Elk "
        "kerncijfer is vergeleken in het geheel, per soort gebied en per gebied, over alle dagen en vanaf de "
        "start van de eigen proeftuin, met zijn interval; en op verzonnen randgevallen: een dag, een "
        "overdracht of een verjaardag eerder of later. "
    )
    largest, compared = certificate.largest, any(r.klopt is not None for r in certificate.regels)
    if not compared:
        closing = "Geen enkel kerncijfer kon worden vergeleken."
    elif largest is None:
        closing = "De twee wegen zijn binnen vergeleken, op de exacte cijfers; hier staat alleen de uitslag."
    else:
        closing = f"Het grootste verschil, als deel van het getal, is {_size(largest)}."
    sizes = [
        (Cel(_size(r.verschil), rechts=True),) if largest is not None else () for r in certificate.regels
    ]
    rows = tuple(
        (Cel(r.label), *size, Cel(r.oordeel)) for r, size in zip(certificate.regels, sizes, strict=True)
    )
    heading = ("Kerncijfer", *(("Verschil",) if largest is not None else ()), "Oordeel")
    table = Tabel("Kerncijfers twee keer berekend", heading, rows)
    return (*alarm(certificate), Alinea((Tekst(explanation + closing),)), *((table,) if rows else ()))
