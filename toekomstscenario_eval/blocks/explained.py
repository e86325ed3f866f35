"""What a reader stumbles over in a table, explained below it: only where it happens."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.views import VIEWS
from toekomstscenario_eval.document.format import FORMS, number
from toekomstscenario_eval.types import Maat, Result, Vorm

_OWN_NOISE = (
    "ligt het geheel niet tussen zijn delen. Elke telling heeft haar eigen ruis, ook die van het geheel; bij "
    "kleine verschillen kan dat"
)


def shown(row: access.Row) -> bool:
    """Whether an estimate stands there as a number."""
    return not (row["onderdrukt"] or row.get("leest") or math.isnan(row["schatting"]))


def outside(r: Result, whole: access.Row, parts: Sequence[access.Row]) -> bool:
    """Whether the whole lies outside all its parts as they read, which noise alone can do.

    Not told of exact numbers, nor of parts that are not all shown.
    """
    if r.intern or not VIEWS[r.card.kind].mixed or len(parts) < 2:
        return False
    if whole.get("leest") and not whole["onderdrukt"]:
        # Too few in the whole for a number, and enough in a part of it.
        return any(map(shown, parts))
    if not all(map(shown, (whole, *parts))):
        return False
    vorm = r.card.maten[whole["maat"]].vorm
    read = [number(row["schatting"], vorm) for row in parts]
    values = [row["schatting"] for row in parts]
    beyond = not min(values) <= whole["schatting"] <= max(values)
    return beyond and number(whole["schatting"], vorm) not in read


def outside_note(names: Iterable[str]) -> tuple[str, ...]:
    """Return why the whole lies outside its parts, with what it happens to; nothing when it does not."""
    told = list(dict.fromkeys(names))
    return (f"Bij {'; '.join(told)} {_OWN_NOISE}.",) if told else ()


def long_notes(pairs: Iterable[tuple[Result, access.Row]]) -> tuple[str, ...]:
    """Return why days can be more than the window has, and why an interval can have no end."""
    beyond: dict[int, None] = {}
    open_end = False
    for r, row in pairs:
        if not shown(row) or not _in_days(r.card.maten[row["maat"]]):
            continue
        open_end |= not math.isnan(row["ondergrens"]) and math.isnan(row["bovengrens"])
        if row["schatting"] > r.venster.dagen:
            beyond[r.venster.dagen] = None
    notes = [
        f"Een duur kan langer zijn dan het venster van {number(days, Vorm.TELLING)} dagen: wat al eerder "
        "begon, telt vanaf zijn eigen begin."
        for days in beyond
    ]
    if open_end:
        notes.append(
            "'En langer': een bovengrens is niet te bepalen, want zo lang zijn er te weinig perioden gevolgd."
        )
    return tuple(notes)


def _in_days(maat: Maat) -> bool:
    return FORMS[maat.vorm].dagen
