"""Refuse what was typed and could point to a family: every place at once, and nothing of what was found."""

from __future__ import annotations

from collections.abc import Sequence

from toekomstscenario_eval.document.prose import Objection, Passage, objections
from toekomstscenario_eval.errors import OnthullingsFout


def refuse_traces(
    where: str, prose: Sequence[Passage], allowed: Sequence[str], *, what: str = "het onderzoeksbestand"
) -> None:
    """Refuse all that could point to a family, each with its line in `where`.

    Raises
    ------
    OnthullingsFout
        When there is any.
    """
    found: list[tuple[Passage, Objection]] = [
        (passage, objection) for passage in prose for objection in objections(passage.tekst, allowed=allowed)
    ]
    if not found:
        return
    spots = [
        f"{where}, regel {p.regel + b.regel} (veld '{p.veld}'): {b.soort}"
        for p, b in sorted(found, key=lambda pair: pair[0].regel + pair[1].regel)
    ]
    raise OnthullingsFout(
        f"{what} bevat iets dat naar een gezin kan wijzen",
        waar="\n        ".join(dict.fromkeys(spots)),
        herstel="\n           ".join(dict.fromkeys(b.herstel for _, b in found)),
    )
