"""The certificate: how far the published headline figures are from a second computation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.document.document import Alinea, Block, Cel, Kader, Tabel, Tekst
from toekomstscenario_eval.results import Release

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Line:
    """One headline figure: the relative difference, never the second figure itself.

    `verschil` is None where nothing was compared; `klopt` is then None too, with the reason.
    """

    indicator: str
    label: str
    getal_id: str
    verschil: float | None
    klopt: bool | None
    reden: str = ""

    @property
    def oordeel(self) -> str:
        """The verdict in words."""
        if self.klopt is None:
            return f"niet vergeleken: {self.reden}"
        return "komt uit" if self.klopt else "WIJKT AF"


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
    again: Mapping[tuple[str, str], float | str],
    *,
    intern: bool,
    report: Release | None = None,
) -> Certificate:
    """Compare exact figures with those of the second computation.

    A figure that the report does not show says so beside its name.

    Unless it stays inside, only whether they agree is told: the size of a difference is a number too, and
    so is that there is no figure.
    """
    keys = with_numbers(exact)
    lines = ((naam, _line(exact, *naam, w), w) for naam, w in again.items() if naam[0] in keys)
    told = ((_named(line, naam, report), w) for naam, line, w in lines)
    return Certificate(tuple(line if intern else _outcome(line, w) for line, w in told))


def _named(line: Line, naam: tuple[str, str], report: Release | None) -> Line:
    if report is None:
        return line
    indicator, maat = naam
    row = access.rows(access.released(report, indicator), uitsplitsing="", maat=maat)
    hidden = bool(row["onderdrukt"].all())
    return replace(line, label=f"{line.label} (niet getoond in dit verslag)") if hidden else line


def _outcome(line: Line, again: float | str) -> Line:
    """Return whether both routes agree and no more; they do too where neither comes to a figure."""
    if isinstance(again, str):
        # What went wrong may hang on the data.
        return replace(line, reden="niet na te rekenen")
    agree = math.isnan(again) if line.klopt is None else line.klopt
    return replace(line, verschil=None, klopt=agree, reden="")


def with_numbers(vrijgave: Release) -> frozenset[str]:
    """Return the results that hold numbers, which can be computed again."""
    return frozenset(r.sleutel for r in vrijgave.resultaten if not r.schattingen.empty)


def _line(vrijgave: Release, indicator: str, maat: str, again: float | str) -> Line:
    r = access.released(vrijgave, indicator)
    row = access.rows(r, uitsplitsing="", maat=maat).iloc[0]
    vast = (indicator, r.card.maten[maat].label, str(row["getal_id"]))
    if isinstance(again, str):
        return Line(*vast, None, None, again)
    waarde = float(row["schatting"])
    if math.isnan(waarde):
        return Line(*vast, None, None, "het getal is niet te bepalen")
    if math.isnan(again):
        return Line(*vast, None, False, "")
    difference = abs(waarde - again) / max(abs(waarde), 1e-300)
    # The order of size is enough, and tells no more than that.
    return Line(*vast, float(f"{difference:.1e}"), difference <= TOLERANCE)


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
        "de geleverde bestanden, die geen regel deelt met de indicatoren en schatters van dit verslag. "
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
