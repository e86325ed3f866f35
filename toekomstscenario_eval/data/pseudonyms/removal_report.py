"""What was removed and replaced, and the risk that remains: for the supplier, and for who receives the file.

It holds counts, names of columns and a fingerprint: no value of the source, and nothing of the key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from toekomstscenario_eval.data.pseudonyms.column_rules import ACTIONS, UNTOUCHED
from toekomstscenario_eval.data.pseudonyms.pseudonym import KINDS
from toekomstscenario_eval.data.pseudonyms.remaining_risk import Risk
from toekomstscenario_eval.data.pseudonyms.suspicion import FREE_TEXT
from toekomstscenario_eval.version import __version__

# From this part of the rows on, one pseudonym is more likely a filler than somebody.
_MANY, _PART = 20, 0.05


@dataclass(frozen=True)
class ColumnOutcome:
    """What became of one column.

    Attributes
    ----------
    naam, wat : str
        The column, and one of `ACTIONS`; empty when it stayed because nothing was said of it.
    leeg : mapping of str to int
        Rows that became empty (or a code of their own), per reason.
    verschillend : int
        Different values that it leaves with; 0 for a column that stayed or went.
    most_often : int
        Rows of the most frequent pseudonym; 0 for other columns.
    lijkt : tuple of str
        What a column that stayed seems to hold.
    """

    naam: str
    wat: str
    leeg: Mapping[str, int] = field(default_factory=dict)
    verschillend: int = 0
    most_often: int = 0
    lijkt: tuple[str, ...] = ()

    @property
    def woorden(self) -> str:
        """What happened, in words."""
        return ACTIONS.get(self.wat, UNTOUCHED)


@dataclass(frozen=True)
class RemovalReport:
    """A delivery as it leaves.

    Attributes
    ----------
    bron, uit : str
        Names of the files.
    rijen, onleesbaar : int
        Rows that leave, and rows of the source that could not be read and do not.
    vingerafdruk : str
        Of the key of the pseudonyms.
    sha256 : str
        Of the file that leaves.
    kolommen : tuple of ColumnOutcome
        Every column of the source.
    risico : Risk
        Who stands alone.
    gezien : tuple of str
        What the reader of the source detected and left out.
    let_op : tuple of str
        What the supplier should look at before sending.
    """

    bron: str
    uit: str
    rijen: int
    onleesbaar: int
    vingerafdruk: str
    sha256: str
    kolommen: tuple[ColumnOutcome, ...]
    risico: Risk
    gezien: tuple[str, ...] = ()
    let_op: tuple[str, ...] = ()

    def json(self) -> str:
        """Return all of it as JSON."""
        content = {"programma": f"toekomstscenario-eval {__version__}", **asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def text(self) -> str:
        """Return all of it in words."""
        lines = [f"Pseudonimisering van {self.bron}", f"Geschreven: {self.uit} ({self.rijen} rijen)"]
        if self.onleesbaar:
            lines.append(f"Niet te lezen en niet meegegaan: {self.onleesbaar} rijen")
        lines += [f"Sleutel voor pseudoniemen, vingerafdruk: {self.vingerafdruk}", f"SHA-256: {self.sha256}"]
        lines += [f"Gezien: {seen}" for seen in self.gezien]
        lines += ["", "Wat er met elke kolom gebeurde"]
        for column in self.kolommen:
            lines.append(f"  {column.naam}: {column.woorden}")
            lines += [f"    {count} rijen leeg of los: {reason}" for reason, count in column.leeg.items()]
            if FREE_TEXT in column.lijkt:
                lines.append(
                    "    vrije tekst: hierin kan alles staan, ook namen; het programma leest haar niet"
                )
        lines += ["", *self._risk()]
        if self.let_op:
            lines += ["", "Kijk hiernaar voordat u verstuurt", *(f"  - {notice}" for notice in self.let_op)]
        return "\n".join(lines) + "\n"

    def _risk(self) -> list[str]:
        risk = self.risico
        if not risk.kolommen:
            return [
                "Het risico dat overblijft: niet geteld, want geen kolom is als bekend bij anderen aangewezen"
            ]
        words = {KINDS[0]: "personen", KINDS[1]: "huishoudens"}.get(risk.eenheid, "rijen")
        lines = [
            "Het risico dat overblijft",
            f"  Als anderen dit van iemand weten: {', '.join(risk.kolommen)}",
            f"  dan staan {risk.alone} van de {risk.aantal} {words} alleen in dit bestand",
        ]
        lines += [f"    in een groep van {size}: {count} {words}" for size, count in risk.klassen.items()]
        lines += [f"    alleen zonder de kolom {naam}: {count}" for naam, count in risk.without.items()]
        return lines


def notices(
    columns: tuple[ColumnOutcome, ...], rows: int, risk: Risk, *, beside_key: bool
) -> tuple[str, ...]:
    """Return what the supplier should look at before sending."""
    out = []
    for column in columns:
        if column.most_often > max(_MANY, _PART * rows):
            out.append(
                f"in kolom {column.naam} heeft één pseudoniem {column.most_often} van de {rows} "
                "rijen; is dat een "
                "vulwaarde voor onbekend, noem die dan met --onbekend"
            )
        if FREE_TEXT in column.lijkt:
            out.append(
                f"kolom {column.naam} bevat vrije tekst; laat haar weg als de ontvanger haar niet nodig heeft"
            )
    stays = [c.naam for c in columns if not c.wat]
    if stays:
        out.append("ongewijzigd gebleven, omdat er niets over is gezegd: " + ", ".join(stays))
    if risk.alone:
        out.append("wie alleen staat, is te herkennen: maak kolommen grover, of leg vast waarom dit nodig is")
    if beside_key:
        out.append("de sleutel staat in dezelfde map als dit bestand: stuur hem niet mee")
    return tuple(out)
