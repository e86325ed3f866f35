"""Read the plan in a file: the same block in `onderzoek.yaml` and where it was locked."""

from __future__ import annotations

from datetime import date

from toekomstscenario_eval.data.yaml_node import Node
from toekomstscenario_eval.report.locked_plan import PARTS, POPULATIONS, Planned
from toekomstscenario_eval.types import Venster

_ENDS = ("begin", "eind")


def read_planned(node: Node) -> Planned:
    """Return the plan; whether what its lists name exists is not asked here.

    Raises
    ------
    InvoerFout
        On a part that does not exist or has another form, with its line.
    """
    parts = {naam: part for naam, part in node.block(PARTS).items() if not _empty(part)}
    lines = {naam: part.line() for naam, part in parts.items()}

    def text(naam: str) -> str:
        return " ".join(parts[naam].text().split()) if naam in parts else ""

    def listing(naam: str) -> tuple[str, ...]:
        namen = _names(parts[naam]) if naam in parts else ()
        lines.update({f"{naam}.{i}": parts[naam].line(i) for i in range(1, len(namen) + 1)})
        return namen

    return Planned(
        vraag=text("vraag"),
        indicatoren=listing("indicatoren"),
        ontwerpen=listing("ontwerpen"),
        venster=_window(parts["venster"]) if "venster" in parts else None,
        populatie=parts["populatie"].choice(POPULATIONS) if "populatie" in parts else "",
        subgroepen=listing("subgroepen"),
        beslisregel=text("beslisregel"),
        regels=lines,
    )


def read_date(node: Node) -> date:
    """Return the day that is written; InvoerFout when it is none."""
    text = node.filled()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise node.refuse("dit is geen bestaande datum", remedy="schrijf JJJJ-MM-DD") from None


def _empty(node: Node) -> bool:
    return node.scalar and not node.text().strip()


def _names(node: Node) -> tuple[str, ...]:
    namen = node.items()
    for naam in namen:
        if namen.count(naam) > 1:
            raise node.refuse(f"'{naam}' staat hier twee keer", remedy="houd één van beide over")
    return namen


def _window(node: Node) -> Venster:
    ends = {naam: read_date(part) for naam, part in node.block(_ENDS, needed=_ENDS).items()}
    begin, end = (ends[naam] for naam in _ENDS)
    if end <= begin:
        raise node.refuse("het venster is leeg of loopt terug", remedy="'eind' komt na 'begin'")
    return Venster(begin, end)
