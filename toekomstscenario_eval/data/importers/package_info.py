"""What a mapping says of the package: its name, days, sources and owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toekomstscenario_eval.data.yaml_node import Node
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.types import Levering, Venster

LAST_EVENT = "laatste_gebeurtenis"
WHOLE_SOURCE = "hele_bron"


@dataclass(frozen=True)
class PackageInfo:
    """What the description of the package will say; None where the source decides."""

    naam: str
    titel: str
    peildatum: date | None
    venster: Venster | None
    bronnen: tuple[str, ...]
    contact: str
    levering: Levering | None


def _day(node: Node) -> date:
    try:
        return date.fromisoformat(node.filled())
    except ValueError:
        raise node.refuse("hier hoort een bestaande datum te staan", expected="JJJJ-MM-DD") from None


def package_info(node: Node) -> PackageInfo:
    """Read what the description of the package will say."""
    needed = ("naam", "titel", "peildatum", "waarneemvenster", "bronnen", "contact")
    block = node.block((*needed, "levering"), needed=needed)
    levering = None
    if "levering" in block:
        line = block["levering"].block(("eigenaar", "naam"), needed=("eigenaar", "naam"))
        levering = Levering(line["eigenaar"].filled(), line["naam"].filled())
    peildatum, venster = None, None
    if block["peildatum"].filled() != LAST_EVENT:
        peildatum = _day(block["peildatum"])
    if not (block["waarneemvenster"].scalar and block["waarneemvenster"].filled() == WHOLE_SOURCE):
        dagen = block["waarneemvenster"].block(("begin", "eind"), needed=("begin", "eind"))
        try:
            venster = Venster(_day(dagen["begin"]), _day(dagen["eind"]))
        except GebruikFout as fout:
            raise block["waarneemvenster"].refuse(fout.wat, expected=fout.verwacht) from None
    return PackageInfo(
        naam=block["naam"].filled(),
        titel=block["titel"].filled(),
        peildatum=peildatum,
        venster=venster,
        bronnen=block["bronnen"].items(),
        contact=block["contact"].filled(),
        levering=levering,
    )
